//! Aligns phrases with the pieces of a sentence so that the fewest words remain uncovered.

use super::pieces::Piece;
use std::collections::{HashMap, HashSet};

/// Words before the first phrase that carry no meaning: "for registration", "to verify identity".
const LEADS: [&str; 2] = ["for", "to"];
/// Most pieces between a phrase's start and its shared end.
const NEAR: usize = 6;
/// Most ways kept for each piece.
const MOST_WAYS: usize = 12;
/// The cost of an uncovered word: more than any way to cover it.
const LEFT_OVER: usize = 1000;

/// A phrase, or none, over the pieces `from..to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) phrase: Option<usize>,
}

/// A way to align phrases up to one piece: its cost, its last phrase, and the way before it.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: usize,
    last: Option<usize>,
    step: Step,
    before: usize,
}

/// The phrases by their words, and by their possible starts and ends.
pub(super) struct Layer<'a> {
    pieces: &'a [Piece],
    phrases: &'a [Vec<String>],
    whole: HashMap<&'a [String], usize>,
    starts: HashSet<&'a [String]>,
    ends: HashSet<&'a [String]>,
    longest: usize,
}

impl<'a> Layer<'a> {
    pub(super) fn new(pieces: &'a [Piece], phrases: &'a [Vec<String>]) -> Self {
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

    /// Goes from start to end, keeping the cheapest ways to each piece.
    pub(super) fn best(self) -> Vec<Step> {
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

    /// The phrases that may start at a piece.
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
                    && self.ends_after(&phrase[tokens.len()..], to)
                {
                    fits.push(Fit { to, phrase: number, cost: cost + 3, after: None });
                }
            }
        }
    }

    /// Whether one of the next pieces, together with those before it, ends with these words.
    fn ends_after(&self, end: &[String], to: usize) -> bool {
        let mut words: Vec<&String> = Vec::new();
        self.pieces[to..].iter().take(NEAR).any(|piece| {
            words.extend(&piece.tokens);
            words.len() > end.len()
                && words[words.len() - end.len()..].iter().zip(end).all(|(a, b)| *a == b)
        })
    }
}

/// A phrase that may cover pieces up to `to`.
struct Fit {
    to: usize,
    phrase: usize,
    cost: usize,
    /// The number of omitted words at its start, shared with the phrase before.
    after: Option<usize>,
}
