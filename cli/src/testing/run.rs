//! Runs cases on a policy.

use super::file::{Case, Stated, Suite, Table};
use crate::output::perhaps;
use crate::yaml::Scalar;
use serde::Serialize;
use std::time::{Duration, Instant};
use whyfor::{
    FactError, FactKind, FactValue, Facts, FactsBuilder, Policy, Reason, ReasonKind, Statement,
    Verdict,
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
    let question = case.question.question();
    let decision = policy.ask(&question, &facts);
    let mut differences = Vec::new();
    let verdict = case.expected.verdict;
    // A misspelt name is denied; a test expecting deny would hide it.
    let refused = decision.reasons().into_iter().find_map(|reason| match reason {
        Reason::Refused(refusal) => {
            let field = matches!(refusal.kind(), ReasonKind::UnknownField);
            (!(field && case.expected.unknown)).then(|| perhaps::refusal(policy, &refusal))
        }
        _ => None,
    });
    differences.extend(refused);
    if case.expected.unknown && policy.field(&case.question.field).is_ok() {
        differences.push(format!("expected no field or category named `{}`", case.question.field));
    }
    let wrong = (decision.verdict() != verdict).then(|| decision.verdict());
    if let Some(is) = wrong {
        differences.push(format!("expected {verdict}, is {is}"));
    }
    if let Some(expected) = &case.expected.duties {
        let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let mut duties: Vec<&str> = decision.duties().collect();
        expected.sort_unstable();
        duties.sort_unstable();
        if expected != duties {
            differences.push(format!(
                "expected {}, has {}",
                named("duties", &expected),
                named("duties", &duties)
            ));
        }
    }
    if let Some(expected) = case.expected.retain_days {
        let days = |days: Option<u32>| match days {
            Some(days) => format!("retention of {days} days"),
            None => "no retention".to_owned(),
        };
        if decision.retain_days() != expected {
            differences.push(format!(
                "expected {}, has {}",
                days(expected),
                days(decision.retain_days())
            ));
        }
    }
    if let Some(expected) = &case.expected.missing {
        let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let mut missing: Vec<&str> = decision.missing();
        expected.sort_unstable();
        missing.sort_unstable();
        if expected != missing {
            let (expected, missing) =
                (named("missing facts", &expected), named("missing facts", &missing));
            differences.push(format!("expected {expected}, has {missing}"));
        }
    }
    if differences.is_empty() {
        return End::Passed;
    }
    let wrong = wrong.map(|is| (is, verdict));
    let reasons = decision.reasons().iter().filter_map(reason).collect();
    End::Failed { differences, reasons, wrong }
}

fn named(what: &str, names: &[&str]) -> String {
    if names.is_empty() { format!("no {what}") } else { format!("{what} {}", names.join(", ")) }
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
