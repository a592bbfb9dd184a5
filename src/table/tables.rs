//! The sections of an image, and the lookups that a decision consists of.
//!
//! Every access is checked. A number that is out of range denies or is empty. This happens only for ids of
//! another policy and for forged images, since [`compile`](super::compile) writes what is read here.
//! [`verify`](super::verify) explains why no answer takes long.

use super::ids::{
    ClassOffset, ConditionId, FactId, FileId, ListAt, NodeId, RetentionId, SectionId, StatementId,
};
use super::image::{ArtifactError, Image, Reader};
use super::names::NameTable;
use super::once::Once;
use super::patterns::Patterns;
use super::schema::{
    AtomRecord, CategorySet, DENY, DENY_CELL, Description, DutyRecord, FAN, FactRecord, KINDS,
    LimitRecord, LinePart, NO_MASK, NameValue, Named, NodeRecord, SET, SectionRecord, Sections,
    Span, StatementRecord, Term, TextSpan,
};
use crate::words::{Hierarchy, Mask};
use std::ops::Range;

/// A line of `u16` columns, with at least two starts in a part, is no deeper.
const DEEPEST: usize = 16;

/// So many names are compared one by one: faster than a search among them.
const FEW_FACTS: usize = 16;

/// The tables of one policy.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'a> {
    pub(crate) sections: Sections<'a>,
    pub(super) columns: u32,
    description: &'a Description,
    text: &'a str,
    pub(super) nodes: [&'a [NodeRecord]; 4],
    names: [NameTable<'a>; 4],
    pub(super) patterns: Patterns<'a>,
}

impl<'a> Tables<'a> {
    /// The tables of an image whose checksum is right. O(text), which must be UTF-8, and the checks of
    /// [`verify`](super::verify).
    pub(crate) fn open(image: &'a Image) -> Result<Self, ArtifactError> {
        let sections = Sections::read(Reader::new(image.bytes()))?;
        let [description] = sections.description else {
            return Err(ArtifactError::Malformed("its description has another length"));
        };
        let text = std::str::from_utf8(sections.text)
            .map_err(|_| ArtifactError::Malformed("its text is not UTF-8"))?;
        let tables = Self {
            sections,
            columns: description.columns,
            description,
            text,
            nodes: [
                sections.category_nodes,
                sections.method_nodes,
                sections.purpose_nodes,
                sections.recipient_nodes,
            ],
            names: name_tables(&sections, description),
            patterns: Patterns {
                nodes: sections.trie,
                lists: sections.pattern_lists,
                records: sections.patterns,
                exceptions: sections.exceptions,
                text,
            },
        };
        tables.verify()?;
        Ok(tables)
    }

    // ── The path of a decision ──────────────────────────────────────────────────────────────────

    /// The kind of a question's cell, if all kinds are stored: at the sum of its classes.
    #[inline(always)]
    pub(crate) fn kind_at(&self, sum: u64) -> Option<u32> {
        let (word, kind) = (sum / u64::from(KINDS), sum % u64::from(KINDS));
        let kinds = self.sections.kinds.get(usize::try_from(word).ok()?)?;
        Some((kinds >> (kind * 2)) as u32 & 3)
    }

    /// The cell of a question, if all cells are stored: at the sum of its classes.
    #[inline(always)]
    pub(crate) fn cell_at(&self, sum: u64) -> Option<u32> {
        self.sections.cells.get(usize::try_from(sum).ok()?).copied()
    }

    /// The kind of a question's cell, if only lines are stored. The sum of the classes of its category and
    /// act is the line.
    #[inline(never)]
    pub(crate) fn kind_in_line(&self, line: u32, column: u32) -> u32 {
        let (run, runs) = self.run(line, column);
        (runs >> (2 * run)) as u32 & 3
    }

    /// The cell of a question, for every layout of the table.
    pub(crate) fn cell(&self, mut line: u32, column: u32) -> u32 {
        if let Some(cell) = self.cell_at(u64::from(line) + u64::from(column)) {
            return cell;
        }
        let Sections { kinds, lines, far_cells, .. } = self.sections;
        if !kinds.is_empty() {
            if lines.is_empty() {
                let at = line.wrapping_add(column) as usize;
                return far_cells.get(at).copied().unwrap_or(DENY_CELL);
            }
            line /= self.columns.max(1);
        }
        let (run, runs) = self.run(line, column);
        let at = (runs >> 32) as usize + run;
        far_cells.get(at).copied().unwrap_or(DENY_CELL)
    }

    /// Which run of a line's part contains a column, and the part's [`runs`](LinePart::runs). The starts
    /// ascend, and the first is at most the column: the number of those up to the column gives the run,
    /// without a branch. A number out of range denies. A table with lines has at most MAX_COLUMNS columns,
    /// which was checked when loading.
    #[inline(always)]
    fn run(&self, line: u32, column: u32) -> (usize, u64) {
        let mut at = line as usize;
        for _ in 0..DEEPEST {
            let Some(LinePart { starts, runs }) = self.sections.lines.get(at) else { break };
            if column >= self.columns {
                break;
            }
            let run = upto(*starts, column).wrapping_sub(1) % FAN;
            if runs & LinePart::INNER == 0 {
                return (run, *runs);
            }
            at = ((runs & !LinePart::INNER) >> 32) as usize + run;
        }
        (0, u64::from(u32::MAX) << 32)
    }

    /// The mask of yes and the mask of no of a cell of kind SIMPLE.
    #[inline]
    pub(crate) fn masks_of(&self, cell: u32) -> Option<[u64; 2]> {
        let at = (cell >> 2) as usize;
        let masks: [u32; 4] = *self.sections.outcomes.get(at.wrapping_sub(4)..at)?.first_chunk()?;
        Some(bytemuck::cast(masks))
    }

    /// Where the terms of a cell of kind CONDITIONAL start, and the terms; `None` if it is evaluated by
    /// its statements.
    #[inline]
    pub(crate) fn terms_of(&self, cell: u32) -> Option<(u32, &'a [Term])> {
        let at = (cell >> 2) as usize;
        let [start, count] = *self.sections.outcomes.get(at.wrapping_sub(2)..at)?.first_chunk()?;
        Some((start, self.sections.terms.get(Span { start, count }.range())?))
    }

    // ── The outcome of a cell ───────────────────────────────────────────────────────────────────

    /// The parts of an outcome: everything from its offset on.
    fn outcome(&self, cell: u32) -> &'a [u32] {
        self.sections.outcomes.get((cell >> 2) as usize..).unwrap_or(&[])
    }

    /// The duties of an allowed or conditional cell, unless `once` has read them.
    pub(crate) fn duties_of(&self, cell: u32, once: &mut Once) -> &'a [DutyRecord] {
        match self.outcome(cell) {
            [duties, ..] if cell & 3 != DENY => self.duty_list(*duties, once),
            _ => &[],
        }
    }

    fn duty_list(&self, at: u32, once: &mut Once) -> &'a [DutyRecord] {
        const WORDS: usize = size_of::<DutyRecord>() / size_of::<u32>();
        let list = self.sections.duties.get(at as usize..).and_then(<[u32]>::split_first);
        let Some((length, rest)) = list else { return &[] };
        let whole = rest.get(..rest.len() / WORDS * WORDS).unwrap_or(&[]);
        let entries: &[DutyRecord] = bytemuck::cast_slice(whole);
        let entries = entries.get(..*length as usize).unwrap_or(&[]);
        if once.reads(at, entries.len() * WORDS) { entries } else { &[] }
    }

    /// The nevers of a cell that is denied for all facts, unless `once` has read them.
    pub(crate) fn nevers_of(&self, cell: u32, once: &mut Once) -> &'a [StatementId] {
        let nevers = counted(self.outcome(cell)).unwrap_or(&[]);
        if once.reads(cell >> 2, nevers.len()) { bytemuck::cast_slice(nevers) } else { &[] }
    }

    /// Visits the statements that cover each point of a cell that some facts allow, except for points that
    /// `once` has read.
    pub(crate) fn points_of(
        &self,
        cell: u32,
        once: &mut Once,
        mut visit: impl FnMut(&'a [StatementId]),
    ) {
        let mut point = |cell: u32, once: &mut Once| {
            let statements = match self.outcome(cell) {
                [_, 1, statements @ ..] => counted(statements).unwrap_or(&[]),
                _ => &[], // no point: nothing permits it
            };
            if once.reads(cell >> 2, statements.len() + 1) {
                visit(bytemuck::cast_slice(statements));
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

    /// The value of a name. The names of categories include those of fields.
    #[inline(always)]
    pub(crate) fn name(&self, hierarchy: Hierarchy, name: &str) -> Option<NameValue> {
        self.names[hierarchy as usize].get(name)
    }

    /// Visits the value of every `field` statement that maps a name by a pattern, each statement once.
    pub(crate) fn fields_by_pattern(&self, name: &str, mut visit: impl FnMut(NodeId, ClassOffset)) {
        self.patterns.visit(name, |field| {
            if let Some((node, class)) = self.field_statement(field.index()) {
                visit(node, class);
            }
        });
    }

    /// Every field name that a lookup finds.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = String> + '_ {
        self.names[Hierarchy::Category as usize].names()
    }

    /// The patterns and exceptions of each `field` statement, and what it maps to: the number of a category
    /// or of a set of categories, and its class.
    pub(crate) fn field_statements(
        &self,
    ) -> impl Iterator<Item = ([Vec<&str>; 2], NodeId, ClassOffset)> {
        let fields = self.patterns.of_statements().into_iter().enumerate();
        fields.filter_map(|(field, patterns)| {
            let (node, class) = self.field_statement(field)?;
            Some((patterns, node, class))
        })
    }

    fn field_statement(&self, field: usize) -> Option<(NodeId, ClassOffset)> {
        let set = *self.sections.set_of_field.get(field)?;
        let CategorySet { class, categories } = *self.sections.category_sets.get(set.index())?;
        let node = match self.list(categories) {
            [one] => NodeId(*one),
            _ => NodeId(SET | set.0),
        };
        Some((node, class))
    }

    /// The categories of a category or of a set of them.
    pub(crate) fn categories_of(&self, node: NodeId) -> Vec<u32> {
        if node.0 & SET == 0 {
            return vec![node.0];
        }
        let set = self.sections.category_sets.get((node.0 & !SET) as usize);
        set.map_or(Vec::new(), |set| self.list(set.categories).to_vec())
    }

    pub(crate) fn list(&self, at: ListAt) -> &'a [u32] {
        self.sections.lists.get(at.index()..).and_then(counted).unwrap_or(&[])
    }

    pub(crate) fn count(&self, hierarchy: Hierarchy) -> u32 {
        self.nodes[hierarchy as usize].len() as u32
    }

    pub(crate) fn node(&self, hierarchy: Hierarchy, node: NodeId) -> NodeRecord {
        self.nodes[hierarchy as usize].get(node.index()).copied().unwrap_or(NodeRecord::NONE)
    }

    /// The path of a node; `*` for "any method" and "any recipient".
    pub(crate) fn path(&self, hierarchy: Hierarchy, node: NodeId) -> &'a str {
        if self.is_any(hierarchy, node) {
            return "*";
        }
        self.slice(self.node(hierarchy, node).path)
    }

    /// Whether a node is "any method" or "any recipient", which has no record.
    pub(crate) fn is_any(&self, hierarchy: Hierarchy, node: NodeId) -> bool {
        hierarchy.has_any() && node.0 == self.count(hierarchy)
    }

    /// The class of a node, of "any" too.
    pub(crate) fn class(&self, hierarchy: Hierarchy, node: NodeId) -> ClassOffset {
        match (self.is_any(hierarchy, node), hierarchy) {
            (false, _) => self.node(hierarchy, node).class,
            (true, Hierarchy::Method) => self.description.any_method,
            (true, _) => self.description.any_recipient,
        }
    }

    /// The ranges of a node and everything below it.
    pub(crate) fn below(
        &self,
        hierarchy: Hierarchy,
        node: NodeId,
    ) -> impl Iterator<Item = Range<u32>> + use<'a> {
        let (record, count) = (self.node(hierarchy, node), self.count(hierarchy));
        if self.is_any(hierarchy, node) {
            return ascending(Some([0, count + 1]), &[], count + 1);
        }
        let (own, list) = match record.ranges.some() {
            None => (Some([node.0, record.end.0]), &[][..]),
            Some(list) => (None, self.list(list)),
        };
        ascending(own, list, count)
    }

    /// The ranges of the purposes that share a node at or below them with this one.
    pub(crate) fn touching(&self, purpose: NodeId) -> impl Iterator<Item = Range<u32>> + use<'a> {
        let list = self.sections.touching.get(purpose.index());
        let list = list.map_or(&[][..], |list| self.list(*list));
        ascending(None, list, self.count(Hierarchy::Purpose))
    }

    // ── Statements, facts and duties ────────────────────────────────────────────────────────────

    pub(crate) fn slice(&self, text: TextSpan) -> &'a str {
        self.text.get(text.range()).unwrap_or("")
    }

    /// The sizes, and the header of the policy.
    pub(crate) fn description(&self) -> &'a Description {
        self.description
    }

    pub(crate) fn statement_count(&self) -> usize {
        self.sections.statements.len()
    }

    pub(crate) fn statement(&self, id: StatementId) -> StatementRecord {
        self.sections.statements.get(id.index()).copied().unwrap_or(StatementRecord::NONE)
    }

    pub(crate) fn file(&self, id: FileId) -> &'a str {
        self.sections.files.get(id.index()).map_or("", |path| self.slice(*path))
    }

    /// The name and title of a section.
    pub(crate) fn section(&self, id: SectionId) -> Option<(&'a str, &'a str)> {
        let SectionRecord { name, title } = *self.sections.sections.get(id.index())?;
        Some((self.slice(name), self.slice(title)))
    }

    /// The names and labels of the duties, legal bases or events.
    pub(crate) fn named(
        &self,
        list: &'a [Named],
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let tables = *self;
        list.iter().map(move |one| (tables.slice(one.name), tables.slice(one.label)))
    }

    /// The mask of these duties together, if one of them has any. A number that no compiler writes hides all.
    pub(crate) fn masks(&self, duties: u64) -> Option<Mask> {
        let owed = (0..64).filter(|bit| duties >> bit & 1 == 1);
        let number = |bit: usize| self.sections.duty_masks.get(bit).copied().unwrap_or(NO_MASK - 1);
        let of = |number: u8| Mask::ALL.get(usize::from(number)).copied();
        let masks = owed.map(number).filter(|number| *number != NO_MASK);
        masks.map(|number| of(number).unwrap_or(Mask::ReplaceWithNull)).reduce(Mask::join)
    }

    /// The names of a list with these bits, in its order.
    pub(crate) fn names_of(
        &self,
        list: &'a [Named],
        mut bits: u64,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let tables = *self;
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros())?;
            bits &= bits - 1;
            Some(list.get(bit as usize).map_or("", |one| tables.slice(one.name)))
        })
    }

    /// The limits of a list: at most MAX_LIMITS, which was checked when loading.
    pub(crate) fn retention(&self, id: RetentionId) -> &'a [LimitRecord] {
        let span = id.some().and_then(|id| self.sections.retentions.get(id.index()));
        span.and_then(|span| self.sections.limits.get(span.range())).unwrap_or(&[])
    }

    /// The name of an event.
    pub(crate) fn event(&self, number: u32) -> &'a str {
        self.sections.event_names.get(number as usize).map_or("", |one| self.slice(one.name))
    }

    pub(crate) fn facts(&self) -> &'a [FactRecord] {
        self.sections.facts
    }

    /// A fact by its name. O(log facts).
    pub(crate) fn fact_named(&self, name: &str) -> Option<&'a FactRecord> {
        let (facts, by_name) = (self.sections.facts, self.sections.facts_by_name);
        if facts.len() <= FEW_FACTS {
            // A length seldom occurs twice, so this compares hardly more than one name.
            let is_named = |fact: &&FactRecord| {
                let range = fact.name.range();
                range.len() == name.len()
                    && self.text.as_bytes().get(range) == Some(name.as_bytes())
            };
            return facts.iter().find(is_named);
        }
        let name_of = |id: &FactId| facts.get(id.index()).map_or("", |fact| self.slice(fact.name));
        let at = by_name.binary_search_by(|id| name_of(id).cmp(name)).ok()?;
        facts.get(by_name.get(at)?.index())
    }

    /// The choices of a fact: at most MAX_CHOICES, which was checked when loading.
    pub(crate) fn choices(&self, fact: &FactRecord) -> &'a [Named] {
        self.sections.choices.get(fact.choices.range()).unwrap_or(&[])
    }

    pub(crate) fn atoms(&self, fact: &FactRecord) -> &'a [AtomRecord] {
        self.sections.atoms.get(fact.atoms.range()).unwrap_or(&[])
    }

    /// How many words of atoms there are.
    pub(crate) fn fact_words(&self) -> usize {
        self.sections.atoms.len().div_ceil(64)
    }

    /// The terms of a condition; `None` if it has too many, and is evaluated by its program.
    pub(crate) fn terms_of_condition(&self, id: ConditionId) -> Option<&'a [Term]> {
        let condition = self.sections.conditions.get(id.index())?;
        self.sections.terms.get(condition.terms.range())
    }

    /// The program of a condition; empty if there is no such condition.
    pub(crate) fn program_of_condition(&self, id: ConditionId) -> &'a [u32] {
        let condition = self.sections.conditions.get(id.index());
        let program = condition.and_then(|c| self.sections.programs.get(c.program.range()));
        program.unwrap_or(&[])
    }

    /// The sizes of the tables, for people: rows, planes, columns, stored cells.
    pub(crate) fn shape(&self) -> [usize; 4] {
        let Description { rows, planes, columns, .. } = *self.description;
        let [rows, planes, columns] = [rows, planes, columns].map(|count| count as usize);
        [rows, planes, columns, self.sections.cells.len() + self.sections.far_cells.len()]
    }
}

