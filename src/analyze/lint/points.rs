//! Which statements cover which points: all points of a policy in blocks of nodes whose numbers follow
//! each other, and blocks that the same statements cover as one class.
//!
//! ```text
//!   rows     runs of categories that the same statements cover
//!   planes   of a row: runs of methods or recipients, for each act; `use` has one
//!   cells    of a plane: runs of purposes, each with its class
//! ```
//!
//! Rows and planes that the same statements cover share what is in them. Questions to use, to collect and to share about
//! points that the same statements cover may still come with other duties, or concern optional data: only then are their
//! classes told apart by the act.

use crate::analyze::answers::Cover;
use crate::model::{ActKind, Hierarchy, Model, NodeSet, Reach, SetId, Statement, Tree};
use crate::table::compile::{Lists, covering};
use hashbrown::HashMap;
use std::ops::Range as Places;

/// From a node to before another one.
pub(super) type Range = (u32, u32);

/// The most cells to check: as many as a policy has that compiles in ten seconds.
const MOST_CELLS: usize = 32 << 20;

/// Points that the same statements cover.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) act: ActKind,
    pub(super) categories: Range,
    /// Methods or recipients; a single placeholder if the act has neither.
    pub(super) parties: Range,
    pub(super) purposes: Range,
}

/// All points.
#[derive(Default)]
pub(super) struct Points {
    /// The statements of each class; then, if some of them cover it because only another one collects its
    /// categories, `FALLS`, that one, and those; then, if its act matters, `ACT`, that act, and the statements that
    /// cover it by optional data.
    lists: Lists,
    rows: Vec<(Range, Places<usize>)>,
    planes: Vec<(ActKind, Range, Places<usize>)>,
    cells: Vec<(Range, u32)>,
    classes: Vec<Class>,
    /// The classes of each statement.
    of_statements: Vec<Vec<u32>>,
}

const FALLS: u32 = u32::MAX;
const ACT: u32 = u32::MAX - 1;

/// Points that the same statements cover.
struct Class {
    /// How many statements that are.
    count: usize,
    /// How many numbers are before its act.
    before_act: usize,
    /// The act of its points, as far as it matters.
    act: Marked,
    /// Some of the points.
    sample: Block,
    /// One whose question is about nothing but itself, if there is one.
    leaf: Option<(ActKind, [u32; 3])>,
    /// Whether some of them are of an act with a method or recipient.
    with_party: bool,
}

/// The act of some points, as far as answers differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Marked {
    /// Whatever the act is, the answers are the same.
    Any,
    /// They are used, and some permits to share cover them, whose duties are the recipient's.
    Use,
    /// They are collected, and some are optional.
    Collect,
}

impl Marked {
    /// An act under which the statements say what they say here.
    pub(super) fn act(self) -> ActKind {
        match self {
            Self::Any => ActKind::Share, // all duties count, and no data is optional
            Self::Use => ActKind::Use,
            Self::Collect => ActKind::Collect,
        }
    }
}

impl Points {
    /// About what sweeping the statements costs when compiling. `None` if there are too many points to
    /// look at.
    pub(super) fn new(model: &Model) -> Option<Self> {
        let has_recipients_duties =
            |s: &Statement| s.is_share() && (s.duties != 0 || !s.limits.is_empty());
        let mut builder = Builder {
            model,
            has_recipients_duties: model.statements.iter().map(has_recipients_duties).collect(),
            points: Self::default(),
            known_rows: HashMap::new(),
            known_planes: HashMap::new(),
            leaves: Hierarchy::ALL.map(|hierarchy| next_leaves(model.tree(hierarchy), hierarchy)),
        };
        builder.categories()?;
        let mut points = builder.points;
        points.of_statements = vec![Vec::new(); model.statements.len()];
        for class in 0..points.classes.len() as u32 {
            let sole = points.falling(class).map(|(sole, _)| sole);
            let statements = &points.lists.get(class)[..points.classes[class as usize].count];
            let sole = sole.filter(|sole| statements.binary_search(sole).is_err());
            for statement in statements.iter().copied().chain(sole) {
                points.of_statements[statement as usize].push(class);
            }
        }
        Some(points)
    }

