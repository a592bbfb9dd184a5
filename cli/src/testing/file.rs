//! A test file as written, and its cases.

use crate::yaml::{self, Fields, Node, Scalar, Wrong, YamlError};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use whyfor::{Limit, Verdict};

/// Most cases of one file: a table has one for each cell.
const MOST_CASES: usize = 1_000_000;

/// The cases of a file, and the policy they test.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) path: PathBuf,
    pub(crate) policy: PathBuf,
    pub(crate) cases: Vec<Case>,
}

/// One question and its expected answer.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The table that the case is a cell of.
    pub(crate) table: Option<Table>,
    pub(crate) question: Asked,
    pub(crate) facts: Vec<(String, Stated)>,
    pub(crate) expected: Expected,
    /// Why it is skipped.
    pub(crate) skip: Option<String>,
}

/// A table, identified by its position among the tests of its file.
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

/// The act with the name of its method or recipient.
pub(crate) type Act = whyfor::Act<Option<String>, Option<String>>;

/// The stated value of a fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stated {
    /// As written; the meaning depends on the kind of the fact.
    One(Scalar),
    Purposes {
        yes: Vec<String>,
        no: Vec<String>,
    },
}

/// The expected answer; absent parts are not checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expected {
    pub(crate) verdict: Verdict,
    pub(crate) duties: Option<Vec<String>>,
    pub(crate) retain_days: Option<Option<u64>>,
    pub(crate) bases: Option<Vec<String>>,
    pub(crate) unbased: Option<bool>,
    pub(crate) retain: Option<Vec<String>>,
    pub(crate) retain_at_least: Option<Vec<String>>,
    pub(crate) optional: Option<bool>,
    pub(crate) missing: Option<Vec<String>>,
    /// The field is expected to be unknown to the policy.
    pub(crate) unknown: bool,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.question().fmt(f)
    }
}

impl Asked {
    pub(crate) fn question(&self) -> whyfor::Question<'_> {
        let act = match &self.act {
            Act::Use => whyfor::Act::Use,
            Act::Collect(method) => whyfor::Act::Collect(method.as_deref()),
            Act::Share(recipient) => whyfor::Act::Share(recipient.as_deref()),
        };
        whyfor::Question { act, field: &self.field, purpose: &self.purpose }
    }
}

// ── As written ──────────────────────────────────────────────────────────────────────────────────

const FILE: [&str; 3] = ["policy", "facts", "tests"];
/// A single case has `ask` and `expect`, a table has `table`, `purposes` and `fields`.
const TEST: [&str; 17] = [
    "name",
    "ask",
    "expect",
    "table",
    "purposes",
    "fields",
    "facts",
    "duties",
    "retain_days",
    "bases",
    "unbased",
    "retain",
    "retain_at_least",
    "optional",
    "missing",
    "unknown",
    "skip",
];

/// Reads a test file.
pub(crate) fn read(path: &Path) -> Result<Suite, YamlError> {
    let (policy, cases) = yaml::read(path, suite)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Suite { path: path.to_owned(), policy: folder.join(policy), cases })
}

/// The path of the policy, and all cases.
fn suite(file: Node) -> Result<(String, Vec<Case>), Wrong> {
    let what = "a file of tests is a mapping with `policy` and `tests`";
    let mut file = file.fields("a file of tests", what, &FILE)?;
    let part = |file: &mut Fields, key: &str| {
        file.take(key).ok_or_else(|| file.wrong(format!("the file has no `{key}`")))
    };
    let policy = part(&mut file, "policy")?.text("`policy` is the path of a policy")?;
    let shared = facts(file.take_some("facts"))?;
    let mut cases = Vec::new();
    for (at, node) in
        part(&mut file, "tests")?.list("`tests` is a list of tests")?.into_iter().enumerate()
    {
        let name = ["name", "ask", "table"].iter().find_map(|key| {
            node.scalar_of(key).map(|scalar| &scalar.text).filter(|text| !text.trim().is_empty())
        });
        let name = name.cloned().unwrap_or_else(|| format!("test {}", at + 1));
        let test = Test { number: at, name: &name, room: MOST_CASES - cases.len() };
        let found = test.cases(node, &shared).map_err(|Wrong { line, message }| Wrong {
            line,
            message: format!("test {} (“{name}”): {message}", at + 1),
        });
        cases.extend(found?);
    }
    Ok((policy, cases))
}

/// The test being read.
struct Test<'n> {
    number: usize,
    name: &'n str,
    /// How many more cases fit; a table has one for each cell.
    room: usize,
}

