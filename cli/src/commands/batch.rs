//! `whyfor batch`: questions in JSON lines.

use crate::args::{Batch, Reasons};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::answer::{self, AnswerWriter};
use crate::output::progress;
use crate::policy;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::io::{BufRead, Read, Write};
use whyfor::{Act, FactError, FactValue, Facts, FactsBuilder, Question};

/// Answers are written when so many bytes are ready, and whenever the input makes us wait.
const BUFFER: usize = 1 << 16;
/// Bytes of one line: no question comes near, and a stream without line breaks does not fill the memory.
const LONGEST: u64 = 1 << 20;
/// Lines between two looks at the progress bar.
const TICK: u64 = 4096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    act: Cow<'a, str>,
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow, default)]
    by: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    with: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "for")]
    purpose: Cow<'a, str>,
    #[serde(borrow, default)]
    facts: Stated<'a>,
}

/// Facts in the order in which they are written.
#[derive(Default)]
struct Stated<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Value<'a> {
    Nothing,
    YesNo(bool),
    Number(f64),
    Choice(#[serde(borrow)] Cow<'a, str>),
    #[serde(borrow)]
    Purposes(Purposes<'a>),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Purposes<'a> {
    #[serde(borrow, default)]
    yes: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    no: Vec<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Stated<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Stated<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of facts")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    pairs.push((name, map.next_value()?));
                }
                Ok(Stated(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads questions, writes answers.
pub(crate) fn run(arguments: &Batch) -> Result<Exit, Failure> {
    files::claim_stdin()?; // for the questions
    let loaded = policy::load(&arguments.policy)?;
    let with_reasons = arguments.reasons == Reasons::All;
    let writer = AnswerWriter::new(&loaded.policy, with_reasons, arguments.digest);
    let input = std::io::BufReader::with_capacity(BUFFER, std::io::stdin().lock());
    let all = answer_all(&writer, input, &mut std::io::stdout().lock())?;
    Ok(if all { Exit::Fine } else { Exit::Error })
}

/// Answers each line, and says whether all of them were questions.
pub(crate) fn answer_all(
    writer: &AnswerWriter<'_>,
    mut input: std::io::BufReader<impl Read>,
    output: &mut impl Write,
) -> Result<bool, Failure> {
    let bar = progress::bar(None, "{spinner} {human_pos} questions answered, {per_sec}, {elapsed}");
    let mut answers: Vec<u8> = Vec::with_capacity(2 * BUFFER);
    let mut line = Vec::new();
    let mut facts = Facts::default();
    let (mut number, mut failed) = (0u64, false);
    loop {
        // Whoever waits for an answer before the next question gets it.
        if answers.len() >= BUFFER || input.buffer().is_empty() && !answers.is_empty() {
            output.write_all(&answers).map_err(Failure::io("cannot write the answers"))?;
            output.flush().map_err(Failure::io("cannot write the answers"))?;
            answers.clear();
        }
        line.clear();
        let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if read.map_err(Failure::io("cannot read the questions"))? == 0 {
            break;
        }
        let cut_off = line.len() as u64 == LONGEST && !line.ends_with(b"\n");
        if cut_off {
            input.skip_until(b'\n').map_err(Failure::io("cannot read the questions"))?;
        }
        number += 1;
        if number % TICK == 0 {
            bar.set_position(number);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answered = match cut_off {
            true => Err(format!("a question has at most {LONGEST} bytes")),
            false => answer(&line, writer, facts, &mut answers),
        };
        match answered {
            Ok(reusable) => facts = reusable,
            Err(why) => {
                failed = true;
                facts = Facts::default();
                answers.extend(b"{\"error\":");
                answer::text(&mut answers, &why);
                drop(write!(answers, ",\"line\":{number}}}"));
            }
        }
        answers.push(b'\n');
    }
    output.write_all(&answers).map_err(Failure::io("cannot write the answers"))?;
    bar.finish_and_clear();
    Ok(!failed)
}

/// Answers one line into `out`; gives back the facts for their memory.
fn answer(
    line: &[u8],
    writer: &AnswerWriter<'_>,
    facts: Facts,
    out: &mut Vec<u8>,
) -> Result<Facts, String> {
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| {
        // The line is told apart already, and JSON's own count of lines starts anew with each.
        let text = error.to_string();
        let column = error.column();
        match text.split_once(" at line ") {
            Some((what, _)) => format!("{what} at column {column}"),
            None => text,
        }
    })?;
    let act = match (line.act.as_ref(), line.by.as_deref(), line.with.as_deref()) {
        ("use", None, None) => Act::Use,
        ("collect", Some(method), None) => Act::Collect(method),
        ("share", None, Some(recipient)) => Act::Share(recipient),
        ("collect", None, None) => return Err("`collect` has no `by`".to_owned()),
        ("share", None, None) => return Err("`share` has no `with`".to_owned()),
        ("use" | "share", Some(_), _) => return Err("`by` goes with `collect` alone".to_owned()),
        ("use" | "collect", _, Some(_)) => return Err("`with` goes with `share` alone".to_owned()),
        (other, ..) => return Err(format!("`{other}` is no act: collect, use or share")),
    };
    let question = Question { act, field: &line.field, purpose: &line.purpose };
    let mut builder = writer.policy().facts_reusing(facts);
    for (name, value) in &line.facts.0 {
        if let Err(error) = state(&mut builder, name, value) {
            writer.refuse(&error, out);
            return Ok(builder.build());
        }
    }
    let facts = builder.build();
    writer.write(&writer.policy().ask(&question, &facts), act, out);
    Ok(facts)
}

fn state(builder: &mut FactsBuilder<'_>, name: &str, value: &Value<'_>) -> Result<(), FactError> {
    match value {
        Value::Nothing => Ok(()),
        Value::YesNo(value) => builder.set(name, FactValue::YesNo(*value)),
        Value::Number(value) => builder.set(name, FactValue::Number(*value)),
        Value::Choice(value) => builder.set(name, FactValue::Choice(value)),
        Value::Purposes(Purposes { yes, no }) => {
            let yes: Vec<&str> = yes.iter().map(Cow::as_ref).collect();
            let no: Vec<&str> = no.iter().map(Cow::as_ref).collect();
            builder.set(name, FactValue::Purposes { yes: &yes, no: &no })
        }
    }
}