    /// How many classes there are.
    pub(super) fn len(&self) -> u32 {
        self.classes.len() as u32
    }

    /// The statements that cover a class, sorted.
    pub(super) fn statements(&self, class: u32) -> &[u32] {
        &self.lists.get(class)[..self.classes[class as usize].count]
    }

    /// The only statement that collects the categories of a class, and those that do not cover it
    /// without that one, if there are any.
    pub(super) fn falling(&self, class: u32) -> Option<(u32, &[u32])> {
        let Class { count, before_act, .. } = self.classes[class as usize];
        match &self.lists.get(class)[count..before_act] {
            [_, sole, falling @ ..] => Some((*sole, falling)),
            _ => None,
        }
    }

    /// The act of a class, as far as it matters.
    pub(super) fn marked(&self, class: u32) -> Marked {
        self.classes[class as usize].act
    }

    /// Whether a statement covers a class by data that it says is optional.
    pub(super) fn is_optional(&self, class: u32, statement: u32) -> bool {
        match &self.lists.get(class)[self.classes[class as usize].before_act..] {
            [_, _, optional @ ..] => optional.binary_search(&statement).is_ok(),
            _ => false,
        }
    }

    /// How a statement covers a class.
    pub(super) fn cover<'m>(&self, model: &'m Model, class: u32, statement: u32) -> Cover<'m> {
        Cover {
            statement: &model.statements[statement as usize],
            is_optional: self.is_optional(class, statement),
        }
    }

    /// The classes that a statement covers, or that others cover because of it.
    pub(super) fn classes(&self, statement: u32) -> &[u32] {
        &self.of_statements[statement as usize]
    }

    /// Whether some question is only about points of one class.
    pub(super) fn has_leaf(&self, class: u32) -> bool {
        self.classes[class as usize].leaf.is_some()
    }

    /// Whether a class has points of an act with a method or recipient.
    pub(super) fn with_party(&self, class: u32) -> bool {
        self.classes[class as usize].with_party
    }

    /// A point of a class: one that is a question about nothing else, where there is one.
    pub(super) fn sample(&self, class: u32) -> (ActKind, [u32; 3]) {
        let Class { sample, leaf, .. } = &self.classes[class as usize];
        let first = [sample.categories.0, sample.parties.0, sample.purposes.0];
        leaf.unwrap_or((sample.act, first))
    }

    /// The rows: their categories, and a number to look into each by.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Range, usize)> + '_ {
        self.rows.iter().enumerate().map(|(row, (categories, _))| (*categories, row))
    }

    /// The row of a category.
    pub(super) fn row_of(&self, category: u32) -> usize {
        self.rows.partition_point(|(categories, _)| categories.1 <= category)
    }

    /// The blocks of a row, each with its class.
    pub(super) fn blocks(&self, row: usize) -> impl Iterator<Item = (Block, u32)> + '_ {
        let (categories, planes) = &self.rows[row];
        self.planes[planes.clone()].iter().flat_map(move |(act, parties, cells)| {
            self.cells[cells.clone()].iter().map(move |(purposes, class)| {
                let (act, parties, purposes) = (*act, *parties, *purposes);
                (Block { act, categories: *categories, parties, purposes }, *class)
            })
        })
    }

    /// The classes of the points that a question is about, each once.
    pub(super) fn of_question(
        &self,
        model: &Model,
        act: ActKind,
        [category, party, purpose]: [u32; 3],
    ) -> Vec<u32> {
        let one = NodeSet::all(1);
        let parties = act.party().map_or(&one, |hierarchy| model.tree(hierarchy).below(party));
        let purposes = model.tree(Hierarchy::Purpose).below(purpose);
        let mut classes = Vec::new();
        for (_, planes) in
            meeting(&self.rows, model.tree(Hierarchy::Category).below(category), |r| r.0)
        {
            let planes = &self.planes[planes.clone()];
            let start = planes.partition_point(|plane| plane.0 < act);
            let end = planes.partition_point(|plane| plane.0 <= act);
            for (.., cells) in meeting(&planes[start..end], parties, |plane| plane.1) {
                let cells = meeting(&self.cells[cells.clone()], purposes, |cell| cell.0);
                classes.extend(cells.map(|(_, class)| *class));
            }
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

/// Those of some runs in a row that hold nodes of a set.
fn meeting<'r, R>(
    runs: &'r [R],
    set: &'r NodeSet,
    range: impl Fn(&R) -> Range + Copy + 'r,
) -> impl Iterator<Item = &'r R> {
    let mut done = 0;
    set.ranges().iter().flat_map(move |(start, end)| {
        let first = runs.partition_point(|run| range(run).1 <= *start).max(done);
        done = runs.partition_point(|run| range(run).0 < *end).max(first);
        &runs[first..done]
    })
}

