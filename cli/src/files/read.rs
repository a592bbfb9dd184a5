//! Files, standard input and pipes. What is no file is read as far as a bound, and a pipe that nobody
//! writes to is not waited for.

use crate::exit::Failure;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path};

/// The bytes of a text that people write: far beyond any.
const MOST_BYTES: u64 = 16 << 20;

/// What standard input is called on the command line.
const STDIN: &str = "-";
/// What messages call it.
pub(crate) const STDIN_SHOWN: &str = "<stdin>";
/// Other names for it.
const STDIN_FILES: [&str; 3] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

thread_local! {
    /// Somebody reads it, or has.
    static STDIN_IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Begins a run of the command, of which a process may have several.
pub(crate) fn start() {
    STDIN_IS_TAKEN.set(false);
}

/// Whether a path is a name of standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN) || STDIN_FILES.iter().any(|name| path == Path::new(name))
}

/// Whether what a path names is read once, from a start to an end, and has no folder: standard input,
/// another descriptor, a pipe or a device.
pub(crate) fn is_stream(path: &Path) -> bool {
    let is_descriptor = path.parent().is_some_and(|folder| {
        folder == Path::new("/dev/fd") || folder.starts_with("/proc") && folder.ends_with("fd")
    });
    let is_no_file = |data: std::fs::Metadata| !data.is_file() && !data.is_dir();
    is_stdin(path) || is_descriptor || path.metadata().is_ok_and(is_no_file)
}

/// What messages call that which a path names.
pub(crate) fn shown_name(path: &Path) -> String {
    if is_stdin(path) { STDIN_SHOWN.to_owned() } else { path.display().to_string() }
}

/// What a path is called in the working directory: below it by the way there, elsewhere in full.
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

/// Takes standard input, which nobody else can read then.
///
/// # Errors
/// Somebody else has taken it.
pub(crate) fn claim_stdin() -> Result<(), Failure> {
    match STDIN_IS_TAKEN.replace(true) {
        false => Ok(()),
        true => Err(Failure::Usage("standard input is read once: name a file as well".to_owned())),
    }
}

/// The text of a file, without a byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let mut text = utf8(path, read_bytes(path)?)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Bytes that were read from a file, as text.
pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = error.as_bytes()[at];
        Failure::Usage(format!(
            "`{}` is not UTF-8: byte 0x{byte:02X} in line {line}; save it as UTF-8 in your editor",
            shown_name(path)
        ))
    })
}

/// All bytes of what a path names, which may be standard input or a pipe.
///
/// # Errors
/// It cannot be read, or is larger than any text that people write.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = shown_name(path);
    let mut bytes = Vec::new();
    let read = open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(Failure::io(format!("cannot read `{shown}`")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::Usage(format!("`{shown}` is larger than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Opens what a path names: a file, standard input, a pipe.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if is_stdin(path) {
        claim_stdin()?;
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = file(path).map_err(Failure::io(format!("cannot read `{}`", shown_name(path))))?;
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
