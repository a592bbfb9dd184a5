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
use std::collections::{HashMap, HashSet};

/// What a sentence and the phrases come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    /// The phrases that the sentence names, by number.
    pub(crate) named: Vec<usize>,
    /// The phrases that it does not name.
    pub(crate) missing: Vec<usize>,
    /// What it says besides.
    pub(crate) besides: Vec<String>,
    /// Phrases that it does not name, each with what it likely says in its place: more than half of the words
    /// are the same.
    pub(crate) reworded: Vec<(usize, String)>,
    /// Named phrases behind which it says that there is more, and should not.
    pub(crate) opened: Vec<usize>,
    /// Named phrases behind which it should say that there is more, and does not.
    pub(crate) closed: Vec<usize>,
}

/// Words that only lead to the first phrase: "for registration", "to verify identity".
const LEADS: [&str; 2] = ["for", "to"];
/// Over how many pieces a shared end may lie.
const NEAR: usize = 6;
/// How many ways to one piece are followed.
const MOST_WAYS: usize = 12;
/// More pairs of what is missing and what is there besides are not looked at.
const MOST_PAIRS: usize = 10_000;
/// What a word costs that no phrase covers: more than any way to cover it.
const LEFT_OVER: usize = 1000;

/// Lays the phrases over a sentence.
pub(crate) fn matched(sentence: &str, phrases: &[Phrase], words: &Words) -> Matched {
    let cutter = Cutter::new(words);
    let cut = cutter.cut(sentence);
    let tokens: Vec<Vec<String>> = phrases.iter().map(|p| cutter.cut(&p.text).tokens()).collect();
    let steps = Layer::new(&cut.pieces, &tokens).best();

    let mut result = Matched::default();
    let mut left: Option<(usize, usize)> = None; // pieces one after another that no phrase covers
    let mut ends: HashMap<usize, usize> = HashMap::new(); // the piece behind a phrase
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
    result.named.sort_unstable();
    result.named.dedup();
    let named: HashSet<usize> = result.named.iter().copied().collect();
    result.missing = (0..phrases.len()).filter(|phrase| !named.contains(phrase)).collect();
    result.reword(&cutter, &tokens);
    let marked: Vec<usize> = cut.marks.iter().filter_map(|at| ends.get(at)).copied().collect();
    let open = |phrase: &&usize| phrases[**phrase].open;
    result.opened = marked.iter().filter(|p| !open(p)).copied().collect();
    let closed = result.named.iter().filter(open).filter(|phrase| !marked.contains(phrase));
    result.closed = closed.copied().collect();
    result
}

impl Matched {
    /// Pairs what is missing with what is there besides, the most alike first.
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

/// How many words in a hundred two texts share; nothing if it is less than half.
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

/// The words of a text as one: texts that differ in capitals, plurals and punctuation alone have one key.
pub(crate) fn key(text: &str, words: &Words) -> String {
    Cutter::new(words).cut(text).tokens().join(" ")
}

// ── Pieces ──────────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Default)]
struct Piece {
    /// Where its words stand, in characters.
    start: usize,
    end: usize,
    tokens: Vec<String>,
}

#[derive(Debug, Default)]
struct Cut {
    text: Vec<char>,
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
        let mut cut = Cut { text: text.chars().collect(), ..Cut::default() };
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
                if piece.tokens.is_empty() {
                    piece.start = at;
                }
                piece.tokens.push(stem(&lower[at..at + length].iter().collect::<String>()));
                at += length;
                piece.end = at;
            } else {
                if !lower[at].is_whitespace() {
                    cut.end(&mut piece);
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
        let done = std::mem::take(piece);
        if !done.tokens.is_empty() {
            self.pieces.push(done);
        }
    }

    /// The text from one piece to another, as it is written.
    fn written(&self, (first, last): (usize, usize)) -> String {
        let (start, end) = (self.pieces[first].start, self.pieces[last].end);
        let mut written: String = self.text[start..end].iter().collect();
        for (open, close) in [('(', ')'), ('（', '）')] {
            let count = |bracket| written.matches(bracket).count();
            if count(open) > count(close) {
                written.push(close);
            }
        }
        written
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
        _ if ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end)) => {
            word[..word.len() - 2].to_owned()
        }
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

/// A way to lay phrases over the pieces up to one: what it costs, its last phrase, and the way before it.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: usize,
    last: Option<usize>,
    step: Step,
    before: usize,
}

/// The phrases, by their words, and by what may be left of them.
struct Layer<'a> {
    pieces: &'a [Piece],
    phrases: &'a [Vec<String>],
    whole: HashMap<&'a [String], usize>,
    starts: HashSet<&'a [String]>,
    ends: HashSet<&'a [String]>,
    longest: usize,
}

