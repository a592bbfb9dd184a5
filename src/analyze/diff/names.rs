//! Names that appeared, vanished or mean something else.

use super::axis::Axes;
use crate::model::{Choice, Found, Hierarchy, Model, Tree};
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
    /// Of what it is a name: `category`, `method`, `purpose`, `recipient`, `fact`, `duty`, `field`.
    pub of: &'static str,
    /// The name.
    pub name: String,
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
        let Self { of, name, kind } = self;
        let with = |below: &usize| match below {
            0 => String::new(),
            below => format!(" with {below} below it"),
        };
        let list = |paths: &[String]| match paths {
            [] => "nothing".to_owned(),
            paths => format!("`{}`", printable(&paths.join("`, `"))),
        };
        write!(f, "{of} `{}` ", printable(name))?;
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

/// All changes of names: hierarchies, then facts, duties and fields.
pub(super) fn changes(axes: &Axes<'_>) -> Vec<NameChange> {
    let mut changes = Vec::new();
    for hierarchy in Hierarchy::ALL {
        let trees = axes.models.map(|model| model.tree(hierarchy));
        nodes(hierarchy, trees, &mut changes);
        references(hierarchy, trees, &mut changes);
    }
    let facts = axes.models.map(|model| {
        let facts = model.facts.iter();
        facts.map(|fact| (fact.name.clone(), kind(&fact.kind))).collect::<Vec<_>>()
    });
    declared("fact", &facts, &mut changes);
    let duties = axes.models.map(|model| {
        model.duties.iter().map(|duty| (duty.name.clone(), String::new())).collect::<Vec<_>>()
    });
    declared("duty", &duties, &mut changes);
    declared("field", &axes.models.map(fields), &mut changes);
    changes
}

/// Paths that appeared or vanished, the topmost of each, and those that are below others.
fn nodes(hierarchy: Hierarchy, trees: [&Tree; 2], changes: &mut Vec<NameChange>) {
    let paths = trees.map(|tree| {
        (0..tree.len()).map(|node| (tree.path(node), node)).collect::<HashMap<&str, u32>>()
    });
    let of = hierarchy.as_str();
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
            changes.push(NameChange { of, name: tree.path(node).to_owned(), kind });
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
            changes.push(NameChange { of, name: trees[1].path(node).to_owned(), kind });
        }
    }
}

/// Ends of paths, and paths that were ends, that mean something else.
fn references(hierarchy: Hierarchy, trees: [&Tree; 2], changes: &mut Vec<NameChange>) {
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
            changes.push(NameChange { of: hierarchy.as_str(), name: name.to_owned(), kind });
        }
    }
}

/// What is declared by a name and means what it says.
fn declared(of: &'static str, all: &[Vec<(String, String)>; 2], changes: &mut Vec<NameChange>) {
    let tables: [HashMap<&str, &str>; 2] = [0, 1].map(|side| {
        all[side].iter().map(|(name, meaning)| (name.as_str(), meaning.as_str())).collect()
    });
    let mut push = |name: &str, kind| changes.push(NameChange { of, name: name.to_owned(), kind });
    for (name, after) in &all[1] {
        match tables[0].get(name.as_str()) {
            None => push(name, NameChangeKind::Appeared { below: 0 }),
            Some(before) if before != after => {
                let (before, after) = ((*before).to_owned(), after.clone());
                push(name, NameChangeKind::Means { before, after });
            }
            Some(_) => {}
        }
    }
    for (name, _) in all[0].iter().filter(|(name, _)| !tables[1].contains_key(name.as_str())) {
        push(name, NameChangeKind::Vanished { below: 0 });
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
fn fields(model: &Model) -> Vec<(String, String)> {
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
        (pattern.clone(), all.join(" and "))
    };
    order.into_iter().map(meaning).collect()
}
