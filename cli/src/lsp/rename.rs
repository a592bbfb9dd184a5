//! Another name for a symbol, in every policy that has it.

use super::documents::{self, Encoding, Lines};
use super::server::Analysis;
use lsp_types::{TextEdit, Uri, WorkspaceEdit};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The edits that give the symbol at a place another name.
///
/// # Errors
/// Why it cannot have that name.
pub(crate) fn edits<'a>(
    analyses: impl Iterator<Item = &'a Analysis>,
    path: &Path,
    offset: usize,
    new: &str,
    encoding: Encoding,
) -> Result<WorkspaceEdit, String> {
    let mut by_file: BTreeMap<Uri, Vec<TextEdit>> = BTreeMap::new();
    let mut found = false;
    for analysis in analyses {
        let index = &analysis.index;
        let Some(at) = analysis.file(path).and_then(|file| index.at(file, offset)) else {
            continue;
        };
        found = true;
        if !index.can_be_renamed(at.symbol) {
            return Err("the name of a policy is no name in it".to_owned());
        }
        let (places, by) = index.rename(at.symbol, new).map_err(|error| error.to_string())?;
        for place in places {
            let source = index.sources().file(place.file);
            let Some(uri) = documents::uri(&analysis.folder().join(source.path())) else {
                continue;
            };
            let range = Lines::new(source.text(), encoding).range(place.range());
            let edit = TextEdit::new(range, by.clone());
            let edits = by_file.entry(uri).or_default();
            if !edits.contains(&edit) {
                edits.push(edit); // a file may be part of several policies
            }
        }
    }
    if !found {
        return Err("there is no name here that means something".to_owned());
    }
    let changes: HashMap<Uri, Vec<TextEdit>> = by_file.into_iter().collect();
    Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}
