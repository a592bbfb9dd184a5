//! From tokens to symbols and the places that name them.

use super::symbol::{Occurrence, Symbol, SymbolId, SymbolKind};
use crate::model::{Found, Tree};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tokens::{Class, Mark, Subject};
use crate::syntax::tree::Hierarchy;
use hashbrown::HashMap;
use std::borrow::Cow;

/// All symbols, the nodes of the hierarchies first, and all their occurrences by place.
pub(super) fn collect(
    sources: &Sources,
    marks: &[(FileId, Vec<Mark>)],
    hierarchies: &[Tree; 4],
    tags: &Tree,
) -> (Vec<Symbol>, Vec<Occurrence>) {
    let [categories, methods, purposes, recipients] = hierarchies.each_ref();
    let trees = [categories, methods, purposes, recipients, tags];
    let mut symbols = Vec::new();
    let mut first = [0; TREES];
    let subjects = Hierarchy::ALL.map(Subject::Node).into_iter().chain([Subject::Tag]);
    for ((tree, subject), first) in trees.into_iter().zip(subjects).zip(&mut first) {
        *first = symbols.len() as u32;
        symbols.extend(tree.nodes.iter().map(|node| Symbol {
            kind: SymbolKind::of(subject),
            name: node.path.clone(),
            label: node.label.clone(),
        }));
    }
    let mut collector = Collector {
        trees,
        references: trees.map(Tree::references),
        first,
        declared: vec![true; symbols.len()],
        ids: HashMap::new(),
        symbols,
        occurrences: Vec::new(),
    };
    for (file, marks) in marks {
        collector.file(*file, sources.file(*file).text(), marks);
    }
    collector.finish()
}

/// The hierarchies and the tags.
const TREES: usize = 5;

/// The place of a subject among the trees, if it is a node of one.
fn tree_of(subject: Subject) -> Option<usize> {
    match subject {
        Subject::Node(hierarchy) => Some(hierarchy as usize),
        Subject::Tag => Some(TREES - 1),
        _ => None,
    }
}

/// A token with its text.
#[derive(Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    span: Span,
    class: Class,
    is_entry: bool,
    names: Option<(Subject, bool)>,
}

impl<'t> Token<'t> {
    fn new(file: FileId, text: &'t str, mark: Mark) -> Self {
        let Mark { start, end, class, is_entry, names } = mark;
        let span = Span { file, start, end };
        Self { text: &text[span.range()], span, class, is_entry, names }
    }
}

