//! Names as an author would write them: a node stands for all that is below it, and its name is as short
//! as both policies understand it.

use super::axis::{ANY, Axes, Name};
use super::boxes::Cuboid;
use super::cause::Causes;
use super::change::{Change, Names, Witness};
use super::table::{Group, Table};
use crate::model::{Found, Hierarchy, Tree};
use crate::{Act, ActKind, Question};
use hashbrown::HashMap;

/// The names of each hierarchy, ready to be put into words.
pub(super) struct Phrases<'a> {
    parts: [Part<'a>; 4],
}

struct Part<'a> {
    names: &'a [Name],
    /// How each is written.
    written: Vec<String>,
    trees: [&'a Tree; 2],
    /// For each node of the old and the new policy its name here.
    numbers: [Vec<u32>; 2],
    /// The nodes of the new policy, then those of the old one that it has not, what has the most below
    /// it first.
    largest_first: Vec<(usize, u32)>,
    /// How much is below each name, itself too.
    sizes: Vec<u32>,
}

impl<'a> Phrases<'a> {
    pub(super) fn new(axes: &'a Axes<'_>) -> Self {
        Self { parts: Hierarchy::ALL.map(|hierarchy| Part::new(axes, hierarchy)) }
    }

    fn names(&self, hierarchy: Hierarchy, numbers: &[u32]) -> Names {
        self.parts[hierarchy as usize].words(numbers)
    }

    /// The first name with the least below it.
    fn narrowest(&self, hierarchy: Hierarchy, numbers: &[u32]) -> u32 {
        let part = &self.parts[hierarchy as usize];
        let size = |number: &&u32| part.sizes[**number as usize];
        numbers.iter().min_by_key(size).copied().unwrap_or(0)
    }
}

