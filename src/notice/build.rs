//! Entries from statements: the model says what they mean, the text how they are put.

use super::condition;
use super::list::{Entry, Notice, Place, Section, Selected};
use super::node::Node;
use super::select::Select;
use crate::Act;
use crate::model::{self, ActKind, Hierarchy, Model, NodeSet, References, SetId, Statement, Tree};
use crate::syntax::tree::{self, Selection};
use hashbrown::HashMap;

pub(super) fn notice(model: &Model) -> Notice {
    let builder = Builder::new(model);
    let mut sections: Vec<Section> = Vec::new();
    let mut numbers: HashMap<Option<u32>, usize> = HashMap::new();
    for (statement, written) in model.statements.iter().zip(model.written()) {
        let entry = builder.entry(statement, written);
        let number = *numbers.entry(statement.section).or_insert_with(|| {
            let (name, title) = match statement.section.map(|id| &model.sections[id as usize]) {
                Some(section) => (section.name.clone(), section.title.clone()),
                None => (String::new(), String::new()),
            };
            sections.push(Section { name, title, place: entry.place.clone(), entries: vec![] });
            sections.len() - 1
        });
        sections[number].entries.push(entry);
    }
    if let Some(loose) = numbers.get(&None) {
        let last = sections.remove(*loose);
        sections.push(last);
    }
    let header = &model.header;
    Notice {
        name: header.name.clone(),
        title: header.label.clone(),
        version: header.version.clone(),
        controller: header.controller.clone(),
        sections,
    }
}

struct Builder<'m> {
    model: &'m Model,
    references: [References<'m>; 4],
    collected: NodeSet,
}

impl<'m> Builder<'m> {
    fn new(model: &'m Model) -> Self {
        let collects = model
            .statements
            .iter()
            .filter(|s| s.kind == model::StatementKind::Permit && s.act == ActKind::Collect);
        let ranges = collects.flat_map(|s| model.set(s.categories).ranges()).copied().collect();
        Self {
            model,
            references: model.trees.each_ref().map(Tree::references),
            collected: NodeSet::from_ranges(ranges),
        }
    }

    fn entry(&self, statement: &Statement, written: &tree::Statement) -> Entry {
        let scope = &written.scope;
        let party = scope.by.as_ref().or(scope.with.as_ref());
        let parties = |hierarchy| {
            let set = statement.parties.map(|set| self.list(hierarchy, party, set));
            set.unwrap_or_default()
        };
        let position = self.model.sources.position(statement.span);
        Entry {
            kind: statement.kind,
            act: match statement.act {
                ActKind::Collect => Act::Collect(parties(Hierarchy::Method)),
                ActKind::Use => Act::Use,
                ActKind::Share => Act::Share(parties(Hierarchy::Recipient)),
            },
            categories: self.list(
                Hierarchy::Category,
                Some(&scope.categories),
                statement.categories,
            ),
            purposes: self.list(Hierarchy::Purpose, scope.purposes.as_ref(), statement.purposes),
            condition: condition::of(self.model, statement.condition),
            duties: self.duties(statement.duties),
            retain_days: statement.retain_days(),
            place: Place {
                file: self.model.sources.file(statement.span.file).path().to_owned(),
                line: position.line,
            },
        }
    }

    fn list(&self, hierarchy: Hierarchy, selection: Option<&Selection>, set: SetId) -> Selected {
        let select = Select {
            tree: self.model.tree(hierarchy),
            references: &self.references[hierarchy as usize],
            collected: &self.collected,
        };
        select.list(selection, self.model.set(set))
    }

    fn duties(&self, bits: u64) -> Vec<Node> {
        let duties = self.model.duties.iter().enumerate();
        let named = duties.filter(|(bit, _)| bits >> bit & 1 == 1);
        named.map(|(_, duty)| Node { path: duty.name.clone(), label: duty.label.clone() }).collect()
    }
}
