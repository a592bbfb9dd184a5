//! The parts of a drafted policy, and how they are written.

use super::names::Names;
use super::tags::Tag;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use whyfor::symbols::{commented, quoted, written};

/// What a document says of the parts of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parts {
    /// Nothing.
    Unsaid,
    /// Some of them.
    Open,
    /// All of them: their labels, sorted.
    All(Vec<String>),
}

/// A node of a hierarchy.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) open: bool,
    pub(super) guess: Option<String>,
    pub(super) parent: Option<usize>,
    /// Its name is unique among its siblings only.
    by_path: bool,
    pub(super) parts: Parts,
    pub(super) tags: Vec<String>,
    /// The published tags that are said after its label.
    pub(super) published: Vec<Tag>,
    /// The paths of further parents.
    pub(super) also: Vec<String>,
    /// The longest path from it down.
    below: Size,
}

/// The size of a path.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    bytes: usize,
    names: usize,
}

/// Longest path of a draft: a policy has no longer ones, and names may still get a number.
const LONGEST: Size = Size { bytes: 1000, names: 32 };

/// Most names in each other: a policy has 64 braces.
const DEEPEST: usize = 60;

/// Whether a policy may have a path of these names.
pub(super) fn fits<'n>(path: impl Iterator<Item = &'n str>) -> bool {
    let size = path.fold(Size::default(), |size, name| Size {
        bytes: size.bytes + name.len() + 1,
        names: size.names + 1,
    });
    size.bytes <= LONGEST.bytes && size.names <= DEEPEST
}

/// One hierarchy.
#[derive(Debug)]
pub(super) struct Hierarchy {
    word: &'static str,
    names: Names,
    pub(super) nodes: Vec<Node>,
    by_key: HashMap<String, Vec<usize>>,
}

impl Hierarchy {
    pub(super) fn new(word: &'static str) -> Self {
        Self { word, names: Names::default(), nodes: Vec::new(), by_key: HashMap::new() }
    }

    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.all(key).first().copied()
    }

    /// The nodes that a key identifies.
    pub(super) fn all(&self, key: &str) -> &[usize] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Adds a node. `key` is the key of its label; other nodes may have the same key.
    pub(super) fn add(
        &mut self,
        key: String,
        label: &str,
        open: bool,
        parent: Option<usize>,
    ) -> usize {
        let name = self.names.name(label, self.word);
        let below = Size { bytes: name.len() + 1, names: 1 };
        let parent = parent.filter(|parent| self.has_room(*parent, below));
        let id = self.add_named(key, name, label, open, parent);
        self.nodes[id].by_path = false;
        id
    }

    /// Adds a node with a name of its own; `key` identifies it.
    pub(super) fn add_named(
        &mut self,
        key: String,
        name: String,
        label: &str,
        open: bool,
        parent: Option<usize>,
    ) -> usize {
        let id = self.nodes.len();
        let label = label.to_owned();
        let below = Size { bytes: name.len() + 1, names: 1 };
        self.nodes.push(Node {
            name,
            label,
            open,
            guess: None,
            parent,
            by_path: true,
            parts: Parts::Unsaid,
            tags: Vec::new(),
            published: Vec::new(),
            also: Vec::new(),
            below,
        });
        self.grow(id);
        self.by_key.entry(key).or_default().push(id);
        id
    }

    /// Puts a node that is below no other below this one, unless that would be a circle or too deep.
    pub(super) fn adopt(&mut self, id: usize, parent: usize) {
        if self.nodes[id].parent.is_none()
            && id != parent
            && !self.is_below(parent, id)
            && self.has_room(parent, self.nodes[id].below)
        {
            self.nodes[id].parent = Some(parent);
            self.grow(id);
        }
    }

    /// Whether a path may stand below a node. Without room, its first node stands for itself: a permit for what is above
    /// does not include it.
    fn has_room(&self, parent: usize, below: Size) -> bool {
        let mut above = Size::default();
        for id in std::iter::successors(Some(parent), |id| self.nodes[*id].parent) {
            above.bytes += self.nodes[id].name.len() + 1;
            above.names += 1;
        }
        above.bytes + below.bytes <= LONGEST.bytes && above.names + below.names <= LONGEST.names
    }

    /// Counts a node in the paths of those above it.
    fn grow(&mut self, mut id: usize) {
        while let Some(parent) = self.nodes[id].parent {
            let Size { bytes, names } = self.nodes[id].below;
            let above = self.nodes[parent].name.len() + 1;
            let known = self.nodes[parent].below;
            let below =
                Size { bytes: known.bytes.max(above + bytes), names: known.names.max(names + 1) };
            if (below.bytes, below.names) == (known.bytes, known.names) {
                return;
            }
            self.nodes[parent].below = below;
            id = parent;
        }
    }

    /// The published tags that hold for a node.
    pub(super) fn published(&self, id: usize) -> BTreeSet<Tag> {
        let nodes = std::iter::successors(Some(id), |id| self.nodes[*id].parent);
        nodes.flat_map(|id| self.nodes[id].published.iter().cloned()).collect()
    }

    /// Whether a node is below another one.
    pub(super) fn is_below(&self, id: usize, above: usize) -> bool {
        let mut up = std::iter::successors(self.nodes[id].parent, |id| self.nodes[*id].parent);
        up.any(|id| id == above)
    }

    /// A node as a statement names it: by its path, unless names are unique.
    pub(super) fn reference(&self, id: usize) -> String {
        let mut path = vec![self.nodes[id].name.as_str()];
        let mut node = &self.nodes[id];
        while let (true, Some(parent)) = (node.by_path, node.parent) {
            node = &self.nodes[parent];
            path.push(&node.name);
        }
        path.reverse();
        path.iter().map(|name| written(name)).collect::<Vec<_>>().join(".")
    }

    /// The hierarchy's declarations.
    pub(super) fn write(&self, text: &mut String) {
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            node.parent.iter().for_each(|parent| below[*parent].push(id));
        }
        for id in (0..self.nodes.len()).filter(|id| self.nodes[*id].parent.is_none()) {
            let _ = write!(text, "{} ", self.word);
            self.node(text, id, &below);
        }
        if !self.nodes.is_empty() {
            text.push('\n');
        }
    }

    fn node(&self, text: &mut String, id: usize, below: &[Vec<usize>]) {
        let node = &self.nodes[id];
        let open = if node.open { " open" } else { "" };
        let _ = write!(text, "{}", written(&node.name));
        if !node.label.is_empty() {
            let _ = write!(text, " {}", quoted(&node.label));
        }
        text.push_str(open);
        for tag in &node.tags {
            let _ = write!(text, " #{tag}");
        }
        if !node.also.is_empty() {
            let _ = write!(text, " also {}", node.also.join(", "));
        }
        let guess = node
            .guess
            .as_ref()
            .map_or(String::new(), |guess| format!(" // guessed: {}", commented(guess)));
        let children = &below[id];
        if children.is_empty() {
            let _ = writeln!(text, "{guess}");
            return;
        }
        let _ = writeln!(text, " {{{guess}");
        for child in children {
            self.node(text, *child, below);
        }
        text.push_str("}\n");
    }
}

