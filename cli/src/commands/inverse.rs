//! `whyfor fields`, `purposes` and `recipients`: which categories, purposes or recipients are allowed.

use super::facts::Stated;
use super::question::{self, refused};
use crate::args::{AnswerFormat, Fields, Inverse, Purposes, Recipients};
use crate::exit::{Exit, Failure};
use crate::output::{DIM, Page, json, line, streams, style};
use crate::policy;
use std::path::Path;
use whyfor::{Act, ActKind, Decision, Facts, Limit, Node, Policy, Verdict};

/// A node and the decision about it.
type Row<'p> = (Node<'p>, Decision<'p>);

/// The categories allowed for a purpose.
pub(crate) fn fields(arguments: &Fields) -> Result<Exit, Failure> {
    let Fields { policy, purpose, inverse } = arguments;
    let (policy, facts) = load(policy, &inverse.facts.facts)?;
    let purpose = policy.purpose(purpose).map_err(|refusal| refused(&policy, &refusal))?;
    let acts = acts(&policy, inverse)?.into_iter();
    answer(
        best(acts.map(|act| policy.fields_for(act, purpose, &facts))),
        inverse.all,
        inverse.format,
    )
}

/// The purposes allowed for a field.
pub(crate) fn purposes(arguments: &Purposes) -> Result<Exit, Failure> {
    let Purposes { policy, field, inverse } = arguments;
    let (policy, facts) = load(policy, &inverse.facts.facts)?;
    let field = policy.field(field).map_err(|refusal| refused(&policy, &refusal))?;
    let acts = acts(&policy, inverse)?.into_iter();
    answer(
        best(acts.map(|act| policy.purposes_for(act, &field, &facts))),
        inverse.all,
        inverse.format,
    )
}

/// The recipients that a field may be shared with for a purpose.
pub(crate) fn recipients(arguments: &Recipients) -> Result<Exit, Failure> {
    let Recipients { policy, field, purpose, facts, all, format } = arguments;
    let (policy, facts) = load(policy, &facts.facts)?;
    let field = policy.field(field).map_err(|refusal| refused(&policy, &refusal))?;
    let purpose = policy.purpose(purpose).map_err(|refusal| refused(&policy, &refusal))?;
    answer(policy.recipients_for(&field, purpose, &facts).collect(), *all, *format)
}

fn load(path: &Path, facts: &[String]) -> Result<(Policy, Facts), Failure> {
    let policy = policy::load_verified(path)?.policy;
    let facts = Stated::parse(&policy, facts)?.build(&policy)?;
    Ok((policy, facts))
}

fn answer(mut rows: Vec<Row<'_>>, all: bool, format: AnswerFormat) -> Result<Exit, Failure> {
    if !all {
        rows.retain(|(_, decision)| decision.verdict() != Verdict::Deny);
    }
    match format {
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
        // What is allowed by any method is allowed by each: only without methods does it add something.
        (None, ActKind::Collect) => {
            let declared = policy.methods().map(|(id, _)| id);
            declared.chain([policy.any_method()]).map(Act::Collect).collect()
        }
        (None, ActKind::Share) => {
            let declared = policy.recipients().map(|(id, _)| id);
            declared.chain([policy.any_recipient()]).map(Act::Share).collect()
        }
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
        let limits: Vec<String> = decision.retain().iter().map(Limit::to_string).collect();
        let least = decision.retain_at_least();
        let limits: Vec<String> = limits
            .into_iter()
            .chain(least.iter().map(|limit| format!("at least {limit}")))
            .collect();
        if !limits.is_empty() {
            notes.push(format!("retain {}", limits.join(", ")));
        }
        let bases: Vec<&str> = decision.bases().collect();
        match (bases.is_empty(), decision.is_unbased()) {
            (true, true) => notes.push("on no basis".to_owned()),
            (true, false) => {}
            (false, _) => notes.push(format!("on {}", bases.join(", "))),
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
        let mut row = serde_json::json!({
            "path": node.path,
            "label": node.label,
            "decision": decision.verdict().as_str(),
            "duties": duties(decision),
            "retain_days": decision.retain_days(),
            "missing": decision.missing(),
        });
        let terms = decision.outcome().terms.map(serde_json::to_value);
        if let (Some(Ok(serde_json::Value::Object(terms))), Some(row)) =
            (terms, row.as_object_mut())
        {
            row.extend(terms);
        }
        row
    };
    rows.iter().map(row).collect()
}
