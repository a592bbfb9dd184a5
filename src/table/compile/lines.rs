//! Lines: the outcome for every purpose, for one category and `use`, a method or a recipient. A line is
//! stored as runs of purposes with the same outcome.
//!
//! The line of points comes from a sweep over the statements. It is folded at once, so that the entry for a
//! purpose is the outcome of asking about it and everything below it.

use super::ids::{CoverId, IdVec, LineId, ListId, OutcomeId};
use super::intern::{Joins, MOST_KEPT, Slices};
use super::outcome::{DENY, Outcomes, sort_and_dedup};
use super::too_large::TooLarge;
use super::work::Work;
use crate::model::{Model, Tree};
use bytemuck::{Pod, Zeroable};

/// The line on which nothing is permitted.
pub(super) const NOTHING: LineId = LineId(0);

/// Lines that are joined at once: more would be read again for every run of each, fewer would leave more
/// lines that nothing needs afterwards.
const JOINED_AT_ONCE: usize = 8;

/// Purposes with the same outcome, up to the start of the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Run {
    /// A purpose.
    pub(crate) start: u32,
    pub(crate) outcome: OutcomeId,
}

/// All lines of a policy while it is compiled. The first run of each starts at 0.
pub(super) struct Lines<'m> {
    model: &'m Model,
    slices: Slices<LineId, Run>,
    pub(super) outcomes: Outcomes<'m>,
    pub(super) work: Work,
    purposes: &'m Tree,
    /// Purposes with something below them, the lowest first.
    groups: Vec<u32>,
    /// Lists of statements, at most MOST_KEPT statements together, and the folded line of each.
    swept: Slices<ListId, CoverId>,
    of_swept: IdVec<ListId, LineId>,
    joins: Joins<LineId>,
    buffers: Buffers,
}

/// Memory that is used again for each line.
#[derive(Default)]
struct Buffers {
    ends: Vec<u64>,
    active: Vec<CoverId>,
    runs: Vec<Run>,
    cells: Vec<OutcomeId>,
    different: Vec<OutcomeId>,
}

impl<'m> Lines<'m> {
    pub(super) fn new(model: &'m Model, purposes: &'m Tree) -> Self {
        let bottom_up = purposes.bottom_up().iter().copied();
        let is_group = |node: &u32| !purposes.nodes[*node as usize].children.is_empty();
        let mut slices = Slices::in_maps();
        slices.intern(&[Run { start: 0, outcome: DENY }]);
        Self {
            model,
            slices,
            outcomes: Outcomes::new(model),
            work: Work::default(),
            purposes,
            groups: bottom_up.filter(is_group).collect(),
            swept: Slices::default(),
            of_swept: IdVec::default(),
            joins: Joins::default(),
            buffers: Buffers::default(),
        }
    }

    /// The runs of each line, and the outcomes.
    pub(super) fn into_parts(self) -> (Slices<LineId, Run>, Outcomes<'m>) {
        (self.slices, self.outcomes)
    }

    /// The runs of a line.
    pub(super) fn runs(&self, line: LineId) -> &[Run] {
        self.slices.get(line)
    }

    /// The outcome of a purpose on a line. O(log runs).
    pub(super) fn at(&self, line: LineId, purpose: u32) -> OutcomeId {
        let runs = self.slices.get(line);
        let after = runs.partition_point(|run| run.start <= purpose);
        runs.get(after.wrapping_sub(1)).map_or(DENY, |run| run.outcome) // the first run starts at 0
    }

    /// The folded line of a category and act that these statements cover. `statements` is sorted.
    /// O(ranges × statements that overlap + purposes).
    pub(super) fn of_statements(&mut self, statements: &[CoverId]) -> Result<LineId, TooLarge> {
        if let Some(list) = self.swept.find(statements) {
            return Ok(self.of_swept[list]);
        }
        self.sweep(statements)?;
        let line = self.fold()?;
        if self.swept.elements() >= MOST_KEPT {
            (self.swept, self.of_swept) = (Slices::default(), IdVec::default());
        }
        self.swept.intern(statements);
        self.of_swept.push(line);
        Ok(line)
    }

