//! Labels in another language, from a YAML file such as `policies/drun.zh.yaml`.

use super::words::Words;
use crate::yaml::{self, Fields, Key, Wrong, YamlError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whyfor::notice::{Condition, Item, Node, Notice, Selected};
use whyfor::printable;
use whyfor::{Act, Policy};

/// Why a file of labels cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LabelsError {
    #[error(transparent)]
    File(#[from] YamlError),
    /// It does not fit the policy.
    #[error("`{}`: {message}", path.display())]
    Unfit { path: PathBuf, message: String },
}

/// Labels by path, and the words around them.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(crate) language: String,
    pub(crate) intro: Option<String>,
    pub(crate) words: Words,
    title: Option<String>,
    controller: Option<String>,
    sections: BTreeMap<String, String>,
    /// Categories, methods, purposes, recipients.
    nodes: [BTreeMap<String, String>; 4],
    duties: BTreeMap<String, String>,
    facts: BTreeMap<String, String>,
    /// The file translates categories or purposes.
    translated: bool,
}

const KEYS: [&str; 12] = [
    "language",
    "title",
    "intro",
    "controller",
    "words",
    "sections",
    "categories",
    "methods",
    "purposes",
    "recipients",
    "duties",
    "facts",
];

/// The parsed file. Names of nodes are paths, or unique path endings.
#[derive(Debug, Default)]
struct File {
    language: String,
    title: Option<String>,
    intro: Option<String>,
    controller: Option<String>,
    words: Words,
    sections: BTreeMap<String, String>,
    categories: BTreeMap<String, String>,
    methods: BTreeMap<String, String>,
    purposes: BTreeMap<String, String>,
    recipients: BTreeMap<String, String>,
    duties: BTreeMap<String, String>,
    facts: BTreeMap<String, String>,
}

impl File {
    fn read(node: yaml::Node) -> Result<Self, Wrong> {
        let what = "a file of labels is a mapping, such as `language: zh`";
        let mut fields = node.fields("a file of labels", what, &KEYS)?;
        let text = |fields: &mut Fields, key: &str| {
            let node = fields.take_some(key);
            node.map(|node| node.text(&format!("`{key}` is a text"))).transpose()
        };
        Ok(Self {
            language: text(&mut fields, "language")?.unwrap_or_default(),
            title: text(&mut fields, "title")?,
            intro: text(&mut fields, "intro")?,
            controller: text(&mut fields, "controller")?,
            words: fields.take_some("words").map(Words::read).transpose()?.unwrap_or_default(),
            sections: labels(&mut fields, "sections")?,
            categories: labels(&mut fields, "categories")?,
            methods: labels(&mut fields, "methods")?,
            purposes: labels(&mut fields, "purposes")?,
            recipients: labels(&mut fields, "recipients")?,
            duties: labels(&mut fields, "duties")?,
            facts: labels(&mut fields, "facts")?,
        })
    }
}

fn labels(fields: &mut Fields, key: &str) -> Result<BTreeMap<String, String>, Wrong> {
    let Some(node) = fields.take_some(key) else { return Ok(BTreeMap::new()) };
    let entries = node.entries(&format!("`{key}` is a mapping from names to labels"))?.into_iter();
    let label = |(name, label): (Key, yaml::Node)| {
        let label = label.text(&format!("the label of `{}` is a text", name.text))?;
        Ok((name.text, label))
    };
    entries.map(label).collect()
}

impl Labels {
    /// The policy's own labels, with English words around them.
    pub(crate) fn own() -> Self {
        Self {
            language: "en".to_owned(),
            intro: None,
            words: Words::default(),
            title: None,
            controller: None,
            sections: BTreeMap::new(),
            nodes: Default::default(),
            duties: BTreeMap::new(),
            facts: BTreeMap::new(),
            translated: false,
        }
    }

