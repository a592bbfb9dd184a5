//! Names that appeared, vanished or mean something else.

use super::axis::Axes;
use crate::model::{Basis, Choice, Declared, Duty, Fact, Found, Hierarchy, Model, Tree};
use crate::printable::printable;
use crate::words::Domain;
use hashbrown::{HashMap, HashSet};
use std::fmt;

/// So many meanings of a name are listed.
const MOST: usize = 8;

/// What became of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NameChange {
    /// Of what it is a name: `category`, `method`, `purpose`, `recipient`, `tag`, `fact`, `duty`, `basis`, `event`,
    /// `field`.
    pub of: &'static str,
    /// The name.
    pub name: String,
    /// Its label in the new policy or, of one that vanished, in the old policy; empty if it has none.
    pub label: String,
    /// What became of it.
    pub kind: NameChangeKind,
}

/// What became of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NameChangeKind {
    /// It was declared, with so many names below it.
    Appeared {
        /// How many.
        below: usize,
    },
    /// It is not declared any more, nor are so many names below it.
    Vanished {
        /// How many.
        below: usize,
    },
    /// It named one path and now names several: what is asked by it is denied.
    Ambiguous {
        /// The paths.
        candidates: Vec<String>,
    },
    /// It named several paths and now names this one.
    Unambiguous {
        /// The path.
        path: String,
    },
    /// It names another path, another kind of fact, or a field stands for other categories.
    Means {
        /// What it meant.
        before: String,
        /// What it means.
        after: String,
    },
    /// It is below others: what is said or stated of these counts for it.
    Moved {
        /// The paths right above it in the old policy.
        before: Vec<String>,
        /// The same in the new policy.
        after: Vec<String>,
    },
}

impl NameChangeKind {
    /// As in JSON: `appeared`, `vanished`, `ambiguous`, `unambiguous`, `means`, `moved`.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p")?;
    /// # let new = whyfor::Model::from_str("policy p category email")?;
    /// let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.names()[0].kind.as_str(), "appeared");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Appeared { .. } => "appeared",
            Self::Vanished { .. } => "vanished",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unambiguous { .. } => "unambiguous",
            Self::Means { .. } => "means",
            Self::Moved { .. } => "moved",
        }
    }
}

impl fmt::Display for NameChange {
    /// Without the name's kind: `email` now names several: …
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, name, label, kind } = self;
        let with = |below: &usize| match below {
            0 => String::new(),
            below => format!(" with {below} below it"),
        };
        let list = |paths: &[String]| match paths {
            [] => "nothing".to_owned(),
            paths => format!("`{}`", printable(&paths.join("`, `"))),
        };
        write!(f, "{of} `{}` ", printable(name))?;
        if !label.is_empty() {
            write!(f, "({}) ", printable(label))?;
        }
        match kind {
            NameChangeKind::Appeared { below } => write!(f, "appeared{}", with(below)),
            NameChangeKind::Vanished { below } => write!(f, "vanished{}", with(below)),
            NameChangeKind::Ambiguous { candidates } => {
                write!(f, "now names several: {}", list(candidates))
            }
            NameChangeKind::Unambiguous { path } => {
                write!(f, "named several and now names `{}`", printable(path))
            }
            NameChangeKind::Means { before, after } => {
                write!(f, "was {} and is now {}", printable(before), printable(after))
            }
            NameChangeKind::Moved { before, after } => {
                write!(f, "was below {} and is now below {}", list(before), list(after))
            }
        }
    }
}

/// All changes of names: hierarchies and tags, then facts, duties, bases, events and fields.
pub(super) fn changes(axes: &Axes<'_>) -> Vec<NameChange> {
    let mut changes = Vec::new();
    for hierarchy in Hierarchy::ALL {
        let trees = axes.models.map(|model| model.tree(hierarchy));
        nodes(hierarchy.as_str(), trees, &mut changes);
        references(hierarchy.as_str(), trees, &mut changes);
    }
    let tags = axes.models.map(|model| &model.tags.tree);
    nodes("tag", tags, &mut changes);
    references("tag", tags, &mut changes);
    let facts = |fact: &Fact| (fact.name.clone(), fact.label.clone(), kind(&fact.kind));
    let plain = |one: &Declared| (one.name.clone(), one.label.clone(), String::new());
    let duties = |duty: &Duty| {
        let mask =
            duty.mask.map_or("without a mask".to_owned(), |mask| format!("masked by {mask}"));
        (duty.name.clone(), duty.label.clone(), mask)
    };
    let bases = |basis: &Basis| (basis.name.clone(), basis.label.clone(), String::new());
    let of = axes.models;
    declared("fact", &of.map(|m| m.facts.iter().map(facts).collect()), &mut changes);
    declared("duty", &of.map(|m| m.duties.iter().map(duties).collect()), &mut changes);
    declared("basis", &of.map(|m| m.bases.iter().map(bases).collect()), &mut changes);
    declared("event", &of.map(|m| m.events.iter().map(plain).collect()), &mut changes);
    declared("field", &axes.models.map(fields), &mut changes);
    changes
}

