//! A decision as a tuple, which `whyfor/_decision.py` turns into a `Decision`.

use whyfor::{Decision, Limit, Policy, Reason, Statement};

/// Verdict, duties, terms, missing facts, reasons.
pub(crate) type Answer = (&'static str, Vec<String>, Terms, Vec<String>, Vec<ReasonRow>);

/// Bases, whether a part has none, limits, limits of `at least`, days of retention, whether it is optional.
pub(crate) type Terms = (Vec<String>, bool, Vec<LimitRow>, Vec<LimitRow>, Option<u64>, bool);

/// The number and the unit of the period, the event after which it starts, the event that ends it.
pub(crate) type LimitRow = (Option<u32>, Option<&'static str>, Option<String>, Option<String>);

/// Kind, message, the statement, possible meanings of a name.
pub(crate) type ReasonRow = (&'static str, String, Option<StatementRow>, Vec<String>);

/// File, line, section, title of the section, text, the lines to show with their numbers, why it is so, and where to
/// read more.
pub(crate) type StatementRow =
    (String, u32, Option<String>, String, String, Vec<(usize, String)>, String, String);

/// All parts of a decision.
pub(crate) fn answer(policy: &Policy, decision: &Decision<'_>) -> Answer {
    let reason = |reason: &Reason<'_>| {
        let candidates = match reason {
            Reason::Refused(refusal) => policy.candidates(refusal),
            _ => Vec::new(),
        };
        let message = reason.message(decision.verdict());
        (reason.kind().as_str(), message, reason.statement().map(statement), candidates)
    };
    (
        decision.verdict().as_str(),
        decision.duties().map(str::to_owned).collect(), // in declaration order
        terms(decision),
        decision.missing().into_iter().map(str::to_owned).collect(),
        decision.reasons().iter().map(reason).collect(),
    )
}

fn terms(decision: &Decision<'_>) -> Terms {
    let mut bases: Vec<String> = decision.bases().map(str::to_owned).collect();
    bases.sort_unstable(); // as in the answers of the command
    (
        bases,
        decision.is_unbased(),
        decision.retain().into_iter().map(limit).collect(),
        decision.retain_at_least().into_iter().map(limit).collect(),
        decision.retain_days(),
        decision.is_optional(),
    )
}

fn limit(limit: Limit<&str>) -> LimitRow {
    match limit {
        Limit::Period { period, after } => {
            let after = after.map(str::to_owned);
            (Some(period.count()), Some(period.unit().as_str()), after, None)
        }
        Limit::Until { until } => (None, None, None, Some(until.to_owned())),
    }
}

fn statement(statement: &Statement<'_>) -> StatementRow {
    (
        statement.file.to_owned(),
        statement.line,
        statement.section.map(str::to_owned),
        statement.title.to_owned(),
        statement.text.to_owned(),
        statement.lines().collect(),
        statement.because.to_owned(),
        statement.see.to_owned(),
    )
}
