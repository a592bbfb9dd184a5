//! The sections of an image as typed slices, and the look-ups that a decision is made of.
//!
//! Every access is checked. What is out of range denies or is empty: it happens for ids of another
//! policy and for forged images alone, since [`compile`](super::compile) writes what is read here. That
//! no answer takes long is what [`verify`](super::verify) is about.

use super::image::{ArtifactError, Image, Sections};
use super::names::{NameTable, Slot};
use super::once::Once;
use super::patterns::{PatternRecord, Patterns, TrieNode};
use crate::words::Hierarchy;
use std::ops::Range;

/// A cell's kind, in its low two bits.
pub(crate) const DENY: u32 = 0;
/// See [`DENY`].
pub(crate) const CONDITIONAL: u32 = 1;
/// See [`DENY`].
pub(crate) const ALLOW: u32 = 2;
/// As [`CONDITIONAL`], with one term in the first word, which stands before the outcome.
pub(crate) const SIMPLE: u32 = 3;
/// The cell of a question that nothing permits and no `never` touches.
pub(crate) const DENY_CELL: u32 = 0;
/// The kind of a statement that neither permits nor forbids: Permit is 0, Never is 1.
const REQUIRE: u32 = 2;
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

/// The runs of one line, or of a part of one: the columns where up to [`FAN`] of them start, ascending
/// and padded with the greatest number, then what is behind them, from the low bits up: a kind of two
/// bits for each, and the place of their cells. With [`INNER`], a place in the lines instead, where a
/// line for each start goes on from there.
pub(crate) type Line = [u64; 5];
/// Runs of one line are compared all at once: as many as two SIMD registers hold.
pub(crate) const FAN: usize = 16;
/// See [`Line`].
pub(crate) const INNER: u64 = 1 << 63;
/// Kinds to a word.
pub(crate) const KINDS: u32 = 32;
/// A line of `u16` columns, two starts to a part at the least, is no deeper.
const DEEPEST: usize = 16;

/// A name's value: a node and its class.
pub(crate) fn value_of(node: u32, class: u32) -> u64 {
    u64::from(class) << 32 | u64::from(node)
}

