//! The language page, read directly: slow, obvious, and sharing nothing with the tables but the model.
//!
//! It is what the tables are tested against, at random and on every case of the corpus; with the
//! feature `reference` it serves to test a policy of one's own the same way. Each function names the
//! part of `docs/language.md` that it says in Rust.

use crate::model::{
    ActKind, Basis, Domain, EventId, Fact, Formula, Hierarchy, Model, RetainLimit, SetId,
    Statement, StatementKind, Test, Tree,
};
use crate::{Act, Limit, Period, Question, Unit, Verdict};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::table::compile::Layout;

/// What is stated of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Stated {
    /// Of a yes/no fact.
    YesNo(bool),
    /// Of a number.
    Number(f64),
    /// Of a choice.
    Choice(String),
    /// Of a fact per purpose: where it holds, and where it does not.
    Purposes {
        /// Where it holds.
        yes: Vec<String>,
        /// Where it does not.
        no: Vec<String>,
    },
}

/// Facts by name.
pub type StatedFacts = BTreeMap<String, Stated>;

/// What a question comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Allow, depends or deny.
    pub verdict: Verdict,
    /// The names of the duties, sorted.
    pub duties: BTreeSet<String>,
    /// The names of the legal bases that carry it, sorted.
    pub bases: BTreeSet<String>,
    /// Bases are declared, and some point has none.
    pub unbased: bool,
    /// The limits that apply: from collection, then by event.
    pub retain: Vec<Limit>,
    /// How long the data must be kept.
    pub retain_at_least: Vec<Limit>,
    /// The shortest limit from collection, in whole days.
    pub retain_days: Option<u64>,
    /// The data may be left out.
    pub optional: bool,
}

impl Answer {
    fn deny() -> Self {
        Self {
            verdict: Verdict::Deny,
            duties: BTreeSet::new(),
            bases: BTreeSet::new(),
            unbased: false,
            retain: Vec::new(),
            retain_at_least: Vec::new(),
            retain_days: None,
            optional: false,
        }
    }
}

/// "Decision for a question": the least over its points; duties where it is not no.
///
/// ```
/// # let model = whyfor::Model::from_path("examples/shop.why")?;
/// use whyfor::{Question, Verdict, reference};
/// let answer = reference::decide(&model, &Question::usage("email", "login"), &Default::default());
/// assert_eq!(answer.verdict, Verdict::Allow);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn decide(model: &Model, question: &Question<'_>, facts: &StatedFacts) -> Answer {
    let categories = field(model, question.field);
    let (act, hierarchy, party) = match question.act {
        Act::Use => (ActKind::Use, None, None),
        Act::Collect(method) => (ActKind::Collect, Some(Hierarchy::Method), method),
        Act::Share(recipient) => (ActKind::Share, Some(Hierarchy::Recipient), recipient),
    };
    // "Its points are all nodes at or below each named node; without a method or recipient, at or below \"any\"."
    let parties: Vec<Option<u32>> = match (hierarchy.map(|of| model.tree(of)), party) {
        (None, _) => vec![None],
        (Some(tree), None) => (0..=tree.len()).map(Some).collect(),
        (Some(tree), Some(name)) => match reference(tree, name) {
            Some(node) => below(tree, node).into_iter().map(Some).collect(),
            None => return Answer::deny(),
        },
    };
    let Some(purpose) = reference(model.tree(Hierarchy::Purpose), question.purpose) else {
        return Answer::deny();
    };
    if categories.is_empty() {
        return Answer::deny();
    }

    let world = World { model, facts, asked: purpose };
    let mut points = Vec::new();
    for category in categories {
        for d in below(model.tree(Hierarchy::Category), category) {
            for q in &parties {
                for p in below(model.tree(Hierarchy::Purpose), purpose) {
                    points.push(Point { act, d, q: *q, p });
                }
            }
        }
    }
    let verdict = points.iter().map(|point| world.value_at(point)).min().unwrap_or(Verdict::Deny);
    if verdict == Verdict::Deny {
        return Answer::deny();
    }
    world.answer(verdict, &points)
}