impl Test<'_> {
    fn cases(&self, node: Node, shared: &[(String, Stated)]) -> Result<Vec<Case>, Wrong> {
        let what = "a test is a mapping, such as `ask: use email for login`";
        let mut test = node.fields("a test", what, &TEST)?;
        let mut all = shared.to_vec();
        for (fact, value) in facts(test.take_some("facts"))? {
            all.retain(|(known, _)| *known != fact);
            all.push((fact, value));
        }
        let expected = expected(&mut test)?;
        let skip = test.take("skip").map(reason).transpose()?;
        match (test.take_some("ask"), test.take_some("table")) {
            (Some(ask), None) => self.case(ask, test, all, expected, skip).map(|case| vec![case]),
            (None, Some(table)) => self.table(table, test, &all, &expected, skip.as_deref()),
            (Some(_), Some(_)) => {
                Err(test.wrong("it has both `ask` and `table`: split it into two tests"))
            }
            (None, None) => Err(test.wrong("it has neither `ask` nor `table`")),
        }
    }

    fn case(
        &self,
        ask: Node,
        mut test: Fields,
        facts: Vec<(String, Stated)>,
        expected: Expected,
        skip: Option<String>,
    ) -> Result<Case, Wrong> {
        if test.take_some("purposes").or(test.take_some("fields")).is_some() {
            return Err(test.wrong("`purposes` and `fields` go with `table`"));
        }
        let verdict = test
            .take_some("expect")
            .ok_or_else(|| test.wrong("it says what to `ask`, and not what to `expect`"))?;
        let verdict = self::verdict(verdict, "`expect`")?;
        let line = ask.line;
        let ask = ask.text("`ask` is a question, such as `use email for login`")?;
        let question = question(&ask).map_err(|message| Wrong { line, message })?;
        let expected = Expected { verdict, ..expected };
        Ok(Case { name: self.name.to_owned(), table: None, question, facts, expected, skip })
    }

    fn table(
        &self,
        table: Node,
        mut test: Fields,
        facts: &[(String, Stated)],
        expected: &Expected,
        skip: Option<&str>,
    ) -> Result<Vec<Case>, Wrong> {
        if test.take_some("expect").is_some() {
            return Err(test.wrong("a table has its verdicts in `fields`, not in `expect`"));
        }
        let line = table.line;
        let table = table.text("`table` is an act, such as `use`")?;
        let act = act(&table).map_err(|message| Wrong { line, message })?;
        let purposes = test
            .take_some("purposes")
            .ok_or_else(|| test.wrong("a `table` has a list of `purposes`"))?
            .texts("`purposes` is a list of purposes")?;
        let fields = test
            .take_some("fields")
            .ok_or_else(|| test.wrong("a `table` has `fields`, each with its verdicts"))?
            .entries("`fields` is a mapping from fields to their verdicts")?;
        match purposes.len() * fields.len() {
            0 => return Err(test.wrong("a `table` has at least one purpose and one field")),
            count if count > self.room => {
                let message = format!("with it, the file has over {MOST_CASES} questions");
                return Err(test.wrong(message));
            }
            _ => {}
        }
        let table = Table { number: self.number, name: self.name.into() };
        let mut cases = Vec::new();
        for (field, verdicts) in fields {
            let field = field.text;
            let verdicts = row(&field, verdicts, purposes.len())?;
            for (purpose, verdict) in purposes.iter().zip(verdicts) {
                cases.push(Case {
                    name: format!("{}: {field} for {purpose}", self.name),
                    table: Some(table.clone()),
                    question: Asked {
                        act: act.clone(),
                        field: field.clone(),
                        purpose: purpose.clone(),
                    },
                    facts: facts.to_vec(),
                    expected: Expected { verdict, ..expected.clone() },
                    skip: skip.map(str::to_owned),
                });
            }
        }
        Ok(cases)
    }
}

/// The expected answer except its verdict.
fn expected(test: &mut Fields) -> Result<Expected, Wrong> {
    let texts = |node: Option<Node>, what| node.map(|node| node.texts(what)).transpose();
    Ok(Expected {
        verdict: Verdict::default(),
        duties: texts(test.take_some("duties"), "`duties` is a list of duties")?,
        retain_days: test.take("retain_days").map(days).transpose()?,
        bases: texts(test.take_some("bases"), "`bases` is a list of legal bases")?,
        unbased: yes_no(test, "unbased")?,
        retain: test.take_some("retain").map(|node| limits(node, "retain")).transpose()?,
        retain_at_least: test
            .take_some("retain_at_least")
            .map(|node| limits(node, "retain_at_least"))
            .transpose()?,
        optional: yes_no(test, "optional")?,
        missing: texts(test.take_some("missing"), "`missing` is a list of facts")?,
        unknown: match test.take_some("unknown") {
            Some(unknown) => unknown.yes_no("`unknown` is `true` or `false`")?,
            None => false,
        },
    })
}

fn yes_no(test: &mut Fields, key: &str) -> Result<Option<bool>, Wrong> {
    let read = |node: Node| node.yes_no(&format!("`{key}` is `true` or `false`"));
    test.take_some(key).map(read).transpose()
}

/// Limits as a policy writes them, in the words of answers.
fn limits(node: Node, key: &str) -> Result<Vec<String>, Wrong> {
    let line = node.line;
    let what = format!("`{key}` is a list of periods, such as `[30 days, 1 year after EVENT]`");
    let limit = |text: String| match text.parse::<Limit>() {
        Ok(limit) => Ok(limit.to_string()),
        Err(error) => Err(Wrong { line, message: error.to_string() }),
    };
    node.texts(&what)?.into_iter().map(limit).collect()
}

