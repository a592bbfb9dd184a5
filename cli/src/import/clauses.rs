//! The clauses of statements, and the facts, bases, events, duties and tags that they name.

use super::names::Names;
use super::periods::{Event, Limit};
use super::record::Record;
use super::split::Label;
use super::write;
use std::fmt::Write;
use whyfor::symbols::quoted;

/// What the clauses of a policy declare.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    names: Names,
    facts: Vec<(String, String)>,
    bases: Vec<(String, String)>,
    events: Vec<(String, String)>,
    duties: Vec<(String, String)>,
    subjects: Vec<(String, String)>,
    subject_names: Names,
    countries: Vec<(String, String)>,
    country_names: Names,
}

/// The name of a label; declares it if it is new.
fn declared(
    list: &mut Vec<(String, String)>,
    names: &mut Names,
    label: &str,
    word: &str,
) -> String {
    if let Some((name, _)) = list.iter().find(|(_, known)| known == label) {
        return name.clone();
    }
    let name = names.name(label, word);
    list.push((name.clone(), label.to_owned()));
    name
}

impl Clauses {
    /// All declarations, each with its word.
    pub(super) fn declarations(self) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&'static str, String)> = Vec::new();
        let lists = [
            ("fact", &self.facts),
            ("basis", &self.bases),
            ("event", &self.events),
            ("duty", &self.duties),
        ];
        for (word, list) in lists {
            for (name, label) in list {
                all.push((word, format!("{} {}", write::name(name), quoted(label))));
            }
        }
        all
    }

    /// ` when …`
    pub(super) fn condition(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        let mut parts: Vec<String> = Vec::new();
        for condition in &record.conditions {
            notes.push("guessed: the condition is a fact that a program states".to_owned());
            parts.push(declared(&mut self.facts, &mut self.names, condition, "condition"));
        }
        match parts.as_slice() {
            [] => String::new(),
            parts => format!(" when {}", parts.join(" and ")),
        }
    }

    /// ` on …`: all of them, since none may be enough by itself.
    pub(super) fn bases(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        for basis in &record.bases {
            notes.push(format!("legal basis: {}", basis.text));
        }
        String::new()
    }

    /// `a, b`
    pub(super) fn duties(&mut self, labels: &[Label]) -> String {
        let mut names: Vec<String> = Vec::new();
        for label in labels {
            let name = declared(&mut self.duties, &mut self.names, &label.text, "duty");
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// ` retain …`
    pub(super) fn retention(&mut self, limits: &[Limit], notes: &mut Vec<String>) -> String {
        let mut text = String::new();
        for limit in limits {
            match limit {
                Limit { at_least: false, period: Some((number, unit)), event: None }
                    if unit.as_str() == "days" && text.is_empty() =>
                {
                    let _ = write!(text, " retain {number} days");
                }
                other => notes.push(format!("retention: {other:?}")),
            }
        }
        text
    }

    /// The tag of a country.
    pub(super) fn country(&mut self, label: &str) -> String {
        declared(&mut self.countries, &mut self.country_names, label, "country")
    }
}
