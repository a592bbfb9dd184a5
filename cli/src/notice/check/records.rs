//! Which statements a record of the page is about, and how it differs from them.
//!
//! A record is about the statement that it has most in common with. One that names recipients beside a method, or beside
//! data that is collected or used, may be about a permit to share too: it says what both say.

use super::drift::Found;
use super::page::{self, Block};
use super::pairs::assign;
use crate::notice::block;
use crate::notice::matching::word::{bare, places};
use crate::notice::matching::{self, Matched};
use crate::notice::part::{NOT_STATED, Part};
use crate::notice::read::PageText;
use crate::notice::sentence::Phrase;
use crate::notice::view;
use crate::notice::words::Words;
use std::collections::HashMap;
use whyfor::notice::Place;

/// The records of a section and its statements.
pub(super) struct Records<'c> {
    pub(super) words: &'c Words,
    pub(super) section: &'c view::Section,
    pub(super) other: &'c page::Section,
    pub(super) found: &'c mut Found,
}

/// The number of phrases that a text names.
pub(super) fn named(text: &str, phrases: &[Phrase], words: &Words) -> usize {
    matching::matched(text, phrases, words).named.len()
}

/// The number of things that a statement and a record share.
pub(super) fn alike(block: &block::Block, other: &Block, words: &Words) -> usize {
    let lines = block.lines.iter().flat_map(|line| {
        let on_page = other.lines.iter().filter(|(part, _)| *part == line.part);
        on_page.map(|(part, on_page)| match part.lists_labels() {
            true => named(&on_page.text, &line.phrases, words),
            false => usize::from(matching::same_words(&on_page.text, &line.text)),
        })
    });
    lines.sum()
}

