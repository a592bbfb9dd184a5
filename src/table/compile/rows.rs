//! Rows: for one category, its line for `use`, for every method and for every recipient.
//!
//! A row is computed once for all categories that the same selections hold, then folded upwards, so
//! that the row of a category is that of asking about it and everything below it.

use super::TooLarge;
use super::intern::Slices;
use super::lines::{Lines, NOTHING};
use super::outcome::meet_in_pairs;
use crate::model::{ActKind, Hierarchy, Kind, Model, NodeSet, SetId, Tree};
use hashbrown::HashMap;

/// All rows of a policy while it is compiled: lines, that for `use` first, then one for each method,
/// then one for each recipient.
pub(super) struct Rows<'m> {
    model: &'m Model,
    pub(super) lines: Lines<'m>,
    slices: Slices,
    met: HashMap<(u32, u32), u32>,
}

impl<'m> Rows<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let lines = Lines::new(model, model.tree(Hierarchy::Purpose));
        Self { model, lines, slices: Slices::default(), met: HashMap::new() }
    }

    pub(super) fn get(&self, row: u32) -> &[u32] {
        self.slices.get(row)
    }

    /// The row of each category.
    pub(super) fn of_categories(&mut self) -> Result<Vec<u32>, TooLarge> {
        let categories = self.model.tree(Hierarchy::Category);
        let mut rows = self.of_points(categories)?;
        for node in categories.bottom_up() {
            let children = &categories.nodes[*node as usize].children;
            if children.is_empty() {
                continue;
            }
            let mut all: Vec<u32> = children.iter().map(|c| rows[*c as usize]).collect();
            all.push(rows[*node as usize]);
            rows[*node as usize] = self.meet_all(&mut all)?;
        }
        Ok(rows)
    }

    /// The row of asking about several categories together.
    pub(super) fn meet_all(&mut self, all: &mut Vec<u32>) -> Result<u32, TooLarge> {
        let met = meet_in_pairs(all, |a, b| self.meet(a, b))?;
        Ok(met.unwrap_or_else(|| {
            let nothing = vec![NOTHING; self.planes()];
            self.slices.intern(&nothing)
        }))
    }

    fn meet(&mut self, a: u32, b: u32) -> Result<u32, TooLarge> {
        let key = (a.min(b), a.max(b));
        if let Some(met) = self.met.get(&key) {
            return Ok(*met);
        }
        let mut row = self.slices.get(a).to_vec();
        for (plane, line) in row.iter_mut().enumerate() {
            *line = self.lines.meet(*line, self.slices.get(b)[plane])?;
        }
        let met = self.slices.intern(&row);
        self.met.insert(key, met);
        Ok(met)
    }

    pub(super) fn planes(&self) -> usize {
        let count = |hierarchy| self.model.tree(hierarchy).nodes.len();
        1 + count(Hierarchy::Method) + count(Hierarchy::Recipient)
    }

    /// The row of each category by itself, without what is below it.
    fn of_points(&mut self, categories: &Tree) -> Result<Vec<u32>, TooLarge> {
        let mut by_set: HashMap<SetId, Vec<u32>> = HashMap::new();
        for (id, statement) in self.model.statements.iter().enumerate() {
            by_set.entry(statement.categories).or_default().push(id as u32);
        }
        let mut sets: Vec<SetId> = by_set.keys().copied().collect();
        sets.sort_unstable();
        let model = self.model;
        let covering = covering(sets.iter().map(|set| (set.0, model.set(*set))), categories.len());

        let mut rows = Vec::with_capacity(categories.nodes.len());
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        for (count, sets) in covering {
            let row = match known.get(&sets) {
                Some(row) => *row,
                None => {
                    let mut statements: Vec<u32> =
                        sets.iter().flat_map(|set| &by_set[&SetId(*set)]).copied().collect();
                    statements.sort_unstable();
                    let row = self.of_point(&statements);
                    let row =
                        row.map_err(|why| why.with_done(rows.len(), categories.nodes.len()))?;
                    known.insert(sets, row);
                    row
                }
            };
            rows.resize(rows.len() + count as usize, row);
        }
        Ok(rows)
    }

    /// The row of a category that these statements cover.
    fn of_point(&mut self, statements: &[u32]) -> Result<u32, TooLarge> {
        self.lines.work.add(statements.len() as u64)?;
        let model = self.model;
        // `never use` and `require … to use` reach every act; every permit permits use.
        let everywhere = |id: &u32| {
            let statement = &model.statements[*id as usize];
            statement.act == ActKind::Use && statement.kind != Kind::Permit
        };
        let for_use: Vec<u32> = statements
            .iter()
            .copied()
            .filter(|id| everywhere(id) || model.statements[*id as usize].kind == Kind::Permit)
            .collect();
        let line = self.lines.sweep(model, &for_use)?;
        let mut row = vec![self.lines.fold(line)?];
        for act in [ActKind::Collect, ActKind::Share] {
            let Some(hierarchy) = act.party() else { continue };
            let of_act = |id: &u32| everywhere(id) || model.statements[*id as usize].act == act;
            let of_act: Vec<u32> = statements.iter().copied().filter(of_act).collect();
            row.extend(self.of_parties(&of_act, model.tree(hierarchy))?);
        }
        Ok(self.slices.intern(&row))
    }

    /// The lines for each method or each recipient.
    fn of_parties(&mut self, statements: &[u32], parties: &Tree) -> Result<Vec<u32>, TooLarge> {
        let model = self.model;
        let parties_of = |id: u32| model.statements[id as usize].parties;
        let mut sets: Vec<SetId> = statements.iter().filter_map(|id| parties_of(*id)).collect();
        sets.sort_unstable();
        sets.dedup();
        let mut lines = Vec::with_capacity(parties.nodes.len());
        let sets = sets.iter().map(|set| (set.0, model.set(*set)));
        for (count, sets) in covering(sets, parties.len()) {
            let covers =
                |id: &u32| parties_of(*id).is_none_or(|set| sets.binary_search(&set.0).is_ok());
            let statements: Vec<u32> = statements.iter().copied().filter(covers).collect();
            self.lines.work.add(statements.len() as u64 + u64::from(count))?;
            let line = self.lines.sweep(model, &statements)?;
            lines.resize(lines.len() + count as usize, self.lines.fold(line)?);
        }
        for node in parties.bottom_up() {
            let children = &parties.nodes[*node as usize].children;
            let own = lines[*node as usize];
            let mut all: Vec<u32> = children.iter().map(|c| lines[*c as usize]).collect();
            if all.iter().any(|line| *line != own) {
                all.push(own);
                lines[*node as usize] = self.lines.meet_all(&mut all)?;
            }
        }
        Ok(lines)
    }
}

/// Runs of nodes from 0 to before `count` that the same sets hold: (length, ids of the sets, sorted).
/// O(ranges × sets that overlap).
pub(crate) fn covering<'s>(
    sets: impl Iterator<Item = (u32, &'s NodeSet)>,
    count: u32,
) -> Vec<(u32, Vec<u32>)> {
    let mut ends: Vec<(u32, u32, bool)> = Vec::new();
    for (id, set) in sets {
        for (start, end) in set.ranges() {
            ends.push((*start, id, true));
            ends.push((*end, id, false));
        }
    }
    ends.sort_unstable();
    let mut runs = Vec::new();
    let mut active: Vec<u32> = Vec::new();
    let mut done = 0;
    for (at, id, starts) in ends {
        if at > done {
            runs.push((at - done, active.clone()));
            done = at;
        }
        match active.binary_search(&id) {
            Err(place) if starts => active.insert(place, id),
            Ok(place) if !starts => drop(active.remove(place)),
            _ => {}
        }
    }
    if done < count {
        runs.push((count - done, active));
    }
    runs
}
