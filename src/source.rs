//! Files, places in them, and where they come from.
//!
//! What lives here: [`Sources`], the texts of one policy; [`Span`], a place in one of them; and the
//! [`Loader`] trait, through which imports are read, so that a policy compiles from a folder, from
//! memory or from anywhere else. Nothing here knows the language.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Gives the bytes of a policy's files by their path below the root folder.
///
/// Paths are already normalised: parts separated by `/`, no `.` or `..`, never absolute. A loader
/// that reads from outside must make sure that links do not lead out of its root, as [`Folder`] does.
pub trait Loader {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// The reason why the file cannot be read. It becomes a diagnostic at the `import`.
    fn load(&self, path: &str) -> io::Result<Vec<u8>>;
}

/// Loads files below one folder of the file system; links that lead out of it are refused.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// A loader for the files below `root`.
    ///
    /// ```
    /// use whyfor::{Folder, Model};
    /// let model = Model::from_loader(&Folder::new("examples"), "shop.why")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Loader for Folder {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        let root = self.root.canonicalize()?;
        let file = root.join(Path::new(path)).canonicalize()?;
        read_within(&file, &[root])
    }
}

/// Loads a root file, also through a link, and the files below its folder.
///
/// If the root file is a link, imports are searched in the folder of the link's target, then in the folder of the
/// link: so a policy is found whole in a Nix store, in Bazel's runfiles, and in a
/// mounted ConfigMap. An import that is a link must end in one of the two.
#[derive(Debug, Clone)]
pub struct RootFile {
    path: PathBuf,
    name: String,
    /// Where it really is, if it was there when this was made.
    real: Option<PathBuf>,
    /// Those of the imports, the first first: without links, if they were there.
    folders: Vec<PathBuf>,
}

impl RootFile {
    /// The loader for the policy with this root file. The file need not be there yet.
    ///
    /// ```
    /// use whyfor::{Model, RootFile};
    /// let root = RootFile::new("examples/shop.why")?;
    /// let model = Model::from_loader(&root, root.name())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The path ends in `..` or names no file in another way.
    pub fn new(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it names no file"));
        };
        let name = name.to_string_lossy().into_owned();
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let real = path.canonicalize().ok();
        let mut folders = vec![folder];
        if let Some(parent) = real.as_deref().and_then(Path::parent)
            && parent != folders[0]
        {
            folders.insert(0, parent.to_owned());
        }
        Ok(Self { path, name, real, folders })
    }

    /// The name of the root file in places and messages, with replacement characters where it is not Unicode.
    ///
    /// ```
    /// let root = whyfor::RootFile::new("examples/shop.why")?;
    /// assert_eq!(root.name(), "shop.why");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a file of the policy is. Not without links: what was named in one way stays so.
    ///
    /// ```
    /// let root = whyfor::RootFile::new("examples/shop.why")?;
    /// assert_eq!(root.place("common.why"), std::path::Path::new("examples/common.why"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn place(&self, path: &str) -> PathBuf {
        if path == self.name {
            return self.path.clone();
        }
        let beside = self.path.with_file_name(path);
        match self.folders.as_slice() {
            [real, _] if real.join(path).exists() => real.join(path),
            _ => beside,
        }
    }

    /// Whether the path leads to another file than when this was made: what was loaded may be of two
    /// versions of a policy, if all of it was replaced by turning one link.
    pub(crate) fn has_moved(&self) -> bool {
        self.path.canonicalize().ok() != self.real
    }
}

impl Loader for RootFile {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        if path == self.name {
            return read_regular(self.real.as_deref().unwrap_or(&self.path));
        }
        let mut missing = io::Error::from(io::ErrorKind::NotFound);
        for folder in &self.folders {
            match folder.join(path).canonicalize() {
                Ok(file) => return read_within(&file, &self.folders),
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing = error,
                Err(error) => return Err(error),
            }
        }
        Err(missing)
    }
}

fn read_within(file: &Path, folders: &[PathBuf]) -> io::Result<Vec<u8>> {
    if folders.iter().any(|folder| file.starts_with(folder)) {
        return read_regular(file);
    }
    let message = "it is a link that leads out of the root folder";
    Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
}

/// Reads a regular file. Reading a pipe or a device might never end.
fn read_regular(file: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(file)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        let message = "it is a pipe or a device, and a policy is read from files";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if metadata.len() > crate::limits::MAX_FILE_BYTES as u64 {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than {} MiB", crate::limits::MAX_FILE_BYTES >> 20),
        ));
    }
    // It may grow meanwhile, and some file systems report no length.
    let mut bytes = Vec::new();
    let most = crate::limits::MAX_FILE_BYTES as u64 + 1;
    std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Loads files from memory: for tests, editors and programs that keep policies elsewhere.
///
/// ```
/// use whyfor::Memory;
/// let files = Memory::new().with("shop.why", "import \"common.why\"").with("common.why", "tag t");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// A loader without files.
    ///
    /// ```
    /// use whyfor::{Loader, Memory};
    /// assert!(Memory::new().load("shop.why").is_err());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same loader with one more file.
    ///
    /// ```
    /// use whyfor::{Loader, Memory};
    /// let files = Memory::new().with("shop.why", "policy shop");
    /// assert_eq!(files.load("shop.why")?, b"policy shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl Loader for Memory {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, "no file of this name was given")
        })
    }
}

