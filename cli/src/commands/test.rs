//! `whyfor test`: questions and expected answers in YAML, and which statements no test would miss.

use crate::args::{Test, TestFormat};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::{self, progress};
use crate::policy::{self, Loaded};
use crate::testing::cover::{self, Cover};
use crate::testing::file::{self, Case, Suite};
use crate::testing::run::{self, Counts, End, Report};
use crate::testing::{junit, page, text};
use std::io::Write;
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

/// Asks all cases.
pub(crate) fn run(arguments: &Test) -> Result<Exit, Failure> {
    let wants_cover = arguments.coverage
        || arguments.fail_under.is_some()
        || arguments.format == TestFormat::Html;
    let mut all = load(&arguments.files)?;
    let count = all.iter().flat_map(|t| &t.suites).map(|suite| suite.cases.len() as u64).sum();
    let bar =
        progress::bar(Some(count), "{bar:30} {human_pos} of {human_len} questions, {elapsed}");
    ask(&mut all, &arguments.filter, || bar.inc(1));
    bar.finish_and_clear();
    for failures in all.iter().map(|tested| &tested.failures).filter(|f| !f.is_empty()) {
        output::diagnostics::to_terminal(failures);
    }
    if wants_cover {
        cover_all(&mut all, &arguments.filter)?;
    }
    let counts = counts(&all);
    write(arguments, &all, counts).map_err(Failure::io("cannot write the report"))??;
    none_asked(counts, &arguments.filter)?;
    let under = arguments.fail_under.and_then(|least| {
        let covers = all.iter().filter_map(|tested| tested.cover.as_ref());
        covers.map(Cover::percent).find(|percent| *percent < least).map(|percent| (percent, least))
    });
    if let Some((percent, least)) = under {
        output::error(&format!(
            "{percent:.1} % of the statements would be missed, and {least} % should be"
        ));
    }
    let fine = counts.failed == 0 && under.is_none() && all.iter().all(|t| t.failures.is_empty());
    Ok(if fine { Exit::Fine } else { Exit::Found })
}

/// What `--format json` shows, and the expectations that do not hold.
pub(crate) fn report(
    files: &[PathBuf],
    filter: &str,
    coverage: bool,
) -> Result<(serde_json::Value, Vec<Diagnostics>), Failure> {
    let mut all = load(files)?;
    ask(&mut all, filter, || ());
    if coverage {
        cover_all(&mut all, filter)?;
    }
    let counts = counts(&all);
    none_asked(counts, filter)?;
    let json = json(reports(&all), covers(&all), counts);
    Ok((json, all.into_iter().map(|tested| tested.failures).collect()))
}

fn ask(all: &mut [Tested], filter: &str, mut each: impl FnMut()) {
    for tested in all {
        let policy = &tested.loaded.policy;
        let suites = tested.suites.iter();
        tested.reports = suites.map(|suite| run::run(suite, policy, filter, &mut each)).collect();
        if let Some(model) = &tested.loaded.model {
            tested.failures = policy.check_expectations(model);
        }
    }
}

fn cover_all(all: &mut [Tested], filter: &str) -> Result<(), Failure> {
    for tested in all {
        tested.cover = Some(covered(tested, filter)?);
    }
    Ok(())
}

/// A filter that lets no test through is misspelt.
fn none_asked(counts: Counts, filter: &str) -> Result<(), Failure> {
    let asked = counts.passed + counts.failed + counts.skipped;
    if asked == 0 && !filter.is_empty() {
        return Err(Failure::Usage(format!("no test has `{filter}` in its name")));
    }
    Ok(())
}

/// The files by the policies that they test, each policy loaded once.
fn load(files: &[PathBuf]) -> Result<Vec<Tested>, Failure> {
    let mut all: Vec<Tested> = Vec::new();
    for path in files {
        let is_policy = path.extension().is_some_and(|end| end == "why")
            || !files::is_stream(path) && Policy::is_artifact(path);
        if is_policy {
            let message =
                format!("`{}` is a policy: name the YAML file that tests it", path.display());
            return Err(Failure::Usage(message));
        }
        let suite = file::read(path)?;
        if !suite.policy.exists() {
            let (tests, policy) = (path.display(), suite.policy.display());
            let message = format!("`{tests}` tests `{policy}`, and there is no such file");
            return Err(Failure::Usage(message));
        }
        let same = |tested: &&mut Tested| match (
            tested.path.canonicalize(),
            suite.policy.canonicalize(),
        ) {
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
    }
    Ok(all)
}

fn covered(tested: &Tested, filter: &str) -> Result<Cover, Failure> {
    let Some(model) = &tested.loaded.model else {
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
    Ok(cover::cover(&tested.loaded.policy, model, &cases))
}

fn counts(all: &[Tested]) -> Counts {
    let each = all.iter().flat_map(|tested| &tested.reports).map(Report::counts);
    each.fold(Counts::default(), |sum, counts| Counts {
        passed: sum.passed + counts.passed,
        failed: sum.failed + counts.failed,
        skipped: sum.skipped + counts.skipped,
    })
}

fn write(arguments: &Test, all: &[Tested], counts: Counts) -> std::io::Result<Result<(), Failure>> {
    let mut out = anstream::stdout().lock();
    match arguments.format {
        TestFormat::Text => {
            for (file, report) in reports(all) {
                text::report(&mut out, file, report, arguments.verbose)?;
            }
            text::counts(&mut out, counts)?;
            for (policy, cover) in covers(all) {
                text::cover(&mut out, policy, cover)?;
            }
        }
        TestFormat::Json => writeln!(out, "{:#}", json(reports(all), covers(all), counts))?,
        TestFormat::Junit => {
            out.write_all(junit::render(&reports(all).collect::<Vec<_>>()).as_bytes())?;
        }
        TestFormat::Html => match page::render(counts, &covers(all).collect::<Vec<_>>()) {
            Ok(text) => out.write_all(text.as_bytes())?,
            Err(failure) => return Ok(Err(failure)),
        },
    }
    out.flush()?;
    Ok(Ok(()))
}

/// Each file of tests, and what came of it.
fn reports(all: &[Tested]) -> impl Iterator<Item = (&Path, &Report)> {
    all.iter().flat_map(|tested| {
        tested.suites.iter().map(|suite| suite.path.as_path()).zip(&tested.reports)
    })
}

/// Each policy whose statements were looked at.
fn covers(all: &[Tested]) -> impl Iterator<Item = (&Path, &Cover)> {
    all.iter().filter_map(|t| t.cover.as_ref().map(|cover| (t.path.as_path(), cover)))
}

fn json<'a>(
    reports: impl Iterator<Item = (&'a Path, &'a Report)>,
    covers: impl Iterator<Item = (&'a Path, &'a Cover)>,
    counts: Counts,
) -> serde_json::Value {
    let files = reports.map(|(file, report)| {
        serde_json::json!({ "file": file.display().to_string(), "tests": report.outcomes })
    });
    let covers = covers.map(|(policy, cover)| {
        serde_json::json!({
            "policy": policy.display().to_string(),
            "percent": cover.percent(),
            "statements": cover.statements,
        })
    });
    serde_json::json!({
        "counts": counts,
        "files": files.collect::<Vec<_>>(),
        "coverage": covers.collect::<Vec<_>>(),
    })
}
