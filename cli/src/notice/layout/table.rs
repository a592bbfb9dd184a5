//! One table of all that is permitted: processing activities with their data, data subjects, purposes, legal bases,
//! recipients, transfers and periods, as article 30 of the GDPR asks for.
//!
//! A row is a permit to collect or to use, with the permits to share that differ from it in nothing but what is said about
//! the recipients. The published tags for the country of recipients and for the subject of categories fill two columns.

use super::entries::{self, further, place};
use super::tags;
use crate::notice::block::{self, Block, Line};
use crate::notice::part::Part;
use crate::notice::sentence::Phrase;
use crate::notice::view::{Column, Section};
use crate::notice::words::Words;
use whyfor::notice::{Condition, Entry, Notice, Selected};
use whyfor::{Act, StatementKind};

/// The group of tags for the countries of recipients, unless it has the label for it.
const COUNTRY: &str = "country";
/// The group of tags, or the fact, that says whose data it is, unless it has the label for it.
const SUBJECT: &str = "subject";

/// The columns that the table always has.
const ALWAYS: [Part; 8] = [
    Part::Activity,
    Part::Types,
    Part::Subject,
    Part::Purpose,
    Part::Basis,
    Part::Recipients,
    Part::Transfers,
    Part::Retention,
];
/// All of them, in their order.
const ORDER: [Part; 16] = [
    Part::Activity,
    Part::Types,
    Part::Optional,
    Part::Subject,
    Part::Method,
    Part::Purpose,
    Part::Basis,
    Part::Condition,
    Part::Recipients,
    Part::Transfers,
    Part::Retention,
    Part::RecipientRetention,
    Part::Duties,
    Part::RecipientDuties,
    Part::Reason,
    Part::See,
];

pub(super) fn sections(words: &Words, notice: &Notice, title: &str) -> Vec<Section> {
    let mut blocks = Vec::new();
    for section in &notice.sections {
        let activity = match (section.title.as_str(), section.name.as_str()) {
            ("", "") => title,
            ("", name) => name,
            (title, _) => title,
        };
        blocks.extend(rows(&section.entries).iter().map(|row| row.block(words, activity)));
    }
    let table = Section {
        id: "table".to_owned(),
        title: String::new(),
        because: String::new(),
        columns: columns(words, &blocks),
        place: place(notice),
        blocks,
        additional: Vec::new(),
    };
    std::iter::once(table).chain(further(words, entries::besides(notice))).collect()
}

/// A row: a permit, and the permits to share that belong to it.
struct Row<'n> {
    first: &'n Entry,
    shares: Vec<&'n Entry>,
}

fn rows(entries: &[Entry]) -> Vec<Row<'_>> {
    let is_share = |entry: &Entry| matches!(entry.act, Act::Share(_));
    let permits = || entries.iter().filter(|entry| entry.kind == StatementKind::Permit);
    let own = permits().filter(|entry| !is_share(entry));
    let mut rows: Vec<Row<'_>> = own.map(|first| Row { first, shares: Vec::new() }).collect();
    for share in permits().filter(|entry| is_share(entry)) {
        let takes = |row: &&mut Row<'_>| {
            !is_share(row.first)
                && is_alike(row.first, share)
                && row
                    .shares
                    .iter()
                    .all(|one| one.duties == share.duties && one.retain == share.retain)
        };
        match rows.iter_mut().find(takes) {
            Some(row) => row.shares.push(share),
            None => rows.push(Row { first: share, shares: Vec::new() }),
        }
    }
    rows
}

/// Whether two permits differ only in their act and in what is owed.
fn is_alike(one: &Entry, other: &Entry) -> bool {
    one.categories == other.categories
        && one.optional == other.optional
        && one.purposes == other.purposes
        && one.when == other.when
        && one.unless == other.unless
        && one.bases == other.bases
        && one.because == other.because
        && one.see == other.see
}

impl Row<'_> {
    fn block(&self, words: &Words, activity: &str) -> Block {
        let mut block = block::block(words, self.first);
        let of_shares = self.shares.iter().flat_map(|share| block::block(words, share).lines);
        for line in of_shares {
            match line.part {
                Part::Recipients => add(words, &mut block, line),
                Part::RecipientDuties | Part::RecipientRetention
                    if !block.lines.iter().any(|known| known.part == line.part) =>
                {
                    block.lines.push(line);
                }
                _ => {}
            }
        }
        let recipients = self.shares.iter().chain([&self.first]).filter_map(|one| match &one.act {
            Act::Share(recipients) => Some(recipients),
            _ => None,
        });
        let countries: Vec<&str> =
            recipients.flat_map(|one| tags::of_group(one, COUNTRY, &words.country)).collect();
        block.lines.extend(listed(words, Part::Transfers, &countries));
        block.lines.extend(listed(words, Part::Subject, &self.subjects(words)));
        block.lines.extend(listed(words, Part::Activity, &[activity]));
        block.lines.sort_by_key(|line| order(line.part));
        block
    }

    /// Whose data it is: by the tags of the categories, or by a condition.
    fn subjects(&self, words: &Words) -> Vec<&str> {
        let entry = self.first;
        let selected = std::iter::once(&entry.categories).chain(&entry.optional);
        let mut subjects: Vec<&str> = selected
            .flat_map(|one: &Selected| tags::of_group(one, SUBJECT, &words.subject))
            .collect();
        let conditions = match &entry.when {
            Some(Condition::All(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for condition in conditions {
            if let Condition::OneOf(fact, choices) = condition
                && tags::is_called(fact, SUBJECT, &words.subject)
            {
                subjects.extend(choices.iter().map(whyfor::notice::Node::text));
            }
        }
        subjects
    }
}

/// Adds recipients to those of a row.
fn add(words: &Words, block: &mut Block, line: Line) {
    match block.lines.iter_mut().find(|known| known.part == line.part) {
        Some(known) => {
            known.text = format!("{}{}{}", known.text, words.comma, line.text);
            known.items.extend(line.items);
            known.phrases.extend(line.phrases);
        }
        None => block.lines.push(line),
    }
}

/// A line of texts; none if there are none.
fn listed(words: &Words, part: Part, texts: &[&str]) -> Option<Line> {
    let phrases = texts.iter().map(|text| Phrase::closed((*text).to_owned()));
    (!texts.is_empty()).then(|| Line {
        part,
        label: words.of_part(part).to_owned(),
        text: tags::joined(words, texts),
        items: Vec::new(),
        is_url: false,
        phrases: phrases.collect(),
    })
}

fn order(part: Part) -> usize {
    ORDER.iter().position(|one| *one == part).unwrap_or(ORDER.len())
}

/// The columns of all lines, each label once, and those that a record always has.
fn columns(words: &Words, blocks: &[Block]) -> Vec<Column> {
    let lines = blocks.iter().flat_map(|block| &block.lines);
    let mut columns: Vec<Column> = Vec::new();
    for line in lines {
        let column = Column { part: line.part, label: line.label.clone() };
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    for part in ALWAYS {
        if !columns.iter().any(|column| column.part == part) {
            columns.push(Column { part, label: words.of_part(part).to_owned() });
        }
    }
    columns.sort_by_key(|column| order(column.part));
    columns
}
