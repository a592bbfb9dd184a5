//! The published list of a policy: as Markdown, as a page, by a template, in other languages; and whether
//! a page that is published says what the policy says.
//!
//! The library gives the list as data ([`whyfor::notice`]). Here it gets words:
//!
//! - `words`: the words around the labels, in English and in the language of a labels file;
//! - `labels`: labels in another language, from a YAML file;
//! - `view`: sections, blocks and lines of text, which all formats show;
//! - `sentence`: a selection or a condition as text;
//! - `markdown`, `page`: the formats;
//! - `lines`, `read`: a published Markdown page, taken apart;
//! - `matching`: which labels a sentence of the page names;
//! - `compare`: where page and policy differ.

pub(crate) mod compare;
pub(crate) mod labels;
mod lines;
pub(crate) mod markdown;
pub(crate) mod matching;
pub(crate) mod page;
pub(crate) mod read;
mod sentence;
pub(crate) mod view;
pub(crate) mod words;
