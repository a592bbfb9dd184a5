//! `whyfor ask`: one question, and everything there is to say about the answer.

use super::facts::{Stated, Value};
use super::question;
use crate::args::{AnswerFormat, Ask};
use crate::exit::{Exit, Failure};
use crate::output::answer::AnswerWriter;
use crate::output::{BOLD, DIM, Page, line, streams, style};
use crate::policy;
use whyfor::{Act, Decision, FactKind, Facts, Policy, Question, Reason, Statement, Verdict};

/// Lists of names are cut here: the inverse commands show all.
const MOST_NAMES: usize = 8;
/// Reasons shown of a large group.
const MOST_REASONS: usize = 10;

/// Answers one question.
pub(crate) fn run(arguments: &Ask) -> Result<Exit, Failure> {
    let act = question::whole(arguments.act, &arguments.party)?;
    let loaded = policy::load_verified(&arguments.policy)?;
    let policy = &loaded.policy;
    let stated = Stated::parse(policy, &arguments.facts.facts)?;
    let facts = stated.build(policy)?;
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
            let changes = changes(policy, &question, &stated, &decision);
            text(policy, &question, &decision, &changes).print()?;
        }
    }
    Ok(decision.verdict().into())
}

/// The question in the words of the language.
fn words(question: &Question<'_>) -> String {
    let Question { act, field, purpose } = question;
    match act {
        Act::Use => format!("use {field} for {purpose}"),
        Act::Collect(method) => format!("collect {field} by {method} for {purpose}"),
        Act::Share(recipient) => format!("share {field} with {recipient} for {purpose}"),
    }
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
    let word = verdict.word().to_uppercase();
    line!(text, "{color}{word}{color:#}  {BOLD}{}{BOLD:#}", words(question));
    if !policy.label().is_empty() {
        let label = policy.label();
        line!(text, "{DIM}by policy {} · {label}{DIM:#}", policy.policy_name());
    }
    why(&mut text, policy, verdict, decision);
    let duties: Vec<&str> = decision.duties().collect();
    if !duties.is_empty() {
        line!(text);
        line!(text, "{BOLD}duties{BOLD:#}     {}", duties.join(", "));
    }
    if let Some(days) = decision.retain_days() {
        let unit = if days == 1 { "day" } else { "days" };
        line!(text, "{BOLD}retention{BOLD:#}  {days} {unit}");
    }
    if !changes.is_empty() {
        line!(text);
        line!(text, "{BOLD}what would change it{BOLD:#}");
        for change in changes {
            line!(text, "  {change}");
        }
    }
    text
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
        match reason {
            Reason::Permit(s) if verdict == Verdict::Allow => said(text, "this permits it", s),
            Reason::Permit(s) => said(text, "this permits it if its condition holds", s),
            Reason::Never(s) if verdict == Verdict::Deny => said(text, "this forbids it", s),
            Reason::Never(s) => said(text, "this forbids it if its condition holds", s),
            Reason::Unmet(s) => said(text, "this would permit it, but its condition is no", s),
            Reason::NoPermit { category, party, purpose } => {
                let party = party.map(|party| format!(", {party}")).unwrap_or_default();
                line!(text, "  no statement permits it for `{category}`{party}, `{purpose}`");
            }
            Reason::Refused(refusal) => {
                line!(text, "  {refusal}");
                let candidates = policy.candidates(refusal);
                if !candidates.is_empty() {
                    let names = some(candidates.iter().map(String::as_str));
                    line!(text, "  perhaps {names}");
                }
            }
            other => line!(text, "  {}", other.word()),
        }
    }
    if reasons.len() > MOST_REASONS {
        let more = reasons.len() - MOST_REASONS;
        line!(text, "  … and {more} more (`--format json` gives all)");
    }
}

/// A statement with its place and its source lines.
fn said(text: &mut Page, what: &str, statement: &Statement<'_>) {
    let Statement { file, line: first, section, title, .. } = statement;
    let section = match section {
        Some(name) if title.is_empty() => format!(", section {name}"),
        Some(_) => format!(", section “{title}”"),
        None => String::new(),
    };
    line!(text, "  {what} {DIM}({file}:{first}{section}){DIM:#}");
    let width = (*first as usize + statement.text.lines().count()).to_string().len();
    // The first line lacks the indentation that the others have.
    let common = statement.text.lines().skip(1).filter(|l| !l.trim().is_empty());
    let common = common.map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    for (i, source) in statement.text.lines().enumerate() {
        let number = *first as usize + i;
        let source = if i == 0 {
            source.to_owned()
        } else {
            format!("    {}", source.get(common..).unwrap_or(source.trim_start()))
        };
        let source = source.replace('\t', "    ");
        line!(text, "    {DIM}{number:width$} │{DIM:#} {source}");
    }
}

