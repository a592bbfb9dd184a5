//! Which policies read a file: a change to the file may change what each of them decides.
//!
//! The imports of a policy stay in the folder of its root file. So whoever reads a file has its root file in
//! the file's folder or in one above it, or is a link that leads there. Looking into these finds all: every `*.why`
//! there, and whatever else starts with a header, that reads the file. What cannot be read, or has mistakes, may read it: then nobody knows what
//! changes, and the file stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use whyfor::symbols::{Index, outline_of};
use whyfor::{Code, FileId, Model, RootFile, Severity};

/// More files of a folder are not looked at.
const MOST_FILES: usize = 10_000;
/// The bytes of a file among which a policy's header stands, behind comments.
const LONGEST_START: u64 = 64 << 10;
const HEADER: &[u8] = b"policy";
/// More policies in the folders above a file are not looked at.
const MOST: usize = 1_000;

/// A policy that was found in a folder, or named.
pub(crate) struct Found {
    /// Its root file, as it was found or named.
    pub(crate) path: PathBuf,
    pub(crate) index: Arc<Index>,
    /// Where each of its files is, without links, in the order of their ids.
    pub(crate) files: Vec<PathBuf>,
}

impl Found {
    pub(crate) fn load(path: &Path) -> std::io::Result<Self> {
        let root = RootFile::new(path)?;
        let index = Arc::new(Index::load(&root, root.name()));
        Ok(Self::new(path, index, |file| root.place(file)))
    }

    /// A policy that was read already, with the place of each of its files.
    pub(crate) fn new(path: &Path, index: Arc<Index>, place: impl Fn(&str) -> PathBuf) -> Self {
        let files = index.sources().files().iter().map(|file| real(&place(file.path()))).collect();
        Self { path: path.to_owned(), index, files }
    }

    /// What it says; `None` if it has mistakes.
    pub(crate) fn model(&self) -> Option<&Model> {
        self.index.model()
    }

    /// The file at a path, which is named without links.
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

    /// Whether it is part of other policies alone: its text is whole and has no header.
    fn is_part(&self) -> bool {
        let Some(root) = self.index.sources().files().first() else { return false };
        let is_syntax = |diagnostic: &whyfor::Diagnostic| {
            diagnostic.severity() == Severity::Error && diagnostic.code().id().starts_with("E01")
        };
        outline_of(root.text(), &["policy"]).is_empty()
            && !self.index.diagnostics().iter().any(is_syntax)
    }

    /// Whether what it reads is not known: it could not be read, or not all of what it imports.
    fn is_unknown(&self) -> bool {
        let sources = self.index.sources();
        // Where a text is broken, an import may be among what was not understood.
        let hides_import = |diagnostic: &whyfor::Diagnostic| {
            let file = diagnostic.primary().map(|label| sources.file(label.span.file));
            file.is_none_or(|file| file.text().contains("import"))
        };
        sources.files().is_empty()
            || self.index.diagnostics().iter().any(|diagnostic| match diagnostic.code() {
                Code::NotUtf8 | Code::TooLarge => true,
                code if code.id().starts_with("E01") => hides_import(diagnostic),
                code => code.id().starts_with("E03") && code != Code::NoHeader,
            })
    }
}

/// Where a file is, without links.
pub(crate) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The policies of the folders that were looked into, each read once.
pub(crate) struct Readers<'l> {
    /// How a policy is read.
    load: &'l dyn Fn(&Path) -> std::io::Result<Found>,
    policies: Vec<Found>,
    known: BTreeSet<PathBuf>,
    /// What each folder could not tell.
    folders: BTreeMap<PathBuf, Vec<String>>,
}

impl<'l> Readers<'l> {
    pub(crate) fn new(load: &'l dyn Fn(&Path) -> std::io::Result<Found>) -> Self {
        Self { load, policies: Vec::new(), known: BTreeSet::new(), folders: BTreeMap::new() }
    }

    /// Adds a policy that was named or read already.
    pub(crate) fn add(&mut self, policy: Found) {
        if self.known.insert(absolute(&policy.path)) {
            self.policies.push(policy);
        }
    }

    /// The policies that were found, by the numbers that [`of`](Self::of) gives.
    pub(crate) fn policy(&self, number: usize) -> &Found {
        &self.policies[number]
    }

    /// The policies that read a file, which is named without links; none of them has mistakes.
    ///
    /// # Errors
    /// Why it is not known who reads it, or what they decide.
    pub(crate) fn of(&mut self, file: &Path) -> Result<Vec<usize>, String> {
        let readers = self.reading(file)?;
        let broken = |number: &&usize| self.policies[**number].model().is_none();
        match readers.iter().find(broken) {
            Some(number) => Err(self.policies[*number].may_read("and has mistakes")),
            None => Ok(readers),
        }
    }

    /// The policies that read a file, which is named without links, those with mistakes too.
    ///
    /// # Errors
    /// Why it is not known who reads it.
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

/// The files of a folder that are called as policies are, and those that start as one does, sorted.
fn policies_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for (count, entry) in entries.enumerate() {
        if count == MOST_FILES {
            return Err(std::io::Error::other(format!("over {MOST_FILES} files are there")));
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

/// Whether a file of any name has a policy's header, behind comments. One that cannot be read has none for
/// whoever runs this.
fn starts_as_policy(path: &Path) -> bool {
    let mut start = Vec::new();
    let file = path.is_file().then(|| File::open(path).ok()).flatten();
    let read = file.map(|file| file.take(LONGEST_START).read_to_end(&mut start));
    if !matches!(read, Some(Ok(_))) || !start.windows(HEADER.len()).any(|word| word == HEADER) {
        return false;
    }
    let text = String::from_utf8_lossy(&start);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    outline_of(text, &["policy"]).first().is_some_and(|header| {
        let before = &text[..header.range.start];
        before.lines().all(|line| line.trim().is_empty() || line.trim().starts_with("//"))
    })
}

/// The folder of a path without links, and its name as it is: a link that is a root has two folders.
fn absolute(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = real(parent.unwrap_or(Path::new(".")));
    path.file_name().map_or(folder.clone(), |name| folder.join(name))
}

/// Whether a file is known by other names too, which may be anywhere.
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
