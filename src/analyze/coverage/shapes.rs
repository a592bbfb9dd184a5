//! Nodes that no statement tells apart, as one.
//!
//! A class is a run of nodes that the same sets of statements hold. A shape is the set of classes that a
//! question about a node touches: those of the node and of everything below it.

use crate::analyze::answers::{Limits, LimitsId, Slot, Strictness};
use crate::model::{Hierarchy, Model, NodeSet, SetId};
use crate::table::compile::covering;
use hashbrown::{HashMap, HashSet};

/// The classes and shapes of all hierarchies, and which statements cover a class of categories.
#[derive(Debug)]
pub(super) struct Shapes {
    hierarchies: [Classes; 4],
    /// For each class of categories its statements.
    covering: Vec<Covering>,
    limits: Limits,
    /// For each statement its limits.
    of_statements: Vec<LimitsId>,
}

/// The statements that cover a class of categories.
#[derive(Debug, Default)]
pub(super) struct Covering {
    pub(super) statements: Vec<u32>,
    /// The only one of them that collects these categories.
    pub(super) sole: Option<u32>,
    /// Those that do not cover them without that one: itself, and all that cover what is collected. Sorted.
    pub(super) falling: Vec<u32>,
}

/// Which shape; equal shapes of a hierarchy have equal ids.
pub(super) type Shape = u32;

#[derive(Debug, Default)]
struct Classes {
    of_node: Vec<u32>,
    /// For each class a node of it.
    members: Vec<u32>,
    shape_of_node: Vec<Shape>,
    shapes: Vec<Vec<u32>>,
    ids: HashMap<Vec<u32>, Shape>,
}

impl Shapes {
    pub(super) fn new(model: &Model) -> Self {
        let hierarchies = Hierarchy::ALL.map(|hierarchy| Classes::new(model, hierarchy));
        let members = &hierarchies[Hierarchy::Category as usize].members;
        let mut by_set: HashMap<SetId, Vec<u32>> = HashMap::new();
        for (id, statement) in model.statements.iter().enumerate() {
            by_set.entry(statement.categories).or_default().push(id as u32);
        }
        let mut covering: Vec<Covering> = Vec::new();
        covering.resize_with(members.len(), Covering::default);
        let mut sets: Vec<(SetId, Vec<u32>)> = by_set.into_iter().collect();
        sets.sort_unstable();
        for (set, ids) in sets {
            let set = model.set(set);
            for (class, node) in members.iter().enumerate() {
                if set.contains(*node) {
                    covering[class].statements.extend(&ids);
                }
            }
        }
        for (covering, node) in covering.iter_mut().zip(members) {
            covering.falls(model, *node);
        }
        let (mut limits, events) =
            (Limits::default(), Vec::from_iter(0..model.events.len() as u32));
        let statements = model.statements.iter();
        let of_statements = statements.map(|s| limits.of(&s.limits, &events)).collect();
        Self { hierarchies, covering, limits, of_statements }
    }

    /// The limits of a statement, the strictest of each slot.
    pub(super) fn limits(&self, statement: u32) -> &[(Slot, Strictness)] {
        self.limits.get(self.of_statements[statement as usize])
    }

    /// The statements whose categories hold a class.
    pub(super) fn covering(&self, class: u32) -> &Covering {
        &self.covering[class as usize]
    }

    pub(super) fn of_category(&self, node: u32) -> Shape {
        self.hierarchies[Hierarchy::Category as usize].shape_of_node[node as usize]
    }

    /// The only statement that collects a category.
    pub(super) fn sole_of(&self, node: u32) -> Option<u32> {
        let class = self.hierarchies[Hierarchy::Category as usize].of_node[node as usize];
        self.covering(class).sole
    }

    /// The classes of a shape, each as one of its nodes.
    pub(super) fn nodes(
        &self,
        hierarchy: Hierarchy,
        shape: Shape,
    ) -> impl Iterator<Item = (u32, u32)> + '_ {
        let classes = &self.hierarchies[hierarchy as usize];
        classes.shapes[shape as usize]
            .iter()
            .map(|class| (*class, classes.members[*class as usize]))
    }

    /// The distinct shapes of the nodes of a set, each with a node that has it.
    pub(super) fn shapes(&self, hierarchy: Hierarchy, set: &NodeSet) -> Vec<(u32, Shape)> {
        let shapes = &self.hierarchies[hierarchy as usize].shape_of_node;
        let mut seen = HashSet::new();
        let shaped = set.iter().map(|node| (node, shapes[node as usize]));
        shaped.filter(|(_, shape)| seen.insert(*shape)).collect()
    }

    /// The shape of a question about several nodes together.
    pub(super) fn shape_of(&mut self, hierarchy: Hierarchy, model: &Model, nodes: &[u32]) -> Shape {
        let classes = &mut self.hierarchies[hierarchy as usize];
        match nodes {
            [node] => classes.shape_of_node[*node as usize],
            _ => {
                let tree = model.tree(hierarchy);
                let below = nodes.iter().flat_map(|node| tree.below(*node).iter());
                let touched = below.map(|node| classes.of_node[node as usize]).collect();
                classes.shape(touched)
            }
        }
    }
}

impl Covering {
    fn falls(&mut self, model: &Model, node: u32) {
        let statement = |id: u32| &model.statements[id as usize];
        let mut collecting = self.statements.iter().filter(|id| statement(**id).collects());
        let (Some(first), None) = (collecting.next(), collecting.next()) else { return };
        self.sole = Some(*first);
        let falls = |id: &u32| id == first || !model.set(statement(*id).named).contains(node);
        self.falling = self.statements.iter().copied().filter(falls).collect();
        self.falling.sort_unstable();
    }
}

impl Classes {
    fn new(model: &Model, hierarchy: Hierarchy) -> Self {
        let tree = model.tree(hierarchy);
        let mut sets: Vec<SetId> = model
            .statements
            .iter()
            .flat_map(|statement| match hierarchy {
                Hierarchy::Category => {
                    [Some(statement.categories), Some(statement.named), statement.optional]
                }
                Hierarchy::Purpose => [Some(statement.purposes), None, None],
                _ => {
                    let here = statement.act.party() == Some(hierarchy);
                    [statement.parties.filter(|_| here), None, None]
                }
            })
            .flatten()
            .collect();
        sets.sort_unstable();
        sets.dedup();
        let mut classes = Self::default();
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let sets = sets.iter().map(|set| (set.0, model.set(*set)));
        for (length, holding) in covering(sets, tree.len_as(hierarchy)) {
            let class = *known.entry(holding).or_insert_with(|| {
                classes.members.push(classes.of_node.len() as u32);
                classes.members.len() as u32 - 1
            });
            classes.of_node.extend(std::iter::repeat_n(class, length as usize));
        }
        for node in 0..tree.len() {
            let below = tree.below(node).iter();
            let touched = below.map(|node| classes.of_node[node as usize]).collect();
            let shape = classes.shape(touched);
            classes.shape_of_node.push(shape);
        }
        if hierarchy.has_any() {
            let shape = classes.shape(classes.of_node.clone());
            classes.shape_of_node.push(shape);
        }
        classes
    }

    fn shape(&mut self, mut touched: Vec<u32>) -> Shape {
        touched.sort_unstable();
        touched.dedup();
        if let Some(id) = self.ids.get(&touched) {
            return *id;
        }
        let id = self.shapes.len() as u32;
        self.shapes.push(touched.clone());
        self.ids.insert(touched, id);
        id
    }
}