/// What the asker could do: facts that would change the verdict, other purposes and methods.
fn changes(
    policy: &Policy,
    question: &Question<'_>,
    stated: &Stated,
    decision: &Decision<'_>,
) -> Vec<String> {
    if decision.is_allowed() {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let known = decision.reasons().iter().all(|r| !matches!(r, Reason::Refused(_)));
    if !known {
        return changes;
    }
    for (argument, other) in single_facts(policy, question, stated) {
        let Ok(facts) = other.build(policy) else { continue };
        let verdict = policy.ask(question, &facts).verdict();
        if verdict == Verdict::Allow {
            changes.push(format!("`--fact {argument}` would allow it"));
        } else if verdict == Verdict::Deny && decision.verdict() == Verdict::Depends {
            changes.push(format!("`--fact {argument}` would deny it"));
        } else if verdict > decision.verdict() {
            changes.push(format!("`--fact {argument}` would make it depend on other facts"));
        }
    }
    let facts = stated.build(policy).unwrap_or_default();
    changes.extend(other_parties(policy, question, &facts));
    changes.extend(other_purposes(policy, question, &facts));
    changes
}

/// Every way to state one more fact, or one fact otherwise: as an argument, and together with the
/// facts that are stated.
fn single_facts(
    policy: &Policy,
    question: &Question<'_>,
    stated: &Stated,
) -> Vec<(String, Stated)> {
    let mut ways = Vec::new();
    for fact in policy.fact_infos() {
        let name = fact.name;
        let mut way = |argument: String, value: Value| {
            ways.push((argument, stated.with(name, value)));
        };
        match fact.kind {
            FactKind::YesNo => {
                way(format!("{name}=yes"), Value::YesNo(true));
                way(format!("{name}=no"), Value::YesNo(false));
            }
            FactKind::PerPurpose => {
                let purpose = || vec![question.purpose.to_owned()];
                let yes = Value::Purposes { yes: purpose(), no: vec![] };
                way(format!("{name}={}", question.purpose), yes);
                let no = Value::Purposes { yes: vec![], no: purpose() };
                way(format!("{name}!={}", question.purpose), no);
            }
            FactKind::Choice => {
                for choice in &fact.choices {
                    way(format!("{name}={choice}"), Value::Choice((*choice).to_owned()));
                }
            }
            FactKind::Number => {
                // What the policy compares with, and the numbers on both sides.
                let mut numbers: Vec<f64> =
                    fact.bounds.iter().flat_map(|b| [b - 1.0, *b, b + 1.0]).collect();
                numbers.sort_by(f64::total_cmp);
                numbers.dedup();
                for number in numbers {
                    way(format!("{name}={number}"), Value::Number(number.to_string()));
                }
            }
        }
    }
    ways
}

fn other_parties(policy: &Policy, question: &Question<'_>, facts: &Facts) -> Option<String> {
    let allowed = |act| policy.ask(&Question { act, ..*question }, facts).is_allowed();
    let (word, names): (&str, Vec<&str>) = match question.act {
        Act::Use => return None,
        Act::Collect(_) => {
            let methods = policy.methods().map(|(_, node)| node.path);
            ("by", methods.filter(|path| allowed(Act::Collect(path))).collect())
        }
        Act::Share(_) => {
            let recipients = policy.recipients().map(|(_, node)| node.path);
            ("with", recipients.filter(|path| allowed(Act::Share(path))).collect())
        }
    };
    (!names.is_empty()).then(|| format!("it is allowed {word} {}", some(names.into_iter())))
}

fn other_purposes(policy: &Policy, question: &Question<'_>, facts: &Facts) -> Option<String> {
    let allowed =
        |purpose: &&str| policy.ask(&Question { purpose, ..*question }, facts).is_allowed();
    let purposes: Vec<&str> =
        policy.purposes().map(|(_, node)| node.path).filter(allowed).collect();
    (!purposes.is_empty()).then(|| format!("it is allowed for {}", some(purposes.into_iter())))
}

/// The first few names, and how many more there are.
fn some<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.len() <= MOST_NAMES {
        return names.join(", ");
    }
    let more = names.len() - MOST_NAMES;
    format!("{} and {more} more", names[..MOST_NAMES].join(", "))
}