/// "A field's categories are the union over all `field` statements that match, together with the
/// category that its name resolves to as a reference."
fn field(model: &Model, name: &str) -> BTreeSet<u32> {
    let mut categories = BTreeSet::new();
    if name.len() > crate::limits::MAX_FIELD_NAME {
        return categories;
    }
    let characters: Vec<char> = name.chars().collect();
    let fits = |pattern: &String| glob(&pattern.chars().collect::<Vec<_>>(), &characters);
    for field in &model.fields {
        if field.patterns.iter().any(fits) && !field.except.iter().any(fits) {
            categories.extend(&field.categories);
        }
    }
    categories.extend(reference(model.tree(Hierarchy::Category), name));
    categories
}

/// "`*` is any run of characters other than `.`, `**` any run, `?` one character other than `.`;
/// letters match without ASCII case."
fn glob(pattern: &[char], name: &[char]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        (['*', '*', rest @ ..], _) => (0..=name.len()).any(|n| glob(rest, &name[n..])),
        (['*', rest @ ..], _) => (0..=name.len())
            .take_while(|n| !name[..*n].contains(&'.'))
            .any(|n| glob(rest, &name[n..])),
        (['?', rest @ ..], [c, more @ ..]) => *c != '.' && glob(rest, more),
        ([p, rest @ ..], [c, more @ ..]) => p.eq_ignore_ascii_case(c) && glob(rest, more),
        _ => false,
    }
}

/// "It resolves to the node whose full path equals it, else to the one node whose full path ends with
/// it at a dot."
fn reference(tree: &Tree, name: &str) -> Option<u32> {
    let all = || (0..tree.len()).map(|node| (node, tree.path(node)));
    if let Some((node, _)) = all().find(|(_, path)| *path == name) {
        return Some(node);
    }
    let tail = format!(".{name}");
    let mut ends = all().filter(|(_, path)| path.ends_with(&tail));
    match (ends.next(), ends.next()) {
        (Some((node, _)), None) => Some(node),
        _ => None,
    }
}

/// The node and everything from which following parents leads to it.
fn below(tree: &Tree, node: u32) -> Vec<u32> {
    (0..tree.len()).filter(|n| is_at_or_below(tree, *n, node)).collect()
}

fn is_at_or_below(tree: &Tree, node: u32, ancestor: u32) -> bool {
    node == ancestor || tree.parents(node).any(|parent| is_at_or_below(tree, parent, ancestor))
}

/// "A point is (act, category d, method or recipient q, purpose p)." The node "any" has the number after the last.
struct Point {
    act: ActKind,
    d: u32,
    q: Option<u32>,
    p: u32,
}

struct World<'a> {
    model: &'a Model,
    facts: &'a StatedFacts,
    /// "`per purpose` facts are taken for the purpose named in the question."
    asked: u32,
}

