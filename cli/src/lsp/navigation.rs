//! Where a name is declared and where it is used.

use super::documents::Places;
use lsp_types::Location;
use whyfor::symbols::{Index, Occurrence, SymbolId};

/// The places of a symbol that `wanted` picks.
pub(crate) fn places(
    index: &Index,
    symbol: SymbolId,
    places: &Places<'_>,
    wanted: impl Fn(&Occurrence) -> bool,
) -> Vec<Location> {
    let occurrences = index.occurrences_of(symbol).filter(wanted);
    occurrences.filter_map(|occurrence| places.location(occurrence.span)).collect()
}
