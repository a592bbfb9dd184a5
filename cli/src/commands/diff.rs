//! `whyfor diff`: what changed between two policies.

use crate::args::{Diff, DiffFormat};
use crate::diff::{Compared, html, json, markdown, text};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::git;
use crate::output::BOLD;
use crate::output::progress::Working;
use crate::policy;
use std::io::Write;
use std::path::Path;
use whyfor::{Model, diff};

/// Compares and shows.
pub(crate) fn run(arguments: &Diff) -> Result<Exit, Failure> {
    let working = Working::on("comparing");
    let (names, old, new) = match (arguments.files.as_slice(), &arguments.git) {
        ([file], Some(revision)) => {
            let name = file.display().to_string();
            let old = git::model(file, revision)?;
            ([format!("{name} at {revision}"), name], old, model(file)?)
        }
        ([old, new], None) => {
            let names = [old, new].map(|file| files::shown_name(file));
            (names, model(old)?, model(new)?)
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
    let compared = Compared { names, diff: diff::diff(&old, &new).map_err(Failure::Policy)? };
    drop(working);
    let shown = match arguments.format {
        DiffFormat::Text => text::render(&compared),
        DiffFormat::Markdown => markdown::render(&compared),
        DiffFormat::Json => json::render(&compared),
        DiffFormat::Html => html::render(&compared),
    };
    let is_page = matches!(arguments.format, DiffFormat::Html);
    if let Some(left_out) = html::left_out(&compared).filter(|_| is_page) {
        anstream::eprintln!("{BOLD}left out{BOLD:#}: {left_out}");
    }
    let written = match arguments.format {
        DiffFormat::Text => anstream::stdout().lock().write_all(shown.as_bytes()),
        _ => std::io::stdout().lock().write_all(shown.as_bytes()),
    };
    written.map_err(Failure::io("cannot write what changed"))?;
    Ok(if compared.diff.is_more_permissive() { Exit::Found } else { Exit::Fine })
}

/// The policy of a text: an artifact has not what is compared.
pub(crate) fn model(path: &Path) -> Result<Model, Failure> {
    policy::model(path, "compare the `.why` files that they were compiled from")
}