/// A section with the text of its statements and comments.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) title: String,
    /// What it says in prose.
    pub(super) because: Option<String>,
    pub(super) statements: Vec<String>,
}

/// The whole draft.
#[derive(Debug)]
pub(super) struct Draft {
    /// The entries of the header.
    pub(super) header: Vec<(&'static str, String)>,
    /// Comments at its head.
    pub(super) head: Vec<String>,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) categories: Hierarchy,
    pub(super) methods: Hierarchy,
    pub(super) purposes: Hierarchy,
    pub(super) recipients: Hierarchy,
    /// Declarations of tags, facts, bases, events and duties, by their words.
    pub(super) declarations: Vec<(&'static str, String)>,
    pub(super) fields: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// The order of the declarations.
const WORDS: [&str; 5] = ["tag", "fact", "basis", "event", "duty"];

impl Draft {
    /// The policy's text, unformatted.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        for line in &self.head {
            let _ = writeln!(text, "// {}", commented(line));
        }
        let _ = write!(text, "\npolicy {} {}", self.name, quoted(&self.title));
        if !self.header.is_empty() {
            text.push_str(" {\n");
            for (word, value) in &self.header {
                let _ = writeln!(text, "{word} {}", quoted(value));
            }
            text.push('}');
        }
        text.push_str("\n\n");
        self.declared("tag", &mut text);
        for hierarchy in [&self.categories, &self.methods, &self.purposes, &self.recipients] {
            hierarchy.write(&mut text);
        }
        WORDS[1..].iter().for_each(|word| self.declared(word, &mut text));
        for field in &self.fields {
            let _ = writeln!(text, "{field}");
        }
        if !self.fields.is_empty() {
            text.push('\n');
        }
        for (at, section) in self.sections.iter().enumerate() {
            let gap = if at > 0 { "\n" } else { "" };
            let because = section.because.as_ref();
            let because =
                because.map_or(String::new(), |because| format!(" because {}", quoted(because)));
            let title = quoted(&section.title);
            let _ = writeln!(text, "{gap}section {} {title}{because} {{", section.name);
            for (at, statement) in section.statements.iter().enumerate() {
                if at > 0 {
                    text.push('\n');
                }
                let _ = writeln!(text, "{statement}");
            }
            text += "}\n";
        }
        text
    }

    fn declared(&self, word: &str, text: &mut String) {
        let list = self.declarations.iter().filter(|(known, _)| *known == word);
        let list: Vec<&String> = list.map(|(_, declaration)| declaration).collect();
        for declaration in &list {
            let _ = writeln!(text, "{word} {declaration}");
        }
        if !list.is_empty() {
            text.push('\n');
        }
    }
}