struct Builder<'m> {
    model: &'m Model,
    points: Points,
    /// The planes of the statements that cover a row, and of those that fall there.
    known_rows: HashMap<Row, Known>,
    /// The cells of the statements that cover a plane, and of those that fall there.
    known_planes: HashMap<Row, Known>,
    /// For each node of each hierarchy the next with nothing below it.
    leaves: [Vec<u32>; 4],
    /// Of each statement, whether it is a permit to share that brings duties or retention.
    has_recipients_duties: Vec<bool>,
}

/// The statements that cover some points, with the only one that collects their categories and those that
/// do not cover them without it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Row {
    covering: Vec<u32>,
    falls: Option<(u32, Vec<u32>)>,
    /// The statements that cover them by optional data.
    optional: Vec<u32>,
    act: Marked,
}

/// Planes or cells that were made already.
struct Known {
    places: Places<usize>,
    /// Whether one with a leaf is known.
    leaf: bool,
    with_party: bool,
}

/// Where planes or cells are, as far as it matters to what is in them.
#[derive(Clone, Copy)]
struct Place {
    act: ActKind,
    categories: Range,
    parties: Range,
}

impl Builder<'_> {
    fn categories(&mut self) -> Option<()> {
        let model = self.model;
        let all: Vec<u32> = (0..model.statements.len() as u32).collect();
        let tree = model.tree(Hierarchy::Category);
        let sets = |s: &Statement| {
            [Some(s.categories), Some(s.named).filter(|n| *n != s.categories), s.optional]
        };
        for (categories, covering) in runs(model, &all, tree.len(), sets) {
            let falls = self.falls(&covering, categories.0);
            let is_optional = |id: &&u32| {
                let optional = model.statements[**id as usize].optional;
                optional.is_some_and(|set| model.set(set).contains(categories.0))
            };
            let optional = covering.iter().filter(is_optional).copied().collect();
            let row = Row { covering, falls, optional, act: Marked::Any };
            let planes = self.planes(categories, row)?;
            self.points.rows.push((categories, planes));
        }
        Some(())
    }

    /// The only statement that collects a category, and those that cover it because of that.
    fn falls(&self, covering: &[u32], category: u32) -> Option<(u32, Vec<u32>)> {
        let statement = |id: &u32| &self.model.statements[*id as usize];
        let mut collecting = covering.iter().filter(|id| statement(id).collects());
        let (Some(sole), None) = (collecting.next(), collecting.next()) else { return None };
        let falls = |id: &&u32| !self.model.set(statement(id).named).contains(category);
        let falling: Vec<u32> = covering.iter().filter(falls).copied().collect();
        (!falling.is_empty()).then_some((*sole, falling))
    }

    fn planes(&mut self, categories: Range, row: Row) -> Option<Places<usize>> {
        if let Some(known) = self.known_rows.get(&row) {
            let (places, reported) = (known.places.clone(), known.leaf);
            if !reported && self.leaf(Hierarchy::Category, categories).is_some() {
                for at in places.clone() {
                    let (act, parties, cells) = self.points.planes[at].clone();
                    self.tell(Place { act, categories, parties }, cells);
                }
                self.known_rows.entry(row).and_modify(|known| known.leaf = true);
            }
            return Some(places);
        }
        let model = self.model;
        let start = self.points.planes.len();
        for act in ActKind::ALL {
            let reaches =
                |id: &&u32| model.statements[**id as usize].reaches(act) != Reach::Nothing;
            let of_act: Vec<u32> = row.covering.iter().filter(reaches).copied().collect();
            let runs = match act.party() {
                None => vec![((0, 1), of_act)],
                Some(hierarchy) => {
                    let len = model.tree(hierarchy).len_as(hierarchy);
                    runs(model, &of_act, len, |s| [s.parties, None, None])
                }
            };
            for (parties, covering) in runs {
                let place = Place { act, categories, parties };
                let falls = row.falls.as_ref().map(|(sole, falling)| {
                    let here = |id: &&u32| covering.binary_search(id).is_ok();
                    (*sole, falling.iter().filter(here).copied().collect())
                });
                let falls = falls.filter(|(_, falling): &(u32, Vec<u32>)| !falling.is_empty());
                let (marked, optional) = self.marked(act, &covering, &row.optional);
                let plane = Row { covering, falls, optional, act: marked };
                let cells = self.cells(place, plane)?;
                self.points.planes.push((act, parties, cells));
            }
        }
        let places = start..self.points.planes.len();
        let leaf = self.leaf(Hierarchy::Category, categories).is_some();
        let known = Known { places: places.clone(), leaf, with_party: true };
        self.known_rows.insert(row, known);
        Some(places)
    }

    /// The act of points that these statements cover, as far as it matters; and those of them that cover the points by
    /// optional data, of which `optional` are to choose from.
    fn marked(&self, act: ActKind, covering: &[u32], optional: &[u32]) -> (Marked, Vec<u32>) {
        let has_recipients_duties = |id: &u32| self.has_recipients_duties[*id as usize];
        match act {
            ActKind::Use if covering.iter().any(has_recipients_duties) => (Marked::Use, Vec::new()),
            ActKind::Collect if !optional.is_empty() => {
                let here = optional.iter().filter(|id| covering.binary_search(id).is_ok());
                let here: Vec<u32> = here.copied().collect();
                (if here.is_empty() { Marked::Any } else { Marked::Collect }, here)
            }
            ActKind::Use | ActKind::Collect | ActKind::Share => (Marked::Any, Vec::new()),
        }
    }

    fn cells(&mut self, place: Place, plane: Row) -> Option<Places<usize>> {
        let (leaf, with_party) = (self.leaves_of(place).is_some(), place.act != ActKind::Use);
        if let Some(known) = self.known_planes.get_mut(&plane) {
            let tells = leaf && !known.leaf || with_party && !known.with_party;
            (known.leaf, known.with_party) = (known.leaf || leaf, known.with_party || with_party);
            let places = known.places.clone();
            if tells {
                self.tell(place, places.clone());
            }
            return Some(places);
        }
        let tree = self.model.tree(Hierarchy::Purpose);
        let start = self.points.cells.len();
        for (purposes, covering) in
            runs(self.model, &plane.covering, tree.len(), |s| [Some(s.purposes), None, None])
        {
            if self.points.cells.len() == MOST_CELLS {
                return None;
            }
            let class = self.class(place, purposes, covering, &plane);
            self.points.cells.push((purposes, class));
        }
        let places = start..self.points.cells.len();
        self.tell(place, places.clone());
        self.known_planes.insert(plane, Known { places: places.clone(), leaf, with_party });
        Some(places)
    }

    /// The class of a part of a plane that these statements cover.
    fn class(&mut self, place: Place, purposes: Range, covering: Vec<u32>, plane: &Row) -> u32 {
        let (act, optional) = self.marked(place.act, &covering, &plane.optional);
        let (count, mut list) = (covering.len(), covering);
        if let Some((sole, falling)) = &plane.falls {
            let here: Vec<u32> =
                falling.iter().filter(|id| list.binary_search(id).is_ok()).copied().collect();
            if !here.is_empty() {
                list.extend([FALLS, *sole]);
                list.extend(here);
            }
        }
        let before_act = list.len();
        if act != Marked::Any {
            list.extend([ACT, act as u32]);
            list.extend(optional);
        }
        let class = self.points.lists.intern(&list);
        if class == self.points.len() {
            let Place { act: of, categories, parties } = place;
            let sample = Block { act: of, categories, parties, purposes };
            let (leaf, with_party) = (None, false);
            self.points.classes.push(Class { count, before_act, act, sample, leaf, with_party });
        }
        class
    }

    /// Tells the classes of some cells where these are.
    fn tell(&mut self, place: Place, cells: Places<usize>) {
        let leaf = self.leaves_of(place);
        for at in cells {
            let (purposes, class) = self.points.cells[at];
            let purpose = self.leaf(Hierarchy::Purpose, purposes);
            let class = &mut self.points.classes[class as usize];
            class.with_party |= place.act != ActKind::Use;
            if let (None, Some((category, party)), Some(purpose)) = (class.leaf, leaf, purpose) {
                class.leaf = Some((place.act, [category, party, purpose]));
            }
        }
    }

    /// The first category, and method or recipient, with nothing below it, if there are both.
    fn leaves_of(&self, place: Place) -> Option<(u32, u32)> {
        let category = self.leaf(Hierarchy::Category, place.categories)?;
        let party = match place.act.party() {
            Some(hierarchy) => self.leaf(hierarchy, place.parties)?,
            None => 0,
        };
        Some((category, party))
    }

    fn leaf(&self, hierarchy: Hierarchy, range: Range) -> Option<u32> {
        let next = self.leaves[hierarchy as usize].get(range.0 as usize).copied();
        next.filter(|leaf| *leaf < range.1)
    }
}

