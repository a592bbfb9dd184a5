//! The title of a page, and what it says of the policy's header.

use super::drift::Found;
use super::page::Page;
use crate::notice::labelled::COLONS;
use crate::notice::matching;
use crate::notice::read::{HeaderEntry, PageText};
use crate::notice::view::{self, View};

pub(super) fn compare(view: &View, page: &Page, found: &mut Found) {
    title(view, page, found);
    let header = view.header();
    let in_sections = page.sections.iter().flat_map(|section| &section.prose);
    let paragraphs = page.start.iter().chain(in_sections);
    let labelled = page.header.iter().map(|line| Said {
        entry: line.entry,
        text: line.text.text.as_str(),
        line: line.text.line,
    });
    let said: Vec<Said<'_>> =
        labelled.chain(paragraphs.flat_map(|on_page| said(&header, on_page))).collect();
    for line in &header {
        let mut on_page = said.iter().filter(|said| said.entry == line.entry).peekable();
        if on_page.peek().is_none() && !line.may_be_missing {
            let message = format!("the page does not say “{}: {}”", line.label, line.text);
            found.add("header", message, None, None);
        }
        for said in on_page.filter(|said| said.text != line.text) {
            let message = format!(
                "the page says “{}: {}”, the policy “{}”",
                line.label, said.text, line.text
            );
            found.add("header", message, Some(said.line), None);
        }
    }
    let is_known = |entry: HeaderEntry| header.iter().any(|line| line.entry == entry);
    for line in page.header.iter().filter(|line| line.is_among_records && !is_known(line.entry)) {
        let message =
            format!("the page has “{}: {}”, which no statement says", line.label, line.text.text);
        found.add("statement", message, Some(line.text.line), None);
    }
}

fn title(view: &View, page: &Page, found: &mut Found) {
    let title = &view.title;
    match &page.title {
        Some(on_page) if matching::same(&on_page.text, title, &view.words) => {}
        // Its first heading may be of any level.
        None if page
            .sections
            .first()
            .is_some_and(|first| matching::same(&first.title.text, title, &view.words)) => {}
        Some(on_page) => {
            let message = format!("the page is titled “{}”, the policy “{title}”", on_page.text);
            found.add("title", message, Some(on_page.line), None);
        }
        None => {
            let message = format!("the page has no title; the policy's is “{title}”");
            found.add("title", message, None, None);
        }
    }
}

/// A line of the header as the page has it.
struct Said<'p> {
    entry: HeaderEntry,
    text: &'p str,
    line: usize,
}

/// The lines of the header in a paragraph: each label with a colon, and what stands before the next.
fn said<'p>(header: &[view::HeaderLine<'_>], on_page: &'p PageText) -> Vec<Said<'p>> {
    let text = on_page.text.as_str();
    let mut starts: Vec<(usize, usize, HeaderEntry)> = Vec::new();
    for line in header {
        for (at, label) in text.match_indices(line.label) {
            let end = at + label.len();
            let starts_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = text[end..].trim_start();
            if let (true, Some(colon)) = (starts_word, after.strip_prefix(COLONS)) {
                starts.push((at, text.len() - colon.len(), line.entry));
            }
        }
    }
    starts.sort_unstable();
    let ends: Vec<usize> =
        starts.iter().skip(1).map(|(at, ..)| *at).chain(std::iter::once(text.len())).collect();
    let between = starts.iter().zip(ends).filter(|((_, from, _), end)| from <= end);
    between
        .map(|((_, from, entry), end)| Said {
            entry: *entry,
            text: text[*from..end].trim().trim_end_matches(['·', '|', ' ']),
            line: on_page.line,
        })
        .collect()
}
