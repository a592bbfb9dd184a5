//! Conditions multiplied out: the maximum over alternatives of the minimum over literals.
//!
//! Kleene's three values form a distributive lattice in which De Morgan's laws hold, so every condition has an
//! equal one of this form. The excluded middle does not hold and is not used. An alternative is two masks for
//! each word, and its value takes a few machine instructions.

use crate::limits::MAX_TERMS;
use crate::model::{AtomId, Formula};
use crate::table::schema;

/// A conjunction of literals: for each word of atoms, those that must be yes and those that must be
/// no. Sorted by word; without entries it is always yes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(Vec<(u64, u64, u64)>);

/// The maximum of its terms; without terms it is always no.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Normal(Vec<Term>);

impl Normal {
    pub(crate) fn yes() -> Self {
        Self(vec![Term(Vec::new())])
    }

    pub(crate) fn no() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_yes(&self) -> bool {
        self.0.iter().any(|term| term.0.is_empty())
    }

    /// The masks of yes and of no, if it is one term in the first word.
    pub(crate) fn simple(&self) -> Option<[u64; 2]> {
        match self.0.as_slice() {
            [Term(words)] => match words.as_slice() {
                [(0, yes, no)] => Some([*yes, *no]),
                _ => None,
            },
            _ => None,
        }
    }

    /// The literals of each term: an atom, and whether it must be yes.
    pub(crate) fn terms(&self) -> Vec<Vec<(AtomId, bool)>> {
        let literals = |term: &Term| {
            let mut literals = Vec::new();
            for (word, yes, no) in &term.0 {
                for bit in 0..64 {
                    let atom = AtomId(*word as u32 * 64 + bit);
                    for (mask, value) in [(yes, true), (no, false)] {
                        if mask >> bit & 1 == 1 {
                            literals.push((atom, value));
                        }
                    }
                }
            }
            literals
        };
        self.0.iter().map(literals).collect()
    }

    /// The terms as the evaluator reads them.
    pub(crate) fn encode(&self) -> Vec<schema::Term> {
        let mut encoded = Vec::new();
        for term in &self.0 {
            for (i, (word, yes, no)) in term.0.iter().enumerate() {
                encoded.push(schema::Term::new(*word, i + 1 == term.0.len(), *yes, *no));
            }
        }
        encoded
    }

    /// The normal form of a formula or of its negation; `None` if it has over MAX_TERMS terms.
    pub(crate) fn of(formula: &Formula, negative: bool) -> Option<Self> {
        match formula {
            Formula::Always => Some(if negative { Self::no() } else { Self::yes() }),
            Formula::Atom(atom) => Some(Self(vec![literal(*atom, negative)])),
            Formula::Not(inner) => Self::of(inner, !negative),
            Formula::And(list) if !negative => Self::join(list, negative, Self::yes(), Self::and),
            Formula::Or(list) if negative => Self::join(list, negative, Self::yes(), Self::and),
            Formula::And(list) | Formula::Or(list) => {
                Self::join(list, negative, Self::no(), Self::or)
            }
        }
    }

    fn join(
        list: &[Formula],
        negative: bool,
        start: Self,
        join: fn(&Self, &Self) -> Option<Self>,
    ) -> Option<Self> {
        list.iter().try_fold(start, |joined, formula| join(&joined, &Self::of(formula, negative)?))
    }

    pub(crate) fn or(&self, other: &Self) -> Option<Self> {
        Self::absorb(self.0.iter().chain(&other.0).cloned().collect())
    }

    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        if self.0.len() * other.0.len() > 4 * MAX_TERMS {
            return None;
        }
        let product = self.0.iter().flat_map(|a| other.0.iter().map(|b| a.and(b)));
        Self::absorb(product.collect())
    }

    pub(crate) fn not(&self) -> Option<Self> {
        self.0.iter().try_fold(Self::yes(), |joined, term| joined.and(&term.not()))
    }

    /// Drops every term that has all literals of another one: it is never greater than that one.
    fn absorb(mut terms: Vec<Term>) -> Option<Self> {
        terms.sort();
        terms.dedup();
        let kept: Vec<Term> = terms
            .iter()
            .filter(|term| !terms.iter().any(|other| other != *term && other.is_within(term)))
            .cloned()
            .collect();
        (kept.len() <= MAX_TERMS).then_some(Self(kept))
    }
}

impl Term {
    fn and(&self, other: &Self) -> Self {
        let mut words = self.0.clone();
        for (word, yes, no) in &other.0 {
            match words.binary_search_by_key(word, |(w, ..)| *w) {
                Ok(at) => {
                    words[at].1 |= yes;
                    words[at].2 |= no;
                }
                Err(at) => words.insert(at, (*word, *yes, *no)),
            }
        }
        Self(words)
    }

    fn not(&self) -> Normal {
        let bits = |mask: u64| (0..64).filter(move |bit| mask >> bit & 1 == 1);
        let mut terms = Vec::new();
        for (word, yes, no) in &self.0 {
            terms.extend(bits(*yes).map(|bit| Self(vec![(*word, 0, 1 << bit)])));
            terms.extend(bits(*no).map(|bit| Self(vec![(*word, 1 << bit, 0)])));
        }
        Normal(terms)
    }

    /// Whether all literals of this term are literals of the other.
    fn is_within(&self, other: &Self) -> bool {
        self.0.iter().all(|(word, yes, no)| {
            other.0.iter().any(|(w, y, n)| w == word && yes & !y == 0 && no & !n == 0)
        })
    }
}

fn literal(atom: AtomId, negative: bool) -> Term {
    let (word, bit) = (u64::from(atom.0 / 64), 1u64 << (atom.0 % 64));
    Term(vec![if negative { (word, 0, bit) } else { (word, bit, 0) }])
}
