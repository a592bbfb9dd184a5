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

use crate::limits::{MAX_DOTS, MAX_PATH};
use crate::spelling::{Spelling, snake_case};
use std::borrow::Cow;
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

/// The meaning of a value by the steps that lead to it, in every spelling.
pub(crate) fn meaning(
    policy: &Policy,
    steps: &[&str],
    given: &Given,
    spelling: Spelling,
) -> Meaning {
    let length: usize = steps.iter().map(|step| step.len() + 1).sum();
    let dots: usize = steps.iter().map(|step| step.matches('.').count() + 1).sum();
    if length > MAX_PATH || dots > MAX_DOTS {
        return Meaning::TooLong;
    }
    let mut found = of_spelling(policy, steps, given);
    if spelling == Spelling::Any {
        let snake: Vec<Cow<'_, str>> = steps.iter().map(|step| snake_case(step)).collect();
        if snake.iter().any(|step| matches!(step, Cow::Owned(_))) {
            let snake: Vec<&str> = snake.iter().map(AsRef::as_ref).collect();
            found = joined(found, of_spelling(policy, &snake, given));
        }
    }
    found
}

/// What both spellings mean: a name that one of them does not know has the meaning of the other.
fn joined(one: Meaning, other: Meaning) -> Meaning {
    match (one, other) {
        (Meaning::Unknown, meaning) | (meaning, Meaning::Unknown) => meaning,
        (Meaning::Categories(mut all), Meaning::Categories(more)) => {
            add(&mut all, more, &[]);
            Meaning::Categories(all)
        }
        (Meaning::TooLong, _) | (_, Meaning::TooLong) => Meaning::TooLong,
        (Meaning::Ambiguous, _) | (_, Meaning::Ambiguous) => Meaning::Ambiguous,
    }
}

fn of_spelling(policy: &Policy, steps: &[&str], given: &Given) -> Meaning {
    let (mut by_path, mut by_end): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for end in (1..=steps.len()).rev() {
        let path = steps[..end].join(".");
        if let Some(categories) = given.get(path.as_str()) {
            add_closer(&mut by_path, categories.clone());
            continue;
        }
        let mut is_clear = false;
        for (at, name) in names(&path, end > 1).enumerate() {
            let categories = match categories(policy, name) {
                Ok(categories) => categories,
                // A longer name resolves the ambiguity of a shorter one.
                Err(Ambiguous) if !is_clear => return Meaning::Ambiguous,
                Err(Ambiguous) => continue,
            };
            is_clear |= !categories.is_empty();
            if at == 0 {
                add_closer(&mut by_path, categories);
            } else {
                let own = by_end.clone();
                let closer: Vec<&String> = by_path.iter().chain(&own).collect();
                add(&mut by_end, categories, &closer);
            }
        }
    }
    if by_path.is_empty() {
        return Meaning::Unknown;
    }
    add(&mut by_path, by_end, &[]);
    Meaning::Categories(by_path)
}

/// A path, and what is behind each of its dots if the ends count. Names may contain dots.
fn names(path: &str, with_ends: bool) -> impl Iterator<Item = &str> {
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

fn add_closer(found: &mut Vec<String>, categories: Vec<String>) {
    let own = found.clone();
    add(found, categories, &own.iter().collect::<Vec<_>>());
}

/// Adds categories, except groups of a closer one.
fn add(found: &mut Vec<String>, categories: Vec<String>, closer: &[&String]) {
    for category in categories {
        let is_group = closer.iter().any(|near| {
            near.strip_prefix(category.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        if !is_group && !found.contains(&category) {
            found.push(category);
        }
    }
}
