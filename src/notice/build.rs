//! Entries from statements: the model says what they mean, the text how they are put.

use super::chart;
use super::condition::{self, Parts};
use super::list::{Basis, Entry, Notice, Place, Retain, Section, Selected};
use super::node::Node;
use super::select::{Select, Which};
use super::tags::Published;
use crate::Act;
use crate::model::{
    ActKind, Found, Hierarchy, Model, NodeSet, References, SetId, Statement, StatementKind, Tree,
};
use crate::syntax::tree::{self, Selection};
use hashbrown::HashMap;

pub(super) fn notice(model: &Model) -> Notice {
    let mut builder = Builder::new(model);
    builder.permitted = Some(builder.named_by_permits());
    let mut sections: Vec<Section> = Vec::new();
    let mut numbers: HashMap<Option<u32>, usize> = HashMap::new();
    let mut statements: Vec<Vec<&Statement>> = Vec::new();
    for (statement, written) in model.statements.iter().zip(model.written()) {
        let Some(entry) = builder.entry(statement, written) else { continue };
        let number = *numbers.entry(statement.section).or_insert_with(|| {
            sections.push(builder.section(statement.section, entry.place.clone()));
            statements.push(Vec::new());
            sections.len() - 1
        });
        sections[number].entries.push(entry);
        statements[number].push(statement);
    }
    if let Some(loose) = numbers.get(&None) {
        let last = sections.remove(*loose);
        sections.push(last);
        let last = statements.remove(*loose);
        statements.push(last);
    }
    let header = &model.header;
    let (chart, uncharted) = chart::chart(model, &sections, &statements);
    Notice {
        name: header.name.clone(),
        title: header.label.clone(),
        version: header.version.clone(),
        controller: header.controller.clone(),
        effective: header.effective.clone(),
        language: header.language.clone(),
        contact: header.contact.clone(),
        url: header.url.clone(),
        tags: builder.published.all(),
        chart,
        uncharted,
        sections,
    }
}

struct Builder<'m> {
    model: &'m Model,
    references: [References<'m>; 4],
    published: Published<'m>,
    collected: NodeSet,
    /// What the permits of the list name, by hierarchy, once it is known.
    permitted: Option<[NodeSet; 4]>,
    /// The bases as they were written, by their names.
    bases: HashMap<&'m str, &'m tree::Basis>,
}

impl<'m> Builder<'m> {
    fn new(model: &'m Model) -> Self {
        let collects = model.statements.iter().filter(|statement| statement.collects());
        let ranges = collects.flat_map(|s| model.set(s.categories).ranges()).copied().collect();
        let bases = model.files().iter().flat_map(|file| &file.bases);
        Self {
            model,
            references: model.trees.each_ref().map(Tree::references),
            published: Published::new(model),
            collected: NodeSet::from_ranges(ranges),
            permitted: None,
            bases: bases.map(|basis| (basis.name.text.as_str(), basis)).collect(),
        }
    }

    /// The nodes that the permits of the list name, by hierarchy.
    fn named_by_permits(&self) -> [NodeSet; 4] {
        let mut named: [Vec<(u32, u32)>; 4] = Default::default();
        let statements = self.model.statements.iter().zip(self.model.written());
        let permits = statements.filter(|(statement, _)| statement.kind == StatementKind::Permit);
        for entry in permits.filter_map(|(statement, written)| self.entry(statement, written)) {
            let party = match &entry.act {
                Act::Collect(methods) => Some((Hierarchy::Method, methods)),
                Act::Share(recipients) => Some((Hierarchy::Recipient, recipients)),
                Act::Use => None,
            };
            let categories = std::iter::once(&entry.categories).chain(&entry.optional);
            let categories = categories.map(|selected| (Hierarchy::Category, selected));
            let purposes = (Hierarchy::Purpose, &entry.purposes);
            for (hierarchy, selected) in categories.chain([purposes]).chain(party) {
                let nodes = selected.named().into_iter();
                let found = nodes.map(|node| self.references[hierarchy as usize].find(&node.path));
                named[hierarchy as usize].extend(found.filter_map(|found| match found {
                    Found::One(node) => Some((node, node + 1)),
                    Found::Several | Found::None => None,
                }));
            }
        }
        named.map(NodeSet::from_ranges)
    }

    /// A section without entries; that of statements outside of sections has no name.
    fn section(&self, id: Option<u32>, place: Place) -> Section {
        let section = id.map(|id| self.model.sections[id as usize].clone());
        let (name, title, because) = section
            .map(|section| (section.name, section.title, section.because))
            .unwrap_or_default();
        Section { name, title, because, place, entries: Vec::new() }
    }

