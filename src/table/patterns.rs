//! The index of field patterns: which of thousands may match a name, in the length of the name.
//!
//! Each pattern is filed under its longest literal, in one of three tries: literals that a name must
//! start with, those that it must end with (read backwards), and those that it must have somewhere.
//! Walking a name through the tries meets the few patterns whose literal is there, and each is then
//! matched in full. So the cost depends on the name and on how many patterns share its letters, not
//! on how many there are. Tries need no memory beside themselves, where a lazy DFA would remember
//! what an attacker asks for.

use super::glob::{self, Anatomy, Shape};
use super::once::Seen;
use super::tables::span;
use super::verify::Ascending;
use crate::limits::MAX_FIELD_NAME;

/// A node of a trie: a bit for each class of bytes that leads on (low, high word), the first of the
/// nodes that they lead to, in the order of the bits, and where its list of patterns is.
pub(crate) type TrieNode = [u32; 4];
/// A pattern: where its text is, how long, its shape and prefix, its suffix, its statement.
pub(crate) type PatternRecord = [u32; 6];

pub(crate) const PREFIX_ROOT: u32 = 0;
pub(crate) const SUFFIX_ROOT: u32 = 1;
pub(crate) const INNER_ROOT: u32 = 2;
/// The list of a node without patterns.
pub(crate) const NO_LIST: u32 = u32::MAX;

/// The class of each byte: letters without case, digits and the punctuation of names have one each,
/// what is rare shares them. Every pattern that is met is matched in full, so that sharing costs time
/// and never an answer.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            letter @ b'a'..=b'z' => letter - b'a',
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'0'..=b'9' => 26 + digit - b'0',
            b'_' => 36,
            b'.' => 37,
            b'-' => 38,
            other => 39 + other % 25,
        };
        byte += 1;
    }
    class
};

/// The index in an image.
#[derive(Clone, Copy)]
pub(crate) struct Patterns<'a> {
    pub(crate) nodes: &'a [TrieNode],
    /// Lists of patterns, each behind its length.
    pub(crate) lists: &'a [u32],
    pub(crate) records: &'a [PatternRecord],
    /// For each `field` statement, the list of its exceptions.
    pub(crate) exceptions: &'a [u32],
    pub(crate) text: &'a str,
}

