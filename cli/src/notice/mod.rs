//! The published list of a policy: as Markdown, as a page, from a template, in other languages; and
//! the comparison of a published page with the policy.
//!
//! The library provides the list as data ([`whyfor::notice`]); this module turns it into text:
//!
//! - `words`: the words around the labels, in three languages and in that of a labels file;
//! - `labels`, `relabel`, `nodes`: labels in another language, from a YAML file, and what has one;
//! - `part`: what a line is about; `labelled`: its label and the rest;
//! - `sentence`, `clauses`: a selection as text; conditions, legal bases and periods;
//! - `block`, `view`: lines and blocks, and sections of them, shared by all formats;
//! - `layout`: other layouts than by section;
//! - `markdown`, `page`: the formats;
//! - `check`: the differences between a published page and the policy;
//! - `answers`: cells that say "none", "optional" and the like;
//! - `matching`: the labels that a sentence of a page names;
//! - `read`: parses a page, Markdown or HTML, for the importer.

pub(crate) mod answers;
mod block;
pub(crate) mod check;
mod clauses;
mod labelled;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod markdown;
pub(crate) mod matching;
mod nodes;
pub(crate) mod page;
pub(crate) mod part;
pub(crate) mod read;
pub(crate) mod relabel;
mod sentence;
pub(crate) mod view;
pub(crate) mod words;
