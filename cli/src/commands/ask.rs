//! `whyfor ask`: one question, with everything about the answer.

use super::facts::Stated;
use super::question;
use crate::args::{AnswerFormat, Ask};
use crate::exit::{Exit, Failure};
use crate::output::answer::AnswerWriter;
use crate::output::{BOLD, DIM, Page, line, streams, style};
use crate::policy;
use whyfor::{
    Decision, Explanation, FactChange, FactValue, Policy, Question, Reason, Statement, Verdict,
};

/// Longer lists of names are cut; the inverse commands show all.
const MOST_NAMES: usize = 8;
/// Most facts shown that would change the answer.
const MOST_CHANGES: usize = 20;
/// Most reasons shown for a large group.
const MOST_REASONS: usize = 10;

/// Answers one question.
pub(crate) fn run(arguments: &Ask) -> Result<Exit, Failure> {
    let act = question::named(arguments.act, &arguments.party)?;
    let loaded = policy::load_verified(&arguments.policy)?;
    let policy = &loaded.policy;
    let facts = Stated::parse(policy, &arguments.facts.facts)?.build(policy)?;
    let question = Question { act, field: &arguments.field, purpose: &arguments.purpose };
    let decision = policy.ask(&question, &facts);

    match arguments.format {
        AnswerFormat::Json => {
            let mut out = Vec::new();
            AnswerWriter::new(policy, true, true).write(&decision, act, &mut out);
            out.push(b'\n');
            streams::write(out)?;
        }
        AnswerFormat::Text => {
            let changes = changes(&policy.explain(&question, &facts));
            text(policy, &question, &decision, &changes).print()?;
        }
    }
    Ok(decision.verdict().into())
}

fn text(
    policy: &Policy,
    question: &Question<'_>,
    decision: &Decision<'_>,
    changes: &[String],
) -> Page {
    let mut text = Page::new();
    let verdict = decision.verdict();
    let color = style(verdict);
    let word = verdict.as_str().to_uppercase();
    line!(text, "{color}{word}{color:#}  {BOLD}{question}{BOLD:#}");
    if !policy.label().is_empty() {
        let label = policy.label();
        line!(text, "{DIM}by policy {} · {label}{DIM:#}", policy.name());
    }
    why(&mut text, policy, verdict, decision);
    let duties: Vec<&str> = decision.duties().collect();
    if !duties.is_empty() {
        line!(text);
        line!(text, "{BOLD}duties{BOLD:#}     {}", duties.join(", "));
    }
    terms(&mut text, decision);
    if !changes.is_empty() {
        line!(text);
        line!(text, "{BOLD}what would change it{BOLD:#}");
        for change in changes {
            line!(text, "  {change}");
        }
    }
    text
}

/// The legal bases, how long the data is kept, and whether it may be left out.
fn terms(text: &mut Page, decision: &Decision<'_>) {
    let bases: Vec<&str> = decision.bases().collect();
    match (bases.is_empty(), decision.is_unbased()) {
        (true, true) => line!(text, "{BOLD}basis{BOLD:#}      none"),
        (true, false) => {}
        (false, true) => {
            line!(text, "{BOLD}basis{BOLD:#}      {}, and none for a part of it", bases.join(", "))
        }
        (false, false) => line!(text, "{BOLD}basis{BOLD:#}      {}", bases.join(", ")),
    }
    let limits = decision.retain().into_iter().map(|limit| limit.to_string());
    let least = decision.retain_at_least().into_iter().map(|limit| format!("at least {limit}"));
    let limits: Vec<String> = limits.chain(least).collect();
    if !limits.is_empty() {
        line!(text, "{BOLD}retention{BOLD:#}  {}", limits.join(", "));
    }
    if decision.is_optional() {
        line!(text, "{BOLD}optional{BOLD:#}   the person may leave it out");
    }
}

fn why(text: &mut Page, policy: &Policy, verdict: Verdict, decision: &Decision<'_>) {
    line!(text);
    line!(text, "{BOLD}why{BOLD:#}");
    let missing = decision.missing();
    if !missing.is_empty() {
        line!(text, "  it depends on `{}`, which no one stated", missing.join("`, `"));
    }
    let reasons = decision.reasons();
    for reason in reasons.iter().take(MOST_REASONS) {
        match reason.statement() {
            Some(statement) => statement_lines(text, &reason.message(verdict), statement),
            None => line!(text, "  {}", reason.message(verdict)),
        }
        if let Reason::Refused(refusal) = reason {
            let candidates = policy.candidates(refusal);
            if !candidates.is_empty() {
                line!(text, "  perhaps {}", some(&candidates));
            }
        }
    }
    if reasons.len() > MOST_REASONS {
        let more = reasons.len() - MOST_REASONS;
        line!(text, "  … and {more} more (`--format json` gives all)");
    }
}

/// A statement with its place and its source lines.
fn statement_lines(text: &mut Page, what: &str, statement: &Statement<'_>) {
    line!(text, "  {what} {DIM}({}){DIM:#}", statement.place());
    let width = (statement.line as usize + statement.text.lines().count()).to_string().len();
    for (number, source) in statement.lines() {
        line!(text, "    {DIM}{number:width$} │{DIM:#} {source}");
    }
    if !statement.because.is_empty() {
        line!(text, "    because: {}", statement.because);
    }
    if !statement.see.is_empty() {
        line!(text, "    see: {}", statement.see);
    }
}

/// What the asker could change: facts, the purpose, the method or the recipient.
fn changes(explanation: &Explanation) -> Vec<String> {
    let fact = |change: &FactChange| {
        let effect = match change.verdict {
            Verdict::Allow => "would allow it",
            Verdict::Deny => "would deny it",
            Verdict::Depends => "would make it depend on other facts",
        };
        format!("`--fact {}` {effect}", argument(&change.fact, &change.value))
    };
    let mut changes: Vec<String> = explanation.facts.iter().take(MOST_CHANGES).map(fact).collect();
    let more = explanation.facts.len().saturating_sub(MOST_CHANGES);
    if more > 0 {
        changes.push(format!("… and {more} more facts"));
    }
    let Explanation { methods, recipients, purposes, .. } = explanation;
    for (word, names) in [("by", methods), ("with", recipients), ("for", purposes)] {
        if !names.is_empty() {
            changes.push(format!("it is allowed {word} {}", some(names)));
        }
    }
    changes
}

/// A fact as an argument of `--fact`.
fn argument(fact: &str, value: &FactValue<'_>) -> String {
    match value {
        FactValue::YesNo(true) => format!("{fact}=yes"),
        FactValue::YesNo(false) => format!("{fact}=no"),
        FactValue::Number(number) => format!("{fact}={number}"),
        FactValue::Purposes { yes, no } if yes.is_empty() => format!("{fact}!={}", no.join(",")),
        FactValue::Purposes { yes, .. } => format!("{fact}={}", yes.join(",")),
        FactValue::Written(text) | FactValue::Choice(text) => format!("{fact}={text}"),
        _ => fact.to_owned(),
    }
}

/// The first few names, and how many more there are.
fn some(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
