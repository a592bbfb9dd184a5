//! The texts and the lists of numbers of an image, while it is made.

use crate::model::NodeSet;
use crate::table::ids::ListAt;
use crate::table::schema::TextSpan;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// All texts of a policy in one string.
#[derive(Default)]
pub(super) struct Text {
    all: String,
    /// The texts that are stored once.
    distinct: HashTable<TextSpan>,
    hasher: DefaultHashBuilder,
}

impl Text {
    /// Stores a text; equal texts are stored once. Expected O(length).
    pub(super) fn add(&mut self, text: &str) -> TextSpan {
        if let Some(span) = self.find(text) {
            return span;
        }
        let span = self.append(text);
        self.insert(span);
        span
    }

    /// Makes the tails of a path known, which need no text of their own.
    pub(super) fn add_tails(&mut self, path: TextSpan) {
        let dots: Vec<usize> =
            self.all[path.range()].match_indices('.').map(|(at, _)| at).collect();
        for at in dots {
            let start = path.start + at as u32 + 1;
            let tail = TextSpan { start, length: path.start + path.length - start };
            if tail.length > LONGEST_IN_SLOT && self.find(&self.all[tail.range()]).is_none() {
                self.insert(tail);
            }
        }
    }

    /// Where the bytes of a name are. Those of a short one are in its slot.
    pub(super) fn start_of_name(&mut self, name: &str) -> u32 {
        if name.len() <= LONGEST_IN_SLOT as usize { 0 } else { self.add(name).start }
    }

    /// Stores a text, without looking for an equal one.
    pub(super) fn append(&mut self, text: &str) -> TextSpan {
        let span = TextSpan { start: self.all.len() as u32, length: text.len() as u32 };
        self.all.push_str(text);
        span
    }

    pub(super) fn as_str(&self) -> &str {
        &self.all
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.all.into_bytes()
    }

    fn find(&self, text: &str) -> Option<TextSpan> {
        let hash = self.hasher.hash_one(text);
        self.distinct.find(hash, |span| self.all[span.range()] == *text).copied()
    }

    fn insert(&mut self, span: TextSpan) {
        let (all, hasher) = (&self.all, &self.hasher);
        let hash = |span: &TextSpan| hasher.hash_one(&all[span.range()]);
        self.distinct.insert_unique(hash(&span), span, hash);
    }
}

/// The bytes of a name that its slot holds.
const LONGEST_IN_SLOT: u32 = 16;

/// Lists of numbers, each after its length.
#[derive(Default)]
pub(super) struct Lists(pub(super) Vec<u32>);

impl Lists {
    pub(super) fn add(&mut self, list: &[u32]) -> ListAt {
        let at = ListAt(self.0.len() as u32);
        self.0.push(list.len() as u32);
        self.0.extend(list);
        at
    }

    pub(super) fn add_set(&mut self, set: &NodeSet) -> ListAt {
        let ranges: Vec<u32> = set.ranges().iter().flat_map(|(a, b)| [*a, *b]).collect();
        self.add(&ranges)
    }
}
