//! From text to a syntax tree.
//!
//! Takes one file's text, gives a [`File`](tree::File) and diagnostics: parsing cannot fail, what is
//! broken is left out and told of. Knows files, places and messages; knows nothing of what a name means.
//!
//! - `lexical`: what is told before parsing: hostile characters, strings without an end;
//! - `characters`: what breaks a line, what nobody sees, what such characters are called and were meant as;
//! - `nesting`: how deep the parser would go;
//! - `parse`, `statement`, `expression`: from pest's pairs to the tree;
//! - `imitation`: names that look like words of the language;
//! - `literal`: the escapes of strings;
//! - `broken`: which broken parts to speak of, and what is lost with them;
//! - `explain`, `expected`: what to say of one;
//! - `follow`: what may stand at a place;
//! - `pieces`: parsing again what was parsed before, but for a word;
//! - `tree`: the tree; `moved`: the same at another place;
//! - `tokens`: the tokens in the file's own order, with its comments.
//!
//! No other module sees pest's rules.

mod broken;
mod characters;
mod expected;
mod explain;
mod expression;
mod follow;
mod imitation;
mod lexical;
mod literal;
mod moved;
mod nesting;
mod parse;
mod pieces;
mod statement;
pub(crate) mod tokens;
pub(crate) mod tree;

pub(crate) use characters::{LINE_BREAKS, behind_line, readable};
pub(crate) use explain::skip_blank as next_token;
pub(crate) use expression::name_as_written;
pub(crate) use follow::{Follow, follow};
pub(crate) use literal::unquoted;
pub(crate) use parse::{Parsed, parse, parse_to_tokens};
pub(crate) use pieces::{Known, parse_again, pieces};
