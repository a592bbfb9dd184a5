//! From records to the text of a policy: one category, method or purpose for each label, a section for
//! each section, a statement for each record. What is in doubt is a comment.

use super::categories::{Categories, path_key};
use super::clauses::Clauses;
use super::draft::{Draft, Hierarchy, Section, fits};
use super::names::Names;
use super::record::{self, Data, Datum, Document, Entry, Kind, Methods, Record};
use super::split::{Label, Types};
use crate::notice::matching;
use crate::notice::part::NOT_STATED;
use crate::notice::words::Words;
use whyfor::symbols::{commented, quoted};
use whyfor::{Act, StatementKind};

/// Every node of a hierarchy.
const EVERYTHING: &str = "*";

/// The text of a policy for the document, unformatted.
pub(super) fn policy(document: &Document, words: &Words) -> String {
    let mut writer = Writer {
        words,
        methods: document.methods,
        unclear: Vec::new(),
        sections: Names::default(),
        clauses: Clauses::default(),
        draft: Draft {
            header: document
                .header
                .iter()
                .map(|(entry, text)| (entry.as_str(), text.clone()))
                .collect(),
            head: head(document),
            name: Names::default().name(&document.title, "policy"),
            title: document.title.clone(),
            categories: Hierarchy::new("category"),
            methods: Hierarchy::new("method"),
            purposes: Hierarchy::new("purpose"),
            recipients: Hierarchy::new("recipient"),
            declarations: Vec::new(),
            fields: Vec::new(),
            sections: Vec::new(),
        },
    };
    let (short, long): (Vec<_>, Vec<_>) = document
        .vocabulary
        .iter()
        .partition(|(_, label, _)| fits(label.path.iter().map(String::as_str)));
    for (hierarchy, label, also) in short {
        writer.declare(*hierarchy, label, also);
    }
    let left_out = |(_, label, _): &(Kind, Label, Vec<String>)| {
        format!("not understood: {}: its path is longer than a policy may have", label.text)
    };
    writer.draft.head.extend(long.into_iter().map(left_out));
    // Which nodes a label may mean is known when all of them are.
    document.sections.iter().for_each(|section| writer.section(section));
    (writer.sections, writer.draft.sections) = (Names::default(), Vec::new());
    document.sections.iter().for_each(|section| writer.section(section));
    for (pattern, labels) in &document.fields {
        writer.field(pattern, labels);
    }
    writer.published();
    let Writer { clauses, mut draft, .. } = writer;
    draft.declarations = clauses.declarations();
    draft.write()
}

fn head(document: &Document) -> Vec<String> {
    let compares = match document.methods {
        Methods::Any => "",
        _ => ", `whyfor notice --check` compares it with the published list",
    };
    let mut head = vec![
        format!(
            "Drafted from {}: a start to edit. What was guessed is marked `guessed`.",
            document.source
        ),
        format!("`whyfor check` compiles it{compares}."),
    ];
    let record::Count { all, read, unlabelled } = document.count;
    if all + unlabelled > 0 {
        let others = match unlabelled {
            0 => String::new(),
            1 => ", and 1 line without a label".to_owned(),
            count => format!(", and {count} lines without a label"),
        };
        head.push(match (read == all, unlabelled) {
            (true, 0) => format!("{read} of {all} labelled lines were read."),
            (true, _) => format!(
                "{read} of {all} labelled lines were read. Marked `not understood`{}.",
                others.replacen(", and", ":", 1)
            ),
            _ => format!(
                "{read} of {all} labelled lines were read. Marked `not understood`: the others{others}."
            ),
        });
    }
    head.extend(document.notes.iter().cloned());
    head
}

struct Writer<'w> {
    words: &'w Words,
    methods: Methods,
    /// Why the labels of a statement say too much or too little.
    unclear: Vec<String>,
    sections: Names,
    clauses: Clauses,
    draft: Draft,
}

