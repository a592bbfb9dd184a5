//! What becomes of questions about groups without a statement.
//!
//! A question about a group is about all points at or below its nodes. Where a statement matters to points
//! that no other question is about, the group's own, the question may still have the same answer without
//! it, since something below decides.

use super::points::{Block, Points, Range};
use super::subject::Subject;
use crate::analyze::answers::Cover;
use crate::model::{ActKind, Hierarchy, NodeSet, StatementKind};
use crate::table::compile::OutcomeId;
use hashbrown::{HashMap, HashSet};

/// The blocks of classes that are only asked about together with others.
pub(super) struct Groups {
    blocks: HashMap<u32, Vec<Block>>,
}

/// The classes of points that a statement may matter to, though no leaf needs it.
#[derive(Default)]
pub(super) struct Changed {
    /// Groups' own points that need it.
    pub(super) own: Vec<u32>,
    /// Points that name its bases in questions about what is above them.
    pub(super) above: Vec<u32>,
}

impl Changed {
    pub(super) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.above.is_empty()
    }
}

/// A statement that is to go, and those that are gone already.
#[derive(Clone, Copy)]
pub(super) struct Going<'r> {
    pub(super) id: u32,
    pub(super) removed: &'r HashSet<u32>,
}

impl Groups {
    /// Finds the blocks of these classes. `None` if that would take too much work.
    pub(super) fn new(
        subject: &mut Subject<'_>,
        points: &Points,
        classes: &HashSet<u32>,
    ) -> Option<Self> {
        let mut blocks: HashMap<u32, Vec<Block>> = HashMap::new();
        if classes.is_empty() {
            return Some(Self { blocks });
        }
        for (_, row) in points.rows() {
            for (block, class) in points.blocks(row) {
                if !subject.effort.spend(1) {
                    return None;
                }
                if classes.contains(&class) {
                    blocks.entry(class).or_default().push(block);
                }
            }
        }
        Some(Self { blocks })
    }

    /// Whether the questions that a statement may matter to have the same answers without it; `None` if it takes too much
    /// work to tell.
    pub(super) fn stay(
        &self,
        subject: &mut Subject<'_>,
        points: &Points,
        going: Going<'_>,
        changed: &Changed,
    ) -> Option<bool> {
        let mut known = HashMap::new();
        for class in &changed.own {
            for block in self.blocks.get(class)? {
                let asked = [block.categories, block.parties, block.purposes]
                    .map(|(start, end)| (start..end).collect());
                if !stays(subject, points, going, block.act, &asked, &mut known)? {
                    return Some(false);
                }
            }
        }
        for class in &changed.above {
            for block in self.blocks.get(class)? {
                let asked = above(subject, *block)?;
                if !stays(subject, points, going, block.act, &asked, &mut known)? {
                    return Some(false);
                }
            }
        }
        Some(true)
    }
}

/// The categories, parties and purposes whose questions are about points of a block.
fn above(subject: &mut Subject<'_>, block: Block) -> Option<[Vec<u32>; 3]> {
    let Subject { model, effort, .. } = subject;
    let mut holding = |hierarchy: Hierarchy, (start, end): Range| {
        let tree = model.tree(hierarchy);
        let set = NodeSet::from_ranges(vec![(start, end)]);
        let all = 0..tree.len_as(hierarchy);
        let steps = 16 * u64::from(all.end);
        let meets = |node: &u32| !tree.below(*node).intersection(&set).is_empty();
        effort.spend(steps).then(|| all.filter(meets).collect::<Vec<_>>())
    };
    let parties = match block.act.party() {
        Some(hierarchy) => holding(hierarchy, block.parties)?,
        None => (block.parties.0..block.parties.1).collect(),
    };
    let categories = holding(Hierarchy::Category, block.categories)?;
    Some([categories, parties, holding(Hierarchy::Purpose, block.purposes)?])
}

