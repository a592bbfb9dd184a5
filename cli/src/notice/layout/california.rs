//! A chart of the categories that are collected, as California's rules for notices ask for: what each is used for, whether
//! it is sold or shared, and how long it is kept.
//!
//! A recipient to whom data is sold has the published tag `sold`; one with whom it is shared for advertising across
//! businesses has `shared`. A row says what holds for some of its category, under some
//! condition, and nothing that is always forbidden. What is used or shared without being collected stands below, and what is
//! forbidden or required, with its conditions.

use super::entries::{self, further, place};
use super::tags;
use crate::notice::block::{Block, Line};
use crate::notice::clauses;
use crate::notice::part::Part;
use crate::notice::sentence::{self, Phrase};
use crate::notice::view::{Column, Section};
use crate::notice::words::Words;
use whyfor::Act;
use whyfor::notice::{Charted, Entry, Node, Notice, Selected};

/// The tags of recipients that the chart tells.
const TAGS: [&str; 2] = ["sold", "shared"];
const COLUMNS: [Part; 4] = [Part::Category, Part::Purpose, Part::Sale, Part::Retention];

pub(super) fn sections(words: &Words, notice: &Notice) -> Vec<Section> {
    let column = |part| Column { part, label: words.of_part(part).to_owned() };
    let chart = Section {
        id: "chart".to_owned(),
        title: String::new(),
        because: String::new(),
        columns: COLUMNS.map(column).to_vec(),
        place: place(notice),
        blocks: notice.chart.iter().map(|charted| row(words, notice, charted)).collect(),
        additional: Vec::new(),
    };
    let uncharted =
        notice.uncharted.iter().map(|(section, at)| &notice.sections[*section].entries[*at]);
    std::iter::once(chart)
        .chain(further(words, uncharted.chain(entries::besides(notice))))
        .collect()
}

fn row(words: &Words, notice: &Notice, charted: &Charted) -> Block {
    let entry = |(section, at): &(usize, usize)| &notice.sections[*section].entries[*at];
    let entries: Vec<&Entry> = charted.entries.iter().map(entry).collect();
    let keeping = charted.entries.iter().chain(&charted.requirements).map(entry);
    let label = sentence::label(words, &charted.node);
    let texts = [
        vec![label],
        purposes(words, &charted.purposes),
        vec![sale(words, &charted.recipients)],
        kept(words, keeping),
    ];
    let lines = COLUMNS.into_iter().zip(texts).filter(|(_, texts)| !texts.is_empty());
    let line = |(part, texts): (Part, Vec<String>)| Line {
        part,
        label: words.of_part(part).to_owned(),
        text: match part {
            Part::Retention => texts.join(&words.besides),
            _ => texts.join(&words.comma),
        },
        items: Vec::new(),
        is_url: false,
        phrases: texts.into_iter().map(Phrase::closed).collect(),
    };
    Block {
        kind: "permit",
        act: "collect",
        lines: lines.map(line).collect(),
        place: entries.first().map_or_else(|| place(notice), |entry| entry.place.clone()),
    }
}

/// What it is collected, used and shared for.
fn purposes(words: &Words, purposes: &Selected) -> Vec<String> {
    let all = purposes.everything.then(|| words.any_purpose.clone());
    let labels = purposes.items.iter().map(|item| sentence::label(words, &item.node));
    let mut texts: Vec<String> = all.into_iter().collect();
    for label in labels {
        if !texts.contains(&label) {
            texts.push(label);
        }
    }
    texts
}

/// With whom it is sold or shared, under the labels of these tags.
fn sale(words: &Words, recipients: &[Node]) -> String {
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for node in recipients {
        for tag in TAGS.iter().filter_map(|name| tags::named(node, name)) {
            match said.iter_mut().find(|(label, _)| *label == tag.text()) {
                Some((_, names)) => names.push(node.text()),
                None => said.push((tag.text(), vec![node.text()])),
            }
        }
    }
    let said: Vec<String> = said
        .iter()
        .map(|(label, names)| format!("{label}{}{}", words.tag, tags::joined(words, names)))
        .collect();
    if said.is_empty() { words.not_sold.clone() } else { said.join(&words.besides) }
}

/// How long it is kept, by each permit or requirement to collect or to use that says so.
fn kept<'n>(words: &Words, entries: impl Iterator<Item = &'n Entry>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let own = entries.filter(|entry| !matches!(entry.act, Act::Share(_)));
    for entry in own.filter(|entry| !entry.retain.is_empty()) {
        let text = clauses::retention(words, &entry.retain);
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}
