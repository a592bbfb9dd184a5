//! Lines: for one category and one act, method or recipient, the outcome for every purpose, as runs.
//!
//! First the lines of points, swept from the statements; then folded, so that the entry for a purpose
//! is the outcome of asking about it and everything below it.

use super::intern::Slices;
use super::outcome::{DENY, Outcomes, meet_in_pairs};
use super::{TooLarge, Work};
use crate::model::{Model, Tree};
use hashbrown::HashMap;

/// The line on which nothing is permitted.
pub(super) const NOTHING: u32 = 0;

/// All lines of a policy while it is compiled: pairs of a start and an outcome, the first at 0.
pub(super) struct Lines<'m> {
    slices: Slices,
    pub(super) outcomes: Outcomes<'m>,
    pub(super) work: Work,
    purposes: &'m Tree,
    /// Purposes with something below them, the lowest first.
    groups: Vec<u32>,
    folded: HashMap<u32, u32>,
    met: HashMap<(u32, u32), u32>,
    scratch: Vec<u32>,
}

impl<'m> Lines<'m> {
    pub(super) fn new(model: &'m Model, purposes: &'m Tree) -> Self {
        let bottom_up = purposes.bottom_up().iter().copied();
        let is_group = |node: &u32| !purposes.nodes[*node as usize].children.is_empty();
        let mut lines = Self {
            slices: Slices::default(),
            outcomes: Outcomes::new(model),
            work: Work::default(),
            purposes,
            groups: bottom_up.filter(is_group).collect(),
            folded: HashMap::new(),
            met: HashMap::new(),
            scratch: Vec::new(),
        };
        lines.slices.intern(&[0, DENY]);
        lines
    }

    /// The runs of a line: (start, outcome).
    pub(super) fn runs(&self, line: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.slices.get(line).chunks_exact(2).map(|run| (run[0], run[1]))
    }

    /// The outcome of a purpose on a line. O(log runs).
    pub(super) fn at(&self, line: u32, purpose: u32) -> u32 {
        let runs = self.slices.get(line);
        let behind = runs.as_chunks::<2>().0.partition_point(|[start, _]| *start <= purpose);
        runs.get(2 * behind - 1).copied().unwrap_or(DENY) // the first run starts at 0
    }

    /// The line of points that these statements cover: a sweep over the ends of their purposes.
    /// `statements` is sorted. O(ranges × statements that overlap).
    pub(super) fn sweep(&mut self, model: &Model, statements: &[u32]) -> Result<u32, TooLarge> {
        let mut ends: Vec<(u32, u32, bool)> = Vec::new();
        for id in statements {
            for (start, end) in model.set(model.statements[*id as usize].purposes).ranges() {
                ends.push((*start, *id, true));
                ends.push((*end, *id, false));
            }
        }
        ends.sort_unstable();
        let mut runs = vec![0, DENY];
        let mut active: Vec<u32> = Vec::new();
        let mut ends = ends.into_iter().peekable();
        while let Some((at, id, starts)) = ends.next() {
            match active.binary_search(&id) {
                Err(place) if starts => active.insert(place, id),
                Ok(place) if !starts => drop(active.remove(place)),
                _ => {}
            }
            if ends.peek().is_some_and(|(next, ..)| *next == at) || at == self.purposes.len() {
                continue;
            }
            self.work.add(4 * (active.len() as u64 + 1))?;
            let outcome = if active.is_empty() { DENY } else { self.outcomes.of_point(&active)? };
            push_run(&mut runs, at, outcome);
        }
        Ok(self.slices.intern(&runs))
    }

    /// The line whose entry for each purpose joins those of everything at or below it.
    pub(super) fn fold(&mut self, line: u32) -> Result<u32, TooLarge> {
        if let Some(folded) = self.folded.get(&line) {
            return Ok(*folded);
        }
        let count = self.purposes.len();
        self.work.add(u64::from(count))?;
        let mut cells = std::mem::take(&mut self.scratch);
        cells.clear();
        let runs: Vec<(u32, u32)> = self.runs(line).collect();
        for (i, (_, outcome)) in runs.iter().enumerate() {
            let end = runs.get(i + 1).map_or(count, |next| next.0);
            cells.resize(end as usize, *outcome);
        }
        let mut different = Vec::new();
        for group in &self.groups {
            let own = cells[*group as usize];
            let children = &self.purposes.nodes[*group as usize].children;
            different.clear();
            different.extend(children.iter().map(|c| cells[*c as usize]).filter(|c| *c != own));
            if !different.is_empty() {
                different.push(own);
                cells[*group as usize] = self.outcomes.meet_all(&mut different)?;
            }
        }
        let mut folded = Vec::with_capacity(runs.len() * 2);
        for (at, outcome) in cells.iter().enumerate() {
            push_run(&mut folded, at as u32, *outcome);
        }
        if folded.is_empty() {
            folded.extend([0, DENY]); // no purposes at all
        }
        self.scratch = cells;
        let folded = self.slices.intern(&folded);
        self.folded.insert(line, folded);
        Ok(folded)
    }

    /// The line of asking about all of these lines' categories or parties together.
    pub(super) fn meet_all(&mut self, all: &mut Vec<u32>) -> Result<u32, TooLarge> {
        meet_in_pairs(all, |a, b| self.meet(a, b)).map(|met| met.unwrap_or(NOTHING))
    }

    pub(super) fn meet(&mut self, a: u32, b: u32) -> Result<u32, TooLarge> {
        if a == b {
            return Ok(a);
        }
        let key = (a.min(b), a.max(b));
        if let Some(met) = self.met.get(&key) {
            return Ok(*met);
        }
        let (left, right): (Vec<_>, Vec<_>) = (self.runs(a).collect(), self.runs(b).collect());
        self.work.add(left.len() as u64 + right.len() as u64)?;
        let mut runs = Vec::with_capacity(left.len() + right.len());
        let (mut i, mut j) = (0, 0);
        let mut at = 0;
        loop {
            let outcome = self.outcomes.meet(left[i].1, right[j].1)?;
            push_run(&mut runs, at, outcome);
            let next_left = left.get(i + 1).map_or(u32::MAX, |run| run.0);
            let next_right = right.get(j + 1).map_or(u32::MAX, |run| run.0);
            at = next_left.min(next_right);
            if at == u32::MAX {
                break;
            }
            i += usize::from(next_left == at);
            j += usize::from(next_right == at);
        }
        let met = self.slices.intern(&runs);
        self.met.insert(key, met);
        Ok(met)
    }
}

fn push_run(runs: &mut Vec<u32>, at: u32, outcome: u32) {
    match runs.as_slice() {
        [.., last] if *last == outcome => {}
        [.., start, _] if *start == at => {
            // A run of no length: the sweep starts with one.
            runs.truncate(runs.len() - 2);
            push_run(runs, at, outcome);
        }
        _ => runs.extend([at, outcome]),
    }
}
