//! The nearest names for a misspelt one.

/// At most this many suggestions: more is no help.
const MOST: usize = 3;

/// The names most like `name`, best first; empty unless one is near.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the length (Damerau 1964), and for
/// dotted paths also a last part that is the same but for case. O(candidates × length²).
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let length = name.chars().count();
    if length < 2 {
        return Vec::new();
    }
    let furthest = (length / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > 4 * (furthest + 1) && !candidate.contains('.') {
            continue;
        }
        let distance = distance(name, candidate);
        if distance <= furthest && candidate != name && !near.iter().any(|(_, n)| *n == candidate) {
            near.push((distance, candidate));
        }
    }
    near.sort();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= best + 1);
    near.truncate(MOST);
    near.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// A dotted candidate is also compared by its tail with as many parts as `name` has.
fn distance(name: &str, candidate: &str) -> usize {
    let whole = strsim::osa_distance(name, candidate);
    let parts = name.matches('.').count() + 1;
    let tail = match candidate.rmatch_indices('.').nth(parts - 1) {
        Some((at, _)) => &candidate[at + 1..],
        None => candidate,
    };
    let folded = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    if folded(tail) == folded(name) {
        return 0;
    }
    whole.min(strsim::osa_distance(name, tail))
}
