//! The cells of a record, and what each of them says in a statement.

use super::doubts;
use super::pairs::{self, Atom, Cell, Value};
use super::periods;
use super::record::{Data, Datum, Record};
use super::split::{self, Label};
use crate::notice::answers::{is_nothing, is_required};
use crate::notice::part::{About, Part};
use crate::notice::read::{BELOW, Block, HeaderEntry, More, PageText};
use crate::notice::words::Words;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use whyfor::symbols::quoted;
use whyfor::{Act, Policy, StatementKind};

/// What a cell is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    Method,
    Recipients,
    Purpose,
    Condition,
    Duties,
    RecipientDuties,
    Retention,
    RecipientRetention,
    Basis,
    Subject,
    Transfers,
    Required,
    Reason,
    See,
}

/// The cells of a block.
#[derive(Debug)]
pub(super) struct Cells {
    /// The lists of data: what they are about, whether a person may leave them out, and their number.
    pub(super) types: Vec<(About, bool, usize, String, PageText)>,
    fields: Vec<(Field, usize, String, PageText)>,
    /// Comments on those with unknown labels.
    pub(super) unknown: Vec<String>,
    /// Those of them that may say when the others hold.
    pub(super) limits: Vec<String>,
    /// The numbers of those that were not understood.
    pub(super) unread: RefCell<HashSet<usize>>,
    count: usize,
    /// They are a row of a table.
    is_row: bool,
}

/// The texts for some of the data, by what they are about.
pub(super) type Values = BTreeMap<Field, Vec<Value>>;

