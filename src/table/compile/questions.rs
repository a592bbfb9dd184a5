//! What every question of a policy comes to, for analyses of whole policies: the rows, lines and outcomes of
//! the compiler, before anything is laid out.

use super::ids::{CoverId, LineId, ListId, OutcomeId, PointId, RowId};
use super::intern::Slices;
use super::lines::Run;
use super::outcome::Outcome;
use super::rows::Rows;
use super::text::Text;
use crate::diagnostic::Diagnostics;
use crate::model::{ActKind, Found, Hierarchy, Model};
use crate::table::patterns::{Patterns, build};

/// All questions of a policy: a row for each category, a line for each act, method and recipient, an
/// outcome for each purpose. Each is stored once and has an id.
pub(crate) struct Questions<'m> {
    model: &'m Model,
    rows: Rows<'m>,
    of_categories: Vec<RowId>,
}

impl<'m> Questions<'m> {
    /// Takes as long as compiling, except for writing the image.
    ///
    /// # Errors
    /// The policy would not compile.
    pub(crate) fn new(model: &'m Model) -> Result<Self, Diagnostics> {
        let mut rows = Rows::new(model);
        let of_categories = rows.of_categories().map_err(|error| error.into_diagnostics(model))?;
        Ok(Self { model, rows, of_categories })
    }

    /// The row of asking about all of these categories.
    ///
    /// # Errors
    /// The policy would not compile.
    pub(crate) fn row(&mut self, categories: &[u32]) -> Result<RowId, Diagnostics> {
        let mut all: Vec<RowId> =
            categories.iter().map(|node| self.of_categories[*node as usize]).collect();
        self.rows.meet_all(&mut all).map_err(|error| error.into_diagnostics(self.model))
    }

    /// The lines of a row: for `use`, then for each method, then for each recipient.
    pub(crate) fn lines(&self, row: RowId) -> &[LineId] {
        self.rows.get(row)
    }

    /// How many steps the sweeps took, which is about how long compiling takes.
    pub(crate) fn work(&self) -> u64 {
        self.rows.lines.work.steps()
    }

    /// The outcome of a question by its nodes. O(log runs).
    pub(crate) fn outcome(&self, act: ActKind, [category, party, purpose]: [u32; 3]) -> OutcomeId {
        let plane = self.rows.plane(act.party(), party);
        let line = self.rows.get(self.of_categories[category as usize])[plane.index()];
        self.rows.lines.at(line, purpose)
    }

    /// The place in a row of the line of a method or recipient.
    pub(crate) fn plane(&self, hierarchy: Hierarchy, node: u32) -> usize {
        self.rows.plane(Some(hierarchy), node).index()
    }

    /// The runs of a line.
    pub(crate) fn runs(&self, line: LineId) -> &[Run] {
        self.rows.lines.runs(line)
    }

    /// The points of an outcome; `None` if it is denied for all facts.
    pub(crate) fn points(&self, outcome: OutcomeId) -> Option<&[PointId]> {
        match self.rows.lines.outcomes.get(outcome) {
            Outcome::Points(points) => Some(points),
            Outcome::Deny(_) => None,
        }
    }

    /// What covers a point, sorted.
    pub(crate) fn covers(&self, point: PointId) -> &[CoverId] {
        self.rows.lines.outcomes.point(point)
    }
}

/// The `field` statements of a policy, to find those that match a name.
pub(crate) struct FieldIndex<'m> {
    model: &'m Model,
    patterns: build::Built,
    text: Text,
}

impl<'m> FieldIndex<'m> {
    /// O(patterns).
    pub(crate) fn new(model: &'m Model) -> Self {
        let mut text = Text::default();
        let patterns = build::build(&model.fields, |pattern| text.add(pattern));
        Self { model, patterns, text }
    }

    /// The categories that a field's name stands for, sorted: those of all patterns that match it, and
    /// the one that it is a reference to.
    pub(crate) fn categories(&self, name: &str, reference: Found) -> Vec<u32> {
        let mut categories = Vec::new();
        if name.len() > crate::limits::MAX_FIELD_NAME {
            return categories;
        }
        let patterns = Patterns {
            nodes: &self.patterns.nodes,
            lists: &self.patterns.lists,
            records: &self.patterns.records,
            exceptions: &self.patterns.exceptions,
            text: self.text.as_str(),
        };
        patterns.visit(name, |field| {
            categories.extend(&self.model.fields[field.index()].categories);
        });
        if let Found::One(node) = reference {
            categories.push(node);
        }
        categories.sort_unstable();
        categories.dedup();
        categories
    }
}

/// Lists of numbers, each stored once.
#[derive(Default)]
pub(crate) struct Lists(Slices<ListId, u32>);

impl Lists {
    /// The number of a list, which is new or equal to an earlier one.
    pub(crate) fn intern(&mut self, list: &[u32]) -> u32 {
        self.0.intern(list).0
    }

    pub(crate) fn get(&self, id: u32) -> &[u32] {
        self.0.get(ListId(id))
    }
}
