//! The header, duties, events, bases and facts. They may be declared again, if the declarations are equal.

use super::fact::{Choice, Domain, Fact};
use super::load::Loaded;
use super::policy::Header;
use super::shown::different;
use super::statement::{Declared, Duty};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::limits::{MAX_CHOICES, MAX_DUTIES, MAX_EVENTS, MAX_PURPOSE_FACTS};
use crate::printable::printable;
use crate::source::{FileId, Source, Sources, Span};
use crate::syntax::tree;
use crate::syntax::{is_web_address, next_token};
use crate::words::Mask;
use hashbrown::{HashMap, HashSet};

/// The header of the root file.
pub(super) fn header(
    files: &[Loaded],
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Header {
    one_each(files, diagnostics);
    // The root file is the first source; it is missing here if it could not be read.
    let root = files.iter().find(|file| file.id.0 == 0);
    let Some(header) = root.and_then(|file| file.tree.header.first()) else {
        let lost = |file: &&Loaded| !file.tree.unread && !lost_header(&file.tree.lost);
        if let Some(root) = root.filter(lost) {
            let path = sources.file(root.id).path();
            let message = format!("the root file `{path}` has no `policy` header");
            diagnostics.push(
                Diagnostic::new(Code::NoHeader, Span::new(root.id, 0, 0), message)
                    .help("start it with: `policy NAME \"What this policy is\"`"),
            );
        }
        return Header::default();
    };
    let mut result = Header {
        name: header.name.text.clone(),
        label: header.label.as_ref().map(|l| l.text.clone()).unwrap_or_default(),
        ..Header::default()
    };
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for (key, value) in &header.entries {
        let slot = match key.text.as_str() {
            "version" => &mut result.version,
            "controller" => &mut result.controller,
            "effective" => &mut result.effective,
            "language" => &mut result.language,
            "contact" => &mut result.contact,
            "url" => &mut result.url,
            other => {
                diagnostics.push(bad_entry(other, key.span));
                continue;
            }
        };
        if let Some(first) = seen.insert(&key.text, key.span) {
            let message = format!("`{}` stands here twice", key.text);
            diagnostics.push(
                Diagnostic::new(Code::RepeatedPart, key.span, message)
                    .related(first, "the other one")
                    .help("remove one of the two"),
            );
        }
        if let Some(help) = wrong_entry(&key.text, &value.text) {
            let message = format!("this is not a value of `{}`", key.text);
            diagnostics.push(Diagnostic::new(Code::BadHeader, value.span, message).help(help));
        }
        slot.clone_from(&value.text);
    }
    result
}

/// Reports further headers of a file.
fn one_each(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) {
    for file in files {
        for again in file.tree.header.iter().skip(1) {
            diagnostics.push(
                Diagnostic::new(Code::BadHeader, again.name.span, "a file has one `policy` header")
                    .related(file.tree.header[0].name.span, "the other one")
                    .help("remove one of the two"),
            );
        }
    }
}

fn bad_entry(word: &str, place: Span) -> Diagnostic {
    if word == "closed" {
        return Diagnostic::new(Code::BadHeader, place, "`closed` stands without a text")
            .help("write `closed` alone");
    }
    let near = crate::names::nearest(word, ENTRIES);
    let entries = format!("its entries are `{}` and `closed`", ENTRIES.join("`, `"));
    Diagnostic::new(Code::BadHeader, place, format!("a policy header has no `{word}`"))
        .nearest_or(&near, entries)
}

/// The entries of a header that have a text.
const ENTRIES: [&str; 6] = ["version", "controller", "effective", "language", "contact", "url"];

/// What an entry should be, if it is not.
fn wrong_entry(key: &str, value: &str) -> Option<&'static str> {
    match key {
        "effective" if !is_date(value) => Some("write the day as `\"2026-12-31\"`"),
        "language" if !is_language(value) => {
            Some("write the code of a language, such as `\"en\"`, `\"de\"` or `\"zh-Hans\"`")
        }
        "url" if !is_web_address(value) => {
            Some("it starts with `https://` or `http://` and has no spaces")
        }
        _ => None,
    }
}

