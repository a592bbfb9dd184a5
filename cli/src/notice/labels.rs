//! Labels in another language, from a YAML file such as `policies/drun.zh.yaml`.

use super::nodes::{self, Kind};
use super::words::{Language, Words};
use crate::yaml::{self, Fields, Key, Wrong, YamlError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whyfor::Policy;
use whyfor::notice::Notice;

/// Why a file of labels cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LabelsError {
    #[error(transparent)]
    File(#[from] YamlError),
    /// It does not fit the policy.
    #[error("`{}`: {message}", path.display())]
    Unfit { path: PathBuf, message: String },
}

/// The key in the file of each `Kind`, in its order, and the word for one of them.
const KINDS: [(&str, &str); 11] = [
    ("sections", "section"),
    ("categories", "category"),
    ("methods", "method"),
    ("purposes", "purpose"),
    ("recipients", "recipient"),
    ("tags", "published tag"),
    ("duties", "duty"),
    ("bases", "legal basis"),
    ("events", "event"),
    ("facts", "fact"),
    ("choices", "choice"),
];

/// Labels by path, and the words around them.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(crate) language: String,
    pub(crate) intro: Option<String>,
    pub(crate) words: Words,
    pub(super) head: Head,
    by_kind: [BTreeMap<String, String>; 11],
    /// What `because` says, by what it says in the policy.
    pub(super) reasons: BTreeMap<String, String>,
    /// The file translates categories or purposes.
    pub(super) translated: bool,
}

/// What the header says, in another language.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    pub(super) controller: Option<String>,
    pub(super) contact: Option<String>,
}

const KEYS: [&str; 7] = ["language", "title", "intro", "controller", "contact", "words", "reasons"];

/// The parsed file. Names of nodes are paths, or unique path endings.
#[derive(Debug)]
struct File {
    language: String,
    intro: Option<String>,
    head: Head,
    words: Words,
    by_kind: [BTreeMap<String, String>; 11],
    reasons: BTreeMap<String, String>,
}

