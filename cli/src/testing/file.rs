//! A file of tests as it is written, and the cases that it comes to.

use crate::exit::Failure;
use crate::yaml;
use serde::{Deserialize, Deserializer};
use serde_yaml::{Mapping, Value};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The cases of one file: a table has one for each cell.
const MOST_CASES: usize = 1_000_000;

/// The cases of a file, and the policy that they ask.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) path: PathBuf,
    pub(crate) policy: PathBuf,
    pub(crate) cases: Vec<Case>,
}

/// One question and the answer that it should have.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The test of the file whose table this is a cell of.
    pub(crate) table: Option<Table>,
    pub(crate) question: Asked,
    pub(crate) facts: Vec<(String, Stated)>,
    pub(crate) expected: Expected,
    /// Why it is not asked.
    pub(crate) skip: Option<String>,
}

/// A table is known by its place among the tests of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) number: usize,
    pub(crate) name: Rc<str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) act: Act,
    pub(crate) field: String,
    pub(crate) purpose: String,
}

/// By the names of the method or the recipient.
pub(crate) type Act = whyfor::Act<String, String>;

/// What a fact is stated to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stated {
    YesNo(bool),
    Number(f64),
    Choice(String),
    Purposes { yes: Vec<String>, no: Vec<String> },
}

/// What an answer should be; what is left out is not looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expected {
    pub(crate) verdict: Verdict,
    pub(crate) duties: Option<Vec<String>>,
    pub(crate) retain_days: Option<Option<u32>>,
    pub(crate) missing: Option<Vec<String>>,
    /// The field is meant to be one that the policy does not know.
    pub(crate) unknown: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Allow,
    #[default]
    Deny,
    Depends,
}

impl From<Verdict> for whyfor::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::Allow,
            Verdict::Deny => Self::Deny,
            Verdict::Depends => Self::Depends,
        }
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { act, field, purpose } = self;
        match act {
            Act::Use => write!(f, "use {field} for {purpose}"),
            Act::Collect(method) => write!(f, "collect {field} by {method} for {purpose}"),
            Act::Share(recipient) => write!(f, "share {field} with {recipient} for {purpose}"),
        }
    }
}

impl Asked {
    pub(crate) fn question(&self) -> whyfor::Question<'_> {
        let act = match &self.act {
            Act::Use => whyfor::Act::Use,
            Act::Collect(method) => whyfor::Act::Collect(method.as_str()),
            Act::Share(recipient) => whyfor::Act::Share(recipient.as_str()),
        };
        whyfor::Question { act, field: &self.field, purpose: &self.purpose }
    }
}

// ── As written ──────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with `policy` and `tests`")]
struct File {
    policy: PathBuf,
    /// Facts that every test states, unless it states them otherwise.
    #[serde(default)]
    facts: Mapping,
    tests: Vec<Test>,
}

/// A single case has `ask` and `expect`, a table has `table`, `purposes` and `fields`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a test, such as `ask: use email for login`")]
struct Test {
    name: Option<String>,
    ask: Option<String>,
    expect: Option<Verdict>,
    table: Option<String>,
    purposes: Option<Vec<String>>,
    fields: Option<Mapping>,
    #[serde(default)]
    facts: Mapping,
    duties: Option<Vec<String>>,
    #[serde(default, deserialize_with = "stated")]
    retain_days: Option<Option<u32>>,
    missing: Option<Vec<String>>,
    #[serde(default)]
    unknown: bool,
    #[serde(default, deserialize_with = "stated")]
    skip: Option<Option<Value>>,
}

/// A key that is there, even if its value is null.
fn stated<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Reads a file of tests.
pub(crate) fn read(path: &Path) -> Result<Suite, Failure> {
    let wrong = |message: String| Failure::Usage(format!("`{}`: {message}", path.display()));
    let file: File = yaml::read(path)?;
    let mut cases = Vec::new();
    for (at, test) in file.tests.into_iter().enumerate() {
        let name = test.name.as_ref().filter(|name| !name.trim().is_empty());
        let name = match (name, &test.ask, &test.table) {
            (Some(name), ..) => name.clone(),
            (None, Some(ask), _) => ask.clone(),
            (None, None, Some(table)) => table.clone(),
            (None, None, None) => format!("test {}", at + 1),
        };
        let place = |message: String| wrong(format!("test {} (“{name}”): {message}", at + 1));
        let mut facts = facts(&file.facts).map_err(place)?;
        for (fact, value) in self::facts(&test.facts).map_err(place)? {
            facts.retain(|(known, _)| *known != fact);
            facts.push((fact, value));
        }
        let room = MOST_CASES - cases.len();
        cases.extend(test.cases(at, &name, &facts, room).map_err(place)?);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Suite { path: path.to_owned(), policy: folder.join(file.policy), cases })
}

