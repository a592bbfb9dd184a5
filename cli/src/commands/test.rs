//! `whyfor test`: questions and expected answers in YAML, and coverage.

use super::findings;
use crate::args::{Test, TestFormat};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::diagnostics::{self, Finding};
use crate::output::{self, Page, progress, streams};
use crate::testing::cover::Cover;
use crate::testing::problem::{Problem, What};
use crate::testing::session::{Session, Tested};
use crate::testing::{json, junit, page, text};
use std::path::{Path, PathBuf};
use whyfor::Diagnostics;

/// Runs all tests. Errors in one file do not stop the rest.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    let wants_cover = arguments.coverage
        || arguments.fail_under.is_some()
        || arguments.format == TestFormat::Html;
    let mut problems = Problems::default();
    let mut session = Session::new(&arguments.filter);
    for file in &arguments.files {
        if let Err(error) = session.add(file) {
            problems.unreadable(file, error.into());
        }
    }
    let count = Some(session.size());
    let bar = progress::bar(count, "{bar:30} {human_pos} of {human_len} questions, {elapsed}");
    session.ask(|| bar.inc(1));
    bar.finish_and_clear();
    session.tested.iter().for_each(|tested| problems.expectations(tested));
    if wants_cover {
        for (policy, error) in session.cover() {
            problems.report(&policy, What::Usage, &error.to_string());
        }
    }
    if let (true, Some(file)) = (problems.0.is_empty(), arguments.files.first())
        && let Err(error) = session.check_filter()
    {
        problems.report(file, What::Usage, &error.to_string());
    }
    if let Some(least) = arguments.fail_under {
        session.tested.iter().for_each(|tested| problems.coverage(tested, least));
    }
    let Problems(problems) = problems;
    write(arguments, &session, &problems)?;
    let exit = if session.counts().failed == 0 { Exit::Fine } else { Exit::Found };
    Ok(problems.iter().fold(exit, |exit, problem| exit.or(exit_of(problem.what))))
}

/// The output of `--format json`, and the expectations that failed.
pub(crate) fn report(
    files: &[PathBuf],
    filter: &str,
    coverage: bool,
) -> Result<(serde_json::Value, Vec<Diagnostics>), Failure> {
    let mut session = Session::new(filter);
    for file in files {
        session.add(file)?;
    }
    session.ask(|| ());
    if coverage && let Some((_, error)) = session.cover().into_iter().next() {
        return Err(error.into());
    }
    session.check_filter()?;
    let json = json::render(&session.reports(), &session.covers(), session.counts(), &[]);
    Ok((json, session.tested.into_iter().map(|tested| tested.failures).collect()))
}

fn exit_of(what: What) -> Exit {
    if what.is_error() { Exit::Error } else { Exit::Found }
}

/// Problems other than failed tests; each is also reported on standard error.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn report(&mut self, file: &Path, what: What, message: &str) {
        output::error(message, &[]);
        self.add(file, what, message.to_owned());
    }

    fn add(&mut self, file: &Path, what: What, message: String) {
        self.0.push(Problem { file: files::shown_from_here(file), what, message });
    }

    /// A test file that cannot be run.
    fn unreadable(&mut self, file: &Path, failure: Failure) {
        let messages: Vec<String> =
            findings::failed(file, &failure).iter().map(Finding::to_string).collect();
        self.add(file, What::Unreadable, messages.join("; "));
        failure.report();
    }

    fn expectations(&mut self, tested: &Tested) {
        if !tested.failures.is_empty() {
            diagnostics::to_terminal(&tested.failures);
        }
        for failure in Finding::all(&tested.path, &tested.failures) {
            self.add(&tested.path, What::Expectation, failure.to_string());
        }
    }

    fn coverage(&mut self, tested: &Tested, least: f64) {
        let percent = tested.cover.as_ref().map(Cover::percent);
        if let Some(percent) = percent.filter(|percent| *percent < least) {
            let message = format!(
                "{percent:.1} % of the statements would be missed, and {least} % should be"
            );
            self.report(&tested.path, What::Coverage, &message);
        }
    }
}

fn write(arguments: &Test, session: &Session, problems: &[Problem]) -> Result<(), Failure> {
    let (reports, covers, counts) = (session.reports(), session.covers(), session.counts());
    let text = match arguments.format {
        // Problems were reported already; without tests there is nothing else to show.
        TestFormat::Text if reports.is_empty() && !problems.is_empty() => return Ok(()),
        TestFormat::Text => return Ok(shown(session, arguments.verbose).print()?),
        TestFormat::Json => {
            output::json::pretty(&json::render(&reports, &covers, counts, problems))
        }
        TestFormat::Junit => junit::render(&reports, problems),
        TestFormat::Html => page::render(counts, &covers, problems)?,
    };
    Ok(streams::write(text)?)
}

fn shown(session: &Session, verbose: bool) -> Page {
    let mut page = Page::new();
    for (file, report) in session.reports() {
        text::report(&mut page, file, report, verbose);
    }
    text::counts(&mut page, session.counts());
    for (policy, cover) in session.covers() {
        text::cover(&mut page, policy, cover);
    }
    page
}