/// Which of a policy's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileId(pub(crate) u32);

/// A place: the bytes from `start` to `end` of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    pub(crate) fn new(file: FileId, start: usize, end: usize) -> Self {
        // Files are at most MAX_FILE_BYTES long, which the loader of sources checks.
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The offsets as a range.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let span = model.sources().span(0, 3..5).expect("it is in the file");
    /// assert_eq!(span.range(), 3..5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where the lines of a text start, the first at 0: after `\n`, `\r\n` and a lone `\r`, as editors and the
/// language server protocol count them.
///
/// ```
/// assert_eq!(whyfor::line_starts("a\nb\r\nc\rd").collect::<Vec<_>>(), [0, 2, 5, 7]);
/// ```
pub fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = move |at: &usize| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1))
}

/// A text whose lines all end in `\n`.
pub(crate) fn with_line_feeds(text: &str) -> std::borrow::Cow<'_, str> {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        false => text.into(),
    }
}

/// A line and a column, both counted from 1; a column is a Unicode character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// One file of a policy: its path below the root folder, its text, and where its lines start.
#[derive(Debug, Clone)]
pub struct Source {
    path: String,
    text: String,
    lines: Vec<u32>,
    /// How many characters come before each block of the text: a line may be as long as the file.
    blocks: Vec<u32>,
}

/// The bytes of a block.
const BLOCK: usize = 1024;

impl Source {
    pub(crate) fn new(path: String, text: String) -> Self {
        let lines = line_starts(&text).map(|start| start as u32).collect(); // as long as a file at most
        let mut blocks = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(blocks[blocks.len() - 1] + characters(block));
        }
        Self { path, text, lines, blocks }
    }

    /// The path below the root folder, with `/`.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert_eq!(model.sources().files()[0].path(), "shop.why");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert!(model.sources().files()[0].text().contains("policy shop"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte offset. O(log lines).
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let position = model.sources().files()[0].position(3);
    /// assert_eq!((position.line, position.column), (1, 4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_at(offset);
        let column =
            self.characters_before(offset) - self.characters_before(self.lines[line] as usize);
        Position { line: line as u32 + 1, column: column + 1 }
    }

    /// The line around a byte offset, without its line break. O(log lines).
    pub(crate) fn line(&self, offset: usize) -> std::ops::Range<usize> {
        let line = self.line_at(offset);
        let start = self.lines[line] as usize;
        let end = self.lines.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= offset) - 1
    }

    fn characters_before(&self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        let block = offset / BLOCK;
        self.blocks[block] + characters(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters start in a piece of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

/// The files of one policy, the root file first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    pub(crate) fn add(&mut self, path: String, text: String) -> FileId {
        self.files.push(Source::new(path, text));
        FileId(self.files.len() as u32 - 1)
    }

    /// All files, the root file first.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert_eq!(model.sources().files().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file of an id that these sources gave out; of another's, which may be none of theirs, a file
    /// without a name or a text.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let span = model.sources().span(0, 0..2).expect("it is in the file");
    /// assert_eq!(model.sources().file(span.file).path(), "shop.why");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn file(&self, id: FileId) -> &Source {
        static NONE: LazyLock<Source> = LazyLock::new(|| Source::new(String::new(), String::new()));
        self.files.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// The span of these bytes in the file with this number. `None` if the file has no such bytes.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert!(model.sources().span(1, 0..2).is_none()); // there is one file
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn span(&self, file: usize, bytes: std::ops::Range<usize>) -> Option<Span> {
        self.files.get(file)?.text().get(bytes.clone())?;
        Some(Span::new(FileId(file as u32), bytes.start, bytes.end))
    }

    /// The text at a place.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let span = model.sources().span(0, 0..2).expect("it is in the file");
    /// assert_eq!(model.sources().slice(span), "//");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    /// The line and column where a span starts.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let span = model.sources().span(0, 3..5).expect("it is in the file");
    /// assert_eq!(model.sources().position(span).column, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start as usize)
    }

    pub(crate) fn rename(&mut self, path: impl Fn(&str) -> String) {
        for file in &mut self.files {
            file.path = path(&file.path);
        }
    }

    /// The path of the root file.
    pub(crate) fn root(&self) -> &str {
        self.files.first().map_or("", Source::path)
    }

    /// All files with other texts at these places, to be read anew; `None` if two of them overlap, or
    /// are no places of these files.
    /// O(length of the files + files × places).
    pub(crate) fn edited(&self, edits: &[(Span, String)]) -> Option<Memory> {
        let mut edits: Vec<&(Span, String)> = edits.iter().collect();
        edits.sort_by_key(|(span, _)| *span);
        let overlap = |pair: &[&(Span, String)]| {
            pair[0].0.file == pair[1].0.file && pair[0].0.end > pair[1].0.start
        };
        if edits.windows(2).any(overlap) {
            return None;
        }
        let mut files = Memory::new();
        for (id, file) in self.files.iter().enumerate() {
            let mut text = String::with_capacity(file.text.len());
            let mut at = 0;
            for (span, new) in edits.iter().filter(|(span, _)| span.file.0 as usize == id) {
                text.push_str(file.text.get(at..span.start as usize)?);
                text.push_str(new);
                at = span.end as usize;
            }
            text.push_str(file.text.get(at..)?);
            files = files.with(file.path(), text);
        }
        Some(files)
    }
}