struct Collector<'t> {
    trees: [&'t Tree; TREES],
    references: [crate::model::References<'t>; TREES],
    /// The symbol of each tree's first node.
    first: [u32; TREES],
    symbols: Vec<Symbol>,
    declared: Vec<bool>,
    /// The symbols that are not nodes.
    ids: HashMap<(SymbolKind, String), SymbolId>,
    occurrences: Vec<Occurrence>,
}

impl Collector<'_> {
    fn file(&mut self, file: FileId, text: &str, marks: &[Mark]) {
        // For each brace around, the path of its node.
        let mut around: Vec<Option<String>> = Vec::new();
        let mut head = None;
        let mut fact = String::new();
        // The symbol that a following label belongs to.
        let mut labelled = None;
        // The fact that is being declared, and its choices.
        let mut choices = Vec::new();
        for mark in marks {
            let token = Token::new(file, text, *mark);
            if token.is_entry {
                (head, labelled) = (None, None);
                self.label_after_choices(&mut choices);
            }
            match token.class {
                Class::Open => around.push(head.take()),
                Class::Close => {
                    around.pop();
                }
                Class::Text => self.label(labelled.take(), token.text),
                _ => {}
            }
            let Some((subject, declares)) = token.names else { continue };
            let name = plain(token.text);
            match (subject, tree_of(subject)) {
                (_, Some(tree)) if declares => {
                    let parent = around.last().cloned().flatten();
                    let path = parent
                        .map_or_else(|| name.to_string(), |parent| format!("{parent}.{name}"));
                    self.node_declared(tree, &path, token);
                    head = Some(path);
                }
                (_, Some(tree)) => self.path(tree, token),
                (Subject::Choice, _) => {
                    let name = format!("{fact}.{name}");
                    let id = self.named(SymbolKind::Choice, name, declares, token);
                    labelled = declares.then_some(id);
                    choices.extend(labelled);
                }
                _ => {
                    if subject == Subject::Fact {
                        fact = name.to_string();
                    }
                    let id =
                        self.named(SymbolKind::of(subject), name.into_owned(), declares, token);
                    labelled = declares.then_some(id);
                    if subject == Subject::Fact && declares {
                        choices = vec![id];
                    }
                }
            }
        }
        self.label_after_choices(&mut choices);
    }

    /// Gives the label of the last choice to a fact without one, if no other choice has one. Takes the fact and its
    /// choices.
    fn label_after_choices(&mut self, declared: &mut Vec<SymbolId>) {
        let declared = std::mem::take(declared);
        let Some((last, others)) = declared.split_last() else { return };
        let label = |id: &SymbolId| self.symbols[id.0 as usize].label.as_str();
        if let Some(fact) = others.first()
            && others.iter().all(|id| label(id).is_empty())
        {
            let label = std::mem::take(&mut self.symbols[last.0 as usize].label);
            self.symbols[fact.0 as usize].label = label;
        }
    }

    fn label(&mut self, symbol: Option<SymbolId>, quoted: &str) {
        if let Some(symbol) = symbol.and_then(|id| self.symbols.get_mut(id.0 as usize))
            && symbol.label.is_empty()
        {
            symbol.label = crate::syntax::unquoted(quoted);
        }
    }

    fn node_declared(&mut self, tree: usize, path: &str, token: Token<'_>) {
        if let Found::One(node) = self.references[tree].find(path)
            && self.trees[tree].path(node) == path
        {
            self.occur(token.span, SymbolId(self.first[tree] + node), true);
        }
    }

    /// A reference: its last name is the node's, the names before are those of its parents.
    fn path(&mut self, of: usize, token: Token<'_>) {
        let Found::One(node) = self.references[of].find(&plain(token.text)) else {
            return;
        };
        let tree = self.trees[of];
        let first = self.occurrences.len();
        let mut node = Some(node);
        let mut end = token.span.end;
        // A tag is its path, without the `#`.
        let path = token.text.strip_prefix('#').unwrap_or(token.text);
        for name in path.rsplit('.') {
            let Some(id) = node else { break };
            let start = end - name.len() as u32; // a part of the file
            let span = Span { start, end, ..token.span };
            self.occur(span, SymbolId(self.first[of] + id), false);
            end = start.saturating_sub(1);
            node = tree.nodes[id as usize].parent;
        }
        self.occurrences[first..].reverse(); // by place, as the others are
    }

    fn named(
        &mut self,
        kind: SymbolKind,
        name: String,
        declares: bool,
        token: Token<'_>,
    ) -> SymbolId {
        let id = *self.ids.entry((kind, name.clone())).or_insert_with(|| {
            self.symbols.push(Symbol { kind, name, label: String::new() });
            self.declared.push(false);
            SymbolId(self.symbols.len() as u32 - 1)
        });
        self.declared[id.0 as usize] |= declares;
        self.occur(token.span, id, declares);
        id
    }

    fn occur(&mut self, span: Span, symbol: SymbolId, declares: bool) {
        self.occurrences.push(Occurrence { span, symbol, declares });
    }

    /// Removes symbols that are not declared.
    fn finish(self) -> (Vec<Symbol>, Vec<Occurrence>) {
        let mut ids = Vec::with_capacity(self.symbols.len());
        let mut kept = Vec::with_capacity(self.symbols.len());
        for (symbol, declared) in self.symbols.into_iter().zip(&self.declared) {
            ids.push(SymbolId(kept.len() as u32));
            if *declared {
                kept.push(symbol);
            }
        }
        let mut occurrences = self.occurrences;
        occurrences.retain(|o| self.declared[o.symbol.0 as usize]);
        for occurrence in &mut occurrences {
            occurrence.symbol = ids[occurrence.symbol.0 as usize];
        }
        occurrences.sort_by_key(|o| o.span);
        (kept, occurrences)
    }
}

/// A name or a tag without backquotes and `#`.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches('#');
    match text.contains('`') {
        true => text.replace('`', "").into(),
        false => text.into(),
    }
}
