//! Lists of bounded length in messages.

/// The most members of a circle, or meanings of a name, that a message shows.
pub(super) const MOST_SHOWN: usize = 8;
/// A circle as text: `a > b > a`, shortened where it is long.
pub(super) fn circle<'a>(members: impl ExactSizeIterator<Item = &'a str> + Clone) -> String {
    let gap = (members.len() > MOST_SHOWN).then_some("…");
    let shown = members.clone().take(MOST_SHOWN).chain(gap).chain(members.take(1));
    shown.collect::<Vec<_>>().join(" > ")
}