/// Paths that appeared or vanished, the topmost of each, and those that are below others.
fn nodes(of: &'static str, trees: [&Tree; 2], changes: &mut Vec<NameChange>) {
    let paths = trees.map(|tree| {
        (0..tree.len()).map(|node| (tree.path(node), node)).collect::<HashMap<&str, u32>>()
    });
    for (side, other) in [(1, 0), (0, 1)] {
        let tree = trees[side];
        let lacks = |node: u32| !paths[other].contains_key(tree.path(node));
        for node in (0..tree.len()).filter(|node| lacks(*node)) {
            let parent = tree.nodes[node as usize].parent;
            if parent.is_some_and(lacks) {
                continue;
            }
            let prefix = format!("{}.", tree.path(node));
            let after = node + 1..tree.len();
            let below = after.take_while(|n| tree.path(*n).starts_with(&prefix)).count();
            let kind = match side {
                1 => NameChangeKind::Appeared { below },
                _ => NameChangeKind::Vanished { below },
            };
            let label = tree.nodes[node as usize].label.clone();
            changes.push(NameChange { of, name: tree.path(node).to_owned(), label, kind });
        }
    }
    for node in 0..trees[1].len() {
        let Some(old) = paths[0].get(trees[1].path(node)) else { continue };
        let above = |side: usize, node: u32| {
            let mut above: Vec<String> =
                trees[side].parents(node).map(|p| trees[side].path(p).to_owned()).collect();
            above.sort_unstable();
            above
        };
        let (before, after) = (above(0, *old), above(1, node));
        if before != after {
            let kind = NameChangeKind::Moved { before, after };
            let label = trees[1].nodes[node as usize].label.clone();
            changes.push(NameChange { of, name: trees[1].path(node).to_owned(), label, kind });
        }
    }
}

/// Ends of paths, and paths that were ends, that mean something else.
fn references(of: &'static str, trees: [&Tree; 2], changes: &mut Vec<NameChange>) {
    let tables = trees.map(Tree::references);
    let mut seen: HashSet<&str> = HashSet::new();
    for table in &tables {
        for (name, _) in table.all() {
            if !seen.insert(name) {
                continue;
            }
            let path = |side: usize, node: u32| trees[side].path(node).to_owned();
            let kind = match (tables[0].find(name), tables[1].find(name)) {
                (Found::One(_), Found::Several) => {
                    let candidates = tables[1].candidates(name).iter().take(MOST);
                    let candidates = candidates.map(|node| path(1, *node)).collect();
                    NameChangeKind::Ambiguous { candidates }
                }
                (Found::Several, Found::One(node)) => {
                    NameChangeKind::Unambiguous { path: path(1, node) }
                }
                (Found::One(old), Found::One(new)) if path(0, old) != path(1, new) => {
                    let [before, after] =
                        [path(0, old), path(1, new)].map(|path| format!("`{path}`"));
                    NameChangeKind::Means { before, after }
                }
                _ => continue,
            };
            changes.push(NameChange { of, name: name.to_owned(), label: String::new(), kind });
        }
    }
}

/// A name, its label and what it means.
type Meaning = (String, String, String);

/// What is declared by a name and means what it says.
fn declared(of: &'static str, all: &[Vec<Meaning>; 2], changes: &mut Vec<NameChange>) {
    let tables: [HashMap<&str, &str>; 2] = [0, 1].map(|side| {
        all[side].iter().map(|(name, _, meaning)| (name.as_str(), meaning.as_str())).collect()
    });
    let mut push = |(name, label): (&str, &String), kind| {
        let (name, label) = (name.to_owned(), label.clone());
        changes.push(NameChange { of, name, label, kind });
    };
    for (name, label, after) in &all[1] {
        let mut push = |kind| push((name, label), kind);
        match tables[0].get(name.as_str()) {
            None => push(NameChangeKind::Appeared { below: 0 }),
            Some(before) if before != after => {
                let (before, after) = ((*before).to_owned(), after.clone());
                push(NameChangeKind::Means { before, after });
            }
            Some(_) => {}
        }
    }
    for (name, label, _) in all[0].iter().filter(|one| !tables[1].contains_key(one.0.as_str())) {
        push((name, label), NameChangeKind::Vanished { below: 0 });
    }
}

fn kind(kind: &Domain<Choice>) -> String {
    match kind {
        Domain::YesNo => "yes or no".to_owned(),
        Domain::PerPurpose => "yes or no per purpose".to_owned(),
        Domain::Choice(choices) => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
            format!("one of {}", names.join(", "))
        }
        Domain::Number => "a number".to_owned(),
    }
}

/// Each pattern of the `field` statements and what it stands for.
fn fields(model: &Model) -> Vec<Meaning> {
    let tree = model.tree(Hierarchy::Category);
    let mut meanings: HashMap<&str, Vec<String>> = HashMap::new();
    let mut order = Vec::new();
    for field in &model.fields {
        let paths: Vec<&str> = field.categories.iter().map(|node| tree.path(*node)).collect();
        let mut meaning = format!("`{}`", paths.join("`, `"));
        if !field.except.is_empty() {
            meaning += &format!(" except \"{}\"", field.except.join("\", \""));
        }
        for pattern in &field.patterns {
            let meanings = meanings.entry(pattern).or_default();
            if meanings.is_empty() {
                order.push(pattern);
            }
            meanings.push(meaning.clone());
        }
    }
    let meaning = |pattern: &String| {
        let mut all = meanings.get(pattern.as_str()).cloned().unwrap_or_default();
        all.sort_unstable();
        all.dedup();
        (pattern.clone(), String::new(), all.join(" and "))
    };
    order.into_iter().map(meaning).collect()
}
