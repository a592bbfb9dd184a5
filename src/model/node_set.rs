//! Sets of nodes as sorted ranges.
//!
//! Nodes are numbered so that a node's own descendants follow it, hence "a node and everything below
//! it" is one range, or a few where `also` brings nodes from elsewhere; and a set costs its ranges,
//! not its nodes.

/// From `start` to before `end`.
pub(crate) type Range = (u32, u32);

/// A set of nodes of one hierarchy: sorted ranges that neither overlap nor touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct NodeSet(Vec<Range>);

impl NodeSet {
    /// The nodes from 0 to before `count`.
    pub(crate) fn all(count: u32) -> Self {
        Self::from_ranges(vec![(0, count)])
    }

    /// The union of any ranges.
    pub(crate) fn from_ranges(mut ranges: Vec<Range>) -> Self {
        ranges.retain(|(start, end)| start < end);
        ranges.sort_unstable();
        let mut merged: Vec<Range> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self(merged)
    }

    pub(crate) fn ranges(&self) -> &[Range] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The nodes, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(|(start, end)| *start..*end)
    }

    /// O(log ranges).
    pub(crate) fn contains(&self, node: u32) -> bool {
        let at = self.0.partition_point(|(start, _)| *start <= node);
        at > 0 && node < self.0[at - 1].1
    }

    /// O(ranges of both).
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut ranges = Vec::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let common = (a.0.max(b.0), a.1.min(b.1));
            if common.0 < common.1 {
                ranges.push(common);
            }
            if a.1 <= b.1 {
                left.next()
            } else {
                right.next()
            };
        }
        Self(ranges)
    }

    /// O(ranges of both).
    pub(crate) fn difference(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        let mut holes = other.0.as_slice();
        for &(mut start, end) in &self.0 {
            while let [hole, rest @ ..] = holes
                && hole.1 <= start
            {
                holes = rest;
            }
            for hole in holes.iter().take_while(|hole| hole.0 < end) {
                if start < hole.0 {
                    ranges.push((start, hole.0));
                }
                start = start.max(hole.1);
            }
            if start < end {
                ranges.push((start, end));
            }
        }
        Self(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::NodeSet;
    use std::collections::BTreeSet;

    fn set(bits: u16) -> (NodeSet, BTreeSet<u32>) {
        let nodes: BTreeSet<u32> = (0..16).filter(|i| bits >> i & 1 == 1).collect();
        (NodeSet::from_ranges(nodes.iter().map(|n| (*n, n + 1)).collect()), nodes)
    }

    #[test]
    fn set_operations_agree_with_sets_of_numbers() {
        for seed in 0..4000u32 {
            let mixed = seed.wrapping_mul(0x9E37_79B1);
            let ((a, x), (b, y)) = (set(mixed as u16), set((mixed >> 16) as u16));
            let numbers = |s: &NodeSet| s.iter().collect::<Vec<_>>();
            assert_eq!(
                numbers(&a.intersection(&b)),
                x.intersection(&y).copied().collect::<Vec<_>>()
            );
            assert_eq!(numbers(&a.difference(&b)), x.difference(&y).copied().collect::<Vec<_>>());
        }
    }
}
