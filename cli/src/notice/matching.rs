//! Which phrases a sentence of a page names, whatever words join them.
//!
//! A page may write "transaction times, types/amounts" for transaction times, transaction types and
//! transaction amounts, and "ensure normal login and operation" for two purposes. So both sides become
//! words without capitals and plurals, the sentence is cut at its commas and conjunctions into pieces, and
//! the phrases are laid over the pieces: whole over one or several, or in part, where what is left out
//! stands at the start of the phrase before or at the end of those behind. Of all ways the one counts that
//! leaves the fewest words over. What no phrase covers the page says by itself; a phrase that covers
//! nothing the page does not say.

use super::sentence::Phrase;
use super::words::Words;
use std::collections::HashMap;

/// What a sentence and the phrases come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    /// The phrases that the sentence names, by number.
    pub(crate) named: Vec<usize>,
    /// The phrases that it does not name.
    pub(crate) missing: Vec<usize>,
    /// What it says besides.
    pub(crate) besides: Vec<String>,
    /// Named phrases behind which it says that there is more, and should not.
    pub(crate) opened: Vec<usize>,
    /// Named phrases behind which it should say that there is more, and does not.
    pub(crate) closed: Vec<usize>,
}

/// Words that only lead to the first phrase: "for registration", "to verify identity".
const LEADS: [&str; 2] = ["for", "to"];
/// The most pieces that one phrase lies over, and over which a shared end may lie.
const MOST_PIECES: usize = 24;
const NEAR: usize = 6;
/// What a word costs that no phrase covers: more than any way to cover it.
const LEFT_OVER: usize = 1000;

/// Lays the phrases over a sentence.
pub(crate) fn matched(sentence: &str, phrases: &[Phrase], words: &Words) -> Matched {
    let cutter = Cutter::new(words);
    let cut = cutter.cut(sentence);
    let tokens: Vec<Vec<String>> = phrases.iter().map(|p| cutter.cut(&p.text).tokens()).collect();
    let layer = Layer { pieces: &cut.pieces, phrases: &tokens, known: HashMap::new() };
    let steps = layer.best();

    let mut result = Matched::default();
    let mut left: Vec<&str> = Vec::new();
    let mut ends: HashMap<usize, usize> = HashMap::new(); // the piece behind a phrase
    for step in &steps {
        match step.phrase {
            Some(phrase) => {
                result.named.push(phrase);
                ends.insert(step.to, phrase);
                result.besides.extend(joined(&mut left));
            }
            None => left.push(&cut.pieces[step.from].written),
        }
    }
    result.besides.extend(joined(&mut left));
    result.named.sort_unstable();
    result.named.dedup();
    result.missing = (0..phrases.len()).filter(|p| !result.named.contains(p)).collect();
    let marked: Vec<usize> = cut.marks.iter().filter_map(|at| ends.get(at)).copied().collect();
    let open = |phrase: &&usize| phrases[**phrase].open;
    result.opened = marked.iter().filter(|p| !open(p)).copied().collect();
    let closed = result.named.iter().filter(open).filter(|phrase| !marked.contains(phrase));
    result.closed = closed.copied().collect();
    result
}

/// Whether two texts have the same words.
pub(crate) fn same(one: &str, other: &str, words: &Words) -> bool {
    let cutter = Cutter::new(words);
    cutter.cut(one).tokens() == cutter.cut(other).tokens()
}

fn joined(left: &mut Vec<&str>) -> Option<String> {
    let text = left.join(", ");
    left.clear();
    (!text.is_empty()).then_some(text)
}

// ── Pieces ──────────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Default)]
struct Piece {
    written: String,
    tokens: Vec<String>,
}

#[derive(Debug, Default)]
struct Cut {
    pieces: Vec<Piece>,
    /// Before which piece the sentence says that examples follow, or that there is more.
    marks: Vec<usize>,
}

impl Cut {
    fn tokens(self) -> Vec<String> {
        self.pieces.into_iter().flat_map(|piece| piece.tokens).collect()
    }
}

struct Cutter {
    /// What stands between pieces, the longest first, and whether it says that there is more.
    joints: Vec<(Vec<char>, bool)>,
}

impl Cutter {
    fn new(words: &Words) -> Self {
        let open = [&words.such_as, &words.examples, &words.etc].map(|word| (word.as_str(), true));
        let closed = [&words.including, &words.and, &words.last_and, &words.or, &words.except];
        let closed = closed.map(|word| (word.as_str(), false));
        let english = [("for example", true), ("e.g.", true), ("or", false), ("as well as", false)];
        let outer = |c: char| c.is_whitespace() || ",，、（(:;".contains(c);
        let mut joints: Vec<(Vec<char>, bool)> = open
            .into_iter()
            .chain(closed)
            .chain(english)
            .map(|(word, open)| (word.trim_matches(outer).to_lowercase().chars().collect(), open))
            .filter(|(word, _): &(Vec<char>, bool)| !word.is_empty())
            .collect();
        joints.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Self { joints }
    }

    fn cut(&self, text: &str) -> Cut {
        let lower: Vec<char> = text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
        let written: Vec<char> = text.chars().collect();
        let mut cut = Cut::default();
        let (mut piece, mut at) = (Piece::default(), 0);
        while at < lower.len() {
            if let Some((length, open)) = self.joint(&lower, at) {
                cut.end(&mut piece);
                if open {
                    cut.marks.push(cut.pieces.len());
                }
                at += length;
            } else if is_word(lower[at]) {
                let length = word_length(&lower[at..]);
                piece.tokens.push(stem(&lower[at..at + length].iter().collect::<String>()));
                piece.written.extend(&written[at..at + length]);
                at += length;
            } else {
                if !lower[at].is_whitespace() {
                    cut.end(&mut piece);
                } else if !piece.written.is_empty() {
                    piece.written.push(' ');
                }
                at += 1;
            }
        }
        cut.end(&mut piece);
        cut
    }

