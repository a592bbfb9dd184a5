//! Where a published page and the policy differ.
//!
//! Sections are the same by their titles, or else by what is in them; statements by what they say. Then
//! every line is laid beside its own. What differs has its place on both sides, where it has two.

use super::matching::{self, Matched};
use super::read::{self, Page, Said};
use super::sentence::Phrase;
use super::view::{self, Part, View};
use serde::Serialize;
use std::collections::HashMap;
use whyfor::notice::Place;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Drift {
    /// The section's title in the policy, or on the page.
    pub(crate) section: String,
    /// What differs: `item`, `method`, `purpose` …, `section`, `title`, `statement`, `text`.
    pub(crate) what: &'static str,
    pub(crate) message: String,
    /// The line of the page; `None` where the page has nothing.
    pub(crate) page_line: Option<usize>,
    /// The policy's file and line; `None` where the policy has nothing.
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
}

/// All that differs, in the order of the policy; last what only the page has.
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
                comparison.tell("section", message, None, Some(&section.place));
            }
        }
    }
    for (number, other) in page.sections.iter().enumerate() {
        if !pairs.contains(&Some(number)) {
            comparison.section.clone_from(&other.title.text);
            let message = format!("the policy has no section “{}”", other.title.text);
            comparison.tell("section", message, Some(other.title.line), None);
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
    fn tell(
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
            Some(said) if matching::same(&said.text, title, &self.view.words) => {}
            Some(said) => {
                let message = format!("the page is titled “{}”, the policy “{title}”", said.text);
                self.tell("title", message, Some(said.line), None);
            }
            None => self.tell(
                "title",
                format!("the page has no title; the policy's is “{title}”"),
                None,
                None,
            ),
        }
    }

    /// For each section of the policy, that of the page.
    fn sections(&self, page: &Page) -> Vec<Option<usize>> {
        let words = &self.view.words;
        let same =
            |a: &view::Section, b: &read::Section| matching::same(&a.title, &b.title.text, words);
        let ours = &self.view.sections;
        let mut pairs: Vec<Option<usize>> = ours
            .iter()
            .map(|section| page.sections.iter().position(|other| same(section, other)))
            .collect();
        // Sections that were renamed are known by what they say.
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
            other.sentences.iter().map(|said| self.named(&said.text, &sentence.phrases))
        });
        blocks.sum::<usize>() + sentences.sum::<usize>()
    }

    fn named(&self, text: &str, phrases: &[Phrase]) -> usize {
        matching::matched(text, phrases, &self.view.words).named.len()
    }

    /// How many things a statement and a block of the page have in common.
    fn alike(&self, block: &view::Block, other: &read::Block) -> usize {
        let lines = block.lines.iter().flat_map(|line| {
            let said = other.lines.iter().filter(|(part, _)| *part == line.part);
            said.map(|(_, said)| self.named(&said.text, &line.phrases))
        });
        lines.sum()
    }

    fn section(&mut self, section: &view::Section, other: &read::Section) {
        let headed = !other.title.text.is_empty();
        if headed && !matching::same(&section.title, &other.title.text, &self.view.words) {
            let (page, policy) = (&other.title.text, &section.title);
            let message = format!("the page heads this section “{page}”, the policy “{policy}”");
            self.tell("section", message, Some(other.title.line), Some(&section.place));
        }
        let mut pairs = self.alike_in_words(section, other);
        assign(&mut pairs, other.blocks.len(), |a, b| {
            self.alike(&section.blocks[a], &other.blocks[b])
        });
        for (block, pair) in section.blocks.iter().zip(&pairs) {
            match pair {
                Some(pair) => self.block(block, &other.blocks[*pair], other),
                None => {
                    let said = block.lines.first().map_or("", |line| line.text.as_str());
                    let message = format!("the page does not have what is said of “{said}”");
                    self.tell("statement", message, Some(other.title.line), Some(&block.place));
                }
            }
        }
        for (number, block) in other.blocks.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let said = block.lines.first().map_or("", |(_, said)| said.text.as_str());
                let message = format!("no statement says what the page says of “{said}”");
                self.tell("statement", message, Some(block.line), Some(&section.place));
            }
        }
        self.sentences(section, other);
    }

    /// For each statement a block of the page with the same words, if there is one: most have one, and need
    /// no search.
    fn alike_in_words(&self, section: &view::Section, other: &read::Section) -> Vec<Option<usize>> {
        let words = &self.view.words;
        let key = |texts: &mut dyn Iterator<Item = (Part, &str)>| -> Vec<(Part, String)> {
            texts.map(|(part, text)| (part, matching::key(text, words))).collect()
        };
        let mut blocks: HashMap<Vec<(Part, String)>, Vec<usize>> = HashMap::new();
        for (number, block) in other.blocks.iter().enumerate().rev() {
            let mut texts = block.lines.iter().map(|(part, said)| (*part, said.text.as_str()));
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
            let word = line.part.word();
            match other.lines.iter().find(|(part, _)| *part == line.part) {
                None => {
                    let message = format!(
                        "the page has no “{}”; the policy's is “{}”",
                        line.label, line.text
                    );
                    let at = if other.line > 0 { other.line } else { section.title.line };
                    self.tell(word, message, Some(at), Some(&block.place));
                }
                Some((_, said)) => self.line(word, &line.phrases, said, &block.place),
            }
        }
        if let (Some((kind, act)), Some(types)) = (other.about, block.lines.first()) {
            let words = self.view.words.types(kind, &act);
            if words.to_lowercase() != types.label.to_lowercase() {
                let message = format!("the page says “{words}”, the policy “{}”", types.label);
                self.tell("statement", message, Some(other.line), Some(&block.place));
            }
        }
        let mut seen: Vec<Part> = Vec::new();
        for (part, said) in &other.lines {
            let known = block.lines.iter().any(|line| line.part == *part);
            if !known || seen.contains(part) {
                let message = format!("the page says “{}”, the policy does not", said.text);
                self.tell(part.word(), message, Some(said.line), Some(&block.place));
            }
            seen.push(*part);
        }
        for (label, said) in &other.unknown {
            let message = format!("the page has “{label}: {}”, which no statement says", said.text);
            self.tell("statement", message, Some(said.line), Some(&block.place));
        }
    }

    fn line(&mut self, word: &'static str, phrases: &[Phrase], said: &Said, place: &Place) {
        let Matched { missing, besides, reworded, opened, closed, .. } =
            matching::matched(&said.text, phrases, &self.view.words);
        let at = Some(said.line);
        for (phrase, text) in reworded {
            let message = format!("the page says “{text}”, the policy “{}”", phrases[phrase].text);
            self.tell(word, message, at, Some(place));
        }
        for phrase in missing {
            let message = format!("the page does not name “{}”", phrases[phrase].text);
            self.tell(word, message, at, Some(place));
        }
        for text in besides {
            let message = format!("the page names “{text}”, the policy does not");
            self.tell(word, message, at, Some(place));
        }
        for phrase in opened {
            let message = format!(
                "the page leaves open what belongs to “{}”, the policy does not mark it `open`",
                phrases[phrase].text
            );
            self.tell(word, message, at, Some(place));
        }
        for phrase in closed {
            let message = format!(
                "the policy leaves open what belongs to “{}”, the page does not say so",
                phrases[phrase].text
            );
            self.tell(word, message, at, Some(place));
        }
    }

    fn sentences(&mut self, section: &view::Section, other: &read::Section) {
        let mut pairs: Vec<Option<usize>> = vec![None; section.additional.len()];
        // First by what they name, then by their words.
        let alike = |a: usize, b: usize| {
            let (ours, said) = (&section.additional[a], &other.sentences[b].text);
            let named = self.named(said, &ours.phrases);
            named * 100 + matching::alike(said, &ours.text, &self.view.words)
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
                    self.tell("purpose", message, Some(other.title.line), Some(&sentence.place));
                }
            }
        }
        for (number, said) in other.sentences.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let message = format!("the page names “{}”, the policy does not", said.text);
                self.tell("purpose", message, Some(said.line), Some(&section.place));
            }
        }
    }

    /// What leads to the sentences says which data they are about.
    fn lead(&mut self, section: &view::Section, other: &read::Section) {
        let lead = &self.view.words.additional;
        let said = |said: &Said| matching::same(&said.text, lead, &self.view.words);
        let Some(first) = section.additional.first() else { return };
        if other.sentences.is_empty() || other.prose.iter().any(said) {
            return;
        }
        let (message, line) = match other.prose.last() {
            Some(said) => {
                (format!("the page says “{}”, the policy “{lead}”", said.text), said.line)
            }
            None => (format!("the page does not say “{lead}”"), other.title.line),
        };
        self.tell("text", message, Some(line), Some(&first.place));
    }
}

/// Pairs what is not paired yet, the most alike first; what has nothing in common stays alone.
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