impl World<'_> {
    /// "The point's value is the minimum of permitted and the negation of forbidden."
    fn value_at(&self, point: &Point) -> Verdict {
        let greatest = |kind| {
            let covering = self.covering(point).into_iter().filter(|s| s.kind == kind);
            covering.map(|s| self.value_of(s)).max().unwrap_or(Verdict::Deny)
        };
        greatest(StatementKind::Permit).min(not(greatest(StatementKind::Never)))
    }

    fn covering(&self, point: &Point) -> Vec<&Statement> {
        self.model.statements.iter().filter(|s| self.covers(s, point)).collect()
    }

    /// What comes with an allow or a depends.
    fn answer(&self, verdict: Verdict, points: &[Point]) -> Answer {
        let mut answer = Answer { verdict, optional: true, ..Answer::deny() };
        let mut limits: Vec<RetainLimit> = Vec::new();
        for point in points {
            let covering = self.covering(point);
            let permits = covering.iter().filter(|s| s.kind == StatementKind::Permit);
            for s in &covering {
                // "All covering permits and `require`s whose value is not no … the duties and the retention of a `share`
                // permit are the recipient's: they count only for questions about sharing."
                let is_recipients = s.kind == StatementKind::Permit
                    && s.act == ActKind::Share
                    && point.act != ActKind::Share;
                if s.kind != StatementKind::Never
                    && !is_recipients
                    && self.value_of(s) != Verdict::Deny
                {
                    let names = self.model.duties.iter().enumerate();
                    let owed = names.filter(|(bit, _)| s.duties >> bit & 1 == 1);
                    answer.duties.extend(owed.map(|(_, duty)| duty.name.clone()));
                    limits.extend(&s.limits);
                }
                // "Every covering `collect` permit whose value is not no names the category as optional."
                let is_optional = s.optional.is_some_and(|set| self.holds(set, point.d));
                if s.collects() && !is_optional && self.value_of(s) != Verdict::Deny {
                    answer.optional = false;
                }
            }
            // "The bases of every alternative that is yes in a covering permit that is yes."
            let carries = |value: Verdict| value >= verdict;
            for s in permits.clone().filter(|s| carries(self.value_of(s))) {
                for alternative in &s.alternatives {
                    if carries(self.value_of_bases(alternative.bases)) {
                        let names = self.bases(alternative.bases);
                        answer.bases.extend(names.map(|basis| basis.name.clone()));
                    }
                }
            }
            // "Unbased when, at some point, no covering permit that is yes names a basis."
            let based =
                permits.clone().any(|s| !s.alternatives.is_empty() && carries(self.value_of(s)));
            answer.unbased |= !self.model.bases.is_empty() && !based;
        }
        answer.optional &= points.iter().all(|point| point.act == ActKind::Collect);
        let from_collection =
            limits.iter().filter(|one| !one.at_least && one.limit.event().is_none());
        let days = from_collection.filter_map(|one| one.limit.period()).map(Period::whole_days);
        answer.retain_days = days.min();
        answer.retain = self.strictest(&limits, false);
        answer.retain_at_least = self.strictest(&limits, true);
        answer
    }

    /// "For each start (collection or an event), the shortest limit and the longest `at least`."
    fn strictest(&self, limits: &[RetainLimit], at_least: bool) -> Vec<Limit> {
        let mut starts: Vec<Option<EventId>> = vec![None];
        starts.extend((0..self.model.events.len() as u32).map(|event| Some(EventId(event))));
        starts.sort_by_key(|start| start.map(|event| self.event(event)));
        let mut strictest = Vec::new();
        for start in starts {
            let of_start: Vec<&RetainLimit> = limits
                .iter()
                .filter(|one| one.at_least == at_least && one.limit.event().copied() == start)
                .collect();
            let name = start.map(|event| self.event(event));
            // "`until EVENT` is the shortest limit from that event."
            if let Some(until) = name.clone()
                && of_start.iter().any(|one| one.limit.period().is_none())
            {
                strictest.push(Limit::Until { until });
                continue;
            }
            // "Hours, days and weeks form one family, months and years another."
            for calendar in [false, true] {
                let is_of = |period: &Period| {
                    matches!(period.unit(), Unit::Months | Unit::Years) == calendar
                };
                let periods: Vec<Period> =
                    of_start.iter().filter_map(|one| one.limit.period()).filter(is_of).collect();
                let lengths = periods.iter().map(|period| length(*period));
                let length_of = if at_least { lengths.max() } else { lengths.min() };
                // "Of two equal periods, the answer shows the one in the smaller unit."
                let equal = periods.into_iter().filter(|period| Some(length(*period)) == length_of);
                let shown = equal.min_by_key(|period| period.unit());
                strictest.extend(shown.map(|period| Limit::Period { period, after: name.clone() }));
            }
        }
        strictest
    }

    fn event(&self, event: EventId) -> String {
        self.model.events[event.0 as usize].name.clone()
    }

    /// "A permit covers a point if `d` and `p` are in its selections and either its act is the point's act and `q` is
    /// in its selection, or the point's act is `use`. A `never` or `require` covers a point if the selections it names
    /// contain the point's nodes and its act is the point's act or `use`."
    fn covers(&self, s: &Statement, Point { act, d, q, p }: &Point) -> bool {
        let party = match (s.parties, q) {
            (Some(set), Some(q)) => self.holds(set, *q),
            _ => true,
        };
        let by_act = match s.kind {
            StatementKind::Permit => *act == ActKind::Use || s.act == *act && party,
            StatementKind::Never | StatementKind::Require => {
                s.act == ActKind::Use || s.act == *act && party
            }
        };
        by_act && self.holds(s.categories, *d) && self.holds(s.purposes, *p)
    }

    fn holds(&self, set: SetId, node: u32) -> bool {
        self.model.set(set).iter().any(|n| n == node)
    }

    /// "The value of a permit with bases is the minimum of its own value and the maximum over its alternatives."
    fn value_of(&self, s: &Statement) -> Verdict {
        let own = self.value(self.model.conditions.get(s.own));
        let alternatives = s.alternatives.iter();
        match alternatives.map(|one| self.value_of_bases(one.bases)).max() {
            None => own,
            Some(based) => own.min(based),
        }
    }

    /// "The value of an alternative in `on` is the minimum over its bases."
    fn value_of_bases(&self, bases: u64) -> Verdict {
        let values = self.bases(bases).map(|b| self.value(self.model.conditions.get(b.condition)));
        values.min().unwrap_or(Verdict::Allow)
    }

    fn bases(&self, bits: u64) -> impl Iterator<Item = &Basis> {
        let bases = self.model.bases.iter().enumerate();
        bases.filter(move |(bit, _)| bits >> bit & 1 == 1).map(|(_, basis)| basis)
    }

    /// "Kleene's strong three-valued logic: `not` swaps yes and no; `and` is the least, `or` the
    /// greatest, with no < unknown < yes." The verdicts stand for the values.
    fn value(&self, formula: &Formula) -> Verdict {
        match formula {
            Formula::Always => Verdict::Allow,
            Formula::Not(inner) => not(self.value(inner)),
            Formula::And(list) => {
                list.iter().map(|f| self.value(f)).min().unwrap_or(Verdict::Allow)
            }
            Formula::Or(list) => list.iter().map(|f| self.value(f)).max().unwrap_or(Verdict::Deny),
            Formula::Atom(atom) => {
                let atom = &self.model.conditions.atoms[atom.0 as usize];
                let fact = &self.model.facts[atom.fact as usize];
                self.atom(fact, atom.test)
            }
        }
    }

    /// "A comparison over an unstated fact is unknown."
    fn atom(&self, fact: &Fact, test: Test) -> Verdict {
        let known = |holds| if holds { Verdict::Allow } else { Verdict::Deny };
        match (self.facts.get(&fact.name), test) {
            (None, _) => Verdict::Depends,
            (Some(Stated::Purposes { yes, no }), _) => self.for_purpose(yes, no),
            (Some(Stated::YesNo(value)), _) => known(*value),
            (Some(Stated::Number(n)), Test::AtLeast(bound)) => known(*n >= bound),
            (Some(Stated::Number(n)), Test::Above(bound)) => known(*n > bound),
            (Some(Stated::Number(n)), Test::Equal(bound)) => known(*n == bound),
            (Some(Stated::Choice(value)), Test::In(bits)) => {
                let Domain::Choice(choices) = &fact.kind else { return Verdict::Depends };
                let choice = choices.iter().position(|c| c.name == *value);
                choice.map_or(Verdict::Depends, |choice| known(bits >> choice & 1 == 1))
            }
            _ => Verdict::Depends, // stated as something that the fact is not
        }
    }

    /// "Asked for purpose `p` it is yes if `p` or an ancestor is in the first set and no member of the
    /// second shares a node at or below it with `p`; no the other way round; else unknown."
    fn for_purpose(&self, yes: &[String], no: &[String]) -> Verdict {
        let tree = self.model.tree(Hierarchy::Purpose);
        let nodes = |names: &[String]| -> Vec<u32> {
            names.iter().filter_map(|name| reference(tree, name)).collect()
        };
        let (yes, no) = (nodes(yes), nodes(no));
        let reaches = |set: &[u32]| set.iter().any(|n| is_at_or_below(tree, self.asked, *n));
        let touches = |set: &[u32]| {
            let asked = below(tree, self.asked);
            set.iter().any(|n| below(tree, *n).iter().any(|m| asked.contains(m)))
        };
        match (reaches(&yes) && !touches(&no), reaches(&no) && !touches(&yes)) {
            (true, _) => Verdict::Allow,
            (_, true) => Verdict::Deny,
            _ => Verdict::Depends,
        }
    }
}

/// In hours, or in months: a length that compares with others of its family.
fn length(period: Period) -> u64 {
    let each = match period.unit() {
        Unit::Hours | Unit::Months => 1,
        Unit::Days => 24,
        Unit::Weeks => 24 * 7,
        Unit::Years => 12,
    };
    u64::from(period.count()) * each
}

fn not(value: Verdict) -> Verdict {
    match value {
        Verdict::Deny => Verdict::Allow,
        Verdict::Depends => Verdict::Depends,
        Verdict::Allow => Verdict::Deny,
    }
}
