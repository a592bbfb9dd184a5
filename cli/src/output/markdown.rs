//! Text escaped for Markdown, so that it cannot become an image, a link or markup, or break a
//! table.

use whyfor::printable;

/// Inline text, or a line of its own: escapes everything that could begin markup.
pub(crate) fn escape(text: &str) -> String {
    let text = printable(text);
    let start = text.trim_start();
    let mut escaped = String::with_capacity(start.len());
    // At the start of a line, these would begin a list, a heading or a quotation.
    let numbered = start.trim_start_matches(|c: char| c.is_ascii_digit());
    if start.starts_with(['-', '+', '#', '>', '=']) {
        escaped.push('\\');
    } else if numbered.len() < start.len() && numbered.starts_with(['.', ')']) {
        let digits = &start[..start.len() - numbered.len()];
        return format!("{digits}\\{}", escape(numbered));
    }
    for (at, character) in start.char_indices() {
        let is_markup = matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' | '|' | '!' | '$'
        );
        if is_markup || is_part_of_a_link(start, at) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Addresses become links by themselves unless they contain a backslash.
fn is_part_of_a_link(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let is_host = || {
        before
            .get(before.len().saturating_sub(3)..)
            .is_some_and(|www| www.eq_ignore_ascii_case("www"))
    };
    rest.starts_with('@') || rest.starts_with("://") || rest.starts_with('.') && is_host()
}

/// Text in a code span, with a fence longer than any run of backquotes in it.
pub(crate) fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text in a code span in a table cell, where a bar must be escaped.
pub(crate) fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}
