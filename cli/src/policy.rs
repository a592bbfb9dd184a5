//! The policy for a command: a `.why` file with its imports or a `.whyc` artifact, from a file, or
//! from standard input or a pipe, which have no folder and so no imports.

use crate::files::{self, FileError, Identity};
use crate::output::progress::Working;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use whyfor::{ArtifactError, Diagnostics, LoadError, Loader, Model, Policy, RootFile};

/// Most bytes of a policy's text from a stream: one more than the library accepts, so that it
/// reports the excess.
const MOST_TEXT: u64 = (16 << 20) + 1;
/// Most bytes of an artifact from a stream.
const MOST_BYTES: u64 = 1 << 30;

/// Why a policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyError {
    /// Its text does not compile, or its expectations fail.
    #[error("{0}")]
    Mistakes(Diagnostics),
    /// The artifact is damaged, or is not an artifact.
    #[error("{0}")]
    Artifact(LoadError),
    #[error(transparent)]
    Unreadable(#[from] FileError),
    /// Its text is needed.
    #[error("`{path}` is an artifact: {instead}")]
    IsArtifact { path: String, instead: &'static str },
}

/// A loaded policy, with its text if it is a `.why` file.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) text: Option<Text>,
    path: PathBuf,
}

/// A policy's text: its model and origin.
pub(crate) struct Text {
    pub(crate) model: Model,
    pub(crate) origin: Origin,
}

impl Loaded {
    pub(crate) fn model(&self) -> Option<&Model> {
        self.text.as_ref().map(|text| &text.model)
    }

    /// The warnings for its text, and the failed expectations. Empty for an artifact.
    pub(crate) fn warnings_and_failures(&self) -> [Diagnostics; 2] {
        let Some(Text { model, origin }) = &self.text else { return Default::default() };
        [model.warnings(), self.policy.check_expectations(model)]
            .map(|found| origin.with_shown_paths(found))
    }

    /// The file of the policy with this identity, if any, links followed.
    pub(crate) fn file_that_is(&self, other: &Identity) -> Option<PathBuf> {
        let files = self.text.iter().flat_map(|text| {
            text.model.sources().files().iter().map(|file| text.origin.place(file.path()))
        });
        let is_other = |path: &PathBuf| Identity::of_input(path).as_ref() == Some(other);
        std::iter::once(self.path.clone()).chain(files).find(is_other)
    }
}

/// The source of a policy's text.
pub(crate) struct Origin {
    path: PathBuf,
    /// The root file; `None` for a stream.
    root: Option<RootFile>,
}

impl Origin {
    fn of(path: &Path) -> Self {
        let root = if files::is_stream(path) { None } else { RootFile::new(path).ok() };
        Self { path: path.to_owned(), root }
    }

    /// The path of one of its files.
    pub(crate) fn place(&self, file: &str) -> PathBuf {
        self.root.as_ref().map_or(self.path.clone(), |root| root.place(file))
    }

    /// The root file, seen from the working directory.
    pub(crate) fn root(&self) -> String {
        files::shown_from_here(&self.path)
    }

    /// One of its files, seen from the working directory.
    pub(crate) fn shown(&self, file: &str) -> String {
        files::shown_from_here(&self.place(file))
    }

    /// Diagnostics with file names as seen from the working directory.
    pub(crate) fn with_shown_paths(&self, diagnostics: Diagnostics) -> Diagnostics {
        diagnostics.with_paths(|file| self.shown(file))
    }

    fn failed(&self) -> impl FnOnce(Diagnostics) -> PolicyError {
        |diagnostics| PolicyError::Mistakes(self.with_shown_paths(diagnostics))
    }
}

impl Text {
    /// Runs a function of the library on the model; its diagnostics become the failure.
    pub(crate) fn with<T>(
        &self,
        run: impl FnOnce(&Model) -> Result<T, Diagnostics>,
    ) -> Result<T, PolicyError> {
        run(&self.model).map_err(self.origin.failed())
    }
}

/// Loads a policy. Its first bytes tell whether it is an artifact.
pub(crate) fn load(path: &Path) -> Result<Loaded, PolicyError> {
    let _working = Working::on(format!("compiling {}", files::shown_name(path)));
    match read(path)? {
        Content::Artifact(policy) => Ok(Loaded { policy, text: None, path: path.to_owned() }),
        Content::Text(text) => {
            let policy = text.with(Policy::compile)?;
            Ok(Loaded { policy, text: Some(*text), path: path.to_owned() })
        }
    }
}

/// Reads a policy's text. `instead` is the advice if it is an artifact.
pub(crate) fn text(path: &Path, instead: &'static str) -> Result<Text, PolicyError> {
    match read(path)? {
        Content::Text(text) => Ok(*text),
        Content::Artifact(_) => {
            Err(PolicyError::IsArtifact { path: files::shown_name(path), instead })
        }
    }
}

enum Content {
    Artifact(Policy),
    Text(Box<Text>),
}

fn read(path: &Path) -> Result<Content, PolicyError> {
    let origin = Origin::of(path);
    if files::is_stream(path) {
        return read_stream(origin);
    }
    if Policy::is_artifact(path) {
        return Policy::open(path).map(Content::Artifact).map_err(PolicyError::Artifact);
    }
    let model = Model::from_path(path).map_err(origin.failed())?;
    Ok(Content::Text(Box::new(Text { model, origin })))
}

fn read_stream(origin: Origin) -> Result<Content, PolicyError> {
    let name = files::shown_name(&origin.path);
    let mut stream = files::open(&origin.path)?;
    let failed = |error| FileError::System { doing: format!("cannot read `{name}`"), error };
    let mut bytes = Vec::new();
    stream.by_ref().take(MOST_TEXT).read_to_end(&mut bytes).map_err(failed)?;
    let is_foreign =
        |bytes: &[u8]| matches!(Policy::from_artifact(bytes), Err(ArtifactError::Foreign));
    if is_foreign(&bytes) {
        let stream = Stream { name, bytes };
        let model = Model::from_loader(&stream, &stream.name).map_err(PolicyError::Mistakes)?;
        return Ok(Content::Text(Box::new(Text { model, origin })));
    }
    stream.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    let policy = Policy::from_artifact(&bytes);
    let path = PathBuf::from(&name);
    let failed = |source| PolicyError::Artifact(LoadError::Artifact { path, source });
    policy.map(Content::Artifact).map_err(failed)
}

/// A policy in a single text.
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

/// As [`load`], for commands that act on answers: a policy with failed expectations is refused.
pub(crate) fn load_verified(path: &Path) -> Result<Loaded, PolicyError> {
    let loaded = load(path)?;
    let [_, failures] = loaded.warnings_and_failures();
    if failures.is_empty() { Ok(loaded) } else { Err(PolicyError::Mistakes(failures)) }
}
