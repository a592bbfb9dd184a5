//! For programs: every change with every name.

use super::Compared;
use serde_json::{Value, json};
use whyfor::Act;
use whyfor::diff::{Answer, Change, NameChange, NameChangeKind, Names, WordingChange};

/// One object.
pub(crate) fn render(compared: &Compared) -> String {
    let [old, new] = &compared.names;
    let object = json!({
        "old": old,
        "new": new,
        "more_permissive": compared.diff.is_more_permissive(),
        "decisions": compared.diff.count(),
        "changes": compared.diff.changes().iter().map(change).collect::<Vec<_>>(),
        "names": compared.diff.names().iter().map(name).collect::<Vec<_>>(),
        "wording": compared.diff.wording().iter().map(wording).collect::<Vec<_>>(),
    });
    crate::output::json::pretty(&object)
}

fn change(change: &Change) -> Value {
    let (act, parties) = match &change.act {
        Act::Use => ("use", None),
        Act::Collect(methods) => ("collect", Some(("methods", methods))),
        Act::Share(recipients) => ("share", Some(("recipients", recipients))),
    };
    let causes: Vec<Value> = (change.causes.iter())
        .map(|cause| {
            json!({
                "kind": cause.kind.as_str(),
                "file": cause.file,
                "line": cause.line,
                "text": cause.text,
            })
        })
        .collect();
    let mut object = json!({
        "kind": change.kind.as_str(),
        "text": change.to_string(),
        "more_permissive": change.more_permissive,
        "act": act,
        "with_use": change.with_use,
        "categories": names(&change.categories),
        "purposes": names(&change.purposes),
        "before": answer(&change.before),
        "after": answer(&change.after),
        "decisions": change.count(),
        "witness": { "question": change.witness.question, "given": change.witness.given },
        "causes": causes,
    });
    if let Some((word, parties)) = parties {
        object[word] = names(parties);
    }
    object
}

fn names(names: &Names) -> Value {
    json!({ "words": names.words, "wholes": names.wholes, "labels": names.labels, "all": names.all })
}

fn answer(answer: &Answer) -> Value {
    json!({
        "decision": answer.verdict.as_str(),
        "condition": answer.condition,
        "duties": answer.duties,
        "optional": answer.optional,
    })
}

fn wording(change: &WordingChange) -> Value {
    json!({
        "of": change.of,
        "name": change.name,
        "part": change.part,
        "before": change.before,
        "after": change.after,
        "text": change.to_string(),
    })
}

fn name(change: &NameChange) -> Value {
    let mut object = json!({
        "of": change.of,
        "name": change.name,
        "label": change.label,
        "kind": change.kind.as_str(),
        "text": change.to_string(),
    });
    match &change.kind {
        NameChangeKind::Appeared { below } | NameChangeKind::Vanished { below } => {
            object["below"] = json!(below);
        }
        NameChangeKind::Ambiguous { candidates } => object["candidates"] = json!(candidates),
        NameChangeKind::Unambiguous { path } => object["path"] = json!(path),
        NameChangeKind::Means { before, after } => {
            object["before"] = json!(before);
            object["after"] = json!(after);
        }
        NameChangeKind::Moved { before, after } => {
            object["before"] = json!(before);
            object["after"] = json!(after);
        }
        _ => {}
    }
    object
}
