//! The open files, with unsaved changes, and positions in the protocol's units.

use crate::readers::real;
use lsp_types::{
    InitializeParams, Location, Position, PositionEncodingKind, Range,
    TextDocumentContentChangeEvent, TextEdit, Uri, WorkspaceEdit,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Range as Bytes;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use whyfor::{FileId, Loader, RootFile, Sources, Span};

/// How columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// UTF-8 if the client supports it, otherwise UTF-16, which every client supports.
    pub(crate) fn of(parameters: &InitializeParams) -> Self {
        let general = parameters.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_ref());
        if offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8)) {
            Self::Utf8
        } else {
            Self::Utf16
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// Bytes between two offsets with a stored count of units.
const STRIDE: usize = 512;

/// A text and the starts of its lines.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
    /// The number of units before every [`STRIDE`]th byte, or before the character that contains
    /// it. Keeps positions in very long lines fast.
    units: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str, encoding: Encoding) -> Self {
        let mut units = Vec::with_capacity(text.len() / STRIDE + 1);
        let (mut count, mut at) = (0, 0);
        for place in (0..=text.len()).step_by(STRIDE) {
            let place = text.floor_char_boundary(place);
            count += encoding.length(&text[at..place]);
            at = place;
            units.push(count);
        }
        Self { text, starts: whyfor::line_starts(text).collect(), encoding, units }
    }

    /// The number of units before a character's start. O([`STRIDE`]).
    fn units_before(&self, offset: usize) -> usize {
        let place = self.text.floor_char_boundary(offset / STRIDE * STRIDE);
        self.units[offset / STRIDE] + self.encoding.length(&self.text[place..offset])
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.units_before(offset) - self.units_before(self.starts[line]);
        Position::new(line as u32, column as u32)
    }

    pub(crate) fn range(&self, bytes: Bytes<usize>) -> Range {
        Range::new(self.position(bytes.start), self.position(bytes.end))
    }

    /// The byte offset of a position; clamped to the end of the line or text.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let next = self.starts.get(position.line as usize + 1);
        let line = &self.text[*start..next.map_or(self.text.len(), |next| *next)];
        let line = line.trim_end_matches(['\n', '\r']);
        let mut column = 0;
        for (at, c) in line.char_indices() {
            if column >= position.character as usize {
                return start + at;
            }
            column += self.encoding.length(c.encode_utf8(&mut [0; 4]));
        }
        start + line.len()
    }
}

/// Converts spans in a policy's files to protocol positions. Splits each file into lines once.
pub(crate) struct Places<'s> {
    sources: &'s Sources,
    /// The policy's root file. It may be missing from the sources.
    pub(crate) root: &'s Path,
    encoding: Encoding,
    lines: RefCell<BTreeMap<FileId, Lines<'s>>>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(sources: &'s Sources, root: &'s Path, encoding: Encoding) -> Self {
        Self { sources, root, encoding, lines: RefCell::default() }
    }

    pub(crate) fn path(&self, file: FileId) -> PathBuf {
        place(self.root, self.sources.file(file).path())
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        let text = self.sources.file(span.file).text();
        let mut lines = self.lines.borrow_mut();
        let lines = lines.entry(span.file);
        let lines = lines.or_insert_with(|| Lines::new(text, self.encoding));
        lines.range(span.range())
    }

    pub(crate) fn location(&self, span: Span) -> Option<Location> {
        Some(Location::new(uri(&self.path(span.file))?, self.range(span)))
    }
}

/// The open files by their paths.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) encoding: Encoding,
    open: BTreeMap<PathBuf, Document>,
}

#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    /// Its path without links.
    real: PathBuf,
    pub(crate) version: i32,
}

impl Documents {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, open: BTreeMap::new() }
    }

    pub(crate) fn set(&mut self, path: PathBuf, text: String, version: i32) {
        let real = real(&path);
        self.open.insert(path, Document { text: without_mark(text), real, version });
    }

    pub(crate) fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    pub(crate) fn change(
        &mut self,
        path: &Path,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let Some(document) = self.open.get_mut(path) else { return };
        document.version = version;
        for change in changes {
            let Some(range) = change.range else {
                document.text = without_mark(change.text);
                continue;
            };
            let lines = Lines::new(&document.text, self.encoding);
            let (start, end) = (lines.offset(range.start), lines.offset(range.end));
            document.text.replace_range(start..end.max(start), &change.text);
        }
    }

    pub(crate) fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    /// The document of a file that is open under another name.
    fn same_file(&self, path: &Path) -> Option<&Document> {
        let real = real(path);
        self.open.values().find(|document| document.real == real)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.open.keys()
    }
}

