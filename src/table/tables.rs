//! The sections of an image as typed slices, and the look-ups that a decision is made of.
//!
//! Every access is checked. What is out of range denies or is empty: it happens for ids of another
//! policy and for forged images alone, since [`compile`](super::compile) writes what is read here.

use super::image::{ArtifactError, Image, Sections};
use super::names::{NameTable, Slot};
use super::patterns::{Edge, PatternRecord, Patterns, TrieNode};

/// A cell's kind, in its low two bits; the order is that of verdicts.
pub(crate) const CONDITIONAL: u32 = 1;
/// See [`CONDITIONAL`].
pub(crate) const ALLOW: u32 = 2;
/// The cell of a question that nothing permits and no `never` touches.
pub(crate) const DENY_CELL: u32 = 0;
/// In place of a length of terms: the condition is evaluated by its statements.
pub(crate) const GENERAL: u32 = u32::MAX;
/// No retention.
pub(crate) const NO_DAYS: u32 = u32::MAX;
/// No node, no section, no list.
pub(crate) const NO_NODE: u32 = u32::MAX;
/// A name's value: it names several nodes, listed at the offset in the low word.
pub(crate) const AMBIGUOUS: u64 = 1 << 63;
/// A category's number: it is a set of categories that a field maps to.
pub(crate) const SET: u32 = 1 << 31;

/// The operators of a condition's program, in the low two bits; a number above.
pub(crate) const OP_ATOM: u32 = 0;
/// See [`OP_ATOM`].
pub(crate) const OP_NOT: u32 = 1;
/// See [`OP_ATOM`].
pub(crate) const OP_ALL: u32 = 2;
/// See [`OP_ATOM`].
pub(crate) const OP_ANY: u32 = 3;

/// Path (offset, length), label (offset, length), parent, class, end of its range, further ranges.
pub(crate) type NodeRecord = [u32; 8];
/// Kind, name, label, choices (first, number), atoms (first, number), unused.
pub(crate) type FactRecord = [u32; 10];
/// Kind and act, condition, file, line, section, text (offset, length), unused.
pub(crate) type StatementRecord = [u32; 8];

/// A name's value: a node and its class.
pub(crate) fn value_of(node: u32, class: u32) -> u64 {
    u64::from(class) << 32 | u64::from(node)
}

