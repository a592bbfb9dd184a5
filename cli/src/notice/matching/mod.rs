//! Finds the phrases that a sentence of a page names, however they are joined.
//!
//! A page may write "transaction times, types/amounts" for transaction times, transaction types and
//! transaction amounts, and "ensure normal login and operation" for two purposes. So both sides are
//! normalised to words without capitals and plurals, the sentence is cut at commas and conjunctions
//! into pieces, and the phrases are aligned with the pieces: whole, over one or several pieces, or
//! in part, if the rest is at the start of the phrase before or at the end of a later one. The
//! alignment with the fewest uncovered words wins. Uncovered words are only on the page; uncovered
//! phrases are missing from it.
//!
//! - `pieces`: cuts a sentence into pieces of words;
//! - `sign`: signs that count as words;
//! - `layer`: aligns phrases with the pieces;
//! - `word`: where a word stands in a text.

mod layer;
mod pieces;
mod sign;
pub(crate) mod word;

use super::sentence::Phrase;
use super::words::Words;
use layer::Layer;
use pieces::{Cut, Cutter};
use std::collections::{HashMap, HashSet};

/// The result of matching phrases with a sentence.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    /// The phrases that the sentence names, by number.
    pub(crate) named: Vec<usize>,
    /// The phrases that it does not name.
    pub(crate) missing: Vec<usize>,
    /// Other content of the sentence.
    pub(crate) besides: Vec<String>,
    /// Missing phrases, each with the text that likely replaces it: more than half of the words are
    /// the same.
    pub(crate) reworded: Vec<(usize, String)>,
    /// Named phrases that the sentence marks as open but the policy does not.
    pub(crate) opened: Vec<usize>,
    /// Named phrases that the policy marks as open but the sentence does not.
    pub(crate) closed: Vec<usize>,
}

/// With more pairs of missing and other text, rewording is not searched for.
const MOST_PAIRS: usize = 10_000;

/// Matches the phrases with a sentence.
pub(crate) fn matched(sentence: &str, phrases: &[Phrase], words: &Words) -> Matched {
    let cutter = Cutter::new(words);
    let cut = cutter.cut(sentence);
    let cuts: Vec<Cut> = phrases.iter().map(|phrase| cutter.cut(&phrase.text)).collect();
    // A label may say itself that there is more: "pictures etc."
    let ends_open: Vec<bool> =
        cuts.iter().map(|cut| cut.marks.contains(&cut.pieces.len())).collect();
    let tokens: Vec<Vec<String>> = cuts.into_iter().map(Cut::tokens).collect();
    let steps = Layer::new(&cut.pieces, &tokens).best();

    let mut result = Matched::default();
    let mut left: Option<(usize, usize)> = None; // consecutive uncovered pieces
    let mut ends: HashMap<usize, usize> = HashMap::new(); // the piece after a phrase
    for step in &steps {
        match step.phrase {
            Some(phrase) => {
                result.named.push(phrase);
                ends.insert(step.to, phrase);
                result.besides.extend(left.take().map(|pieces| cut.written(pieces)));
            }
            None => left = Some((left.map_or(step.from, |(first, _)| first), step.from)),
        }
    }
    result.besides.extend(left.take().map(|pieces| cut.written(pieces)));
    // Phrases of the same words are one for a reader: the sentence names all or none of them.
    let named: HashSet<&[String]> =
        result.named.iter().map(|phrase| tokens[*phrase].as_slice()).collect();
    let is_named = |phrase: &usize| named.contains(tokens[*phrase].as_slice());
    (result.named, result.missing) = (0..phrases.len()).partition(is_named);
    result.reword(&cutter, &tokens);
    let marked: Vec<usize> = cut.marks.iter().filter_map(|at| ends.get(at)).copied().collect();
    let same = |one: &usize, other: &usize| tokens[*one] == tokens[*other];
    let is_open = |phrase: &usize| {
        let is =
            |other: usize| phrases[other].open || phrases[other].may_be_open || ends_open[other];
        (0..phrases.len()).any(|other| same(&other, phrase) && is(other))
    };
    // "A, B and C, such as …" may say of all three that there is more.
    let lead = cut.leads.iter().max().copied().unwrap_or(0);
    let led: Vec<usize> =
        ends.iter().filter(|(end, _)| **end <= lead).map(|(_, phrase)| *phrase).collect();
    result.opened = marked.iter().filter(|phrase| !is_open(phrase)).copied().collect();
    let may_be_open = |phrase: &usize| marked.iter().chain(&led).any(|other| same(other, phrase));
    let open = result.named.iter().filter(|phrase| phrases[**phrase].open);
    result.closed = open.filter(|phrase| !may_be_open(phrase)).copied().collect();
    result
}

