//! The nearest names for a misspelt one.

/// At most this many suggestions: more is no help.
const MOST: usize = 3;
/// A longer name is no misspelling of another, and comparing it would cost its square.
const LONGEST: usize = 100;

/// The names most like `name`, best first; empty unless one is near.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the length (Damerau 1964), and for
/// dotted paths also a last part that is the same but for case. O(candidates × length²).
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let length = name.chars().count();
    if !(2..=LONGEST).contains(&length) {
        return Vec::new();
    }
    let furthest = (length / 3).clamp(1, 4);
    let parts = name.matches('.').count() + 1;
    let near = |candidate: &'a str| {
        let distance = distance(name, candidate, parts, furthest)?;
        (candidate != name).then_some((distance, candidate))
    };
    let mut near: Vec<(usize, &str)> = candidates.into_iter().filter_map(near).collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= best + 1);
    near.truncate(MOST);
    near.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// How far a candidate is, unless further than `furthest`. A dotted candidate is also compared by its
/// tail with as many parts as `name` has.
fn distance(name: &str, candidate: &str, parts: usize, furthest: usize) -> Option<usize> {
    let tail = match candidate.rmatch_indices('.').nth(parts - 1) {
        Some((at, _)) => &candidate[at + 1..],
        None => candidate,
    };
    let bytes = 4 * furthest; // of one character there are at most four
    let of = |other: &str| match other.len().abs_diff(name.len()) <= bytes {
        true => strsim::osa_distance(name, other),
        false => usize::MAX,
    };
    let folded = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    if tail.len() <= 4 * LONGEST && folded(tail) == folded(name) {
        return Some(0);
    }
    Some(of(candidate).min(of(tail))).filter(|distance| *distance <= furthest)
}

/// Bounds what suggestions cost: each is a walk over all names, and after so many unknown names the
/// fault is elsewhere.
#[cfg(feature = "compile")]
pub(crate) struct Patience(std::cell::Cell<u32>);

#[cfg(feature = "compile")]
impl Default for Patience {
    fn default() -> Self {
        Self(std::cell::Cell::new(100))
    }
}

#[cfg(feature = "compile")]
impl Patience {
    /// As [`nearest`], while the patience lasts.
    pub(crate) fn nearest<'a>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Vec<String> {
        if !self.lasts() {
            return Vec::new();
        }
        self.0.set(self.0.get() - 1);
        nearest(name, candidates)
    }

    /// Whether one more walk over all names is worth it.
    pub(crate) fn lasts(&self) -> bool {
        self.0.get() > 0
    }
}
