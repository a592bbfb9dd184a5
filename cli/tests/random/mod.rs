//! Random policies for the properties of lists that are written and read back, from seeds.
//!
//! - `names`: hierarchies with labels, groups and tags;
//! - `policy`: statements in sections;
//! - `decisions`: what a draft answers beside its source, node by node.

pub(crate) mod decisions;
pub(crate) mod names;
pub(crate) mod policy;

/// Numbers that look random and are the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Up to `most` of a list, at least one, each once, in random order.
    pub(crate) fn some<T: Copy>(&mut self, list: &[T], most: usize) -> Vec<T> {
        let mut left = list.to_vec();
        let count = (1 + self.below(most)).min(left.len());
        (0..count).map(|_| left.remove(self.below(left.len()))).collect()
    }
}