    /// The entry of a statement, unless it covers nothing.
    fn entry(&self, statement: &Statement, written: &tree::Statement) -> Option<Entry> {
        let is_empty = |set: SetId| self.model.set(set).is_empty();
        let without_party = statement.parties.is_some_and(is_empty);
        let is_permit = statement.kind == StatementKind::Permit;
        if is_empty(statement.categories)
            || is_empty(statement.purposes)
            || without_party && !is_permit
        {
            return None;
        }
        let scope = &written.scope;
        let act = match without_party {
            true => ActKind::Use,
            false => statement.act,
        };
        // The duties and the retention of sharing are the recipient's, and here is none.
        let is_owed = !(without_party && statement.act == ActKind::Share);
        let Parts { when, unless } = condition::of(
            self.model,
            statement.own,
            written.when.as_ref(),
            written.unless.as_ref(),
        );
        let text = |text: &Option<tree::Text>| text.as_ref().map(|t| t.text.clone());
        Some(Entry {
            kind: statement.kind,
            act: self.act(act, statement, written),
            categories: self.list(
                Hierarchy::Category,
                Some(&scope.categories),
                if statement.optional.is_some() {
                    statement.required
                } else {
                    statement.categories
                },
                (statement.kind, Which::Required),
            ),
            optional: statement.optional.filter(|set| !is_empty(*set)).map(|set| {
                let which = (statement.kind, Which::Optional);
                self.list(Hierarchy::Category, Some(&scope.categories), set, which)
            }),
            purposes: self.list(
                Hierarchy::Purpose,
                scope.purposes.as_ref(),
                statement.purposes,
                (statement.kind, Which::All),
            ),
            when,
            unless,
            bases: written.bases.iter().map(|names| self.bases(names)).collect(),
            duties: if is_owed { self.duties(statement.duties) } else { Vec::new() },
            retain: if is_owed { self.retain(statement) } else { Vec::new() },
            because: text(&written.because).unwrap_or_default(),
            see: text(&written.see).unwrap_or_default(),
            place: Place {
                file: self.model.sources.file(statement.span.file).path().to_owned(),
                line: self.model.sources.position(statement.span).line,
            },
        })
    }

    fn act(
        &self,
        act: ActKind,
        statement: &Statement,
        written: &tree::Statement,
    ) -> Act<Selected, Selected> {
        let party = written.scope.by.as_ref().or(written.scope.with.as_ref());
        let parties = |hierarchy| {
            let which = (statement.kind, Which::All);
            let set = statement.parties.map(|set| self.list(hierarchy, party, set, which));
            set.unwrap_or_default()
        };
        match act {
            ActKind::Collect => Act::Collect(parties(Hierarchy::Method)),
            ActKind::Use => Act::Use,
            ActKind::Share => Act::Share(parties(Hierarchy::Recipient)),
        }
    }

    fn list(
        &self,
        hierarchy: Hierarchy,
        selection: Option<&Selection>,
        set: SetId,
        (kind, which): (StatementKind, Which),
    ) -> Selected {
        let permitted = self.permitted.as_ref().filter(|_| kind != StatementKind::Permit);
        let select = Select {
            hierarchy,
            tree: self.model.tree(hierarchy),
            references: &self.references[hierarchy as usize],
            published: &self.published,
            collected: &self.collected,
            which,
            permitted: permitted.map(|permitted| &permitted[hierarchy as usize]),
        };
        select.list(selection, self.model.set(set))
    }

    fn duties(&self, bits: u64) -> Vec<Node> {
        let duties = self.model.duties.iter().enumerate();
        let named = duties.filter(|(bit, _)| bits >> bit & 1 == 1);
        named.map(|(_, duty)| Node::named(&duty.name, &duty.label)).collect()
    }

    /// One alternative, in the author's order.
    fn bases(&self, names: &[tree::Name]) -> Vec<Basis> {
        let of_name = |name: &tree::Name| self.model.bases.iter().find(|b| b.name == name.text);
        let basis = |basis: &crate::model::Basis| {
            let written = self.bases.get(basis.name.as_str());
            let Parts { when, unless } = condition::of(
                self.model,
                basis.condition,
                written.and_then(|written| written.when.as_ref()),
                written.and_then(|written| written.unless.as_ref()),
            );
            Basis { node: Node::named(&basis.name, &basis.label), when, unless }
        };
        names.iter().filter_map(of_name).map(basis).collect()
    }

    fn retain(&self, statement: &Statement) -> Vec<Retain> {
        let limits = statement.limits.iter();
        let limit = |one: &crate::model::RetainLimit| Retain {
            at_least: one.at_least,
            limit: one.limit.map(|event| {
                let event = &self.model.events[event.0 as usize];
                Node::named(&event.name, &event.label)
            }),
        };
        limits.map(limit).collect()
    }
}
