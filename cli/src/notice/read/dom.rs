//! The tree of an HTML page, with the line of each text.
//!
//! The parser is html5ever's; this module only keeps what it builds. A page of hostile markup is
//! refused by its depth or its size before it costs much: the limits are checked between pieces.

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Most elements in each other: deeper than any page that people write, and far from the end of a
/// thread's stack.
const MOST_DEEP: usize = 400;
/// Most nodes: more than the largest text has words.
const MOST_NODES: usize = 4_000_000;
/// Bytes that are parsed between two checks of the limits.
const PIECE: usize = 4096;

/// Why a page cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("line {line}: over {MOST_DEEP} elements in each other")]
    TooDeep { line: usize },
    #[error("line {line}: the page has over {MOST_NODES} parts")]
    TooLarge { line: usize },
    #[error("line {line}: HTML that is not closed hides what follows it")]
    Unclosed { line: usize },
}

/// What a comment of a page says to this module; see `markdown`.
#[derive(Debug, Clone, Default)]
pub(super) struct Markers {
    /// How such a comment starts; no other comment does.
    pub(super) start: String,
    /// The source line of each.
    pub(super) lines: Vec<usize>,
    /// The cells that are left out of each row with more cells than its table has columns.
    pub(super) excess: Vec<String>,
}

/// The mark for a table row with more cells than the table has columns.
pub(super) const EXCESS: &str = "excess";

#[derive(Debug)]
pub(super) enum Data {
    Element(Rc<QualName>, Vec<Attribute>),
    Text(String),
    /// The row around it has more cells than the table has columns: these, which stand nowhere else.
    Excess(String),
    /// A comment, the document and the like.
    Other,
}

#[derive(Debug)]
pub(super) struct Node {
    parent: Option<usize>,
    depth: usize,
    pub(super) children: Vec<usize>,
    pub(super) data: Data,
    pub(super) line: usize,
}

/// The parsed page; the first node is the document.
#[derive(Debug)]
pub(super) struct Dom {
    pub(super) nodes: Vec<Node>,
}

impl Dom {
    /// The name of an element, or nothing.
    pub(super) fn tag(&self, id: usize) -> &str {
        match &self.nodes[id].data {
            Data::Element(name, _) => &name.local,
            _ => "",
        }
    }

    pub(super) fn attribute(&self, id: usize, name: &str) -> Option<&str> {
        let Data::Element(_, attributes) = &self.nodes[id].data else { return None };
        let attribute = attributes.iter().find(|attribute| &*attribute.name.local == name)?;
        Some(&attribute.value)
    }

    /// An attribute as a number.
    pub(super) fn number(&self, id: usize, name: &str) -> Option<usize> {
        self.attribute(id, name)?.trim().parse().ok()
    }

    /// The text of a node with all that stands in it, as it is written.
    pub(super) fn text(&self, id: usize) -> String {
        let mut text = String::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            match &self.nodes[id].data {
                Data::Text(part) => text += part,
                _ => pending.extend(self.nodes[id].children.iter().rev()),
            }
        }
        text
    }

    /// Where a link leads, if its text is another address.
    fn elsewhere(&self, id: usize) -> Option<String> {
        let target = self.attribute(id, "href").filter(|_| self.tag(id) == "a")?.trim();
        let text = self.text(id);
        let text = text.trim();
        let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
        let target = match target.strip_prefix("mailto:") {
            Some(target) if text.contains('@') => target.split('?').next().unwrap_or(target),
            None if is_address(target) && is_address(text) => target,
            _ => return None,
        };
        let same = target.trim_end_matches('/') == text.trim_end_matches('/');
        (!same).then(|| target.to_owned())
    }

    /// Writes out as Markdown does what an element says of its text: that it is struck out, refers to a note, or leads to
    /// another address.
    fn write_out(&mut self) {
        for id in 0..self.nodes.len() {
            let elsewhere = self.elsewhere(id).map(|address| format!(" ({address})"));
            let (before, after) = match self.tag(id) {
                "s" | "del" | "strike" => (STRUCK, STRUCK),
                "sup" => NOTE,
                "a" => match &elsewhere {
                    Some(address) => ("", address.as_str()),
                    None => continue,
                },
                "input" if self.attribute(id, "type") == Some("checkbox") => {
                    (if self.attribute(id, "checked").is_some() { "[x]" } else { "[ ]" }, " ")
                }
                _ => continue,
            };
            let (line, depth) = (self.nodes[id].line, self.nodes[id].depth + 1);
            let mut add = |text: &str| {
                let data = Data::Text(text.to_owned());
                self.nodes.push(Node { parent: Some(id), depth, children: Vec::new(), data, line });
                self.nodes.len() - 1
            };
            let (first, last) = (add(before), add(after));
            self.nodes[id].children.insert(0, first);
            self.nodes[id].children.push(last);
        }
    }
}

/// Around a text that is struck out.
pub(crate) const STRUCK: &str = "~~";
/// Around the mark of a note.
pub(crate) const NOTE: (&str, &str) = ("[^", "]");

