//! Nodes that no statement tells apart, as one.
//!
//! A class is a run of nodes that the same sets of statements hold. A shape is the set of classes that a
//! question about a node touches: those of the node and of everything below it.

use crate::model::{Hierarchy, Model, NodeSet, SetId};
use hashbrown::HashMap;

/// The classes and shapes of all hierarchies, and which statements cover a class of categories.
#[derive(Debug)]
pub(super) struct Points {
    hierarchies: [Classes; 4],
    /// For each class of categories its statements.
    statements: Vec<Vec<u32>>,
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

impl Points {
    pub(super) fn new(model: &Model) -> Self {
        let hierarchies = Hierarchy::ALL.map(|hierarchy| Classes::new(model, hierarchy));
        let members = &hierarchies[Hierarchy::Category as usize].members;
        let mut by_set: HashMap<SetId, Vec<u32>> = HashMap::new();
        for (id, statement) in model.statements.iter().enumerate() {
            by_set.entry(statement.categories).or_default().push(id as u32);
        }
        let mut statements: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
        let mut sets: Vec<(SetId, Vec<u32>)> = by_set.into_iter().collect();
        sets.sort_unstable();
        for (set, ids) in sets {
            let set = model.set(set);
            for (class, node) in members.iter().enumerate() {
                if holds(set, *node) {
                    statements[class].extend(&ids);
                }
            }
        }
        Self { hierarchies, statements }
    }

    /// The statements whose categories hold a class.
    pub(super) fn statements(&self, class: u32) -> &[u32] {
        &self.statements[class as usize]
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
        let mut seen = hashbrown::HashSet::new();
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

impl Classes {
    fn new(model: &Model, hierarchy: Hierarchy) -> Self {
        let tree = model.tree(hierarchy);
        let mut sets: Vec<SetId> = model
            .statements
            .iter()
            .filter_map(|statement| match hierarchy {
                Hierarchy::Category => Some(statement.categories),
                Hierarchy::Purpose => Some(statement.purposes),
                _ => statement.parties.filter(|_| statement.act.party() == Some(hierarchy)),
            })
            .collect();
        sets.sort_unstable();
        sets.dedup();
        let mut classes = Self::default();
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        for (length, holding) in runs(model, &sets, tree.len()) {
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

/// Runs of nodes that the same sets hold: their length, and the sets by number.
fn runs(model: &Model, sets: &[SetId], count: u32) -> Vec<(u32, Vec<u32>)> {
    let mut ends: Vec<(u32, u32, bool)> = Vec::new();
    for (number, set) in sets.iter().enumerate() {
        for (start, end) in model.set(*set).ranges() {
            ends.push((*start, number as u32, true));
            ends.push((*end, number as u32, false));
        }
    }
    ends.sort_unstable();
    let mut runs = Vec::new();
    let mut holding: std::collections::BTreeSet<u32> = std::collections::BTreeSet::new();
    let mut done = 0;
    for (at, set, starts) in ends {
        if at > done {
            runs.push((at - done, holding.iter().copied().collect()));
            done = at;
        }
        if starts {
            holding.insert(set);
        } else {
            holding.remove(&set);
        }
    }
    if done < count {
        runs.push((count - done, holding.into_iter().collect()));
    }
    runs
}

/// Whether a set holds a node. O(log ranges).
pub(super) fn holds(set: &NodeSet, node: u32) -> bool {
    let ranges = set.ranges();
    let at = ranges.partition_point(|(_, end)| *end <= node);
    ranges.get(at).is_some_and(|(start, _)| *start <= node)
}
