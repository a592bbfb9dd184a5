//! Conditions, legal bases and periods in words. Each can be read in one way only.

use super::words::Words;
use whyfor::notice::{Basis, Comparison, Condition, Node, Retain};
use whyfor::{Limit, Period, Unit};

/// What must hold, and what must not: "You agreed, unless your region is eu". Empty if there is neither.
pub(crate) fn condition(
    words: &Words,
    when: Option<&Condition>,
    unless: Option<&Condition>,
) -> String {
    let clauses = Clauses { words };
    match (when, unless) {
        (None, None) => String::new(),
        (Some(when), None) => clauses.text(when, true),
        (None, Some(unless)) => format!("{}{}", words.only_unless, clauses.excluded(unless)),
        (Some(when), Some(unless)) => clauses.unless(when, unless, true),
    }
}

/// The alternatives, each with the conditions under which it is a basis.
pub(crate) fn bases(words: &Words, alternatives: &[Vec<Basis>]) -> String {
    let basis = |basis: &Basis| {
        let clauses = Clauses { words };
        let name = basis.node.text();
        let end = &words.basis_end;
        match (&basis.when, &basis.unless) {
            (None, None) => name.to_owned(),
            (None, Some(unless)) => {
                format!("{name}{}{}{end}", words.basis_unless, clauses.text(unless, false))
            }
            (Some(when), None) => {
                format!("{name}{}{}{end}", words.basis_if, clauses.text(when, false))
            }
            (Some(when), Some(unless)) => {
                format!("{name}{}{}{end}", words.basis_if, clauses.unless(when, unless, false))
            }
        }
    };
    let together =
        |bases: &Vec<Basis>| bases.iter().map(basis).collect::<Vec<_>>().join(&words.together);
    alternatives.iter().map(together).collect::<Vec<_>>().join(&words.alternative)
}

/// How long data is kept: until the first limit ends, but at least so long.
pub(crate) fn retention(words: &Words, limits: &[Retain]) -> String {
    let (least, most): (Vec<&Retain>, Vec<&Retain>) = limits.iter().partition(|one| one.at_least);
    let most: Vec<String> = most.iter().map(|one| limit(words, one)).collect();
    let mut parts: Vec<String> = Vec::new();
    match most.as_slice() {
        [] => {}
        [one] => parts.push(one.clone()),
        several => parts.push(several.join(&words.or) + &words.first_to_end),
    }
    parts.extend(least.iter().map(|one| words.minimum.replace("{period}", &limit(words, one))));
    capital(&parts.join(&words.besides))
}

/// A text that starts with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn limit(words: &Words, retain: &Retain) -> String {
    match &retain.limit {
        Limit::Period { period, after: None } => self::period(words, *period),
        Limit::Period { period, after: Some(event) } => {
            let text = words.after.replace("{period}", &self::period(words, *period));
            text.replace("{event}", &words.inner(event.text()))
        }
        Limit::Until { until } => words.until.replace("{event}", &words.inner(until.text())),
    }
}

fn period(words: &Words, period: Period) -> String {
    let [one, several] = match period.unit() {
        Unit::Hours => [&words.hour, &words.hours],
        Unit::Days => [&words.day, &words.days],
        Unit::Weeks => [&words.week, &words.weeks],
        Unit::Months => [&words.month, &words.months],
        Unit::Years => [&words.year, &words.years],
    };
    format!("{} {}", period.count(), if period.count() == 1 { one } else { several })
}

struct Clauses<'w> {
    words: &'w Words,
}

impl Clauses<'_> {
    /// `starts`: it starts a sentence, and its first label keeps its capital.
    fn text(&self, condition: &Condition, starts: bool) -> String {
        let words = self.words;
        match condition {
            Condition::All(list) => self.joined(list, starts, &words.also, &words.last_also),
            Condition::Any(list) => self.joined(list, starts, &words.either, &words.last_either),
            Condition::Not(inner) => format!("{}{}", words.not, self.bracketed(inner, false)),
            Condition::Holds(fact) => self.fact(fact, starts),
            Condition::OneOf(fact, choices) => {
                let choices: Vec<&str> = choices.iter().map(Node::text).collect();
                format!("{}{}{}", self.fact(fact, starts), words.is, choices.join(&words.or))
            }
            Condition::Compares(fact, comparison, number) => {
                let word = match comparison {
                    Comparison::AtLeast => &words.at_least,
                    Comparison::Above => &words.above_number,
                    Comparison::Below => &words.below_number,
                    Comparison::AtMost => &words.at_most,
                    Comparison::Equal => &words.equal,
                    Comparison::NotEqual => &words.not_equal,
                };
                format!("{}{word}{number}", self.fact(fact, starts))
            }
        }
    }

    /// Both parts. "A or b, unless c" could be read in two ways, and "a, unless b and c" too.
    fn unless(&self, when: &Condition, unless: &Condition, starts: bool) -> String {
        let when = match when {
            Condition::Any(list) if list.len() > 1 => self.bracketed(when, starts),
            _ => self.text(when, starts),
        };
        format!("{when}{}{}", self.words.unless, self.excluded(unless))
    }

    /// What must not hold, after the word for it. "Unless a, and b" could end at the comma.
    fn excluded(&self, unless: &Condition) -> String {
        match unless {
            Condition::Any(list) => {
                let parts: Vec<String> =
                    list.iter().map(|one| self.bracketed(one, false)).collect();
                match parts.as_slice() {
                    [one, other] if !self.is_compound(&parts) => {
                        format!("{one}{}{other}", self.words.either)
                    }
                    _ => self.bracketed(unless, false),
                }
            }
            _ => self.bracketed(unless, false),
        }
    }

    fn fact(&self, fact: &Node, starts: bool) -> String {
        if starts { fact.text().to_owned() } else { self.words.inner(fact.text()) }
    }

    /// Parts that say "and" or "or" themselves are set off by a comma, or stand in brackets.
    fn joined(&self, list: &[Condition], starts: bool, two: &str, last: &str) -> String {
        let texts: Vec<String> = list
            .iter()
            .enumerate()
            .map(|(at, part)| self.bracketed(part, starts && at == 0))
            .collect();
        match texts.as_slice() {
            [one, other] if !self.is_compound(&texts) => format!("{one}{two}{other}"),
            [first @ .., end] if !first.is_empty() => {
                format!("{}{last}{end}", first.join(&self.words.comma))
            }
            _ => texts.concat(),
        }
    }

    /// Whether a part says "and" or "or" itself.
    fn is_compound(&self, parts: &[String]) -> bool {
        let joints = [&self.words.and, &self.words.or, &self.words.also, &self.words.either];
        parts.iter().any(|part| joints.iter().any(|joint| part.contains(joint.as_str())))
    }

    fn bracketed(&self, condition: &Condition, starts: bool) -> String {
        match condition {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                format!("({})", self.text(condition, starts))
            }
            Condition::Not(_) => format!("({})", self.text(condition, starts)),
            _ => self.text(condition, starts),
        }
    }
}
