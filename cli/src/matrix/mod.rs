//! The whole table of a policy, for people: every category against every purpose, method or recipient.
//!
//! A policy is read one statement at a time, but many mistakes are seen first in the table: a
//! nearly empty column, a full row. [`Subject`] holds the question (the act, the facts, the
//! headings of rows and columns) and answers one cell at a time. [`Table`] holds all its answers,
//! computed once, equal ones stored once.
//!
//! - `subject`: the question, and the answer to one cell;
//! - `csv`, `json`: for programs; they use the subject, hold one row at a time and have no size
//!   limit;
//! - `terminal`, `html`, `svg`: for people; they use the table, with size limits.
//!
//! Each cell is a decision of the library; nothing here interprets a policy.

pub(crate) mod csv;
pub(crate) mod html;
pub(crate) mod json;
mod subject;
pub(crate) mod svg;
pub(crate) mod terminal;

pub(crate) use subject::{Answer, Axis, Heading, Subject};

use std::collections::BTreeMap;
use whyfor::Verdict;

/// Every answer of a subject.
pub(crate) struct Table<'p> {
    pub(crate) subject: Subject<'p>,
    answers: Vec<Answer<'p>>,
    /// The number of each cell's answer, row by row.
    cells: Vec<u32>,
}

impl<'p> Table<'p> {
    /// Decides every cell. O(categories × purposes), times the methods or recipients if none is
    /// named.
    pub(crate) fn new(subject: Subject<'p>) -> Self {
        let mut answers = Distinct::new();
        let mut cells = Vec::with_capacity(subject.size());
        for row in 0..subject.rows.len() {
            for column in 0..subject.columns.len() {
                cells.push(answers.number(subject.answer(row, column)));
            }
        }
        Self { subject, answers: answers.into_list(), cells }
    }

    pub(crate) fn answer(&self, row: usize, column: usize) -> &Answer<'p> {
        let number = self.cells[row * self.subject.columns.len() + column];
        &self.answers[number as usize]
    }

    pub(crate) fn verdict(&self, row: usize, column: usize) -> Verdict {
        self.answer(row, column).verdict
    }

    /// How many cells have each verdict.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts { allow: 0, depends: 0, deny: 0 };
        for number in &self.cells {
            *match self.answers[*number as usize].verdict {
                Verdict::Allow => &mut counts.allow,
                Verdict::Depends => &mut counts.depends,
                Verdict::Deny => &mut counts.deny,
            } += 1;
        }
        counts
    }

    /// For each cell, row by row, whether it is denied while something below its category or
    /// purpose is not: a group that looks empty and is not.
    pub(crate) fn partly(&self) -> Vec<bool> {
        let width = self.subject.columns.len();
        let verdicts = |number: &u32| self.answers[*number as usize].verdict != Verdict::Deny;
        let own: Vec<bool> = self.cells.iter().map(verdicts).collect();
        let mut below = own.clone();
        // Children come after their parents: from the end, pass each value to the parent.
        for (row, parent) in with_parents(&self.subject.rows).into_iter().rev() {
            for column in 0..width {
                below[parent * width + column] |= below[row * width + column];
            }
        }
        for (column, parent) in with_parents(&self.subject.columns).into_iter().rev() {
            for row in 0..self.subject.rows.len() {
                below[row * width + parent] |= below[row * width + column];
            }
        }
        below.iter().zip(own).map(|(below, own)| *below && !own).collect()
    }
}

/// Every heading that has a parent, with that parent.
fn with_parents(headings: &[Heading<'_>]) -> Vec<(usize, usize)> {
    let mut above: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for (number, heading) in headings.iter().enumerate() {
        above.truncate(heading.depth);
        pairs.extend(above.last().map(|parent| (number, *parent)));
        above.push(number);
    }
    pairs
}

/// The number of cells with each verdict.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) allow: usize,
    pub(crate) depends: usize,
    pub(crate) deny: usize,
}

impl Counts {
    pub(crate) fn each(self) -> [(Verdict, usize); 3] {
        [(Verdict::Allow, self.allow), (Verdict::Depends, self.depends), (Verdict::Deny, self.deny)]
    }
}

/// Numbers things in order of arrival; equal things get the same number.
pub(crate) struct Distinct<T>(BTreeMap<T, u32>);

impl<T: Ord> Distinct<T> {
    pub(crate) fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn number(&mut self, thing: T) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(thing).or_insert(next)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The things in the order of their numbers.
    pub(crate) fn into_list(self) -> Vec<T> {
        let mut pairs: Vec<(T, u32)> = self.0.into_iter().collect();
        pairs.sort_unstable_by_key(|(_, number)| *number);
        pairs.into_iter().map(|(thing, _)| thing).collect()
    }
}