/// The folder of a root file, which contains all files of its policy.
pub(crate) fn folder(root: &Path) -> &Path {
    root.parent().unwrap_or(Path::new(""))
}

/// A text without a byte order mark.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// The path of a policy's file: below the folder of its root file, or of the root file's link
/// target.
pub(crate) fn place(root: &Path, file: &str) -> PathBuf {
    let beside = folder(root).join(file);
    if !root.is_symlink() {
        return beside;
    }
    RootFile::new(root).map_or(beside, |root| root.place(file))
}

/// Loads the files of a policy: open ones from memory, the rest from disk.
pub(crate) struct Buffers<'d> {
    pub(crate) root: &'d Path,
    pub(crate) documents: &'d Documents,
}

impl Loader for Buffers<'_> {
    fn load(&self, path: &str) -> std::io::Result<Vec<u8>> {
        let open = |path: PathBuf| self.documents.get(&path);
        let beside = open(folder(self.root).join(path));
        let led_to = || open(place(self.root, path));
        let same = || self.documents.same_file(&folder(self.root).join(path));
        match beside.or_else(led_to).or_else(same) {
            Some(document) => Ok(document.text.clone().into_bytes()),
            None => RootFile::new(self.root)?.load(path),
        }
    }
}

/// The path of a document: the file of a `file:` URI, otherwise the URI itself.
pub(crate) fn path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    let Some(rest) = text.strip_prefix("file://") else { return PathBuf::from(text) };
    let rest = &rest[rest.find('/').unwrap_or(0)..]; // after a host, if any
    let bytes = percent_decoded(rest);
    let decoded = String::from_utf8_lossy(&bytes);
    // `/c:/shop.why` is a Windows path.
    let is_drive = decoded.as_bytes().get(2) == Some(&b':');
    PathBuf::from(if is_drive { &decoded[1..] } else { &decoded[..] })
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%');
        let byte = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

/// The URI of a document; `None` if its path is not valid in a URI.
pub(crate) fn uri(path: &Path) -> Option<Uri> {
    let text = path.to_str()?.replace('\\', "/");
    let is_drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes().get(2) == Some(&b'/');
    if !text.starts_with('/') && !is_drive {
        return Uri::from_str(&text).ok();
    }
    let mut result = String::from(if is_drive { "file:///" } else { "file://" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            result.push(byte as char);
        } else {
            let _ = write!(result, "%{byte:02X}"); // into a string: cannot fail
        }
    }
    Uri::from_str(&result).ok()
}

/// Edits of several files as a workspace edit.
#[expect(clippy::mutable_key_type, reason = "the protocol's type; a URI is compared by its text")]
pub(crate) fn edit(by_file: BTreeMap<PathBuf, Vec<TextEdit>>) -> WorkspaceEdit {
    let changes = by_file.into_iter().filter_map(|(path, edits)| Some((uri(&path)?, edits)));
    let changes: HashMap<Uri, Vec<TextEdit>> = changes.collect();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_long_line_is_the_number_of_units_before_it() {
        let line = "aé漢😀".repeat(300);
        let text = format!("{line}\n{line}x\n");
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(&text, encoding);
            for (offset, _) in text.char_indices() {
                let before = &text[..offset];
                let line = before.matches('\n').count() as u32;
                let start = before.rfind('\n').map_or(0, |at| at + 1);
                let column = encoding.length(&text[start..offset]) as u32;
                assert_eq!(lines.position(offset), Position::new(line, column), "{offset}");
                assert_eq!(lines.offset(lines.position(offset)), offset);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_open_under_another_name_is_read_from_the_editor() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::create_dir_all(&real)
            .and_then(|()| std::fs::write(real.join("c.why"), "tag a"))?;
        std::os::unix::fs::symlink(&real, &link)?;
        let mut documents = Documents::new(Encoding::Utf8);
        documents.set(link.join("c.why"), "tag b".to_owned(), 1);
        let buffers = Buffers { root: &real.join("p.why"), documents: &documents };
        assert_eq!(buffers.load("c.why")?, b"tag b");
        Ok(())
    }
}