/// The runs of the nodes of a hierarchy, of which there are `len`, that the same of these statements cover by the first
/// of their sets, and that the others do not tell apart either. A statement without a first set covers all.
fn runs(
    model: &Model,
    statements: &[u32],
    len: u32,
    sets: impl Fn(&Statement) -> [Option<SetId>; 3],
) -> Vec<(Range, Vec<u32>)> {
    let mut by_set: HashMap<SetId, Vec<u32>> = HashMap::new();
    let mut everywhere: Vec<u32> = Vec::new();
    let mut all: Vec<SetId> = Vec::new();
    for id in statements {
        let [covers, splits, more] = sets(&model.statements[*id as usize]);
        match covers {
            Some(set) => by_set.entry(set).or_default().push(*id),
            None => everywhere.push(*id),
        }
        all.extend(splits.into_iter().chain(more));
    }
    all.extend(by_set.keys());
    all.sort_unstable();
    all.dedup();
    let mut start = 0;
    let mut runs = Vec::new();
    for (count, sets) in covering(all.iter().map(|set| (set.0, model.set(*set))), len) {
        let here = sets.iter().filter_map(|set| by_set.get(&SetId(*set)));
        let mut covering: Vec<u32> = here.flatten().copied().collect();
        covering.extend(&everywhere);
        covering.sort_unstable();
        runs.push(((start, start + count), covering));
        start += count;
    }
    runs
}

/// For each node the first from it on that nothing is below; after the last, the number of nodes. Where no method or
/// recipient is declared, nothing is below "any".
fn next_leaves(tree: &Tree, hierarchy: Hierarchy) -> Vec<u32> {
    if tree.nodes.is_empty() && hierarchy.has_any() {
        return vec![tree.any()];
    }
    let mut next = vec![tree.len(); tree.nodes.len()];
    let mut leaf = tree.len();
    for node in (0..tree.len()).rev() {
        if tree.nodes[node as usize].children.is_empty() {
            leaf = node;
        }
        next[node as usize] = leaf;
    }
    next
}