impl Patterns<'_> {
    /// Visits every `field` statement that maps the name, each once.
    ///
    /// Every list, and the exceptions of every statement, are looked at once for a name. So it costs
    /// O(length² + patterns whose literal is in the name × length) at the worst.
    pub(crate) fn visit(&self, name: &str, mut visit: impl FnMut(u32)) {
        if name.len() > MAX_FIELD_NAME || self.records.is_empty() {
            return;
        }
        let mut statements = Seen::default();
        let mut found = |list: u32| {
            for pattern in self.list(list) {
                let fits = self.fits(*pattern, name).filter(|s| statements.add(u64::from(*s)));
                if let Some(statement) = fits.filter(|s| !self.is_excepted(*s, name)) {
                    visit(statement);
                }
            }
        };
        let bytes = name.as_bytes();
        self.walk(PREFIX_ROOT, bytes.iter(), &mut found);
        self.walk(SUFFIX_ROOT, bytes.iter().rev(), &mut found);
        if self.nodes.get(INNER_ROOT as usize).is_some_and(|node| node[0] | node[1] != 0) {
            // A literal may be at many places of a name.
            let mut lists = Seen::default();
            for start in 0..bytes.len() {
                self.walk(INNER_ROOT, bytes[start..].iter(), &mut |list| {
                    if lists.add(u64::from(list)) {
                        found(list);
                    }
                });
            }
        }
    }

    /// Checks that tries lead on and never back, and that no two lists overlap; see `verify`.
    pub(super) fn verify(&self) -> Option<()> {
        let mut lists = Ascending::default();
        let mut list = |at: u32| match at {
            NO_LIST => Some(()),
            at => lists.next_list(at, self.lists),
        };
        self.exceptions.iter().try_for_each(|at| list(*at))?;
        for (id, [low, high, first, at]) in self.nodes.iter().enumerate() {
            let children = low.count_ones() + high.count_ones();
            let end = first.checked_add(children)?;
            if children != 0 && (*first as usize <= id || end as usize > self.nodes.len()) {
                return None;
            }
            list(*at)?;
        }
        Some(())
    }

    /// The patterns and the exceptions of each `field` statement. O(patterns).
    pub(crate) fn of_statements(&self) -> Vec<[Vec<&str>; 2]> {
        let mut statements: Vec<[Vec<&str>; 2]> = vec![Default::default(); self.exceptions.len()];
        let mut excepted = vec![false; self.records.len()];
        for id in self.exceptions.iter().flat_map(|list| self.list(*list)) {
            if let Some(excepted) = excepted.get_mut(*id as usize) {
                *excepted = true;
            }
        }
        for (id, [start, length, .., statement]) in self.records.iter().enumerate() {
            let text = self.text.get(span(*start, *length));
            let statement = statements.get_mut(*statement as usize);
            if let (Some(text), Some(statement)) = (text, statement) {
                statement[usize::from(excepted[id])].push(text);
            }
        }
        statements
    }

    fn walk<'b>(
        &self,
        root: u32,
        bytes: impl Iterator<Item = &'b u8>,
        found: &mut impl FnMut(u32),
    ) {
        let Some(mut node) = self.nodes.get(root as usize) else { return };
        if node[3] != NO_LIST {
            found(node[3]);
        }
        for byte in bytes {
            let [low, high, first, _] = *node;
            let bits = u64::from(low) | u64::from(high) << 32;
            let class = CLASS[*byte as usize];
            if bits >> class & 1 == 0 {
                return;
            }
            let before = (bits & ((1 << class) - 1)).count_ones();
            let Some(next) = self.nodes.get(first.wrapping_add(before) as usize) else { return };
            node = next;
            if node[3] != NO_LIST {
                found(node[3]);
            }
        }
    }

    fn list(&self, at: u32) -> &[u32] {
        let Some((length, rest)) = self.lists.get(at as usize..).and_then(<[u32]>::split_first)
        else {
            return &[];
        };
        rest.get(..*length as usize).unwrap_or(&[])
    }

    /// Whether a statement that has a pattern for a name has an exception for it as well.
    fn is_excepted(&self, statement: u32, name: &str) -> bool {
        let exceptions =
            self.exceptions.get(statement as usize).map_or(&[][..], |at| self.list(*at));
        exceptions.iter().any(|pattern| self.fits(*pattern, name).is_some())
    }

    /// The statement of a pattern that matches.
    fn fits(&self, pattern: u32, name: &str) -> Option<u32> {
        let [start, length, shape, prefix, suffix, statement] =
            *self.records.get(pattern as usize)?;
        let text = self.text.get(span(start, length))?;
        let shape = match shape {
            0 => Shape::Exact,
            1 => Shape::Star,
            2 => Shape::DoubleStar,
            _ => Shape::General,
        };
        let anatomy = Anatomy { shape, prefix: prefix as usize, suffix: suffix as usize };
        if anatomy.prefix.saturating_add(anatomy.suffix) > text.len() {
            return None; // a forged image
        }
        glob::matches(text, anatomy, name).then_some(statement)
    }
}

/// Builds the index.
#[cfg(feature = "compile")]
pub(crate) mod build {
    use super::{
        Anatomy, CLASS, INNER_ROOT, NO_LIST, PREFIX_ROOT, PatternRecord, SUFFIX_ROOT, Shape,
        TrieNode,
    };
    use std::collections::BTreeMap;

    /// A built index, ready for an image; the same fields as [`super::Patterns`].
    #[derive(Default)]
    pub(crate) struct Built {
        pub(crate) nodes: Vec<TrieNode>,
        pub(crate) lists: Vec<u32>,
        pub(crate) records: Vec<PatternRecord>,
        pub(crate) exceptions: Vec<u32>,
    }

