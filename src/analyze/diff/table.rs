//! Both policies' answers to all questions, and the questions that they answer differently.
//!
//! Names that stand for the same row in both policies are one class of categories; a class is compared
//! line by line, and lines are compared once. So the work is that of the distinct answers, not of the
//! questions.

use super::axis::{Axes, Name};
use super::kind::ChangeKind;
use crate::analyze::answers::{Answer, Answers, Comparison, DENIED, OfOutcomes, Words};
use crate::diagnostic::Diagnostics;
use crate::model::{ActKind, Hierarchy};
use crate::table::compile::{Lists, Questions};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What comparing conditions may cost, in tests of facts that are evaluated: some seconds.
const EFFORT: u64 = 500_000_000;

/// All answers of both policies.
pub(super) struct Table<'a, 'm> {
    axes: &'a Axes<'m>,
    pub(super) answers: Answers,
    /// A line: an answer for each purpose.
    lines: Lists,
    /// A row: a line for `use`, each method, each recipient.
    rows: Lists,
    /// The rows of each category in the old and in the new policy.
    of_categories: Vec<[u32; 2]>,
}

/// Questions whose answers changed alike.
pub(super) struct Group {
    pub(super) kind: ChangeKind,
    pub(super) more_permissive: bool,
    pub(super) words: [Words; 2],
    /// Which act: the hierarchy of its methods or recipients.
    pub(super) party: Option<Hierarchy>,
    /// Categories that behave alike.
    pub(super) classes: Vec<Vec<u32>>,
    /// For each class and method or recipient, the purposes.
    pub(super) cells: BTreeMap<(u32, u32), Vec<u32>>,
}

impl<'a, 'm> Table<'a, 'm> {
    pub(super) fn new(axes: &'a Axes<'m>) -> Result<Self, Diagnostics> {
        let mut table = Self {
            axes,
            answers: Answers::new(EFFORT),
            lines: Lists::default(),
            rows: Lists::default(),
            of_categories: vec![[0; 2]; axes.categories.len()],
        };
        for side in 0..2 {
            table.add(side)?;
        }
        Ok(table)
    }

    /// Asks one of the policies everything.
    fn add(&mut self, side: usize) -> Result<(), Diagnostics> {
        let axes = self.axes;
        let model = axes.models[side];
        let mut questions = Questions::new(model)?;
        let mut outcomes = OfOutcomes::new(&mut self.answers, model);
        let node = |name: &Name| name.nodes[side].first().copied();
        let purposes: Vec<Option<u32>> = axes.purposes.iter().map(node).collect();
        let mut planes = vec![(ActKind::Use, Some(0))];
        for (hierarchy, names) in
            [(Hierarchy::Method, &axes.methods), (Hierarchy::Recipient, &axes.recipients)]
        {
            let act = outcomes.alike(ActKind::of_party(Some(hierarchy)));
            let plane = |name| (act, node(name).map(|node| questions.plane(hierarchy, node)));
            planes.extend(names.iter().map(plane));
        }
        let nothing = self.lines.intern(&vec![DENIED; purposes.len()]);
        let denied = self.rows.intern(&vec![nothing; planes.len()]);
        let (mut lines, mut rows) = (HashMap::new(), HashMap::new());
        let mut expanded = vec![DENIED; model.tree(Hierarchy::Purpose).nodes.len()];
        for (at, name) in axes.categories.iter().enumerate() {
            if name.nodes[side].is_empty() {
                self.of_categories[at][side] = denied;
                continue;
            }
            let row = questions.row(&name.nodes[side])?;
            if let Some(known) = rows.get(&row) {
                self.of_categories[at][side] = *known;
                continue;
            }
            let mut here = Vec::with_capacity(planes.len());
            for (act, plane) in &planes {
                let Some(plane) = plane else {
                    here.push(nothing);
                    continue;
                };
                let line = questions.lines(row)[*plane];
                let known = lines.entry((*act, line)).or_insert_with(|| {
                    let mut runs = questions.runs(line).iter().peekable();
                    while let Some(run) = runs.next() {
                        let end = runs.peek().map_or(expanded.len(), |next| next.start as usize);
                        let asked = (*act, run.outcome);
                        let answer = outcomes.answer(&mut self.answers, model, &questions, asked);
                        expanded[run.start as usize..end].fill(answer);
                    }
                    let asked = purposes.iter();
                    let asked = asked.map(|p| p.map_or(DENIED, |node| expanded[node as usize]));
                    self.lines.intern(&asked.collect::<Vec<_>>())
                });
                here.push(*known);
            }
            let known = self.rows.intern(&here);
            rows.insert(row, known);
            self.of_categories[at][side] = known;
        }
        Ok(())
    }

