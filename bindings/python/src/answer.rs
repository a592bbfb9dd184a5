//! A decision as a tuple, which `whyfor/_decision.py` turns into a `Decision`.

use whyfor::{Decision, Policy, Reason, Statement};

/// Verdict, duties, days of retention, missing facts, reasons.
pub(crate) type Answer = (&'static str, Vec<String>, Option<u32>, Vec<String>, Vec<ReasonRow>);

/// Kind, message, the statement, possible meanings of a name.
pub(crate) type ReasonRow = (&'static str, String, Option<StatementRow>, Vec<String>);

/// File, line, section, title of the section, text, and the lines to show with their numbers.
pub(crate) type StatementRow = (String, u32, Option<String>, String, String, Vec<(usize, String)>);

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
        decision.retain_days(),
        decision.missing().into_iter().map(str::to_owned).collect(),
        decision.reasons().iter().map(reason).collect(),
    )
}

fn statement(statement: &Statement<'_>) -> StatementRow {
    (
        statement.file.to_owned(),
        statement.line,
        statement.section.map(str::to_owned),
        statement.title.to_owned(),
        statement.text.to_owned(),
        statement.lines().collect(),
    )
}
