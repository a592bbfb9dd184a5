//! Cuts a sentence at commas and conjunctions into pieces, each of words without capitals and
//! plurals.

use super::sign;
use crate::notice::words::Words;

#[derive(Debug, Default)]
pub(super) struct Piece {
    /// The range of its words, in characters.
    start: usize,
    end: usize,
    pub(super) tokens: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Cut {
    text: Vec<char>,
    pub(super) pieces: Vec<Piece>,
    /// The pieces before which the sentence announces examples or says that there is more.
    pub(super) marks: Vec<usize>,
    /// Those of them that lead what follows, rather than stand in a bracket or at the end.
    pub(super) leads: Vec<usize>,
}

impl Cut {
    pub(super) fn tokens(self) -> Vec<String> {
        self.pieces.into_iter().flat_map(|piece| piece.tokens).collect()
    }

    fn end(&mut self, piece: &mut Piece) {
        let done = std::mem::take(piece);
        if !done.tokens.is_empty() {
            self.pieces.push(done);
        }
    }

    /// The source text from one piece to another.
    pub(super) fn written(&self, (first, last): (usize, usize)) -> String {
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

pub(super) struct Cutter {
    /// The separators between pieces, the longest first, and whether they say that there is more.
    joints: Vec<(Vec<char>, bool)>,
}

impl Cutter {
    pub(super) fn new(words: &Words) -> Self {
        let open = [&words.such_as, &words.examples, &words.etc].map(|word| (word.as_str(), true));
        let closed = [
            &words.including,
            &words.some_parts,
            &words.and,
            &words.last_and,
            &words.or,
            &words.except,
        ];
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

    pub(super) fn cut(&self, text: &str) -> Cut {
        let lower: Vec<char> = text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
        let mut cut = Cut { text: text.chars().collect(), ..Cut::default() };
        let (mut piece, mut at) = (Piece::default(), 0);
        while at < lower.len() {
            if let Some((length, open)) = self.joint(&lower, at) {
                cut.end(&mut piece);
                if open {
                    cut.marks.push(cut.pieces.len());
                    let is_inside = lower[..at].iter().rfind(|c| !c.is_whitespace());
                    let is_end = lower[at + length..].iter().all(|c| !is_word(*c));
                    if !is_inside.is_some_and(|c| matches!(c, '(' | '（')) && !is_end {
                        cut.leads.push(cut.pieces.len());
                    }
                }
                at += length;
            } else if is_word(lower[at]) || sign::length(&lower, at) > 0 {
                let sign = sign::length(&lower, at);
                let length = if sign > 0 { sign } else { word_length(&lower[at..]) };
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
                // "（如支付宝）": before examples in a bracket, and a part of a word elsewhere.
                let leads = matches!(lower[at], '(' | '（') && lower.get(at + 1) == Some(&'如');
                if leads {
                    cut.marks.push(cut.pieces.len());
                }
                at += 1 + usize::from(leads);
            }
        }
        cut.end(&mut piece);
        cut
    }

    /// The length of the separator at a position, if any, and whether it says that there is more.
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

fn is_word(character: char) -> bool {
    character.is_alphanumeric()
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// The length of the word at the start. An ideograph is a word; other words may contain joined
/// letters: `D.run`, `de-identification`, `user's`.
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
