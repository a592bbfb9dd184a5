//! The language page, read directly: slow, obvious, and sharing nothing with the tables but the model.
//!
//! It is what the tables are tested against, at random and on every case of the corpus; with the
//! feature `reference` it serves to test a policy of one's own the same way. Each function names the
//! part of `docs/language.md` that it says in Rust.

use crate::model::{
    ActKind, Domain, Fact, Formula, Hierarchy, Model, Statement, StatementKind, Test, Tree,
};
use crate::{Act, Question, Verdict};
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Allow, depends or deny.
    pub verdict: Verdict,
    /// The names of the duties, sorted.
    pub duties: BTreeSet<String>,
    /// The shortest retention.
    pub retain_days: Option<u32>,
}

impl Answer {
    fn deny() -> Self {
        Self { verdict: Verdict::Deny, duties: BTreeSet::new(), retain_days: None }
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
    let (act, party) = match question.act {
        Act::Use => (ActKind::Use, None),
        Act::Collect(method) => (ActKind::Collect, Some((Hierarchy::Method, method))),
        Act::Share(recipient) => (ActKind::Share, Some((Hierarchy::Recipient, recipient))),
    };
    let party = match party {
        None => None,
        Some((hierarchy, name)) => match reference(model.tree(hierarchy), name) {
            Some(node) => Some((hierarchy, node)),
            None => return Answer::deny(),
        },
    };
    let Some(purpose) = reference(model.tree(Hierarchy::Purpose), question.purpose) else {
        return Answer::deny();
    };
    if categories.is_empty() {
        return Answer::deny();
    }

    // "Its points are all nodes at or below each named node."
    let parties: Vec<Option<u32>> = match party {
        None => vec![None],
        Some((hierarchy, node)) => {
            below(model.tree(hierarchy), node).into_iter().map(Some).collect()
        }
    };
    let mut answer = Answer { verdict: Verdict::Allow, ..Answer::deny() };
    for category in categories {
        for d in below(model.tree(Hierarchy::Category), category) {
            for q in &parties {
                for p in below(model.tree(Hierarchy::Purpose), purpose) {
                    let world = World { model, facts, asked: purpose };
                    let point = world.point(act, d, *q, p);
                    answer.verdict = answer.verdict.min(point.verdict);
                    answer.duties.extend(point.duties);
                    answer.retain_days = shorter(answer.retain_days, point.retain_days);
                }
            }
        }
    }
    if answer.verdict == Verdict::Deny { Answer::deny() } else { answer }
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

fn shorter(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

struct World<'a> {
    model: &'a Model,
    facts: &'a StatedFacts,
    /// "`per purpose` facts are taken for the purpose named in the question."
    asked: u32,
}

impl World<'_> {
    /// "Decision at a point: the value is permitted and not forbidden."
    fn point(&self, act: ActKind, d: u32, q: Option<u32>, p: u32) -> Answer {
        let covering: Vec<&Statement> =
            self.model.statements.iter().filter(|s| self.covers(s, act, d, q, p)).collect();
        let greatest = |kind| {
            let values = covering.iter().filter(|s| s.kind == kind).map(|s| self.own_value(s));
            values.max().unwrap_or(Verdict::Deny)
        };
        let verdict = greatest(StatementKind::Permit).min(not(greatest(StatementKind::Never)));

        // "The union of the duties of the covering permits and `require`s whose value is not no."
        let mut answer = Answer { verdict, ..Answer::deny() };
        for s in covering {
            if s.kind != StatementKind::Never && self.own_value(s) != Verdict::Deny {
                let names = self.model.duties.iter().enumerate();
                let named = names.filter(|(bit, _)| s.duties >> bit & 1 == 1);
                answer.duties.extend(named.map(|(_, name)| name.clone()));
                answer.retain_days = shorter(answer.retain_days, s.retain_days);
            }
        }
        answer
    }

    /// "A permit covers a point when `d` and `p` are in its sets and either its act is the point's and
    /// `q` is in its set, or the point's act is `use`. A `never` or `require` covers a point when the
    /// sets that it names hold the point's nodes and its act is the point's or is `use`."
    fn covers(&self, s: &Statement, act: ActKind, d: u32, q: Option<u32>, p: u32) -> bool {
        let holds = |set, node| self.model.set(set).iter().any(|n| n == node);
        let party = match (s.parties, q) {
            (Some(set), Some(q)) => holds(set, q),
            _ => true,
        };
        let by_act = match s.kind {
            StatementKind::Permit => act == ActKind::Use || s.act == act && party,
            StatementKind::Never | StatementKind::Require => {
                s.act == ActKind::Use || s.act == act && party
            }
        };
        by_act && holds(s.categories, d) && holds(s.purposes, p)
    }

    /// "A statement's own value is its `when` and not its `unless`."
    fn own_value(&self, s: &Statement) -> Verdict {
        self.value(self.model.conditions.get(s.condition))
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
                let choice = choices.iter().position(|c| c == value);
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

fn not(value: Verdict) -> Verdict {
    match value {
        Verdict::Deny => Verdict::Allow,
        Verdict::Depends => Verdict::Depends,
        Verdict::Allow => Verdict::Deny,
    }
}
