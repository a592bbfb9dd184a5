//! From a published list to a draft: one category, method or purpose for each label, a section for
//! each heading, a statement for each block.

use super::draft::{Draft, Hierarchy, Section};
use super::names::Names;
use super::split::{self, Label, Types};
use crate::notice::matching;
use crate::notice::read::{self, Block, Page};
use crate::notice::view::Part;
use crate::notice::words::Words;
use whyfor::printable;
use whyfor::{Act, StatementKind};

/// A policy must state a method and a purpose; this stands in where the list states none.
const NOT_STATED: &str = "Not stated";
/// Most labels named in a message.
const MOST_LABELS: usize = 6;

/// The text of a policy for the page; `None` if the page has no list.
pub(crate) fn draft(page: &Page, words: &Words, source: &str) -> Option<String> {
    let mut blocks = page.sections.iter().flat_map(|section| &section.blocks);
    if blocks.all(|block| block.lines.is_empty()) {
        return None;
    }
    let has_content =
        |section: &&read::Section| !section.blocks.is_empty() || !section.sentences.is_empty();
    let title = page.title.as_ref().map_or("", |title| title.text.as_str());
    let mut drafter = Drafter {
        words,
        names: Names::default(),
        duty_names: Names::default(),
        draft: Draft {
            source: source.to_owned(),
            name: Names::default().name(title, "policy"),
            title: if title.is_empty() { source } else { title }.to_owned(),
            categories: Hierarchy::new("category"),
            methods: Hierarchy::new("method"),
            purposes: Hierarchy::new("purpose"),
            recipients: Hierarchy::new("recipient"),
            duties: Vec::new(),
            facts: Vec::new(),
            sections: Vec::new(),
        },
    };
    page.sections.iter().filter(has_content).for_each(|section| drafter.section(section));
    Some(drafter.draft.write())
}

/// The labels of items on a page without a list: bold text, or text before a colon.
pub(crate) fn labels(page: &Page) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for section in &page.sections {
        let bold = section.blocks.iter().flat_map(|block| &block.unknown);
        let texts = section.sentences.iter().chain(&section.prose);
        let heads = texts.filter_map(|on_page| on_page.text.split_once([':', '：']));
        let found = bold.map(|(label, _)| label.as_str()).chain(heads.map(|(head, _)| head.trim()));
        for label in found.filter(|label| !label.is_empty() && label.chars().count() <= 40) {
            if labels.len() < MOST_LABELS && !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    labels
}

struct Drafter<'w> {
    words: &'w Words,
    names: Names,
    duty_names: Names,
    draft: Draft,
}

