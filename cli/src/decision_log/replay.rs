//! Asks another policy what a log has decided.

use super::kept::KeptPolicies;
use super::read::Alike;
use serde::Serialize;
use whyfor::{Act, ActKind, Condition, Decision, Facts, NamedAct, Policy, Question, Verdict};
use whyfor_serve::LoggedDecision;

/// What another policy says about decisions that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The same.
    Same,
    /// Another verdict, whatever the facts were.
    Changes { to: Verdict, why: String },
    /// It depends on facts, which are not in the log; allowed under this condition.
    MayChange { when: String },
    /// It cannot be asked: the log does not have its names.
    NotAsked,
}

/// Decisions that are alike, and what another policy says.
#[derive(Debug, Serialize)]
pub(crate) struct Replay<'l> {
    #[serde(flatten)]
    pub(crate) alike: &'l Alike,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

/// Asks each kind of decision again.
pub(crate) fn replay<'l>(
    kinds: impl IntoIterator<Item = &'l Alike>,
    kept: &KeptPolicies,
    policy: &Policy,
) -> Vec<Replay<'l>> {
    let answer = |alike: &'l Alike| Replay { alike, answer: asked(&alike.decision, kept, policy) };
    kinds.into_iter().map(answer).collect()
}

fn asked(logged: &LoggedDecision, kept: &KeptPolicies, policy: &Policy) -> Answer {
    let Some(purpose) = logged.purpose.as_deref() else { return Answer::NotAsked };
    if logged.categories.is_empty() || !logged.unknown.is_empty() {
        return Answer::NotAsked;
    }
    let new = decisions(logged, purpose, policy);
    let verdict = verdict(&new);
    if verdict != Verdict::Depends {
        return match verdict == logged.verdict {
            true => Answer::Same,
            false => Answer::Changes { to: verdict, why: why(&new, verdict) },
        };
    }
    let had_the_same_condition = kept.get(logged.digest).is_some_and(|old| {
        let old = decisions(logged, purpose, &old.policy);
        old.iter().map(Decision::residual).eq(new.iter().map(Decision::residual))
    });
    if had_the_same_condition {
        return Answer::Same;
    }
    let depend = new.iter().map(Decision::residual).filter(|residual| *residual != Condition::Yes);
    let mut conditions: Vec<String> = depend.map(|residual| residual.to_string()).collect();
    conditions.dedup();
    Answer::MayChange { when: conditions.join("; and ") }
}

/// The question about each category, without facts.
fn decisions<'p>(
    logged: &'p LoggedDecision,
    purpose: &'p str,
    policy: &'p Policy,
) -> Vec<Decision<'p>> {
    let party = logged.party.as_deref();
    let act: NamedAct<'p> = match logged.act {
        ActKind::Use => Act::Use,
        ActKind::Collect => Act::Collect(party),
        ActKind::Share => Act::Share(party),
    };
    let ask = |field: &'p String| policy.ask(&Question { act, field, purpose }, Facts::none());
    logged.categories.iter().map(ask).collect()
}

/// All categories of a field must be allowed.
fn verdict(decisions: &[Decision<'_>]) -> Verdict {
    decisions.iter().map(Decision::verdict).min().unwrap_or(Verdict::Deny)
}

/// The first reason of the decision that decides.
fn why(decisions: &[Decision<'_>], verdict: Verdict) -> String {
    let decides = decisions.iter().find(|decision| decision.verdict() == verdict);
    let reasons = decides.map(Decision::reasons).unwrap_or_default();
    let Some(reason) = reasons.first() else { return String::new() };
    match reason.statement() {
        Some(statement) => format!("{} ({})", reason.message(verdict), statement.place()),
        None => reason.message(verdict),
    }
}
