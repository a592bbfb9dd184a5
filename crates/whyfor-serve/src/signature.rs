//! Signatures in minisign's format, over the bytes of an artifact.
//!
//! ```text
//! untrusted comment: …            anyone can change it; it is not read
//! RUT…                            algorithm, id of the key, signature of the BLAKE2b hash of the bytes
//! trusted comment: name:shop⇥sequence:7
//! …                               signature of the two lines above
//! ```
//!
//! Only prehashed signatures are taken: the older kind, without a hash, is refused. The trusted comment is signed, and binds
//! the policy's name and a sequence number. Its parts stand between tabs, so a text with spaces cannot imitate one.

use std::fmt;
use std::str::FromStr;

/// The bytes of a policy's name in a store: a label of metrics and logs too.
pub(crate) const MOST_NAME_BYTES: usize = 255;

/// A key whose signatures are trusted: minisign's public key.
///
/// ```
/// use whyfor_serve::PublicKey;
/// let key: PublicKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse()?;
/// let file = format!("untrusted comment: minisign public key E7620F1842B4E81F\n{key}\n");
/// assert_eq!(file.parse::<PublicKey>()?, key);
/// # Ok::<(), whyfor_serve::ParseKeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: minisign_verify::PublicKey,
    text: String,
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.text)
    }
}

/// A text that is no public key of minisign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no public key of minisign: 56 characters that begin with `RW`, in a file after a line with a comment"
)]
pub struct ParseKeyError(());

impl FromStr for PublicKey {
    type Err = ParseKeyError;

    /// Reads the contents of a `.pub` file, or only its second line.
    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let mut lines = text.trim().lines().map(str::trim);
        let line = match (lines.next(), lines.next(), lines.next()) {
            (Some(comment), Some(line), None) if comment.starts_with("untrusted comment:") => line,
            (Some(line), None, None) => line,
            _ => return Err(ParseKeyError(())),
        };
        let key = minisign_verify::PublicKey::from_base64(line).map_err(|_| ParseKeyError(()))?;
        Ok(Self { key, text: line.to_owned() })
    }
}

/// What a signature binds beside the bytes: which policy of a store this is, and how new.
///
/// ```
/// use whyfor_serve::TrustedComment;
/// let comment = TrustedComment::new("shop", 7)?;
/// assert_eq!(comment.to_string(), "name:shop\tsequence:7");
/// assert_eq!("timestamp:1700000000\tname:shop\tsequence:7".parse(), Ok(comment));
/// # Ok::<(), whyfor_serve::TrustedCommentError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedComment {
    name: String,
    sequence: u64,
}

/// A trusted comment without a name and a sequence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustedCommentError {
    /// A part is missing.
    #[error(
        "its trusted comment has no `{0}:`: sign with `whyfor sign`, or write `name:NAME`, a tab and `sequence:NUMBER`"
    )]
    Missing(&'static str),
    /// A part stands twice.
    #[error("its trusted comment has `{0}:` twice: which one counts is not known")]
    Twice(&'static str),
    /// The sequence is not a number.
    #[error("the sequence in its trusted comment is no whole number up to {}", u64::MAX)]
    Sequence,
    /// The name cannot be the name of a policy.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// A text that cannot name a policy in a store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a policy's name in a store has 1 to {MOST_NAME_BYTES} bytes, no control characters, and no space at its ends"
)]
pub struct NameError(());

/// Whether a policy of a store may be called so.
pub(crate) fn checked_name(name: &str) -> Result<(), NameError> {
    let is_name = !name.is_empty()
        && name.len() <= MOST_NAME_BYTES
        && name.trim() == name
        && whyfor::printable(name) == name;
    if is_name { Ok(()) } else { Err(NameError(())) }
}

impl TrustedComment {
    /// The comment that binds a name and a sequence.
    ///
    /// ```
    /// use whyfor_serve::TrustedComment;
    /// assert!(TrustedComment::new("shop\tsequence:9", 7).is_err());
    /// ```
    ///
    /// # Errors
    /// The name is empty, too long, or has characters that are not printable.
    pub fn new(name: &str, sequence: u64) -> Result<Self, TrustedCommentError> {
        checked_name(name)?;
        Ok(Self { name: name.to_owned(), sequence })
    }

