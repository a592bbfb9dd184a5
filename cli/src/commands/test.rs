//! `whyfor test`: questions and expected answers in YAML, and which statements no test would miss.

use crate::args::{Test, TestFormat};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::diagnostics::{self, Finding};
use crate::output::{self, Page, json, progress, streams};
use crate::policy::{self, Loaded};
use crate::testing::cover::{self, Cover};
use crate::testing::file::{self, Case, Suite};
use crate::testing::problem::{Problem, What};
use crate::testing::run::{self, Counts, End, Report};
use crate::testing::{junit, page, text};
use std::path::{Path, PathBuf};
use whyfor::{Diagnostics, Policy};

/// A policy, and the files that test it.
struct Tested {
    path: PathBuf,
    loaded: Loaded,
    suites: Vec<Suite>,
    reports: Vec<Report>,
    /// The expectations of its `expect` blocks that do not hold.
    failures: Diagnostics,
    cover: Option<Cover>,
}

/// Asks all cases. A file that cannot be read keeps none of the others from it.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    let wants_cover = arguments.coverage
        || arguments.fail_under.is_some()
        || arguments.format == TestFormat::Html;
    let mut problems = Problems::default();
    let mut all = load(&arguments.files, &mut problems);
    let count = all.iter().flat_map(|t| &t.suites).map(|suite| suite.cases.len() as u64).sum();
    let bar =
        progress::bar(Some(count), "{bar:30} {human_pos} of {human_len} questions, {elapsed}");
    ask(&mut all, &arguments.filter, || bar.inc(1));
    bar.finish_and_clear();
    all.iter().for_each(|tested| problems.expectations(tested));
    if wants_cover {
        for tested in &mut all {
            match covered(tested, &arguments.filter) {
                Ok(cover) => tested.cover = Some(cover),
                Err(failure) => problems.tell(&tested.path, What::Usage, &failure.to_string()),
            }
        }
    }
    let counts = counts(&all);
    if problems.0.is_empty() {
        let misspelt = none_asked(counts, &arguments.filter).err().zip(arguments.files.first());
        if let Some((failure, file)) = misspelt {
            problems.tell(file, What::Usage, &failure.to_string());
        }
    }
    if let Some(least) = arguments.fail_under {
        all.iter().for_each(|tested| problems.coverage(tested, least));
    }
    let Problems(problems) = problems;
    write(arguments, &all, counts, &problems)?;
    let exit = if counts.failed == 0 { Exit::Fine } else { Exit::Found };
    Ok(problems.iter().fold(exit, |exit, problem| exit.or(problem.what.exit())))
}

/// What is wrong beside the tests; all of it is told on standard error as well.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn tell(&mut self, file: &Path, what: What, message: &str) {
        output::error(message, &[]);
        self.add(file, what, message.to_owned());
    }

    fn add(&mut self, file: &Path, what: What, message: String) {
        self.0.push(Problem { file: files::shown_from_here(file), what, message });
    }

    /// A file of tests that cannot be run.
    fn failed(&mut self, file: &Path, failure: Failure) {
        let told: Vec<String> =
            Finding::failed(file, &failure).iter().map(Finding::to_string).collect();
        self.add(file, What::Unreadable, told.join("; "));
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
            self.tell(&tested.path, What::Coverage, &message);
        }
    }
}

fn ask(all: &mut [Tested], filter: &str, mut each: impl FnMut()) {
    for tested in all {
        let policy = &tested.loaded.policy;
        let suites = tested.suites.iter();
        tested.reports = suites.map(|suite| run::run(suite, policy, filter, &mut each)).collect();
        let [_, failures] = tested.loaded.warnings_and_failures();
        tested.failures = failures;
    }
}

/// A filter that lets no test through is misspelt.
fn none_asked(counts: Counts, filter: &str) -> Result<(), Failure> {
    let asked = counts.passed + counts.failed + counts.skipped;
    if asked == 0 && !filter.is_empty() {
        return Err(Failure::Usage(format!("no test has `{filter}` in its name")));
    }
    Ok(())
}

/// What `--format json` shows, and the expectations that do not hold.
pub(crate) fn report(
    files: &[PathBuf],
    filter: &str,
    coverage: bool,
) -> Result<(serde_json::Value, Vec<Diagnostics>), Failure> {
    let mut all = Vec::new();
    for path in files {
        add(suite(path)?, &mut all)?;
    }
    ask(&mut all, filter, || ());
    if coverage {
        for tested in &mut all {
            tested.cover = Some(covered(tested, filter)?);
        }
    }
    let counts = counts(&all);
    none_asked(counts, filter)?;
    let json = json(&reports(&all), &covers(&all), counts, &[]);
    Ok((json, all.into_iter().map(|tested| tested.failures).collect()))
}

/// The files by the policies that they test, each policy loaded once.
fn load(files: &[PathBuf], problems: &mut Problems) -> Vec<Tested> {
    let mut all: Vec<Tested> = Vec::new();
    for path in files {
        if let Err(failure) = suite(path).and_then(|suite| add(suite, &mut all)) {
            problems.failed(path, failure);
        }
    }
    all
}

