//! The differences between a published page and the policy.
//!
//! Sections are matched by title, or else by content; statements by content. Then lines are
//! compared. A difference has its position on each side where one exists.

use super::matching::{self, Matched};
use super::read::{self, Page, PageText};
use super::sentence::Phrase;
use super::view::{self, Part, View};
use serde::Serialize;
use std::collections::HashMap;
use whyfor::Act;
use whyfor::notice::Place;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Drift {
    /// The section's title in the policy, or on the page.
    pub(crate) section: String,
    /// What differs: `item`, `method`, `purpose` …, `section`, `title`, `statement`, `text`.
    pub(crate) what: &'static str,
    pub(crate) message: String,
    /// The line of the page; `None` if the page lacks it.
    pub(crate) page_line: Option<usize>,
    /// The policy's file and line; `None` if the policy lacks it.
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
}

/// All differences, in the policy's order; content only on the page comes last.
pub(crate) fn compare(view: &View, page: &Page) -> Vec<Drift> {
    let mut comparison = Comparison { view, section: String::new(), found: Vec::new() };
    comparison.titles(page);
    let pairs = comparison.sections(page);
    for (section, other) in view.sections.iter().zip(&pairs) {
        comparison.section.clone_from(&section.title);
        match other {
            Some(other) => comparison.section(section, &page.sections[*other]),
            None => {
                let message = format!("the page has no section “{}”", section.title);
                comparison.add("section", message, None, Some(&section.place));
            }
        }
    }
    for (number, other) in page.sections.iter().enumerate() {
        if !pairs.contains(&Some(number)) {
            comparison.section.clone_from(&other.title.text);
            let message = format!("the policy has no section “{}”", other.title.text);
            comparison.add("section", message, Some(other.title.line), None);
        }
    }
    comparison.found
}

struct Comparison<'v> {
    view: &'v View,
    section: String,
    found: Vec<Drift>,
}

