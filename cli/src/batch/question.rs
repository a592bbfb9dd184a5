//! A question as a line of JSON, and the messages for invalid ones.
//!
//! Values are read from their source text by what they are for, so numbers are not rounded and
//! messages name the part of the question.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use whyfor::{Act, FactError, FactValue, FactsBuilder, Question};

const EXAMPLE: &str = r#"{"act":"use","field":"email","for":"login"}"#;

/// A question; names without escapes are borrowed from the line.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    act: Option<Text<'a>>,
    field: Option<Text<'a>>,
    by: Option<Text<'a>>,
    with: Option<Text<'a>>,
    purpose: Option<Text<'a>>,
    /// In source order.
    facts: Vec<(Text<'a>, FactValue<'a>)>,
}

type Text<'a> = Cow<'a, str>;

impl<'a> Asked<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, for its author.
    pub(super) fn read(line: &'a [u8]) -> Result<Self, String> {
        let line = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
        if !line.trim_start().starts_with('{') {
            return Err(format!("a question is an object, as in {EXAMPLE}"));
        }
        let mut asked = Self::default();
        for (key, value) in members_of_line(line)? {
            match key.as_ref() {
                "act" => asked.act = Some(text(value, "`act`")?),
                "field" => asked.field = Some(text(value, "`field`")?),
                "by" => asked.by = text_or_null(value, "`by`")?,
                "with" => asked.with = text_or_null(value, "`with`")?,
                "for" => asked.purpose = Some(text(value, "`for`")?),
                "facts" => asked.facts = facts(value)?,
                other => {
                    return Err(format!(
                        "a question has no `{other}`: it has `act`, `field`, `by`, `with`, `for` and `facts`"
                    ));
                }
            }
        }
        Ok(asked)
    }

    /// The question.
    ///
    /// # Errors
    /// A part is missing, or does not belong to the act.
    pub(super) fn question(&self) -> Result<Question<'_>, String> {
        let part = |part: &'_ Option<Text<'a>>, name: &str| match part {
            Some(_) => Ok(()),
            None => Err(format!("the question has no `{name}`, as in {EXAMPLE}")),
        };
        part(&self.act, "act")?;
        part(&self.field, "field")?;
        part(&self.purpose, "for")?;
        let act = self.act.as_deref().unwrap_or_default();
        let act = match (act, self.by.as_deref(), self.with.as_deref()) {
            ("use", None, None) => Act::Use,
            ("collect", method, None) => Act::Collect(method),
            ("share", None, recipient) => Act::Share(recipient),
            ("use" | "share", Some(_), _) => {
                return Err("`by` goes with `collect` alone".to_owned());
            }
            ("use" | "collect", _, Some(_)) => {
                return Err("`with` goes with `share` alone".to_owned());
            }
            (other, ..) => return Err(format!("`{other}` is no act: collect, use or share")),
        };
        let [field, purpose] =
            [&self.field, &self.purpose].map(|name| name.as_deref().unwrap_or_default());
        Ok(Question { act, field, purpose })
    }

    /// States the facts.
    ///
    /// # Errors
    /// The policy rejects one of them.
    pub(super) fn state(&self, builder: &mut FactsBuilder<'_>) -> Result<(), FactError> {
        self.facts.iter().try_for_each(|(name, value)| builder.set(name, value))
    }
}

fn facts(value: &RawValue) -> Result<Vec<(Text<'_>, FactValue<'_>)>, String> {
    if kind(value) != Kind::Object {
        return Err(format!("`facts` is an object of facts, not {}", kind(value).as_str()));
    }
    let facts = members(value, "`facts`")?.into_iter();
    facts.map(|(name, value)| fact(&name, value).map(|stated| (name, stated))).collect()
}

fn fact<'a>(name: &str, value: &'a RawValue) -> Result<FactValue<'a>, String> {
    Ok(match kind(value) {
        Kind::Null => FactValue::Unstated,
        Kind::YesNo => (value.get() == "true").into(),
        Kind::Number => FactValue::written(value.get()),
        Kind::Text => FactValue::Choice(text(value, name)?),
        Kind::Object => {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for (side, purposes) in members(value, &format!("the fact `{name}`"))? {
                match side.as_ref() {
                    "yes" => yes = list(name, purposes)?,
                    "no" => no = list(name, purposes)?,
                    other => {
                        return Err(format!(
                            "the fact `{name}` has no `{other}`: it has `yes` and `no`, two lists of purposes"
                        ));
                    }
                }
            }
            FactValue::Purposes { yes, no }
        }
        Kind::List => {
            return Err(format!(
                "the fact `{name}` is a list: write {{\"yes\":[…],\"no\":[…]}} with the purposes where it holds and \
                 where it does not"
            ));
        }
    })
}

fn list<'a>(fact: &str, value: &'a RawValue) -> Result<Vec<Text<'a>>, String> {
    let whole = format!("`yes` and `no` of the fact `{fact}`");
    if kind(value) != Kind::List {
        return Err(format!("{whole} are lists of purposes, not {}", kind(value).as_str()));
    }
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|e| wrong(&e))?;
    items.into_iter().map(|item| text(item, &format!("a purpose in {whole}"))).collect()
}

// ── JSON ────────────────────────────────────────────────────────────────────────────────────────

/// What a value is, by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    YesNo,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::YesNo => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

fn kind(value: &RawValue) -> Kind {
    match value.get().as_bytes().first() {
        Some(b'n') => Kind::Null,
        Some(b't' | b'f') => Kind::YesNo,
        Some(b'"') => Kind::Text,
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Object,
        _ => Kind::Number,
    }
}

fn text<'a>(value: &'a RawValue, what: &str) -> Result<Text<'a>, String> {
    if kind(value) != Kind::Text {
        return Err(format!("{what} is a text, not {}", kind(value).as_str()));
    }
    let Name(text) = serde_json::from_str(value.get()).map_err(|error| wrong(&error))?;
    Ok(text)
}

fn text_or_null<'a>(value: &'a RawValue, what: &str) -> Result<Option<Text<'a>>, String> {
    if kind(value) == Kind::Null { Ok(None) } else { text(value, what).map(Some) }
}

/// A text, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Text<'a>);

/// The members of an object within the line; messages call it `name`.
fn members<'a>(object: &'a RawValue, name: &str) -> Result<Vec<Member<'a>>, String> {
    let Members(members) = serde_json::from_str(object.get()).map_err(|error| wrong(&error))?;
    each_once(members, name)
}

/// The members of the line's object.
fn members_of_line(line: &str) -> Result<Vec<Member<'_>>, String> {
    let Members(members) = serde_json::from_str(line)
        .map_err(|error| format!("{} at column {}", wrong(&error), error.column()))?;
    each_once(members, "the question")
}

fn each_once<'a>(members: Vec<Member<'a>>, object: &str) -> Result<Vec<Member<'a>>, String> {
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{object} has `{}` twice", pair[0])),
        None => Ok(members),
    }
}

type Member<'a> = (Text<'a>, &'a RawValue);

struct Members<'a>(Vec<Member<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some((Name(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// What is wrong with the JSON, without its position: serde counts lines from the start of each
/// text.
fn wrong(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let (what, _) = text.rsplit_once(" at line ").unwrap_or((&text, ""));
    match what.strip_prefix("EOF while parsing ") {
        Some("a value") => "the line ends where a value is expected".to_owned(),
        Some(within) => format!("the line ends within {within}"),
        None => match what {
            "trailing characters" => "something follows the question".to_owned(),
            "expected ident" => "expected `true`, `false` or `null`".to_owned(),
            other => other.to_owned(),
        },
    }
}
