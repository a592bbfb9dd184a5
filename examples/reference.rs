//! Answers questions by reading the language directly, without tables: what a program in any language
//! can hold its answers against.
//!
//! ```console
//! $ cargo run --example reference --features reference -- policies/drun.why < questions.jsonl
//! ```
//!
//! A question is a line of JSON, as `whyfor batch` takes it; its answer is a line with `decision`, `duties` in
//! alphabetical order and `retain_days`, and for allow and depends `bases`, `unbased`, `retain`, `retain_at_least` and,
//! of a `collect`, `optional`. Each answer is written before the next question is read.

use serde_json::{Value, json};
use std::error::Error;
use std::io::{BufRead, Write};
use whyfor::reference::{self, Stated, StatedFacts};
use whyfor::{Act, Limit, Model, Question, Verdict};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: reference POLICY.why < QUESTIONS")?;
    let model = Model::from_path(path)?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        writeln!(output, "{}", answer(&model, &line?)?)?;
        output.flush()?;
    }
    Ok(())
}

fn answer(model: &Model, line: &str) -> Result<Value, Box<dyn Error>> {
    let line: Value = serde_json::from_str(line)?;
    let name = |key: &str| line[key].as_str().ok_or(format!("`{key}` is missing in {line}"));
    let act = match name("act")? {
        "use" => Act::Use,
        "collect" => Act::Collect(line["by"].as_str()),
        "share" => Act::Share(line["with"].as_str()),
        other => return Err(format!("no act is named `{other}`").into()),
    };
    let mut facts = StatedFacts::new();
    for (fact, value) in line["facts"].as_object().into_iter().flatten() {
        facts.insert(fact.clone(), stated(value)?);
    }
    let question = Question { act, field: name("field")?, purpose: name("for")? };
    let found = reference::decide(model, &question, &facts);
    let mut answer = json!({
        "decision": found.verdict.as_str(),
        "duties": found.duties,
        "retain_days": found.retain_days,
    });
    if found.verdict != Verdict::Deny {
        answer["bases"] = json!(found.bases);
        answer["unbased"] = json!(found.unbased);
        answer["retain"] = found.retain.iter().map(limit).collect();
        answer["retain_at_least"] = found.retain_at_least.iter().map(limit).collect();
        if let Act::Collect(_) = act {
            answer["optional"] = json!(found.optional);
        }
    }
    Ok(answer)
}

fn limit(limit: &Limit) -> Value {
    match limit {
        Limit::Period { period, after: None } => json!({ "period": period.to_string() }),
        Limit::Period { period, after: Some(event) } => {
            json!({ "period": period.to_string(), "after": event })
        }
        Limit::Until { until } => json!({ "until": until }),
    }
}

fn stated(value: &Value) -> Result<Stated, Box<dyn Error>> {
    let purposes = |list: &Value| -> Vec<String> {
        let names = list.as_array().into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    Ok(match value {
        Value::Bool(yes) => Stated::YesNo(*yes),
        Value::Number(number) => Stated::Number(number.as_f64().ok_or("no such number")?),
        Value::String(choice) => Stated::Choice(choice.clone()),
        Value::Object(lists) => Stated::Purposes {
            yes: lists.get("yes").map(purposes).unwrap_or_default(),
            no: lists.get("no").map(purposes).unwrap_or_default(),
        },
        other => return Err(format!("{other} states nothing").into()),
    })
}
