//! Groups statements that say the same, and finds which of those that cover a point its answer needs.

use super::points::{Marked, Points};
use crate::analyze::answers::{Answers, Cover, Need, Shape, Translation};
use crate::model::Model;
use crate::table::compile::Lists;
use hashbrown::HashMap;
use std::rc::Rc;

/// The shapes of all statements, with results about them.
pub(super) struct Shapes {
    /// Of each statement, where whatever it says counts; where its duties are a recipient's; where it requires data
    /// that others say is optional.
    of_statements: Vec<[u32; 3]>,
    list: Vec<Shape>,
    signatures: Lists,
    needs: Vec<Rc<[Need]>>,
    says: HashMap<(u32, u32), bool>,
}

/// The shapes at a point, sorted; each with how many statements have it.
#[derive(Clone, Default)]
pub(super) struct Present(Vec<(u32, u32)>);

impl Present {
    /// One statement less.
    pub(super) fn remove(&mut self, shape: u32) {
        if let Ok(at) = self.0.binary_search_by_key(&shape, |(shape, _)| *shape) {
            self.0[at].1 -= 1;
            if self.0[at].1 == 0 {
                self.0.remove(at);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Which of the shapes at a point the answer there needs.
pub(super) struct Needs<'p> {
    present: &'p Present,
    needs: Rc<[Need]>,
}

impl Needs<'_> {
    /// Whether the answer needs a statement of this shape. If several say the same, none of them is needed.
    pub(super) fn of(&self, shape: u32) -> Need {
        match self.present.0.binary_search_by_key(&shape, |(shape, _)| *shape) {
            Ok(at) if self.present.0[at].1 == 1 => self.needs[at],
            _ => Need::Idle,
        }
    }
}

impl Shapes {
    pub(super) fn new(model: &Model, answers: &mut Answers, translation: &Translation) -> Self {
        let mut ids: HashMap<Shape, u32> = HashMap::new();
        let mut shapes = Self {
            of_statements: Vec::with_capacity(model.statements.len()),
            list: Vec::new(),
            signatures: Lists::default(),
            needs: Vec::new(),
            says: HashMap::new(),
        };
        for statement in &model.statements {
            let cover = Cover { statement, is_optional: false };
            let of = [Marked::Any, Marked::Use, Marked::Collect].map(|marked| {
                let shape = answers.shape(cover, marked.act(), translation);
                let next = shapes.list.len() as u32;
                let id = *ids.entry(shape).or_insert(next);
                if id == next {
                    shapes.list.push(shape);
                }
                id
            });
            shapes.of_statements.push(of);
        }
        shapes
    }

    /// All that a statement says.
    pub(super) fn whole(&self, statement: u32) -> u32 {
        self.of_statements[statement as usize][0]
    }

    /// What a statement says of a class of points.
    pub(super) fn of(&self, points: &Points, class: u32, statement: u32) -> u32 {
        let [whole, used, required] = self.of_statements[statement as usize];
        match points.marked(class) {
            Marked::Any => whole,
            Marked::Use => used,
            Marked::Collect if points.is_optional(class, statement) => whole,
            Marked::Collect => required,
        }
    }

    /// The condition of a shape, by its number in the answers' vocabulary.
    pub(super) fn condition(&self, shape: u32) -> u32 {
        self.list[shape as usize].condition()
    }

    /// The duties and retention of a shape, as numbers that are equal if they are.
    pub(super) fn due(&self, shape: u32) -> (u128, u32) {
        self.list[shape as usize].due()
    }

    /// The shapes of these statements of a class. O(statements × log statements).
    pub(super) fn present(
        &self,
        points: &Points,
        class: u32,
        statements: impl Iterator<Item = u32>,
    ) -> Present {
        let mut all: Vec<u32> =
            statements.map(|statement| self.of(points, class, statement)).collect();
        all.sort_unstable();
        let counted = all.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32));
        Present(counted.collect())
    }

    /// Which of the shapes at a point the answer there needs. Computed once for the same shapes.
    pub(super) fn needs<'p>(&mut self, answers: &mut Answers, present: &'p Present) -> Needs<'p> {
        let several = |count: u32| u32::from(count > 1);
        let signature: Vec<u32> =
            present.0.iter().map(|(shape, count)| shape << 1 | several(*count)).collect();
        let id = self.signatures.intern(&signature) as usize;
        if id == self.needs.len() {
            let shapes: Vec<(Shape, bool)> = (present.0.iter())
                .map(|(shape, count)| (self.list[*shape as usize], *count > 1))
                .collect();
            self.needs.push(answers.needs(&shapes).into());
        }
        Needs { present, needs: Rc::clone(&self.needs[id]) }
    }

    /// Whether one statement says everything that another one says, about the same points: also of a use, with which the
    /// duties of a share do not come.
    pub(super) fn says(&mut self, answers: &mut Answers, one: u32, other: u32) -> bool {
        let [[whole, used, _], [other_whole, other_used, _]] =
            [one, other].map(|statement| self.of_statements[statement as usize]);
        self.shape_says(answers, whole, other_whole) && self.shape_says(answers, used, other_used)
    }

    fn shape_says(&mut self, answers: &mut Answers, one: u32, other: u32) -> bool {
        let list = &self.list;
        let says = || answers.says(list[one as usize], list[other as usize]);
        one == other || *self.says.entry((one, other)).or_insert_with(says)
    }
}
