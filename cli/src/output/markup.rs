//! Text in a page or a picture, and its width.
//!
//! Labels may contain any character, so all text is [`escape`]d for markup and [`clip`]ped where
//! space is limited.

use std::borrow::Cow;
use std::fmt::Display;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use whyfor::printable;

/// Escapes text for HTML and XML, in content and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Replaces each `{{name}}` of a template in one pass; inserted text is not expanded again.
pub(crate) fn fill(template: &str, text: impl Fn(&str) -> String) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        page.push_str(before);
        page.push_str(&text(name));
        rest = after;
    }
    page + rest
}

/// The width of a text in terminal columns: one for most letters, two for most of CJK.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, or as much as fits, with an ellipsis.
pub(crate) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    if text.width() <= most {
        return text.into();
    }
    let mut room = most.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|c| {
            let wide = c.width().unwrap_or(0);
            let fits = wide <= room;
            room = room.saturating_sub(wide);
            fits
        })
        .collect();
    format!("{}…", kept.trim_end()).into()
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 line`, `1,024 lines`.
pub(crate) fn counted(count: impl Display, one: &str, many: &str) -> String {
    let number = grouped(count);
    let things = if number == "1" { one } else { many };
    format!("{number} {things}")
}
