//! Policies of any size over one vocabulary.
//!
//! The vocabulary stays the same from a hundred rules to a hundred thousand, so that a row of the table
//! shows what more rules cost and nothing else.

use super::{Rule, World};
use crate::random::Random;

const CATEGORIES: u32 = 2_000;
const METHODS: u32 = 10;
const PURPOSES: u32 = 200;
const FIELDS_IN_A_GROUP: u32 = 50; // names look like the real list's: a group, a dot, a leaf
const PURPOSES_IN_AN_AREA: u32 = 10;

impl World {
    /// `rules` rules of one to three categories, one or two methods and one to three purposes.
    #[must_use]
    pub fn generated(rules: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        Self {
            categories: (0..CATEGORIES)
                .map(|place| format!("data_{:02}.field_{place:04}", place / FIELDS_IN_A_GROUP))
                .collect(),
            methods: (0..METHODS).map(|place| format!("way_{place}")).collect(),
            purposes: (0..PURPOSES)
                .map(|place| format!("area_{:02}.purpose_{place:03}", place / PURPOSES_IN_AN_AREA))
                .collect(),
            rules: (0..rules).map(|_| rule(&mut random)).collect(),
        }
    }
}

fn rule(random: &mut Random) -> Rule {
    Rule {
        categories: some(random, 3, CATEGORIES),
        methods: some(random, 2, METHODS),
        purposes: some(random, 3, PURPOSES),
    }
}

/// One to `most` different numbers below `bound`, in order.
fn some(random: &mut Random, most: usize, bound: u32) -> Vec<u32> {
    let count = 1 + random.below(most);
    let mut chosen = Vec::with_capacity(count);
    while chosen.len() < count {
        let place = u32::try_from(random.below(bound as usize)).expect("it is below a u32");
        if !chosen.contains(&place) {
            chosen.push(place);
        }
    }
    chosen.sort_unstable();
    chosen
}