impl Comparison<'_> {
    fn add(
        &mut self,
        what: &'static str,
        message: String,
        page: Option<usize>,
        place: Option<&Place>,
    ) {
        self.found.push(Drift {
            section: self.section.clone(),
            what,
            message,
            page_line: page,
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
        });
    }

    fn titles(&mut self, page: &Page) {
        let title = &self.view.title;
        match &page.title {
            Some(on_page) if matching::same(&on_page.text, title, &self.view.words) => {}
            Some(on_page) => {
                let message =
                    format!("the page is titled “{}”, the policy “{title}”", on_page.text);
                self.add("title", message, Some(on_page.line), None);
            }
            None => self.add(
                "title",
                format!("the page has no title; the policy's is “{title}”"),
                None,
                None,
            ),
        }
    }

    /// For each section of the policy, the matching section of the page.
    fn sections(&self, page: &Page) -> Vec<Option<usize>> {
        let words = &self.view.words;
        let same =
            |a: &view::Section, b: &read::Section| matching::same(&a.title, &b.title.text, words);
        let ours = &self.view.sections;
        let mut pairs: Vec<Option<usize>> = ours
            .iter()
            .map(|section| page.sections.iter().position(|other| same(section, other)))
            .collect();
        // Renamed sections are matched by content.
        let likeness = |a: usize, b: usize| self.likeness(&ours[a], &page.sections[b]);
        assign(&mut pairs, page.sections.len(), likeness);
        pairs
    }

    fn likeness(&self, section: &view::Section, other: &read::Section) -> usize {
        let mut blocks: Vec<Option<usize>> = vec![None; section.blocks.len()];
        let alike = |a: usize, b: usize| self.alike(&section.blocks[a], &other.blocks[b]);
        assign(&mut blocks, other.blocks.len(), alike);
        let blocks = blocks.iter().enumerate().filter_map(|(a, b)| b.map(|b| alike(a, b)));
        let sentences = section.additional.iter().flat_map(|sentence| {
            other.sentences.iter().map(|on_page| self.named(&on_page.text, &sentence.phrases))
        });
        blocks.sum::<usize>() + sentences.sum::<usize>()
    }

    fn named(&self, text: &str, phrases: &[Phrase]) -> usize {
        matching::matched(text, phrases, &self.view.words).named.len()
    }

    /// The number of things that a statement and a block of the page share.
    fn alike(&self, block: &view::Block, other: &read::Block) -> usize {
        let lines = block.lines.iter().flat_map(|line| {
            let on_page = other.lines.iter().filter(|(part, _)| *part == line.part);
            on_page.map(|(_, on_page)| self.named(&on_page.text, &line.phrases))
        });
        lines.sum()
    }

    fn section(&mut self, section: &view::Section, other: &read::Section) {
        let headed = !other.title.text.is_empty();
        if headed && !matching::same(&section.title, &other.title.text, &self.view.words) {
            let (page, policy) = (&other.title.text, &section.title);
            let message = format!("the page heads this section “{page}”, the policy “{policy}”");
            self.add("section", message, Some(other.title.line), Some(&section.place));
        }
        let other = &self.apart(section, other);
        let mut pairs = self.alike_in_words(section, other);
        assign(&mut pairs, other.blocks.len(), |a, b| {
            self.alike(&section.blocks[a], &other.blocks[b])
        });
        for (block, pair) in section.blocks.iter().zip(&pairs) {
            match pair {
                Some(pair) => self.block(block, &other.blocks[*pair], other),
                None => {
                    let on_page = block.lines.first().map_or("", |line| line.text.as_str());
                    let message = format!("the page lacks the statement about “{on_page}”");
                    self.add("statement", message, Some(other.title.line), Some(&block.place));
                }
            }
        }
        for (number, block) in other.blocks.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let on_page = block.lines.first().map_or("", |(_, on_page)| on_page.text.as_str());
                let message = format!("no statement matches the page's entry about “{on_page}”");
                self.add("statement", message, Some(block.line), Some(&section.place));
            }
        }
        self.sentences(section, other);
    }

    /// The page's section, with two blocks for a record of what is collected and shared if the policy
    /// has a statement for each.
    fn apart(&self, section: &view::Section, other: &read::Section) -> read::Section {
        let names = |ours: &view::Block, on_page: &read::Block, part: Part| {
            let line = ours.lines.iter().find(|line| line.part == part);
            let text = on_page.lines.iter().find(|(known, _)| *known == part);
            line.zip(text)
                .is_some_and(|(line, (_, on_page))| self.named(&on_page.text, &line.phrases) > 0)
        };
        let has = |on_page: &read::Block| {
            let Some((_, act)) = on_page.about else { return false };
            let (act, party) = match act {
                Act::Share(()) => ("share", Part::Recipients),
                Act::Collect(()) => ("collect", Part::Method),
                Act::Use => return true,
            };
            section.blocks.iter().any(|ours| {
                ours.kind == "permit"
                    && ours.act == act
                    && names(ours, on_page, Part::Types)
                    && (names(ours, on_page, party) || act == "collect")
            })
        };
        let blocks = other.blocks.iter().flat_map(|block| match block.apart() {
            Some(parts) if parts.iter().all(has) => parts.to_vec(),
            _ => vec![block.clone()],
        });
        read::Section { blocks: blocks.collect(), ..other.clone() }
    }

    /// For each statement, a block of the page with the same words, if any: most have one and need
    /// no search.
    fn alike_in_words(&self, section: &view::Section, other: &read::Section) -> Vec<Option<usize>> {
        let words = &self.view.words;
        let key = |texts: &mut dyn Iterator<Item = (Part, &str)>| -> Vec<(Part, String)> {
            texts.map(|(part, text)| (part, matching::key(text, words))).collect()
        };
        let mut blocks: HashMap<Vec<(Part, String)>, Vec<usize>> = HashMap::new();
        for (number, block) in other.blocks.iter().enumerate().rev() {
            let mut texts =
                block.lines.iter().map(|(part, on_page)| (*part, on_page.text.as_str()));
            blocks.entry(key(&mut texts)).or_default().push(number);
        }
        let pairs = section.blocks.iter().map(|block| {
            let mut texts = block.lines.iter().map(|line| (line.part, line.text.as_str()));
            blocks.get_mut(&key(&mut texts))?.pop()
        });
        pairs.collect()
    }

    fn block(&mut self, block: &view::Block, other: &read::Block, section: &read::Section) {
        for line in &block.lines {
            let word = line.part.as_str();
            match other.lines.iter().find(|(part, _)| *part == line.part) {
                None => {
                    let message = format!(
                        "the page has no “{}”; the policy's is “{}”",
                        line.label, line.text
                    );
                    let at = if other.line > 0 { other.line } else { section.title.line };
                    self.add(word, message, Some(at), Some(&block.place));
                }
                Some((_, on_page)) => self.line(word, &line.phrases, on_page, &block.place),
            }
        }
        if let (Some((kind, act)), Some(types)) = (other.about, block.lines.first()) {
            let words = self.view.words.types(kind, &act);
            if words.to_lowercase() != types.label.to_lowercase() {
                let message = format!("the page says “{words}”, the policy “{}”", types.label);
                self.add("statement", message, Some(other.line), Some(&block.place));
            }
        }
        let mut seen: Vec<Part> = Vec::new();
        for (part, on_page) in &other.lines {
            let known = block.lines.iter().any(|line| line.part == *part);
            if !known || seen.contains(part) {
                let message = format!("the page says “{}”, the policy does not", on_page.text);
                self.add(part.as_str(), message, Some(on_page.line), Some(&block.place));
            }
            seen.push(*part);
        }
        let more = other.more.iter().map(|(_, label, on_page)| (&label.name, on_page));
        for (label, on_page) in other.unknown.iter().map(|(l, on_page)| (l, on_page)).chain(more) {
            let message =
                format!("the page has “{label}: {}”, which no statement says", on_page.text);
            self.add("statement", message, Some(on_page.line), Some(&block.place));
        }
    }

    fn line(&mut self, word: &'static str, phrases: &[Phrase], on_page: &PageText, place: &Place) {
        let Matched { missing, besides, reworded, opened, closed, .. } =
            matching::matched(&on_page.text, phrases, &self.view.words);
        let at = Some(on_page.line);
        for (phrase, text) in reworded {
            let message = format!("the page says “{text}”, the policy “{}”", phrases[phrase].text);
            self.add(word, message, at, Some(place));
        }
        for phrase in missing {
            let message = format!("the page does not name “{}”", phrases[phrase].text);
            self.add(word, message, at, Some(place));
        }
        for text in besides {
            let message = format!("the page names “{text}”, the policy does not");
            self.add(word, message, at, Some(place));
        }
        for phrase in opened {
            let message = format!(
                "the page leaves open what belongs to “{}”, the policy does not mark it `open`",
                phrases[phrase].text
            );
            self.add(word, message, at, Some(place));
        }
        for phrase in closed {
            let message = format!(
                "the policy leaves open what belongs to “{}”, the page does not say so",
                phrases[phrase].text
            );
            self.add(word, message, at, Some(place));
        }
    }

    fn sentences(&mut self, section: &view::Section, other: &read::Section) {
        let mut pairs: Vec<Option<usize>> = vec![None; section.additional.len()];
        // First by what they name, then by their words.
        let alike = |a: usize, b: usize| {
            let (ours, on_page) = (&section.additional[a], &other.sentences[b].text);
            let named = self.named(on_page, &ours.phrases);
            named * 100 + matching::alike(on_page, &ours.text, &self.view.words)
        };
        assign(&mut pairs, other.sentences.len(), alike);
        self.lead(section, other);
        for (sentence, pair) in section.additional.iter().zip(&pairs) {
            match pair {
                Some(pair) => {
                    self.line(
                        "purpose",
                        &sentence.phrases,
                        &other.sentences[*pair],
                        &sentence.place,
                    );
                }
                None => {
                    let message = format!("the page does not name “{}”", sentence.text);
                    self.add("purpose", message, Some(other.title.line), Some(&sentence.place));
                }
            }
        }
        for (number, on_page) in other.sentences.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let message = format!("the page names “{}”, the policy does not", on_page.text);
                self.add("purpose", message, Some(on_page.line), Some(&section.place));
            }
        }
    }

    /// The lead of the sentences says which data they are about.
    fn lead(&mut self, section: &view::Section, other: &read::Section) {
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
        self.add("text", message, Some(line), Some(&first.place));
    }
}

/// Pairs unpaired items, the most alike first; items with nothing in common stay unpaired.
fn assign(pairs: &mut [Option<usize>], count: usize, likeness: impl Fn(usize, usize) -> usize) {
    let free: Vec<usize> = (0..count).filter(|other| !pairs.contains(&Some(*other))).collect();
    let open: Vec<usize> = (0..pairs.len()).filter(|one| pairs[*one].is_none()).collect();
    let mut scores: Vec<(std::cmp::Reverse<usize>, usize, usize)> = Vec::new();
    for one in &open {
        for other in &free {
            let score = likeness(*one, *other);
            if score > 0 {
                scores.push((std::cmp::Reverse(score), *one, *other));
            }
        }
    }
    scores.sort();
    for (_, one, other) in scores {
        if pairs[one].is_none() && !pairs.contains(&Some(other)) {
            pairs[one] = Some(other);
        }
    }
}
