//! The rule of a path: which categories a nested value has.
//!
//! It is the rule of the Python package for nested columns:
//!
//! - A value has the categories of its path and of the paths of all that it is in, but for a group that a closer one is
//!   below: `contact.email` replaces `contact`.
//! - If one of these paths has a category, the ends of the paths count too: `ssn` in `events` is an `ssn` and one of the
//!   `events`.
//! - The end of an unknown path does not count: `email` in something unknown may be anyone's.
//! - An ambiguous name is unknown, unless a longer name resolves it.
//!
//! All categories must be allowed.

use crate::limits::{MAX_DOTS, MAX_PATH, MAX_SPELLINGS};
use crate::spelling::{Spelling, snake_forms};
use std::collections::BTreeMap;
use whyfor::{Policy, ReasonKind};

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The policy does not know it.
    Unknown,
    /// A name has several meanings.
    Ambiguous,
    /// It is too long to be asked.
    TooLong,
    /// These categories, by their paths; at least one.
    Categories(Vec<String>),
}

/// The categories that the caller gives to paths.
pub(crate) type Given = BTreeMap<String, Vec<String>>;

/// What decides the meaning of names.
#[derive(Clone, Copy)]
pub(crate) struct Names<'v> {
    pub(crate) policy: &'v Policy,
    pub(crate) given: &'v Given,
    pub(crate) spelling: Spelling,
}

/// A path and what it means so far, in every spelling. The one of a value is made from the one of what it is in, so a step
/// costs its own names and not those of the whole path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trail {
    /// Bytes of the steps as they are written, with a dot for each.
    length: usize,
    /// Dots in the same.
    dots: usize,
    has_too_many_spellings: bool,
    written: Spelt,
    /// Spellings in `snake_case`: first the one that keeps digits where they are. None if names are asked only as they are
    /// written.
    snake: Vec<Spelt>,
}

impl Trail {
    /// Whether there is no step.
    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn is_too_long(&self) -> bool {
        self.length > MAX_PATH || self.dots > MAX_DOTS || self.has_too_many_spellings
    }

    /// One step further.
    pub(crate) fn step(&self, names: Names<'_>, name: &str) -> Self {
        let length = self.length + name.len() + 1;
        let dots = self.dots + name.matches('.').count() + 1;
        let has_too_many_spellings = self.has_too_many_spellings;
        let mut next = Self { length, dots, has_too_many_spellings, ..Self::default() };
        if next.is_too_long() {
            return next;
        }
        next.written = self.written.step(names, name);
        if names.spelling == Spelling::Any {
            next.snake = self.snake(names, name, &next.written);
            next.has_too_many_spellings = next.snake.len() > MAX_SPELLINGS;
        }
        next
    }

    /// The spellings in `snake_case`, one step further. A form that moves digits is followed only where the policy knows it.
    fn snake(&self, names: Names<'_>, name: &str, written: &Spelt) -> Vec<Spelt> {
        let start = [Spelt::default()];
        let before = if self.snake.is_empty() { &start } else { self.snake.as_slice() };
        let mut snake: Vec<Spelt> = Vec::new();
        for (at, form) in snake_forms(name).into_iter().enumerate() {
            for spelt in before {
                let is_as_written = written.path.as_ref() == Some(&spelt.path_of(&form));
                let next = if is_as_written { written.clone() } else { spelt.step(names, &form) };
                if at == 0 || next.is_known {
                    snake.push(next);
                }
            }
        }
        snake
    }

    /// What a value here means: what all spellings mean that the policy knows.
    pub(crate) fn meaning(&self) -> Meaning {
        if self.is_too_long() {
            return Meaning::TooLong;
        }
        let others = self.snake.iter().filter(|spelt| spelt.path != self.written.path);
        let spellings: Vec<&Spelt> = std::iter::once(&self.written).chain(others).collect();
        if spellings.iter().any(|spelt| spelt.is_ambiguous) {
            return Meaning::Ambiguous;
        }
        // The end of an unknown path does not count.
        let known = spellings.iter().filter(|spelt| spelt.found.iter().any(Found::is_of_path));
        let found: Vec<&Found> = known.flat_map(|spelt| &spelt.found).collect();
        let mut categories: Vec<String> = Vec::new();
        for one in &found {
            let is_replaced = found.iter().any(|closer| closer.replaces(one));
            if !is_replaced && !categories.contains(&one.category) {
                categories.push(one.category.clone());
            }
        }
        if categories.is_empty() { Meaning::Unknown } else { Meaning::Categories(categories) }
    }
}

