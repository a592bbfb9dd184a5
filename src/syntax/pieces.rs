//! Parsing in pieces: on several cores, and incrementally between keystrokes.
//!
//! A text is cut before the lines that start with an item outside of all braces. What the grammar makes of a piece
//! does not depend on other pieces, as long as nothing in it is broken. So pieces can be parsed at the same time, and
//! the tree of an unchanged piece can be moved to its new place. From the first broken piece to the last, and a
//! little further, the text is parsed as one: the message about a broken part depends on what comes before.
//!
//! The result is always that of parsing the text at once.

use super::characters::LINE_BREAKS;
use super::explain::LOOK_AHEAD;
use super::keywords::ITEM_WORDS;
use super::lexical::{self, Lexical};
use super::parallel;
use super::parse::{Parsed, parse_with_marks, read, read_with_marks};
use super::scan::{Kind, Scanner};
use super::tokens::Mark;
use super::tree::File;
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// The results for whole pieces, by their texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownPieces(HashMap<Arc<str>, Arc<Piece>>);

/// The result for one piece, as if it were a file.
#[derive(Debug)]
struct Piece {
    tree: File,
    marks: Vec<Mark>,
}

/// Bytes parsed as one, at least, if nothing is known of them. The parser's events take thirty times as much memory.
const CHUNK: usize = 1 << 16;
/// A longer piece is not parsed by itself first: it likely lacks a `}`, and would be parsed twice.
const LONGEST_PIECE: usize = 1 << 16;

/// Parses one file: the tree of all that is whole, and a message for each part that is not. O(length).
///
/// A long text is parsed on several cores.
pub(crate) fn parse(file: FileId, text: &str) -> (File, Vec<Diagnostic>) {
    let Parsed { tree, diagnostics, .. } = parse_in_chunks(file, text, CHUNK);
    (tree, diagnostics)
}

fn parse_in_chunks(file: FileId, text: &str, length: usize) -> Parsed {
    let lexical = lexical::check(file, text);
    if text.len() <= length || lexical.fatal || !lexical.diagnostics.is_empty() {
        return read(file, text, lexical);
    }
    let mut cut = Cut::new(file, text, lexical);
    cut.unite(length);
    let parts = parallel::map_parts(&cut.places, parallel::threads(text.len()), |part| {
        part.iter().map(|place| cut.chunk(place)).collect::<Vec<_>>()
    });
    let mut chunks: Vec<Option<File>> = parts.into_iter().flatten().collect();
    let broken = cut.around_broken(|at| chunks[at].is_none());
    let mut append = |parsed: &mut Parsed, range: Range<usize>| {
        chunks[range].iter_mut().flat_map(Option::take).for_each(|tree| parsed.tree.append(tree));
    };
    let mut parsed = Parsed::default();
    append(&mut parsed, 0..broken.start);
    cut.parse_as_one(broken.clone(), &mut parsed, read);
    append(&mut parsed, broken.end..cut.places.len());
    parsed
}

/// As [`parse_with_marks`], without parsing what is in `before`. The whole pieces of the text are put into
/// `now`. O(length), most of it for what is not known or broken.
pub(crate) fn parse_again(
    file: FileId,
    text: &str,
    before: &KnownPieces,
    now: &mut KnownPieces,
) -> Parsed {
    let lexical = lexical::check(file, text);
    if lexical.fatal {
        return read_with_marks(file, text, lexical);
    }
    let mut cut = Cut::new(file, text, lexical);
    let parts = parallel::map_parts(&cut.places, parallel::threads(text.len()), |part| {
        let pieces: Vec<_> = part.iter().map(|place| cut.piece(place, before)).collect();
        let moved = pieces.iter().all(Option::is_some).then(|| cut.moved(&pieces, part));
        (pieces, moved)
    });
    let mut known = Vec::with_capacity(cut.places.len());
    let mut moved = Vec::with_capacity(parts.len());
    for (pieces, parsed) in parts {
        moved.push((known.len()..known.len() + pieces.len(), parsed));
        known.extend(pieces);
    }
    let broken = cut.around_broken(|at| known[at].is_none());
    let mut append = |parsed: &mut Parsed, cut: &Cut<'_>, range: Range<usize>| {
        for (part, moved) in &mut moved {
            let range = part.start.max(range.start)..part.end.min(range.end);
            parsed.append(match moved.take_if(|_| range == *part) {
                Some(moved) => moved,
                None if range.is_empty() => continue,
                None => cut.moved(&known[range.clone()], &cut.places[range]),
            });
        }
    };
    let mut parsed = Parsed::default();
    append(&mut parsed, &cut, 0..broken.start);
    cut.parse_as_one(broken.clone(), &mut parsed, read_with_marks);
    append(&mut parsed, &cut, broken.end..cut.places.len());
    now.0.reserve(known.len());
    now.0.extend(known.into_iter().flatten());
    parsed
}

