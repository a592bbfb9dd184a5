//! From text to a syntax tree.
//!
//! Takes one file's text, gives a [`File`](tree::File) and diagnostics: parsing cannot fail, what is
//! broken is left out and told of. Knows files, places and messages; knows nothing of what a name means.
//!
//! - `lexical`: what is refused before parsing: hostile characters, nesting that could overflow the stack;
//! - `parse`: the only module that sees pest's rules;
//! - `broken`: what to say of a part that does not parse;
//! - `tree`: the tree.

mod broken;
mod lexical;
mod literal;
mod parse;
pub(crate) mod tree;

pub(crate) use parse::parse;