fn name_tables<'a>(sections: &Sections<'a>, description: &Description) -> [NameTable<'a>; 4] {
    let table = |hierarchy: Hierarchy, pilots: &'a [u32], slots| {
        let seed = description.seeds[hierarchy as usize].get();
        NameTable::new(seed, pilots, slots, sections.text)
    };
    [
        table(Hierarchy::Category, sections.category_pilots, sections.category_slots),
        table(Hierarchy::Method, sections.method_pilots, sections.method_slots),
        table(Hierarchy::Purpose, sections.purpose_pilots, sections.purpose_slots),
        table(Hierarchy::Recipient, sections.recipient_pilots, sections.recipient_slots),
    ]
}

/// How many of these starts are at most the column; both are under 2¹⁵.
///
/// Four at a time in a word: the top bit of each 16 bits stays set if the column, with that bit set, is not
/// less than the start.
#[inline(always)]
fn upto(starts: [u64; 4], column: u32) -> usize {
    const ONES: u64 = 0x0001_0001_0001_0001;
    let column = (u64::from(column) * ONES) | (ONES << 15);
    let not_above = starts.map(|start| (column.wrapping_sub(start) >> 15) & ONES);
    (not_above.iter().sum::<u64>().wrapping_mul(ONES) >> 48) as usize
}

/// Ranges of nodes, stored as pairs. They ascend and end before `count`: those of a forged list that do not
/// are left out, so no node is met twice.
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

/// A list that follows its length.
fn counted(list: &[u32]) -> Option<&[u32]> {
    let (length, rest) = list.split_first()?;
    rest.get(..*length as usize)
}
