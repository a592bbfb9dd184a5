//! The ends of lines: those of the text stay what most of them are.

use std::borrow::Cow;
use std::cmp::Ordering;

/// The text with `\n` at the end of every line. Lines and columns stay what they are.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() }
}

/// A text with `\n` at the ends of its lines, with those that most lines of `like` have; if as many have
/// either, with those of the first.
pub(super) fn as_in(like: &str, text: String) -> String {
    let all = like.matches('\n').count();
    let long = like.matches("\r\n").count();
    let first_is_long = like.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    match long.cmp(&(all - long)) {
        Ordering::Greater => text.replace('\n', "\r\n"),
        Ordering::Equal if first_is_long => text.replace('\n', "\r\n"),
        _ => text,
    }
}