impl File {
    /// `usual`: the language of the list if the file states none; `chosen`: the one that was asked for.
    fn read(node: yaml::Node, chosen: Option<&str>, usual: &str) -> Result<Self, Wrong> {
        let what = "a file of labels is a mapping, such as `language: zh`";
        let keys: Vec<&str> = KEYS.into_iter().chain(KINDS.map(|(key, _)| key)).collect();
        let mut fields = node.fields("a file of labels", what, &keys)?;
        let text = |fields: &mut Fields, key: &str| {
            let node = fields.take_some(key);
            node.map(|node| node.text(&format!("`{key}` is a text"))).transpose()
        };
        let stated = text(&mut fields, "language")?.filter(|language| !language.is_empty());
        let language =
            chosen.map_or_else(|| stated.unwrap_or_else(|| usual.to_owned()), str::to_owned);
        let of = Language::of(&language);
        let words = fields.take_some("words").map(|node| Words::read(node, of)).transpose()?;
        let mut by_kind: [BTreeMap<String, String>; 11] = Default::default();
        for (labels, (key, _)) in by_kind.iter_mut().zip(KINDS) {
            *labels = self::labels(&mut fields, key)?;
        }
        Ok(Self {
            intro: text(&mut fields, "intro")?,
            head: Head {
                title: text(&mut fields, "title")?,
                controller: text(&mut fields, "controller")?,
                contact: text(&mut fields, "contact")?,
            },
            words: words.unwrap_or_else(|| Words::of(of)),
            by_kind,
            reasons: labels(&mut fields, "reasons")?,
            language,
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

/// The language of a list for which none is chosen.
const USUAL: &str = "en";

impl Labels {
    /// The policy's own labels, with the words of its language around them, or of the language that was asked for.
    pub(crate) fn own(policy: &Policy, notice: &Notice, chosen: Option<&str>) -> Self {
        let stated = chosen.or(Some(notice.language.as_str()).filter(|stated| !stated.is_empty()));
        let language = stated.unwrap_or(USUAL);
        let mut words = Words::of(Language::of(language));
        words.lowercase &= stated.is_some() || nodes::look_english(policy);
        Self {
            language: language.to_owned(),
            intro: None,
            words,
            head: Head::default(),
            by_kind: Default::default(),
            reasons: BTreeMap::new(),
            translated: false,
        }
    }

    /// Reads a file. A name that the policy lacks is an error.
    pub(crate) fn read(
        path: &Path,
        policy: &Policy,
        notice: &Notice,
        chosen: Option<&str>,
    ) -> Result<Self, LabelsError> {
        let usual = if notice.language.is_empty() { USUAL } else { &notice.language };
        let file = yaml::read(path, |node| File::read(node, chosen, usual))?;
        let unfit = |message| LabelsError::Unfit { path: path.to_owned(), message };
        if !file.language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let message =
                format!("`{}` is no language tag, such as `zh` or `pt-BR`", file.language);
            return Err(unfit(message));
        }
        let mut by_kind: [BTreeMap<String, String>; 11] = Default::default();
        let kinds = file.by_kind.into_iter().zip(KINDS).zip(names(policy, notice));
        for (found, ((labels, (_, what)), paths)) in by_kind.iter_mut().zip(kinds) {
            *found = by_path(labels, &paths, what).map_err(unfit)?;
        }
        let is_translated = |kind: Kind| !by_kind[kind as usize].is_empty();
        Ok(Self {
            translated: is_translated(Kind::Category) || is_translated(Kind::Purpose),
            by_kind,
            language: file.language,
            intro: file.intro,
            words: file.words,
            head: file.head,
            reasons: file.reasons,
        })
    }

    /// The label of something, if the file has one.
    pub(super) fn label(&self, kind: Kind, path: &str) -> Option<&String> {
        self.by_kind[kind as usize].get(path)
    }
}

/// The paths of all that may have a label, by kind.
fn names(policy: &Policy, notice: &Notice) -> [Vec<String>; 11] {
    let owned =
        |paths: &mut dyn Iterator<Item = &str>| paths.map(str::to_owned).collect::<Vec<_>>();
    let choices = policy.facts().flat_map(|fact| {
        let of = |choice: &&str| format!("{}.{choice}", fact.name);
        fact.choices.iter().map(of).collect::<Vec<_>>()
    });
    [
        owned(&mut notice.sections.iter().map(|section| section.name.as_str())),
        owned(&mut policy.categories().map(|(_, node)| node.path)),
        owned(&mut policy.methods().map(|(_, node)| node.path)),
        owned(&mut policy.purposes().map(|(_, node)| node.path)),
        owned(&mut policy.recipients().map(|(_, node)| node.path)),
        owned(&mut notice.tags.iter().map(|tag| tag.path.as_str())),
        owned(&mut policy.duties()),
        owned(&mut policy.bases().map(|(name, _)| name)),
        owned(&mut policy.events().map(|(name, _)| name)),
        owned(&mut policy.facts().map(|fact| fact.name)),
        choices.collect(),
    ]
}

/// The labels by the paths of what they name.
fn by_path(
    labels: BTreeMap<String, String>,
    paths: &[String],
    what: &str,
) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for (name, label) in labels {
        let path = resolve(&name, paths, what)?;
        if label.trim().is_empty() {
            return Err(format!("the {what} `{path}` has an empty label"));
        }
        if found.insert(path.to_owned(), label).is_some() {
            return Err(format!("the {what} `{path}` has two labels"));
        }
    }
    Ok(found)
}

/// The words of a labels file.
pub(crate) fn words(path: &Path) -> Result<Words, YamlError> {
    Ok(yaml::read(path, |node| File::read(node, None, USUAL))?.words)
}

/// The path equal to `name`, or the only one that ends with it after a dot.
fn resolve<'p>(name: &str, paths: &'p [String], what: &str) -> Result<&'p str, String> {
    if let Some(path) = paths.iter().find(|path| **path == name) {
        return Ok(path);
    }
    let ends = |path: &&String| path.strip_suffix(name).is_some_and(|before| before.ends_with('.'));
    let mut found = paths.iter().filter(ends);
    match (found.next(), found.next()) {
        (Some(path), None) => Ok(path),
        (Some(first), Some(second)) => {
            Err(format!("`{name}` names several {what} nodes: write `{first}` or `{second}`"))
        }
        (None, _) => Err(format!("the policy has no {what} `{name}`")),
    }
}
