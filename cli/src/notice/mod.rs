//! The published list of a policy: as Markdown, as a page, from a template, in other languages; and
//! the comparison of a published page with the policy.
//!
//! The library provides the list as data ([`whyfor::notice`]); this module turns it into text:
//!
//! - `words`: the words around the labels, in English and in the language of a labels file;
//! - `labels`: labels in another language, from a YAML file;
//! - `view`: sections, blocks and lines of text, shared by all formats;
//! - `sentence`: a selection or a condition as text;
//! - `markdown`, `page`: the formats;
//! - `read`: parses a published page, Markdown or HTML;
//! - `matching`: the labels that a sentence of the page names;
//! - `compare`: the differences between page and policy.

pub(crate) mod compare;
pub(crate) mod labels;
pub(crate) mod markdown;
pub(crate) mod matching;
pub(crate) mod page;
pub(crate) mod read;
mod sentence;
pub(crate) mod view;
pub(crate) mod words;