impl Records<'_> {
    /// Adds all differences.
    pub(super) fn compare(mut self) {
        let Self { words, section, other, .. } = self;
        let mut pairs = self.alike_in_words();
        assign(&mut pairs, other.blocks.len(), |a, b| {
            alike(&section.blocks[a], &other.blocks[b], words)
        });
        let shares = self.shares(&mut pairs);
        for (at, block) in section.blocks.iter().enumerate() {
            match pairs[at] {
                Some(pair) if shares[at] => self.share(block, &other.blocks[pair]),
                Some(pair) => {
                    let with = |at: &usize| shares[*at] && pairs[*at] == Some(pair);
                    let with: Vec<&block::Block> = (0..section.blocks.len())
                        .filter(with)
                        .map(|at| &section.blocks[at])
                        .collect();
                    self.record(block, &other.blocks[pair], &with);
                }
                None => {
                    let on_page = block.lines.first().map_or("", |line| line.text.as_str());
                    let message = format!("the page lacks the statement about “{on_page}”");
                    let place = Some(&block.place);
                    self.found.add("statement", message, Some(other.title.line), place);
                }
            }
        }
        for (number, record) in other.blocks.iter().enumerate() {
            if !pairs.contains(&Some(number)) {
                let on_page = record.lines.first().map_or("", |(_, on_page)| on_page.text.as_str());
                let message = format!("no statement matches the page's entry about “{on_page}”");
                let place = Some(&section.place);
                self.found.add("statement", message, Some(record.line), place);
            }
        }
    }

    /// For each statement, a record of the page with the same words, if any: most have one and need no search.
    fn alike_in_words(&self) -> Vec<Option<usize>> {
        let key = |texts: &mut dyn Iterator<Item = (Part, &str)>| -> Vec<(Part, String)> {
            texts.map(|(part, text)| (part, matching::key(text, self.words))).collect()
        };
        let mut blocks: HashMap<Vec<(Part, String)>, Vec<usize>> = HashMap::new();
        for (number, block) in self.other.blocks.iter().enumerate().rev() {
            let mut texts =
                block.lines.iter().map(|(part, on_page)| (*part, on_page.text.as_str()));
            blocks.entry(key(&mut texts)).or_default().push(number);
        }
        let pairs = self.section.blocks.iter().map(|block| {
            let mut texts = block.lines.iter().map(|line| (line.part, line.text.as_str()));
            blocks.get_mut(&key(&mut texts))?.pop()
        });
        pairs.collect()
    }

    /// Pairs permits to share that have no record of their own with the record of a permit to collect or to use. Returns
    /// which are paired so.
    fn shares(&self, pairs: &mut [Option<usize>]) -> Vec<bool> {
        let Self { words, section, other, .. } = *self;
        let mut shares = vec![false; pairs.len()];
        let is = |at: usize, act: &str| {
            let block = &section.blocks[at];
            block.kind == "permit" && block.act == act && !has(block, Part::Activity)
        };
        // A record that was taken for the share alone is given to what is collected, if that has none.
        for (at, share) in (0..pairs.len())
            .filter(|at| !is(*at, "share"))
            .filter_map(|at| {
                let is_free = pairs[at].is_none() && section.blocks[at].kind == "permit";
                let taken = |share: &usize| {
                    let record = pairs[*share].map(|record| &other.blocks[record]);
                    is(*share, "share")
                        && record.is_some_and(|r| {
                            says_more(r) && alike(&section.blocks[at], r, words) > 1
                        })
                };
                let share = (0..pairs.len()).filter(|_| is_free).find(taken)?;
                Some((at, share))
            })
            .collect::<Vec<_>>()
        {
            pairs[at] = pairs[share].take();
        }
        for at in (0..pairs.len()).filter(|at| is(*at, "share")).collect::<Vec<_>>() {
            if pairs[at].is_some() {
                continue;
            }
            let block = &section.blocks[at];
            let names = |record: &Block, part: Part| {
                let text = record.lines.iter().find(|(known, _)| *known == part);
                let line = block.lines.iter().find(|line| line.part == part);
                text.zip(line).is_some_and(|((_, on_page), line)| {
                    named(&on_page.text, &line.phrases, words) > 0
                })
            };
            let owner = (0..pairs.len()).find(|owner| {
                let record = pairs[*owner].map(|record| &other.blocks[record]);
                !is(*owner, "share")
                    && record.is_some_and(|r| {
                        !has(&section.blocks[*owner], Part::Recipients)
                            && names(r, Part::Recipients)
                            && names(r, Part::Types)
                    })
            });
            if let Some(owner) = owner {
                pairs[at] = pairs[owner];
                shares[at] = true;
            }
        }
        shares
    }

    /// Compares a statement with its record; `with`: the permits to share that the record is about too.
    fn record(&mut self, block: &block::Block, other: &Block, with: &[&block::Block]) {
        for line in &block.lines {
            self.line(line, other, &block.place, line.part);
        }
        if let (Some((kind, act)), Some(types)) = (other.about, block.lines.first()) {
            let words = self.words.types(kind, &act);
            let is_same = matches!(types.part, Part::Optional)
                || block.lines.iter().any(|line| {
                    line.part == Part::Types && words.to_lowercase() == line.label.to_lowercase()
                });
            if !is_same {
                let message = format!("the page says “{words}”, the policy “{}”", types.label);
                self.found.add("statement", message, Some(other.line), Some(&block.place));
            }
        }
        self.recipients(other, with);
        let mut seen: Vec<Part> = Vec::new();
        for (part, on_page) in &other.lines {
            let is_shared = *part == Part::Recipients && !with.is_empty();
            let is_known =
                is_shared || std::iter::once(&block).chain(with).any(|block| has(block, *part));
            if !is_known || seen.contains(part) {
                let message = format!("the page says “{}”, the policy does not", on_page.text);
                self.found.add(part.as_str(), message, Some(on_page.line), Some(&block.place));
            }
            seen.push(*part);
        }
        for (label, on_page) in &other.unknown {
            let message =
                format!("the page has “{}: {}”, which no statement says", label.name, on_page.text);
            self.found.add("statement", message, Some(on_page.line), Some(&block.place));
        }
    }

    /// What a permit to share says in the record of another statement, but for its recipients.
    fn share(&mut self, block: &block::Block, other: &Block) {
        for line in block.lines.iter().filter(|line| line.part != Part::Recipients) {
            self.line(line, other, &block.place, line.part);
        }
    }

    /// The recipients of a record are those of all permits to share that it is about.
    fn recipients(&mut self, other: &Block, with: &[&block::Block]) {
        let lines = with.iter().flat_map(|block| &block.lines);
        let recipients: Vec<&block::Line> =
            lines.filter(|line| line.part == Part::Recipients).collect();
        let phrases: Vec<Phrase> =
            recipients.iter().flat_map(|line| line.phrases.clone()).collect();
        let on_page = other.lines.iter().find(|(part, _)| *part == Part::Recipients);
        if let (Some((_, on_page)), Some(first)) = (on_page, with.first()) {
            labels(
                self.found,
                self.words,
                Part::Recipients.as_str(),
                &phrases,
                on_page,
                &first.place,
            );
            let count = |text: &str| at_exceptions(text, self.words).len() - 1;
            let is_alike = match recipients.as_slice() {
                [one] => excepts_alike(one, &on_page.text, self.words),
                // Which of several an exception belongs to is not compared.
                all => {
                    count(&on_page.text) == all.iter().map(|line| count(&line.text)).sum::<usize>()
                }
            };
            if !is_alike {
                let own: Vec<&str> = recipients.iter().map(|line| line.text.as_str()).collect();
                self.other_words(
                    Part::Recipients.as_str(),
                    &own.join("”, “"),
                    on_page,
                    &first.place,
                );
            }
        }
    }

    fn line(&mut self, line: &block::Line, other: &Block, place: &Place, part: Part) {
        let word = part.as_str();
        match other.lines.iter().find(|(known, _)| *known == part) {
            None if part.lists_labels() && line.text == NOT_STATED => {}
            None => {
                let message =
                    format!("the page has no “{}”; the policy's is “{}”", line.label, line.text);
                let at = if other.line > 0 { other.line } else { self.other.title.line };
                self.found.add(word, message, Some(at), Some(place));
            }
            Some((_, on_page)) if part.lists_labels() => {
                labels(self.found, self.words, word, &line.phrases, on_page, place);
                if !excepts_alike(line, &on_page.text, self.words) {
                    self.other_words(word, &line.text, on_page, place);
                }
            }
            Some((_, on_page)) => {
                let is_same = match part {
                    Part::Condition | Part::Basis => matching::same_clauses,
                    _ => matching::same_words,
                };
                if !is_same(&on_page.text, &line.text) {
                    self.other_words(word, &line.text, on_page, place);
                }
            }
        }
    }

    fn other_words(&mut self, word: &'static str, own: &str, on_page: &PageText, place: &Place) {
        let message = format!("the page says “{}”, the policy “{own}”", on_page.text);
        self.found.add(word, message, Some(on_page.line), Some(place));
    }
}

