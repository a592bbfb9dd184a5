//! The parts of a drafted policy, and how they are written.

use super::names::Names;
use std::collections::HashMap;
use std::fmt::Write;
use whyfor::symbols::{commented, quoted};

/// A node of a hierarchy.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) open: bool,
    pub(super) guess: Option<String>,
    pub(super) parent: Option<usize>,
}

/// One hierarchy. A label has one node, however often the list repeats it.
#[derive(Debug)]
pub(super) struct Hierarchy {
    word: &'static str,
    names: Names,
    pub(super) nodes: Vec<Node>,
    by_key: HashMap<String, usize>,
}

impl Hierarchy {
    pub(super) fn new(word: &'static str) -> Self {
        Self { word, names: Names::default(), nodes: Vec::new(), by_key: HashMap::new() }
    }

    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// Adds a node; `key` identifies its label.
    pub(super) fn add(
        &mut self,
        key: String,
        label: &str,
        open: bool,
        parent: Option<usize>,
    ) -> usize {
        let name = self.names.name(label, self.word);
        let id = self.nodes.len();
        let label = label.to_owned();
        self.nodes.push(Node { name, label, open, guess: None, parent });
        self.by_key.entry(key).or_insert(id);
        id
    }

    pub(super) fn name(&self, id: usize) -> &str {
        &self.nodes[id].name
    }

    fn write(&self, text: &mut String) {
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
        let _ = write!(text, "{} {}{open}", node.name, quoted(&node.label));
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

/// A section with the text of its statements.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) statements: Vec<String>,
}

/// The whole draft.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) source: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) categories: Hierarchy,
    pub(super) methods: Hierarchy,
    pub(super) purposes: Hierarchy,
    pub(super) recipients: Hierarchy,
    pub(super) duties: Vec<(String, String)>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) sections: Vec<Section>,
}

impl Draft {
    /// The policy's text, unformatted.
    pub(super) fn write(&self) -> String {
        let mut text = format!(
            "// Drafted from {}: a start to edit. What was guessed is marked `guessed`.\n\
             // `whyfor check` compiles it, `whyfor notice --check` compares it with the published list.\n\n\
             policy {} {}\n\n",
            commented(&self.source),
            self.name,
            quoted(&self.title)
        );
        for hierarchy in [&self.categories, &self.methods, &self.purposes, &self.recipients] {
            hierarchy.write(&mut text);
        }
        for (word, list) in [("fact", &self.facts), ("duty", &self.duties)] {
            for (name, label) in list {
                let _ = writeln!(text, "{word} {name} {}", quoted(label));
            }
            if !list.is_empty() {
                text.push('\n');
            }
        }
        for (at, section) in self.sections.iter().enumerate() {
            let gap = if at > 0 { "\n" } else { "" };
            let _ = writeln!(text, "{gap}section {} {} {{", section.name, quoted(&section.title));
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
}