impl Test {
    /// At most `room` cases: a table has one for each cell.
    fn cases(
        self,
        number: usize,
        name: &str,
        facts: &[(String, Stated)],
        room: usize,
    ) -> Result<Vec<Case>, String> {
        let Self { ask, expect, table, purposes, fields, skip, .. } = self;
        let skip = match skip {
            None => None,
            Some(Some(Value::String(reason))) if !reason.trim().is_empty() => Some(reason),
            Some(_) => return Err("`skip` says why, as in `skip: is being asked`".to_owned()),
        };
        let count = purposes.as_ref().map_or(1, Vec::len) * fields.as_ref().map_or(1, Mapping::len);
        if count > room {
            return Err(format!("with it, the file has over {MOST_CASES} questions"));
        }
        let expected = |verdict| Expected {
            verdict,
            duties: self.duties.clone(),
            retain_days: self.retain_days,
            missing: self.missing.clone(),
            unknown: self.unknown,
        };
        match (ask, table) {
            (Some(ask), None) => {
                if purposes.is_some() || fields.is_some() {
                    return Err("`purposes` and `fields` go with `table`".to_owned());
                }
                let verdict = expect.ok_or("it says what to `ask`, and not what to `expect`")?;
                let facts = facts.to_vec();
                let (name, question) = (name.to_owned(), question(&ask)?);
                let expected = expected(verdict);
                Ok(vec![Case { name, table: None, question, facts, expected, skip }])
            }
            (None, Some(table)) => {
                if expect.is_some() {
                    return Err("a table has its verdicts in `fields`, and no `expect`".to_owned());
                }
                let act = act(&table)?;
                let purposes = purposes.ok_or("a `table` has a list of `purposes`")?;
                let fields = fields.ok_or("a `table` has `fields`, each with its verdicts")?;
                if count == 0 {
                    return Err("a `table` has at least one purpose and one field".to_owned());
                }
                let table = Table { number, name: name.into() };
                let mut cases = Vec::new();
                for (field, verdicts) in fields {
                    let field = text(&field).ok_or("the name of a field is a text")?;
                    let verdicts = row(&field, verdicts, purposes.len())?;
                    for (purpose, verdict) in purposes.iter().zip(verdicts) {
                        cases.push(Case {
                            name: format!("{name}: {field} for {purpose}"),
                            table: Some(table.clone()),
                            question: Asked {
                                act: act.clone(),
                                field: field.clone(),
                                purpose: purpose.clone(),
                            },
                            facts: facts.to_vec(),
                            expected: expected(verdict),
                            skip: skip.clone(),
                        });
                    }
                }
                Ok(cases)
            }
            (Some(_), Some(_)) => Err("it has both `ask` and `table`: make two of it".to_owned()),
            (None, None) => Err("it has neither `ask` nor `table`".to_owned()),
        }
    }
}

/// The verdicts of a row: one for each purpose, or one for all.
fn row(field: &str, verdicts: Value, purposes: usize) -> Result<Vec<Verdict>, String> {
    let one = |value: Value| {
        serde_yaml::from_value::<Verdict>(value).map_err(|_| {
            format!("`{field}` has a verdict that is not `allow`, `deny` or `depends`")
        })
    };
    match verdicts {
        Value::Sequence(list) if list.len() == purposes => list.into_iter().map(one).collect(),
        Value::Sequence(list) => {
            Err(format!("`{field}` has {} verdicts for {purposes} purposes", list.len()))
        }
        value => Ok(vec![one(value)?; purposes]),
    }
}

/// `collect email by provided for login` and the like.
fn question(text: &str) -> Result<Asked, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (act, field, purpose) = match words[..] {
        ["use", field, "for", purpose] => (Act::Use, field, purpose),
        ["collect", field, "by", method, "for", purpose] => {
            (Act::Collect(method.to_owned()), field, purpose)
        }
        ["share", field, "with", recipient, "for", purpose] => {
            (Act::Share(recipient.to_owned()), field, purpose)
        }
        _ => {
            return Err(format!(
                "`{text}` is no question: `use FIELD for PURPOSE`, `collect FIELD by METHOD for PURPOSE` or \
                 `share FIELD with RECIPIENT for PURPOSE`"
            ));
        }
    };
    Ok(Asked { act, field: field.to_owned(), purpose: purpose.to_owned() })
}

/// `use`, `collect by provided` or `share with courier`.
fn act(text: &str) -> Result<Act, String> {
    match text.split_whitespace().collect::<Vec<_>>()[..] {
        ["use"] => Ok(Act::Use),
        ["collect", "by", method] => Ok(Act::Collect(method.to_owned())),
        ["share", "with", recipient] => Ok(Act::Share(recipient.to_owned())),
        _ => Err(format!(
            "`table: {text}` is none: `use`, `collect by METHOD` or `share with RECIPIENT`"
        )),
    }
}

fn facts(facts: &Mapping) -> Result<Vec<(String, Stated)>, String> {
    let mut stated = Vec::new();
    for (name, value) in facts {
        let name = text(name).ok_or("the name of a fact is a text")?;
        let value = fact(value).ok_or_else(|| {
            format!(
                "the fact `{name}` is yes or no, a number, a choice, a list of purposes where it holds, or \
                 `{{ yes: […], no: […] }}`"
            )
        })?;
        stated.push((name, value));
    }
    Ok(stated)
}

fn fact(value: &Value) -> Option<Stated> {
    let list = |value: &Value| match value {
        Value::Sequence(list) => list.iter().map(text).collect::<Option<Vec<_>>>(),
        one => text(one).map(|one| vec![one]),
    };
    match value {
        Value::Bool(value) => Some(Stated::YesNo(*value)),
        Value::Number(number) => number.as_f64().map(Stated::Number),
        Value::String(word) if word == "yes" => Some(Stated::YesNo(true)),
        Value::String(word) if word == "no" => Some(Stated::YesNo(false)),
        Value::String(choice) => Some(Stated::Choice(choice.clone())),
        Value::Sequence(_) => Some(Stated::Purposes { yes: list(value)?, no: Vec::new() }),
        Value::Mapping(sides) => {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for (side, purposes) in sides {
                match side {
                    Value::Bool(true) => yes = list(purposes)?,
                    Value::Bool(false) => no = list(purposes)?,
                    Value::String(side) if side == "yes" => yes = list(purposes)?,
                    Value::String(side) if side == "no" => no = list(purposes)?,
                    _ => return None,
                }
            }
            Some(Stated::Purposes { yes, no })
        }
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