/// A day of the Gregorian calendar, as ISO 8601 writes it.
fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    dashes && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// The form of a language tag (BCP 47): a code of two or three letters, then further parts.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_code =
        |code: &str| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphabetic());
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(is_code) && parts.all(is_part)
}

/// Checks that each file ends correctly: with `end` if the root file or the file itself says `closed`, and with
/// nothing after `end`.
pub(super) fn ends(files: &[Loaded], sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let says_closed = |file: &Loaded| file.tree.header.iter().find_map(|header| header.closed);
    let of_root = files.iter().find(|file| file.id.0 == 0).and_then(says_closed);
    let errors = diagnostics.iter().filter(|d| d.severity() == Severity::Error);
    let broken: HashSet<FileId> = errors.filter_map(|d| Some(d.primary()?.span.file)).collect();
    for file in files.iter().filter(|file| !file.tree.unread) {
        let source = sources.file(file.id);
        let Some(end) = file.tree.ends.first() else {
            let closed = of_root.or_else(|| says_closed(file));
            // A broken part may contain it.
            let closed = closed.filter(|_| !broken.contains(&file.id));
            diagnostics.extend(closed.map(|closed| no_end(file.id, source, closed)));
            continue;
        };
        let next = next_token(source.text(), end.end as usize);
        let is_behind = |d: &Diagnostic| {
            let is_there = |span: Span| span.file == file.id && span.start as usize >= next;
            d.primary().is_some_and(|label| is_there(label.span))
        };
        let is_character =
            |d: &Diagnostic| matches!(d.code(), Code::UnknownCharacter | Code::HiddenCharacter);
        if next == source.text().len()
            || diagnostics.iter().any(|d| is_behind(d) && is_character(d))
        {
            continue;
        }
        diagnostics.retain(|d| !is_behind(d) || d.severity() != Severity::Error);
        let line = source.line(next);
        let span = Span::new(file.id, next, line.end.max(next));
        diagnostics.push(
            Diagnostic::new(Code::BehindEnd, span, "nothing may follow `end`")
                .related(*end, "the file ends here")
                .help("move it before `end`, or remove it"),
        );
    }
}

fn no_end(file: FileId, source: &Source, closed: Span) -> Diagnostic {
    let last = source.text().trim_end().len();
    let message = format!("`{}` does not end with `end`", source.path());
    Diagnostic::new(Code::NoEnd, Span::new(file, last, last), message)
        .related(closed, "this policy is `closed`: each of its files ends with `end`")
        .help("if the file was cut off, get the whole of it; if nothing is missing, write `end`")
}

/// Whether the header may be in a broken part.
fn lost_header(lost: &HashSet<String>) -> bool {
    !lost.is_empty()
        && (lost.contains("policy")
            || !crate::names::nearest("policy", lost.iter().map(String::as_str)).is_empty())
}

/// All duties, each once.
pub(super) fn duties(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) -> Vec<Duty> {
    let mut all = Vec::new();
    for tree::Duty { name, label, mask } in files.iter().flat_map(|file| &file.tree.duties) {
        let duty = Duty {
            name: name.text.clone(),
            label: text_of(label),
            mask: mask.as_ref().and_then(|action| self::mask(action, diagnostics)),
        };
        all.push((name, duty));
    }
    once(all, "duty", MAX_DUTIES, diagnostics)
}

fn mask(action: &tree::Text, diagnostics: &mut Vec<Diagnostic>) -> Option<Mask> {
    if let Ok(mask) = action.text.parse() {
        return Some(mask);
    }
    let words = Mask::ALL.map(Mask::as_str);
    let message = format!("there is no mask `{}`", printable(&action.text));
    let near = crate::names::nearest(&action.text, words);
    diagnostics.push(
        Diagnostic::new(Code::UnknownMask, action.span, message)
            .nearest_or(&near, format!("the masks are `{}`", words.join("`, `"))),
    );
    None
}

