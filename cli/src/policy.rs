//! The policy that a command works on: a `.why` file with its imports, or a `.whyc` artifact; from a file, or
//! from standard input or a pipe, which have no folder and so no imports.

use crate::exit::Failure;
use crate::files::{self, Identity};
use crate::output::progress::Working;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use whyfor::{ArtifactError, Loader, Model, Policy, RootFile};

/// The bytes of a policy's text from a stream: one more than the library takes, which tells of it then.
const MOST_TEXT: u64 = (16 << 20) + 1;
/// The bytes of an artifact from a stream: more than any has.
const MOST_BYTES: u64 = 1 << 30;

/// A loaded policy; of a `.why` file also the model.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) model: Option<Model>,
    pub(crate) origin: Origin,
}

impl Loaded {
    /// The file of the policy that is also known by another name, links followed.
    pub(crate) fn file_that_is(&self, other: &Identity) -> Option<PathBuf> {
        let files = self.model.iter().flat_map(|model| model.sources().files());
        let imports = files.map(|file| self.origin.place(file.path()));
        let is_other = |path: &PathBuf| Identity::of_input(path).as_ref() == Some(other);
        std::iter::once(self.origin.path.clone()).chain(imports).find(is_other)
    }
}

/// Where a policy is read from.
pub(crate) struct Origin {
    path: PathBuf,
    /// The root file of one that is read from files.
    root: Option<RootFile>,
}

impl Origin {
    pub(crate) fn of(path: &Path) -> Self {
        let root = if files::is_stream(path) { None } else { RootFile::new(path).ok() };
        Self { path: path.to_owned(), root }
    }

    /// Where one of its files is.
    pub(crate) fn place(&self, file: &str) -> PathBuf {
        self.root.as_ref().map_or(self.path.clone(), |root| root.place(file))
    }
}

/// Loads a policy. Which of the two it is, its first bytes say.
pub(crate) fn load(path: &Path) -> Result<Loaded, Failure> {
    let origin = Origin::of(path);
    let _working = Working::on(format!("compiling {}", files::shown_name(path)));
    let model = match read(path)? {
        Content::Artifact(policy) => return Ok(Loaded { policy, model: None, origin }),
        Content::Text(model) => *model,
    };
    let policy = Policy::compile(&model).map_err(Failure::Policy)?;
    Ok(Loaded { policy, model: Some(model), origin })
}

/// Reads a policy's text. `instead` says what an artifact cannot be used for.
pub(crate) fn model(path: &Path, instead: &str) -> Result<Model, Failure> {
    match read(path)? {
        Content::Text(model) => Ok(*model),
        Content::Artifact(_) => {
            let path = files::shown_name(path);
            Err(Failure::Usage(format!("`{path}` is an artifact: {instead}")))
        }
    }
}

enum Content {
    Artifact(Policy),
    Text(Box<Model>),
}

fn read(path: &Path) -> Result<Content, Failure> {
    if files::is_stream(path) {
        return read_stream(path);
    }
    // A file that is named as an artifact is one, so that an empty or foreign one is told as that.
    if Policy::is_artifact(path) || path.extension().is_some_and(|e| e == "whyc") {
        let artifact = |error| Failure::Artifact { path: files::shown_name(path), error };
        return Policy::open(path).map(Content::Artifact).map_err(artifact);
    }
    Model::read(path).map(Box::new).map(Content::Text).map_err(Failure::Policy)
}

fn read_stream(path: &Path) -> Result<Content, Failure> {
    let name = files::shown_name(path);
    let mut stream = files::open(path)?;
    let failed = || Failure::io(format!("cannot read `{name}`"));
    let mut bytes = Vec::new();
    stream.by_ref().take(MOST_TEXT).read_to_end(&mut bytes).map_err(failed())?;
    let is_foreign =
        |bytes: &[u8]| matches!(Policy::from_bytes(bytes), Err(ArtifactError::Foreign));
    if is_foreign(&bytes) {
        let stream = Stream { name, bytes };
        return Model::load(&stream, &stream.name)
            .map(Box::new)
            .map(Content::Text)
            .map_err(Failure::Policy);
    }
    stream.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed())?;
    let policy = Policy::from_bytes(&bytes);
    policy.map(Content::Artifact).map_err(|error| Failure::Artifact { path: name, error })
}

/// A policy that is one text.
struct Stream {
    name: String,
    bytes: Vec<u8>,
}

impl Loader for Stream {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        if path == self.name {
            return Ok(self.bytes.clone());
        }
        let message =
            format!("what is read from `{}` has no folder; name a file instead", self.name);
        Err(io::Error::new(io::ErrorKind::Unsupported, message))
    }
}

/// As [`load`], of a policy whose answers are acted on: one whose expectations fail is refused.
pub(crate) fn load_verified(path: &Path) -> Result<Loaded, Failure> {
    let loaded = load(path)?;
    let failures = loaded.model.as_ref().map(|model| loaded.policy.check_expectations(model));
    match failures.filter(|failures| !failures.is_empty()) {
        Some(failures) => Err(Failure::Policy(failures)),
        None => Ok(loaded),
    }
}
