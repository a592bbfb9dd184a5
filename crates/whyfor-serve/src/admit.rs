//! From content to a policy that may be served: all that is asked of a version, in this order.
//!
//! 1. Its signature, over the bytes: before anything of them is parsed.
//! 2. The name that the signature binds, and a sequence that is not older.
//! 3. It compiles, or the artifact is whole; a text ends with `end`.
//! 4. Its expectations hold. Those of an artifact held when it was compiled.
//!
//! The names that the code uses are asked of it afterwards (`published`), and the sequence is kept last.

use crate::failure::{Failure, FailureKind};
use crate::signature::{SignatureError, Signed};
use crate::source::Content;
#[cfg(feature = "text")]
use crate::source::TextFiles;
use crate::trust::{Signers, Trust};
use std::sync::Arc;
use whyfor::Policy;
#[cfg(feature = "text")]
use whyfor::{Code, Diagnostics, Model};

/// A policy that may be served.
pub(crate) struct Admitted {
    pub(crate) policy: Arc<Policy>,
    pub(crate) signed: Option<Signed>,
    /// What it was compiled from, for a comparison.
    #[cfg(feature = "diff")]
    pub(crate) text: Option<TextFiles>,
}

impl Admitted {
    fn new(policy: Arc<Policy>, signed: Option<Signed>) -> Self {
        Self {
            policy,
            signed,
            #[cfg(feature = "diff")]
            text: None,
        }
    }
}

/// Judges a content.
///
/// # Errors
/// Why it is not taken.
pub(crate) fn admit(name: &str, content: Content, trust: &Trust) -> Result<Admitted, Failure> {
    match (content, &trust.signers) {
        (Content::Artifact { bytes, signature }, Some(signers)) => {
            let signed = verified(name, &bytes, signature.as_deref(), signers, trust)?;
            Ok(Admitted::new(artifact(&bytes)?, Some(signed)))
        }
        (Content::Artifact { bytes, .. }, None) => Ok(Admitted::new(artifact(&bytes)?, None)),
        (Content::Policy(policy), None) => Ok(Admitted::new(policy, None)),
        #[cfg(feature = "text")]
        (Content::Text(files), None) => {
            let admitted = Admitted::new(Arc::new(compiled(&files, trust)?), None);
            #[cfg(feature = "diff")]
            let admitted = Admitted { text: Some(files), ..admitted };
            Ok(admitted)
        }
        (_, Some(_)) => Err(Failure::new(
            FailureKind::Unsigned,
            "a signature is asked for, and only artifacts are signed: compile the policy with `whyfor compile`, and sign \
             it with `whyfor sign`",
        )),
    }
}

fn verified(
    name: &str,
    bytes: &[u8],
    signature: Option<&str>,
    signers: &Signers,
    trust: &Trust,
) -> Result<Signed, Failure> {
    let Some(signature) = signature else {
        let message = "the artifact is not signed: sign it with `whyfor sign`, and put `FILE.whyc.minisig` beside it";
        return Err(Failure::new(FailureKind::Unsigned, message));
    };
    let signed = Signed::verify(bytes, signature, &signers.keys)
        .map_err(|error: SignatureError| Failure::new(FailureKind::Signature, error.to_string()))?;
    let comment = signed.comment();
    if comment.name() != name {
        let message =
            format!("it is signed for the policy `{}`, and not for `{name}`", comment.name());
        return Err(Failure::new(FailureKind::OtherName, message));
    }
    if comment.sequence() < trust.least_sequence {
        let message = format!(
            "`{name}` has sequence {}, and the least that is taken is {}",
            comment.sequence(),
            trust.least_sequence
        );
        return Err(Failure::new(FailureKind::Older, message));
    }
    signers.sequences.check(name, comment.sequence())?;
    Ok(signed)
}

fn artifact(bytes: &[u8]) -> Result<Arc<Policy>, Failure> {
    let policy = Policy::from_artifact(bytes);
    policy.map(Arc::new).map_err(|error| Failure::new(FailureKind::Artifact, error.to_string()))
}

#[cfg(feature = "text")]
fn compiled(files: &TextFiles, trust: &Trust) -> Result<Policy, Failure> {
    let model = Model::from_loader(files, files.root()).map_err(|found| refused(&found))?;
    if !model.is_ended() && !trust.may_lack_end {
        let message = format!(
            "a file of `{}` does not end with `end`, so it may have been cut off: write `closed` in the header and `end` \
             at the end of each file, or take such texts by `Trust::without_end`",
            files.root()
        );
        return Err(Failure::new(FailureKind::NoEnd, message));
    }
    Policy::compile_verified(&model).map_err(|found| refused(&found))
}

#[cfg(feature = "text")]
fn refused(found: &Diagnostics) -> Failure {
    let has = |code: Code| found.iter().any(|diagnostic| diagnostic.code() == code);
    let kind = match () {
        () if has(Code::ImportUnreadable) => FailureKind::Unreadable,
        () if has(Code::NoEnd) => FailureKind::NoEnd,
        () if has(Code::ExpectationFails) => FailureKind::Expectations,
        () => FailureKind::Mistakes,
    };
    Failure::new(kind, found.to_string())
}
