//! A decision as a tuple, which `whyfor/_decision.py` turns into a `Decision`.

use whyfor::{Decision, OutcomeReason, Policy, Reason, ReasonDetail};

/// Verdict, duties, days of retention, missing facts, reasons.
pub(crate) type Answer = (&'static str, Vec<String>, Option<u32>, Vec<String>, Vec<ReasonRow>);

/// Kind, message, the statement, possible meanings of a name.
pub(crate) type ReasonRow = (&'static str, String, Option<StatementRow>, Vec<String>);

/// File, line, section, title of the section, text.
pub(crate) type StatementRow = (String, u32, Option<String>, String, String);

/// All parts of a decision.
pub(crate) fn answer(policy: &Policy, decision: &Decision<'_>) -> Answer {
    let outcome = decision.outcome();
    let candidates = decision.reasons().into_iter().map(|reason| match reason {
        Reason::Refused(refusal) => policy.candidates(&refusal),
        _ => Vec::new(),
    });
    (
        outcome.verdict.as_str(),
        decision.duties().map(str::to_owned).collect(), // in declaration order
        outcome.retain_days,
        outcome.missing,
        outcome.reasons.into_iter().zip(candidates).map(row).collect(),
    )
}

fn row((reason, candidates): (OutcomeReason, Vec<String>)) -> ReasonRow {
    let statement = match reason.detail {
        ReasonDetail::Statement { file, line, section, title, text } => {
            Some((file, line, section, title, text))
        }
        _ => None,
    };
    (reason.kind.as_str(), reason.message, statement, candidates)
}