    /// Sweeps over the ends of the statements' purposes. The runs of points are in `buffers.runs`.
    fn sweep(&mut self, statements: &[CoverId]) -> Result<(), TooLarge> {
        let Self { model, outcomes, work, purposes, buffers, .. } = self;
        let Buffers { ends, active, runs, .. } = buffers;
        // The purpose, the statement, and whether it starts there.
        let end = |at: u32, id: CoverId, starts: bool| {
            u64::from(at) << 32 | u64::from(id.number()) << 1 | u64::from(starts)
        };
        ends.clear();
        for id in statements {
            for (start, stop) in
                model.set(model.statements[id.statement().index()].purposes).ranges()
            {
                ends.extend([end(*start, *id, true), end(*stop, *id, false)]);
            }
        }
        ends.sort_unstable();
        active.clear();
        runs.clear();
        runs.push(Run { start: 0, outcome: DENY });
        let mut ends = ends.iter().peekable();
        while let Some(end) = ends.next() {
            let (at, id) = ((end >> 32) as u32, CoverId::from_number(*end as u32 >> 1));
            switch(active, id, end & 1 == 1);
            let goes_on = ends.peek().is_some_and(|next| (*next >> 32) as u32 == at);
            if goes_on || at == purposes.len() {
                continue;
            }
            work.add(4 * (active.len() as u64 + 1))?;
            let outcome = if active.is_empty() { DENY } else { outcomes.of_point(active)? };
            push_run(runs, at, outcome);
        }
        Ok(())
    }

    /// The line whose entry for each purpose joins those of everything at or below it, from the runs in
    /// `buffers.runs`.
    fn fold(&mut self) -> Result<LineId, TooLarge> {
        let Self { outcomes, work, purposes, groups, buffers, .. } = self;
        let Buffers { runs, cells, different, .. } = buffers;
        let count = purposes.len();
        work.add(u64::from(count))?;
        cells.clear();
        for (i, run) in runs.iter().enumerate() {
            let end = runs.get(i + 1).map_or(count, |next| next.start);
            cells.resize(end as usize, run.outcome);
        }
        for group in groups {
            let own = cells[*group as usize];
            let children = &purposes.nodes[*group as usize].children;
            different.clear();
            for child in children {
                let outcome = cells[*child as usize];
                if outcome != own && different.last() != Some(&outcome) {
                    different.push(outcome);
                }
            }
            if !different.is_empty() {
                different.push(own);
                cells[*group as usize] = outcomes.meet_all(different)?;
            }
        }
        runs.clear();
        for (at, outcome) in cells.iter().enumerate() {
            push_run(runs, at as u32, *outcome);
        }
        if runs.is_empty() {
            return Ok(NOTHING); // there are no purposes
        }
        Ok(self.slices.intern(runs))
    }

    /// The line of asking about all of these lines' categories or parties together. Changes the list.
    pub(super) fn meet_all(&mut self, all: &mut Vec<LineId>) -> Result<LineId, TooLarge> {
        sort_and_dedup(all);
        while all.len() > 1 {
            let parts = all.len().div_ceil(JOINED_AT_ONCE);
            for part in 0..parts {
                let start = part * JOINED_AT_ONCE;
                let end = all.len().min(start + JOINED_AT_ONCE);
                all[part] = self.meet(&all[start..end])?;
            }
            all.truncate(parts);
            sort_and_dedup(all);
        }
        Ok(all.first().copied().unwrap_or(NOTHING))
    }

    /// The line of a sorted list of lines without duplicates.
    fn meet(&mut self, all: &[LineId]) -> Result<LineId, TooLarge> {
        if let [one] = all {
            return Ok(*one);
        }
        if let Some(line) = self.joins.get(all) {
            return Ok(line);
        }
        let Self { slices, outcomes, work, buffers, .. } = self;
        let Buffers { runs, different, .. } = buffers;
        let mut rest: Vec<&[Run]> = all.iter().map(|line| slices.get(*line)).collect();
        runs.clear();
        let mut at = 0;
        loop {
            work.add(rest.len() as u64)?;
            let mut next = u32::MAX;
            different.clear();
            for runs in &mut rest {
                if let [_, second, ..] = runs
                    && second.start == at
                {
                    *runs = &runs[1..];
                }
                if let [_, second, ..] = runs {
                    next = next.min(second.start);
                }
                different.extend(runs.first().map(|run| run.outcome));
            }
            push_run(runs, at, outcomes.meet_all(different)?);
            if next == u32::MAX {
                break;
            }
            at = next;
        }
        let line = slices.intern(runs);
        self.joins.insert(all, line);
        Ok(line)
    }

    /// Frees what is only needed to add lines.
    pub(super) fn freeze(&mut self) {
        self.swept = Slices::default();
        self.of_swept = IdVec::default();
        self.joins = Joins::default();
        self.buffers = Buffers::default();
        self.slices.freeze();
        self.outcomes.freeze();
    }
}

/// Adds an id to a sorted list, or removes it.
pub(super) fn switch<I: Ord>(active: &mut Vec<I>, id: I, starts: bool) {
    match active.binary_search(&id) {
        Err(place) if starts => active.insert(place, id),
        Ok(place) if !starts => drop(active.remove(place)),
        _ => {}
    }
}

fn push_run(runs: &mut Vec<Run>, start: u32, outcome: OutcomeId) {
    if runs.last().is_some_and(|last| last.start == start) {
        runs.pop(); // a run of no length: the sweep starts with one
    }
    if runs.last().is_none_or(|last| last.outcome != outcome) {
        runs.push(Run { start, outcome });
    }
}