fn days(node: Node) -> Result<Option<u64>, Wrong> {
    if node.is_null() {
        return Ok(None);
    }
    let what = "`retain_days` is a whole number of days, or `null` for none";
    let scalar = node.scalar().filter(|scalar| !scalar.is_text);
    let days = scalar.and_then(|scalar| scalar.text.parse().ok());
    days.map(Some).ok_or_else(|| node.wrong(what))
}

fn reason(node: Node) -> Result<String, Wrong> {
    let says = |scalar: &&Scalar| scalar.yes_no().is_none() && !scalar.text.trim().is_empty();
    match node.scalar().filter(|_| !node.is_null()).filter(says) {
        Some(reason) => Ok(reason.text.clone()),
        None => Err(node.wrong("`skip` says why, as in `skip: is being asked`")),
    }
}

fn verdict(node: Node, whose: &str) -> Result<Verdict, Wrong> {
    match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("allow") => Ok(Verdict::Allow),
        Some("deny") => Ok(Verdict::Deny),
        Some("depends") => Ok(Verdict::Depends),
        Some(other) => {
            Err(node.wrong(format!("{whose} is `allow`, `deny` or `depends`, not `{other}`")))
        }
        None => Err(node.wrong(format!("{whose} is `allow`, `deny` or `depends`"))),
    }
}

/// The verdicts of a row: one for each purpose, or one for all of them.
fn row(field: &str, node: Node, purposes: usize) -> Result<Vec<Verdict>, Wrong> {
    let whose = format!("a verdict of `{field}`");
    if !node.is_list() {
        return Ok(vec![verdict(node, &whose)?; purposes]);
    }
    let line = node.line;
    let list = node.list(&whose)?;
    if list.len() != purposes {
        let message = format!("`{field}` has {} verdicts for {purposes} purposes", list.len());
        return Err(Wrong { line, message });
    }
    list.into_iter().map(|node| verdict(node, &whose)).collect()
}

fn facts(node: Option<Node>) -> Result<Vec<(String, Stated)>, Wrong> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let facts = node.entries("`facts` is a mapping from facts to what they are")?.into_iter();
    facts.map(|(name, value)| fact(&name.text, value).map(|value| (name.text, value))).collect()
}

fn fact(name: &str, node: Node) -> Result<Stated, Wrong> {
    let wrong = |line| Wrong {
        line,
        message: format!(
            "the fact `{name}` is yes or no, a number, a choice, a list of purposes where it holds, or \
             `{{ yes: […], no: […] }}`"
        ),
    };
    let line = node.line;
    if let Some(scalar) = node.scalar() {
        let has_value = scalar.is_text || !scalar.text.is_empty();
        return has_value.then(|| Stated::One(scalar.clone())).ok_or_else(|| wrong(line));
    }
    let list = |node: Node| {
        let line = node.line;
        match node.is_list() {
            true => node.texts("").map_err(|_| wrong(line)),
            false => node.text("").map(|one| vec![one]).map_err(|_| wrong(line)),
        }
    };
    if node.is_list() {
        return Ok(Stated::Purposes { yes: list(node)?, no: Vec::new() });
    }
    let (mut yes, mut no) = (None, None);
    for (side, purposes) in node.entries("")? {
        let purposes = list(purposes)?;
        let before = match side.text.as_str() {
            "yes" | "true" | "True" | "TRUE" => yes.replace(purposes),
            "no" | "false" | "False" | "FALSE" => no.replace(purposes),
            _ => return Err(wrong(side.line)),
        };
        if before.is_some() {
            return Err(wrong(side.line)); // `yes` and `true`
        }
    }
    Ok(Stated::Purposes { yes: yes.unwrap_or_default(), no: no.unwrap_or_default() })
}

/// Parses `collect email by provided for login` and the like.
fn question(text: &str) -> Result<Asked, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (act, field, purpose) = match words[..] {
        ["use", field, "for", purpose] => (Act::Use, field, purpose),
        ["collect", field, "for", purpose] => (Act::Collect(None), field, purpose),
        ["share", field, "for", purpose] => (Act::Share(None), field, purpose),
        ["collect", field, "by", method, "for", purpose] => {
            (Act::Collect(Some(method.to_owned())), field, purpose)
        }
        ["share", field, "with", recipient, "for", purpose] => {
            (Act::Share(Some(recipient.to_owned())), field, purpose)
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

/// Parses `use`, `collect by provided` or `share with courier`.
fn act(text: &str) -> Result<Act, String> {
    match text.split_whitespace().collect::<Vec<_>>()[..] {
        ["use"] => Ok(Act::Use),
        ["collect"] => Ok(Act::Collect(None)),
        ["share"] => Ok(Act::Share(None)),
        ["collect", "by", method] => Ok(Act::Collect(Some(method.to_owned()))),
        ["share", "with", recipient] => Ok(Act::Share(Some(recipient.to_owned()))),
        _ => Err(format!(
            "`table: {text}` is none: `use`, `collect by METHOD` or `share with RECIPIENT`"
        )),
    }
}
