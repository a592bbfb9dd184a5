//! Classes: columns and planes that nothing tells apart become one, as bytes do in a DFA.

use super::lines::Lines;
use hashbrown::HashMap;

/// Which class each element is in, and what stands for each class. Classes count up in the order of
/// their first elements.
pub(super) struct Classes {
    pub(super) of: Vec<u32>,
    pub(super) representatives: Vec<u32>,
}

/// Classes of equal ids; the representatives are the ids themselves.
pub(super) fn by_id(ids: impl Iterator<Item = u32> + Clone) -> Classes {
    let mut classes = by_key(ids.clone());
    let ids: Vec<u32> = ids.collect();
    for representative in &mut classes.representatives {
        *representative = ids[*representative as usize];
    }
    classes
}

/// Classes of elements by a key each; the representatives are places.
fn by_key<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Classes {
    let mut ids: HashMap<K, u32> = HashMap::new();
    let mut classes = Classes { of: Vec::new(), representatives: Vec::new() };
    for (element, key) in keys.enumerate() {
        let next = classes.representatives.len() as u32;
        let class = *ids.entry(key).or_insert(next);
        if class == next {
            classes.representatives.push(element as u32);
        }
        classes.of.push(class);
    }
    classes
}

/// The planes that have the same line in every row. O(rows × planes).
pub(super) fn planes(rows: &[&[u32]], planes: usize) -> Classes {
    // `use` stays plane 0 by itself, so that it needs no look-up.
    by_key((0..planes).map(|plane| {
        let column: Vec<u32> = rows.iter().map(|row| row[plane]).collect();
        (plane == 0, column)
    }))
}

/// The purposes that have the same outcome on every line. O(runs + lines × columns), the latter a
/// plain scan.
///
/// Each run adds a pseudo-random number at its start and takes it away at its end, so that the sum at
/// a column is a fingerprint of its outcomes on all lines. What the fingerprints unite is then
/// compared in full: a class is never a guess.
pub(super) fn columns(lines: &Lines<'_>, used: &[u32], purposes: u32) -> Classes {
    let mut sums = vec![0u128; purposes as usize + 1];
    for line in used {
        let mut runs = lines.runs(*line).peekable();
        while let Some((start, outcome)) = runs.next() {
            let end = runs.peek().map_or(purposes, |next| next.0);
            let number = random(u64::from(*line) << 32 | u64::from(outcome));
            sums[start as usize] = sums[start as usize].wrapping_add(number);
            sums[end as usize] = sums[end as usize].wrapping_sub(number);
        }
    }
    let fingerprints = sums.iter().take(purposes as usize).scan(0u128, |sum, step| {
        *sum = sum.wrapping_add(*step);
        Some(*sum)
    });
    let classes = by_key(fingerprints);
    if classes.representatives.len() == purposes as usize {
        return classes; // nothing was united
    }
    if agree(lines, used, &classes) { classes } else { by_key(0..purposes) }
}

/// Whether every purpose has its representative's outcome on every line.
fn agree(lines: &Lines<'_>, used: &[u32], classes: &Classes) -> bool {
    let mut cells: Vec<u32> = Vec::new();
    used.iter().all(|line| {
        cells.clear();
        let mut runs = lines.runs(*line).peekable();
        while let Some((_, outcome)) = runs.next() {
            let end = runs.peek().map_or(classes.of.len(), |next| next.0 as usize);
            cells.resize(end, outcome);
        }
        let representative = |class: u32| classes.representatives[class as usize] as usize;
        classes.of.iter().enumerate().all(|(at, class)| cells[at] == cells[representative(*class)])
    })
}

/// A number that depends on every bit of the input (splitmix64, Steele et al. 2014, twice).
fn random(input: u64) -> u128 {
    let mix = |mut z: u64| {
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    };
    let low = mix(input.wrapping_add(0x9E37_79B9_7F4A_7C15));
    u128::from(mix(low ^ input)) << 64 | u128::from(low)
}
