//! From a published list to records: a section for each heading, a record for each block.

use super::doubts;
use super::fields::{Cells, Values, is_entry};
use super::pairs::{self, Atom};
use super::record::{Count, Data, Datum, Document, Entry, Methods, Record, Section};
use super::split::{self, Label};
use crate::notice::answers::is_nothing;
use crate::notice::matching;
use crate::notice::part::{About, Part};
use crate::notice::read::{self, Block, HeaderEntry, More, Page, PageText};
use crate::notice::words::Words;
use std::collections::{BTreeMap, HashSet};
use whyfor::{Act, StatementKind};

/// The records of a page.
pub(super) fn document(page: &Page, words: &Words, source: &str) -> Document {
    let mut reader =
        Reader { words, count: Count::default(), unread: HashSet::new(), header: Vec::new() };
    let mut first = Section::default();
    for (label, on_page) in &page.before {
        first.entries.push(reader.unknown(label, on_page));
    }
    let mut sections: Vec<Section> = vec![first];
    sections.extend(page.sections.iter().map(|section| reader.section(section)));
    sections.retain(|section| !section.entries.is_empty());
    let title = page.title.as_ref().or_else(|| page.sections.first().map(|first| &first.title));
    let title = title.map_or("", |title| title.text.as_str());
    reader.count.read = reader.count.all - reader.unread.len();
    let mut blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let has_method = |block: &Block| block.lines.iter().any(|(part, _)| *part == Part::Method);
    Document {
        source: source.to_owned(),
        title: if title.is_empty() { source } else { title }.to_owned(),
        header: reader.header,
        sections,
        count: reader.count,
        methods: if blocks.any(has_method) { Methods::Stated } else { Methods::Unstated },
        ..Document::default()
    }
}

struct Reader<'w> {
    words: &'w Words,
    count: Count,
    /// The numbers of the labelled lines that were not understood.
    unread: HashSet<usize>,
    header: Vec<(HeaderEntry, String)>,
}