/// A text that is cut into pieces.
struct Cut<'t> {
    file: FileId,
    text: &'t str,
    lexical: Lexical<'t>,
    places: Vec<Range<usize>>,
    /// Where there are lexical diagnostics, sorted.
    spoilt: Vec<u32>,
}

/// A known piece and its text.
type Known = (Arc<str>, Arc<Piece>);

impl<'t> Cut<'t> {
    fn new(file: FileId, text: &'t str, lexical: Lexical<'t>) -> Self {
        let starts = lexical.diagnostics.iter().filter_map(Diagnostic::primary);
        let mut spoilt: Vec<u32> = starts.map(|label| label.span.start).collect();
        spoilt.sort_unstable();
        Self { file, text, places: pieces(&lexical.meant), lexical, spoilt }
    }

    /// Joins neighbouring pieces into chunks of at least this length.
    fn unite(&mut self, length: usize) {
        self.places.dedup_by(|next, chunk| {
            let joins = chunk.len() < length;
            if joins {
                chunk.end = next.end;
            }
            joins
        });
    }

    /// The tree of a chunk at its place, if all of it is whole. Of a text without lexical diagnostics.
    fn chunk(&self, place: &Range<usize>) -> Option<File> {
        let text = &self.text[place.clone()];
        let lexical = Lexical { diagnostics: Vec::new(), fatal: false, meant: Cow::Borrowed(text) };
        let Parsed { mut tree, diagnostics, .. } = read(self.file, text, lexical);
        tree.shift(self.file, place.start as u32); // in a file
        diagnostics.is_empty().then_some(tree)
    }

    /// The result for a piece, if all of it is whole.
    fn piece(&self, place: &Range<usize>, before: &KnownPieces) -> Option<Known> {
        let first = self.spoilt.partition_point(|at| (*at as usize) < place.start);
        if self.spoilt.get(first).is_some_and(|at| (*at as usize) < place.end) {
            return None;
        }
        let text = &self.lexical.meant[place.clone()];
        if let Some((text, piece)) = before.0.get_key_value(text) {
            return Some((text.clone(), piece.clone()));
        }
        if text.len() > LONGEST_PIECE {
            return None;
        }
        let Parsed { tree, diagnostics, marks } = parse_with_marks(FileId(0), text);
        diagnostics.is_empty().then(|| (text.into(), Arc::new(Piece { tree, marks })))
    }

    /// Neighbouring pieces at their places.
    fn moved(&self, pieces: &[Option<Known>], places: &[Range<usize>]) -> Parsed {
        let mut parsed = Parsed::default();
        for (piece, place) in pieces.iter().zip(places) {
            let (Some((_, piece)), by) = (piece, place.start as u32) else { continue }; // in a file
            let mut tree = piece.tree.clone();
            tree.shift(self.file, by);
            parsed.tree.append(tree);
            parsed.marks.extend(piece.marks.iter().map(|mark| mark.moved(by)));
        }
        parsed
    }

    /// The places from the first broken piece to the last, and those that are needed to explain what is wrong:
    /// no later one can be the rest of a broken piece, as it starts like an item. Empty, at the end, if no piece is
    /// broken.
    fn around_broken(&self, is_broken: impl Fn(usize) -> bool) -> Range<usize> {
        let count = self.places.len();
        let mut broken = (0..count).filter(|at| is_broken(*at));
        let Some(first) = broken.next() else { return count..count };
        let last = broken.next_back().unwrap_or(first);
        let seen = self.places[last].end + LOOK_AHEAD;
        let further = self.places[last..].iter().take_while(|place| place.start <= seen).count();
        first..last + further
    }

