//! Runs cases on a policy.

use super::file::{Case, Expected, Stated, Suite, Table};
use crate::output::perhaps;
use crate::yaml::Scalar;
use serde::Serialize;
use std::ops::AddAssign;
use std::time::{Duration, Instant};
use whyfor::{
    Decision, FactError, FactKind, FactValue, Facts, FactsBuilder, Policy, Reason, ReasonKind,
    Statement, Verdict,
};

/// The result of one case.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) question: String,
    #[serde(skip)]
    pub(crate) cell: Option<Cell>,
    #[serde(flatten)]
    pub(crate) end: End,
    #[serde(skip)]
    pub(crate) took: Duration,
}

/// The position of a question in a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) table: Table,
    pub(crate) field: String,
    pub(crate) purpose: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub(crate) enum End {
    Passed,
    Failed {
        /// The differences, one per line.
        differences: Vec<String>,
        /// The reasons for the answer, one per line.
        reasons: Vec<String>,
        /// The actual and the expected verdict, if they differ.
        #[serde(skip)]
        wrong: Option<(Verdict, Verdict)>,
    },
    Skipped {
        reason: String,
    },
}

/// The results of a file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) took: Duration,
}

impl Report {
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for outcome in &self.outcomes {
            match outcome.end {
                End::Passed => counts.passed += 1,
                End::Failed { .. } => counts.failed += 1,
                End::Skipped { .. } => counts.skipped += 1,
            }
        }
        counts
    }
}

#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    /// The number of questions.
    pub(crate) fn all(self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

/// Runs the cases whose names contain the filter; calls `each` after each one.
pub(crate) fn run(suite: &Suite, policy: &Policy, filter: &str, mut each: impl FnMut()) -> Report {
    let start = Instant::now();
    let outcomes = chosen(suite, filter).map(|case| {
        let start = Instant::now();
        let end = match &case.skip {
            Some(reason) => End::Skipped { reason: reason.clone() },
            None => ask(case, policy),
        };
        each();
        let question = case.question.to_string();
        let cell = case.table.clone().map(|table| Cell {
            table,
            field: case.question.field.clone(),
            purpose: case.question.purpose.clone(),
        });
        Outcome { name: case.name.clone(), question, cell, end, took: start.elapsed() }
    });
    Report { outcomes: outcomes.collect(), took: start.elapsed() }
}

/// The cases of a report, with their outcomes.
pub(crate) fn asked<'s>(
    suite: &'s Suite,
    report: &'s Report,
    filter: &str,
) -> impl Iterator<Item = (&'s Case, &'s Outcome)> {
    chosen(suite, filter).zip(&report.outcomes)
}

fn chosen<'s>(suite: &'s Suite, filter: &str) -> impl Iterator<Item = &'s Case> + use<'s> {
    let filter = filter.to_lowercase();
    suite.cases.iter().filter(move |case| case.name.to_lowercase().contains(&filter))
}

fn ask(case: &Case, policy: &Policy) -> End {
    let facts = match facts(policy, &case.facts) {
        Ok(facts) => facts,
        Err(error) => {
            return End::Failed { differences: vec![error], reasons: Vec::new(), wrong: None };
        }
    };
    let decision = policy.ask(&case.question.question(), &facts);
    let differences: Vec<String> = names(case, policy, &decision)
        .into_iter()
        .chain(answers(&case.expected, &decision))
        .collect();
    if differences.is_empty() {
        return End::Passed;
    }
    let (is, should) = (decision.verdict(), case.expected.verdict);
    End::Failed {
        differences,
        reasons: decision.reasons().iter().filter_map(reason).collect(),
        wrong: (is != should).then_some((is, should)),
    }
}

/// Names that the policy does not know, or knows against what is expected. An unknown name is
/// denied; a test that expects a deny would hide the misspelling.
fn names(case: &Case, policy: &Policy, decision: &Decision<'_>) -> Vec<String> {
    let unknown = case.expected.unknown;
    let refused = decision.reasons().into_iter().find_map(|reason| match reason {
        Reason::Refused(refusal) => {
            let is_field = matches!(refusal.kind(), ReasonKind::UnknownField);
            (!(is_field && unknown)).then(|| perhaps::refusal(policy, &refusal))
        }
        _ => None,
    });
    let field = &case.question.field;
    let known = (unknown && policy.field(field).is_ok())
        .then(|| format!("expected no field or category named `{field}`"));
    refused.into_iter().chain(known).collect()
}

