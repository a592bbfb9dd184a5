//! `whyfor import`: drafts of policies from existing documents.

use crate::args::{Import, ImportList};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::import::list;
use crate::notice::labels;
use crate::notice::read::{self, Page};
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
    let page = read::read(&text, &words);
    let Some(draft) = list::draft(&page, &words, &name) else {
        return Err(no_list(&arguments.file, &page, &words));
    };
    let draft = whyfor::format::format(&name, &draft)
        .map_err(|error| Failure::Usage(format!("the draft cannot be laid out: {error}")))?;
    streams::write(draft)?;
    Ok(Exit::Fine)
}

fn no_list(file: &Path, page: &Page, words: &Words) -> Failure {
    let Words { collected, method, purpose, .. } = words;
    let message = format!(
        "`{}` has no list that can be read: a list has headings, and below them items, paragraphs or tables \
         that are labelled “{collected}”, “{method}” and “{purpose}”",
        file.display()
    );
    let labels = list::labels(page);
    let mut more = Vec::new();
    if !labels.is_empty() {
        more.push(format!(
            "the page has “{}”: write which is which into a file, and pass it with `--labels`:",
            labels.join("”, “")
        ));
        more.push("words: { collected: …, method: …, purpose: … }".to_owned());
    }
    Failure::Explained { message, more }
}
