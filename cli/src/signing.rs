//! Keys and signatures of artifacts, in minisign's format. `whyfor-serve` knows what a signature binds and verifies it;
//! here artifacts are signed.

use crate::files::{self, FileError};
use ct_codecs::{Base64, Decoder};
use minisign::{KeyPair, PError, SecretKey, SecretKeyBox};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use whyfor::{LoadError, Policy};
use whyfor_serve::{ParseKeyError, PublicKey, TrustedComment, TrustedCommentError};

/// The start of a secret key in base 64: the algorithms of the key, of its password and of its checksum.
const WITH_PASSWORD: &str = "RWRTY0Iy";
const WITHOUT_PASSWORD: &str = "RWQAAEIy";
/// The bytes of the checksum at the end of a secret key.
const CHECKSUM_BYTES: usize = 32;
/// The bytes of a secret key: what says how it is kept, its number, both halves, and a checksum.
const SECRET_KEY_BYTES: usize = 54 + 8 + 64 + CHECKSUM_BYTES;
/// The password of a key, for programs that sign.
const PASSWORD_VARIABLE: &str = "WHYFOR_KEY_PASSWORD";

/// Why nothing is signed, or no key is made or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningError {
    #[error(transparent)]
    File(#[from] FileError),
    /// The file to be signed is not an artifact.
    #[error(transparent)]
    Artifact(#[from] LoadError),
    #[error("cannot write `{path}`: {error}")]
    Write { path: String, error: io::Error },
    #[error("cannot ask for the password: {0}")]
    Prompt(io::Error),
    #[error("the two passwords differ: nothing was written")]
    PasswordsDiffer,
    #[error("the password is empty: use `--no-password` for a key without one")]
    EmptyPassword,
    #[error("`{0}` is no secret key of minisign: make one with `whyfor keygen KEY`")]
    NoSecretKey(String),
    /// The crate that signs says why.
    #[error("the key `{path}` cannot be used: {error}")]
    Key { path: String, error: PError },
    #[error("signing failed: {0}")]
    Sign(PError),
    #[error("`{path}`: {error}")]
    PublicKey { path: String, error: ParseKeyError },
    #[error("{}", .0.to_string().replace("its trusted comment", "it"))]
    Comment(#[from] TrustedCommentError),
}

/// Where the password of a key comes from.
pub(crate) struct Password<'p> {
    pub(crate) file: Option<&'p Path>,
}

impl Password<'_> {
    /// From the file, the variable or the terminal, in this order.
    fn read(&self, prompt: &str) -> Result<String, SigningError> {
        match self.given()? {
            Some(password) => Ok(password),
            None => rpassword::prompt_password(prompt).map_err(SigningError::Prompt),
        }
    }

    /// A new one: from the terminal, twice.
    fn choose(&self) -> Result<String, SigningError> {
        let password = self.read("New password: ")?;
        if password.is_empty() {
            return Err(SigningError::EmptyPassword);
        }
        if self.given()?.is_none() && self.read("The same again: ")? != password {
            return Err(SigningError::PasswordsDiffer);
        }
        Ok(password)
    }

    fn given(&self) -> Result<Option<String>, SigningError> {
        let Some(file) = self.file else { return Ok(std::env::var(PASSWORD_VARIABLE).ok()) };
        let text = files::read_text(file)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
    }
}

/// A signature that was written.
pub(crate) struct Written {
    pub(crate) path: PathBuf,
    pub(crate) policy: Policy,
}

/// Signs an artifact, and writes the signature beside it.
///
/// # Errors
/// The file is not an artifact, the key cannot be used, or the signature cannot be written.
pub(crate) fn sign(
    key: &Path,
    password: &Password<'_>,
    file: &Path,
    comment: &TrustedComment,
) -> Result<Written, SigningError> {
    let policy = Policy::open(file)?;
    let key = secret_key(key, password)?;
    let own = minisign::PublicKey::from_secret_key(&key).map_err(SigningError::Sign)?;
    let signature =
        minisign::sign(Some(&own), &key, policy.as_bytes(), Some(&comment.to_string()), None)
            .map_err(SigningError::Sign)?;
    let path = beside(file);
    files::replace(&path, signature.into_string().as_bytes(), files::Keep::Itself)
        .map_err(|error| SigningError::Write { path: path.display().to_string(), error })?;
    Ok(Written { path, policy })
}

