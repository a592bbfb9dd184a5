//! A run of test files: each policy is loaded once, with the files that test it.

use super::cover::{self, Cover};
use super::file::{self, Case, Suite};
use super::run::{self, Counts, End, Report};
use crate::files;
use crate::policy::{self, Loaded, PolicyError};
use crate::yaml::YamlError;
use std::path::{Path, PathBuf};
use whyfor::{Diagnostics, Policy};

/// Why a test file cannot be run, or its policy not covered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error(transparent)]
    File(#[from] YamlError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("`{}` is a policy: name the YAML file that tests it", path.display())]
    IsPolicy { path: PathBuf },
    #[error("`{tests}` tests `{}`, and there is no such file", policy.display())]
    NoPolicy { tests: String, policy: PathBuf },
    /// A filter that matches no test is likely misspelt.
    #[error("no test has `{filter}` in its name")]
    NothingAsked { filter: String },
    #[error(
        "`{}` is compiled, and coverage looks at the policy's text: name the `.why` file",
        path.display()
    )]
    Compiled { path: PathBuf },
}

/// A policy and the test files for it.
pub(crate) struct Tested {
    /// As the first test file names it.
    pub(crate) path: PathBuf,
    loaded: Loaded,
    suites: Vec<Suite>,
    /// One for each suite, after [`Session::ask`].
    reports: Vec<Report>,
    /// The failed expectations of its `expect` blocks, after [`Session::ask`].
    pub(crate) failures: Diagnostics,
    pub(crate) cover: Option<Cover>,
}

/// All policies that are tested.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) tested: Vec<Tested>,
    /// Only tests whose names contain it are run.
    filter: String,
}

impl Session {
    pub(crate) fn new(filter: &str) -> Self {
        Self { tested: Vec::new(), filter: filter.to_owned() }
    }

    /// Reads a test file, and its policy if no file before it tests the same one.
    pub(crate) fn add(&mut self, path: &Path) -> Result<(), SessionError> {
        let suite = suite(path)?;
        match self.tested.iter_mut().find(|tested| tested.is_of(&suite.policy)) {
            Some(tested) => tested.suites.push(suite),
            None => self.tested.push(Tested::new(suite)?),
        }
        Ok(())
    }

    /// The number of questions in all files.
    pub(crate) fn size(&self) -> u64 {
        let suites = self.tested.iter().flat_map(|tested| &tested.suites);
        suites.map(|suite| suite.cases.len() as u64).sum()
    }

    /// Runs all tests; calls `each` after each question.
    pub(crate) fn ask(&mut self, mut each: impl FnMut()) {
        for tested in &mut self.tested {
            let policy = &tested.loaded.policy;
            let suites = tested.suites.iter();
            let report = |suite| run::run(suite, policy, &self.filter, &mut each);
            tested.reports = suites.map(report).collect();
            let [_, failures] = tested.loaded.warnings_and_failures();
            tested.failures = failures;
        }
    }

    /// Computes the coverage of each policy. Returns the policies that have none.
    pub(crate) fn cover(&mut self) -> Vec<(PathBuf, SessionError)> {
        let mut failed = Vec::new();
        for tested in &mut self.tested {
            match tested.covered(&self.filter) {
                Ok(cover) => tested.cover = Some(cover),
                Err(error) => failed.push((tested.path.clone(), error)),
            }
        }
        failed
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for (_, report) in self.reports() {
            sum += report.counts();
        }
        sum
    }

    /// Whether the filter matches a test, or there is no filter.
    pub(crate) fn check_filter(&self) -> Result<(), SessionError> {
        match self.counts().all() == 0 && !self.filter.is_empty() {
            true => Err(SessionError::NothingAsked { filter: self.filter.clone() }),
            false => Ok(()),
        }
    }

    /// Each test file with its report.
    pub(crate) fn reports(&self) -> Vec<(&Path, &Report)> {
        let pairs = self.tested.iter().flat_map(|tested| tested.suites.iter().zip(&tested.reports));
        pairs.map(|(suite, report)| (suite.path.as_path(), report)).collect()
    }

    /// Each policy with its coverage.
    pub(crate) fn covers(&self) -> Vec<(&Path, &Cover)> {
        let covered =
            self.tested.iter().filter_map(|tested| Some((tested, tested.cover.as_ref()?)));
        covered.map(|(tested, cover)| (tested.path.as_path(), cover)).collect()
    }
}

impl Tested {
    fn new(suite: Suite) -> Result<Self, PolicyError> {
        Ok(Self {
            loaded: policy::load(&suite.policy)?,
            path: suite.policy.clone(),
            suites: vec![suite],
            reports: Vec::new(),
            failures: Diagnostics::default(),
            cover: None,
        })
    }

    /// Whether this is the policy at a path, links followed.
    fn is_of(&self, policy: &Path) -> bool {
        match (self.path.canonicalize(), policy.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => self.path == policy,
        }
    }

    fn covered(&self, filter: &str) -> Result<Cover, SessionError> {
        let Some(text) = &self.loaded.text else {
            return Err(SessionError::Compiled { path: self.path.clone() });
        };
        let pairs = self.suites.iter().zip(&self.reports);
        let asked = pairs.flat_map(|(suite, report)| run::asked(suite, report, filter));
        // A failed test covers nothing.
        let passed = asked.filter(|(_, outcome)| matches!(outcome.end, End::Passed));
        let cases: Vec<&Case> = passed.map(|(case, _)| case).collect();
        Ok(cover::cover(&self.loaded.policy, text, &cases))
    }
}

fn suite(path: &Path) -> Result<Suite, SessionError> {
    let is_policy = path.extension().is_some_and(|end| end == "why")
        || !files::is_stream(path) && Policy::is_artifact(path);
    if is_policy {
        return Err(SessionError::IsPolicy { path: path.to_owned() });
    }
    let suite = file::read(path)?;
    if !suite.policy.exists() {
        let tests = files::shown_name(path);
        return Err(SessionError::NoPolicy { tests, policy: suite.policy });
    }
    Ok(suite)
}