/// Parses a page. Every marker must be found: one that is not stands in HTML that was not closed.
pub(super) fn parse(html: &str, markers: &Markers) -> Result<Dom, ReadError> {
    let sink = Sink {
        nodes: RefCell::new(Vec::new()),
        html_line: Cell::new(1),
        offset: Cell::new(0),
        found: RefCell::new(vec![false; markers.lines.len()]),
        too_deep: Cell::new(false),
        markers,
    };
    sink.add(Data::Other);
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        parser.process(StrTendril::from_slice(piece));
        parser.tokenizer.sink.sink.check()?;
        rest = more;
    }
    let sink = parser.finish();
    sink.check()?;
    if let Some(at) = sink.found.borrow().iter().position(|found| !found) {
        let line = markers.lines[at.saturating_sub(1)];
        return Err(ReadError::Unclosed { line });
    }
    let mut dom = Dom { nodes: sink.nodes.into_inner() };
    dom.write_out();
    Ok(dom)
}

/// A node for the parser, with its name.
#[derive(Debug, Clone)]
struct Handle {
    id: usize,
    name: Option<Rc<QualName>>,
}

struct Sink<'m> {
    nodes: RefCell<Vec<Node>>,
    html_line: Cell<usize>,
    /// The source line of the HTML's first line, as the last marker has it; it may be negative.
    offset: Cell<isize>,
    found: RefCell<Vec<bool>>,
    too_deep: Cell<bool>,
    markers: &'m Markers,
}

impl Sink<'_> {
    fn line(&self) -> usize {
        self.html_line.get().saturating_add_signed(self.offset.get()).max(1)
    }

    fn check(&self) -> Result<(), ReadError> {
        let line = self.line();
        match (self.too_deep.get(), self.nodes.borrow().len() > MOST_NODES) {
            (true, _) => Err(ReadError::TooDeep { line }),
            (_, true) => Err(ReadError::TooLarge { line }),
            _ => Ok(()),
        }
    }

    fn add(&self, data: Data) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        let name = match &data {
            Data::Element(name, _) => Some(Rc::clone(name)),
            _ => None,
        };
        let line = self.line();
        nodes.push(Node { parent: None, depth: 0, children: Vec::new(), data, line });
        Handle { id: nodes.len() - 1, name }
    }

    /// The node to insert, or nothing if its text was added to the text before it.
    fn child(&self, before: Option<usize>, child: NodeOrText<Handle>) -> Option<usize> {
        match child {
            NodeOrText::AppendNode(node) => Some(node.id),
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                if let Some(Data::Text(known)) = before.map(|id| &mut nodes[id].data) {
                    known.push_str(&text);
                    return None;
                }
                drop(nodes);
                Some(self.add(Data::Text(text.to_string())).id)
            }
        }
    }

    fn insert(&self, parent: usize, at: usize, child: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        self.too_deep.set(self.too_deep.get() || depth > MOST_DEEP);
        nodes[child].parent = Some(parent);
        nodes[child].depth = depth;
        nodes[parent].children.insert(at, child);
    }

    /// The place of a node among its siblings, searched from the end, where the parser works.
    fn place(&self, id: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[id].parent?;
        let at = nodes[parent].children.iter().rposition(|child| *child == id)?;
        Some((parent, at))
    }

    fn marker(&self, text: &str) -> Option<Data> {
        let rest = text.strip_prefix(self.markers.start.as_str())?;
        if self.markers.start.is_empty() {
            return None;
        }
        if let Some(number) = rest.strip_prefix(EXCESS) {
            let number: usize = number.parse().ok()?;
            return Some(Data::Excess(self.markers.excess.get(number)?.clone()));
        }
        let number: usize = rest.parse().ok()?;
        let line = *self.markers.lines.get(number)?;
        let html = isize::try_from(self.html_line.get()).ok()?;
        self.offset.set(isize::try_from(line).ok()? - html);
        self.found.borrow_mut()[number] = true;
        Some(Data::Other)
    }
}

impl TreeSink for Sink<'_> {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a>
        = Name<'a>
    where
        Self: 'a;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: None }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        Name(target.name.as_deref())
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        self.add(Data::Element(Rc::new(name), attributes))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        let data = self.marker(&text).unwrap_or(Data::Other);
        self.add(data)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.add(Data::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let (last, count) = {
            let nodes = self.nodes.borrow();
            let children = &nodes[parent.id].children;
            (children.last().copied(), children.len())
        };
        if let Some(child) = self.child(last, child) {
            self.insert(parent.id, count, child);
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let has_parent = self.nodes.borrow()[element.id].parent.is_some();
        match has_parent {
            true => self.append_before_sibling(element, child),
            false => self.append(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.id == other.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        let Some((parent, at)) = self.place(sibling.id) else { return };
        let before = at.checked_sub(1).map(|before| self.nodes.borrow()[parent].children[before]);
        if let Some(child) = self.child(before, child) {
            self.insert(parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        if let Some((parent, at)) = self.place(target.id) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(at);
            nodes[target.id].parent = None;
        }
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[node.id].children);
        for child in children {
            let count = self.nodes.borrow()[parent.id].children.len();
            self.insert(parent.id, count, child);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.html_line.set(usize::try_from(line).unwrap_or(usize::MAX));
    }

    fn allow_declarative_shadow_roots(&self, _: &Handle) -> bool {
        false
    }
}

/// The name of an element; of the document, an empty one.
#[derive(Debug)]
struct Name<'a>(Option<&'a QualName>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &html5ever::Namespace {
        static EMPTY: html5ever::Namespace = html5ever::ns!();
        self.0.map_or(&EMPTY, |name| &name.ns)
    }

    fn local_name(&self) -> &html5ever::LocalName {
        static EMPTY: html5ever::LocalName = html5ever::local_name!("");
        self.0.map_or(&EMPTY, |name| &name.local)
    }
}
