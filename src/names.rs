//! Similar names for a misspelt one.

/// Most suggestions: more do not help.
const MOST: usize = 3;
/// Longer names are not compared: it would cost the square of their length.
const LONGEST: usize = 100;

/// The names most similar to `name`, best first; empty if none is similar.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the length (Damerau 1964), and for
/// dotted paths also a last part that is the same but for case, `-` and `_`. O(bytes of the
/// candidates), and O(length²) more for each that has nearly the same letters.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let length = name.chars().count();
    if !(2..=LONGEST).contains(&length) {
        return Vec::new();
    }
    let furthest = (length / 3).clamp(1, 4);
    let wanted = Wanted {
        name,
        letters: letters(name),
        parts: name.matches('.').count() + 1,
        furthest,
        most_lost: if name.is_ascii() { furthest } else { 4 * furthest },
    };
    let near = |candidate: &'a str| {
        let distance = wanted.distance(candidate)?;
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

/// The name that candidates are compared with.
struct Wanted<'n> {
    name: &'n str,
    letters: u64,
    parts: usize,
    furthest: usize,
    /// How many of its bytes that many edits can take away: one character each.
    most_lost: usize,
}

impl Wanted<'_> {
    /// How far a candidate is, unless further than the furthest. A dotted candidate is also compared
    /// by its tail with as many parts as the name has.
    fn distance(&self, candidate: &str) -> Option<usize> {
        // A longer tail is not similar, so its start need not be searched further back.
        let window = candidate.len().saturating_sub(4 * (LONGEST + self.furthest) + 1);
        let end = &candidate[candidate.ceil_char_boundary(window)..];
        let tail = match end.rmatch_indices('.').nth(self.parts - 1) {
            Some((at, _)) => &end[at + 1..],
            None => candidate,
        };
        if tail.len() <= 4 * LONGEST && folded(tail).eq(folded(self.name)) {
            return Some(0);
        }
        let of_tail = self.edits(tail);
        if tail.len() == candidate.len() {
            return of_tail;
        }
        of_tail.into_iter().chain(self.edits(candidate)).min()
    }

    /// The distance to a text, unless its length or its letters tell that it is too far.
    fn edits(&self, other: &str) -> Option<usize> {
        let bytes = 4 * self.furthest; // of one character there are at most four
        if other.len().abs_diff(self.name.len()) > bytes {
            return None;
        }
        let lost = self.letters & !letters(other);
        if lost.count_ones() as usize > self.most_lost {
            return None;
        }
        let distance = strsim::osa_distance(self.name, other);
        (distance <= self.furthest).then_some(distance)
    }
}

/// The bytes of a text: one bit for all bytes with equal low six bits.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

/// A text without differences in case and separators.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase)
}

/// Bounds the cost of suggestions: each compares all names. After so many unknown names, the mistake is elsewhere.
#[cfg(feature = "compile")]
pub(crate) struct SuggestionBudget(std::cell::Cell<u32>);

#[cfg(feature = "compile")]
impl Default for SuggestionBudget {
    fn default() -> Self {
        Self(std::cell::Cell::new(100))
    }
}

#[cfg(feature = "compile")]
impl SuggestionBudget {
    /// As [`nearest`], while the budget lasts.
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
