//! Where versions of a policy come from.
//!
//! - `content`: what a source gives;
//! - `text`: the files of a policy in text;
//! - `bytes`: content that the program sets;
//! - `file`: a file, with what belongs to it;
//! - `read`: regular files, bounded.
//!
//! A source reads, and judges nothing: `admit` does.

mod bytes;
mod content;
mod file;
mod read;
#[cfg(feature = "text")]
mod text;

pub use bytes::BytesSource;
pub(crate) use content::Fingerprint;
pub use content::{Content, Source};
pub use file::FileSource;
#[cfg(feature = "text")]
pub use text::TextFiles;
