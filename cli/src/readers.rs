//! Finds the policies that read a file: a change to the file may change their decisions.
//!
//! Imports stay in the folder of the root file. So the root file of every reader is in the file's
//! folder or one above it; a link elsewhere may lead to it. Searching these folders finds all readers: every
//! `*.why`, and every other file that starts with a header. A policy that cannot be read or has
//! errors may be a reader: the effects of a change are then unknown, and the file must not be
//! changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use whyfor::symbols::{Index, outline_of};
use whyfor::{Code, FileId, Model, RootFile, Severity};

/// Most files searched in a folder.
const MOST_FILES: usize = 10_000;
/// Most bytes of a file searched for a header, after comments.
const LONGEST_START: u64 = 64 << 10;
const SHORTEST_START: u64 = 1 << 10;
const HEADER: &str = "policy";
/// Most policies read in the folders above a file.
const MOST: usize = 1_000;

/// A policy found in a folder, or named.
pub(crate) struct ReaderPolicy {
    /// Its root file, as found or named.
    pub(crate) path: PathBuf,
    pub(crate) index: Arc<Index>,
    /// The paths of its files, without links, in the order of their ids.
    pub(crate) files: Vec<PathBuf>,
}

impl ReaderPolicy {
    pub(crate) fn load(path: &Path) -> std::io::Result<Self> {
        let root = RootFile::new(path)?;
        let index = Arc::new(Index::load(&root, root.name()));
        Ok(Self::new(path, index, |file| root.place(file)))
    }

    /// A policy that was read already; `place` gives the path of each of its files.
    pub(crate) fn new(path: &Path, index: Arc<Index>, place: impl Fn(&str) -> PathBuf) -> Self {
        let files = index.sources().files().iter().map(|file| real(&place(file.path()))).collect();
        Self { path: path.to_owned(), index, files }
    }

    /// Its model; `None` if it has errors.
    pub(crate) fn model(&self) -> Option<&Model> {
        self.index.model()
    }

    /// The path, without links, of one of its files.
    pub(crate) fn place(&self, file: &str) -> PathBuf {
        let at = self.index.sources().files().iter().position(|source| source.path() == file);
        at.and_then(|at| self.files.get(at)).map_or_else(|| file.into(), PathBuf::clone)
    }

    /// The file at a path without links.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        let at = self.files.iter().position(|file| file == path)?;
        self.index.file(self.index.sources().files()[at].path())
    }

    fn may_read(&self, why: &str) -> String {
        format!("`{}` may read it too, {why}", self.path.display())
    }

    pub(crate) fn reads(&self, file: &Path) -> bool {
        self.files.iter().any(|other| other == file)
    }

    /// Whether it is only a part of other policies: its text is complete and has no header.
    fn is_part(&self) -> bool {
        let Some(root) = self.index.sources().files().first() else { return false };
        let is_syntax = |diagnostic: &whyfor::Diagnostic| {
            diagnostic.severity() == Severity::Error
                && diagnostic.code().as_str().starts_with("E01")
        };
        outline_of(root.text(), &["policy"]).is_empty()
            && !self.index.diagnostics().iter().any(is_syntax)
    }

    /// Whether its imports are unknown: it, or something it imports, could not be read.
    fn is_unknown(&self) -> bool {
        let sources = self.index.sources();
        // In a broken text, an import may be in the part that was not parsed.
        let hides_import = |diagnostic: &whyfor::Diagnostic| {
            let file = diagnostic.primary().map(|label| sources.file(label.span.file));
            file.is_none_or(|file| file.text().contains("import"))
        };
        sources.files().is_empty()
            || self.index.diagnostics().iter().any(|diagnostic| match diagnostic.code() {
                Code::NotUtf8 | Code::TooLarge => true,
                code if code.as_str().starts_with("E01") => hides_import(diagnostic),
                code => code.as_str().starts_with("E03") && code != Code::NoHeader,
            })
    }
}

/// The path of a file, without links.
pub(crate) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The policies of the searched folders, each read once.
pub(crate) struct Readers<'l> {
    /// Reads a policy.
    load: &'l dyn Fn(&Path) -> std::io::Result<ReaderPolicy>,
    policies: Vec<ReaderPolicy>,
    known: BTreeSet<PathBuf>,
    /// For each folder, why its readers are unknown, if so.
    folders: BTreeMap<PathBuf, Vec<String>>,
}

impl<'l> Readers<'l> {
    pub(crate) fn new(load: &'l dyn Fn(&Path) -> std::io::Result<ReaderPolicy>) -> Self {
        Self { load, policies: Vec::new(), known: BTreeSet::new(), folders: BTreeMap::new() }
    }

