//! The policies that a file belongs to: follows imports up to files that nothing imports.

use super::documents::Documents;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// Most files in a workspace; a folder with more is not a workspace of policies.
const MOST_FILES: usize = 5_000;
/// Deeper folders are skipped.
const DEEPEST: usize = 12;

/// The policy files of the workspace, and what they import.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    folders: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Head>,
}

/// The parts of a file that concern other files.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    imports: BTreeSet<PathBuf>,
    /// It has a `policy` header, as root files do.
    is_root: bool,
}

impl Workspace {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, files: BTreeMap::new() }
    }

    /// Finds policy files, on disk and open.
    pub(crate) fn scan(&mut self, documents: &Documents) {
        let mut found = BTreeSet::new();
        for folder in &self.folders {
            collect(folder, 0, &mut found);
        }
        found.extend(documents.paths().cloned());
        self.files.clear();
        for path in found {
            self.update(&path, documents);
        }
    }

    /// Reads the imports of a file again. Returns whether they changed.
    pub(crate) fn update(&mut self, path: &Path, documents: &Documents) -> bool {
        let now = match documents.get(path) {
            Some(document) => Some(head(path, &document.text)),
            // Reading a device or pipe might never end.
            None if !path.is_file() => None,
            None => std::fs::read_to_string(path).ok().map(|text| head(path, &text)),
        };
        if self.files.get(path) == now.as_ref() {
            return false;
        }
        match now {
            Some(now) => self.files.insert(path.to_owned(), now),
            None => self.files.remove(path),
        };
        true
    }

    /// The root files of the policies that a file belongs to: itself, if nothing imports it.
    pub(crate) fn roots(&self, path: &Path) -> BTreeSet<PathBuf> {
        let mut roots = BTreeSet::new();
        let mut seen = BTreeSet::from([path.to_owned()]);
        let mut open = vec![path.to_owned()];
        while let Some(file) = open.pop() {
            let all = self.files.iter().filter(|(importer, _)| **importer != file);
            let importers: Vec<_> = all.filter(|(_, head)| head.imports.contains(&file)).collect();
            if importers.is_empty() {
                roots.insert(file);
                continue;
            }
            for (importer, _) in importers {
                if seen.insert(importer.clone()) {
                    open.push(importer.clone());
                }
            }
        }
        if roots.is_empty() {
            // Files that import each other: one with a header is a root even if imported.
            let is_root = |file: &&PathBuf| self.files.get(*file).is_some_and(|head| head.is_root);
            roots.extend(seen.iter().find(is_root).or(seen.first()).cloned());
        }
        roots
    }
}

fn collect(folder: &Path, depth: usize, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let Ok(kind) = entry.file_type() else { continue };
        let skipped = ["target", "node_modules"].iter().any(|name| entry.file_name() == *name);
        if kind.is_dir() && !hidden && !skipped && depth < DEEPEST {
            collect(&path, depth + 1, found);
        } else if kind.is_file()
            && path.extension().is_some_and(|e| e == "why")
            && found.len() < MOST_FILES
        {
            found.insert(path);
        }
    }
}

fn head(path: &Path, text: &str) -> Head {
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries = whyfor::symbols::outline_of(text, &["import", "policy"]);
    let is_root = entries.iter().any(|entry| entry.word == "policy");
    let imports = entries.into_iter().filter(|entry| entry.word == "import");
    Head { imports: imports.map(|entry| normal(&folder.join(entry.label))).collect(), is_root }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}