fn suite(path: &Path) -> Result<Suite, Failure> {
    let is_policy = path.extension().is_some_and(|end| end == "why")
        || !files::is_stream(path) && Policy::is_artifact(path);
    if is_policy {
        let message = format!("`{}` is a policy: name the YAML file that tests it", path.display());
        return Err(Failure::Usage(message));
    }
    let suite = file::read(path)?;
    if !suite.policy.exists() {
        let (tests, policy) = (files::shown_name(path), suite.policy.display());
        let message = format!("`{tests}` tests `{policy}`, and there is no such file");
        return Err(Failure::Usage(message));
    }
    Ok(suite)
}

/// Adds a file to those of its policy.
fn add(suite: Suite, all: &mut Vec<Tested>) -> Result<(), Failure> {
    let same =
        |tested: &&mut Tested| match (tested.path.canonicalize(), suite.policy.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => tested.path == suite.policy,
        };
    match all.iter_mut().find(same) {
        Some(tested) => tested.suites.push(suite),
        None => all.push(Tested {
            loaded: policy::load(&suite.policy)?,
            path: suite.policy.clone(),
            suites: vec![suite],
            reports: Vec::new(),
            failures: Diagnostics::default(),
            cover: None,
        }),
    }
    Ok(())
}

fn covered(tested: &Tested, filter: &str) -> Result<Cover, Failure> {
    let Some(text) = &tested.loaded.text else {
        return Err(Failure::Usage(format!(
            "`{}` is compiled, and coverage looks at the policy's text: name the `.why` file",
            tested.path.display()
        )));
    };
    let pairs = tested.suites.iter().zip(&tested.reports);
    let asked = pairs.flat_map(|(suite, report)| run::asked(suite, report, filter));
    // A test that fails already would not notice anything.
    let passed = asked.filter(|(_, outcome)| matches!(outcome.end, End::Passed));
    let cases: Vec<&Case> = passed.map(|(case, _)| case).collect();
    Ok(cover::cover(&tested.loaded.policy, text, &cases))
}

fn counts(all: &[Tested]) -> Counts {
    let each = all.iter().flat_map(|tested| &tested.reports).map(Report::counts);
    each.fold(Counts::default(), |sum, counts| Counts {
        passed: sum.passed + counts.passed,
        failed: sum.failed + counts.failed,
        skipped: sum.skipped + counts.skipped,
    })
}

/// Each file of tests, and what came of it.
fn reports(all: &[Tested]) -> Vec<(&Path, &Report)> {
    all.iter()
        .flat_map(|tested| tested.suites.iter().map(|s| s.path.as_path()).zip(&tested.reports))
        .collect()
}

/// Each policy whose statements were looked at.
fn covers(all: &[Tested]) -> Vec<(&Path, &Cover)> {
    all.iter().filter_map(|t| t.cover.as_ref().map(|cover| (t.path.as_path(), cover))).collect()
}

fn write(
    arguments: &Test,
    all: &[Tested],
    counts: Counts,
    problems: &[Problem],
) -> Result<(), Failure> {
    let (reports, covers) = (reports(all), covers(all));
    let text = match arguments.format {
        // What is wrong was told already; if nothing was tested for it, there is nothing to show.
        TestFormat::Text if reports.is_empty() && !problems.is_empty() => return Ok(()),
        TestFormat::Text => return shown(&reports, &covers, counts, arguments.verbose).print(),
        TestFormat::Json => json::pretty(&json(&reports, &covers, counts, problems)),
        TestFormat::Junit => junit::render(&reports, problems),
        TestFormat::Html => page::render(counts, &covers, problems)?,
    };
    streams::write(text)
}

fn shown(
    reports: &[(&Path, &Report)],
    covers: &[(&Path, &Cover)],
    counts: Counts,
    verbose: bool,
) -> Page {
    let mut page = Page::new();
    reports.iter().for_each(|(file, report)| text::report(&mut page, file, report, verbose));
    text::counts(&mut page, counts);
    covers.iter().for_each(|(policy, cover)| text::cover(&mut page, policy, cover));
    page
}

fn json(
    reports: &[(&Path, &Report)],
    covers: &[(&Path, &Cover)],
    counts: Counts,
    problems: &[Problem],
) -> serde_json::Value {
    let files = reports.iter().map(|(file, report)| {
        serde_json::json!({ "file": files::shown_from_here(file), "tests": report.outcomes })
    });
    let covers = covers.iter().map(|(policy, cover)| {
        serde_json::json!({
            "policy": files::shown_from_here(policy),
            "percent": cover.percent(),
            "statements": cover.statements,
        })
    });
    serde_json::json!({
        "counts": counts,
        "files": files.collect::<Vec<_>>(),
        "problems": problems,
        "coverage": covers.collect::<Vec<_>>(),
    })
}
