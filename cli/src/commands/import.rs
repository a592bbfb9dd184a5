//! `whyfor import`: drafts of policies from existing documents.

use crate::args::{Import, ImportCsv, ImportList};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::import::{self, Drafted, ImportError, suggest};
use crate::notice::labels;
use crate::notice::read::{self, Markup, Page, ReadError};
use crate::notice::words::{Language, Words};
use crate::output::streams;
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &Import) -> Result<Exit, Failure> {
    match arguments {
        Import::List(arguments) => from_list(arguments),
        Import::Csv(arguments) => from_csv(arguments),
        Import::Apple(arguments) => from_one(&arguments.file, import::apple),
        Import::Google(arguments) => from_one(&arguments.file, import::google),
        Import::Fides(arguments) => {
            let source = names(&arguments.files);
            write(&source, &import::fides(&arguments.files, &source)?)
        }
        Import::Dpv(arguments) => from_vocabulary(&arguments.files),
    }
}

fn from_list(arguments: &ImportList) -> Result<Exit, Failure> {
    let text = files::read_text(&arguments.file)?;
    let unreadable = |error: ReadError| unreadable(&arguments.file, error.into());
    let parsed = read::parse(&text, Markup::of(&arguments.file, &text)).map_err(unreadable)?;
    let (page, words) = in_its_language(arguments.labels.as_deref(), |words| {
        Ok((read::read(&parsed, &words).map_err(unreadable)?, words))
    })?;
    let Words { collected, method, purpose, .. } = &words;
    let form = format!(
        "a list has headings, and below them items, paragraphs or tables that are labelled “{collected}”, \
         “{method}” and “{purpose}”"
    );
    from_page(&arguments.file, &page, &words, &form)
}

fn from_csv(arguments: &ImportCsv) -> Result<Exit, Failure> {
    let text = files::read_text(&arguments.file)?;
    let title = arguments.file.file_stem().unwrap_or_default().to_string_lossy();
    let (page, words) = in_its_language(arguments.labels.as_deref(), |words| {
        import::csv(&text, words, &title).map_err(|error| unreadable(&arguments.file, error))
    })?;
    let form = "a record has a line of headings, such as “Personal data” and “Purpose of processing”, \
                and below it a row for each activity";
    from_page(&arguments.file, &page, &words, form)
}

fn from_page(file: &Path, page: &Page, words: &Words, form: &str) -> Result<Exit, Failure> {
    let name = name(file);
    let Some(drafted) = import::page(page, words, &name) else {
        return Err(no_list(file, page, form));
    };
    write(&name, &drafted)
}

fn from_one(
    file: &Path,
    draft: fn(&str, &str) -> Result<Drafted, ImportError>,
) -> Result<Exit, Failure> {
    let text = files::read_text(file)?;
    let name = name(file);
    write(&name, &draft(&text, &name).map_err(|error| unreadable(file, error))?)
}

fn from_vocabulary(files: &[PathBuf]) -> Result<Exit, Failure> {
    let texts = files.iter().map(|file| files::read_text(file));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    let source = names(files);
    let drafted = import::dpv(&texts, &source).map_err(|error| {
        unreadable(files.first().map_or(Path::new(""), PathBuf::as_path), error)
    })?;
    write(&source, &drafted)
}

/// A page read with the words of a labels file; without one, in the language of most of its labels.
fn in_its_language(
    labels: Option<&Path>,
    read: impl Fn(Words) -> Result<(Page, Words), Failure>,
) -> Result<(Page, Words), Failure> {
    if let Some(path) = labels {
        return read(labels::words(path)?);
    }
    let mut best = read(Words::default());
    for language in [Language::Chinese, Language::German] {
        let other = read(Words::of(Some(language)));
        let labelled = |read: &Result<(Page, Words), Failure>| {
            read.as_ref().ok().map(|(page, _)| page.labelled())
        };
        if labelled(&other) > labelled(&best) {
            best = other;
        }
    }
    best
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| name(file)).collect::<Vec<_>>().join(", ")
}

fn unreadable(file: &Path, error: ImportError) -> Failure {
    Failure::Usage(format!("`{}`: {error}", file.display()))
}

/// Writes a draft; one without data or purposes is a finding.
fn write(name: &str, drafted: &Drafted) -> Result<Exit, Failure> {
    let draft = whyfor::format::format(name, &drafted.text)
        .map_err(|error| Failure::Usage(format!("the draft cannot be laid out: {error}")))?;
    streams::write(draft)?;
    Ok(if drafted.is_read { Exit::Fine } else { Exit::Found })
}

/// `form`: what a readable document looks like.
fn no_list(file: &Path, page: &Page, form: &str) -> Failure {
    let message = format!("`{}` has no list that can be read: {form}", file.display());
    let labels = suggest::labels(page);
    let mut more = Vec::new();
    if !labels.is_empty() {
        more.push(suggest::question(&labels));
        more.push(suggest::words(&labels));
    }
    Failure::Explained { message, more }
}
