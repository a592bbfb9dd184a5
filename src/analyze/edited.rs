//! The files of a model with places in them replaced, to be read anew.

use crate::model::Model;
use crate::source::{Memory, Span};

/// What stands at a place instead.
pub(super) type Edit = (Span, String);

/// All files of a model with these places replaced; `None` if two of them overlap. O(length of all files).
pub(super) fn edited(model: &Model, edits: &[Edit]) -> Option<Memory> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|(span, _)| *span);
    let overlap =
        |pair: &[&Edit]| pair[0].0.file == pair[1].0.file && pair[0].0.end > pair[1].0.start;
    if edits.windows(2).any(overlap) {
        return None;
    }
    let mut files = Memory::new();
    for (id, file) in model.sources.files().iter().enumerate() {
        let mut text = String::with_capacity(file.text().len());
        let mut at = 0;
        for (span, new) in edits.iter().filter(|(span, _)| span.file.0 as usize == id) {
            text.push_str(&file.text()[at..span.start as usize]);
            text.push_str(new);
            at = span.end as usize;
        }
        text.push_str(&file.text()[at..]);
        files = files.with(file.path(), text);
    }
    Some(files)
}

/// The path of the root file.
pub(super) fn root(model: &Model) -> &str {
    model.sources.files().first().map_or("", |file| file.path())
}

/// The policy without a statement, every line where it was; `None` if it is no policy any more.
pub(super) fn without(model: &Model, statement: u32) -> Option<Model> {
    let span = model.statements[statement as usize].span;
    let breaks = model.sources.slice(span).chars().filter(|c| *c == '\n').collect();
    let files = edited(model, &[(span, breaks)])?;
    Model::load(&files, root(model)).ok()
}