    /// Parses neighbouring pieces as one, and appends the result.
    fn parse_as_one(
        &mut self,
        range: Range<usize>,
        parsed: &mut Parsed,
        read: impl FnOnce(FileId, &str, Lexical<'_>) -> Parsed,
    ) {
        let places = &self.places[range];
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        let place = first.start..last.end;
        let meant = Cow::Owned(alone(&self.lexical.meant, &place));
        let diagnostics = std::mem::take(&mut self.lexical.diagnostics);
        let lexical = Lexical { diagnostics, fatal: false, meant };
        parsed.append(read(self.file, &alone(self.text, &place), lexical));
    }
}

/// The text at a place, after spaces and a line break instead of what is before it, and with nothing after it.
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

/// Words after which a keyword that starts items does not start one: `never use`, `per purpose`.
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
tag country "Country" published { us "United States"  de }
category contact "Contact" { email "Email"  phone #sensitive }
category work {
    email "Work email"
    office also contact
}
purpose service { login  billing }
fact consent per purpose "Agreed"
fact region: one of eu "Europe", us "Where"
basis contract "Contract"
basis agreed when consent
event deletion "Deletion"
field "*_email" is contact.email
section account "Account" because "You have one" {
    collect contact, optional work on contract & agreed, agreed because "x" see "https://a.b"
        for service.login retain 2 years, 30 days after deletion, at least 1 week, until deletion
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
    const SCRAPS: [&str; 58] = [
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
        "\nbasis b",
        "\nevent e\n",
        "basis",
        " on ",
        " optional ",
        " published ",
        "because \"x\"",
        "see ",
        " until e",
        " after ",
        "at least 3",
        "hours",
        "#a.b",
    ];

    fn parse_whole(file: FileId, text: &str) -> Parsed {
        read(file, text, lexical::check(file, text))
    }

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
        let expected = "policy import tag tag category category purpose fact fact field section share use \
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
        let again =
            parse_again(FileId(0), text, &KnownPieces::default(), &mut KnownPieces::default());
        assert_eq!(shown(again), shown(parse_with_marks(FileId(0), text)));
    }

    #[test]
    fn a_long_text_is_parsed_on_several_cores_with_the_same_result() {
        let mut text = TEXT.repeat(400);
        assert_eq!(
            shown(parse_in_chunks(FileId(2), &text, CHUNK)),
            shown(parse_whole(FileId(2), &text))
        );
        let middle = text.len() / 2 + text[text.len() / 2..].find("category work {").unwrap_or(0);
        text.insert(middle, '}');
        let (whole, known) = (parse_whole(FileId(2), &text), KnownPieces::default());
        assert!(!whole.diagnostics.is_empty());
        let mut now = KnownPieces::default();
        let again = parse_again(FileId(2), &text, &known, &mut now);
        assert_eq!(shown(Parsed { marks: Vec::new(), ..again }), shown(whole));
    }

    #[test]
    fn what_is_known_is_not_parsed_again() {
        let (mut known, mut now) = (KnownPieces::default(), KnownPieces::default());
        parse_again(FileId(0), TEXT, &KnownPieces::default(), &mut known);
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
            let mut known = KnownPieces::default();
            for (at, removed, scrap) in edits {
                let at = text.floor_char_boundary(usize::from(at) % (text.len() + 1));
                let end = text.ceil_char_boundary((at + removed).min(text.len()));
                text.replace_range(at..end, SCRAPS[scrap]);
                let mut now = KnownPieces::default();
                let again = parse_again(FileId(1), &text, &known, &mut now);
                let expected = shown(parse_with_marks(FileId(1), &text));
                prop_assert_eq!(shown(again), expected, "{}", text);
                let whole = shown(parse_whole(FileId(1), &text));
                for length in [0, 300] {
                    let in_chunks = shown(parse_in_chunks(FileId(1), &text, length));
                    prop_assert_eq!(in_chunks, whole.as_str(), "{}", text);
                }
                known = now;
            }
        }
    }
}
