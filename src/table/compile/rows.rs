//! Rows: the lines of one category, for `use`, for every method and for every recipient.
//!
//! A row is computed once for all categories that the same selections contain, then folded upwards, so the
//! row of a category is that of asking about it and everything below it.

use super::ids::{CoverId, LineId, PlaneId, RowId};
use super::intern::{Joins, Slices};
use super::lines::{Lines, NOTHING, switch};
use super::outcome::sort_and_dedup;
use super::too_large::TooLarge;
use crate::model::{ActKind, Hierarchy, Model, NodeSet, Reach, SetId, Tree};
use crate::table::ids::StatementId;
use hashbrown::HashMap;

/// All rows of a policy while it is compiled: the line for `use`, then one for each method and for any method, then
/// one for each recipient and for any recipient.
pub(super) struct Rows<'m> {
    model: &'m Model,
    pub(super) lines: Lines<'m>,
    slices: Slices<RowId, LineId>,
    joins: Joins<RowId>,
}

impl<'m> Rows<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let lines = Lines::new(model, model.tree(Hierarchy::Purpose));
        Self { model, lines, slices: Slices::default(), joins: Joins::default() }
    }

    /// The lines of a row, by [`PlaneId`].
    pub(super) fn get(&self, row: RowId) -> &[LineId] {
        self.slices.get(row)
    }

    /// How many lines a row has.
    pub(super) fn planes(&self) -> usize {
        let count = |hierarchy| self.model.tree(hierarchy).len_as(hierarchy) as usize;
        1 + count(Hierarchy::Method) + count(Hierarchy::Recipient)
    }

    /// The plane of a method or recipient; without one, that of `use`.
    pub(super) fn plane(&self, hierarchy: Option<Hierarchy>, node: u32) -> PlaneId {
        match hierarchy {
            None => PlaneId(0),
            Some(Hierarchy::Recipient) => {
                PlaneId(1 + self.model.tree(Hierarchy::Method).len_as(Hierarchy::Method) + node)
            }
            Some(_) => PlaneId(1 + node),
        }
    }

    /// The row of each category.
    pub(super) fn of_categories(&mut self) -> Result<Vec<RowId>, TooLarge> {
        let categories = self.model.tree(Hierarchy::Category);
        let mut rows = self.of_points(categories)?;
        for node in categories.bottom_up() {
            let children = &categories.nodes[*node as usize].children;
            if children.is_empty() {
                continue;
            }
            let mut all: Vec<RowId> = children.iter().map(|c| rows[*c as usize]).collect();
            all.push(rows[*node as usize]);
            rows[*node as usize] = self.meet_all(&mut all)?;
        }
        Ok(rows)
    }

    /// The row of asking about several categories together. Changes the list.
    pub(super) fn meet_all(&mut self, all: &mut Vec<RowId>) -> Result<RowId, TooLarge> {
        sort_and_dedup(all);
        match all.as_slice() {
            [] => return Ok(self.slices.intern(&vec![NOTHING; self.planes()])),
            [one] => return Ok(*one),
            _ => {}
        }
        if let Some(row) = self.joins.get(all) {
            return Ok(row);
        }
        let mut row = Vec::with_capacity(self.planes());
        let mut lines = Vec::new();
        for plane in 0..self.planes() {
            lines.clear();
            lines.extend(all.iter().map(|row| self.slices.get(*row)[plane]));
            row.push(self.lines.meet_all(&mut lines)?);
        }
        let row = self.slices.intern(&row);
        self.joins.insert(all, row);
        Ok(row)
    }

    /// Frees what is only needed to add rows.
    pub(super) fn freeze(&mut self) {
        self.joins = Joins::default();
        self.slices.freeze();
        self.lines.freeze();
    }

    /// The row of each category by itself, without what is below it.
    fn of_points(&mut self, categories: &Tree) -> Result<Vec<RowId>, TooLarge> {
        let mut by_set: HashMap<SetId, Vec<CoverId>> = HashMap::new();
        for (id, statement) in self.model.statements.iter().enumerate() {
            let id = StatementId(id as u32);
            by_set.entry(statement.required).or_default().push(CoverId::new(id, false));
            if let Some(optional) = statement.optional {
                by_set.entry(optional).or_default().push(CoverId::new(id, true));
            }
        }
        let mut sets: Vec<SetId> = by_set.keys().copied().collect();
        sets.sort_unstable();
        let model = self.model;
        let sets = sets.iter().map(|set| (*set, model.set(*set)));

        let mut rows = Vec::with_capacity(categories.nodes.len());
        let mut known: HashMap<Vec<SetId>, RowId> = HashMap::new();
        let mut statements = Vec::new();
        each_run(sets, categories.len(), |count, sets| {
            let row = match known.get(sets) {
                Some(row) => *row,
                None => {
                    statements.clear();
                    statements.extend(sets.iter().flat_map(|set| &by_set[set]));
                    statements.sort_unstable();
                    let row = self.of_point(&statements);
                    let all = categories.nodes.len();
                    let row = row.map_err(|error| error.with_done(rows.len(), all))?;
                    known.insert(sets.to_vec(), row);
                    row
                }
            };
            rows.resize(rows.len() + count as usize, row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The row of a category that these statements cover.
    fn of_point(&mut self, statements: &[CoverId]) -> Result<RowId, TooLarge> {
        self.lines.work.add(statements.len() as u64)?;
        let mut row = Vec::with_capacity(self.planes());
        for act in [ActKind::Use, ActKind::Collect, ActKind::Share] {
            self.lines_of_act(act, statements, &mut row)?;
        }
        Ok(self.slices.intern(&row))
    }

    /// The lines of an act: one for `use`, or one for each method or recipient.
    fn lines_of_act(
        &mut self,
        act: ActKind,
        statements: &[CoverId],
        row: &mut Vec<LineId>,
    ) -> Result<(), TooLarge> {
        let Self { model, lines, .. } = self;
        let Some(hierarchy) = act.party() else {
            let reaches = |id: &&CoverId| {
                model.statements[id.statement().index()].reaches(act) != Reach::Nothing
            };
            let statements: Vec<CoverId> = statements.iter().filter(reaches).copied().collect();
            row.push(lines.of_statements(&statements)?);
            return Ok(());
        };
        let parties = model.tree(hierarchy);
        let count = parties.len_as(hierarchy);
        let all = NodeSet::all(count);
        let reached = statements.iter().filter_map(|id| {
            match model.statements[id.statement().index()].reaches(act) {
                Reach::Nothing => None,
                Reach::Parties(set) => Some((*id, model.set(set))),
                Reach::All => Some((*id, &all)),
            }
        });
        let first = row.len();
        each_run(reached, count, |count, statements| {
            lines.work.add(statements.len() as u64 + u64::from(count))?;
            let line = lines.of_statements(statements)?;
            row.resize(row.len() + count as usize, line);
            Ok(())
        })?;
        fold(lines, parties, &mut row[first..])
    }
}

/// Joins the lines of each method or recipient with those of everything below it. The last is "any", which is above
/// all.
fn fold(lines: &mut Lines<'_>, parties: &Tree, of_nodes: &mut [LineId]) -> Result<(), TooLarge> {
    let mut all = Vec::new();
    for node in parties.bottom_up() {
        let children = &parties.nodes[*node as usize].children;
        let own = of_nodes[*node as usize];
        all.clear();
        all.extend(children.iter().map(|child| of_nodes[*child as usize]));
        if all.iter().any(|line| *line != own) {
            all.push(own);
            of_nodes[*node as usize] = lines.meet_all(&mut all)?;
        }
    }
    let any = parties.any() as usize;
    let roots = (0..any).filter(|node| parties.nodes[*node].parent.is_none());
    all.clear();
    all.extend(roots.map(|root| of_nodes[root]).chain([of_nodes[any]]));
    of_nodes[any] = lines.meet_all(&mut all)?;
    Ok(())
}

/// Visits the runs of nodes from 0 to before `count` that are in the same sets: the length of each, and the
/// sorted ids of the sets. O(ranges × sets that overlap).
fn each_run<'s, I: Copy + Ord>(
    sets: impl Iterator<Item = (I, &'s NodeSet)>,
    count: u32,
    mut visit: impl FnMut(u32, &[I]) -> Result<(), TooLarge>,
) -> Result<(), TooLarge> {
    let mut ends: Vec<(u32, I, bool)> = Vec::new();
    for (id, set) in sets {
        for (start, end) in set.ranges() {
            ends.extend([(*start, id, true), (*end, id, false)]);
        }
    }
    ends.sort_unstable();
    let mut active: Vec<I> = Vec::new();
    let mut done = 0;
    for (at, id, starts) in ends {
        if at > done {
            visit(at - done, &active)?;
            done = at;
        }
        switch(&mut active, id, starts);
    }
    if done < count {
        visit(count - done, &active)?;
    }
    Ok(())
}

/// The runs of nodes from 0 to before `count` that are in the same sets: the length of each, and the sorted
/// ids of the sets. O(ranges × sets that overlap).
pub(crate) fn covering<'s>(
    sets: impl Iterator<Item = (u32, &'s NodeSet)>,
    count: u32,
) -> Vec<(u32, Vec<u32>)> {
    let mut runs = Vec::new();
    let added = each_run(sets, count, |length, sets| {
        runs.push((length, sets.to_vec()));
        Ok(())
    });
    debug_assert!(added.is_ok(), "adding a run does not fail");
    runs
}
