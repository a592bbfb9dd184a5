//! `whyfor verify`: whether an artifact is signed as a service would ask.

use crate::args::Verify;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::{self, BOLD, DIM, Page, line};
use crate::signing;
use whyfor::Policy;
use whyfor_serve::{Content, FileSource, PublicKey, Signed, Source};

/// Verifies, and only then reads the artifact.
pub(crate) fn run(arguments: &Verify) -> Result<Exit, Failure> {
    let keys = arguments.keys.iter().map(|key| signing::public_key(key));
    let keys: Vec<PublicKey> = keys.collect::<Result<_, _>>()?;
    let content = FileSource::artifact(&arguments.file).read();
    let content = content.map_err(|failure| Failure::Usage(failure.to_string()))?;
    let Content::Artifact { bytes, signature } = content else {
        let message = format!("`{}` is not an artifact (a `.whyc` file)", arguments.file.display());
        return Err(Failure::Usage(message));
    };
    let name = files::shown_name(&arguments.file);
    match verified(arguments, &bytes, signature.as_deref(), &keys) {
        Ok((signed, policy)) => {
            print(&name, &signed, &policy)?;
            Ok(Exit::Fine)
        }
        Err(why) => {
            output::error(&format!("`{name}` is not verified: {why}"), &[]);
            Ok(Exit::Found)
        }
    }
}

/// The signature and the policy, or why it is not verified.
fn verified(
    arguments: &Verify,
    bytes: &[u8],
    signature: Option<&str>,
    keys: &[PublicKey],
) -> Result<(Signed, Policy), String> {
    let signature =
        signature.ok_or("there is no signature beside it: sign it with `whyfor sign`")?;
    let signed = Signed::verify(bytes, signature, keys).map_err(|error| error.to_string())?;
    let comment = signed.comment();
    if let Some(name) = &arguments.name
        && name != comment.name()
    {
        return Err(format!("it is signed for `{}`", comment.name()));
    }
    if let Some(least) = arguments.least_sequence
        && comment.sequence() < least
    {
        return Err(format!("its sequence is {}", comment.sequence()));
    }
    let policy = Policy::from_artifact(bytes).map_err(|error| error.to_string())?;
    Ok((signed, policy))
}

fn print(name: &str, signed: &Signed, policy: &Policy) -> Result<(), Failure> {
    let mut page = Page::new();
    let comment = signed.comment();
    let (by, digest) = (signed.key(), policy.digest());
    line!(page, "ok {BOLD}{name}{BOLD:#}: `{}`, sequence {}", comment.name(), comment.sequence());
    line!(page, "   {DIM}signed by {by}{DIM:#}");
    line!(page, "   {DIM}digest {digest}{DIM:#}");
    Ok(page.print()?)
}