    /// The facts under which a question has different answers.
    pub(super) fn witness(
        &self,
        party: Option<Hierarchy>,
        [category, number, purpose]: [u32; 3],
    ) -> Vec<String> {
        let plane = match party {
            None => 0,
            Some(Hierarchy::Method) => 1 + number as usize,
            Some(_) => 1 + self.axes.methods.len() + number as usize,
        };
        let [old, new] = self.of_categories[category as usize]
            .map(|row| self.lines.get(self.rows.get(row)[plane])[purpose as usize]);
        self.answers.witness(old, new)
    }

    /// All questions that the policies answer differently, those together that changed alike.
    pub(super) fn changes(&mut self) -> Vec<Group> {
        let mut classes: BTreeMap<[u32; 2], Vec<u32>> = BTreeMap::new();
        for (at, rows) in self.of_categories.iter().enumerate().filter(|(_, r)| r[0] != r[1]) {
            classes.entry(*rows).or_default().push(at as u32);
        }
        let methods = self.axes.methods.len() as u32;
        let mut finder = Finder::default();
        let mut groups: BTreeMap<(Option<Hierarchy>, u32), Group> = BTreeMap::new();
        for ([old, new], categories) in classes {
            let planes = self.rows.get(old).len() as u32;
            for plane in 0..planes {
                let lines = [old, new].map(|row| self.rows.get(row)[plane as usize]);
                let (party, number) = match plane {
                    0 => (None, 0),
                    plane if plane <= methods => (Some(Hierarchy::Method), plane - 1),
                    plane => (Some(Hierarchy::Recipient), plane - 1 - methods),
                };
                for (kind, purposes) in finder.line(&mut self.answers, &self.lines, lines).iter() {
                    let group = groups
                        .entry((party, *kind))
                        .or_insert_with(|| finder.kinds[*kind as usize].group(party));
                    if group.classes.last() != Some(&categories) {
                        group.classes.push(categories.clone());
                    }
                    let class = group.classes.len() as u32 - 1;
                    group.cells.insert((class, number), purposes.clone());
                }
            }
        }
        groups.into_values().collect()
    }
}

/// How a pair of answers differs, as it is reported.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Told {
    kind: ChangeKind,
    more_permissive: bool,
    words: [Words; 2],
}

impl Told {
    fn group(&self, party: Option<Hierarchy>) -> Group {
        let Self { kind, more_permissive, words } = self.clone();
        let (classes, cells) = (Vec::new(), BTreeMap::new());
        Group { kind, more_permissive, words, party, classes, cells }
    }
}

/// The kinds of changes on a line, each with its purposes.
type Changes = Rc<[(u32, Vec<u32>)]>;

#[derive(Default)]
struct Finder {
    kinds: Vec<Told>,
    ids: HashMap<Told, u32>,
    pairs: HashMap<[Answer; 2], Option<u32>>,
    words: HashMap<Answer, Words>,
    lines: HashMap<[u32; 2], Changes>,
}

impl Finder {
    /// The kinds of changes on a line, each with its purposes.
    fn line(&mut self, answers: &mut Answers, lines: &Lists, pair: [u32; 2]) -> Changes {
        if let Some(known) = self.lines.get(&pair) {
            return Rc::clone(known);
        }
        let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let [old, new] = pair.map(|line| lines.get(line));
        for (purpose, (old, new)) in old.iter().zip(new).enumerate() {
            if let Some(kind) = self.kind(answers, [*old, *new]) {
                found.entry(kind).or_default().push(purpose as u32);
            }
        }
        let found: Changes = found.into_iter().collect();
        self.lines.insert(pair, Rc::clone(&found));
        found
    }

    fn kind(&mut self, answers: &mut Answers, pair: [Answer; 2]) -> Option<u32> {
        if pair[0] == pair[1] {
            return None;
        }
        if let Some(known) = self.pairs.get(&pair) {
            return *known;
        }
        let comparison = answers.compare(pair[0], pair[1]);
        let kind = (!comparison.is_same()).then(|| {
            let words = pair.map(|answer| {
                self.words.entry(answer).or_insert_with(|| answers.words(answer)).clone()
            });
            let told = Told {
                kind: kind_of(comparison),
                more_permissive: comparison.is_more_permissive() || comparison.undecided,
                words,
            };
            let next = self.kinds.len() as u32;
            let id = *self.ids.entry(told.clone()).or_insert(next);
            if id == next {
                self.kinds.push(told);
            }
            id
        });
        self.pairs.insert(pair, kind);
        kind
    }
}

fn kind_of(comparison: Comparison) -> ChangeKind {
    match comparison {
        Comparison { undecided: true, .. } => ChangeKind::Undecided,
        Comparison { gained: true, lost: true, .. } => ChangeKind::Shifted,
        Comparison { gained: true, .. } => ChangeKind::Allowed,
        Comparison { lost: true, .. } => ChangeKind::Denied,
        Comparison { otherwise: true, .. } => ChangeKind::Depends,
        _ if comparison.changes_duties() => ChangeKind::Duties,
        _ if comparison.changes_bases() => ChangeKind::Bases,
        _ => ChangeKind::Optional,
    }
}
