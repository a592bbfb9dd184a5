//! Which policies a file is part of: the files that import it, up to those that nobody imports.

use super::documents::Documents;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// More files than a workspace of policies has: what looks like one with more is a wrong folder.
const MOST_FILES: usize = 5_000;
/// Deeper folders are not looked into.
const DEEPEST: usize = 12;

/// The policy files of the workspace, and what they import.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    folders: Vec<PathBuf>,
    imports: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

impl Workspace {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, imports: BTreeMap::new() }
    }

    /// Looks for policy files, on disk and open.
    pub(crate) fn scan(&mut self, documents: &Documents) {
        let mut found = BTreeSet::new();
        for folder in &self.folders {
            collect(folder, 0, &mut found);
        }
        found.extend(documents.paths().cloned());
        self.imports.clear();
        for path in found {
            self.update(&path, documents);
        }
    }

    /// Reads again what a file imports. True if that changed.
    pub(crate) fn update(&mut self, path: &Path, documents: &Documents) -> bool {
        let now = documents.read(path).map(|text| imports(path, &text));
        match now {
            Some(now) if self.imports.get(path) == Some(&now) => false,
            Some(now) => {
                self.imports.insert(path.to_owned(), now);
                true
            }
            None => self.imports.remove(path).is_some(),
        }
    }

    /// The root files of the policies that a file is part of: itself, if nobody imports it.
    pub(crate) fn roots(&self, path: &Path) -> BTreeSet<PathBuf> {
        let mut roots = BTreeSet::new();
        let mut seen = BTreeSet::from([path.to_owned()]);
        let mut open = vec![path.to_owned()];
        while let Some(file) = open.pop() {
            let importers = self.imports.iter().filter(|(_, imports)| imports.contains(&file));
            let mut imported = false;
            for (importer, _) in importers.filter(|(importer, _)| **importer != file) {
                imported = true;
                if seen.insert(importer.clone()) {
                    open.push(importer.clone());
                }
            }
            if !imported {
                roots.insert(file);
            }
        }
        if roots.is_empty() {
            roots.insert(path.to_owned()); // files that import each other
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

/// The files that a text imports.
fn imports(path: &Path, text: &str) -> BTreeSet<PathBuf> {
    if !text.contains("import") {
        return BTreeSet::new();
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries = whyfor::symbols::outline(text);
    let imports = entries.into_iter().filter(|entry| entry.word == "import");
    imports.map(|entry| normal(&folder.join(entry.label))).collect()
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