impl Writer<'_> {
    /// A node of a vocabulary, with the paths of its further parents.
    fn declare(&mut self, kind: Kind, label: &Label, also: &[String]) {
        let words = self.words;
        let hierarchy = match kind {
            Kind::Category => &mut self.draft.categories,
            Kind::Purpose => &mut self.draft.purposes,
        };
        let (kind_of_statement, unclear) = (StatementKind::Permit, &mut self.unclear);
        let mut categories = Categories { words, hierarchy, kind: kind_of_statement, unclear };
        let id = categories.at_path(label);
        let also = also.iter().filter(|path| fits(path.split('.')));
        categories.hierarchy.nodes[id].also.extend(also.cloned());
        if kind == Kind::Category {
            self.tags(label);
        }
    }

    fn section(&mut self, section: &record::Section) {
        let statements = section.entries.iter().map(|entry| match entry {
            Entry::Note(note) => format!("// {}", commented(note)),
            Entry::Record(record) => self.record(record),
        });
        let statements = statements.collect();
        let title = match section.title.as_str() {
            "" => self.draft.title.clone(),
            title => title.to_owned(),
        };
        let name = self.sections.name(&title, "section");
        let because = section.because.clone();
        self.draft.sections.push(Section { name, title, because, statements });
    }

    /// A statement below its comments; a comment too, if it is in doubt.
    fn record(&mut self, record: &Record) -> String {
        let mut notes = record.notes.clone();
        self.unclear.clear();
        let statement = self.statement(record, &mut notes);
        let mut doubts = record.doubts.clone();
        doubts.extend(self.clauses.take_beyond());
        for doubt in std::mem::take(&mut self.unclear) {
            if !doubts.contains(&doubt) {
                doubts.push(doubt);
            }
        }
        // A prohibition of too much is safe, but one without data would be of nothing.
        let is_comment = match record.kind {
            StatementKind::Permit => !doubts.is_empty(),
            _ => !record.has_data(),
        };
        if is_comment {
            let why = |doubt: &String| format!("not understood, so nothing is permitted: {doubt}");
            notes.extend(doubts.iter().map(why));
        }
        let mut text: String =
            notes.iter().map(|note| format!("// {}\n", commented(note))).collect();
        if is_comment {
            text += "// ";
        }
        text + &statement
    }

    fn statement(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        let is_permit = record.kind == StatementKind::Permit;
        let categories = match &record.data {
            Data::Listed(list) => self.data(list, record, notes),
            Data::Collected => "collected".to_owned(),
        };
        let mut text = match record.kind {
            StatementKind::Permit => String::new(),
            StatementKind::Never => "never ".to_owned(),
            StatementKind::Require => format!("require {} to ", self.requirement(record, notes)),
        };
        text += match record.act {
            Act::Collect(()) => "collect ",
            Act::Use => "use ",
            Act::Share(()) => "share ",
        };
        text += &categories;
        text += &self.party(record, notes);
        // A prohibition without purposes is for all.
        if is_permit || !record.purposes.is_empty() {
            text += &format!(" for {}", self.purposes(&record.purposes, record.kind));
        }
        text += &self.clauses.condition(record, notes);
        if is_permit {
            text += &self.clauses.bases(&record.bases);
            if !record.duties.is_empty() {
                text += &format!(" then {}", self.clauses.duties(&record.duties, notes));
            }
            text += &self.clauses.retention(&record.limits, notes);
        }
        for (word, said) in [("because", &record.because), ("see", &record.see)] {
            text +=
                &said.as_ref().map_or(String::new(), |said| format!(" {word} {}", quoted(said)));
        }
        text
    }

    /// What `require` requires.
    fn requirement(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        let retention = self.clauses.retention(&record.limits, notes);
        if record.duties.is_empty() && retention.is_empty() {
            notes.push("guessed: the page states no duty".to_owned());
            return self.clauses.duties(&[Label::of(NOT_STATED)], notes);
        }
        format!("{}{retention}", self.clauses.duties(&record.duties, notes)).trim().to_owned()
    }

    fn data(&mut self, list: &[Datum], record: &Record, notes: &mut Vec<String>) -> String {
        let words = self.words;
        if let [datum] = list
            && datum.types.group.is_none()
            && !datum.optional
            && self.is_word(&datum.types.items, &words.all_data)
        {
            return EVERYTHING.to_owned();
        }
        if self.words.is_written
            && let Some(selection) = self.collected_among(list, record, notes)
        {
            return selection;
        }
        if let Some(collected) = self.collected(list, record) {
            return collected;
        }
        let hierarchy = &mut self.draft.categories;
        let (kind, unclear) = (record.kind, &mut self.unclear);
        let mut categories = Categories { words, hierarchy, kind, unclear };
        let selection = match list.is_empty() {
            true => categories.names(&[Label::of(NOT_STATED)]),
            false => categories.selection(list, record, notes),
        };
        for label in list.iter().flat_map(|datum| &datum.types.items) {
            self.tags(label);
        }
        selection
    }

    /// A list from a policy has these words first, where the policy has `collected` among other names.
    fn collected_among(
        &mut self,
        list: &[Datum],
        record: &Record,
        notes: &mut Vec<String>,
    ) -> Option<String> {
        let ([datum], false) = (list, record.act == Act::Collect(())) else { return None };
        let Types { group: None, items } = &datum.types else { return None };
        let (first, rest) = items.split_first().filter(|(_, rest)| !rest.is_empty())?;
        if record.kind == StatementKind::Never || !self.is_above(first) {
            return None;
        }
        let types = Types { group: None, items: rest.to_vec() };
        let rest = [Datum { types, ..datum.clone() }];
        Some(format!("collected, {}", self.data(&rest, record, notes)))
    }

    /// Whether a label is the words of the list for all that is collected.
    fn is_above(&self, label: &Label) -> bool {
        label.members.is_empty() && self.key(&label.text) == self.key(&self.words.above)
    }

    /// What the words for all that is collected stand for, if the data is that. Beside other data they say too little.
    fn collected(&mut self, list: &[Datum], record: &Record) -> Option<String> {
        let labels =
            || list.iter().flat_map(|datum| datum.types.group.iter().chain(&datum.types.items));
        if !labels().any(|label| self.is_above(label)) {
            return None;
        }
        if labels().count() > 1 || record.act == Act::Collect(()) {
            self.unclear.push(format!("{} (the page has it in several places)", self.words.above));
        }
        Some(
            match record.kind {
                StatementKind::Permit | StatementKind::Require => "collected",
                StatementKind::Never => EVERYTHING,
            }
            .to_owned(),
        )
    }

    /// Declares the published tags of all nodes.
    fn published(&mut self) {
        let Draft { categories, methods, purposes, recipients, .. } = &mut self.draft;
        for hierarchy in [categories, methods, purposes, recipients] {
            for node in &mut hierarchy.nodes {
                for tag in &node.published {
                    let tag = self.clauses.published(tag);
                    if !node.tags.contains(&tag) {
                        node.tags.push(tag);
                    }
                }
            }
        }
    }

    /// The tags of data from a vocabulary.
    fn tags(&mut self, label: &Label) {
        let Some(id) = self.draft.categories.find(&path_key(&label.path)) else { return };
        for tag in &label.tags {
            let tag = self.clauses.tag(tag);
            let tags = &mut self.draft.categories.nodes[id].tags;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }

    /// `by …` or `with …`; a prohibition without it covers all.
    fn party(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        let is_permit = record.kind == StatementKind::Permit;
        match record.act {
            Act::Use => String::new(),
            Act::Collect(()) => match (record.methods.as_slice(), self.methods) {
                ([], _) if !is_permit => String::new(),
                ([], Methods::Any) => String::new(),
                ([], _) => {
                    if self.methods == Methods::Stated {
                        notes.push("guessed: the page states no method for it".to_owned());
                    }
                    let guess = "the page states no method; write down those that it means";
                    let none = [Label::of(NOT_STATED)];
                    let names = self.listed(&none, record.kind, |draft| &mut draft.methods);
                    let key = self.key(NOT_STATED);
                    if let Some(id) = self.draft.methods.find(&key) {
                        self.draft.methods.nodes[id].guess = Some(guess.to_owned());
                    }
                    format!(" by {names}")
                }
                (methods, _) if self.is_word(methods, &self.words.any_method) => {
                    format!(" by {EVERYTHING}")
                }
                (methods, _) => {
                    let names = self.listed(methods, record.kind, |draft| &mut draft.methods);
                    format!(" by {names}")
                }
            },
            Act::Share(()) => match record.recipients.as_slice() {
                [] if !is_permit => String::new(),
                [] => {
                    let none = [Label::of(NOT_STATED)];
                    let names = self.listed(&none, record.kind, |draft| &mut draft.recipients);
                    format!(" with {names}")
                }
                recipients if self.is_word(recipients, &self.words.anyone) => {
                    format!(" with {EVERYTHING}")
                }
                recipients => {
                    let names = self.listed(recipients, record.kind, |draft| &mut draft.recipients);
                    self.countries(record, notes);
                    format!(" with {names}")
                }
            },
        }
    }

    /// The countries of the recipient, as its tags.
    fn countries(&mut self, record: &Record, notes: &mut Vec<String>) {
        let texts = || record.countries.iter().map(|country| country.text.as_str());
        match record.recipients.as_slice() {
            _ if record.countries.is_empty() => {}
            [recipient] => {
                let mut recipients =
                    self.nodes(StatementKind::Permit, |draft| &mut draft.recipients);
                let (id, _) = recipients.node(recipient, None);
                for country in texts() {
                    let tag = self.clauses.country(country);
                    let tags = &mut self.draft.recipients.nodes[id].tags;
                    if !tags.contains(&tag) {
                        tags.push(tag);
                    }
                }
            }
            _ => {
                let list = texts().collect::<Vec<_>>().join(", ");
                notes.push(format!("not understood, which recipient is where: {list}"));
            }
        }
    }

    fn purposes(&mut self, labels: &[Label], kind: StatementKind) -> String {
        let none = [Label::of(NOT_STATED)];
        let labels = if labels.is_empty() { &none } else { labels };
        if self.is_word(labels, &self.words.any_purpose) {
            return EVERYTHING.to_owned();
        }
        let names = self.listed(labels, kind, |draft| &mut draft.purposes);
        for label in labels.iter().filter(|label| label.doubtful) {
            let (id, _) = self.nodes(kind, |draft| &mut draft.purposes).node(label, None);
            let guess = "one purpose; two, if the conjunction joins two".to_owned();
            self.draft.purposes.nodes[id].guess = Some(guess);
        }
        names
    }

    /// The names of labels; declares new ones.
    fn listed(
        &mut self,
        labels: &[Label],
        kind: StatementKind,
        hierarchy: fn(&mut Draft) -> &mut Hierarchy,
    ) -> String {
        self.nodes(kind, hierarchy).names(labels)
    }

    fn nodes(
        &mut self,
        kind: StatementKind,
        hierarchy: fn(&mut Draft) -> &mut Hierarchy,
    ) -> Categories<'_> {
        let hierarchy = hierarchy(&mut self.draft);
        Categories { words: self.words, hierarchy, kind, unclear: &mut self.unclear }
    }

    fn field(&mut self, pattern: &str, labels: &[Label]) {
        if !labels.iter().all(|label| fits(label.path.iter().map(String::as_str))) {
            let note = format!(
                "not understood: the field {pattern}: a path is longer than a policy may have"
            );
            return self.draft.head.push(note);
        }
        let names = self.listed(labels, StatementKind::Permit, |draft| &mut draft.categories);
        self.draft.fields.push(format!("field {} is {names}", quoted(pattern)));
    }

    /// Whether a list is only the word that the list of a policy has for everything.
    fn is_word(&self, labels: &[Label], word: &str) -> bool {
        match labels {
            [one] => one.members.is_empty() && !one.open && self.key(&one.text) == self.key(word),
            _ => false,
        }
    }

    fn key(&self, label: &str) -> String {
        matching::key(label, self.words)
    }
}