/// Whether a text excepts what a line excepts: between the words for an exception, each names the same.
fn excepts_alike(line: &block::Line, text: &str, words: &Words) -> bool {
    let pieces = |text: &str| -> Vec<Vec<usize>> {
        let named = |piece: &str| {
            let mut named = matching::matched(piece, &line.phrases, words).named;
            named.sort_unstable();
            named
        };
        at_exceptions(text, words).into_iter().map(named).collect()
    };
    let (own, on_page) = (pieces(&line.text), pieces(text));
    own.len() == on_page.len() && (own.len() == 1 || own == on_page)
}

/// The pieces of a text between the words for an exception.
fn at_exceptions<'t>(text: &'t str, words: &Words) -> Vec<&'t str> {
    let except = bare(&words.except);
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in places(text, &except) {
        pieces.push(&text[start..at]);
        start = at + except.len();
    }
    pieces.push(&text[start..]);
    pieces
}

/// Whether a statement says something of this part.
fn has(block: &block::Block, part: Part) -> bool {
    block.lines.iter().any(|line| line.part == part)
}

/// Whether a record names recipients beside what is collected or used.
fn says_more(record: &Block) -> bool {
    let has = |part: Part| record.lines.iter().any(|(known, _)| *known == part);
    let is_share = matches!(record.about, Some((_, whyfor::Act::Share(()))));
    has(Part::Recipients) && (has(Part::Method) || !is_share)
}

/// Adds the differences between a list of labels and the text of a page.
pub(super) fn labels(
    found: &mut Found,
    words: &Words,
    word: &'static str,
    phrases: &[Phrase],
    on_page: &PageText,
    place: &Place,
) {
    let Matched { missing, besides, reworded, opened, closed, .. } =
        matching::matched(&on_page.text, phrases, words);
    let mut add = |message| found.add(word, message, Some(on_page.line), Some(place));
    for (phrase, text) in reworded {
        add(format!("the page says “{text}”, the policy “{}”", phrases[phrase].text));
    }
    for phrase in missing {
        add(format!("the page does not name “{}”", phrases[phrase].text));
    }
    for text in besides {
        add(format!("the page names “{text}”, the policy does not"));
    }
    for phrase in opened {
        add(format!(
            "the page leaves open what belongs to “{}”, the policy does not mark it `open`",
            phrases[phrase].text
        ));
    }
    for phrase in closed {
        add(format!(
            "the policy leaves open what belongs to “{}”, the page does not say so",
            phrases[phrase].text
        ));
    }
}
