//! Another name for a symbol, in every policy that has it.

use super::documents::{self, Encoding, Places};
use super::server::Analysis;
use lsp_types::{TextEdit, WorkspaceEdit};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    let mut by_file: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
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
        let files = Places::new(index.sources(), &analysis.root, encoding);
        for place in places {
            let edit = TextEdit::new(files.range(place), by.clone());
            by_file.entry(files.path(place.file)).or_default().push(edit);
        }
    }
    if !found {
        return Err("there is no name here that means something".to_owned());
    }
    for edits in by_file.values_mut() {
        edits.sort_by_key(|edit| (edit.range.start.line, edit.range.start.character));
        edits.dedup(); // a file may be part of several policies
    }
    Ok(documents::edit(by_file))
}