/// The tables of one policy.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'a> {
    planes: usize,
    lines: &'a [u32],
    cells: &'a [u32],
    blocks: &'a [u32],
    runs: &'a [[u64; 2]],
    pub(crate) outcomes: &'a [u32],
    pub(crate) terms: &'a [[u64; 3]],
    duties: &'a [u32],
    pub(crate) conditions: &'a [[u32; 4]],
    pub(crate) programs: &'a [u32],
    meta: &'a [u32],
    text: &'a str,
    nodes: [&'a [NodeRecord]; 4],
    names: [NameTable<'a>; 4],
    lists: &'a [u32],
    sets: &'a [[u32; 2]],
    set_of_statement: &'a [u32],
    patterns: Patterns<'a>,
    touching: &'a [u32],
    statements: &'a [StatementRecord],
    files: &'a [[u32; 2]],
    sections: &'a [[u32; 4]],
    duty_names: &'a [[u32; 2]],
    facts: &'a [FactRecord],
    facts_by_name: &'a [u32],
    choices: &'a [[u32; 2]],
    atoms: &'a [[u64; 3]],
}

impl<'a> Tables<'a> {
    /// The tables of a checked image. O(1) but for the text, which must be UTF-8.
    pub(crate) fn open(image: &'a Image) -> Result<Self, ArtifactError> {
        let mut sections = Sections::new(image.bytes());
        let meta: &[u32] = sections.next()?;
        let text = std::str::from_utf8(sections.next()?)
            .map_err(|_| ArtifactError::Malformed("its text is not UTF-8"))?;
        let (Some(planes), 18) = (meta.first(), meta.len()) else {
            return Err(ArtifactError::Malformed("its description has another length"));
        };
        let nodes = [sections.next()?, sections.next()?, sections.next()?, sections.next()?];
        let mut names = [NameTable { seed: 0, pilots: &[], slots: &[], text: &[] }; 4];
        // Written for categories, methods, purposes and recipients, as the nodes are.
        for (i, table) in names.iter_mut().enumerate() {
            let seed = u64::from(meta[10 + 2 * i]) | u64::from(meta[11 + 2 * i]) << 32;
            let pilots: &[u16] = sections.next()?;
            let slots: &[Slot] = sections.next()?;
            *table = NameTable { seed, pilots, slots, text: text.as_bytes() };
        }
        let lists = sections.next()?;
        let sets = sections.next()?;
        let set_of_statement = sections.next()?;
        let trie: &[TrieNode] = sections.next()?;
        let edges: &[Edge] = sections.next()?;
        let pattern_lists = sections.next()?;
        let records: &[PatternRecord] = sections.next()?;
        let exceptions = sections.next()?;
        let patterns =
            Patterns { nodes: trie, edges, lists: pattern_lists, records, exceptions, text };
        let tables = Self {
            planes: *planes as usize,
            meta,
            text,
            nodes,
            names,
            lists,
            sets,
            set_of_statement,
            patterns,
            touching: sections.next()?,
            lines: sections.next()?,
            cells: sections.next()?,
            blocks: sections.next()?,
            runs: sections.next()?,
            outcomes: sections.next()?,
            duties: sections.next()?,
            terms: sections.next()?,
            conditions: sections.next()?,
            programs: sections.next()?,
            statements: sections.next()?,
            files: sections.next()?,
            sections: sections.next()?,
            duty_names: sections.next()?,
            facts: sections.next()?,
            facts_by_name: sections.next()?,
            choices: sections.next()?,
            atoms: sections.next()?,
        };
        Ok(tables)
    }

    // ── The path of a decision ──────────────────────────────────────────────────────────────────

    /// The cell of a question by its classes. What is out of range denies.
    #[inline]
    pub(crate) fn cell(&self, row: u32, plane: u32, column: u32) -> u32 {
        let at = row as usize * self.planes + plane as usize;
        let Some(line) = self.lines.get(at) else { return DENY_CELL };
        if !self.blocks.is_empty() {
            return self.cell_of_runs(*line, column);
        }
        self.cells.get(*line as usize + column as usize).copied().unwrap_or(DENY_CELL)
    }

    /// The cell where lines are stored as runs.
    fn cell_of_runs(&self, line: u32, column: u32) -> u32 {
        let block = self.blocks.get(line as usize + (column / 64) as usize);
        let Some([bits, start]) = block.and_then(|block| self.runs.get(*block as usize)) else {
            return DENY_CELL;
        };
        let before = bits & (u64::MAX >> (63 - column % 64));
        let run = start + u64::from(before.count_ones()) - 1;
        self.cells.get(run as usize).copied().unwrap_or(DENY_CELL)
    }

    /// The parts of an outcome: what is behind its offset.
    fn outcome(&self, cell: u32) -> &'a [u32] {
        self.outcomes.get((cell >> 2) as usize..).unwrap_or(&[])
    }

    /// The terms of a conditional cell, or `None` if it is evaluated by its statements.
    #[inline]
    pub(crate) fn terms_of(&self, cell: u32) -> Option<&'a [[u64; 3]]> {
        let at = (cell >> 2) as usize;
        let [start, length] = *self.outcomes.get(at.wrapping_sub(2)..at)?.first_chunk()?;
        self.terms.get(start as usize..start as usize + length as usize)
    }

    /// The duties of an allowed or conditional cell: (condition, duties, days).
    pub(crate) fn duties_of(&self, cell: u32) -> impl Iterator<Item = (u32, u64, u32)> + 'a {
        let list = match self.outcome(cell) {
            [duties, ..] if cell & 3 != 0 => self.duties.get(*duties as usize..).unwrap_or(&[]),
            _ => &[],
        };
        let (length, entries) = list.split_first().unwrap_or((&0, &[]));
        let (entries, _) = entries.as_chunks::<4>();
        entries.iter().take(*length as usize).map(|[condition, low, high, days]| {
            (*condition, u64::from(*low) | u64::from(*high) << 32, *days)
        })
    }

    /// The nevers of a cell that is denied whatever the facts.
    pub(crate) fn nevers_of(&self, cell: u32) -> &'a [u32] {
        counted(self.outcome(cell)).unwrap_or(&[])
    }

    /// Visits the statements that cover each point of a cell that is not denied outright.
    pub(crate) fn points_of(&self, cell: u32, mut visit: impl FnMut(&'a [u32])) {
        match self.outcome(cell) {
            [_, 1, statements @ ..] => visit(counted(statements).unwrap_or(&[])),
            [_, rest @ ..] => {
                for point in counted(rest).unwrap_or(&[]) {
                    if let [_, 1, statements @ ..] = self.outcome(*point) {
                        visit(counted(statements).unwrap_or(&[]));
                    }
                }
            }
            [] => {}
        }
    }

    // ── Names ───────────────────────────────────────────────────────────────────────────────────

    /// The value of a name: a node and its class, or AMBIGUOUS. Categories are fields here.
    #[inline]
    pub(crate) fn name(&self, hierarchy: usize, name: &str) -> Option<u64> {
        self.names[hierarchy].get(name)
    }

    /// Visits the value of every `field` statement that maps a name by a pattern.
    pub(crate) fn fields_by_pattern(&self, name: &str, mut visit: impl FnMut(u32, u32)) {
        self.patterns.visit(name, |statement| {
            let set = self.set_of_statement.get(statement as usize).copied().unwrap_or(NO_NODE);
            let Some([row, list]) = self.sets.get(set as usize) else { return };
            // A set of one is that category.
            match self.list(*list) {
                [one] => visit(*one, *row),
                _ => visit(SET | set, *row),
            }
        });
    }

    /// The categories of a category or a set of them.
    pub(crate) fn categories_of(&self, number: u32) -> Vec<u32> {
        if number & SET == 0 {
            return vec![number];
        }
        let set = self.sets.get((number & !SET) as usize);
        set.map_or(Vec::new(), |[_, list]| self.list(*list).to_vec())
    }

    pub(crate) fn list(&self, at: u32) -> &'a [u32] {
        self.lists.get(at as usize..).and_then(counted).unwrap_or(&[])
    }

    pub(crate) fn count(&self, hierarchy: usize) -> u32 {
        self.nodes[hierarchy].len() as u32
    }

    pub(crate) fn node(&self, hierarchy: usize, node: u32) -> NodeRecord {
        let nothing = [0, 0, 0, 0, NO_NODE, NO_NODE, 0, NO_NODE];
        self.nodes[hierarchy].get(node as usize).copied().unwrap_or(nothing)
    }

    pub(crate) fn path(&self, hierarchy: usize, node: u32) -> &'a str {
        let [start, length, ..] = self.node(hierarchy, node);
        self.slice([start, length])
    }

    pub(crate) fn label(&self, hierarchy: usize, node: u32) -> &'a str {
        let [_, _, start, length, ..] = self.node(hierarchy, node);
        self.slice([start, length])
    }

    /// The ranges of a node and everything below it.
    pub(crate) fn below(&self, hierarchy: usize, node: u32) -> Vec<[u32; 2]> {
        let [.., end, ranges] = self.node(hierarchy, node);
        if ranges == NO_NODE {
            return vec![[node, end.min(self.count(hierarchy))]];
        }
        self.list(ranges).as_chunks::<2>().0.to_vec()
    }

    /// The ranges of the purposes that share a node at or below them with this one.
    pub(crate) fn touching(&self, purpose: u32) -> &'a [[u32; 2]] {
        let list = self.touching.get(purpose as usize).map_or(&[][..], |list| self.list(*list));
        list.as_chunks::<2>().0
    }

    // ── What is said of statements, facts and duties ────────────────────────────────────────────

    pub(crate) fn slice(&self, [start, length]: [u32; 2]) -> &'a str {
        self.text.get(start as usize..start as usize + length as usize).unwrap_or("")
    }

    /// The header's entries: 0 name, 1 label, 2 version, 3 controller.
    pub(crate) fn header(&self, entry: usize) -> &'a str {
        self.slice([self.meta[2 + 2 * entry], self.meta[3 + 2 * entry]])
    }

    pub(crate) fn statement_count(&self) -> usize {
        self.statements.len()
    }

    pub(crate) fn statement(&self, id: u32) -> StatementRecord {
        self.statements.get(id as usize).copied().unwrap_or([0, 0, NO_NODE, 0, NO_NODE, 0, 0, 0])
    }

    pub(crate) fn file(&self, id: u32) -> &'a str {
        self.files.get(id as usize).map_or("", |place| self.slice(*place))
    }

    /// The name and title of a section.
    pub(crate) fn section(&self, id: u32) -> Option<(&'a str, &'a str)> {
        let [a, b, c, d] = *self.sections.get(id as usize)?;
        Some((self.slice([a, b]), self.slice([c, d])))
    }

    pub(crate) fn duty(&self, bit: u32) -> &'a str {
        self.duty_names.get(bit as usize).map_or("", |place| self.slice(*place))
    }

    pub(crate) fn facts(&self) -> &'a [FactRecord] {
        self.facts
    }

    /// A fact by its name. O(log facts).
    pub(crate) fn fact_named(&self, name: &str) -> Option<u32> {
        let name_of =
            |id: &u32| self.facts.get(*id as usize).map_or("", |f| self.slice([f[1], f[2]]));
        let at = self.facts_by_name.binary_search_by(|id| name_of(id).cmp(name)).ok()?;
        Some(self.facts_by_name[at])
    }

    pub(crate) fn choices(&self, fact: &FactRecord) -> &'a [[u32; 2]] {
        self.choices.get(fact[5] as usize..(fact[5] + fact[6]) as usize).unwrap_or(&[])
    }

    /// The atoms of a fact: (number, test, operand).
    pub(crate) fn atoms(&self, fact: &FactRecord) -> &'a [[u64; 3]] {
        self.atoms.get(fact[7] as usize..(fact[7] + fact[8]) as usize).unwrap_or(&[])
    }

    /// The fact that an atom asks about.
    pub(crate) fn fact_of_atom(&self, atom: u32) -> Option<u32> {
        let has = |fact: &FactRecord| {
            self.atoms(fact).iter().any(|[number, ..]| *number == u64::from(atom))
        };
        self.facts.iter().position(has).map(|at| at as u32)
    }

    /// How many words of atoms there are.
    pub(crate) fn fact_words(&self) -> usize {
        self.atoms.len().div_ceil(64)
    }

    /// The sizes of the tables, for people: rows, planes, columns, distinct lines' entries.
    pub(crate) fn shape(&self) -> [usize; 4] {
        let rows = self.lines.len().checked_div(self.planes).unwrap_or(0);
        [rows, self.planes, self.meta[1] as usize, self.cells.len()]
    }
}

/// A list behind its length.
fn counted(list: &[u32]) -> Option<&[u32]> {
    let (length, rest) = list.split_first()?;
    rest.get(..*length as usize)
}
