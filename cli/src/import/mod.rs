//! Drafts of policies from existing documents.
//!
//! A draft is a start to edit. It compiles, permits only what was read, and marks with comments what
//! was guessed and what was not understood.
//!
//! Each format has a reader, which gives records; one writer makes the policy of them:
//!
//! - `list`, `fields`, `pairs`: a published list, as `notice::read` parses it;
//! - `split`, `brackets`, `companies`, `doubts`, `periods`: what the text of a line says;
//! - `record`: the records;
//! - `write`, `categories`, `clauses`, `draft`, `names`: the policy;
//! - `suggest`: what a page has whose labels are not known.

mod brackets;
mod categories;
mod clauses;
mod companies;
mod doubts;
mod draft;
mod fields;
mod list;
mod names;
mod pairs;
mod periods;
mod record;
mod split;
pub(crate) mod suggest;
mod write;

use crate::notice::read::Page;
use crate::notice::words::Words;
use record::Document;

/// A drafted policy.
#[derive(Debug)]
pub(crate) struct Drafted {
    /// Its text, unformatted.
    pub(crate) text: String,
    /// Whether any data and any purpose was read.
    pub(crate) is_read: bool,
}

/// The draft of a page; `None` if no label of the page is known.
pub(crate) fn page(page: &Page, words: &Words, source: &str) -> Option<Drafted> {
    let mut blocks = page.sections.iter().flat_map(|section| &section.blocks);
    if blocks.all(|block| block.lines.is_empty()) {
        return None;
    }
    Some(drafted(&list::document(page, words, source), words))
}

fn drafted(document: &Document, words: &Words) -> Drafted {
    Drafted { text: write::policy(document, words), is_read: document.is_read() }
}