impl Drafter<'_> {
    fn section(&mut self, section: &read::Section) {
        let mut statements: Vec<String> = Vec::new();
        for block in &section.blocks {
            statements.push(self.block(block));
        }
        for (at, sentence) in section.sentences.iter().enumerate() {
            let purposes = self.purpose_names(&[labelled(&sentence.text)]);
            let guess = match at == 0 {
                true => {
                    "// guessed: what the list calls the above information is all that is collected\n"
                }
                false => "",
            };
            statements.push(format!("{guess}use collected for {purposes}"));
        }
        let title = match section.title.text.as_str() {
            "" => self.draft.title.clone(),
            title => title.to_owned(),
        };
        let name = self.names.name(&title, "section");
        self.draft.sections.push(Section { name, title, statements });
    }

    fn block(&mut self, block: &Block) -> String {
        let (kind, act) = block.about.unwrap_or((StatementKind::Permit, Act::Collect(())));
        let on_page = |part: Part| {
            block.lines.iter().find(|(p, _)| *p == part).map(|(_, on_page)| on_page.text.as_str())
        };
        let mut notes: Vec<String> = Vec::new();
        for (label, on_page) in &block.unknown {
            notes.push(format!("not understood: {label}: {}", on_page.text));
        }
        let types = on_page(Part::Types).map(|text| split::types(text, self.words));
        let categories =
            match types.filter(|types| types.group.is_some() || !types.items.is_empty()) {
                Some(types) => self.categories(types, &mut notes),
                None => {
                    notes.push("guessed: the list does not say which data".to_owned());
                    self.listed(&[labelled(NOT_STATED)], |draft| &mut draft.categories)
                }
            };
        let mut text = match (kind, act) {
            (StatementKind::Permit, _) => String::new(),
            (StatementKind::Never, _) => "never ".to_owned(),
            (StatementKind::Require, _) => {
                let duties = self.duties(on_page(Part::Duties).unwrap_or(NOT_STATED));
                format!(
                    "require {duties}{} to ",
                    self.retention(on_page(Part::Retention), &mut notes)
                )
            }
        };
        text += match act {
            Act::Collect(()) => "collect ",
            Act::Use => "use ",
            Act::Share(()) => "share ",
        };
        text += &categories;
        let party = match act {
            Act::Collect(()) => Some((Part::Method, "by")),
            Act::Share(()) => Some((Part::Recipients, "with")),
            Act::Use => None,
        };
        if let Some((part, word)) = party {
            text += &self.part(word, on_page(part), kind, part, &mut notes);
        }
        text += &self.part("for", on_page(Part::Purpose), kind, Part::Purpose, &mut notes);
        if let Some(condition) = on_page(Part::Condition) {
            notes.push("guessed: the condition is a fact that a program states".to_owned());
            let name = self.duty_names.name(condition, "condition");
            text += &format!(" when {name}");
            self.draft.facts.push((name, condition.to_owned()));
        }
        if kind == StatementKind::Permit {
            if let Some(duties) = on_page(Part::Duties) {
                text += &format!(" then {}", self.duties(duties));
            }
            text += &self.retention(on_page(Part::Retention), &mut notes);
        }
        let notes = notes.iter().map(|note| format!("// {}\n", printable(note)));
        notes.collect::<String>() + &text
    }

    /// `by …`, `with …` or `for …`; a prohibition without it covers all.
    fn part(
        &mut self,
        word: &str,
        on_page: Option<&str>,
        kind: StatementKind,
        part: Part,
        notes: &mut Vec<String>,
    ) -> String {
        let mut labels = match on_page {
            None if kind != StatementKind::Permit => return String::new(),
            None => Vec::new(),
            Some(text) if part == Part::Purpose => split::purposes(text, self.words),
            Some(text) => split::labels(text.trim().trim_end_matches('.'), self.words),
        };
        if labels.is_empty() {
            notes.push(format!("guessed: the list states no {}", part.as_str()));
            labels.push(labelled(NOT_STATED));
        }
        let names = match part {
            Part::Purpose => self.purpose_names(&labels),
            Part::Recipients => self.listed(&labels, |draft| &mut draft.recipients),
            _ => self.listed(&labels, |draft| &mut draft.methods),
        };
        format!(" {word} {names}")
    }

    fn retention(&self, on_page: Option<&str>, notes: &mut Vec<String>) -> String {
        let Some(text) = on_page else { return String::new() };
        let number = text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
        match number.and_then(|number| number.parse::<u32>().ok()) {
            Some(days) if text.contains(&self.words.days) && days < u32::MAX => {
                format!(" retain {days} days")
            }
            _ => {
                notes.push(format!("not understood, write it as `retain N days`: {text}"));
                String::new()
            }
        }
    }

    fn duties(&mut self, text: &str) -> String {
        let mut names = Vec::new();
        let mut labels = split::labels(text, self.words);
        if labels.is_empty() {
            labels.push(labelled(NOT_STATED));
        }
        for label in labels {
            let known = self.draft.duties.iter().find(|(_, known)| *known == label.text);
            let name = match known {
                Some((name, _)) => name.clone(),
                None => {
                    let name = self.duty_names.name(&label.text, "duty");
                    self.draft.duties.push((name.clone(), label.text));
                    name
                }
            };
            names.push(name);
        }
        names.dedup();
        names.join(", ")
    }

    fn purpose_names(&mut self, labels: &[Label]) -> String {
        let names = self.listed(labels, |draft| &mut draft.purposes);
        for label in labels.iter().filter(|label| label.doubtful) {
            let key = self.key(&label.text);
            if let Some(id) = self.draft.purposes.find(&key) {
                let guess = "one purpose; two, if the conjunction joins two".to_owned();
                self.draft.purposes.nodes[id].guess = Some(guess);
            }
        }
        names
    }

    /// The names of labels; declares new ones.
    fn listed(&mut self, labels: &[Label], hierarchy: fn(&mut Draft) -> &mut Hierarchy) -> String {
        let mut names = Vec::new();
        for label in labels {
            let key = self.key(&label.text);
            let hierarchy = hierarchy(&mut self.draft);
            let id = match hierarchy.find(&key) {
                Some(id) => id,
                None => hierarchy.add(key, &label.text, false, None),
            };
            names.push(hierarchy.name(id).to_owned());
        }
        names.dedup();
        names.join(", ")
    }

    /// The selection for a sentence of types.
    fn categories(&mut self, types: Types, notes: &mut Vec<String>) -> String {
        let Types { group, items } = types;
        let group = group.map(|group| self.category(&group, None));
        let mut ids: Vec<usize> = Vec::new();
        let mut known = false;
        for item in &items {
            let key = self.key(&item.text);
            let id = match self.draft.categories.find(&key) {
                Some(id) => {
                    known = true;
                    self.draft.categories.nodes[id].open |= item.open && item.members.is_empty();
                    id
                }
                None => self.category(item, group.map(|(id, _)| id)).0,
            };
            if item.doubtful {
                let guess = "an item of its own; it may be part of the one before it".to_owned();
                self.draft.categories.nodes[id].guess = Some(guess);
            }
            ids.push(id);
        }
        let categories = &mut self.draft.categories;
        let Some((group, new)) = group else {
            return ids.iter().map(|id| categories.name(*id)).collect::<Vec<_>>().join(", ");
        };
        let label = categories.nodes[group].label.clone();
        if label.contains(',') || label.contains(&self.words.and) {
            let guess = "one group; several, if its label names several".to_owned();
            categories.nodes[group].guess = Some(guess);
        }
        let inside = |id: &usize| categories.nodes[*id].parent == Some(group);
        if new && !known && categories.nodes[group].open {
            return categories.name(group).to_owned(); // "such as" covers the whole group
        }
        if known {
            notes.push(
                "guessed: items that the list names elsewhere too are repeated, outside the group"
                    .to_owned(),
            );
        }
        if !ids.iter().any(inside) {
            notes.push(
                "guessed: the list names all items of the group elsewhere too, so the group is one item"
                    .to_owned(),
            );
        }
        let names = std::iter::once(&group).chain(&ids).map(|id| categories.name(*id));
        names.collect::<Vec<_>>().join(", ")
    }

    /// The node of a label, and whether it is new.
    fn category(&mut self, label: &Label, parent: Option<usize>) -> (usize, bool) {
        let key = self.key(&label.text);
        if let Some(id) = self.draft.categories.find(&key) {
            return (id, false);
        }
        let id = self.draft.categories.add(key, &label.text, label.open, parent);
        for member in &label.members {
            // An example is added inside its bracket, even if the list names it elsewhere too.
            let key = self.key(&member.text);
            let inner = self.draft.categories.add(key, &member.text, member.open, Some(id));
            if member.doubtful {
                let guess = "an item of its own; it may be part of the one before it".to_owned();
                self.draft.categories.nodes[inner].guess = Some(guess);
            }
        }
        (id, true)
    }

    fn key(&self, label: &str) -> String {
        matching::key(label, self.words)
    }
}

fn labelled(text: &str) -> Label {
    Label { text: text.to_owned(), open: false, members: vec![], doubtful: false }
}