impl Cells {
    /// The cells of a block; the first has this number.
    pub(super) fn of(block: &Block, first: usize, words: &Words) -> Self {
        let mut cells = Self {
            types: Vec::new(),
            fields: Vec::new(),
            unknown: Vec::new(),
            limits: Vec::new(),
            unread: RefCell::default(),
            count: 0,
            is_row: block.run.is_none(),
        };
        let mut abouts = block.types.iter();
        for ((part, on_page), label) in block.lines.iter().zip(&block.names) {
            let number = first + cells.count;
            cells.count += 1;
            match field(*part) {
                Some(field) => cells.fields.push((field, number, label.clone(), on_page.clone())),
                None => {
                    let about = abouts.next().copied().unwrap_or(COLLECTED);
                    cells.types.push((about, false, number, label.clone(), on_page.clone()));
                }
            }
        }
        let about = block.types.first().copied().unwrap_or(COLLECTED);
        for (more, label, on_page) in &block.more {
            let number = first + cells.count;
            cells.count += 1;
            let field = match more {
                More::Optional => {
                    let name = label.name.clone();
                    cells.types.push((about, true, number, name, on_page.clone()));
                    continue;
                }
                More::Required => Field::Required,
                More::Basis => Field::Basis,
                More::Subject => Field::Subject,
                More::Transfers => Field::Transfers,
                More::Reason => Field::Reason,
                More::See => Field::See,
                // They name a section, or belong to the header.
                More::Scenario | More::Header(_) => continue,
            };
            cells.fields.push((field, number, label.name.clone(), on_page.clone()));
        }
        let known = block.names.iter().chain(block.more.iter().map(|(_, label, _)| &label.name));
        for name in known {
            let of_several = || doubts::doubt(name, words).filter(|_| name.contains(BELOW));
            let doubt =
                if doubts::is_marked(name) { Some("a note".to_owned()) } else { of_several() };
            cells.limits.extend(doubt.map(|doubt| format!("{name} ({doubt})")));
        }
        for (label, on_page) in &block.unknown {
            cells.unread.borrow_mut().insert(first + cells.count);
            cells.count += 1;
            let shown = format!("{label}: {}", on_page.text);
            match doubts::may_limit(label, &on_page.text, words) {
                true => cells.limits.push(shown),
                false => cells.unknown.push(format!("not understood: {shown}")),
            }
        }
        cells
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn has(&self, part: Part) -> bool {
        self.fields.iter().any(|(known, ..)| Some(*known) == field(part))
    }

    /// The cells as they are about all data.
    pub(super) fn whole(&self) -> Values {
        let mut values = Values::new();
        for (field, cell, _, on_page) in &self.fields {
            let parts = match on_page.parts.as_slice() {
                [] => vec![on_page.text.clone()],
                parts => parts.to_vec(),
            };
            let value = Value { cell: *cell, parts, is_unmatched: false };
            values.entry(*field).or_default().push(value);
        }
        values
    }

    /// The data in groups, each with the texts that are about it.
    pub(super) fn paired(&self, data: &[Datum], words: &Words) -> Vec<(Vec<Atom>, Values)> {
        let atoms = pairs::atoms(data, words);
        let mut groups: Vec<(Vec<Atom>, Values)> = Vec::new();
        let cells: Vec<(Field, usize, Cell)> = self
            .fields
            .iter()
            .map(|(field, cell, _, on_page)| (*field, *cell, pairs::cell(on_page, &atoms, words)))
            .collect();
        let unclear = self.unclear(&atoms, &cells);
        for (at, atom) in atoms.into_iter().enumerate() {
            let mut values = Values::new();
            for (field, number, cell) in &cells {
                let (parts, is_unmatched) = match cell {
                    Cell::OfAll(parts) => {
                        let is_named = matches!(field, Field::Purpose | Field::Recipients);
                        (parts.clone(), is_named && unclear.contains(number))
                    }
                    Cell::Unmatched(parts) => (parts.clone(), true),
                    Cell::OfSome(pairs) => {
                        let own = pairs.iter().filter(|(atoms, _)| atoms.contains(&at));
                        (own.map(|(_, value)| value.clone()).collect(), false)
                    }
                };
                if !parts.is_empty() {
                    let value = Value { cell: *number, parts, is_unmatched };
                    values.entry(*field).or_default().push(value);
                }
            }
            match groups.iter_mut().find(|(_, known)| *known == values) {
                Some((atoms, _)) => atoms.push(atom),
                None => groups.push((vec![atom], values)),
            }
        }
        groups
    }

    /// The cells that may be about a part of the data. They do not say which part in a form that is read.
    fn unclear(&self, atoms: &[Atom], cells: &[(Field, usize, Cell)]) -> HashSet<usize> {
        if atoms.len() < 2 {
            return HashSet::new();
        }
        let data = || self.types.iter().map(|(.., on_page)| on_page);
        let is_twice = self.is_row && {
            let of = |wanted| self.fields.iter().filter(|(field, ..)| *field == wanted).count();
            self.types.len() > 1 && of(Field::Purpose) > 1
        };
        let is_split = data().any(|on_page| pairs::is_split(&on_page.text));
        let is_counted = data().any(|on_page| pairs::is_counted(&on_page.text));
        let lines = |count: usize| {
            self.is_row && count > 1 && data().any(|on_page| on_page.parts.len() == count)
        };
        let unclear = cells.iter().filter(|(_, _, cell)| match cell {
            Cell::OfAll(parts) => {
                let text = parts.join("; ");
                is_twice
                    || is_split
                    || lines(parts.len())
                    || is_counted && pairs::is_counted(&text)
                    || pairs::names_some(&text, atoms)
            }
            Cell::OfSome(_) | Cell::Unmatched(_) => false,
        });
        unclear.map(|(_, number, _)| *number).collect()
    }

    /// The statements that a record makes: one to collect or use, and one to share.
    pub(super) fn records(
        &self,
        record: Record,
        values: &Values,
        others: &[Act<(), ()>],
        words: &Words,
    ) -> Vec<Record> {
        let has = |field| {
            let said = |value: &Value| !is_nothing(&value.parts.join(", "));
            values.get(&field).is_some_and(|values| values.iter().any(said))
        };
        let is_permit = record.kind == StatementKind::Permit;
        let own = record.act;
        let shares = own == Act::Share(())
            || is_permit && has(Field::Recipients) && !others.contains(&Act::Share(()));
        let also = match own {
            Act::Share(()) => {
                let collects =
                    is_permit && has(Field::Method) && !others.contains(&Act::Collect(()));
                collects.then_some(Act::Collect(()))
            }
            other => Some(other),
        };
        let mut acts: Vec<Act<(), ()>> = also.into_iter().collect();
        if shares {
            acts.push(Act::Share(()));
        }
        let first = acts.first().copied();
        let records = acts.into_iter().map(|act| {
            let record = Record { act, ..record.clone() };
            let mut filler =
                Filler { cells: self, words, record, is_first: first == Some(act), others };
            for (field, values) in values {
                values.iter().for_each(|value| filler.fill(*field, value));
            }
            filler.done()
        });
        records.collect()
    }

    fn label(&self, number: usize) -> &str {
        let cell = self.fields.iter().find(|(_, known, ..)| *known == number);
        cell.map_or("", |(_, _, label, _)| label)
    }
}

/// What a list without a heading for its data is about.
const COLLECTED: About = (StatementKind::Permit, Act::Collect(()));

/// What a part of a list is about; nothing for its data.
fn field(part: Part) -> Option<Field> {
    Some(match part {
        Part::Basis => Field::Basis,
        Part::Subject => Field::Subject,
        Part::Transfers => Field::Transfers,
        Part::Method => Field::Method,
        Part::Recipients => Field::Recipients,
        Part::Purpose => Field::Purpose,
        Part::Condition => Field::Condition,
        Part::Duties => Field::Duties,
        Part::RecipientDuties => Field::RecipientDuties,
        Part::Retention => Field::Retention,
        Part::RecipientRetention => Field::RecipientRetention,
        // A reader of pages has no others.
        Part::Types
        | Part::Optional
        | Part::Activity
        | Part::Category
        | Part::Sale
        | Part::Reason
        | Part::See => return None,
    })
}

/// Fills a record from the texts of its cells.
struct Filler<'c> {
    cells: &'c Cells,
    words: &'c Words,
    record: Record,
    /// The other statements of the block repeat its data.
    is_first: bool,
    others: &'c [Act<(), ()>],
}