/// The differences between the expected answer and the decision.
fn answers(expected: &Expected, decision: &Decision<'_>) -> Vec<String> {
    let (is, should) = (decision.verdict(), expected.verdict);
    let verdict = (is != should).then(|| format!("expected {should}, is {is}"));
    let duties = expected.duties.as_ref();
    let duties = duties.and_then(|duties| lists("duties", duties, decision.duties().collect()));
    let days = |days: Option<u64>| match days {
        Some(days) => format!("retention of {days} days"),
        None => "no retention".to_owned(),
    };
    let is = decision.retain_days();
    let retention = expected.retain_days.filter(|should| *should != is);
    let retention = retention.map(|should| format!("expected {}, has {}", days(should), days(is)));
    let missing = expected.missing.as_ref();
    let missing = missing.and_then(|facts| lists("missing facts", facts, decision.missing()));
    let terms = terms(expected, decision);
    [verdict, duties, retention, missing].into_iter().flatten().chain(terms).collect()
}

/// The differences in legal bases, in limits and in whether the data is optional.
fn terms(expected: &Expected, decision: &Decision<'_>) -> impl Iterator<Item = String> {
    let bases = expected.bases.as_ref();
    let bases = bases.and_then(|names| lists("bases", names, decision.bases().collect()));
    let limits = |what, expected: &Option<Vec<String>>, has: Vec<whyfor::Limit<&str>>| {
        let has: Vec<String> = has.into_iter().map(|limit| limit.to_string()).collect();
        let has = has.iter().map(String::as_str).collect();
        expected.as_ref().and_then(|expected| lists(what, expected, has))
    };
    let flag = |what: &str, expected: Option<bool>, is: bool| {
        let not = |is: bool| if is { "" } else { "not " };
        let differs = expected.filter(|expected| *expected != is);
        differs.map(|should| format!("expected {}{what}, is {}{what}", not(should), not(is)))
    };
    [
        bases,
        flag("unbased", expected.unbased, decision.is_unbased()),
        limits("limits", &expected.retain, decision.retain()),
        limits("limits of at least", &expected.retain_at_least, decision.retain_at_least()),
        flag("optional", expected.optional, decision.is_optional()),
    ]
    .into_iter()
    .flatten()
}

/// The difference between two lists of names in any order.
fn lists(what: &str, expected: &[String], mut has: Vec<&str>) -> Option<String> {
    let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    expected.sort_unstable();
    has.sort_unstable();
    let named = |names: &[&str]| match names {
        [] => format!("no {what}"),
        names => format!("{what} {}", names.join(", ")),
    };
    (expected != has).then(|| format!("expected {}, has {}", named(&expected), named(&has)))
}

fn reason(reason: &Reason<'_>) -> Option<String> {
    let word = match reason {
        Reason::Permit(_) => "permitted by",
        Reason::Never(_) => "forbidden by",
        Reason::Unmet(_) => "condition not met:",
        Reason::NoPermit { .. } => return Some(reason.message(Verdict::Deny)),
        _ => return None,
    };
    let Statement { file, line, text, .. } = reason.statement()?;
    let first = text.lines().next().unwrap_or("");
    Some(format!("{word} {file}:{line}: {first}"))
}

/// No purposes.
const NONE: [&str; 0] = [];

/// The facts of a case; written values are interpreted by the kind of the fact.
pub(crate) fn facts(policy: &Policy, stated: &[(String, Stated)]) -> Result<Facts, String> {
    let mut builder = policy.facts_builder();
    for (name, value) in stated {
        let kind = policy.facts().find(|fact| fact.name == name).map(|fact| fact.kind);
        let set = match (kind, value) {
            (Some(kind), Stated::One(scalar)) => one(&mut builder, name, kind, scalar)?,
            (None, Stated::One(_)) => builder.set(name, FactValue::Unstated),
            (_, Stated::Purposes { yes, no }) => builder.set(name, FactValue::purposes(yes, no)),
        };
        set.map_err(|error| perhaps::fact(policy, &error))?;
    }
    Ok(builder.build())
}

fn one(
    builder: &mut FactsBuilder<'_>,
    name: &str,
    kind: FactKind,
    scalar: &Scalar,
) -> Result<Result<(), FactError>, String> {
    let Scalar { text, is_text } = scalar;
    let value = match (kind, scalar.yes_no()) {
        (FactKind::Choice, _) => text.as_str().into(),
        (FactKind::YesNo | FactKind::PerPurpose, Some(value)) => FactValue::YesNo(value),
        // The one purpose for which it holds.
        (FactKind::PerPurpose, None) => FactValue::purposes([text], NONE),
        (FactKind::Number, _) if !is_text => FactValue::written(text),
        (FactKind::YesNo, None) if !is_text => text.as_str().into(), // the builder says what it takes
        (kind, _) => {
            let takes = if kind == FactKind::Number { "a number" } else { "yes or no" };
            return Err(format!(
                "the fact `{name}` takes {takes}, and `{text}` is a text: write it without quotation marks"
            ));
        }
    };
    Ok(builder.set(name, value))
}