/// All events, each once, in the order in which answers list them.
pub(super) fn events(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) -> Vec<Declared> {
    let all = files.iter().flat_map(|file| &file.tree.events).map(|event| {
        let declared = Declared { name: event.name.text.clone(), label: text_of(&event.label) };
        (&event.name, declared)
    });
    let mut events = once(all, "event", MAX_EVENTS, diagnostics);
    events.sort_by(|a, b| a.name.cmp(&b.name));
    events
}

fn text_of(label: &Option<tree::Text>) -> String {
    label.as_ref().map(|label| label.text.clone()).unwrap_or_default()
}

/// Each declaration once. They may be repeated, if they are equal. Reports the first beyond a limit.
fn once<'f, D: PartialEq>(
    all: impl IntoIterator<Item = (&'f tree::Name, D)>,
    word: &str,
    most: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<D> {
    let mut places: HashMap<&str, (usize, Span)> = HashMap::new();
    let mut once = Vec::new();
    for (name, declared) in all {
        match places.get(name.text.as_str()) {
            Some((first, _)) if once[*first] == declared => {}
            Some((_, place)) => diagnostics.push(different(word, name, *place)),
            None => {
                if once.len() == most {
                    let message = format!("this is one {word} more than the {most} that fit");
                    diagnostics.push(Diagnostic::new(Code::TooLarge, name.span, message));
                }
                places.insert(&name.text, (once.len(), name.span));
                once.push(declared);
            }
        }
    }
    once
}

/// All facts, each once, and their numbers by name.
pub(super) fn facts(
    files: &[Loaded],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Fact>, HashMap<String, u32>) {
    let mut facts: Vec<Fact> = Vec::new();
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut spans: Vec<Span> = Vec::new();
    for declared in files.iter().flat_map(|file| &file.tree.facts) {
        let fact = Fact {
            name: declared.name.text.clone(),
            label: declared.label.as_ref().map(|l| l.text.clone()).unwrap_or_default(),
            kind: match &declared.kind {
                tree::Domain::YesNo => Domain::YesNo,
                tree::Domain::PerPurpose => Domain::PerPurpose,
                tree::Domain::Number => Domain::Number,
                tree::Domain::Choice(all) => Domain::Choice(choices(all, diagnostics)),
            },
        };
        if let Some(first) = ids.get(&fact.name) {
            if facts[*first as usize] != fact {
                diagnostics.push(different("fact", &declared.name, spans[*first as usize]));
            }
            continue;
        }
        ids.insert(fact.name.clone(), facts.len() as u32);
        spans.push(declared.name.span);
        facts.push(fact);
    }
    let mut per_purpose =
        facts.iter().zip(&spans).filter(|(fact, _)| fact.kind == Domain::PerPurpose);
    if let Some((_, span)) = per_purpose.nth(MAX_PURPOSE_FACTS) {
        let message =
            format!("this is one fact per purpose more than the {MAX_PURPOSE_FACTS} that fit");
        diagnostics.push(Diagnostic::new(Code::TooLarge, *span, message));
    }
    (facts, ids)
}

fn choices(declared: &[tree::Declared], diagnostics: &mut Vec<Diagnostic>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for tree::Declared { name, label } in declared {
        if choices.iter().any(|choice| choice.name == name.text) {
            let message = format!("the choice `{}` stands here twice", name.text);
            diagnostics.push(
                Diagnostic::new(Code::RepeatedPart, name.span, message)
                    .help("remove one of the two"),
            );
        } else if choices.len() == MAX_CHOICES {
            let message = format!("a fact has at most {MAX_CHOICES} choices");
            diagnostics.push(Diagnostic::new(Code::TooLarge, name.span, message));
            break;
        } else {
            let label = label.as_ref().map(|label| label.text.clone()).unwrap_or_default();
            choices.push(Choice { name: name.text.clone(), label });
        }
    }
    choices
}
