//! Renames a symbol in every policy that uses it.

use super::documents::{self, Encoding, Places};
use crate::readers::{Readers, real};
use lsp_types::{TextEdit, WorkspaceEdit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The edits that rename the symbol at a place. Other policies may read the changed files; the
/// symbol is renamed in them too.
///
/// # Errors
/// Why the name is invalid, or why the readers of a file are unknown.
pub(crate) fn edits(
    readers: &mut Readers<'_>,
    path: &Path,
    offset: usize,
    new: &str,
    encoding: Encoding,
) -> Result<WorkspaceEdit, String> {
    // A file may belong to several policies; the edits use one path for it.
    let mut by_file: BTreeMap<PathBuf, (PathBuf, Vec<TextEdit>)> = BTreeMap::new();
    let mut renamed = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut places = vec![(real(path), offset)];
    while let Some((file, offset)) = places.pop() {
        for number in readers.reading(&file)? {
            let policy = readers.policy(number);
            let index = &policy.index;
            let Some(at) = policy.file(&file).and_then(|file| index.at(file, offset)) else {
                continue;
            };
            if !renamed.insert((number, at.symbol)) {
                continue;
            }
            if !index.can_be_renamed(at.symbol) {
                return Err("the name of a policy cannot be renamed".to_owned());
            }
            let (spans, by) = index.rename(at.symbol, new).map_err(|error| error.to_string())?;
            let shown = Places::new(index.sources(), &policy.path, encoding);
            for span in spans {
                let file = policy.place(index.sources().file(span.file).path());
                let edit = TextEdit::new(shown.range(span), by.clone());
                let edits = by_file.entry(file.clone());
                edits.or_insert_with(|| (shown.path(span.file), Vec::new())).1.push(edit);
                if seen.insert((file.clone(), span.start)) {
                    places.push((file, span.start as usize));
                }
            }
        }
    }
    if renamed.is_empty() {
        return Err("there is no symbol here".to_owned());
    }
    for (_, edits) in by_file.values_mut() {
        edits.sort_by_key(|edit| (edit.range.start.line, edit.range.start.character));
        edits.dedup();
    }
    Ok(documents::edit(by_file.into_values().collect()))
}