    /// Which policy of a store it is.
    ///
    /// ```
    /// # use whyfor_serve::TrustedComment;
    /// assert_eq!(TrustedComment::new("shop", 7)?.name(), "shop");
    /// # Ok::<(), whyfor_serve::TrustedCommentError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How new it is: a later version has a greater number.
    ///
    /// ```
    /// # use whyfor_serve::TrustedComment;
    /// assert_eq!(TrustedComment::new("shop", 7)?.sequence(), 7);
    /// # Ok::<(), whyfor_serve::TrustedCommentError>(())
    /// ```
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

impl fmt::Display for TrustedComment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "name:{}\tsequence:{}", self.name, self.sequence)
    }
}

impl FromStr for TrustedComment {
    type Err = TrustedCommentError;

    /// Reads the parts between tabs. Parts of other programs, such as `timestamp:`, are passed over.
    fn from_str(text: &str) -> Result<Self, TrustedCommentError> {
        let name = part(text, "name")?;
        let sequence = part(text, "sequence")?;
        let is_number = sequence.bytes().all(|byte| byte.is_ascii_digit());
        match sequence.parse() {
            Ok(sequence) if is_number => Self::new(name, sequence),
            _ => Err(TrustedCommentError::Sequence),
        }
    }
}

fn part<'t>(text: &'t str, key: &'static str) -> Result<&'t str, TrustedCommentError> {
    let value = |part: &'t str| part.strip_prefix(key)?.strip_prefix(':');
    let mut values = text.split('\t').filter_map(value);
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(TrustedCommentError::Missing(key)),
        (Some(_), Some(_)) => Err(TrustedCommentError::Twice(key)),
    }
}

/// A signature that is right: by which key, and what it binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    comment: TrustedComment,
    key: PublicKey,
}

/// Why a signature is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text is not a signature.
    #[error("the signature is not in minisign's format: it was cut off or is something else")]
    Malformed,
    /// No trusted key made it.
    #[error("no trusted key made the signature")]
    OtherKey,
    /// A signature of the older kind.
    #[error(
        "the signature is of minisign's older kind, without a hash: sign again with `whyfor sign`"
    )]
    Legacy,
    /// The bytes or the trusted comment are not those that were signed.
    #[error(
        "the signature does not fit: the artifact or the trusted comment is not what was signed"
    )]
    Forged,
    /// What it binds is not known.
    #[error(transparent)]
    Comment(#[from] TrustedCommentError),
}

impl Signed {
    /// Verifies a signature: one of the keys made it, over these bytes and the trusted comment. Nothing of the bytes is
    /// parsed.
    ///
    /// O(length of the bytes): some milliseconds for each MiB.
    ///
    /// ```
    /// use whyfor_serve::{PublicKey, Signed, SignatureError};
    /// let key: PublicKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse()?;
    /// assert_eq!(Signed::verify(b"bytes", "no signature", &[key]), Err(SignatureError::Malformed));
    /// # Ok::<(), whyfor_serve::ParseKeyError>(())
    /// ```
    ///
    /// # Errors
    /// The signature is malformed, legacy, of another key, or not of these bytes; or its comment has no name and sequence.
    pub fn verify(
        bytes: &[u8],
        signature: &str,
        keys: &[PublicKey],
    ) -> Result<Self, SignatureError> {
        let signature =
            minisign_verify::Signature::decode(signature).map_err(|_| SignatureError::Malformed)?;
        let mut refused = SignatureError::OtherKey;
        for key in keys {
            match key.key.verify(bytes, &signature, false) {
                Ok(()) => {
                    let comment = signature.trusted_comment().parse()?;
                    return Ok(Self { comment, key: key.clone() });
                }
                Err(minisign_verify::Error::UnexpectedKeyId) => {}
                Err(minisign_verify::Error::UnexpectedAlgorithm) => {
                    refused = SignatureError::Legacy
                }
                Err(_) => refused = SignatureError::Forged,
            }
        }
        Err(refused)
    }

    /// What the signature binds: the policy's name and its sequence.
    ///
    /// ```
    /// fn log(signed: &whyfor_serve::Signed) {
    ///     println!("`{}`, sequence {}", signed.comment().name(), signed.comment().sequence());
    /// }
    /// ```
    #[must_use]
    pub fn comment(&self) -> &TrustedComment {
        &self.comment
    }

    /// The key that made it.
    ///
    /// ```
    /// fn log(signed: &whyfor_serve::Signed) {
    ///     println!("signed by {}", signed.key());
    /// }
    /// ```
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}
