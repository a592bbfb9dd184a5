//! `whyfor notice`: the published list, written from the policy or compared with it.

use crate::args::{Notice, NoticeFormat};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::notice::compare::{self, Drift};
use crate::notice::labels::Labels;
use crate::notice::view::View;
use crate::notice::{markdown, page, read};
use crate::output::{BOLD, DIM};
use crate::policy::{self, Loaded};
use std::io::Write;
use std::path::Path;
use whyfor::notice;

/// Writes the list, or compares it.
pub(crate) fn run(arguments: &Notice) -> Result<Exit, Failure> {
    let Loaded { policy, model, .. } = policy::load(&arguments.policy)?;
    let Some(model) = model else {
        return Err(Failure::Usage(format!(
            "`{}` is compiled, and a list is written from the policy's text: name the `.why` file",
            arguments.policy.display()
        )));
    };
    let mut notice = notice::Notice::of(&model);
    let labels = match &arguments.labels {
        None => Labels::own(),
        Some(path) => Labels::read(path, &policy, &notice)?,
    };
    let missing = labels.apply(&mut notice);
    if let [first, ..] = missing.as_slice() {
        let count = missing.len();
        anstream::eprintln!(
            "{BOLD}note{BOLD:#}: no label in `{}` for {count} of the names, such as `{first}`: the policy's are shown",
            labels.language
        );
    }
    let view = View::new(&notice, &labels);
    if let Some(published) = &arguments.check {
        return check(&view, published, &arguments.policy, arguments.format);
    }
    let text = match (&arguments.template, arguments.format) {
        (Some(template), _) => page::by_template(template, &view)?,
        (None, NoticeFormat::Markdown) => markdown::render(&view),
        (None, NoticeFormat::Html) => page::render(&view)?,
        (None, NoticeFormat::Json) => json(&view),
    };
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(Failure::io("cannot write the list"))?;
    Ok(Exit::Fine)
}

fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default(); // memory takes it all
    text + "\n"
}

fn check(
    view: &View,
    published: &Path,
    policy: &Path,
    format: NoticeFormat,
) -> Result<Exit, Failure> {
    let text = files::read_text(published)?;
    let found = compare::compare(view, &read::read(&text, &view.words));
    let mut out = anstream::stdout().lock();
    let written = match format {
        NoticeFormat::Json => {
            out.write_all(json(&serde_json::json!({ "drift": found })).as_bytes())
        }
        _ => show(&mut out, &found, published, policy),
    };
    written.map_err(Failure::io("cannot write the findings"))?;
    Ok(if found.is_empty() { Exit::Fine } else { Exit::Found })
}

fn show(
    out: &mut impl Write,
    found: &[Drift],
    published: &Path,
    policy: &Path,
) -> std::io::Result<()> {
    let folder = policy.parent().unwrap_or(Path::new(""));
    for drift in found {
        let Drift { section, what, message, .. } = drift;
        if !section.is_empty() {
            write!(out, "{BOLD}{section}{BOLD:#}: ")?;
        }
        writeln!(out, "{what}: {message}")?;
        let page = match drift.page_line {
            Some(line) => format!("{}:{line}", published.display()),
            None => published.display().to_string(),
        };
        let policy = match (&drift.file, drift.line) {
            (Some(file), Some(line)) => format!("{}:{line}", folder.join(file).display()),
            _ => policy.display().to_string(),
        };
        writeln!(out, "   {DIM}{page} and {policy}{DIM:#}")?;
    }
    match found.len() {
        0 => writeln!(out, "{} says what {} says", published.display(), policy.display()),
        1 => writeln!(out, "1 difference"),
        count => writeln!(out, "{count} differences"),
    }
}
