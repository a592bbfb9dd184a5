//! Parsing a text of which most was parsed before, as one types.
//!
//! A text is cut into pieces before the lines that start with an item outside of all braces. What the
//! grammar makes of a piece does not depend on others as long as nothing in it is broken, so what was
//! made of the same piece before is taken to its new place. From the first broken piece to the last, and a
//! little further, all is parsed as one: what is said of a broken part depends on those before.
//!
//! Gives what [`parse_with_marks`] gives, always.

use super::characters::LINE_BREAKS;
use super::explain::LOOK_AHEAD;
use super::keywords::ITEM_WORDS;
use super::lexical::{self, Lexical};
use super::parse::{Parsed, parse_with_marks, read_with_marks};
use super::scan::{Kind, Scanner};
use super::tokens::Mark;
use super::tree::File;
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// What was made of pieces that are whole, by their texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known(HashMap<Arc<str>, Arc<Piece>>);

/// What was made of a piece, as if it were a file.
#[derive(Debug)]
struct Piece {
    tree: File,
    marks: Vec<Mark>,
}

/// A longer piece is not looked at alone first: it likely lacks a `}`, and it would be parsed twice.
const LONGEST_PIECE: usize = 1 << 16;

impl Known {
    /// What a piece gives, if all of it is whole.
    fn piece(&mut self, text: &str, before: &Self) -> Option<Arc<Piece>> {
        if let Some(piece) = self.0.get(text) {
            return Some(piece.clone());
        }
        if let Some((text, piece)) = before.0.get_key_value(text) {
            self.0.insert(text.clone(), piece.clone());
            return Some(piece.clone());
        }
        if text.len() > LONGEST_PIECE {
            return None;
        }
        let Parsed { tree, diagnostics, marks } = parse_with_marks(FileId(0), text);
        if !diagnostics.is_empty() {
            return None;
        }
        let piece = Arc::new(Piece { tree, marks });
        self.0.insert(text.into(), piece.clone());
        Some(piece)
    }
}

/// As [`parse_with_marks`], without parsing what is in `before`. What is whole of the text is put into
/// `now`. O(length), most of it for what is not known or broken.
pub(crate) fn parse_again(file: FileId, text: &str, before: &Known, now: &mut Known) -> Parsed {
    let lexical = lexical::check(file, text);
    if lexical.fatal {
        return read_with_marks(file, text, lexical);
    }
    let places = pieces(&lexical.meant);
    let starts = lexical.diagnostics.iter().filter_map(Diagnostic::primary);
    let mut spoilt: Vec<u32> = starts.map(|label| label.span.start).collect();
    spoilt.sort_unstable();
    now.0.reserve(places.len());
    let is_spoilt = |place: &Range<usize>| {
        let first = spoilt.partition_point(|at| (*at as usize) < place.start);
        spoilt.get(first).is_some_and(|at| (*at as usize) < place.end)
    };
    let mut piece = |place: &Range<usize>| match is_spoilt(place) {
        true => None,
        false => now.piece(&lexical.meant[place.clone()], before),
    };
    let known: Vec<Option<Arc<Piece>>> = places.iter().map(&mut piece).collect();
    let broken = around_broken(&known, &places);

    let mut parsed = Parsed::default();
    let append = |parsed: &mut Parsed, (piece, place): (&Option<Arc<Piece>>, &Range<usize>)| {
        let (Some(piece), by) = (piece, place.start as u32) else { return }; // in a file
        parsed.tree.append(piece.tree.moved(file, by));
        parsed.marks.extend(piece.marks.iter().map(|mark| mark.moved(by)));
    };
    let pieces = || known.iter().zip(&places);
    pieces().take(broken.start).for_each(|piece| append(&mut parsed, piece));
    if let (Some(first), Some(last)) = (places.get(broken.start), broken.clone().next_back()) {
        let place = first.start..places[last].end;
        let meant = Cow::Owned(alone(&lexical.meant, &place));
        let lexical = Lexical { meant, ..lexical };
        let Parsed { tree, diagnostics, marks } =
            read_with_marks(file, &alone(text, &place), lexical);
        parsed.tree.append(tree);
        parsed.diagnostics = diagnostics;
        parsed.marks.extend(marks);
    }
    pieces().skip(broken.end).for_each(|piece| append(&mut parsed, piece));
    parsed
}

/// From the first broken piece to the last, with as many behind as are looked at to tell what is wrong: none is
/// the rest of one before, for it starts as an item does. Empty, at the end, if none is broken.
fn around_broken(known: &[Option<Arc<Piece>>], places: &[Range<usize>]) -> Range<usize> {
    let Some(first) = known.iter().position(Option::is_none) else {
        return known.len()..known.len();
    };
    let last = known.iter().rposition(Option::is_none).unwrap_or(first);
    let seen = places[last].end + LOOK_AHEAD;
    let behind = places[last..].iter().take_while(|place| place.start <= seen).count();
    first..last + behind
}

/// A piece or several at their place: behind spaces and a line break in place of what is before them, and with
/// nothing behind.
fn alone(text: &str, place: &Range<usize>) -> String {
    let mut alone = " ".repeat(place.start);
    if alone.pop().is_some() {
        alone.push('\n');
    }
    alone.push_str(&text[place.clone()]);
    alone
}

/// The pieces of a text: each but the first starts with a line that starts with an item. O(length).
pub(crate) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = item_starts(text);
    starts.retain(|start| *start > 0);
    let ends = starts.iter().copied().chain([text.len()]);
    std::iter::once(0).chain(starts.iter().copied()).zip(ends).map(|(from, to)| from..to).collect()
}

