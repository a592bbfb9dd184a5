//! A decision as a tuple, which `whyfor/_decision.py` turns into a `Decision`.

use whyfor::{Decision, Policy, Reason, Statement, Verdict};

/// Verdict, duties, days of retention, missing facts, reasons.
pub(crate) type Answer = (&'static str, Vec<String>, Option<u32>, Vec<String>, Vec<ReasonRow>);

/// Kind, message, the statement, possible meanings of a name.
pub(crate) type ReasonRow = (&'static str, String, Option<StatementRow>, Vec<String>);

/// File, line, section, title of the section, text.
pub(crate) type StatementRow = (String, u32, Option<String>, String, String);

/// All parts of a decision.
pub(crate) fn answer(policy: &Policy, decision: &Decision<'_>) -> Answer {
    let verdict = decision.verdict();
    (
        verdict.word(),
        decision.duties().map(str::to_owned).collect(),
        decision.retain_days(),
        decision.missing().into_iter().map(str::to_owned).collect(),
        decision.reasons().iter().map(|reason| row(policy, reason, verdict)).collect(),
    )
}

fn row(policy: &Policy, reason: &Reason<'_>, verdict: Verdict) -> ReasonRow {
    let with_statement = |message: &str, s: &Statement<'_>| {
        (reason.word(), message.to_owned(), Some(statement(s)), Vec::new())
    };
    match reason {
        Reason::Permit(s) if verdict == Verdict::Allow => with_statement("this permits it", s),
        Reason::Permit(s) => with_statement("this permits it if its condition holds", s),
        Reason::Never(s) if verdict == Verdict::Deny => with_statement("this forbids it", s),
        Reason::Never(s) => with_statement("this forbids it if its condition holds", s),
        Reason::Unmet(s) => with_statement("this would permit it, but its condition is no", s),
        Reason::NoPermit { category, party, purpose } => {
            let party = party.map(|party| format!(", `{party}`")).unwrap_or_default();
            let message = format!("no statement permits it for `{category}`{party}, `{purpose}`");
            (reason.word(), message, None, Vec::new())
        }
        Reason::Refused(refusal) => {
            (reason.word(), refusal.to_string(), None, policy.candidates(refusal))
        }
        _ => (reason.word(), reason.word().to_owned(), None, Vec::new()),
    }
}

fn statement(statement: &Statement<'_>) -> StatementRow {
    let Statement { file, line, section, title, text, .. } = statement;
    let section = section.map(str::to_owned);
    ((*file).to_owned(), *line, section, (*title).to_owned(), (*text).to_owned())
}
