//! `whyfor fields` and `whyfor purposes`: which categories or purposes are allowed.

use super::facts::Stated;
use super::question::{self, refused};
use crate::args::{AnswerFormat, Fields, Inverse, Purposes};
use crate::exit::{Exit, Failure};
use crate::output::{DIM, Page, json, line, streams, style};
use crate::policy;
use std::path::Path;
use whyfor::{Act, ActKind, Decision, Facts, Node, Policy, Verdict};

/// A node and the decision about it.
type Row<'p> = (Node<'p>, Decision<'p>);

/// The categories allowed for a purpose.
pub(crate) fn fields(arguments: &Fields) -> Result<Exit, Failure> {
    let Fields { policy, purpose, inverse } = arguments;
    let (policy, facts) = load(policy, inverse)?;
    let purpose = policy.purpose(purpose).map_err(|refusal| refused(&policy, &refusal))?;
    let acts = acts(&policy, inverse)?.into_iter();
    answer(best(acts.map(|act| policy.fields_for(act, purpose, &facts))), inverse)
}

/// The purposes allowed for a field.
pub(crate) fn purposes(arguments: &Purposes) -> Result<Exit, Failure> {
    let Purposes { policy, field, inverse } = arguments;
    let (policy, facts) = load(policy, inverse)?;
    let field = policy.field(field).map_err(|refusal| refused(&policy, &refusal))?;
    let acts = acts(&policy, inverse)?.into_iter();
    answer(best(acts.map(|act| policy.purposes_for(act, &field, &facts))), inverse)
}

fn load(path: &Path, inverse: &Inverse) -> Result<(Policy, Facts), Failure> {
    let policy = policy::load_verified(path)?.policy;
    let facts = Stated::parse(&policy, &inverse.facts.facts)?.build(&policy)?;
    Ok((policy, facts))
}

fn answer(mut rows: Vec<Row<'_>>, inverse: &Inverse) -> Result<Exit, Failure> {
    if !inverse.all {
        rows.retain(|(_, decision)| decision.verdict() != Verdict::Deny);
    }
    match inverse.format {
        AnswerFormat::Text => text(&rows).print()?,
        AnswerFormat::Json => streams::write(json::pretty(&json(&rows)))?,
    }
    let best = rows.iter().map(|(_, decision)| decision.verdict()).max();
    Ok(best.unwrap_or(Verdict::Deny).into())
}

/// The act; for `collect` and `share` without a party, the act with each.
fn acts(policy: &Policy, inverse: &Inverse) -> Result<Vec<Act>, Failure> {
    Ok(match (question::resolved(policy, inverse.act, &inverse.party)?, inverse.act) {
        (Some(act), _) => vec![act],
        (None, ActKind::Use) => vec![Act::Use],
        (None, ActKind::Collect) => policy.methods().map(|(id, _)| Act::Collect(id)).collect(),
        (None, ActKind::Share) => policy.recipients().map(|(id, _)| Act::Share(id)).collect(),
    })
}

/// For each node, the best decision of all acts. The first wins a tie.
fn best<'p>(acts: impl Iterator<Item = impl Iterator<Item = Row<'p>>>) -> Vec<Row<'p>> {
    let mut best: Vec<Row<'p>> = Vec::new();
    for decisions in acts {
        if best.is_empty() {
            best.extend(decisions);
            continue;
        }
        for (best, other) in best.iter_mut().zip(decisions) {
            if other.1.verdict() > best.1.verdict() {
                *best = other;
            }
        }
    }
    best
}

/// The duties of a decision, in alphabetical order.
fn duties<'p>(decision: &Decision<'p>) -> Vec<&'p str> {
    let mut duties: Vec<&str> = decision.duties().collect();
    duties.sort_unstable();
    duties
}

fn text(rows: &[Row<'_>]) -> Page {
    let mut text = Page::new();
    for (node, decision) in rows {
        let verdict = decision.verdict();
        let color = style(verdict);
        let indent = "  ".repeat(node.depth);
        let mut notes = Vec::new();
        let (missing, duties) = (decision.missing(), duties(decision));
        if !missing.is_empty() {
            notes.push(format!("needs {}", missing.join(", ")));
        }
        if !duties.is_empty() {
            notes.push(format!("then {}", duties.join(", ")));
        }
        if let Some(days) = decision.retain_days() {
            notes.push(format!("retain {days} days"));
        }
        let notes =
            if notes.is_empty() { String::new() } else { format!("  ({})", notes.join("; ")) };
        let Node { path, label, .. } = node;
        line!(text, "{color}{verdict:7}{color:#} {indent}{path}{notes}  {DIM}{label}{DIM:#}");
    }
    if rows.is_empty() {
        line!(text, "nothing");
    }
    text
}

fn json(rows: &[Row<'_>]) -> serde_json::Value {
    let row = |(node, decision): &Row<'_>| {
        serde_json::json!({
            "path": node.path,
            "label": node.label,
            "decision": decision.verdict().as_str(),
            "duties": duties(decision),
            "retain_days": decision.retain_days(),
            "missing": decision.missing(),
        })
    };
    rows.iter().map(row).collect()
}