impl Reader<'_> {
    fn section(&mut self, section: &read::Section) -> Section {
        let mut entries: Vec<(usize, Entry)> = Vec::new();
        let above = Above::of(section, self.words);
        for block in &section.blocks {
            let mut found = self.block(block);
            let doubt = block.doubt.clone().or_else(|| misaligned(&section.blocks, block));
            let doubt = doubt.or_else(|| above.doubt(block.line).cloned());
            for entry in &mut found {
                if let (Entry::Record(record), Some(doubt)) = (entry, &doubt) {
                    record.doubts.push(doubt.clone());
                }
            }
            entries.extend(found.into_iter().map(|entry| (block.line, entry)));
        }
        for (at, sentence) in section.sentences.iter().enumerate() {
            let entry = match section.led.contains(&at) {
                true => self.led(sentence, section.led.first() == Some(&at)),
                false => self.unlabelled("", sentence),
            };
            entries.push((sentence.line, entry));
        }
        for (label, on_page) in &section.unknown {
            entries.push((on_page.line, self.unknown(label, on_page)));
        }
        for note in section.prose.iter().filter(|on_page| doubts::is_note(&on_page.text)) {
            if !section.unknown.iter().any(|(_, unknown)| unknown.line == note.line) {
                entries.push((note.line, self.unlabelled("", note)));
            }
        }
        entries.sort_by_key(|(line, _)| *line);
        let because = self.because(section, entries.first().map(|(line, _)| *line));
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        Section { title: section.title.text.clone(), because, entries }
    }

    /// The paragraphs between the heading of a section and its first entry.
    fn because(&self, section: &read::Section, first: Option<usize>) -> Option<String> {
        let is_its = |on_page: &&PageText| {
            first.is_some_and(|first| on_page.line < first)
                && !doubts::is_note(&on_page.text)
                && !section.unknown.iter().any(|(_, unknown)| unknown.line == on_page.line)
                && !matching::same(&on_page.text, &self.words.additional, self.words)
        };
        let texts = section.prose.iter().filter(is_its).map(|on_page| on_page.text.as_str());
        let because = texts.collect::<Vec<_>>().join(" ");
        (!because.is_empty() && !section.title.text.is_empty()).then_some(because)
    }

    fn unknown(&mut self, label: &str, on_page: &PageText) -> Entry {
        if label.is_empty() {
            return self.unlabelled("", on_page);
        }
        self.unread.insert(self.count.all);
        self.count.all += 1;
        note(label, &on_page.text)
    }

    fn unlabelled(&mut self, label: &str, on_page: &PageText) -> Entry {
        self.count.unlabelled += 1;
        note(label, &on_page.text)
    }

    /// An item below the words for additional purposes: a purpose of all that is collected.
    fn led(&self, sentence: &PageText, is_first: bool) -> Entry {
        let mut record = Record::new(StatementKind::Permit, Act::Use, Data::Collected);
        if is_first {
            let guess =
                "guessed: what the list calls the above information is all that is collected";
            record.notes.push(guess.to_owned());
        }
        let mut text = sentence.text.as_str();
        if let Some((duty, rest)) = pairs::headed(text) {
            record.notes.push("guessed: what stands before the colon is an obligation".to_owned());
            match self.words.is_written {
                true => record.duties.extend(split::labels(duty, self.words)),
                false => record.duties.push(Label::of(duty)),
            }
            text = rest;
        }
        // People write a purpose an item; a list has a statement an item.
        match self.words.is_written {
            true => record.purposes.extend(split::purposes(text, self.words)),
            false => record.purposes.push(Label::of(text)),
        }
        if let Some(doubt) = doubts::doubt(text, self.words) {
            record.doubts.push(format!("{text} ({doubt})"));
        }
        Entry::Record(Box::new(record))
    }

    /// What a block that consists of entries of the header says beside them.
    fn of_header(&mut self, block: &Block) -> Option<Vec<Entry>> {
        let entry = |more: &More| match more {
            More::Header(entry) => Some(*entry),
            _ => None,
        };
        let all: Option<Vec<HeaderEntry>> =
            block.more.iter().map(|(more, ..)| entry(more)).collect();
        let all = all.filter(|all| !all.is_empty() && block.lines.is_empty())?;
        let mut notes = Vec::new();
        for (entry, (_, label, on_page)) in all.into_iter().zip(&block.more) {
            let is_again = self.header.iter().any(|(known, _)| *known == entry);
            if is_again || !is_entry(entry, &on_page.text) {
                notes.push(self.unknown(&label.name, on_page));
                continue;
            }
            self.count.all += 1;
            self.header.push((entry, on_page.text.clone()));
        }
        let unknown = block.unknown.iter();
        notes.extend(unknown.map(|(label, on_page)| self.unknown(label, on_page)));
        Some(notes)
    }

    /// The statements of a block.
    fn block(&mut self, block: &Block) -> Vec<Entry> {
        if let Some(entries) = self.of_header(block) {
            return entries;
        }
        let first = self.count.all;
        let mut cells = Cells::of(block, first, self.words);
        self.count.all += cells.count();
        let mut entries = Vec::new();
        let mut abouts: Vec<About> = Vec::new();
        for (about, ..) in &cells.types {
            if !abouts.contains(about) {
                abouts.push(*about);
            }
        }
        if abouts.is_empty() {
            let act = if cells.has(Part::Recipients) { Act::Share(()) } else { Act::Collect(()) };
            abouts.push((StatementKind::Permit, act));
        }
        let mut notes: Vec<String> = std::mem::take(&mut cells.unknown);
        for (at, about) in abouts.iter().enumerate() {
            let others: Vec<Act<(), ()>> = abouts
                .iter()
                .enumerate()
                .filter(|(other, (kind, _))| *other != at && *kind == about.0)
                .map(|(_, (_, act))| *act)
                .collect();
            let found = self.about(&cells, *about, &others);
            for mut record in found {
                record.notes.splice(0..0, notes.drain(..));
                record.doubts.extend(cells.limits.iter().cloned());
                entries.push(Entry::Record(Box::new(record)));
            }
        }
        entries.splice(0..0, notes.into_iter().map(Entry::Note));
        self.unread.extend(cells.unread.borrow().iter());
        entries
    }

    /// The records of a block for one kind and act; `others` have records of their own.
    fn about(&self, cells: &Cells, about: About, others: &[Act<(), ()>]) -> Vec<Record> {
        let (kind, _) = about;
        let mut data: Vec<Datum> = Vec::new();
        let mut doubts = Vec::new();
        let mut nothing = Vec::new();
        for (of, optional, cell, label, on_page) in &cells.types {
            if *of != about {
                continue;
            }
            if is_nothing(&on_page.text) {
                nothing.push(format!("the page says: {label}: {}", on_page.text));
                continue;
            }
            let exceptions = (kind != StatementKind::Permit)
                .then(|| doubts::before_exceptions(&on_page.text, self.words))
                .flatten();
            let without = exceptions.map(|text| PageText::new(text.to_owned(), on_page.line));
            if without.is_some() {
                nothing.push(format!("not understood: {label}: {}", on_page.text));
                cells.unread.borrow_mut().insert(*cell);
            }
            let on_page = without.as_ref().unwrap_or(on_page);
            let types = pairs::data(on_page, self.words);
            // The colon of a named group is understood.
            let has_groups = types.iter().any(|types| types.group.is_some());
            let doubt = doubts::doubt(&on_page.text, self.words);
            if let Some(doubt) = doubt.filter(|doubt| !has_groups || doubt != doubts::COLON) {
                doubts.push(format!("{label}: {} ({doubt})", on_page.text));
                cells.unread.borrow_mut().insert(*cell);
            }
            let types = types.into_iter().filter(|t| t.group.is_some() || !t.items.is_empty());
            data.extend(types.map(|types| Datum { types, optional: *optional }));
        }
        let groups: Vec<(Vec<Atom>, Values)> = match (kind, data.is_empty()) {
            (StatementKind::Permit, false) => cells.paired(&data, self.words),
            _ => vec![(Vec::new(), cells.whole())],
        };
        let several = groups.len() > 1;
        let mut records = Vec::new();
        for (atoms, values) in groups {
            let data = match several {
                true => joined(atoms),
                false => data.clone(),
            };
            let record =
                Record { notes: nothing.clone(), ..Record::new(kind, about.1, Data::Listed(data)) };
            let mut found = cells.records(record, &values, others, self.words);
            found
                .iter_mut()
                .for_each(|record| record.doubts.splice(0..0, doubts.clone()).for_each(drop));
            records.extend(found);
        }
        records
    }
}

