//! The index of field patterns: it finds the few of thousands that may match a name.
//!
//! Each pattern is filed under its longest literal, in one of three tries: for literals at the start of a
//! name, for those at its end (read backwards), and for those anywhere in it. A name that is walked through
//! the tries meets the few patterns whose literal it contains; each of them is then matched in full. So the
//! cost depends on the name and on how many patterns share its letters, not on how many patterns there are.
//! Lookups need no further memory. A lazy DFA would store states for names that an attacker chooses.

use super::ascending::Ascending;
use super::glob::{self, Anatomy, Shape};
use super::ids::{FieldId, ListAt, PatternId};
use super::once::Seen;
use super::schema::{PatternRecord, TrieNode};
use crate::limits::MAX_FIELD_NAME;

const PREFIX_ROOT: usize = 0;
const SUFFIX_ROOT: usize = 1;
const INNER_ROOT: usize = 2;

/// The class of each byte. Letters (upper and lower case together), digits and the punctuation of names have
/// a class each; rare bytes share classes. Every pattern that is met is matched in full, so a shared class
/// costs time and never changes an answer.
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
    /// Lists of patterns, each after its length.
    pub(crate) lists: &'a [u32],
    pub(crate) records: &'a [PatternRecord],
    /// For each `field` statement, the list of its exceptions.
    pub(crate) exceptions: &'a [ListAt],
    pub(crate) text: &'a str,
}

impl Patterns<'_> {
    /// Visits every `field` statement that maps the name, each once.
    ///
    /// Every list, and the exceptions of every statement, are read once for a name. So the worst case is
    /// O(length² + patterns whose literal is in the name × length).
    pub(crate) fn visit(&self, name: &str, mut visit: impl FnMut(FieldId)) {
        if name.len() > MAX_FIELD_NAME || self.records.is_empty() {
            return;
        }
        let mut fields = Seen::default();
        let mut candidates = |list: ListAt| {
            for pattern in self.list(list) {
                let field = self.matching(*pattern, name);
                let new = field.filter(|field| fields.add(u64::from(field.0)));
                if let Some(field) = new.filter(|field| !self.is_excepted(*field, name)) {
                    visit(field);
                }
            }
        };
        let bytes = name.as_bytes();
        self.walk(PREFIX_ROOT, bytes.iter(), &mut candidates);
        self.walk(SUFFIX_ROOT, bytes.iter().rev(), &mut candidates);
        if self.nodes.get(INNER_ROOT).is_some_and(|node| node.edges.get() != 0) {
            // A literal may occur many times in a name.
            let mut lists = Seen::default();
            for start in 0..bytes.len() {
                self.walk(INNER_ROOT, bytes[start..].iter(), &mut |list| {
                    if lists.add(u64::from(list.0)) {
                        candidates(list);
                    }
                });
            }
        }
    }

    /// Checks that children come after their parents, and that lists do not overlap; see `verify`.
    pub(super) fn verify(&self) -> Option<()> {
        let mut lists = Ascending::default();
        let mut list = |at: ListAt| match at.some() {
            None => Some(()),
            Some(at) => lists.next_list(at, self.lists),
        };
        self.exceptions.iter().try_for_each(|at| list(*at))?;
        for (id, node) in self.nodes.iter().enumerate() {
            let children = node.edges.get().count_ones();
            let end = node.first.checked_add(children)?;
            if children != 0 && (node.first as usize <= id || end as usize > self.nodes.len()) {
                return None;
            }
            list(node.patterns)?;
        }
        Some(())
    }

    /// The patterns and the exceptions of each `field` statement. O(patterns).
    pub(crate) fn of_statements(&self) -> Vec<[Vec<&str>; 2]> {
        let mut fields: Vec<[Vec<&str>; 2]> = vec![Default::default(); self.exceptions.len()];
        let mut is_exception = vec![false; self.records.len()];
        for id in self.exceptions.iter().flat_map(|list| self.list(*list)) {
            if let Some(is_exception) = is_exception.get_mut(id.index()) {
                *is_exception = true;
            }
        }
        for (record, is_exception) in self.records.iter().zip(is_exception) {
            let text = self.text.get(record.text.range());
            let field = fields.get_mut(record.field.index());
            if let (Some(text), Some(field)) = (text, field) {
                field[usize::from(is_exception)].push(text);
            }
        }
        fields
    }

    /// Follows bytes through a trie, and visits the lists on the way.
    fn walk<'b>(
        &self,
        root: usize,
        bytes: impl Iterator<Item = &'b u8>,
        visit: &mut impl FnMut(ListAt),
    ) {
        let Some(mut node) = self.nodes.get(root) else { return };
        node.patterns.some().into_iter().for_each(&mut *visit);
        for byte in bytes {
            let edges = node.edges.get();
            let class = CLASS[*byte as usize];
            if edges >> class & 1 == 0 {
                return;
            }
            let before = (edges & ((1 << class) - 1)).count_ones();
            let child = self.nodes.get(node.first.wrapping_add(before) as usize);
            let Some(child) = child else { return };
            node = child;
            node.patterns.some().into_iter().for_each(&mut *visit);
        }
    }

    fn list(&self, at: ListAt) -> &[PatternId] {
        let list = self.lists.get(at.index()..).and_then(<[u32]>::split_first);
        let Some((length, rest)) = list else { return &[] };
        bytemuck::cast_slice(rest.get(..*length as usize).unwrap_or(&[]))
    }

    /// Whether a statement with a pattern for a name also has an exception for it.
    fn is_excepted(&self, field: FieldId, name: &str) -> bool {
        let exceptions =
            self.exceptions.get(field.index()).map_or(&[][..], |list| self.list(*list));
        exceptions.iter().any(|pattern| self.matching(*pattern, name).is_some())
    }

    /// The statement of a pattern, if it matches.
    fn matching(&self, pattern: PatternId, name: &str) -> Option<FieldId> {
        let record = *self.records.get(pattern.index())?;
        let text = self.text.get(record.text.range())?;
        let shape = match record.shape {
            0 => Shape::Exact,
            1 => Shape::Star,
            2 => Shape::DoubleStar,
            _ => Shape::General,
        };
        let anatomy =
            Anatomy { shape, prefix: record.prefix as usize, suffix: record.suffix as usize };
        if anatomy.prefix.saturating_add(anatomy.suffix) > text.len() {
            return None; // a forged image
        }
        glob::matches(text, anatomy, name).then_some(record.field)
    }
}

