//! From text to a syntax tree.
//!
//! Takes the text of one file and returns a [`File`](tree::File) with diagnostics. Parsing cannot fail: broken parts
//! are left out and reported. It knows files, spans and messages, but not what a name means.
//!
//! Before parsing:
//! - `characters`: line breaks, invisible characters, and characters that stand for others;
//! - `keywords`: the words of the language;
//! - `scan`: the one scanner of strings, comments and blanks;
//! - `nesting`: how deeply the parser would recurse;
//! - `lexical`: hostile characters and unclosed strings; repairs what was likely meant.
//!
//! Parsing:
//! - `grammar`: pest's parser and rules, which no other folder sees;
//! - `tree`: the syntax tree; `moved`: the same tree at another place;
//! - `builder`, `declarations`, `statement`, `expression`: from pest's pairs to the tree;
//! - `literal`: the escapes of strings; `imitation`: names that look like keywords;
//! - `broken`: which broken parts to report, and what is lost with them;
//! - `explain`, `expected`: the messages about broken parts;
//! - `parse`: parses one file; `pieces`: parses it in pieces, on several cores (`parallel`), and again only what
//!   changed.
//!
//! For editors and the formatter:
//! - `tokens`: the tokens in the order of the file, with comments;
//! - `follow`: what may stand at a place.

mod broken;
mod builder;
mod characters;
mod declarations;
mod expected;
mod explain;
mod expression;
mod file_text;
mod follow;
mod grammar;
mod imitation;
mod keywords;
mod lexical;
mod literal;
mod moved;
mod nesting;
mod parallel;
mod parse;
mod pieces;
pub(crate) mod scan;
mod statement;
pub(crate) mod tokens;
pub(crate) mod tree;

pub(crate) use characters::{LINE_BREAKS, after_line, readable};
pub(crate) use expression::name_as_written;
pub(crate) use follow::{Follow, follow};
pub(crate) use literal::unquoted;
pub(crate) use parse::{Parsed, parse_to_tokens};
pub(crate) use pieces::{KnownPieces, parse, parse_again, pieces};
pub(crate) use scan::skip_blank as next_token;
pub(crate) use statement::is_web_address;
