//! The answers to the data safety form of Google Play, as its console exports them: a row for each
//! possible answer, with the identifiers of the question and of the answer.

use super::rows::rows;
use super::{ImportError, label_of, name_of};
use crate::import::record::{Count, Data, Datum, Document, Entry, Methods, Record, Section};
use crate::import::split::{Label, Types};
use std::collections::BTreeMap;
use whyfor::{Act, StatementKind};

const TYPES: &str = "PSL_DATA_TYPES_";
const USAGE: &str = "PSL_DATA_USAGE_RESPONSES:";
const COLLECTS: &str = "PSL_DATA_COLLECTION_COLLECTS_PERSONAL_DATA";

/// Names of groups that their identifiers do not say.
const GROUPS: [(&str, &str); 10] = [
    ("PERSONAL", "Personal info"),
    ("FINANCIAL", "Financial info"),
    ("SEARCH_AND_BROWSING", "Web browsing"),
    ("EMAIL_AND_TEXT", "Messages"),
    ("AUDIO", "Audio files"),
    ("APP_PERFORMANCE", "App info and performance"),
    ("FILES_AND_DOCS", "Files and docs"),
    ("IDENTIFIERS", "Device or other IDs"),
    ("HEALTH_AND_FITNESS", "Health and fitness"),
    ("PHOTOS_AND_VIDEOS", "Photos and videos"),
];

/// A type of data, and what the form says of it.
#[derive(Debug, Default)]
struct Usage {
    /// Its group; none if the form does not tick the type.
    group: Option<String>,
    label: Option<String>,
    collected: bool,
    shared: bool,
    optional: Option<bool>,
    collection: Vec<Label>,
    sharing: Vec<Label>,
    notes: Vec<String>,
    doubts: Vec<String>,
    count: Count,
}

/// The records of an export.
pub(in crate::import) fn document(text: &str, source: &str) -> Result<Document, ImportError> {
    let rows = rows(text)?;
    let is_head = |row: &Vec<String>| {
        let first = row.first().map(|cell| cell.to_lowercase()).unwrap_or_default();
        first.contains("question") && row.len() >= 3
    };
    let (_, rest) = rows.split_first().filter(|((_, head), _)| is_head(head)).ok_or_else(|| {
        let message = "it is no export of a data safety form: its first column is “Question ID \
                       (machine readable)”";
        ImportError::Format(message.to_owned())
    })?;
    let mut form = Form::default();
    for (line, row) in rest {
        form.row(*line, row);
    }
    Ok(form.document(source))
}

#[derive(Debug, Default)]
struct Form {
    usages: BTreeMap<String, Usage>,
    /// The order of the types in the form.
    order: Vec<String>,
    notes: Vec<String>,
    collects_nothing: bool,
}

impl Form {
    fn row(&mut self, line: usize, row: &[String]) {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let (question, answer, value) = (cell(0), cell(1), cell(2));
        let human = cell(4);
        if value.is_empty() {
            return;
        }
        let is_true = match value.to_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        if let Some(group) = question.strip_prefix(TYPES) {
            if let Some(is_true) = is_true {
                let label = last_line(human);
                let usage = self.usage(answer);
                usage.count.all += 1;
                usage.count.read += 1;
                usage.group = is_true.then(|| group.to_owned());
                usage.label = label.map(str::to_owned).or(usage.label.take());
                return;
            }
        } else if let Some((name, what)) =
            question.strip_prefix(USAGE).and_then(|rest| rest.split_once(':'))
        {
            let usage = self.usage(name);
            usage.count.all += 1;
            if usage.label.is_none() {
                usage.label = in_brackets(human).map(str::to_owned);
            }
            match usage.answer(what, answer, is_true, human) {
                Some(()) => usage.count.read += 1,
                None => {
                    usage.doubts.push(format!("line {line}: {what}: {answer}: {value}"));
                }
            }
            return;
        } else if question == COLLECTS {
            self.collects_nothing = is_true == Some(false);
        }
        let said = human.lines().next().filter(|text| !text.is_empty()).unwrap_or(question);
        let answer = if answer.is_empty() { value } else { answer };
        if is_true != Some(false) || row.get(1).is_some_and(String::is_empty) {
            self.notes.push(format!("the form says: {said}: {answer}"));
        }
    }

    fn usage(&mut self, name: &str) -> &mut Usage {
        if !self.usages.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.usages.entry(name.to_owned()).or_default()
    }

    fn document(self, source: &str) -> Document {
        let mut count = Count::default();
        let mut sections: Vec<Section> = Vec::new();
        for name in &self.order {
            let usage = &self.usages[name];
            count.all += usage.count.all;
            count.read += usage.count.read;
            let title =
                usage.group.as_deref().map_or("Not ticked in the form".to_owned(), group_label);
            let entries = usage.entries(name, self.collects_nothing);
            if entries.is_empty() {
                continue;
            }
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.entries.extend(entries),
                None => sections.push(Section { title, entries, ..Section::default() }),
            }
        }
        Document {
            source: source.to_owned(),
            title: "Data safety form".to_owned(),
            notes: self.notes,
            sections,
            count,
            methods: Methods::Any,
            ..Document::default()
        }
    }
}