/// The tables of one policy.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'a> {
    pub(super) columns: u32,
    kinds: &'a [u64],
    cells: &'a [u32],
    pub(super) lines: &'a [Line],
    /// The cells behind kinds: of the lines' runs, or all of them.
    behind: &'a [u32],
    pub(crate) outcomes: &'a [u32],
    pub(crate) terms: &'a [[u64; 3]],
    pub(crate) duties: &'a [u32],
    pub(crate) conditions: &'a [[u32; 4]],
    pub(crate) programs: &'a [u32],
    meta: &'a [u32],
    text: &'a str,
    pub(super) nodes: [&'a [NodeRecord]; 4],
    names: [NameTable<'a>; 4],
    pub(super) lists: &'a [u32],
    pub(super) sets: &'a [[u32; 2]],
    set_of_statement: &'a [u32],
    pub(super) patterns: Patterns<'a>,
    touching: &'a [u32],
    statements: &'a [StatementRecord],
    files: &'a [[u32; 2]],
    sections: &'a [[u32; 4]],
    duty_names: &'a [[u32; 2]],
    pub(super) facts: &'a [FactRecord],
    facts_by_name: &'a [u32],
    pub(super) choices: &'a [[u32; 2]],
    pub(super) atoms: &'a [[u64; 3]],
}

impl<'a> Tables<'a> {
    /// The tables of an image whose checksum is right. O(1) but for the text, which must be UTF-8, and
    /// what [`verify`](super::verify) looks at.
    pub(crate) fn open(image: &'a Image) -> Result<Self, ArtifactError> {
        let mut sections = Sections::new(image.bytes());
        let meta: &[u32] = sections.next()?;
        let text = std::str::from_utf8(sections.next()?)
            .map_err(|_| ArtifactError::Malformed("its text is not UTF-8"))?;
        if meta.len() != 19 {
            return Err(ArtifactError::Malformed("its description has another length"));
        }
        let nodes = [sections.next()?, sections.next()?, sections.next()?, sections.next()?];
        let mut names = [NameTable::new(0, &[], &[], &[]); 4];
        // Written for categories, methods, purposes and recipients, as the nodes are.
        for (i, table) in names.iter_mut().enumerate() {
            let seed = u64::from(meta[11 + 2 * i]) | u64::from(meta[12 + 2 * i]) << 32;
            let pilots: &[u32] = sections.next()?;
            let slots: &[Slot] = sections.next()?;
            *table = NameTable::new(seed, pilots, slots, text.as_bytes());
        }
        let lists = sections.next()?;
        let sets = sections.next()?;
        let set_of_statement = sections.next()?;
        let trie: &[TrieNode] = sections.next()?;
        let pattern_lists = sections.next()?;
        let records: &[PatternRecord] = sections.next()?;
        let exceptions = sections.next()?;
        let patterns = Patterns { nodes: trie, lists: pattern_lists, records, exceptions, text };
        let tables = Self {
            columns: meta[2],
            meta,
            text,
            nodes,
            names,
            lists,
            sets,
            set_of_statement,
            patterns,
            touching: sections.next()?,
            kinds: sections.next()?,
            cells: sections.next()?,
            lines: sections.next()?,
            behind: sections.next()?,
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
        sections.end()?;
        tables.verify()?;
        Ok(tables)
    }

    // ── The path of a decision ──────────────────────────────────────────────────────────────────

    /// The kind of a question's cell, where kinds are stored whole: at the sum of its classes.
    #[inline(always)]
    pub(crate) fn kind_at(&self, sum: u64) -> Option<u32> {
        let (word, kind) = (sum / u64::from(KINDS), sum % u64::from(KINDS));
        let kinds = self.kinds.get(usize::try_from(word).ok()?)?;
        Some((kinds >> (kind * 2)) as u32 & 3)
    }

    /// The cell of a question, where cells are stored whole: at the sum of its classes.
    #[inline(always)]
    pub(crate) fn cell_at(&self, sum: u64) -> Option<u32> {
        self.cells.get(usize::try_from(sum).ok()?).copied()
    }

    /// The same where kinds are stored by line: of the classes of a question's category and act the
    /// sum says which.
    #[inline(never)]
    pub(crate) fn kind_in_line(&self, line: u32, column: u32) -> u32 {
        let (run, behind) = self.run(line, column);
        (behind >> (2 * run)) as u32 & 3
    }

    /// The cell of a question, however the table is stored.
    pub(crate) fn cell(&self, mut line: u32, column: u32) -> u32 {
        if let Some(cell) = self.cell_at(u64::from(line) + u64::from(column)) {
            return cell;
        }
        if !self.kinds.is_empty() {
            if self.lines.is_empty() {
                let at = line.wrapping_add(column) as usize;
                return self.behind.get(at).copied().unwrap_or(DENY_CELL);
            }
            line /= self.columns.max(1);
        }
        let (run, behind) = self.run(line, column);
        let at = (behind >> 32) as usize + run;
        self.behind.get(at).copied().unwrap_or(DENY_CELL)
    }

    /// Which run of a line's part a column is in, and what is behind the part's starts. They ascend
    /// from one that is at most the column: counting those up to it finds the run without a branch.
    /// What is out of range denies. A table with lines has at most MAX_COLUMNS columns, which was checked
    /// when loading.
    #[inline(always)]
    fn run(&self, line: u32, column: u32) -> (usize, u64) {
        let mut at = line as usize;
        for _ in 0..DEEPEST {
            let Some([starts @ .., behind]) = self.lines.get(at) else { break };
            if column >= self.columns {
                break;
            }
            let run = upto(*starts, column).wrapping_sub(1) % FAN;
            if behind & INNER == 0 {
                return (run, *behind);
            }
            at = ((behind & !INNER) >> 32) as usize + run;
        }
        (0, u64::from(u32::MAX) << 32)
    }

    /// The masks of yes and of no of a cell of kind SIMPLE.
    #[inline]
    pub(crate) fn masks_of(&self, cell: u32) -> Option<[u64; 2]> {
        let at = (cell >> 2) as usize;
        let masks: [u32; 4] = *self.outcomes.get(at.wrapping_sub(4)..at)?.first_chunk()?;
        Some(bytemuck::cast(masks))
    }

    /// Where the terms of a cell of kind CONDITIONAL start, and the terms; `None` if it is evaluated by
    /// its statements.
    #[inline]
    pub(crate) fn terms_of(&self, cell: u32) -> Option<(u32, &'a [[u64; 3]])> {
        let at = (cell >> 2) as usize;
        let [start, length] = *self.outcomes.get(at.wrapping_sub(2)..at)?.first_chunk()?;
        Some((start, self.terms.get(span(start, length))?))
    }

    // ── What is behind a cell ───────────────────────────────────────────────────────────────────

    /// The parts of an outcome: what is behind its offset.
    fn outcome(&self, cell: u32) -> &'a [u32] {
        self.outcomes.get((cell >> 2) as usize..).unwrap_or(&[])
    }

    /// The duties of an allowed or conditional cell, unless `once` has read them: (condition, duties,
    /// days).
    pub(crate) fn duties_of(
        &self,
        cell: u32,
        once: &mut Once,
    ) -> impl Iterator<Item = (u32, u64, u32)> + use<'a> {
        let entries = match self.outcome(cell) {
            [duties, ..] if cell & 3 != DENY => self.duty_list(*duties, once),
            _ => &[],
        };
        entries.iter().map(|[condition, low, high, days]| {
            (*condition, u64::from(*low) | u64::from(*high) << 32, *days)
        })
    }

    fn duty_list(&self, at: u32, once: &mut Once) -> &'a [[u32; 4]] {
        let list = self.duties.get(at as usize..).and_then(<[u32]>::split_first);
        let Some((length, entries)) = list else { return &[] };
        let entries = entries.as_chunks::<4>().0.get(..*length as usize).unwrap_or(&[]);
        if once.reads(at, entries.len() * 4) { entries } else { &[] }
    }

    /// The nevers of a cell that is denied whatever the facts, unless `once` has read them.
    pub(crate) fn nevers_of(&self, cell: u32, once: &mut Once) -> &'a [u32] {
        let nevers = counted(self.outcome(cell)).unwrap_or(&[]);
        if once.reads(cell >> 2, nevers.len()) { nevers } else { &[] }
    }

    /// Visits the statements that cover each point of a cell that is not denied outright; of those points
    /// that `once` has not read.
    pub(crate) fn points_of(&self, cell: u32, once: &mut Once, mut visit: impl FnMut(&'a [u32])) {
        let mut point = |cell: u32, once: &mut Once| {
            let statements = match self.outcome(cell) {
                [_, 1, statements @ ..] => counted(statements).unwrap_or(&[]),
                _ => &[], // no point: nothing permits it
            };
            if once.reads(cell >> 2, statements.len() + 1) {
                visit(statements);
            }
        };
        let several = match self.outcome(cell) {
            [_, count, points @ ..] if *count > 1 => points.get(..*count as usize),
            _ => None,
        };
        let Some(points) = several else { return point(cell, once) };
        if once.reads(cell >> 2, points.len()) {
            points.iter().for_each(|cell| point(*cell, once));
        }
    }

    // ── Names ───────────────────────────────────────────────────────────────────────────────────

    /// The value of a name: a node and its class, or AMBIGUOUS. Categories are fields here.
    #[inline(always)]
    pub(crate) fn name(&self, hierarchy: Hierarchy, name: &str) -> Option<u64> {
        self.names[hierarchy as usize].get(name)
    }

    /// Visits the value of every `field` statement that maps a name by a pattern, each statement once.
    pub(crate) fn fields_by_pattern(&self, name: &str, mut visit: impl FnMut(u32, u32)) {
        self.patterns.visit(name, |statement| {
            if let Some((number, row)) = self.field_statement(statement) {
                visit(number, row);
            }
        });
    }

    /// Every field name that a look-up knows.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = String> + '_ {
        self.names[Hierarchy::Category as usize].names()
    }

    /// The patterns and exceptions of each `field` statement, and what it maps to: the number of a
    /// category or a set of them, and its class.
    pub(crate) fn field_statements(&self) -> impl Iterator<Item = ([Vec<&str>; 2], u32, u32)> {
        let statements = self.patterns.of_statements().into_iter().enumerate();
        statements.filter_map(|(statement, patterns)| {
            let (number, row) = self.field_statement(statement as u32)?;
            Some((patterns, number, row))
        })
    }

    fn field_statement(&self, statement: u32) -> Option<(u32, u32)> {
        let set = *self.set_of_statement.get(statement as usize)?;
        let [row, list] = *self.sets.get(set as usize)?;
        // A set of one is that category.
        let number = match self.list(list) {
            [one] => *one,
            _ => SET | set,
        };
        Some((number, row))
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

    pub(crate) fn count(&self, hierarchy: Hierarchy) -> u32 {
        self.nodes[hierarchy as usize].len() as u32
    }

    pub(crate) fn node(&self, hierarchy: Hierarchy, node: u32) -> NodeRecord {
        let nothing = [0, 0, 0, 0, NO_NODE, NO_NODE, 0, NO_NODE];
        self.nodes[hierarchy as usize].get(node as usize).copied().unwrap_or(nothing)
    }

    pub(crate) fn path(&self, hierarchy: Hierarchy, node: u32) -> &'a str {
        let [start, length, ..] = self.node(hierarchy, node);
        self.slice([start, length])
    }

    pub(crate) fn label(&self, hierarchy: Hierarchy, node: u32) -> &'a str {
        let [_, _, start, length, ..] = self.node(hierarchy, node);
        self.slice([start, length])
    }

    /// The ranges of a node and everything below it.
    pub(crate) fn below(
        &self,
        hierarchy: Hierarchy,
        node: u32,
    ) -> impl Iterator<Item = Range<u32>> + use<'a> {
        let [.., end, ranges] = self.node(hierarchy, node);
        let (own, list) = match ranges {
            NO_NODE => (Some([node, end]), &[][..]),
            list => (None, self.list(list)),
        };
        ascending(own, list, self.count(hierarchy))
    }

    /// The ranges of the purposes that share a node at or below them with this one.
    pub(crate) fn touching(&self, purpose: u32) -> impl Iterator<Item = Range<u32>> + use<'a> {
        let list = self.touching.get(purpose as usize).map_or(&[][..], |list| self.list(*list));
        ascending(None, list, self.count(Hierarchy::Purpose))
    }

    // ── What is said of statements, facts and duties ────────────────────────────────────────────

    pub(crate) fn slice(&self, [start, length]: [u32; 2]) -> &'a str {
        self.text.get(span(start, length)).unwrap_or("")
    }

    /// The header's entries: 0 name, 1 label, 2 version, 3 controller.
    pub(crate) fn header(&self, entry: usize) -> &'a str {
        self.slice([self.meta[3 + 2 * entry], self.meta[4 + 2 * entry]])
    }

    pub(crate) fn statement_count(&self) -> usize {
        self.statements.len()
    }

    pub(crate) fn statement(&self, id: u32) -> StatementRecord {
        let nothing = [REQUIRE, 0, NO_NODE, 0, NO_NODE, 0, 0, 0]; // which permits nothing
        self.statements.get(id as usize).copied().unwrap_or(nothing)
    }

    pub(crate) fn file(&self, id: u32) -> &'a str {
        self.files.get(id as usize).map_or("", |place| self.slice(*place))
    }

    /// The name and title of a section.
    pub(crate) fn section(&self, id: u32) -> Option<(&'a str, &'a str)> {
        let [a, b, c, d] = *self.sections.get(id as usize)?;
        Some((self.slice([a, b]), self.slice([c, d])))
    }

    pub(crate) fn duty_count(&self) -> u32 {
        self.duty_names.len() as u32
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
        self.facts_by_name.get(at).copied()
    }

    /// The choices of a fact: at most MAX_CHOICES, which was checked when loading.
    pub(crate) fn choices(&self, fact: &FactRecord) -> &'a [[u32; 2]] {
        self.choices.get(span(fact[5], fact[6])).unwrap_or(&[])
    }

    /// The atoms of a fact: (number, test, operand).
    pub(crate) fn atoms(&self, fact: &FactRecord) -> &'a [[u64; 3]] {
        self.atoms.get(span(fact[7], fact[8])).unwrap_or(&[])
    }

    /// How many words of atoms there are.
    pub(crate) fn fact_words(&self) -> usize {
        self.atoms.len().div_ceil(64)
    }

    /// The sizes of the tables, for people: rows, planes, columns, distinct lines' entries.
    pub(crate) fn shape(&self) -> [usize; 4] {
        let [rows, planes, columns] = [0, 1, 2].map(|i| self.meta[i] as usize);
        [rows, planes, columns, self.cells.len() + self.behind.len()]
    }
}

