//! Drafts of policies from existing documents.
//!
//! A draft is a start to edit. It compiles, permits only what was read, and marks with comments what
//! was guessed and what was not understood.
//!
//! Each format has a reader, which gives records; one writer makes the policy of them:
//!
//! - `list`, `fields`, `pairs`: a published list, as `notice::read` parses it;
//! - `split`, `brackets`, `companies`, `tags`, `doubts`, `periods`: what the text of a line says;
//! - `formats`: the other formats;
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
mod formats;
mod list;
mod names;
mod pairs;
mod periods;
mod record;
mod split;
pub(crate) mod suggest;
mod tags;
mod write;

pub(crate) use formats::ImportError;

use crate::notice::read::{Page, PageText};
use crate::notice::words::Words;
use crate::yaml::{self, YamlError};
use formats::{apple, csv, dpv, fides, google};
use record::Document;
use std::path::PathBuf;

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
    let words = &words.clone().written(page.is_introduced);
    (page.labelled() > 0).then(|| {
        let mut document = list::document(page, words, source);
        let labels = suggest::labels(page);
        if !document.is_read() && !labels.is_empty() {
            document.notes.extend([suggest::question(&labels), suggest::words(&labels)]);
        }
        drafted(&document, words)
    })
}

/// A record of processing activities as a page, and the words that it was read with.
pub(crate) fn csv(text: &str, words: Words, title: &str) -> Result<(Page, Words), ImportError> {
    let words = csv::words(words);
    let mut page = csv::page(text, &words)?;
    let title = PageText { text: title.to_owned(), ..PageText::default() };
    page.title.get_or_insert(title);
    Ok((page, words))
}

/// The draft of a privacy manifest.
pub(crate) fn apple(text: &str, source: &str) -> Result<Drafted, ImportError> {
    Ok(drafted(&apple::document(text, source)?, &Words::default()))
}

/// The draft of an export of a data safety form.
pub(crate) fn google(text: &str, source: &str) -> Result<Drafted, ImportError> {
    Ok(drafted(&google::document(text, source)?, &Words::default()))
}

/// The draft of Fides manifests.
pub(crate) fn fides(paths: &[PathBuf], source: &str) -> Result<Drafted, YamlError> {
    let words = Words::default();
    let mut manifests = fides::Manifests::new(source);
    for path in paths {
        yaml::read(path, |node| manifests.read(node, &words))?;
    }
    Ok(drafted(&manifests.done(), &words))
}

/// The names of the Data Privacy Vocabulary.
pub(crate) fn dpv(texts: &[String], source: &str) -> Result<Drafted, ImportError> {
    Ok(drafted(&dpv::document(texts, source)?, &Words::default()))
}

fn drafted(document: &Document, words: &Words) -> Drafted {
    Drafted { text: write::policy(document, words), is_read: document.is_read() }
}
