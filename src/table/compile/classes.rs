//! Classes: rows, planes and purposes that behave alike become one, as bytes do in a DFA.

use super::ids::{
    ColumnClass, IdVec, LineClass, LineId, OutcomeId, PlaneClass, PlaneId, RowClass, RowId,
};
use super::lines::{Lines, Run};
use super::rows::Rows;
use super::too_large::TooLarge;
use crate::limits::MAX_LINES;
use crate::table::ids::{Id, NodeId};
use hashbrown::HashMap;
use std::hash::Hash;

/// The class of each element, and an element that represents each class. Classes count up in the order of
/// their first elements.
pub(super) struct Classes<C, E> {
    pub(super) of: Vec<C>,
    pub(super) representatives: IdVec<C, E>,
}

impl<C: Id, E> Classes<C, E> {
    /// The number of classes.
    pub(super) fn count(&self) -> usize {
        self.representatives.len()
    }
}

/// All classes of a table.
pub(super) struct TableClasses {
    /// Of the rows of categories, then of those of sets of categories.
    pub(super) rows: Classes<RowClass, RowId>,
    pub(super) planes: Classes<PlaneClass, PlaneId>,
    /// Of the lines for each class of planes, for each class of rows.
    pub(super) lines: Classes<LineClass, LineId>,
    pub(super) columns: Classes<ColumnClass, NodeId>,
}

impl TableClasses {
    /// Only what is left after folding counts: the rows, then the planes and columns that differ in them.
    pub(super) fn new(
        rows: &Rows<'_>,
        used: impl Iterator<Item = RowId>,
        purposes: u32,
    ) -> Result<Self, TooLarge> {
        let row_classes = by_key(used.map(|row| (row, row)));
        let of_rows: Vec<&[LineId]> =
            row_classes.representatives.as_slice().iter().map(|row| rows.get(*row)).collect();
        let planes = planes(&of_rows, rows.planes());
        let count = row_classes.count() * planes.count();
        if count > MAX_LINES {
            let why = "too many categories differ in too many methods and recipients";
            return Err(TooLarge::counted(why, count, MAX_LINES, "lines"));
        }
        let planes_of = planes.representatives.as_slice().iter();
        let lines = by_key(
            planes_of
                .flat_map(|plane| of_rows.iter().map(|row| row[plane.index()]))
                .map(|line| (line, line)),
        );
        let columns = columns(&rows.lines, lines.representatives.as_slice(), purposes);
        Ok(Self { rows: row_classes, planes, lines, columns })
    }
}

/// Classes of elements with equal keys: (key, element).
fn by_key<C: Id, K: Hash + Eq, E>(elements: impl Iterator<Item = (K, E)>) -> Classes<C, E> {
    let mut ids: HashMap<K, C> = HashMap::new();
    let mut classes = Classes { of: Vec::new(), representatives: IdVec::default() };
    for (key, element) in elements {
        let next = C::from_index(classes.representatives.len());
        let class = *ids.entry(key).or_insert(next);
        if class == next {
            classes.representatives.push(element);
        }
        classes.of.push(class);
    }
    classes
}

/// The planes that have the same line in every row. O(rows × planes).
fn planes(rows: &[&[LineId]], planes: usize) -> Classes<PlaneClass, PlaneId> {
    by_key((0..planes).map(|plane| {
        let lines: Vec<LineId> = rows.iter().map(|row| row[plane]).collect();
        // `use` remains plane 0, so it needs no lookup.
        ((plane == 0, lines), PlaneId(plane as u32))
    }))
}

/// The purposes that have the same outcome on every line. O(runs + lines × columns); the latter is a plain
/// scan.
///
/// Each run adds a pseudo-random number at its start and subtracts it at its end, so the sum at a column is
/// a fingerprint of its outcomes on all lines. Purposes with equal fingerprints are then compared in full: a
/// class is never a guess.
fn columns(lines: &Lines<'_>, used: &[LineId], purposes: u32) -> Classes<ColumnClass, NodeId> {
    let mut steps = vec![0u128; purposes as usize + 1];
    for line in used {
        let mut runs = lines.runs(*line).iter().peekable();
        while let Some(Run { start, outcome }) = runs.next() {
            let end = runs.peek().map_or(purposes, |next| next.start);
            let number = random(u64::from(line.0) << 32 | u64::from(outcome.0));
            steps[*start as usize] = steps[*start as usize].wrapping_add(number);
            steps[end as usize] = steps[end as usize].wrapping_sub(number);
        }
    }
    let fingerprints = (0..purposes).zip(&steps).scan(0u128, |sum, (purpose, step)| {
        *sum = sum.wrapping_add(*step);
        Some((*sum, NodeId(purpose)))
    });
    let classes = by_key(fingerprints);
    if classes.count() == purposes as usize || agree(lines, used, &classes) {
        return classes;
    }
    by_key((0..purposes).map(|purpose| (purpose, NodeId(purpose))))
}

/// Whether every purpose has its representative's outcome on every line.
fn agree(lines: &Lines<'_>, used: &[LineId], classes: &Classes<ColumnClass, NodeId>) -> bool {
    let mut cells: Vec<OutcomeId> = Vec::new();
    used.iter().all(|line| {
        cells.clear();
        let mut runs = lines.runs(*line).iter().peekable();
        while let Some(run) = runs.next() {
            let end = runs.peek().map_or(classes.of.len(), |next| next.start as usize);
            cells.resize(end, run.outcome);
        }
        let representative = |class: &ColumnClass| classes.representatives[*class].index();
        classes.of.iter().zip(&cells).all(|(class, cell)| *cell == cells[representative(class)])
    })
}

/// A number that depends on every bit of the input (splitmix64, Steele et al. 2014, twice).
fn random(input: u64) -> u128 {
    let mix = |mut z: u64| {
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    };
    let low = mix(input.wrapping_add(0x9E37_79B9_7F4A_7C15));
    u128::from(mix(low ^ input)) << 64 | u128::from(low)
}
