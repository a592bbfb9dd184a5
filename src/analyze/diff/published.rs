//! Statements that a published list has or lacks, or has in another section, where no decision tells of it: a list shows
//! every statement, also one that another one makes superfluous.
//!
//! A statement is the same if it has the same words, or means the same by the same names. One that is told as the cause of
//! a change is not told again.

use super::cause::{Cause, CauseKind};
use super::change::Change;
use super::one_line::{without_reasons, words_alone};
use super::wording::WordingChange;
use crate::model::{Formula, Hierarchy, Model, RetainLimit, SetId, Statement};
use hashbrown::{HashMap, HashSet};

/// What became of the statements of a list.
pub(super) fn changes(old: &Model, new: &Model, told: &[Change]) -> Vec<WordingChange> {
    let models = [old, new];
    let mut left = models.map(|model| statements(model).collect::<Vec<_>>());
    let mut found = Vec::new();
    type Key<'k> = &'k dyn Fn(&Shown<'_>) -> Option<String>;
    let has_same_names = has_same_names(models);
    let meaning = |shown: &Shown<'_>| has_same_names.then(|| shown.meaning());
    let words = |shown: &Shown<'_>| Some(shown.words.clone());
    let [in_section, means_in_section]: [Key<'_>; 2] =
        [&|shown| Some(format!("{}\0{}", shown.section(), shown.words)), &|shown| {
            meaning(shown).map(|meaning| format!("{}\0{meaning}", shown.section()))
        }];
    for (key, is_moved) in [
        (in_section, false),
        (means_in_section, false),
        (&words as Key<'_>, true),
        (&meaning, true),
    ] {
        for (before, after) in pairs(&mut left, key) {
            if is_moved && !before.is_in_the_section_of(&after) {
                let texts = [before.section().to_owned(), after.section().to_owned()];
                found.push(after.change("section", texts));
            }
        }
    }
    let causes: HashSet<(CauseKind, &str, u32)> =
        told.iter().flat_map(|change| &change.causes).map(place).collect();
    let kinds = [CauseKind::Removed, CauseKind::Added];
    let is_cause = |side: usize, shown: &Shown<'_>| {
        causes.contains(&(kinds[side], shown.file(), shown.line()))
    };
    for side in 0..2 {
        let others = left[1 - side].iter().filter(|shown| is_cause(1 - side, shown));
        let others: Vec<&Shown<'_>> = others.take(MOST_CAUSES).collect();
        for shown in &left[side] {
            let is_told = is_cause(side, shown) || others.iter().any(|other| shown.becomes(other));
            if !is_told {
                let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
                found.push(shown.change("published", [yes(side == 0), yes(side == 1)]));
            }
        }
    }
    found
}

/// Most statements that a statement may have become; with more, it is told by itself.
const MOST_CAUSES: usize = 1000;

fn place(cause: &Cause) -> (CauseKind, &str, u32) {
    (cause.kind, cause.file.as_str(), cause.line)
}

/// Takes those out that have the same key on both sides, each with one.
fn pairs<'m>(
    left: &mut [Vec<Shown<'m>>; 2],
    key: &dyn Fn(&Shown<'_>) -> Option<String>,
) -> Vec<(Shown<'m>, Shown<'m>)> {
    let [old, new] = left.each_mut().map(std::mem::take);
    let mut by_key: HashMap<String, Vec<Shown<'m>>> = HashMap::new();
    for shown in new.into_iter().rev() {
        match key(&shown) {
            Some(key) => by_key.entry(key).or_default().push(shown),
            None => left[1].push(shown),
        }
    }
    let mut pairs = Vec::new();
    for shown in old {
        match key(&shown).and_then(|key| by_key.get_mut(&key)?.pop()) {
            Some(other) => pairs.push((shown, other)),
            None => left[0].push(shown),
        }
    }
    left[1].extend(by_key.into_values().flatten());
    left[1].sort_by_key(|shown| shown.statement.span);
    pairs
}

/// A statement that a list shows.
struct Shown<'m> {
    model: &'m Model,
    statement: &'m Statement,
    /// Without reasons, which are told by themselves.
    text: String,
    /// The same, however it is laid out.
    words: String,
}

fn statements(model: &Model) -> impl Iterator<Item = Shown<'_>> {
    let is_shown = |statement: &&Statement| {
        let is_empty = |set| model.set(set).is_empty();
        !is_empty(statement.categories) && !is_empty(statement.purposes)
    };
    model.statements.iter().filter(is_shown).map(|statement| Shown {
        model,
        statement,
        text: without_reasons(model.sources.slice(statement.span)),
        words: words_alone(model.sources.slice(statement.span)),
    })
}

/// Whether both policies have the same nodes, so that sets of them compare.
fn has_same_names(models: [&Model; 2]) -> bool {
    Hierarchy::ALL.into_iter().all(|hierarchy| {
        let [old, new] = models.map(|model| model.tree(hierarchy));
        let paths = |tree: &crate::model::Tree| -> Vec<String> {
            tree.nodes.iter().map(|node| node.path.clone()).collect()
        };
        old.len() == new.len() && paths(old) == paths(new)
    })
}

impl Shown<'_> {
    /// Whether one of two statements is about all that the other one is about: it took its place, and is told.
    fn becomes(&self, other: &Self) -> bool {
        let (own, others) = (self.statement, other.statement);
        (own.kind, own.act) == (others.kind, others.act)
            && (self.is_within(other) || other.is_within(self))
    }

    fn is_within(&self, other: &Self) -> bool {
        let parties = self
            .statement
            .act
            .party()
            .map(|hierarchy| (hierarchy, self.statement.parties.zip(other.statement.parties)));
        let own = [
            (Hierarchy::Category, Some((self.statement.categories, other.statement.categories))),
            (Hierarchy::Purpose, Some((self.statement.purposes, other.statement.purposes))),
        ];
        own.into_iter().chain(parties).all(|(hierarchy, sets)| {
            let Some((own, others)) = sets else { return true };
            let others: HashSet<&str> = other.paths(hierarchy, others).collect();
            self.paths(hierarchy, own).all(|path| others.contains(path))
        })
    }

    fn paths(&self, hierarchy: Hierarchy, set: SetId) -> impl Iterator<Item = &str> {
        let tree = self.model.tree(hierarchy);
        self.model.set(set).iter().map(|node| tree.path(node))
    }

    /// The heading of its section.
    fn section(&self) -> &str {
        let section = self.statement.section.map(|id| &self.model.sections[id as usize]);
        section.map_or("", |section| match section.title.as_str() {
            "" => &section.name,
            title => title,
        })
    }

    /// A section with another title is told by itself.
    fn is_in_the_section_of(&self, other: &Self) -> bool {
        let name = |shown: &Self| {
            shown.statement.section.map(|id| shown.model.sections[id as usize].name.clone())
        };
        self.section() == other.section() || name(self) == name(other)
    }

    fn file(&self) -> &str {
        self.model.sources.file(self.statement.span.file).path()
    }

    fn line(&self) -> u32 {
        self.model.sources.position(self.statement.span).line
    }

    fn change(&self, part: &'static str, [before, after]: [String; 2]) -> WordingChange {
        WordingChange { of: "statement", name: self.text.clone(), part, before, after }
    }

    /// What it means, by the nodes of its policy.
    fn meaning(&self) -> String {
        let Statement { kind, act, duties, limits, alternatives, .. } = self.statement;
        let model = self.model;
        let set = |set| format!("{:?}", model.set(set).ranges());
        let statement = self.statement;
        let sets = [
            set(statement.categories),
            statement.parties.map(set).unwrap_or_default(),
            set(statement.purposes),
            statement.optional.map(set).unwrap_or_default(),
        ];
        let bit = |bits: &u64, at: usize| bits >> at & 1 == 1;
        let duties = model.duties.iter().enumerate().filter(|(at, _)| bit(duties, *at));
        let duties: Vec<&str> = duties.map(|(_, duty)| duty.name.as_str()).collect();
        let bases = alternatives.iter().map(|alternative| {
            let named = model.bases.iter().enumerate();
            let named = named.filter(|(at, _)| bit(&alternative.bases, *at));
            named.map(|(_, basis)| basis.name.as_str()).collect::<Vec<_>>()
        });
        let bases: Vec<Vec<&str>> = bases.collect();
        let limit = |RetainLimit { at_least, limit }: &RetainLimit| {
            let event = |event: crate::model::EventId| model.events[event.0 as usize].name.clone();
            format!("{at_least}{:?}", limit.map(event))
        };
        let limits: Vec<String> = limits.iter().map(limit).collect();
        let condition = self.spelled(model.conditions.get(statement.own));
        format!("{kind:?}{act:?}{sets:?}{duties:?}{bases:?}{limits:?}{condition}")
    }

    fn spelled(&self, formula: &Formula) -> String {
        let all = |list: &[Formula]| {
            let mut all: Vec<String> = list.iter().map(|one| self.spelled(one)).collect();
            all.sort();
            all.join(",")
        };
        match formula {
            Formula::Always => "always".to_owned(),
            Formula::Atom(id) => {
                let atom = self.model.conditions.atoms[id.0 as usize];
                format!("{} {:?}", self.model.facts[atom.fact as usize].name, atom.test)
            }
            Formula::Not(inner) => format!("not({})", self.spelled(inner)),
            Formula::And(list) => format!("and({})", all(list)),
            Formula::Or(list) => format!("or({})", all(list)),
        }
    }
}