/// A category that a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// The number of steps to the value that has it: the path's own, or one that the value is in.
    level: usize,
    /// 0 for the path of that value, and the place of the end otherwise: the longest is the first.
    end: usize,
    category: String,
}

impl Found {
    fn is_of_path(&self) -> bool {
        self.end == 0
    }

    /// Whether it is closer to the value than another one, and counts as much: a path counts more than an end.
    fn is_closer_than(&self, other: &Self) -> bool {
        let is_closer =
            self.level > other.level || self.level == other.level && self.end < other.end;
        is_closer && (self.is_of_path() || !other.is_of_path())
    }

    /// Whether the other one is a group of it, which it replaces.
    fn replaces(&self, group: &Self) -> bool {
        let rest = self.category.strip_prefix(group.category.as_str());
        rest.is_some_and(|rest| rest.starts_with('.')) && self.is_closer_than(group)
    }
}

/// A path in one spelling.
#[derive(Debug, Clone, Default)]
struct Spelt {
    /// None of no step, which is another one than the path of a step with an empty name.
    path: Option<String>,
    steps: usize,
    /// Whether a name of the last step means something.
    is_known: bool,
    /// Whether a name of any step has several meanings.
    is_ambiguous: bool,
    /// The closest first.
    found: Vec<Found>,
}

impl Spelt {
    /// The path of a step from here.
    fn path_of(&self, name: &str) -> String {
        match &self.path {
            None => name.to_owned(),
            Some(path) => format!("{path}.{name}"),
        }
    }

    fn step(&self, names: Names<'_>, name: &str) -> Self {
        let mut next =
            Self { path: Some(self.path_of(name)), steps: self.steps + 1, ..Self::default() };
        next.look_up(names);
        next.is_known = next.is_ambiguous || !next.found.is_empty();
        next.is_ambiguous |= self.is_ambiguous;
        for around in &self.found {
            let is_again =
                |own: &Found| own.category == around.category && own.is_closer_than(around);
            if !next.found.iter().any(is_again) {
                next.found.push(around.clone());
            }
        }
        next
    }

    /// What the names of the last step mean by themselves: the path and, below another step, its ends.
    fn look_up(&mut self, names: Names<'_>) {
        let path = self.path.clone().unwrap_or_default();
        if let Some(categories) = names.given.get(path.as_str()) {
            return self.find(0, categories.iter().cloned());
        }
        for (end, name) in path_and_ends(&path, self.steps > 1).enumerate() {
            match categories(names.policy, name) {
                Ok(categories) => self.find(end, categories),
                // A longer name resolves the ambiguity of a shorter one.
                Err(Ambiguous) => {
                    if self.found.is_empty() {
                        self.is_ambiguous = true;
                        return;
                    }
                }
            }
        }
    }

    fn find(&mut self, end: usize, categories: impl IntoIterator<Item = String>) {
        let level = self.steps;
        self.found.extend(categories.into_iter().map(|category| Found { level, end, category }));
    }
}

/// A path, and what is behind each of its dots if the ends count. Names may contain dots.
fn path_and_ends(path: &str, with_ends: bool) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('.').map(|(dot, _)| &path[dot + 1..]);
    std::iter::once(path).chain(ends.take(if with_ends { usize::MAX } else { 0 }))
}

struct Ambiguous;

/// The categories of a name; none if the policy does not know it.
fn categories(policy: &Policy, name: &str) -> Result<Vec<String>, Ambiguous> {
    match policy.field(name) {
        Ok(field) => Ok(policy.paths(&field).into_iter().map(str::to_owned).collect()),
        Err(refusal) if refusal.kind() == ReasonKind::AmbiguousField => Err(Ambiguous),
        Err(_) => Ok(Vec::new()),
    }
}
