//! The sections of a page, each compared with the one of the policy that has its title or else its content.

use super::drift::{Drift, Found};
use super::page::{self, Page, Unread};
use super::pairs::assign;
use super::records::Records;
use super::{header, records};
use crate::notice::matching;
use crate::notice::read::PageText;
use crate::notice::view::{self, View};

/// All differences.
pub(super) fn compare(view: &View, page: &Page) -> Vec<Drift> {
    let mut comparison = Comparison { view, found: Found::default() };
    header::compare(view, page, &mut comparison.found);
    let pairs = comparison.sections(page);
    for (section, other) in view.sections.iter().zip(&pairs) {
        comparison.found.section.clone_from(&section.title);
        match other {
            Some(other) => comparison.section(section, &page.sections[*other]),
            None if section.title.is_empty() && section.blocks.is_empty() => {}
            None => {
                let message = match section.title.as_str() {
                    "" => "the page has none of the policy's statements".to_owned(),
                    title => format!("the page has no section “{title}”"),
                };
                comparison.found.add("section", message, None, Some(&section.place));
            }
        }
    }
    for (number, other) in page.sections.iter().enumerate() {
        if !pairs.contains(&Some(number)) {
            comparison.unpaired(other);
        }
    }
    comparison.found.section.clear();
    for Unread { what, text } in &page.unread {
        let message = match *what {
            "code" => format!("the page has code that cannot be compared: “{}”", text.text),
            what => format!("the page has a {what} that cannot be compared: “{}”", text.text),
        };
        comparison.found.add(what, message, Some(text.line), None);
    }
    comparison.found.list
}

struct Comparison<'v> {
    view: &'v View,
    found: Found,
}

impl Comparison<'_> {
    /// For each section of the policy, the matching section of the page.
    fn sections(&self, page: &Page) -> Vec<Option<usize>> {
        let words = &self.view.words;
        let same =
            |a: &view::Section, b: &page::Section| matching::same(&a.title, &b.title.text, words);
        let ours = &self.view.sections;
        let mut pairs: Vec<Option<usize>> = ours
            .iter()
            .map(|section| page.sections.iter().position(|other| same(section, other)))
            .collect();
        let mut seen = Vec::new();
        for pair in &mut pairs {
            pair.take_if(|pair| seen.contains(pair));
            seen.extend(*pair);
        }
        // Renamed sections are matched by content.
        let likeness = |a: usize, b: usize| self.likeness(&ours[a], &page.sections[b]);
        assign(&mut pairs, page.sections.len(), likeness);
        pairs
    }

    fn likeness(&self, section: &view::Section, other: &page::Section) -> usize {
        let mut blocks: Vec<Option<usize>> = vec![None; section.blocks.len()];
        let words = &self.view.words;
        let alike =
            |a: usize, b: usize| records::alike(&section.blocks[a], &other.blocks[b], words);
        assign(&mut blocks, other.blocks.len(), alike);
        let blocks = blocks.iter().enumerate().filter_map(|(a, b)| b.map(|b| alike(a, b)));
        let sentences = section.additional.iter().flat_map(|sentence| {
            other
                .sentences
                .iter()
                .map(|on_page| records::named(&on_page.text, &sentence.phrases, words))
        });
        blocks.sum::<usize>() + sentences.sum::<usize>()
    }

    /// A section of the page that the policy does not have. A section with only prose is not compared.
    fn unpaired(&mut self, other: &page::Section) {
        self.found.section.clone_from(&other.title.text);
        if !other.title.text.is_empty() {
            if !other.is_prose() {
                let message = format!("the policy has no section “{}”", other.title.text);
                self.found.add("section", message, Some(other.title.line), None);
            }
            return;
        }
        for block in &other.blocks {
            let on_page = block.lines.first().map_or("", |(_, on_page)| on_page.text.as_str());
            let message = format!("no statement matches the page's entry about “{on_page}”");
            self.found.add("statement", message, Some(block.line), None);
        }
        for on_page in &other.sentences {
            let message = format!("the page names “{}”, the policy does not", on_page.text);
            self.found.add("purpose", message, Some(on_page.line), None);
        }
    }

    fn section(&mut self, section: &view::Section, other: &page::Section) {
        let headed = !other.title.text.is_empty();
        if headed && !matching::same(&section.title, &other.title.text, &self.view.words) {
            let page = &other.title.text;
            let message = match section.title.as_str() {
                "" => format!("the page heads this section “{page}”, the policy has no section"),
                policy => format!("the page heads this section “{page}”, the policy “{policy}”"),
            };
            self.found.add("section", message, Some(other.title.line), Some(&section.place));
        }
        self.because(section, other);
        Records { words: &self.view.words, section, other, found: &mut self.found }.compare();
        self.sentences(section, other);
    }

    /// What the section says in prose is one of the page's paragraphs.
    fn because(&mut self, section: &view::Section, other: &page::Section) {
        let because = &section.because;
        let words = &self.view.words;
        let is_same = |on_page: &&PageText| matching::same_words(&on_page.text, because);
        if because.is_empty() || other.prose.iter().any(|on_page| is_same(&on_page)) {
            return;
        }
        let alike = |on_page: &&PageText| matching::alike(&on_page.text, because, words);
        let (message, line) = match other.prose.iter().max_by_key(alike).filter(|p| alike(p) > 0) {
            Some(on_page) => {
                (format!("the page says “{}”, the policy “{because}”", on_page.text), on_page.line)
            }
            None => (format!("the page does not say “{because}”"), other.title.line),
        };
        self.found.add("text", message, Some(line), Some(&section.place));
    }

    fn sentences(&mut self, section: &view::Section, other: &page::Section) {
        let words = &self.view.words;
        let mut pairs: Vec<Option<usize>> = vec![None; section.additional.len()];
        // First by what they name, then by their words.
        let alike = |a: usize, b: usize| {
            let (ours, on_page) = (&section.additional[a], &other.sentences[b].text);
            let named = records::named(on_page, &ours.phrases, words);
            named * 100 + matching::alike(on_page, &ours.text, words)
        };
        assign(&mut pairs, other.sentences.len(), alike);
        self.lead(section, other);
        for (sentence, pair) in section.additional.iter().zip(&pairs) {
            match pair {
                Some(pair) => {
                    let on_page = &other.sentences[*pair];
                    records::labels(
                        &mut self.found,
                        words,
                        "purpose",
                        &sentence.phrases,
                        on_page,
                        &sentence.place,
                    );
                }
                None => {
                    let message = format!("the page does not name “{}”", sentence.text);
                    let (line, place) = (other.title.line, &sentence.place);
                    self.found.add("purpose", message, Some(line), Some(place));
                }
            }
        }
        for (number, on_page) in other.sentences.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let message = format!("the page names “{}”, the policy does not", on_page.text);
                self.found.add("purpose", message, Some(on_page.line), Some(&section.place));
            }
        }
    }

    /// The lead of the sentences says which data they are about.
    fn lead(&mut self, section: &view::Section, other: &page::Section) {
        let lead = &self.view.words.additional;
        let on_page = |on_page: &PageText| matching::same(&on_page.text, lead, &self.view.words);
        let Some(first) = section.additional.first() else { return };
        if other.sentences.is_empty() || other.prose.iter().any(on_page) {
            return;
        }
        let (message, line) = match other.prose.last() {
            Some(on_page) => {
                (format!("the page says “{}”, the policy “{lead}”", on_page.text), on_page.line)
            }
            None => (format!("the page does not say “{lead}”"), other.title.line),
        };
        self.found.add("text", message, Some(line), Some(&first.place));
    }
}