impl Usage {
    /// Takes an answer; `None` if it is not understood.
    fn answer(&mut self, what: &str, answer: &str, value: Option<bool>, human: &str) -> Option<()> {
        let value = value?;
        match (what, answer) {
            ("PSL_DATA_USAGE_COLLECTION_AND_SHARING", "PSL_DATA_USAGE_ONLY_COLLECTED") => {
                self.collected = value;
            }
            ("PSL_DATA_USAGE_COLLECTION_AND_SHARING", "PSL_DATA_USAGE_ONLY_SHARED") => {
                self.shared = value;
            }
            ("PSL_DATA_USAGE_COLLECTION_AND_SHARING", "PSL_DATA_USAGE_COLLECTED_AND_SHARED") => {
                self.collected = value;
                self.shared = value;
            }
            ("PSL_DATA_USAGE_EPHEMERAL", "") if value => {
                self.notes.push("the form says: it is processed ephemerally".to_owned());
            }
            ("PSL_DATA_USAGE_EPHEMERAL", "") => {}
            ("DATA_USAGE_USER_CONTROL", "PSL_DATA_USAGE_USER_CONTROL_OPTIONAL") if value => {
                self.optional = Some(true);
            }
            ("DATA_USAGE_USER_CONTROL", "PSL_DATA_USAGE_USER_CONTROL_REQUIRED") if value => {
                self.optional = Some(false);
            }
            ("DATA_USAGE_USER_CONTROL", _) if !value => {}
            ("DATA_USAGE_COLLECTION_PURPOSE", purpose) if value => {
                self.collection.push(purpose_of(purpose, human)?);
            }
            ("DATA_USAGE_SHARING_PURPOSE", purpose) if value => {
                self.sharing.push(purpose_of(purpose, human)?);
            }
            ("DATA_USAGE_COLLECTION_PURPOSE" | "DATA_USAGE_SHARING_PURPOSE", _) => {}
            _ => return None,
        }
        Some(())
    }

    /// The statements for a type.
    fn entries(&self, name: &str, collects_nothing: bool) -> Vec<Entry> {
        let mut doubts = self.doubts.clone();
        if collects_nothing {
            doubts.push("the form says that no data is collected or shared".to_owned());
        }
        if self.group.is_none() && (self.collected || self.shared) {
            doubts.push("the form does not tick this type of data".to_owned());
        }
        if self.group.is_some() && !self.collected && !self.shared {
            let label = self.label(name).text;
            let note = format!("not understood: {label}: neither collected nor shared");
            let why = self.doubts.iter().map(|doubt| format!("not understood: {doubt}"));
            return std::iter::once(note).chain(why).map(Entry::Note).collect();
        }
        let acts = [
            (self.collected, Act::Collect(()), &self.collection),
            (self.shared, Act::Share(()), &self.sharing),
        ];
        let mut entries = Vec::new();
        for (is_so, act, purposes) in acts {
            if !is_so {
                continue;
            }
            let types = Types { group: None, items: vec![self.label(name)] };
            let datum = Datum { types, optional: self.optional == Some(true) };
            let mut record = Record::new(StatementKind::Permit, act, Data::Listed(vec![datum]));
            record.purposes.clone_from(purposes);
            record.doubts.clone_from(&doubts);
            if purposes.is_empty() {
                record.doubts.push("the form states no purpose for it".to_owned());
            }
            if entries.is_empty() {
                record.notes.clone_from(&self.notes);
                let others = [(self.collected, &self.collection), (self.shared, &self.sharing)];
                for purpose in others.into_iter().filter(|(is_so, _)| !is_so).flat_map(|(_, of)| of)
                {
                    record.notes.push(format!("not understood: another purpose: {}", purpose.text));
                }
            }
            if act == Act::Share(()) {
                record.recipients.push(Label::of("Third parties"));
            }
            entries.push(Entry::Record(Box::new(record)));
        }
        entries
    }

    fn label(&self, name: &str) -> Label {
        let own = name.strip_prefix("PSL_").unwrap_or(name);
        let text = self.label.clone().unwrap_or_else(|| label_of(own));
        match &self.group {
            Some(group) => Label {
                groups: vec![group_label(group)],
                ..Label::at(&[&plain_name(&group_label(group)), &name_of(own)], &text)
            },
            None => Label::at(&[&name_of(own)], &text),
        }
    }
}

fn group_label(group: &str) -> String {
    let known = GROUPS.iter().find(|(known, _)| *known == group);
    known.map_or_else(|| label_of(group), |(_, label)| (*label).to_owned())
}

/// A name of the words of a label.
fn plain_name(label: &str) -> String {
    let words = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

fn purpose_of(id: &str, human: &str) -> Option<Label> {
    let name = id.strip_prefix("PSL_").filter(|name| !name.is_empty())?;
    let label = last_line(human).map_or_else(|| label_of(name), str::to_owned);
    Some(Label::at(&[&name_of(name)], &label))
}

/// The answer in a human-friendly label, which has the question above it.
fn last_line(human: &str) -> Option<&str> {
    let mut lines = human.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next()?;
    lines.next_back()
}

/// "Data usage and handling (Email address)".
fn in_brackets(human: &str) -> Option<&str> {
    let first = human.lines().next()?.trim();
    let (_, inner) = first.strip_suffix(')')?.split_once('(')?;
    Some(inner.trim()).filter(|inner| !inner.is_empty())
}