    /// Adds a policy that was named or read already.
    pub(crate) fn add(&mut self, policy: ReaderPolicy) {
        if self.known.insert(absolute(&policy.path)) {
            self.policies.push(policy);
        }
    }

    /// The policy with a number from [`of`](Self::of).
    pub(crate) fn policy(&self, number: usize) -> &ReaderPolicy {
        &self.policies[number]
    }

    /// The policies that read a file, given by a path without links; none of them has errors.
    ///
    /// # Errors
    /// Why its readers, or their decisions, are unknown.
    pub(crate) fn of(&mut self, file: &Path) -> Result<Vec<usize>, String> {
        let readers = self.reading(file)?;
        let broken = |number: &&usize| self.policies[**number].model().is_none();
        match readers.iter().find(broken) {
            Some(number) => Err(self.policies[*number].may_read("and has mistakes")),
            None => Ok(readers),
        }
    }

    /// The policies that read a file, given by a path without links, including those with errors.
    ///
    /// # Errors
    /// Why its readers are unknown.
    pub(crate) fn reading(&mut self, file: &Path) -> Result<Vec<usize>, String> {
        if has_other_names(file) {
            return Err("it has several names (hard links)".to_owned());
        }
        for folder in file.ancestors().skip(1) {
            self.look_into(folder);
            if let Some(why) = self.folders.get(folder).and_then(|unknown| unknown.first()) {
                return Err(why.clone());
            }
        }
        let mut readers = Vec::new();
        for (number, policy) in self.policies.iter().enumerate() {
            let is_broken = policy.model().is_none();
            if is_broken && policy.is_part() {
                continue;
            }
            if policy.reads(file) {
                readers.push(number);
            } else if is_broken && policy.is_unknown() {
                return Err(policy.may_read("and has mistakes"));
            }
        }
        Ok(readers)
    }

    fn look_into(&mut self, folder: &Path) {
        if self.folders.contains_key(folder) {
            return;
        }
        let mut unknown = Vec::new();
        match policies_in(folder) {
            Ok(paths) if self.policies.len() + paths.len() > MOST => {
                unknown.push(format!("over {MOST} policies may read it too"));
            }
            Ok(paths) => {
                for path in paths {
                    if self.known.contains(&absolute(&path)) {
                        continue;
                    }
                    match (self.load)(&path) {
                        Ok(policy) => self.add(policy),
                        Err(error) => {
                            let path = path.display();
                            unknown.push(format!("`{path}` may read it too: {error}"));
                        }
                    }
                }
            }
            Err(error) => {
                let folder = folder.display();
                unknown.push(format!("policies in `{folder}` may read it too: {error}"));
            }
        }
        self.folders.insert(folder.to_owned(), unknown);
    }
}

/// The files of a folder that are named or start like policies, sorted.
fn policies_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for (count, entry) in entries.enumerate() {
        if count == MOST_FILES {
            return Err(std::io::Error::other(format!("the folder has over {MOST_FILES} files")));
        }
        let path = entry?.path();
        let is_named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("why"));
        if !path.is_dir() && (is_named || starts_as_policy(&path)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file of any name has a policy's header after comments. A file that cannot be read is
/// not a policy for this user.
fn starts_as_policy(path: &Path) -> bool {
    let mut start = Vec::new();
    let Some(mut file) = path.is_file().then(|| File::open(path).ok()).flatten() else {
        return false;
    };
    // Most files show with their first bytes that they are none.
    for length in [SHORTEST_START, LONGEST_START - SHORTEST_START] {
        if file.by_ref().take(length).read_to_end(&mut start).is_err() {
            return false;
        }
        let text = String::from_utf8_lossy(&start);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let is_break =
            |c: char| c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}');
        let mut lines = text.split(is_break).map(str::trim);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with("//"));
        match first {
            Some(line) if line.starts_with(HEADER) => return true,
            Some(line) if !HEADER.starts_with(line) => return false,
            _ => {} // comments so far, or a line that was cut off
        }
    }
    false
}

/// The folder of a path without links, with the path's own name: a root that is a link has two
/// folders.
fn absolute(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = real(parent.unwrap_or(Path::new(".")));
    path.file_name().map_or(folder.clone(), |name| folder.join(name))
}

/// Whether a file has other names (hard links), which may be anywhere.
fn has_other_names(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        file.metadata().is_ok_and(|metadata| metadata.nlink() > 1)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}
