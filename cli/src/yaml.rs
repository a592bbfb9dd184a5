//! Hand-written YAML files: labels, tests and descriptions of tables.
//!
//! A file is parsed into a tree that keeps the source text of each value, whether it is quoted, and
//! its line. The use of a value decides how it is read: `no` may be a choice of a fact, or the
//! answer no.

mod deserialize;

pub(crate) use deserialize::read_as;

use crate::files::{self, FileError};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Deepest nesting of lists and mappings; real files have five levels.
const MOST_DEEP: usize = 32;
/// Most values of a file, including those repeated by aliases: twice those of the largest table.
const MOST_VALUES: usize = 2_000_000;

/// A value with its line.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) line: usize,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
}

/// A single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Always a text: quoted, in block style, or tagged `!!str`.
    pub(crate) is_text: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// An error in a file.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Wrong {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum YamlError {
    #[error(transparent)]
    Unreadable(#[from] FileError),
    /// It is not YAML, or not what is expected there.
    #[error("`{}`: line {line}: {message}", path.display())]
    Invalid { path: PathBuf, line: usize, message: String },
}

/// Reads and interprets a file.
pub(crate) fn read<T>(
    path: &Path,
    what: impl FnOnce(Node) -> Result<T, Wrong>,
) -> Result<T, YamlError> {
    let text = files::read_text(path)?;
    parse(&text).and_then(what).map_err(|Wrong { line, message }| YamlError::Invalid {
        path: path.to_owned(),
        line,
        message,
    })
}

/// The text of a key of a mapping that others wrote; anything else there is skipped.
pub(crate) fn text_of(text: &str, key: &str) -> Option<String> {
    let document = parse(text).ok()?;
    let scalar = document.scalar_of(key)?;
    Some(scalar.text.trim().to_owned()).filter(|text| !scalar.is_null() && !text.is_empty())
}

// ── What a value is read as ─────────────────────────────────────────────────────────────────────

impl Scalar {
    fn is_null(&self) -> bool {
        !self.is_text && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Yes or no, unless it is a text.
    pub(crate) fn yes_no(&self) -> Option<bool> {
        match self.text.as_str() {
            _ if self.is_text => None,
            "yes" | "true" | "True" | "TRUE" => Some(true),
            "no" | "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }
}

impl Node {
    pub(crate) fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong::at(self.line, message)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// The scalar of a key, if any.
    pub(crate) fn scalar_of(&self, key: &str) -> Option<&Scalar> {
        let Value::Mapping(entries) = &self.value else { return None };
        entries.iter().find(|(known, _)| known.text == key)?.1.scalar()
    }

    pub(crate) fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// `what` describes the value and its expected type in messages: "`name` is a text".
    pub(crate) fn text(self, what: &str) -> Result<String, Wrong> {
        match self.value {
            Value::Scalar(scalar) if !scalar.is_null() => Ok(scalar.text),
            _ => Err(self.wrong(what)),
        }
    }

    pub(crate) fn yes_no(&self, what: &str) -> Result<bool, Wrong> {
        self.scalar().and_then(Scalar::yes_no).ok_or_else(|| self.wrong(what))
    }

    pub(crate) fn list(self, what: &str) -> Result<Vec<Self>, Wrong> {
        match self.value {
            Value::List(list) => Ok(list),
            _ => Err(self.wrong(what)),
        }
    }

    pub(crate) fn texts(self, what: &str) -> Result<Vec<String>, Wrong> {
        self.list(what)?.into_iter().map(|item| item.text(what)).collect()
    }

    /// The entries of a mapping with arbitrary keys, in order; keys are unique.
    pub(crate) fn entries(self, what: &str) -> Result<Vec<(Key, Self)>, Wrong> {
        match self.value {
            Value::Mapping(entries) => Ok(entries),
            _ => Err(self.wrong(what)),
        }
    }

    /// The entries of a mapping with only these keys. `whose` names it, as in "a test", and `what`
    /// describes what it should be.
    pub(crate) fn fields(self, whose: &str, what: &str, keys: &[&str]) -> Result<Fields, Wrong> {
        let line = self.line;
        let entries = self.entries(what)?;
        for (key, _) in &entries {
            if !keys.contains(&key.text.as_str()) {
                let (text, known) = (&key.text, keys.join("`, `"));
                let message = format!("{whose} has no `{text}`; it may have `{known}`");
                return Err(Wrong::at(key.line, message));
            }
        }
        let fields = entries.into_iter().map(|(key, value)| (key.text, value)).collect();
        Ok(Fields { line, fields })
    }
}

/// The values of a mapping with known keys.
#[derive(Debug)]
pub(crate) struct Fields {
    pub(crate) line: usize,
    fields: HashMap<String, Node>,
}

impl Fields {
    /// The value of a key, if present; it may be null.
    pub(crate) fn take(&mut self, key: &str) -> Option<Node> {
        self.fields.remove(key)
    }

    /// The value of a key, if present and not null.
    pub(crate) fn take_some(&mut self, key: &str) -> Option<Node> {
        self.take(key).filter(|value| !value.is_null())
    }

    pub(crate) fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong::at(self.line, message)
    }
}

// ── From text to values ─────────────────────────────────────────────────────────────────────────

/// The document of a text; an empty mapping for an empty text.
fn parse(text: &str) -> Result<Node, Wrong> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let line = error.marker().line();
            match error.info() {
                "recursion limit exceeded" => too_deep(line),
                other => Wrong::at(line, other),
            }
        })?;
        builder.event(event, span)?;
    }
    let nothing = Node { line: 1, value: Value::Mapping(Vec::new()) };
    Ok(builder.document.filter(|document| !document.is_null()).unwrap_or(nothing))
}

