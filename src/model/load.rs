//! Reads the root file and its imports, each once.

use super::shown;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{MAX_FILE_BYTES, MAX_FILES};
use crate::source::{FileId, Loader, Sources, Span};
use crate::syntax::tokens::Mark;
use crate::syntax::tree::{File, Text};
use crate::syntax::{KnownPieces, Parsed};
use hashbrown::{HashMap, HashSet};

/// A parsed file of the policy.
pub(crate) struct Loaded {
    pub(crate) id: FileId,
    pub(crate) tree: File,
    /// Of each token, if they were asked for.
    pub(crate) marks: Vec<Mark>,
}

/// All files of a policy, with diagnostics.
pub(crate) struct Files {
    pub(crate) sources: Sources,
    /// By their ids: the root file first.
    pub(crate) list: Vec<Loaded>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// A file is missing or could not be parsed at all.
    pub(crate) incomplete: bool,
    /// The model keeps the trees.
    pub(crate) keeps_trees: bool,
}

/// Reads the root file and all that it imports, depth first, in the order of the imports.
pub(crate) fn load(loader: &dyn Loader, root: &str) -> Files {
    read(loader, root, None)
}

/// As [`load`], with marks for all tokens, and without parsing pieces known from `before`. Also returns the pieces
/// known now.
pub(crate) fn load_again(
    loader: &dyn Loader,
    root: &str,
    before: &KnownPieces,
) -> (Files, KnownPieces) {
    let mut now = KnownPieces::default();
    let files = read(loader, root, Some((before, &mut now)));
    (files, now)
}

fn read<'l>(
    loader: &'l dyn Loader,
    root: &str,
    known: Option<(&'l KnownPieces, &'l mut KnownPieces)>,
) -> Files {
    let mut reader = Reader {
        loader,
        known,
        sources: Sources::default(),
        files: Vec::new(),
        states: HashMap::new(),
        diagnostics: Vec::new(),
        incomplete: false,
    };
    reader.read_all(root);
    reader.files.sort_by_key(|file| file.id);
    let keeps_trees = reader.known.is_some();
    let Reader { sources, files: list, diagnostics, incomplete, .. } = reader;
    Files { sources, list, diagnostics, incomplete, keeps_trees }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

struct Reader<'l> {
    loader: &'l dyn Loader,
    /// The pieces known before and now, if marks are wanted.
    known: Option<(&'l KnownPieces, &'l mut KnownPieces)>,
    sources: Sources,
    files: Vec<Loaded>,
    states: HashMap<String, State>,
    diagnostics: Vec<Diagnostic>,
    incomplete: bool,
}

/// A file being read, and its imports that are still to be read.
struct Frame {
    path: String,
    imports: std::vec::IntoIter<Text>,
    /// The paths that were imported so far.
    seen: HashSet<String>,
    /// Where this file is imported.
    import: Option<Span>,
}

