//! Field patterns. `*` matches any characters except `.`, `**` any characters, `?` one character except `.`.
//! ASCII letters match in upper and lower case.

use crate::limits::MAX_PATTERN;

/// How a pattern is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// No wildcard.
    Exact,
    /// One `*` between two literals, either of which may be empty.
    Star,
    /// One `**` between two literals.
    DoubleStar,
    /// Anything else.
    General,
}

/// The literal parts at both ends of a pattern, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anatomy {
    pub(crate) shape: Shape,
    /// The literal before the first wildcard.
    pub(crate) prefix: usize,
    /// The literal after the last wildcard; 0 if there is none.
    pub(crate) suffix: usize,
}

impl Anatomy {
    pub(crate) fn of(pattern: &str) -> Self {
        let wild = |c: char| matches!(c, '*' | '?');
        let (Some(first), Some(last)) = (pattern.find(wild), pattern.rfind(wild)) else {
            return Self { shape: Shape::Exact, prefix: pattern.len(), suffix: 0 };
        };
        let shape = match &pattern[first..=last] {
            "*" => Shape::Star,
            "**" => Shape::DoubleStar,
            _ => Shape::General,
        };
        Self { shape, prefix: first, suffix: pattern.len() - last - 1 }
    }
}

/// Whether a name matches. O(length of the name); for general patterns at most O(length of the name × length
/// of the pattern). Allocates nothing.
pub(crate) fn matches(pattern: &str, anatomy: Anatomy, name: &str) -> bool {
    let (text, bytes) = (pattern.as_bytes(), name.as_bytes());
    if anatomy.shape == Shape::Exact {
        return text.eq_ignore_ascii_case(bytes);
    }
    let Some(middle_end) = bytes.len().checked_sub(anatomy.suffix) else { return false };
    if middle_end < anatomy.prefix {
        return false;
    }
    let (head, rest) = bytes.split_at(anatomy.prefix);
    let (middle, tail) = rest.split_at(middle_end - anatomy.prefix);
    if !head.eq_ignore_ascii_case(&text[..anatomy.prefix])
        || !tail.eq_ignore_ascii_case(&text[text.len() - anatomy.suffix..])
    {
        return false;
    }
    match anatomy.shape {
        Shape::DoubleStar => true,
        Shape::Star => !middle.contains(&b'.'),
        _ => simulate(pattern, name),
    }
}

#[derive(Clone, Copy)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`
    Run,
    /// `**`
    AnyRun,
    End,
}

/// Matches a general pattern: an automaton of at most MAX_PATTERN + 1 states, whose active states are bits. It
/// reads the name once, without backtracking (Thompson 1968).
fn simulate(pattern: &str, name: &str) -> bool {
    let mut tokens = [Token::End; MAX_PATTERN + 1];
    let mut count = 0;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let token = match c {
            '*' if chars.next_if_eq(&'*').is_some() => Token::AnyRun,
            '*' => Token::Run,
            '?' => Token::One,
            c => Token::Literal(c.to_ascii_lowercase()),
        };
        let Some(slot) = tokens.get_mut(count) else { return false };
        *slot = token;
        count += 1;
    }
    let mut active = States::default();
    active.enter(&tokens, 0);
    for c in name.chars() {
        let mut next = States::default();
        active.each(|at| match tokens[at] {
            Token::Literal(l) if l == c.to_ascii_lowercase() => next.enter(&tokens, at + 1),
            Token::One if c != '.' => next.enter(&tokens, at + 1),
            Token::Run if c != '.' => next.enter(&tokens, at),
            Token::AnyRun => next.enter(&tokens, at),
            _ => {}
        });
        active = next;
    }
    active.contains(count)
}

#[derive(Default)]
struct States([u64; (MAX_PATTERN + 1) / 64]);

impl States {
    /// Adds a state and, since a run may be empty, the states after runs. It stops at a state that was added
    /// before, so a step takes no longer than there are states.
    fn enter(&mut self, tokens: &[Token], mut at: usize) {
        loop {
            if self.contains(at) {
                return;
            }
            let Some(word) = self.0.get_mut(at / 64) else { return };
            *word |= 1 << (at % 64);
            match tokens.get(at) {
                Some(Token::Run | Token::AnyRun) => at += 1,
                _ => return,
            }
        }
    }

    fn contains(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn each(&self, mut visit: impl FnMut(usize)) {
        for (index, word) in self.0.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                visit(index * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Anatomy, matches};

    #[test]
    fn patterns_match_as_the_language_says() {
        for (pattern, name, expected) in [
            ("users.email", "Users.EMAIL", true),
            ("users.email", "users.emails", false),
            ("*_email", "work_email", true),
            ("*_email", "_email", true),
            ("*_email", "a.work_email", false),
            ("**_email", "a.work_email", true),
            ("a*b", "ab", true),
            ("a*b", "aXXb", true),
            ("a*b", "a.b", false),
            ("a*a", "a", false),
            ("x?y", "xzy", true),
            ("x?y", "xy", false),
            ("x?y", "x.y", false),
            ("x?y", "x邮y", true),
            ("*.*", "a.b", true),
            ("*.*", "a.b.c", false),
            ("**.c?", "a.b.cd", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("**a*b", "a.a.ab", true),
            ("**a*b", "ab.a", false),
            ("*", "", true),
            ("**", "a.b", true),
            ("***x", "a.x", true),
            ("É*", "É1", true),
            ("É*", "é1", false),
        ] {
            assert_eq!(matches(pattern, Anatomy::of(pattern), name), expected, "{pattern} {name}");
        }
    }
}