#[derive(Default)]
struct Builder {
    document: Option<Node>,
    /// The lists and mappings around the next value.
    open: Vec<Open>,
    /// The values of anchors, with the number of values in each.
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
}

struct Open {
    node: Node,
    anchor: usize,
    /// The key of the next value in a mapping.
    key: Option<Key>,
    /// The number of values before it.
    before: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Wrong> {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || is_str(tag.as_ref(), line)?;
                let value = Value::Scalar(Scalar { text: text.into_owned(), is_text });
                let node = Node { line, value };
                if anchor > 0 {
                    self.anchors.insert(anchor, (node.clone(), 1));
                }
                self.count(1, line)?;
                self.add(node)
            }
            Event::SequenceStart(anchor, tag) => {
                self.enter(anchor, tag.as_ref(), Node { line, value: Value::List(Vec::new()) })
            }
            Event::MappingStart(anchor, tag) => {
                self.enter(anchor, tag.as_ref(), Node { line, value: Value::Mapping(Vec::new()) })
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(Wrong::at(line, "an alias without an anchor before it"));
                };
                let size = *size;
                let node = Node { line, ..node.clone() };
                self.count(size, line)?;
                self.add(node)
            }
            _ => Ok(()),
        }
    }

    fn enter(
        &mut self,
        anchor: usize,
        tag: Option<&Cow<'_, Tag>>,
        node: Node,
    ) -> Result<(), Wrong> {
        is_str(tag, node.line)?;
        self.count(1, node.line)?;
        if self.open.len() == MOST_DEEP {
            return Err(too_deep(node.line));
        }
        self.open.push(Open { node, anchor, key: None, before: self.values - 1 });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Wrong> {
        let Some(Open { node, anchor, before, .. }) = self.open.pop() else { return Ok(()) };
        if let Value::Mapping(entries) = &node.value {
            each_key_once(entries)?;
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.values - before));
        }
        self.add(node)
    }

    fn add(&mut self, node: Node) -> Result<(), Wrong> {
        let Some(open) = self.open.last_mut() else {
            return match self.document.replace(node) {
                None => Ok(()),
                Some(_) => {
                    let line = self.document.as_ref().map_or(1, |node| node.line);
                    Err(Wrong::at(line, "a second document: write one file for each"))
                }
            };
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::List(list), _) => list.push(node),
            (Value::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Value::Mapping(_), None) => match node.value {
                Value::Scalar(Scalar { text, .. }) => {
                    open.key = Some(Key { line: node.line, text });
                }
                _ => return Err(node.wrong("a key is a text")),
            },
            (Value::Scalar(_), _) => {} // cannot contain nodes
        }
        Ok(())
    }

    fn count(&mut self, more: usize, line: usize) -> Result<(), Wrong> {
        self.values = self.values.saturating_add(more);
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        Err(Wrong::at(line, format!("over {MOST_VALUES} values, with those that aliases repeat")))
    }
}

fn too_deep(line: usize) -> Wrong {
    Wrong::at(line, format!("over {MOST_DEEP} lists and mappings in each other"))
}

fn each_key_once(entries: &[(Key, Node)]) -> Result<(), Wrong> {
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for (key, _) in entries {
        if let Some(first) = lines.insert(&key.text, key.line) {
            let text = &key.text;
            let message = format!("`{text}` stands here twice, first in line {first}");
            return Err(Wrong::at(key.line, message));
        }
    }
    Ok(())
}

/// Whether a tag marks a value as text. Tags other than YAML's own are errors.
fn is_str(tag: Option<&Cow<'_, Tag>>, line: usize) -> Result<bool, Wrong> {
    match tag {
        None => Ok(false),
        Some(tag) if tag.is_yaml_core_schema() => Ok(tag.suffix == "str"),
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Ok(true),
        Some(tag) => Err(Wrong::at(line, format!("the tag `{tag}` means nothing here"))),
    }
}