/// How many of these starts are at most the column; both are under 2¹⁵.
///
/// Four at a time in a word: the top bit of each 16 stays where the column, with that bit set, is not
/// below the start.
#[inline(always)]
fn upto(starts: [u64; 4], column: u32) -> usize {
    const ONES: u64 = 0x0001_0001_0001_0001;
    let column = (u64::from(column) * ONES) | (ONES << 15);
    let not_above = starts.map(|start| (column.wrapping_sub(start) >> 15) & ONES);
    (not_above.iter().sum::<u64>().wrapping_mul(ONES) >> 48) as usize
}

/// So many from a place on. What does not fit is beyond every slice.
#[inline(always)]
pub(crate) fn span(start: u32, length: u32) -> Range<usize> {
    start as usize..(start as usize).saturating_add(length as usize)
}

/// Ranges of nodes as they are kept, in a pair each. They ascend and end before `count`: parts of a forged
/// list that do not are left out, so that no node is met twice.
fn ascending<'a>(
    first: Option<[u32; 2]>,
    list: &'a [u32],
    count: u32,
) -> impl Iterator<Item = Range<u32>> + use<'a> {
    let ranges = first.into_iter().chain(list.as_chunks::<2>().0.iter().copied());
    ranges.scan(0, move |done, [start, end]| {
        let start = start.max(*done);
        *done = end.min(count).max(start);
        Some(start..*done)
    })
}

/// A list behind its length.
fn counted(list: &[u32]) -> Option<&[u32]> {
    let (length, rest) = list.split_first()?;
    rest.get(..*length as usize)
}
