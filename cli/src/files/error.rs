//! Why a file cannot be read or written.

use std::io;

/// Why a file, a pipe or a standard stream cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// The system refuses it.
    #[error("{doing}: {error}")]
    System {
        /// What could not be done.
        doing: String,
        /// Why.
        error: io::Error,
    },
    /// Standard input is claimed already.
    #[error("standard input is read once: name a file as well")]
    StdinTaken,
    /// The bytes are not text.
    #[error(
        "`{name}` is not UTF-8: byte 0x{byte:02X} in line {line}; save it as UTF-8 in your editor"
    )]
    NotUtf8 { name: String, byte: u8, line: usize },
    /// It exceeds the size limit.
    #[error("`{name}` is larger than {most_mebibytes} MiB")]
    TooLarge { name: String, most_mebibytes: u64 },
    /// The bytes of an artifact mean nothing to a person.
    #[error("an artifact cannot be shown on a terminal: name a file, or send it on")]
    Terminal,
}

impl FileError {
    /// For `map_err`: names what could not be done.
    pub(super) fn system(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::System { doing, error }
    }
}
