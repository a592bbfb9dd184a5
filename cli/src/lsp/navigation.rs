//! Where a name is declared and where it is used.

use super::documents::{self, Encoding, Lines};
use lsp_types::Location;
use std::path::Path;
use whyfor::symbols::{Index, Occurrence, SymbolId};

/// The places of a symbol that `wanted` picks.
pub(crate) fn places(
    index: &Index,
    symbol: SymbolId,
    folder: &Path,
    encoding: Encoding,
    wanted: impl Fn(&Occurrence) -> bool,
) -> Vec<Location> {
    let mut result = Vec::new();
    let mut file = None;
    for occurrence in index.occurrences_of(symbol).filter(wanted) {
        let source = index.sources().file(occurrence.span.file);
        // They come by file: each is looked at once.
        let (_, lines) = match file.take() {
            Some((id, lines)) if id == occurrence.span.file => (id, lines),
            _ => (occurrence.span.file, Lines::new(source.text(), encoding)),
        };
        if let Some(uri) = documents::uri(&folder.join(source.path())) {
            result.push(Location::new(uri, lines.range(occurrence.span.range())));
        }
        file = Some((occurrence.span.file, lines));
    }
    result
}
