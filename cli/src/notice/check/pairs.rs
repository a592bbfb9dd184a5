//! Pairs what a policy and a page have, the most alike first.

use std::cmp::Reverse;

/// Pairs unpaired items, the most alike first; items with nothing in common stay unpaired.
pub(super) fn assign(
    pairs: &mut [Option<usize>],
    count: usize,
    likeness: impl Fn(usize, usize) -> usize,
) {
    let free: Vec<usize> = (0..count).filter(|other| !pairs.contains(&Some(*other))).collect();
    let open: Vec<usize> = (0..pairs.len()).filter(|one| pairs[*one].is_none()).collect();
    let mut scores: Vec<(Reverse<usize>, usize, usize)> = Vec::new();
    for one in &open {
        for other in &free {
            let score = likeness(*one, *other);
            if score > 0 {
                scores.push((Reverse(score), *one, *other));
            }
        }
    }
    scores.sort();
    for (_, one, other) in scores {
        if pairs[one].is_none() && !pairs.contains(&Some(other)) {
            pairs[one] = Some(other);
        }
    }
}