impl<'a> Layer<'a> {
    fn new(pieces: &'a [Piece], phrases: &'a [Vec<String>]) -> Self {
        let mut layer = Self {
            pieces,
            phrases,
            whole: HashMap::new(),
            starts: HashSet::new(),
            ends: HashSet::new(),
            longest: phrases.iter().map(Vec::len).max().unwrap_or(0),
        };
        for (number, phrase) in phrases.iter().enumerate().filter(|(_, phrase)| !phrase.is_empty())
        {
            layer.whole.entry(phrase).or_insert(number);
            layer.starts.extend((1..phrase.len()).map(|n| &phrase[..n]));
            layer.ends.extend((1..phrase.len()).map(|n| &phrase[n..]));
        }
        layer
    }

    /// From the start to the end, keeping the cheapest ways to each piece.
    fn best(self) -> Vec<Step> {
        let count = self.pieces.len();
        let nothing = Step { from: 0, to: 0, phrase: None };
        let mut ways = vec![Way { cost: 0, last: None, step: nothing, before: 0 }];
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); count + 1];
        at[0].push(0);
        for from in 0..count {
            at[from].sort_by_key(|way| ways[*way].cost);
            at[from].truncate(MOST_WAYS);
            let fits = self.fits(from);
            for before in std::mem::take(&mut at[from]) {
                let Way { cost, last, .. } = ways[before];
                let left = LEFT_OVER * self.pieces[from].tokens.len();
                let skip = Step { from, to: from + 1, phrase: None };
                let mut add = |cost, last, step: Step| {
                    let same = at[step.to].iter().position(|way| ways[*way].last == last);
                    match same {
                        Some(known) if ways[at[step.to][known]].cost <= cost => {}
                        Some(known) => {
                            at[step.to][known] = ways.len();
                            ways.push(Way { cost, last, step, before });
                        }
                        None => {
                            at[step.to].push(ways.len());
                            ways.push(Way { cost, last, step, before });
                        }
                    }
                };
                add(cost + left, last, skip);
                for fit in &fits {
                    let needed = fit.after.is_none_or(|start| {
                        last.is_some_and(|last| {
                            self.phrases[last].starts_with(&self.phrases[fit.phrase][..start])
                        })
                    });
                    if needed {
                        let step = Step { from, to: fit.to, phrase: Some(fit.phrase) };
                        add(cost + fit.cost, Some(fit.phrase), step);
                    }
                }
            }
        }
        let mut steps = Vec::new();
        let mut way = at[count].iter().copied().min_by_key(|way| ways[*way].cost).unwrap_or(0);
        while way != 0 {
            steps.push(ways[way].step);
            way = ways[way].before;
        }
        steps.reverse();
        steps
    }

    /// The phrases that may lie over the pieces from one on.
    fn fits(&self, from: usize) -> Vec<Fit> {
        let mut fits = Vec::new();
        let mut tokens: Vec<String> = Vec::new();
        for to in from + 1..=self.pieces.len() {
            tokens.extend_from_slice(&self.pieces[to - 1].tokens);
            if tokens.len() > self.longest + 1 {
                break;
            }
            self.fit(&tokens, 0, to, &mut fits);
            match tokens.split_first() {
                Some((first, rest)) if LEADS.contains(&first.as_str()) && !rest.is_empty() => {
                    self.fit(rest, 1, to, &mut fits);
                }
                _ => {}
            }
        }
        fits
    }

    fn fit(&self, tokens: &[String], cost: usize, to: usize, fits: &mut Vec<Fit>) {
        if let Some(phrase) = self.whole.get(tokens) {
            fits.push(Fit { to, phrase: *phrase, cost, after: None });
        }
        if self.ends.contains(tokens) {
            for (number, phrase) in self.phrases.iter().enumerate() {
                if phrase.len() > tokens.len() && phrase.ends_with(tokens) {
                    let after = Some(phrase.len() - tokens.len());
                    fits.push(Fit { to, phrase: number, cost: cost + 2, after });
                }
            }
        }
        if self.starts.contains(tokens) {
            for (number, phrase) in self.phrases.iter().enumerate() {
                if phrase.len() > tokens.len()
                    && phrase.starts_with(tokens)
                    && self.ends_behind(&phrase[tokens.len()..], to)
                {
                    fits.push(Fit { to, phrase: number, cost: cost + 3, after: None });
                }
            }
        }
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

/// A phrase that may lie over pieces up to `to`.
struct Fit {
    to: usize,
    phrase: usize,
    cost: usize,
    /// So many words at its start are left out: those of the phrase before.
    after: Option<usize>,
}
