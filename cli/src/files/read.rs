//! Files, standard input and pipes. Reads at most a fixed size; a pipe without a writer times out.

use super::error::FileError;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path};

/// The size limit of a text, larger than any that people write.
const MOST_BYTES: u64 = 16 << 20;

/// The name of standard input on the command line.
const STDIN: &str = "-";
/// Its name in messages.
pub(crate) const STDIN_SHOWN: &str = "<stdin>";
/// Its other names.
const STDIN_FILES: [&str; 3] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

thread_local! {
    /// It was read already, or is being read.
    static STDIN_IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Begins a run of the command; a process may run several.
pub(crate) fn start() {
    STDIN_IS_TAKEN.set(false);
}

/// Whether a path is a name of standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN) || STDIN_FILES.iter().any(|name| path == Path::new(name))
}

/// Whether a path can be read only once and has no folder: standard input, another descriptor, a
/// pipe or a device.
pub(crate) fn is_stream(path: &Path) -> bool {
    let is_descriptor = path.parent().is_some_and(|folder| {
        folder == Path::new("/dev/fd") || folder.starts_with("/proc") && folder.ends_with("fd")
    });
    let is_no_file = |data: std::fs::Metadata| !data.is_file() && !data.is_dir();
    is_stdin(path) || is_descriptor || path.metadata().is_ok_and(is_no_file)
}

/// The name of a path in messages.
pub(crate) fn shown_name(path: &Path) -> String {
    if is_stdin(path) { STDIN_SHOWN.to_owned() } else { path.display().to_string() }
}

/// A path seen from the working directory: relative if below it, otherwise absolute.
pub(crate) fn shown_from_here(path: &Path) -> String {
    if is_stream(path) {
        return shown_name(path);
    }
    let Ok(here) = std::env::current_dir() else { return shown_name(path) };
    let real = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    let goes_up = path.components().any(|part| part == Component::ParentDir);
    let whole = if goes_up { real() } else { std::path::absolute(path).ok() };
    let whole = whole.unwrap_or_else(|| path.to_owned());
    let below = |path: &Path| path.strip_prefix(&here).ok().map(Path::to_owned);
    let shown = below(&whole).or_else(|| below(&real()?)).unwrap_or(whole);
    if shown.as_os_str().is_empty() {
        return ".".to_owned();
    }
    shown.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// Claims standard input, which can be read only once.
///
/// # Errors
/// It is claimed already.
pub(crate) fn claim_stdin() -> Result<(), FileError> {
    match STDIN_IS_TAKEN.replace(true) {
        false => Ok(()),
        true => Err(FileError::StdinTaken),
    }
}

/// The text of a file, without a byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, FileError> {
    let mut text = utf8(path, read_bytes(path)?)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Decodes the bytes of a file.
pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = error.as_bytes()[at];
        FileError::NotUtf8 { name: shown_name(path), byte, line }
    })
}

/// All bytes of a file, standard input or a pipe.
///
/// # Errors
/// It cannot be read, or exceeds the size limit.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let shown = shown_name(path);
    let mut bytes = Vec::new();
    let read = open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(FileError::system(format!("cannot read `{shown}`")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(FileError::TooLarge { name: shown, most_mebibytes: MOST_BYTES >> 20 });
    }
    Ok(bytes)
}

/// Opens a file, standard input or a pipe.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, FileError> {
    if is_stdin(path) {
        claim_stdin()?;
        return Ok(Box::new(io::stdin().lock()));
    }
    let file =
        file(path).map_err(FileError::system(format!("cannot read `{}`", shown_name(path))))?;
    Ok(Box::new(file))
}

#[cfg(not(unix))]
fn file(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt;
    match path.metadata()?.file_type().is_fifo() {
        true => super::pipe::open_to_read(path),
        false => File::open(path),
    }
}