    /// Reads a file. A name that the policy lacks is an error.
    pub(crate) fn read(path: &Path, policy: &Policy, notice: &Notice) -> Result<Self, LabelsError> {
        let file = yaml::read(path, File::read)?;
        let nodes: [Vec<&str>; 4] = [
            policy.categories().map(|(_, node)| node.path).collect(),
            policy.methods().map(|(_, node)| node.path).collect(),
            policy.purposes().map(|(_, node)| node.path).collect(),
            policy.recipients().map(|(_, node)| node.path).collect(),
        ];
        let sections: Vec<&str> = notice.sections.iter().map(|s| s.name.as_str()).collect();
        let facts: Vec<&str> = policy.facts().map(|fact| fact.name).collect();
        let duties: Vec<&str> = policy.duties().collect();
        let wrong = |message| LabelsError::Unfit { path: path.to_owned(), message };
        let by_path = |labels: BTreeMap<String, String>, paths: &[&str], what: &str| {
            let mut found = BTreeMap::new();
            for (name, label) in labels {
                let path = resolve(&name, paths, what).map_err(wrong)?;
                if label.trim().is_empty() {
                    return Err(wrong(format!("the {what} `{path}` has an empty label")));
                }
                if found.insert(path.to_owned(), label).is_some() {
                    return Err(wrong(format!("the {what} `{path}` has two labels")));
                }
            }
            Ok(found)
        };
        let [categories, methods, purposes, recipients] = &nodes;
        let translated = !file.categories.is_empty() || !file.purposes.is_empty();
        Ok(Self {
            language: match file.language.as_str() {
                "" => "en".to_owned(),
                language if language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
                    file.language
                }
                other => {
                    return Err(wrong(format!(
                        "`{other}` is no language tag, such as `zh` or `pt-BR`"
                    )));
                }
            },
            sections: by_path(file.sections, &sections, "section")?,
            nodes: [
                by_path(file.categories, categories, "category")?,
                by_path(file.methods, methods, "method")?,
                by_path(file.purposes, purposes, "purpose")?,
                by_path(file.recipients, recipients, "recipient")?,
            ],
            duties: by_path(file.duties, &duties, "duty")?,
            facts: by_path(file.facts, &facts, "fact")?,
            intro: file.intro,
            words: file.words,
            title: file.title,
            controller: file.controller,
            translated,
        })
    }

    /// Replaces the policy's labels; returns the paths that a file of labels lacks.
    pub(crate) fn apply(&self, notice: &mut Notice) -> Vec<String> {
        let mut apply = Apply { labels: self, missing: Vec::new() };
        if let Some(title) = &self.title {
            notice.title.clone_from(title);
        }
        if let Some(controller) = &self.controller {
            notice.controller.clone_from(controller);
        }
        [&mut notice.title, &mut notice.controller, &mut notice.version]
            .into_iter()
            .for_each(clean);
        for section in &mut notice.sections {
            if let Some(title) = self.sections.get(&section.name) {
                section.title.clone_from(title);
            } else if !section.name.is_empty() {
                apply.missing.push(section.name.clone());
            }
            clean(&mut section.title);
            for entry in &mut section.entries {
                apply.selected(0, &mut entry.categories);
                match &mut entry.act {
                    Act::Collect(methods) => apply.selected(1, methods),
                    Act::Share(recipients) => apply.selected(3, recipients),
                    Act::Use => {}
                }
                apply.selected(2, &mut entry.purposes);
                entry.duties.iter_mut().for_each(|duty| apply.label(&self.duties, duty));
                entry.condition.iter_mut().for_each(|condition| apply.condition(condition));
            }
        }
        apply.missing.sort();
        apply.missing.dedup();
        if self.translated { apply.missing } else { Vec::new() }
    }
}

/// The words of a labels file.
pub(crate) fn words(path: &Path) -> Result<Words, YamlError> {
    Ok(yaml::read(path, File::read)?.words)
}

/// The path equal to `name`, or the only one that ends with it after a dot.
fn resolve<'p>(name: &str, paths: &[&'p str], what: &str) -> Result<&'p str, String> {
    if let Some(path) = paths.iter().find(|path| **path == name) {
        return Ok(path);
    }
    let ends = |path: &&&str| path.strip_suffix(name).is_some_and(|before| before.ends_with('.'));
    let mut found = paths.iter().filter(ends);
    match (found.next(), found.next()) {
        (Some(path), None) => Ok(path),
        (Some(first), Some(second)) => {
            Err(format!("`{name}` names several {what} nodes: write `{first}` or `{second}`"))
        }
        (None, _) => Err(format!("the policy has no {what} `{name}`")),
    }
}

/// Makes text printable and puts it on one line.
fn clean(text: &mut String) {
    if let std::borrow::Cow::Owned(shown) = printable(text) {
        *text = shown;
    }
}

struct Apply<'l> {
    labels: &'l Labels,
    missing: Vec<String>,
}

impl Apply<'_> {
    fn label(&mut self, labels: &BTreeMap<String, String>, node: &mut Node) {
        match labels.get(&node.path) {
            Some(label) => node.label.clone_from(label),
            None => self.missing.push(node.path.clone()),
        }
        clean(&mut node.label);
    }

    fn selected(&mut self, hierarchy: usize, selected: &mut Selected) {
        let labels = &self.labels.nodes[hierarchy];
        for item in selected.groups.iter_mut().chain(&mut selected.items) {
            self.item(labels, item);
        }
        selected.except.iter_mut().for_each(|node| self.label(labels, node));
    }

    fn item(&mut self, labels: &BTreeMap<String, String>, item: &mut Item) {
        self.label(labels, &mut item.node);
        item.members.iter_mut().for_each(|member| self.item(labels, member));
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Condition::Holds(fact) | Condition::OneOf(fact, _) | Condition::Compares(fact, ..) => {
                self.label(&self.labels.facts, fact);
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::All(list) | Condition::Any(list) => {
                list.iter_mut().for_each(|inner| self.condition(inner));
            }
        }
    }
}
