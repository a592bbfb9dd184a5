//! `whyfor diff`: what changed between two policies.

use crate::args::{Diff, DiffFormat, FailOn};
use crate::diff::{self as shown, Compared};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::git::{self, GitError};
use crate::output::progress::Working;
use crate::output::{self, BOLD, report, streams};
use crate::policy::{self, Text};
use std::path::Path;
use whyfor::{Memory, Model, diff};

/// Compares and shows.
pub(crate) fn run(arguments: &Diff) -> Result<Exit, Failure> {
    let working = Working::on("comparing");
    let (names, old, new) = match (arguments.files.as_slice(), &arguments.git) {
        ([file], Some(_)) if files::is_stream(file) => {
            let message = "`--git` compares a file, not standard input or a pipe";
            return Err(Failure::Usage(message.to_owned()));
        }
        ([file], Some(revision)) => {
            let (name, new) = (file.display().to_string(), text(file)?);
            match at_revision(file, revision)? {
                Some(old) => ([format!("{name} at {revision}"), name], old, new),
                None => ([format!("nothing at {revision}"), name], nothing()?, new),
            }
        }
        ([old, new], None) => {
            let names = [old, new].map(|file| files::shown_name(file));
            (names, text(old)?.model, text(new)?)
        }
        ([_], None) => {
            return Err(Failure::Usage(
                "name the old policy and the new one, or a revision with `--git REV`".to_owned(),
            ));
        }
        _ => {
            let message = "`--git` compares one file with itself at a revision";
            return Err(Failure::Usage(message.to_owned()));
        }
    };
    let diff = new.with(|new| diff::diff(&old, new))?;
    drop(working);
    let is_found = arguments.fail_on.iter().any(|what| match what {
        FailOn::Permissive => diff.is_more_permissive(),
        FailOn::Wording => !diff.wording().is_empty(),
    });
    let compared = Compared { names, diff };
    let is_page = matches!(arguments.format, DiffFormat::Html);
    if let Some(left_out) = shown::html::left_out(&compared).filter(|_| is_page) {
        report!("{BOLD}left out{BOLD:#}: {left_out}");
    }
    match arguments.format {
        DiffFormat::Text => shown::text::render(&compared).print(),
        DiffFormat::Markdown => streams::write(shown::markdown::render(&compared)),
        DiffFormat::Json => streams::write(shown::json::render(&compared)),
        DiffFormat::Html => streams::write(shown::html::render(&compared)),
    }?;
    Ok(if is_found { Exit::Found } else { Exit::Fine })
}

/// The policy of the same file at a revision, if it has one.
fn at_revision(file: &Path, revision: &str) -> Result<Option<Model>, Failure> {
    git::model(file, revision).map_err(|error| {
        if matches!(error, GitError::Mistakes(_)) {
            let shown = files::shown_name(file);
            output::error(&format!("`{shown}` had mistakes at `{revision}`"), &[]);
        }
        error.into()
    })
}

/// The source text of a policy: an artifact cannot be compared.
pub(crate) fn text(path: &Path) -> Result<Text, Failure> {
    Ok(policy::text(path, "compare the `.why` files that they were compiled from")?)
}

/// The empty policy, for a file that does not exist at the revision.
fn nothing() -> Result<Model, Failure> {
    let files = Memory::new().with("nothing.why", "policy nothing");
    Model::from_loader(&files, "nothing.why").map_err(Failure::Policy)
}
