//! What is read and written by names of the command line.
//!
//! - `read`: files, standard input and pipes, each with a bound;
//! - `replace`: bytes put in place of a file;
//! - `attributes`: what a file is beside its bytes;
//! - `pipe`: pipes that have a name;
//! - `output`: where `--output` leads.

mod attributes;
mod output;
mod pipe;
mod read;
mod replace;

pub(crate) use output::{Identity, Output};
pub(crate) use read::{
    STDIN_SHOWN, claim_stdin, is_stdin, is_stream, open, read_bytes, read_text, shown_from_here,
    shown_name, start, utf8,
};
pub(crate) use replace::{Keep, replace, replace_all};
