//! A policy at a `git` revision.
//!
//! Links are followed as on disk: the root file may lead anywhere in the repository, imports may
//! lie next to it or next to the link, and must stay in one of these folders.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};
use whyfor::{Diagnostics, Loader, Model};

/// Most links followed; more are a cycle.
const MOST_LINKS: usize = 40;
/// The mode of a link in a tree.
const LINK: &str = "120000";

/// Why the policy at a revision cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("cannot run `git`: {0}")]
    Program(#[source] io::Error),
    #[error("cannot read `{revision}`: {error}")]
    Revision { revision: String, error: io::Error },
    /// `answer` has the lines that `git` printed.
    #[error("`git` knows no revision `{revision}` in `{}`", folder.display())]
    Unknown { revision: String, folder: PathBuf, answer: Vec<String> },
    /// The policy does not compile.
    #[error("{0}")]
    Mistakes(Diagnostics),
}

/// The policy in a file at a revision; `None` if the revision has no such file.
///
/// # Errors
/// `git` is missing, the revision does not exist, or the policy has errors.
pub(crate) fn model(path: &Path, revision: &str) -> Result<Option<Model>, GitError> {
    let Some(revised) = Revision::of(path, revision)? else { return Ok(None) };
    let model = Model::from_loader(&revised, &revised.name);
    model.map(Some).map_err(|diagnostics| {
        GitError::Mistakes(diagnostics.with_paths(|file| format!("{revision}:{file}")))
    })
}

/// Loads files from a revision.
struct Revision {
    /// The folder of the root file, where `git` runs.
    at: PathBuf,
    /// The commit's full hash.
    commit: String,
    /// All links of the commit, and the objects with their targets.
    links: BTreeMap<PathBuf, String>,
    name: String,
    /// The root file in the repository, without links.
    root: PathBuf,
    /// The folders of imports, in search order.
    folders: Vec<PathBuf>,
}

impl Revision {
    /// `None` if the revision has no such file.
    fn of(path: &Path, revision: &str) -> Result<Option<Self>, GitError> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let at = parent.unwrap_or(Path::new(".")).to_owned();
        let name = path.file_name().unwrap_or_default();
        // A tag leads to a commit, and a revision such as `:/text` would include an appended
        // suffix.
        let object = parsed(&at, revision, revision)?;
        let commit = parsed(&at, &format!("{object}^{{commit}}"), revision)?;
        let failed = |error| GitError::Revision { revision: revision.to_owned(), error };
        let prefix = line(&run(&at, ["rev-parse", "--show-prefix"]).map_err(failed)?.stdout);
        let links = links(&at, &commit).map_err(failed)?;
        let mut revised = Self {
            at,
            commit,
            links,
            name: name.to_string_lossy().into_owned(),
            root: PathBuf::new(),
            folders: vec![PathBuf::new()],
        };
        let Ok(folder) = revised.resolved(&prefix) else { return Ok(None) };
        let Ok(root) = revised.resolved(&folder.join(name)) else { return Ok(None) };
        if !revised.has(&root).map_err(failed)? {
            return Ok(None);
        }
        let real = root.parent().unwrap_or(Path::new("")).to_owned();
        revised.folders = if real == folder { vec![folder] } else { vec![real, folder] };
        revised.root = root;
        Ok(Some(revised))
    }

    /// A path in the repository without links and dots.
    fn resolved(&self, path: &Path) -> io::Result<PathBuf> {
        let outside = || io::Error::other("it is a link that leads out of the repository");
        let mut left: Vec<OsString> = path.iter().rev().map(OsString::from).collect();
        let (mut done, mut followed) = (PathBuf::new(), 0);
        while let Some(part) = left.pop() {
            match Path::new(&part).components().next() {
                Some(Component::Normal(part)) => done.push(part),
                Some(Component::ParentDir) if !done.pop() => return Err(outside()),
                Some(Component::RootDir | Component::Prefix(_)) => return Err(outside()),
                _ => {}
            }
            let Some(link) = self.links.get(&done) else { continue };
            followed += 1;
            if followed > MOST_LINKS {
                return Err(io::Error::other("it is a link that leads to itself"));
            }
            let target = run(&self.at, ["cat-file", "blob", link])?;
            done.pop();
            left.extend(path_of(&target.stdout).iter().rev().map(OsString::from));
        }
        Ok(done)
    }

    fn object(&self, path: &Path) -> OsString {
        let mut object = OsString::from(format!("{}:", self.commit));
        object.push(path);
        object
    }

    fn has(&self, path: &Path) -> io::Result<bool> {
        let kind = run(&self.at, ["cat-file".into(), "-t".into(), self.object(path)])?;
        Ok(kind.stdout.starts_with(b"blob"))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let read = run(&self.at, ["cat-file".into(), "blob".into(), self.object(path)])?;
        match read.status.success() {
            true => Ok(read.stdout),
            false => Err(io::Error::other("the revision has no such file")),
        }
    }
}

impl Loader for Revision {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        if path == self.name {
            return self.read(&self.root);
        }
        for folder in &self.folders {
            let file = self.resolved(&folder.join(path))?;
            if !self.has(&file)? {
                continue;
            }
            if self.folders.iter().any(|folder| file.starts_with(folder)) {
                return self.read(&file);
            }
            return Err(io::Error::other("it is a link that leads out of the root folder"));
        }
        Err(io::Error::other("the revision has no such file"))
    }
}

/// The full hash of the object that a revision names.
fn parsed(at: &Path, expression: &str, revision: &str) -> Result<String, GitError> {
    let parse = ["rev-parse", "--verify", "--end-of-options", expression];
    let parsed = run(at, parse).map_err(GitError::Program)?;
    if parsed.status.success() {
        return Ok(String::from_utf8_lossy(&parsed.stdout).trim().to_owned());
    }
    let answer = String::from_utf8_lossy(&parsed.stderr);
    Err(GitError::Unknown {
        revision: revision.to_owned(),
        folder: at.to_owned(),
        answer: answer.lines().map(str::to_owned).collect(),
    })
}

fn links(at: &Path, commit: &str) -> io::Result<BTreeMap<PathBuf, String>> {
    let tree = run(at, ["ls-tree", "-r", "-z", "--full-tree", commit])?;
    // MODE TYPE OBJECT<tab>PATH
    let link = |entry: &[u8]| {
        let tab = entry.iter().position(|byte| *byte == b'\t')?;
        let head = std::str::from_utf8(&entry[..tab]).ok()?;
        let object = head.strip_prefix(LINK)?.split(' ').nth(2)?;
        Some((path_of(&entry[tab + 1..]), object.to_owned()))
    };
    Ok(tree.stdout.split(|byte| *byte == 0).filter_map(link).collect())
}

fn line(bytes: &[u8]) -> PathBuf {
    path_of(bytes.strip_suffix(b"\n").unwrap_or(bytes))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn run<A: AsRef<std::ffi::OsStr>, const N: usize>(
    at: &Path,
    arguments: [A; N],
) -> io::Result<Output> {
    Command::new("git").arg("-C").arg(at).args(arguments).stdin(Stdio::null()).output()
}