    /// The length of the joint that stands here, if one does.
    fn joint(&self, text: &[char], at: usize) -> Option<(usize, bool)> {
        let letter = |c: Option<&char>| c.is_some_and(|c| is_word(*c) && !is_ideograph(*c));
        let fits = |(word, _): &&(Vec<char>, bool)| {
            text[at..].starts_with(word)
                && !(letter(word.first()) && at > 0 && letter(text.get(at - 1)))
                && !(letter(word.last()) && letter(text.get(at + word.len())))
        };
        self.joints.iter().find(fits).map(|(word, open)| (word.len(), *open))
    }
}

impl Cut {
    fn end(&mut self, piece: &mut Piece) {
        let mut done = std::mem::take(piece);
        done.written.truncate(done.written.trim_end().len());
        if !done.tokens.is_empty() {
            self.pieces.push(done);
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric()
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// An ideograph is a word; of others also what joins letters: `D.run`, `de-identification`, `user's`.
fn word_length(text: &[char]) -> usize {
    if is_ideograph(text[0]) {
        return 1;
    }
    let letter = |c: Option<&char>| c.is_some_and(|c| is_word(*c) && !is_ideograph(*c));
    let mut length = 1;
    loop {
        if letter(text.get(length)) {
            length += 1;
        } else if matches!(text.get(length), Some('.' | '-' | '\'' | '’' | '_'))
            && letter(text.get(length + 1))
        {
            length += 2;
        } else {
            return length;
        }
    }
}

/// A word without its plural.
fn stem(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    }
}

// ── Laying phrases over pieces ──────────────────────────────────────────────────────────────────

/// A phrase, or nothing, over the pieces from `from` to before `to`.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: usize,
    to: usize,
    phrase: Option<usize>,
}

struct Layer<'a> {
    pieces: &'a [Piece],
    phrases: &'a [Vec<String>],
    /// By the next piece and the phrase before: the least cost, and the step that leads to it.
    known: HashMap<(usize, Option<usize>), (usize, Step)>,
}

impl Layer<'_> {
    /// From the end to the start: what each place costs by the phrase before it.
    fn best(mut self) -> Vec<Step> {
        let before: Vec<Option<usize>> =
            std::iter::once(None).chain((0..self.phrases.len()).map(Some)).collect();
        for from in (0..self.pieces.len()).rev() {
            for last in &before {
                let best = self.step(from, *last);
                self.known.insert((from, *last), best);
            }
        }
        let (mut steps, mut at, mut last) = (Vec::new(), 0, None);
        while let Some((_, step)) = self.known.get(&(at, last)) {
            steps.push(*step);
            at = step.to;
            last = step.phrase.or(last);
        }
        steps
    }

    fn cost(&self, at: usize, last: Option<usize>) -> usize {
        self.known.get(&(at, last)).map_or(0, |(cost, _)| *cost)
    }

    fn step(&self, from: usize, last: Option<usize>) -> (usize, Step) {
        let skip = Step { from, to: from + 1, phrase: None };
        let words = self.pieces[from].tokens.len();
        let mut best = (LEFT_OVER * words + self.cost(from + 1, last), skip);
        let mut tokens: Vec<&str> = Vec::new();
        for to in from + 1..=self.pieces.len().min(from + MOST_PIECES) {
            tokens.extend(self.pieces[to - 1].tokens.iter().map(String::as_str));
            for (number, phrase) in self.phrases.iter().enumerate() {
                let Some(cost) = self.fits(&tokens, phrase, last, to) else { continue };
                let step = Step { from, to, phrase: Some(number) };
                let cost = cost + self.cost(to, Some(number));
                if cost < best.0 {
                    best = (cost, step);
                }
            }
        }
        best
    }

    /// What it costs to read these words as the phrase, if they can be.
    fn fits(
        &self,
        tokens: &[&str],
        phrase: &[String],
        last: Option<usize>,
        to: usize,
    ) -> Option<usize> {
        let led = match tokens.split_first() {
            Some((first, rest)) if LEADS.contains(first) && !rest.is_empty() => rest,
            _ => tokens,
        };
        for (cost, tokens) in [(0, tokens), (1, led)] {
            if tokens.len() == phrase.len() && tokens.iter().zip(phrase).all(|(a, b)| a == b) {
                return Some(cost);
            }
            let Some(shared) = phrase.len().checked_sub(tokens.len()).filter(|n| *n > 0) else {
                continue;
            };
            let (start, rest) = phrase.split_at(shared);
            let starts = || last.is_some_and(|last| self.phrases[last].starts_with(start));
            if rest.iter().zip(tokens).all(|(a, b)| a == b) && starts() {
                return Some(cost + 2);
            }
            let (rest, end) = phrase.split_at(tokens.len());
            if rest.iter().zip(tokens).all(|(a, b)| a == b) && self.ends_behind(end, to) {
                return Some(cost + 3);
            }
        }
        None
    }

    /// Whether one of the next pieces, with those before it, ends so.
    fn ends_behind(&self, end: &[String], to: usize) -> bool {
        let mut words: Vec<&String> = Vec::new();
        self.pieces[to..].iter().take(NEAR).any(|piece| {
            words.extend(&piece.tokens);
            words.len() > end.len()
                && words[words.len() - end.len()..].iter().zip(end).all(|(a, b)| *a == b)
        })
    }
}
