//! `whyfor notice`: the published list, written from the policy or compared with it.

use crate::args::{Notice, NoticeFormat, NoticeLanguage, NoticeLayout};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::notice::check::{self, Drift};
use crate::notice::labels::Labels;
use crate::notice::layout::{self, Layout};
use crate::notice::read::Markup;
use crate::notice::view::View;
use crate::notice::words::Language;
use crate::notice::{markdown, page, relabel};
use crate::output::{BOLD, DIM, Page, json, line, report, streams};
use crate::policy::{self, Loaded, Origin, Text};
use std::path::Path;
use whyfor::notice;

/// Writes the list, or compares it.
pub(crate) fn run(arguments: &Notice) -> Result<Exit, Failure> {
    let Loaded { policy, text, .. } = policy::load(&arguments.policy)?;
    let Some(Text { model, origin }) = text else {
        return Err(Failure::Usage(format!(
            "`{}` is compiled, and a list is written from the policy's text: name the `.why` file",
            arguments.policy.display()
        )));
    };
    let mut notice = notice::Notice::of(&model);
    let language = arguments.language.map(tag);
    let labels = match &arguments.labels {
        None => Labels::own(&policy, &notice, language),
        Some(path) => Labels::read(path, &policy, &notice, language)?,
    };
    let missing = relabel::apply(&labels, &mut notice);
    if let [first, ..] = missing.as_slice() {
        let count = missing.len();
        report!(
            "{BOLD}note{BOLD:#}: no label in `{}` for {count} of the names, such as `{first}`: the policy's are shown",
            labels.language
        );
    }
    if Language::of(&labels.language).is_none() && arguments.labels.is_none() {
        report!(
            "{BOLD}note{BOLD:#}: no words in `{}`: English ones are shown; a file of labels may have its own",
            labels.language
        );
    }
    let view = layout::view(&notice, &labels, layout(arguments.layout));
    if let Some(published) = &arguments.check {
        return check(&view, published, &origin, arguments.format);
    }
    let text = match (&arguments.template, arguments.format) {
        (Some(template), _) => page::by_template(template, &view)?,
        (None, NoticeFormat::Markdown) => markdown::render(&view),
        (None, NoticeFormat::Html) => page::render(&view)?,
        (None, NoticeFormat::Json) => json::pretty(&view),
    };
    streams::write(&text)?;
    Ok(Exit::Fine)
}

fn tag(language: NoticeLanguage) -> &'static str {
    match language {
        NoticeLanguage::En => "en",
        NoticeLanguage::Zh => "zh",
        NoticeLanguage::De => "de",
    }
}

fn layout(layout: NoticeLayout) -> Layout {
    match layout {
        NoticeLayout::Sections => Layout::Sections,
        NoticeLayout::Table => Layout::Table,
        NoticeLayout::Recipients => Layout::Recipients,
        NoticeLayout::California => Layout::California,
    }
}

fn check(
    view: &View,
    published: &Path,
    policy: &Origin,
    format: NoticeFormat,
) -> Result<Exit, Failure> {
    let text = files::read_text(published)?;
    let found = check::check(view, &text, Markup::of(published, &text));
    let mut found =
        found.map_err(|error| Failure::Usage(format!("`{}`: {error}", published.display())))?;
    for file in found.iter_mut().filter_map(|drift| drift.file.as_mut()) {
        *file = policy.shown(file);
    }
    match format {
        NoticeFormat::Json => streams::write(json::pretty(&serde_json::json!({ "drift": found })))?,
        _ => shown(&found, published, policy).print()?,
    }
    Ok(if found.is_empty() { Exit::Fine } else { Exit::Found })
}

fn shown(found: &[Drift], published: &Path, policy: &Origin) -> Page {
    let mut out = Page::new();
    let published = files::shown_from_here(published);
    let root = policy.root();
    for drift in found {
        let Drift { section, what, message, .. } = drift;
        match section.as_str() {
            "" => line!(out, "{what}: {message}"),
            section => line!(out, "{BOLD}{section}{BOLD:#}: {what}: {message}"),
        }
        let page = match drift.page_line {
            Some(line) => format!("{published}:{line}"),
            None => published.clone(),
        };
        let policy = match (&drift.file, drift.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            _ => root.clone(),
        };
        line!(out, "   {DIM}{page} and {policy}{DIM:#}");
    }
    match found.len() {
        0 => line!(out, "{published} says what {root} says"),
        1 => line!(out, "1 difference"),
        count => line!(out, "{count} differences"),
    }
    out
}