/// Whether all questions of an act about some of these nodes each have the same answer without a statement.
fn stays(
    subject: &mut Subject<'_>,
    points: &Points,
    going: Going<'_>,
    act: ActKind,
    [categories, parties, purposes]: &[Vec<u32>; 3],
    known: &mut HashMap<(ActKind, OutcomeId), bool>,
) -> Option<bool> {
    for category in categories {
        for party in parties {
            for purpose in purposes {
                let point = [*category, *party, *purpose];
                let mut question = Question { subject, points, going, act, point };
                if !question.stays(known)? {
                    return Some(false);
                }
            }
        }
    }
    Some(true)
}

struct Question<'q, 'm> {
    subject: &'q mut Subject<'m>,
    points: &'q Points,
    going: Going<'q>,
    act: ActKind,
    point: [u32; 3],
}

impl Question<'_, '_> {
    /// Whether the question has the same answer without the statement. Questions with the same outcome are
    /// `known` after the first.
    fn stays(&mut self, known: &mut HashMap<(ActKind, OutcomeId), bool>) -> Option<bool> {
        let Subject { model, questions, collected, effort, .. } = &mut *self.subject;
        let statement = &model.statements[self.going.id as usize];
        if !effort.spend(16) {
            return None;
        }
        let outcome = questions.outcome(self.act, self.point);
        let key = (self.act, outcome);
        let below = questions.points(outcome);
        if below.is_none() && statement.kind != StatementKind::Never {
            return Some(true); // a denial stays one with a permit or a duty less
        }
        if collected.shrinks(model, statement) {
            return self.point_by_point();
        }
        match (known.get(&key), below) {
            (Some(stays), _) => Some(*stays),
            (None, None) => self.point_by_point(),
            (None, Some(_)) => {
                let stays = self.by_outcome(outcome)?;
                known.insert(key, stays);
                Some(stays)
            }
        }
    }

    /// As the compiler has folded the question.
    fn by_outcome(&mut self, outcome: OutcomeId) -> Option<bool> {
        let Subject { model, questions, answers, translation, effort, .. } = &mut *self.subject;
        let act = self.act;
        let points = questions.points(outcome).unwrap_or_default();
        let size: usize = points.iter().map(|point| questions.covers(*point).len()).sum();
        if !effort.spend(8 * size as u64) {
            return None;
        }
        let Going { id, removed } = self.going;
        let [with, without] = [false, true].map(|without| {
            let points = points.iter().map(|point| {
                let gone = |s: u32| removed.contains(&s) || without && s == id;
                let covers = questions.covers(*point).iter();
                let kept = covers.filter(move |cover| !gone(cover.statement().0));
                kept.map(|cover| Cover {
                    statement: &model.statements[cover.statement().index()],
                    is_optional: cover.is_optional(),
                })
            });
            answers.of_points(act, points, translation)
        });
        decided(answers.compare(without, with))
    }

    /// By the classes of all points that it is about.
    fn point_by_point(&mut self) -> Option<bool> {
        let Subject { model, answers, translation, effort, .. } = &mut *self.subject;
        let classes = self.points.of_question(model, self.act, self.point);
        let size: usize = classes.iter().map(|class| self.points.statements(*class).len()).sum();
        if !effort.spend(8 * size as u64 + classes.len() as u64) {
            return None;
        }
        let (Going { id, removed }, act) = (self.going, self.act);
        let [with, without] = [false, true].map(|without| {
            let points = classes.iter().map(|class| {
                let falling = self.points.falling(*class).filter(|(sole, _)| *sole == id);
                let gone = move |s: &u32| {
                    *s == id || falling.is_some_and(|(_, falling)| falling.contains(s))
                };
                let statements = self.points.statements(*class).iter();
                let kept =
                    statements.filter(move |s| !(removed.contains(*s) || without && gone(s)));
                kept.map(|s| self.points.cover(model, *class, *s))
            });
            answers.of_points(act, points, translation)
        });
        decided(answers.compare(without, with))
    }
}

fn decided(comparison: crate::analyze::answers::Comparison) -> Option<bool> {
    (!comparison.undecided).then(|| comparison.is_same())
}