impl Matched {
    /// Pairs missing phrases with other text, the most alike first.
    fn reword(&mut self, cutter: &Cutter, phrases: &[Vec<String>]) {
        if self.missing.len() * self.besides.len() > MOST_PAIRS {
            return;
        }
        let besides: Vec<_> = self.besides.iter().map(|text| cutter.cut(text).tokens()).collect();
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for phrase in &self.missing {
            for (at, tokens) in besides.iter().enumerate() {
                let likeness = likeness(&phrases[*phrase], tokens);
                if likeness > 0 {
                    pairs.push((likeness, *phrase, at));
                }
            }
        }
        pairs.sort_by_key(|(likeness, phrase, at)| (std::cmp::Reverse(*likeness), *phrase, *at));
        let mut taken = HashSet::new();
        for (_, phrase, at) in pairs {
            if self.missing.contains(&phrase) && taken.insert(at) {
                self.missing.retain(|missing| *missing != phrase);
                self.reworded.push((phrase, self.besides[at].clone()));
            }
        }
        let mut at = 0..;
        self.besides.retain(|_| !at.next().is_some_and(|at| taken.contains(&at)));
    }
}

/// The percentage of words that two texts share; 0 if less than half.
fn likeness(one: &[String], other: &[String]) -> usize {
    let words: HashSet<&String> = one.iter().collect();
    let others: HashSet<&String> = other.iter().collect();
    let shared = words.intersection(&others).count();
    match (200 * shared).checked_div(words.len() + others.len()) {
        Some(percent) if percent >= 50 => percent,
        _ => 0,
    }
}

/// How alike two texts are, from 0 to 100.
pub(crate) fn alike(one: &str, other: &str, words: &Words) -> usize {
    let cutter = Cutter::new(words);
    likeness(&cutter.cut(one).tokens(), &cutter.cut(other).tokens())
}

/// Whether two texts have the same words.
pub(crate) fn same(one: &str, other: &str, words: &Words) -> bool {
    let cutter = Cutter::new(words);
    cutter.cut(one).tokens() == cutter.cut(other).tokens()
}

/// Whether two texts have the same words, "and", "or" and numbers among them. Capitals and punctuation do not count.
pub(crate) fn same_words(one: &str, other: &str) -> bool {
    words_of(one) == words_of(other)
}

/// A text without the signs that count as words.
pub(crate) fn without_signs(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let mut without = String::new();
    let mut at = 0;
    while at < text.len() {
        let length = sign::length(&text, at);
        without.extend(text.get(at).filter(|_| length == 0));
        at += length.max(1);
    }
    without
}

/// The words of a text without capitals, and the signs that count as such.
fn words_of(text: &str) -> Vec<String> {
    let lower: Vec<char> = text.to_lowercase().chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let letters = lower[at..].iter().take_while(|c| c.is_alphanumeric()).count();
        let length = if letters > 0 { letters } else { sign::length(&lower, at) };
        if length > 0 {
            words.push(lower[at..at + length].iter().collect());
        }
        at += length.max(1);
    }
    words
}

/// The same, where words must stand in the same brackets too: "(a and b) or c" is not "a and (b or c)".
pub(crate) fn same_clauses(one: &str, other: &str) -> bool {
    let brackets = |text: &str| -> Vec<(char, usize)> {
        let mut words = 0;
        let mut in_word = false;
        let mut brackets = Vec::new();
        for character in text.chars() {
            words += usize::from(character.is_alphanumeric() && !in_word);
            in_word = character.is_alphanumeric();
            match character {
                '(' | '（' => brackets.push(('(', words)),
                ')' | '）' => brackets.push((')', words)),
                _ => {}
            }
        }
        brackets
    };
    same_words(one, other) && brackets(one) == brackets(other)
}

/// The words of a text as a key: texts that differ only in capitals, plurals and punctuation have
/// the same key.
pub(crate) fn key(text: &str, words: &Words) -> String {
    Cutter::new(words).cut(text).tokens().join(" ")
}