    #[derive(Default)]
    struct Node {
        /// By class of bytes.
        edges: BTreeMap<u8, u32>,
        patterns: Vec<u32>,
    }

    /// Builds the index of all `field` statements; `text` gives the offset of a pattern's text.
    /// O(length of all patterns).
    pub(crate) fn build(
        fields: &[crate::model::Field],
        mut text: impl FnMut(&str) -> (u32, u32),
    ) -> Built {
        let mut built = Built::default();
        let mut trie: Vec<Node> = (0..3).map(|_| Node::default()).collect();
        for (statement, field) in fields.iter().enumerate() {
            for pattern in &field.patterns {
                let id = built.record(pattern, statement as u32, text(pattern));
                file(&mut trie, pattern, id);
            }
            let exceptions: Vec<u32> = field
                .except
                .iter()
                .map(|pattern| built.record(pattern, statement as u32, text(pattern)))
                .collect();
            let list = built.list(&exceptions);
            built.exceptions.push(list);
        }
        built.number(&trie);
        built
    }

    impl Built {
        /// Numbers the nodes so that the children of each stand side by side: the roots first, then
        /// level by level.
        fn number(&mut self, trie: &[Node]) {
            let mut order: Vec<u32> = vec![PREFIX_ROOT, SUFFIX_ROOT, INNER_ROOT];
            let mut at = 0;
            while let Some(node) = order.get(at).map(|node| &trie[*node as usize]) {
                let bits = node.edges.keys().fold(0u64, |bits, class| bits | 1 << class);
                let first = order.len() as u32;
                let list = self.list(&node.patterns);
                self.nodes.push([bits as u32, (bits >> 32) as u32, first, list]);
                order.extend(node.edges.values());
                at += 1;
            }
        }

        fn record(&mut self, pattern: &str, statement: u32, (start, length): (u32, u32)) -> u32 {
            let anatomy = Anatomy::of(pattern);
            let shape = match anatomy.shape {
                Shape::Exact => 0,
                Shape::Star => 1,
                Shape::DoubleStar => 2,
                Shape::General => 3,
            };
            let (prefix, suffix) = (anatomy.prefix as u32, anatomy.suffix as u32);
            self.records.push([start, length, shape, prefix, suffix, statement]);
            self.records.len() as u32 - 1
        }

        fn list(&mut self, patterns: &[u32]) -> u32 {
            if patterns.is_empty() {
                return NO_LIST;
            }
            let at = self.lists.len() as u32;
            self.lists.push(patterns.len() as u32);
            self.lists.extend(patterns);
            at
        }
    }

    /// Files a pattern under the literal that tells it best from others.
    fn file(trie: &mut Vec<Node>, pattern: &str, id: u32) {
        let anatomy = Anatomy::of(pattern);
        let prefix = &pattern[..anatomy.prefix];
        let suffix = &pattern[pattern.len() - anatomy.suffix..];
        let between = &pattern[anatomy.prefix..pattern.len() - anatomy.suffix];
        let inner = between.split(['*', '?']).max_by_key(|literal| literal.len()).unwrap_or("");
        // A literal somewhere is searched at every place of a name: it must tell much more.
        if inner.len() > prefix.len().max(suffix.len()) + 2 {
            insert(trie, INNER_ROOT, inner.bytes(), id);
        } else if suffix.len() > prefix.len() {
            insert(trie, SUFFIX_ROOT, suffix.bytes().rev(), id);
        } else {
            insert(trie, PREFIX_ROOT, prefix.bytes(), id);
        }
    }

    fn insert(trie: &mut Vec<Node>, root: u32, bytes: impl Iterator<Item = u8>, id: u32) {
        let mut node = root;
        for byte in bytes {
            let next = trie.len() as u32;
            let edges = &mut trie[node as usize].edges;
            node = *edges.entry(CLASS[byte as usize]).or_insert(next);
            if node == next {
                trie.push(Node::default());
            }
        }
        trie[node as usize].patterns.push(id);
    }
}