/// Where lines start with an item, outside of all braces. O(length).
pub(super) fn item_starts(text: &str) -> Vec<usize> {
    let (mut starts, mut depth) = (Vec::new(), 0usize);
    let mut last = ""; // the last token, if it is a word
    let mut scanner = Scanner::new(text);
    while let Some(scanned) = scanner.next() {
        match (scanned.kind, scanned.text) {
            (Kind::LineBreak | Kind::Blank | Kind::Comment, _) => continue,
            (Kind::Word, word) => {
                let starts_line =
                    text[..scanned.start].ends_with(LINE_BREAKS) || scanned.start == 0;
                if depth == 0 && starts_line && !goes_on(last) && ITEM_WORDS.contains(&word) {
                    starts.push(scanned.start);
                }
                last = word;
                continue;
            }
            (Kind::OpenString, _) => scanner.skip_line(),
            (Kind::Mark, "{") => depth += 1,
            (Kind::Mark, "}") => depth = depth.saturating_sub(1),
            (Kind::String | Kind::Mark, _) => {}
        }
        last = "";
    }
    starts
}

/// What a word that starts an item may follow without starting one: `never use`, `per purpose`.
fn goes_on(word: &str) -> bool {
    matches!(word, "never" | "to" | "per" | "allow" | "deny" | "depends")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = r#"policy shop "Shop list" { version "1" }
import "more.why"
tag sensitive "Sensitive" // never
category contact "Contact" { email "Email"  phone #sensitive }
category work {
    email "Work email"
    office also contact
}
purpose service { login  billing }
fact consent per purpose "Agreed"
fact region: one of eu, us "Where"
field "*_email" is contact.email
section account "Account" {
    collect contact by provided for service.login when consent
    use contact.email except #sensitive for login unless region is eu then deidentify
}
share * with courier for billing when region in (eu, us)
use `use` for login
never use #sensitive for billing
require deidentify to
use work.email for login
expect {
    allow use office for login given region = us, consent = yes
}
"#;
    /// What an edit may put anywhere.
    const SCRAPS: [&str; 45] = [
        "",
        "",
        "\n",
        " ",
        "{",
        "}",
        "\"",
        "//",
        ",",
        "never",
        "use",
        "use email for login\n",
        "(",
        ")",
        "“",
        "；",
        "\ncategory x",
        "category\n",
        "expect {\n",
        "allow",
        "\nuse a for",
        "section s {\n",
        "x",
        "`",
        "per",
        " to ",
        "\nimport \"more.why\"\n",
        "\npurpose p\n",
        "for",
        "#",
        "\n}\n",
        "/* */",
        "never\n",
        " to\n",
        "邮",
        "\u{202E}",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\u{C}",
        "// a\u{2028}",
        "end",
        "\nend\n",
        " closed ",
        "\u{1B}",
    ];

    fn shown(mut parsed: Parsed) -> String {
        let mut lost: Vec<String> = parsed.tree.lost.drain().collect();
        lost.sort();
        format!("{parsed:#?}{lost:?}")
    }

    #[test]
    fn pieces_start_where_items_start_outside_of_braces() {
        let starts: Vec<&str> = pieces(TEXT)
            .into_iter()
            .map(|place| TEXT[place].split(' ').next().unwrap_or_default())
            .collect();
        let expected = "policy import tag category category purpose fact fact field section share use \
                        never require expect";
        assert_eq!(starts, expected.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn what_goes_on_over_a_line_is_one_piece() {
        for (text, count) in [
            ("never\nuse a", 1),
            ("require d to // x\nuse a", 1),
            ("fact a per\npurpose b", 1),
            ("allow\nuse a", 1),
            ("tag \"a//b\" never\nuse a", 1),
            ("use `never`\nuse a", 2),
            ("tag a // never\nuse a", 2),
            ("section a {\nuse b\n}\nuse c", 2),
            ("}\nuse a\n use b\nuser c\nuse d", 3),
        ] {
            assert_eq!(pieces(text).len(), count, "{text}");
        }
    }

    #[test]
    fn what_is_broken_on_the_first_line_of_a_piece_is_told_as_anywhere() {
        let text = "tag a\ncategory b /* */ { c never\n  d #e }\n";
        let again = parse_again(FileId(0), text, &Known::default(), &mut Known::default());
        assert_eq!(shown(again), shown(parse_with_marks(FileId(0), text)));
    }

    #[test]
    fn what_is_known_is_not_parsed_again() {
        let (mut known, mut now) = (Known::default(), Known::default());
        parse_again(FileId(0), TEXT, &Known::default(), &mut known);
        parse_again(FileId(3), &format!("tag new\n{TEXT}"), &known, &mut now);
        assert_eq!(now.0.len(), known.0.len() + 1);
        for (text, piece) in &known.0 {
            assert!(Arc::ptr_eq(piece, &now.0[text]), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_that_is_parsed_again_gives_what_it_gives_anew(
            edits in prop::collection::vec((any::<u16>(), 0..9usize, 0..SCRAPS.len()), 1..12),
        ) {
            let mut text = TEXT.repeat(2);
            let mut known = Known::default();
            for (at, removed, scrap) in edits {
                let at = text.floor_char_boundary(usize::from(at) % (text.len() + 1));
                let end = text.ceil_char_boundary((at + removed).min(text.len()));
                text.replace_range(at..end, SCRAPS[scrap]);
                let mut now = Known::default();
                let again = parse_again(FileId(1), &text, &known, &mut now);
                prop_assert_eq!(shown(again), shown(parse_with_marks(FileId(1), &text)), "{}", text);
                known = now;
            }
        }
    }
}
