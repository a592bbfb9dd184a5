//! `whyfor import`: drafts of policies from existing documents.

use crate::args::{Import, ImportList};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::import::{self, Drafted, suggest};
use crate::notice::labels;
use crate::notice::read::{self, Markup, Page};
use crate::notice::words::Words;
use crate::output::streams;
use std::path::Path;

pub(crate) fn run(arguments: &Import) -> Result<Exit, Failure> {
    match arguments {
        Import::List(arguments) => from_list(arguments),
    }
}

fn from_list(arguments: &ImportList) -> Result<Exit, Failure> {
    let text = files::read_text(&arguments.file)?;
    let words = match &arguments.labels {
        None => Words::default(),
        Some(path) => labels::words(path)?,
    };
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let page = read::read(&text, Markup::of(&arguments.file, &text), &words)
        .map_err(|error| Failure::Usage(format!("`{}`: {error}", arguments.file.display())))?;
    let Some(drafted) = import::page(&page, &words, &name) else {
        return Err(no_list(&arguments.file, &page, &words));
    };
    write(&name, &drafted)
}

/// Writes a draft; one without data or purposes is a finding.
fn write(name: &str, drafted: &Drafted) -> Result<Exit, Failure> {
    let draft = whyfor::format::format(name, &drafted.text)
        .map_err(|error| Failure::Usage(format!("the draft cannot be laid out: {error}")))?;
    streams::write(draft)?;
    Ok(if drafted.is_read { Exit::Fine } else { Exit::Found })
}

fn no_list(file: &Path, page: &Page, words: &Words) -> Failure {
    let Words { collected, method, purpose, .. } = words;
    let message = format!(
        "`{}` has no list that can be read: a list has headings, and below them items, paragraphs or tables \
         that are labelled “{collected}”, “{method}” and “{purpose}”",
        file.display()
    );
    let labels = suggest::labels(page);
    let mut more = Vec::new();
    if !labels.is_empty() {
        more.push(format!(
            "the page has “{}”: write which is which into a file, and pass it with `--labels`:",
            labels.join("”, “")
        ));
        more.push(suggest::words(&labels));
    }
    Failure::Explained { message, more }
}
