//! `whyfor fields` and `whyfor purposes`: the questions the other way round.

use super::facts::Stated;
use super::question;
use crate::args::{ActName, AnswerFormat, Fields, Inverse, Purposes};
use crate::exit::{Exit, Failure};
use crate::output::perhaps;
use crate::output::{DIM, Page, json, line, streams, style};
use crate::policy;
use std::path::Path;
use whyfor::{Act, Facts, Node, Policy, Question, Verdict};

/// A node, and what is decided about it.
struct Row<'p> {
    node: Node<'p>,
    verdict: Verdict,
    duties: Vec<&'p str>,
    retain_days: Option<u32>,
    missing: Vec<&'p str>,
}

/// Which categories a purpose may have.
pub(crate) fn fields(arguments: &Fields) -> Result<Exit, Failure> {
    let Fields { policy, purpose, inverse } = arguments;
    let (policy, facts) = load(policy, inverse)?;
    policy.purpose(purpose).map_err(|refusal| refused(&policy, &refusal))?;
    let nodes = policy.categories().map(|(_, node)| node);
    answer(rows(&policy, inverse, &facts, nodes, |node| (node.path, purpose))?, inverse)
}

/// Which purposes may have a field.
pub(crate) fn purposes(arguments: &Purposes) -> Result<Exit, Failure> {
    let Purposes { policy, field, inverse } = arguments;
    let (policy, facts) = load(policy, inverse)?;
    policy.field(field).map_err(|refusal| refused(&policy, &refusal))?;
    let nodes = policy.purposes().map(|(_, node)| node);
    answer(rows(&policy, inverse, &facts, nodes, |node| (field, node.path))?, inverse)
}

fn refused(policy: &Policy, refusal: &whyfor::Refusal<'_>) -> Failure {
    Failure::Usage(perhaps::refusal(policy, refusal))
}

fn load(path: &Path, inverse: &Inverse) -> Result<(Policy, Facts), Failure> {
    let policy = policy::load_verified(path)?.policy;
    let facts = Stated::parse(&policy, &inverse.facts.facts)?.build(&policy)?;
    Ok((policy, facts))
}

fn answer(mut rows: Vec<Row<'_>>, inverse: &Inverse) -> Result<Exit, Failure> {
    if !inverse.all {
        rows.retain(|row| row.verdict != Verdict::Deny);
    }
    match inverse.format {
        AnswerFormat::Text => text(&rows).print()?,
        AnswerFormat::Json => streams::write(json::pretty(&json(&rows)))?,
    }
    let best = rows.iter().map(|row| row.verdict).max();
    Ok(best.unwrap_or(Verdict::Deny).into())
}

/// The decision about each node; of `collect` and `share` without a party, the best over all parties.
fn rows<'p>(
    policy: &'p Policy,
    inverse: &'p Inverse,
    facts: &'p Facts,
    nodes: impl Iterator<Item = Node<'p>>,
    question: impl Fn(&Node<'p>) -> (&'p str, &'p str),
) -> Result<Vec<Row<'p>>, Failure> {
    let acts: Vec<Act<&str, &str>> = match question::partial(inverse.act, &inverse.party)? {
        Some(act) => {
            match act {
                Act::Collect(method) => policy.method(method).map(drop),
                Act::Share(recipient) => policy.recipient(recipient).map(drop),
                Act::Use => Ok(()),
            }
            .map_err(|refusal| refused(policy, &refusal))?;
            vec![act]
        }
        None if inverse.act == ActName::Collect => {
            policy.methods().map(|(_, node)| Act::Collect(node.path)).collect()
        }
        None => policy.recipients().map(|(_, node)| Act::Share(node.path)).collect(),
    };
    let row = |node: Node<'p>| {
        let (field, purpose) = question(&node);
        let rows = acts.iter().map(|act| {
            let decision = policy.ask(&Question { act: *act, field, purpose }, facts);
            let mut duties: Vec<&str> = decision.duties().collect();
            duties.sort_unstable();
            let (retain_days, missing) = (decision.retain_days(), decision.missing());
            Row { node, verdict: decision.verdict(), duties, retain_days, missing }
        });
        // Ties go to the first.
        rows.reduce(|best, other| if other.verdict > best.verdict { other } else { best })
    };
    Ok(nodes.filter_map(row).collect())
}

fn text(rows: &[Row<'_>]) -> Page {
    let mut text = Page::new();
    for row in rows {
        let color = style(row.verdict);
        let word = row.verdict.word();
        let indent = "  ".repeat(row.node.depth);
        let mut notes = Vec::new();
        if !row.missing.is_empty() {
            notes.push(format!("needs {}", row.missing.join(", ")));
        }
        if !row.duties.is_empty() {
            notes.push(format!("then {}", row.duties.join(", ")));
        }
        if let Some(days) = row.retain_days {
            notes.push(format!("retain {days} days"));
        }
        let notes =
            if notes.is_empty() { String::new() } else { format!("  ({})", notes.join("; ")) };
        let (path, label) = (row.node.path, row.node.label);
        line!(text, "{color}{word:7}{color:#} {indent}{path}{notes}  {DIM}{label}{DIM:#}");
    }
    if rows.is_empty() {
        line!(text, "nothing");
    }
    text
}

fn json(rows: &[Row<'_>]) -> serde_json::Value {
    let row = |row: &Row<'_>| {
        serde_json::json!({
            "path": row.node.path,
            "label": row.node.label,
            "decision": row.verdict.word(),
            "duties": row.duties,
            "retain_days": row.retain_days,
            "missing": row.missing,
        })
    };
    rows.iter().map(row).collect()
}
