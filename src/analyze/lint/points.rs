//! Which statements cover which points: all points of a policy in blocks of nodes whose numbers follow
//! each other, and blocks that the same statements cover as one class.

use crate::model::{ActKind, Hierarchy, Kind, Model, SetId, Tree};
use crate::table::compile::{Lists, covering};
use hashbrown::HashMap;

/// From a node to before another one.
pub(super) type Range = (u32, u32);

/// Points that the same statements cover.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) act: ActKind,
    pub(super) categories: Range,
    /// Methods or recipients; one that stands for none where the act has none.
    pub(super) parties: Range,
    pub(super) purposes: Range,
}

/// All points.
#[derive(Default)]
pub(super) struct Points {
    lists: Lists,
    /// The blocks of each class.
    pub(super) blocks: Vec<Vec<Block>>,
    /// A point of each class whose question is about nothing but itself, if it has one.
    pub(super) leaves: Vec<Option<[u32; 3]>>,
    /// The classes of each statement.
    pub(super) of_statements: Vec<Vec<u32>>,
}

impl Points {
    /// About statements × statements that overlap.
    pub(super) fn new(model: &Model) -> Self {
        let mut builder = Builder {
            model,
            points: Self::default(),
            leaves: Hierarchy::ALL.map(|hierarchy| next_leaves(model.tree(hierarchy))),
        };
        builder.categories();
        let Builder { mut points, .. } = builder;
        points.of_statements = vec![Vec::new(); model.statements.len()];
        for class in 0..points.blocks.len() as u32 {
            for statement in points.lists.get(class) {
                points.of_statements[*statement as usize].push(class);
            }
        }
        points
    }

    /// The statements that cover a class, sorted.
    pub(super) fn statements(&self, class: u32) -> &[u32] {
        self.lists.get(class)
    }
}

struct Builder<'m> {
    model: &'m Model,
    points: Points,
    /// For each node of each hierarchy the next with nothing below it.
    leaves: [Vec<u32>; 4],
}

impl Builder<'_> {
    fn categories(&mut self) {
        let model = self.model;
        let all: Vec<u32> = (0..model.statements.len() as u32).collect();
        let tree = model.tree(Hierarchy::Category);
        for (categories, covering) in runs(model, &all, tree, |s| Some(s.categories)) {
            self.acts(categories, &covering);
        }
    }

    fn acts(&mut self, categories: Range, covering: &[u32]) {
        let model = self.model;
        let statement = |id: &u32| &model.statements[*id as usize];
        // `never use` and `require … to use` reach every act; every permit permits use.
        let everywhere =
            |id: &u32| statement(id).act == ActKind::Use && statement(id).kind != Kind::Permit;
        let for_use: Vec<u32> = (covering.iter().copied())
            .filter(|id| everywhere(id) || statement(id).kind == Kind::Permit)
            .collect();
        self.purposes(ActKind::Use, categories, (0, 1), &for_use);
        for act in [ActKind::Collect, ActKind::Share] {
            let Some(hierarchy) = act.party() else { continue };
            let of_act: Vec<u32> = (covering.iter().copied())
                .filter(|id| everywhere(id) || statement(id).act == act)
                .collect();
            let tree = model.tree(hierarchy);
            for (parties, covering) in runs(model, &of_act, tree, |s| s.parties) {
                self.purposes(act, categories, parties, &covering);
            }
        }
    }

    fn purposes(&mut self, act: ActKind, categories: Range, parties: Range, statements: &[u32]) {
        let tree = self.model.tree(Hierarchy::Purpose);
        for (purposes, covering) in runs(self.model, statements, tree, |s| Some(s.purposes)) {
            self.block(Block { act, categories, parties, purposes }, &covering);
        }
    }

    fn block(&mut self, block: Block, statements: &[u32]) {
        let class = self.points.lists.intern(statements) as usize;
        if class == self.points.blocks.len() {
            self.points.blocks.push(Vec::new());
            self.points.leaves.push(None);
        }
        self.points.blocks[class].push(block);
        if self.points.leaves[class].is_none() {
            let leaf = |hierarchy: Hierarchy, range: Range| {
                let next = self.leaves[hierarchy as usize].get(range.0 as usize).copied();
                next.filter(|leaf| *leaf < range.1)
            };
            let category = leaf(Hierarchy::Category, block.categories);
            let purpose = leaf(Hierarchy::Purpose, block.purposes);
            let party = match block.act.party() {
                Some(hierarchy) => leaf(hierarchy, block.parties),
                None => Some(0),
            };
            if let (Some(category), Some(party), Some(purpose)) = (category, party, purpose) {
                self.points.leaves[class] = Some([category, party, purpose]);
            }
        }
    }
}

/// The runs of a hierarchy's nodes that the same of these statements cover. A statement without a
/// set covers all.
fn runs(
    model: &Model,
    statements: &[u32],
    tree: &Tree,
    set: impl Fn(&crate::model::Statement) -> Option<SetId>,
) -> Vec<(Range, Vec<u32>)> {
    let mut by_set: HashMap<SetId, Vec<u32>> = HashMap::new();
    let mut everywhere: Vec<u32> = Vec::new();
    for id in statements {
        match set(&model.statements[*id as usize]) {
            Some(set) => by_set.entry(set).or_default().push(*id),
            None => everywhere.push(*id),
        }
    }
    let mut sets: Vec<SetId> = by_set.keys().copied().collect();
    sets.sort_unstable();
    let mut start = 0;
    let mut runs = Vec::new();
    for (count, sets) in covering(sets.iter().map(|set| (set.0, model.set(*set))), tree.len()) {
        let mut covering: Vec<u32> =
            sets.iter().flat_map(|set| &by_set[&SetId(*set)]).copied().collect();
        covering.extend(&everywhere);
        covering.sort_unstable();
        runs.push(((start, start + count), covering));
        start += count;
    }
    runs
}

/// For each node the first from it on that nothing is below; after the last, the number of nodes.
fn next_leaves(tree: &Tree) -> Vec<u32> {
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