impl Reader<'_> {
    /// An explicit stack: a chain of imports may be as long as there are files.
    fn read_all(&mut self, root: &str) {
        let mut stack: Vec<Frame> = self.read(root, None).into_iter().collect();
        while let Some(frame) = stack.last_mut() {
            let Some(import) = frame.imports.next() else {
                let done = stack.pop().map(|frame| frame.path).unwrap_or_default();
                self.states.insert(done, State::Done);
                continue;
            };
            let Some(path) = self.resolve(&frame.path, &import) else {
                self.incomplete = true;
                continue;
            };
            if !frame.seen.insert(path.clone()) {
                continue; // imported again by the same file
            }
            match self.states.get(&path) {
                Some(State::Done) => {}
                Some(State::Open) => self.circle(&stack, &path, &import),
                None => match self.read(&path, Some(&import)) {
                    Some(frame) => stack.push(frame),
                    None => self.incomplete = true,
                },
            }
        }
    }

    fn read(&mut self, path: &str, import: Option<&Text>) -> Option<Frame> {
        self.states.insert(path.to_owned(), State::Done); // an unreadable file is reported once
        if self.sources.files().len() == MAX_FILES {
            let message = format!("over {MAX_FILES} files in one policy");
            self.diagnostics.push(place(Code::TooLarge, import, message));
            return None;
        }
        let bytes = match self.loader.load(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("cannot read `{path}`: {}", reason(&error));
                let diagnostic = place(Code::ImportUnreadable, import, message);
                self.diagnostics.push(match import {
                    Some(_) if error.kind() == std::io::ErrorKind::NotFound => {
                        diagnostic.help("the path is relative to the file that imports it")
                    }
                    _ => diagnostic,
                });
                return None;
            }
        };
        if bytes.len() > MAX_FILE_BYTES {
            let message = format!("`{path}` is larger than {} MiB", MAX_FILE_BYTES >> 20);
            self.diagnostics.push(place(Code::TooLarge, import, message));
            return None;
        }
        let text = self.decode(path, bytes)?;
        let id = self.sources.add(path.to_owned(), text);
        let text = self.sources.file(id).text();
        let Parsed { mut tree, diagnostics, marks } = match &mut self.known {
            Some((before, now)) => crate::syntax::parse_again(id, text, before, now),
            None => {
                let (tree, diagnostics) = crate::syntax::parse(id, text);
                Parsed { tree, diagnostics, marks: Vec::new() }
            }
        };
        self.diagnostics.extend(diagnostics);
        self.incomplete |= tree.unread;
        let imports = std::mem::take(&mut tree.imports).into_iter();
        self.files.push(Loaded { id, tree, marks });
        self.states.insert(path.to_owned(), State::Open);
        let import = import.map(|text| text.span);
        Some(Frame { path: path.to_owned(), imports, seen: HashSet::new(), import })
    }

    fn decode(&mut self, path: &str, bytes: Vec<u8>) -> Option<String> {
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{FEFF}') {
                    text.remove(0); // a byte order mark says nothing in UTF-8
                }
                Some(text)
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes()[at];
                let valid = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                // Keep what is readable up to the end of the line, so that it can be shown.
                let id = self.sources.add(path.to_owned(), format!("{valid}\u{FFFD}"));
                let span = Span::new(id, at, at + '\u{FFFD}'.len_utf8());
                let message = format!("`{path}` is not UTF-8: byte 0x{byte:02X} at offset {at}");
                self.diagnostics.push(
                    Diagnostic::new(Code::NotUtf8, span, message)
                        .help("save the file as UTF-8 in your editor"),
                );
                None
            }
        }
    }

    /// The path of an import below the root folder.
    fn resolve(&mut self, importer: &str, import: &Text) -> Option<String> {
        let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        let path = import.text.as_str();
        let absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
        let mut outside = absolute;
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => outside |= parts.pop().is_none(),
                part => parts.push(part),
            }
        }
        if outside || path.contains('\0') {
            let message = format!("the import `{path}` leaves the root folder");
            self.diagnostics.push(Diagnostic::new(Code::ImportOutside, import.span, message).help(
                "a policy is the files below the folder of its root file: move the file there",
            ));
            return None;
        }
        if path.contains('\\') {
            let message = format!("cannot read `{path}`: folders are separated by `/`");
            self.diagnostics.push(
                Diagnostic::new(Code::ImportUnreadable, import.span, message)
                    .help(format!("write `\"{}\"`", path.replace('\\', "/"))),
            );
            return None;
        }
        Some(parts.join("/"))
    }

    fn circle(&mut self, stack: &[Frame], path: &str, import: &Text) {
        let from = stack.iter().position(|frame| frame.path == path).unwrap_or(0);
        let shown = shown::circle(stack[from..].iter().map(|frame| frame.path.as_str()));
        let message = match stack.len() - from {
            1 => "this file imports itself".to_owned(),
            _ => format!("these files import each other: {shown}"),
        };
        let mut diagnostic = Diagnostic::new(Code::ImportCircle, import.span, message);
        let imports = stack[from..].iter().skip(1).filter_map(|frame| frame.import);
        for span in imports.take(shown::MOST_SHOWN) {
            diagnostic = diagnostic.related(span, "imported here");
        }
        self.diagnostics.push(diagnostic.help(match stack.len() - from {
            1 => "remove it",
            _ => "remove one of the imports: all files share one set of names, so none needs an import back",
        }));
    }
}

fn place(code: Code, import: Option<&Text>, message: String) -> Diagnostic {
    match import {
        Some(text) => Diagnostic::new(code, text.span, message),
        None => Diagnostic::without_place(code, message),
    }
}

pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder; name the policy file in it".to_owned(),
        _ => error.to_string(),
    }
}