impl Filler<'_> {
    fn fill(&mut self, field: Field, value: &Value) {
        let text = value.parts.join(", ");
        if is_nothing(&text) && field != Field::Required {
            let label = self.cells.label(value.cell);
            if self.is_first {
                self.record.notes.push(format!("the page says: {label}: {text}"));
            }
            return;
        }
        let is_permit = self.record.kind == StatementKind::Permit;
        match (field, self.record.act) {
            (Field::Method, Act::Collect(())) | (Field::Recipients, Act::Share(())) => {
                self.names(field, value, &text);
            }
            // The other statement of the block says it.
            (Field::Method, Act::Share(())) if is_permit => {}
            (Field::Recipients, _) if is_permit => {}
            (Field::Method, _) if self.others.contains(&Act::Collect(())) => {}
            (Field::Method | Field::Recipients, _) => self.not_understood(value, &text),
            (Field::Purpose, _) => self.names(field, value, &text),
            (Field::Condition, _) => self.condition(value, &text),
            (Field::Duties, Act::Share(())) if self.has_duties_of_the_recipient() => {}
            // The other statement of the block says it.
            (Field::RecipientDuties | Field::RecipientRetention, act)
                if is_permit && act != Act::Share(()) && self.cells.has(Part::Recipients) => {}
            (Field::Duties | Field::RecipientDuties, _) => {
                let duties = value.parts.iter().flat_map(|part| split::labels(part, self.words));
                let duties: Vec<Label> = duties.collect();
                self.record.duties.extend(duties);
            }
            (Field::Retention, _) if !self.is_first => {} // the list's own period
            (Field::Retention | Field::RecipientRetention, _) => self.retention(value),
            (Field::Basis, _) => self.bases(value, &text),
            (Field::Subject, _) => self.subjects(value, &text),
            (Field::Transfers, _) => self.transfers(value, &text),
            (Field::Required, _) => self.required(value, &text),
            (Field::Reason | Field::See, _) => self.explanation(field, value, &text),
        }
    }

    /// Whether the block says what the recipient must do in a line of its own, beside the duties of the list.
    fn has_duties_of_the_recipient(&self) -> bool {
        let is_permit = self.record.kind == StatementKind::Permit;
        !self.is_first && is_permit && self.cells.has(Part::RecipientDuties)
    }

    /// Methods, recipients or purposes.
    fn names(&mut self, field: Field, value: &Value, text: &str) {
        self.doubt(value, text);
        let words = self.words;
        let is_permit = self.record.kind == StatementKind::Permit;
        let mut parts: Vec<&str> = value.parts.iter().map(String::as_str).collect();
        let mut is_cut = false;
        for part in parts.iter_mut().filter(|_| !is_permit) {
            if let Some(before) = doubts::before_exceptions(part, words) {
                (*part, is_cut) = (before, true);
            }
        }
        if is_cut {
            let label = self.cells.label(value.cell);
            self.record.notes.push(format!("not understood: {label}: {text}"));
            self.cells.unread.borrow_mut().insert(value.cell);
        }
        for part in parts {
            match field {
                Field::Method => self.record.methods.extend(split::methods(part, words)),
                Field::Recipients => self.record.recipients.extend(split::recipients(part, words)),
                _ => {
                    let purposes = split::purposes(part, words);
                    if self.record.kind != StatementKind::Permit {
                        // What is forbidden for two purposes is forbidden for each.
                        let joined = purposes.iter().filter(|purpose| purpose.doubtful);
                        let each = joined.flat_map(|joined| split::labels(&joined.text, words));
                        self.record.purposes.extend(each);
                    }
                    self.record.purposes.extend(purposes);
                }
            }
        }
    }

    fn doubt(&mut self, value: &Value, text: &str) {
        let doubt = match value.is_unmatched {
            true => Some("it is not clear for which data".to_owned()),
            false => value.parts.iter().find_map(|part| doubts::doubt(part, self.words)),
        };
        let Some(doubt) = doubt.filter(|_| self.record.kind == StatementKind::Permit) else {
            return;
        };
        let label = self.cells.label(value.cell);
        self.record.doubts.push(format!("{label}: {text} ({doubt})"));
        self.cells.unread.borrow_mut().insert(value.cell);
    }

    /// A comment on a cell, and none of the same in the other statement of the block.
    fn not_understood(&mut self, value: &Value, text: &str) {
        if self.is_first || self.may_limit(text) {
            self.comment(value, text);
        }
        self.cells.unread.borrow_mut().insert(value.cell);
    }

    /// A comment on a cell. What may limit the permit makes a comment of the permit.
    fn comment(&mut self, value: &Value, text: &str) {
        if self.may_limit(text) {
            return self.doubt(value, text);
        }
        let label = self.cells.label(value.cell);
        self.record.notes.push(format!("not understood: {label}: {text}"));
        self.cells.unread.borrow_mut().insert(value.cell);
    }

    fn may_limit(&self, text: &str) -> bool {
        self.record.kind == StatementKind::Permit && doubts::may_limit("", text, self.words)
    }

    fn condition(&mut self, value: &Value, text: &str) {
        if value.is_unmatched {
            self.doubt(value, text);
        }
        self.record.conditions.push(text.to_owned());
    }

    fn retention(&mut self, value: &Value) {
        let words = self.words;
        let text = value.parts.join(", ");
        match periods::limits(&text, words).filter(|_| !value.is_unmatched) {
            Some(limits) => self.record.limits.extend(limits),
            None => {
                let note = format!("not understood, write it as `retain`: {text}");
                self.record.notes.push(note);
                self.cells.unread.borrow_mut().insert(value.cell);
            }
        }
    }

    fn bases(&mut self, value: &Value, text: &str) {
        if value.is_unmatched || self.record.kind != StatementKind::Permit {
            return self.not_understood(value, text);
        }
        for part in &value.parts {
            let part = part.trim().trim_end_matches(['.', '。']);
            let alternatives = split::bases(part, self.words);
            let is_written = alternatives.is_some();
            let bases = alternatives.unwrap_or_else(|| {
                let Words { alternative, together, comma, .. } = self.words;
                let listed = part.replace(alternative, comma).replace(together, comma);
                vec![split::labels(&listed, self.words)]
            });
            if !is_written {
                self.record.note_all_bases();
            }
            self.record.add_bases(part, &bases, self.words);
        }
    }

    /// Whose data it is limits the permit; a prohibition is for all.
    fn subjects(&mut self, value: &Value, text: &str) {
        if self.record.kind != StatementKind::Permit {
            return self.not_understood(value, text);
        }
        self.doubt(value, text);
        for part in &value.parts {
            let part = part.trim().trim_end_matches(['.', '。']);
            self.record.subjects.extend(split::labels(part, self.words));
        }
    }

    /// Countries are those of the recipient, if there is one.
    fn transfers(&mut self, value: &Value, text: &str) {
        if self.record.act != Act::Share(()) && self.is_first && self.cells.has(Part::Recipients) {
            return; // the statement that shares says it
        }
        let is_plain = value.parts.iter().all(|part| doubts::doubt(part, self.words).is_none());
        let parts = value.parts.iter().flat_map(|part| split::labels(part, self.words));
        let countries: Vec<Label> = parts.collect();
        if value.is_unmatched || !is_plain || self.record.act != Act::Share(()) {
            return self.comment(value, text);
        }
        self.record.countries.extend(countries);
    }

    /// A reason or an address.
    fn explanation(&mut self, field: Field, value: &Value, text: &str) {
        let place = match field {
            Field::See => &mut self.record.see,
            _ => &mut self.record.because,
        };
        if place.is_some()
            || value.is_unmatched
            || field == Field::See && !is_entry(HeaderEntry::Url, text)
        {
            return self.not_understood(value, text);
        }
        *place = Some(text.to_owned());
        if self.may_limit(text) {
            self.doubt(value, text);
        }
    }

    /// Whether data must be given is a matter of collecting it.
    fn required(&mut self, value: &Value, text: &str) {
        if self.record.act != Act::Collect(()) {
            return;
        }
        let optional = match is_required(text) {
            Some(required) => !required,
            None => return self.not_understood(value, text),
        };
        if let Data::Listed(list) = &mut self.record.data {
            list.iter_mut().for_each(|datum| datum.optional = optional);
        }
    }

    /// The record, with the reasons why it permits nothing.
    fn done(mut self) -> Record {
        let record = &mut self.record;
        let is_permit = record.kind == StatementKind::Permit;
        let missing = |what: &str| format!("the page states no {what} for it");
        if !record.has_data() {
            record.doubts.push(missing("data"));
        }
        if is_permit && record.purposes.is_empty() {
            record.doubts.push(missing("purpose"));
        }
        if is_permit && record.act == Act::Share(()) && record.recipients.is_empty() {
            record.doubts.push(missing("recipient"));
        }
        self.record
    }
}

/// Whether an entry of the header may have this text.
pub(super) fn is_entry(entry: HeaderEntry, text: &str) -> bool {
    let policy = format!("policy p {{ {} {} }}", entry.as_str(), quoted(text));
    !text.is_empty() && Policy::from_str(&policy).is_ok()
}