/// Where the signature of a file is.
fn beside(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".minisig");
    path.into()
}

fn secret_key(path: &Path, password: &Password<'_>) -> Result<SecretKey, SigningError> {
    let text = files::read_text(path)?;
    let shown = || path.display().to_string();
    let unusable = |error| SigningError::Key { path: shown(), error };
    let line = text.lines().nth(1).unwrap_or("");
    let boxed = SecretKeyBox::from(text.clone());
    if line.starts_with(WITHOUT_PASSWORD) {
        return unprotected(line, boxed).map_err(unusable);
    }
    if !line.starts_with(WITH_PASSWORD) {
        return Err(SigningError::NoSecretKey(shown()));
    }
    let password = password.read(&format!("Password of `{}`: ", whyfor::printable(&shown())))?;
    boxed.into_secret_key(Some(password)).map_err(unusable)
}

/// A key without a password. That of the program minisign has no checksum: then the signature is verified by the key's own
/// public half.
fn unprotected(line: &str, boxed: SecretKeyBox) -> Result<SecretKey, PError> {
    let bytes = Base64::decode_to_vec(line, None).unwrap_or_default();
    let has_no_checksum = bytes.len() == SECRET_KEY_BYTES
        && bytes[SECRET_KEY_BYTES - CHECKSUM_BYTES..].iter().all(|byte| *byte == 0);
    if has_no_checksum {
        SecretKey::from_bytes(&bytes)
    } else {
        boxed.into_unencrypted_secret_key()
    }
}

/// The files of a new key.
pub(crate) struct NewKey {
    pub(crate) public_path: PathBuf,
    pub(crate) public: PublicKey,
}

/// Makes a key and writes both files. `None` makes one without a password.
///
/// # Errors
/// A file is there already or cannot be written.
pub(crate) fn make_key(
    path: &Path,
    password: Option<&Password<'_>>,
) -> Result<NewKey, SigningError> {
    let shown = |path: &Path| path.display().to_string();
    let public_path = path.with_extension("pub");
    if public_path == path {
        let error = io::Error::new(
            io::ErrorKind::InvalidInput,
            "the public key is written to this name: give the secret key another",
        );
        return Err(SigningError::Write { path: shown(path), error });
    }
    for path in [path, &public_path] {
        if path.symlink_metadata().is_ok() {
            let error = io::ErrorKind::AlreadyExists.into();
            return Err(SigningError::Write { path: shown(path), error });
        }
    }
    let failed = |error| SigningError::Key { path: shown(path), error };
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password.choose()?)),
        None => KeyPair::generate_unencrypted_keypair(),
    };
    let pair = pair.map_err(failed)?;
    let secret = pair.sk.to_box(None).map_err(failed)?;
    let public_text = pair.pk.to_box().map_err(failed)?.to_string();
    let public = parsed(&public_path, &public_text)?;
    let written = |path: &Path, text: &str, is_secret| {
        write_new(path, text, is_secret)
            .map_err(|error| SigningError::Write { path: shown(path), error })
    };
    written(path, &secret.to_string(), true)?;
    written(&public_path, &public_text, false).inspect_err(|_| {
        let _ = std::fs::remove_file(path); // it would stand in the way of the next attempt
    })?;
    Ok(NewKey { public_path, public })
}

/// Writes a file that is not there. A secret is readable only by its owner, from the start.
fn write_new(path: &Path, text: &str, is_secret: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = is_secret; // the folder's access lists count
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A public key: of a file, or the text of the key itself.
///
/// # Errors
/// It is neither.
pub(crate) fn public_key(named: &Path) -> Result<PublicKey, SigningError> {
    match named.to_str().and_then(|text| text.parse().ok()) {
        Some(key) => Ok(key),
        None => parsed(named, &files::read_text(named)?),
    }
}

fn parsed(path: &Path, text: &str) -> Result<PublicKey, SigningError> {
    text.parse()
        .map_err(|error| SigningError::PublicKey { path: path.display().to_string(), error })
}