/// The change of one box; `with_use` says that using the data changed alike, and is told with collecting it.
pub(super) fn change(
    (axes, table): (&Axes<'_>, &Table<'_, '_>),
    (phrases, causes): (&Phrases<'_>, &Causes<'_>),
    group: &Group,
    cuboid: &Cuboid,
    with_use: bool,
) -> Change {
    let classes = cuboid.classes.iter().map(|class| &group.classes[*class as usize]);
    let mut categories: Vec<u32> = classes.flatten().copied().collect();
    categories.sort_unstable();
    let (parties, purposes) = (&cuboid.parties, &cuboid.purposes);
    let act = match group.party {
        Some(Hierarchy::Method) => Act::Collect(phrases.names(Hierarchy::Method, parties)),
        Some(_) => Act::Share(phrases.names(Hierarchy::Recipient, parties)),
        None => Act::Use,
    };
    let witness = [
        phrases.narrowest(Hierarchy::Category, &categories),
        group.party.map_or(0, |hierarchy| phrases.narrowest(hierarchy, parties)),
        phrases.narrowest(Hierarchy::Purpose, purposes),
    ];
    let [before, after] = group.words.clone().map(super::Answer::from);
    Change {
        kind: group.kind,
        act,
        with_use,
        categories: phrases.names(Hierarchy::Category, &categories),
        purposes: phrases.names(Hierarchy::Purpose, purposes),
        before,
        after,
        more_permissive: group.more_permissive,
        witness: Witness {
            question: question(axes, group.party, witness),
            given: table.witness(group.party, witness),
        },
        causes: causes.of(group, [&categories, parties, purposes]),
    }
}

fn question(axes: &Axes<'_>, party: Option<Hierarchy>, [c, q, p]: [u32; 3]) -> String {
    let category = written_in_full(&axes.categories[c as usize]);
    let purpose = &axes.purposes[p as usize].text;
    let named = party.map(|hierarchy| axes.names(hierarchy)[q as usize].text.as_str());
    let named = named.filter(|name| *name != ANY);
    let question = Question::new(ActKind::of_party(party), &category, named, purpose);
    question.map(|question| question.to_string()).unwrap_or_default()
}

/// A field is in quotation marks, as it is where it is declared.
fn written_in_full(name: &Name) -> String {
    let is_plain = name.text.chars().all(|c| c.is_alphanumeric() || "._".contains(c));
    if name.is_path || is_plain { name.text.clone() } else { format!("\"{}\"", name.text) }
}

impl<'a> Part<'a> {
    fn new(axes: &'a Axes<'_>, hierarchy: Hierarchy) -> Self {
        let names = axes.names(hierarchy);
        let trees = axes.models.map(|model| model.tree(hierarchy));
        let by_path: HashMap<&str, u32> = (names.iter().enumerate())
            .filter(|(_, name)| name.is_path)
            .map(|(number, name)| (name.text.as_str(), number as u32))
            .collect();
        let numbers = trees
            .map(|tree| (0..tree.len_as(hierarchy)).map(|node| by_path[tree.path(node)]).collect());
        let size_of = |name: &Name| {
            let sizes = name.nodes.iter().zip(trees);
            sizes.flat_map(|(nodes, tree)| nodes.iter().map(move |n| size(tree, *n))).sum()
        };
        let mut part = Self {
            names,
            written: Vec::new(),
            trees,
            numbers,
            largest_first: Vec::new(),
            sizes: names.iter().map(size_of).collect(),
        };
        part.written = part.shortest(hierarchy);
        let mut known = vec![false; names.len()];
        for side in [1, 0] {
            let mut nodes: Vec<u32> = (0..trees[side].len_as(hierarchy))
                .filter(|node| !known[part.numbers[side][*node as usize] as usize])
                .collect();
            for node in &nodes {
                known[part.numbers[side][*node as usize] as usize] = true;
            }
            nodes.sort_by_key(|node| std::cmp::Reverse(size(trees[side], *node)));
            part.largest_first.extend(nodes.iter().map(|node| (side, *node)));
        }
        part
    }

    /// Of each path the shortest end that means it wherever it means anything.
    fn shortest(&self, hierarchy: Hierarchy) -> Vec<String> {
        let references = self.trees.map(Tree::references);
        let means = |end: &str, path: &str| {
            (0..2).all(|side| match references[side].find(end) {
                Found::One(node) => self.trees[side].path(node) == path,
                Found::None => true,
                Found::Several => false,
            })
        };
        let shortest = |name: &Name| {
            if hierarchy.has_any() && name.text == ANY {
                return format!("any {}", hierarchy.as_str());
            }
            let ends = name.text.rmatch_indices('.').map(|(at, _)| &name.text[at + 1..]);
            let end = ends.into_iter().find(|end| name.is_path && means(end, &name.text));
            end.map_or_else(|| written_in_full(name), str::to_owned)
        };
        self.names.iter().map(shortest).collect()
    }

    fn words(&self, numbers: &[u32]) -> Names {
        let mut within = vec![false; self.names.len()];
        for number in numbers {
            within[*number as usize] = true;
        }
        let all = numbers.iter().map(|n| self.names[*n as usize].text.clone()).collect();
        let (mut words, mut wholes) = (Vec::new(), Vec::new());
        let mut said = vec![false; self.names.len()];
        for (side, node) in &self.largest_first {
            let number = self.numbers[*side][*node as usize] as usize;
            if !within[number] || said[number] {
                continue;
            }
            let below = self.trees[*side].below(*node).iter();
            let below: Vec<usize> =
                below.map(|node| self.numbers[*side][node as usize] as usize).collect();
            if below.iter().all(|number| within[*number]) {
                below.iter().for_each(|number| said[*number] = true);
                words.push(number);
            } else {
                wholes.push(number);
            }
        }
        let others = numbers.iter().map(|n| *n as usize).filter(|n| !self.names[*n].is_path);
        words.extend(others);
        words.sort_unstable();
        wholes.sort_unstable();
        let is_any = |number: &usize| self.names[*number].text == ANY;
        let is_everything = words.len() > 1 || words.iter().any(is_any);
        if within.iter().all(|within| *within) && is_everything {
            let (words, labels) = (vec![ANY.to_owned()], vec![String::new()]);
            return Names { words, wholes: Vec::new(), labels, all };
        }
        let written = |list: &[usize]| list.iter().map(|n| self.written[*n].clone()).collect();
        let labels = words.iter().chain(&wholes).map(|number| self.label(*number)).collect();
        Names { words: written(&words), wholes: written(&wholes), labels, all }
    }

    /// The label of a path in the new policy or, where it vanished, in the old one.
    fn label(&self, number: usize) -> String {
        let name = &self.names[number];
        let label = |side: usize| {
            let node = name.nodes[side].first()?;
            self.trees[side].nodes.get(*node as usize).map(|node| node.label.clone())
        };
        let label = [1, 0].into_iter().find_map(label).filter(|_| name.is_path);
        label.unwrap_or_default()
    }
}

fn size(tree: &Tree, node: u32) -> u32 {
    tree.below(node).ranges().iter().map(|(start, end)| end - start).sum()
}
