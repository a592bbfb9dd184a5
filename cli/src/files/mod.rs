//! Reads and writes what the command line names.
//!
//! - `read`: files, standard input and pipes, each with a size limit;
//! - `replace`: replaces the contents of a file;
//! - `attributes`: owner, permissions and extended attributes;
//! - `pipe`: named pipes;
//! - `output`: the target of `--output`;
//! - `error`: why a file cannot be read or written.

mod attributes;
mod error;
mod output;
mod pipe;
mod read;
mod replace;

pub(crate) use error::FileError;
pub(crate) use output::{Identity, Output};
pub(crate) use read::{
    STDIN_SHOWN, claim_stdin, is_stream, open, read_bytes, read_text, shown_from_here, shown_name,
    start, utf8,
};
pub(crate) use replace::{Keep, replace, replace_all};