/// Builds the index.
#[cfg(feature = "compile")]
pub(crate) mod build {
    use super::{
        Anatomy, CLASS, FieldId, INNER_ROOT, ListAt, PREFIX_ROOT, PatternId, PatternRecord,
        SUFFIX_ROOT, Shape, TrieNode,
    };
    use crate::table::schema::TextSpan;
    use std::collections::BTreeMap;

    /// A built index, ready for an image; the same fields as [`super::Patterns`].
    #[derive(Default)]
    pub(crate) struct Built {
        pub(crate) nodes: Vec<TrieNode>,
        pub(crate) lists: Vec<u32>,
        pub(crate) records: Vec<PatternRecord>,
        pub(crate) exceptions: Vec<ListAt>,
    }

    /// A node of a trie: the indices of its children, and its patterns.
    #[derive(Default)]
    struct Node {
        /// By class of bytes.
        edges: BTreeMap<u8, usize>,
        patterns: Vec<PatternId>,
    }

    /// Builds the index of all `field` statements; `text` stores the text of a pattern.
    /// O(length of all patterns).
    pub(crate) fn build(
        fields: &[crate::model::Field],
        mut text: impl FnMut(&str) -> TextSpan,
    ) -> Built {
        let mut built = Built::default();
        let mut trie: Vec<Node> = (0..3).map(|_| Node::default()).collect();
        for (id, field) in fields.iter().enumerate() {
            let id = FieldId(id as u32);
            for pattern in &field.patterns {
                let pattern_id = built.record(pattern, id, text(pattern));
                file(&mut trie, pattern, pattern_id);
            }
            let exceptions: Vec<PatternId> = field
                .except
                .iter()
                .map(|pattern| built.record(pattern, id, text(pattern)))
                .collect();
            let list = built.list(&exceptions);
            built.exceptions.push(list);
        }
        built.number(&trie);
        built
    }

    impl Built {
        /// Numbers the nodes level by level, the roots first, so that the children of each are consecutive.
        fn number(&mut self, trie: &[Node]) {
            let mut order = vec![PREFIX_ROOT, SUFFIX_ROOT, INNER_ROOT];
            let mut at = 0;
            while let Some(node) = order.get(at).map(|node| &trie[*node]) {
                let bits = node.edges.keys().fold(0u64, |bits, class| bits | 1 << class);
                let first = order.len() as u32;
                let list = self.list(&node.patterns);
                self.nodes.push(TrieNode { edges: bits.into(), first, patterns: list });
                order.extend(node.edges.values());
                at += 1;
            }
        }

        fn record(&mut self, pattern: &str, field: FieldId, text: TextSpan) -> PatternId {
            let anatomy = Anatomy::of(pattern);
            let shape = match anatomy.shape {
                Shape::Exact => 0,
                Shape::Star => 1,
                Shape::DoubleStar => 2,
                Shape::General => 3,
            };
            let (prefix, suffix) = (anatomy.prefix as u32, anatomy.suffix as u32);
            let id = PatternId(self.records.len() as u32);
            self.records.push(PatternRecord { text, shape, prefix, suffix, field });
            id
        }

        fn list(&mut self, patterns: &[PatternId]) -> ListAt {
            if patterns.is_empty() {
                return ListAt::NONE;
            }
            let at = ListAt(self.lists.len() as u32);
            self.lists.push(patterns.len() as u32);
            self.lists.extend(patterns.iter().map(|id| id.0));
            at
        }
    }

    /// Files a pattern under the literal that the fewest names contain.
    fn file(trie: &mut Vec<Node>, pattern: &str, id: PatternId) {
        let anatomy = Anatomy::of(pattern);
        let prefix = &pattern[..anatomy.prefix];
        let suffix = &pattern[pattern.len() - anatomy.suffix..];
        let between = &pattern[anatomy.prefix..pattern.len() - anatomy.suffix];
        let inner = between.split(['*', '?']).max_by_key(|literal| literal.len()).unwrap_or("");
        // An inner literal is searched at every place of a name, so it must be much rarer.
        if inner.len() > prefix.len().max(suffix.len()) + 2 {
            insert(trie, INNER_ROOT, inner.bytes(), id);
        } else if suffix.len() > prefix.len() {
            insert(trie, SUFFIX_ROOT, suffix.bytes().rev(), id);
        } else {
            insert(trie, PREFIX_ROOT, prefix.bytes(), id);
        }
    }

    fn insert(trie: &mut Vec<Node>, root: usize, bytes: impl Iterator<Item = u8>, id: PatternId) {
        let mut node = root;
        for byte in bytes {
            let next = trie.len();
            let edges = &mut trie[node].edges;
            node = *edges.entry(CLASS[byte as usize]).or_insert(next);
            if node == next {
                trie.push(Node::default());
            }
        }
        trie[node].patterns.push(id);
    }
}
