//! `whyfor fmt`: lay policies out.

use crate::args::Fmt;
use crate::exit::{Exit, Failure};
use crate::files::{self, Keep};
use crate::output::{self, BOLD, PLAIN, Page, line, print, streams};
use similar::{ChangeTag, TextDiff};
use std::path::Path;
use whyfor::format::{FormatError, format};

/// Lays out each file, or tells what that would change. One with mistakes keeps none of the others.
pub(crate) fn run(arguments: &Fmt) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for path in &arguments.files {
        let one = file(path, arguments).unwrap_or_else(|failure| failure.report());
        exit = exit.or(one);
    }
    Ok(exit)
}

fn file(path: &Path, arguments: &Fmt) -> Result<Exit, Failure> {
    let name = files::shown_name(path);
    let before = files::utf8(path, files::read_bytes(path)?)?;
    let after = format(&name, &before).map_err(|error| match error {
        FormatError::Syntax(diagnostics) => Failure::Policy(diagnostics),
        other @ FormatError::Unfaithful(_) => Failure::Usage(other.to_string()),
    })?;
    let changed = before != after;
    if arguments.diff {
        difference(&name, &before, &after).print()?;
    }
    if arguments.check && changed && !arguments.diff {
        print!("{BOLD}{name}{BOLD:#} is not laid out: `whyfor fmt` does it")?;
    }
    if arguments.check || arguments.diff {
        return Ok(if changed { Exit::Found } else { Exit::Fine });
    }
    if files::is_stream(path) {
        streams::write(after)?;
    } else if changed {
        files::replace(path, after.as_bytes(), Keep::Itself)
            .map_err(Failure::io(format!("cannot write `{name}`")))?;
        print!("{BOLD}{name}{BOLD:#}")?;
    }
    Ok(Exit::Fine)
}

/// A unified difference, as patches are.
fn difference(name: &str, before: &str, after: &str) -> Page {
    let difference = TextDiff::from_lines(before, after);
    let mut page = Page::new();
    let mut hunks = difference.unified_diff();
    for (at, hunk) in hunks.context_radius(3).iter_hunks().enumerate() {
        if at == 0 {
            line!(page, "{BOLD}--- {name}{BOLD:#}");
            line!(page, "{BOLD}+++ {name}{BOLD:#}");
        }
        line!(page, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let style = match change.tag() {
                ChangeTag::Delete => output::style(whyfor::Verdict::Deny),
                ChangeTag::Insert => output::style(whyfor::Verdict::Allow),
                ChangeTag::Equal => PLAIN,
            };
            let line = change.value().trim_end_matches(['\n', '\r']);
            line!(page, "{style}{}{line}{style:#}", change.tag());
            if change.missing_newline() {
                line!(page, "\\ No newline at end of file");
            }
        }
    }
    page
}