/// Why a record may have lines of another, if it may: among records that only their labels separate, one
/// without data or without a purpose may mean that a line is missing, and that the next goes with it.
fn misaligned(blocks: &[Block], block: &Block) -> Option<String> {
    let run = block.run?;
    let has = |block: &&Block, wanted| block.lines.iter().any(|(part, _)| *part == wanted);
    let is_permit =
        |block: &&Block| block.about.is_none_or(|(kind, _)| kind == StatementKind::Permit);
    let of_run = || blocks.iter().filter(|block| block.run == Some(run)).filter(is_permit);
    let part = [Part::Types, Part::Purpose].into_iter().find(|part| {
        of_run().any(|block| has(&block, *part)) && of_run().any(|block| !has(&block, *part))
    })?;
    let what = if part == Part::Types { "data" } else { "purpose" };
    Some(format!(
        "a record beside it states no {what}, so it is not clear which lines belong together"
    ))
}

/// The data of several atoms: those without a group are one list.
fn joined(atoms: Vec<Atom>) -> Vec<Datum> {
    let mut data: Vec<Datum> = Vec::new();
    for Atom { datum, .. } in atoms {
        match data.last_mut() {
            Some(last)
                if last.types.group.is_none()
                    && datum.types.group.is_none()
                    && last.optional == datum.optional =>
            {
                last.types.items.extend(datum.types.items);
            }
            _ => data.push(datum),
        }
    }
    data
}

/// What stands above the blocks of a section and may limit what they permit.
struct Above {
    /// Of its heading or one above that.
    title: Option<String>,
    /// Of captions, lines that lead to a list and lines over a whole table, by their lines. Each holds until the next. Of
    /// several in one line it is not known which is the nearest.
    leads: BTreeMap<usize, Option<String>>,
}

impl Above {
    fn of(section: &read::Section, words: &Words) -> Self {
        let doubt = |text: &str| {
            let doubt = doubts::doubt(text, words).filter(|doubt| doubt != doubts::COLON)?;
            Some(format!("{text} ({doubt})"))
        };
        let mut titles = section.above.iter().chain([&section.title.text]);
        let mut above =
            Self { title: titles.find_map(|title| doubt(title)), leads: BTreeMap::new() };
        let mut add = |line: usize, text: &str| {
            let lead = above.leads.entry(line).or_default();
            *lead = lead.take().or_else(|| doubt(text));
        };
        let prose = section.prose.iter().filter(|on_page| leads(&on_page.text));
        for on_page in prose.chain(&section.captions) {
            add(on_page.line, &on_page.text);
        }
        for (label, on_page) in &section.unknown {
            match (label.as_str(), on_page.text.as_str()) {
                ("", text) | (text, "") => add(on_page.line, text),
                _ => {}
            }
        }
        above
    }

    /// Why a block in this line is in doubt. O(log lines).
    fn doubt(&self, line: usize) -> Option<&String> {
        let nearest = || self.leads.range(..=line).next_back()?.1.as_ref();
        self.title.as_ref().or_else(nearest)
    }
}

/// Whether a paragraph is about what follows it: it says so, or is short and no sentence, as a heading is.
fn leads(text: &str) -> bool {
    const WORDS: [&str; 7] = ["following", "below", "folgende", "suivant", "以下", "下列", "如下"];
    let text = text.trim_end().to_lowercase();
    let is_heading = text.chars().count() <= 60 && !text.ends_with(['.', '。', '!', '！']);
    is_heading || text.ends_with([':', '：']) || WORDS.iter().any(|word| text.contains(word))
}

fn note(label: &str, text: &str) -> Entry {
    Entry::Note(match label {
        "" => format!("not understood: {text}"),
        label => format!("not understood: {label}: {text}"),
    })
}
