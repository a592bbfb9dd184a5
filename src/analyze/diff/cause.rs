//! The statements that changed a decision: those in only one of the policies that reach it, and those whose
//! words stayed the same and whose reach did not.

use super::axis::{Axes, Name};
use super::kind::ChangeKind;
use super::one_line::one_line;
use super::table::Group;
use crate::model::{ActKind, Hierarchy, Model, NodeSet, Reach, Statement, StatementKind};
use hashbrown::HashMap;

/// A statement that did it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cause {
    /// In which way.
    pub kind: CauseKind,
    /// The file, below its policy's root folder.
    pub file: String,
    /// The line where it starts.
    pub line: u32,
    /// Its words, in one line.
    pub text: String,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum CauseKind {
    /// It stands only in the new policy.
    Added,
    /// It stands only in the old policy.
    Removed,
    /// It says the same and now reaches what it did not, since names changed; the place is in the new
    /// policy.
    Reaches,
    /// It says the same and no longer reaches what it did; the place is in the old policy.
    Left,
}

impl CauseKind {
    /// As in JSON: `added`, `removed`, `reaches`, `left`.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes()[0].causes[0].kind.as_str(), "added");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Reaches => "reaches",
            Self::Left => "left",
        }
    }
}

/// Most causes of one change that are reported.
const MOST: usize = 5;

/// The statements of both policies, held against each other.
pub(super) struct Causes<'a> {
    axes: &'a Axes<'a>,
    /// Of each policy the statements whose words the other has not.
    alone: [Vec<u32>; 2],
    /// Of each policy the others, and one of the other policy with the same words.
    paired: [Vec<(u32, u32)>; 2],
}

/// What a change is about, as nodes of one policy.
struct Region {
    categories: NodeSet,
    parties: NodeSet,
    purposes: NodeSet,
}

impl<'a> Causes<'a> {
    pub(super) fn new(axes: &'a Axes<'a>) -> Self {
        let texts = axes.models.map(texts);
        let mut causes = Self { axes, alone: Default::default(), paired: Default::default() };
        for side in 0..2 {
            let mut other: HashMap<&str, Vec<u32>> = HashMap::new();
            for (id, text) in texts[1 - side].iter().enumerate().rev() {
                other.entry(text).or_default().push(id as u32);
            }
            for (id, text) in texts[side].iter().enumerate() {
                // Each stands for one: of two that are alike and one, one stands alone.
                match other.get_mut(text.as_str()).and_then(Vec::pop) {
                    Some(pair) => causes.paired[side].push((id as u32, pair)),
                    None => causes.alone[side].push(id as u32),
                }
            }
        }
        causes
    }

    /// The statements that caused a change of these categories, methods or recipients, and purposes.
    pub(super) fn of(&self, group: &Group, names: [&[u32]; 3]) -> Vec<Cause> {
        let reach = |below: bool| [0, 1].map(|side| self.reach(group.party, names, side, below));
        // What is said of the nodes themselves, before what is said of something below them.
        for reach in [reach(false), reach(true)] {
            for fitting in [true, false] {
                let found = self.alone(group, &reach, fitting);
                if !found.is_empty() {
                    return found;
                }
            }
            let found = self.paired(group, &reach);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn alone(&self, group: &Group, reach: &[Region; 2], fitting: bool) -> Vec<Cause> {
        let mut found = Vec::new();
        for (side, kind) in [(1, CauseKind::Added), (0, CauseKind::Removed)] {
            let model = self.axes.models[side];
            let reaching = self.alone[side].iter().filter(|id| {
                let statement = &model.statements[**id as usize];
                (!fitting || fits(group.kind, statement.kind, kind))
                    && reaches(model, statement, group.party, &reach[side])
            });
            found.extend(reaching.take(MOST).map(|id| cause(model, *id, kind)));
        }
        found.truncate(MOST);
        found
    }

    fn paired(&self, group: &Group, reach: &[Region; 2]) -> Vec<Cause> {
        let mut found = Vec::new();
        for (side, kind) in [(1, CauseKind::Reaches), (0, CauseKind::Left)] {
            let covers = |side: usize, id: u32| {
                let model = self.axes.models[side];
                reaches(model, &model.statements[id as usize], group.party, &reach[side])
            };
            let moved = self.paired[side]
                .iter()
                .filter(|(here, there)| covers(side, *here) && !covers(1 - side, *there));
            let model = self.axes.models[side];
            found.extend(moved.take(MOST).map(|(id, _)| cause(model, *id, kind)));
        }
        found.truncate(MOST);
        found
    }

    fn reach(
        &self,
        party: Option<Hierarchy>,
        names: [&[u32]; 3],
        side: usize,
        below: bool,
    ) -> Region {
        let set = |hierarchy: Hierarchy, all: &[Name], numbers: &[u32]| {
            let tree = self.axes.models[side].tree(hierarchy);
            let nodes = numbers.iter().flat_map(|number| &all[*number as usize].nodes[side]);
            NodeSet::from_ranges(match below {
                false => nodes.map(|node| (*node, node + 1)).collect(),
                true => nodes.flat_map(|node| tree.below(*node).ranges()).copied().collect(),
            })
        };
        let [categories, parties, purposes] = names;
        Region {
            categories: set(Hierarchy::Category, &self.axes.categories, categories),
            parties: party.map_or_else(NodeSet::default, |hierarchy| {
                set(hierarchy, self.axes.names(hierarchy), parties)
            }),
            purposes: set(Hierarchy::Purpose, &self.axes.purposes, purposes),
        }
    }
}

/// Whether a statement that came or went can have changed decisions in this way.
fn fits(change: ChangeKind, statement: StatementKind, cause: CauseKind) -> bool {
    match (change, statement, cause) {
        (ChangeKind::Allowed, StatementKind::Permit, CauseKind::Added)
        | (ChangeKind::Allowed, StatementKind::Never, CauseKind::Removed)
        | (ChangeKind::Denied, StatementKind::Permit, CauseKind::Removed)
        | (ChangeKind::Denied, StatementKind::Never, CauseKind::Added) => true,
        (ChangeKind::Allowed | ChangeKind::Denied, ..) => false,
        (ChangeKind::Duties, kind, _) => kind != StatementKind::Never,
        _ => true,
    }
}

/// Whether a statement covers one of the points of these nodes.
fn reaches(model: &Model, statement: &Statement, party: Option<Hierarchy>, reach: &Region) -> bool {
    let meets = |set, nodes: &NodeSet| !model.set(set).intersection(nodes).is_empty();
    let by_act = match statement.reaches(ActKind::of_party(party)) {
        Reach::Nothing => false,
        Reach::Parties(set) => meets(set, &reach.parties),
        Reach::All => true,
    };
    by_act
        && meets(statement.categories, &reach.categories)
        && meets(statement.purposes, &reach.purposes)
}

fn cause(model: &Model, id: u32, kind: CauseKind) -> Cause {
    let span = model.statements[id as usize].span;
    Cause {
        kind,
        file: model.sources.file(span.file).path().to_owned(),
        line: model.sources.position(span).line,
        text: one_line(model.sources.slice(span)),
    }
}

fn texts(model: &Model) -> Vec<String> {
    model.statements.iter().map(|s| one_line(model.sources.slice(s.span))).collect()
}
