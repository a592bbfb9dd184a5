//! Messages that several files give, and lists of bounded length in them.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::Name;

/// The most members of a circle, or meanings of a name, that a message shows.
pub(super) const MOST_SHOWN: usize = 8;
/// A circle as text: `a > b > a`, shortened where it is long.
pub(super) fn circle<'a>(members: impl ExactSizeIterator<Item = &'a str> + Clone) -> String {
    let gap = (members.len() > MOST_SHOWN).then_some("…");
    let shown = members.clone().take(MOST_SHOWN).chain(gap).chain(members.take(1));
    shown.collect::<Vec<_>>().join(" > ")
}

/// The message for a declaration that differs from the first of its name.
pub(super) fn different(word: &str, name: &Name, first: Span) -> Diagnostic {
    let message = format!("the {word} `{}` is declared twice, differently", name.text);
    Diagnostic::new(Code::DifferentDeclaration, name.span, message)
        .related(first, "first declared here")
        .help("make the two the same, or remove one")
}
