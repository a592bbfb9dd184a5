//! What the page's script needs to answer for other facts: the facts with their values, and what each cell answers as
//! conditions over them.
//!
//! Only cells whose answer depends on facts have such data. A cell lists the methods or recipients that it asks about,
//! each with a *cover*: the condition of its verdict, the statements that cover its points, and the terms that come
//! with it, all with their conditions. Equal parts are stored once.

use crate::matrix::subject::Party;
use crate::matrix::{Axis, Distinct, Subject};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use whyfor::{
    ActKind, Condition, Covering, Decision, FactInfo, FactKind, FactValue, Limit, StatementKind,
    Test, Verdict, printable,
};

/// Most statements and terms in all covers: one or two megabytes.
const MOST_ENTRIES: usize = 100_000;
/// Most statements that are visited: about a second.
const MOST_STEPS: usize = 3_000_000;
/// With more columns, a fact per purpose is stated for all of them or none.
const MOST_PURPOSES: usize = 300;

#[derive(Serialize)]
pub(super) struct Switches<'p> {
    facts: Vec<FactData<'p>>,
    /// For each column, those that are at or below it.
    below: Vec<Vec<usize>>,
    conditions: Vec<Box<RawValue>>,
    covers: Vec<Box<RawValue>>,
    limits: Vec<LimitData>,
    least: Vec<LimitData>,
    /// What a cell asks: each method or recipient that is not denied for all facts, and its cover.
    asked: Vec<Vec<(&'p str, u32)>>,
    /// The numbers of what the cells ask, row by row. The first one is empty: no fact matters.
    cells: Vec<Vec<u32>>,
    /// Whether the policy declares legal bases.
    based: bool,
    /// Whether answers name their methods or recipients.
    named: bool,
    /// Whether data can be optional.
    optional: bool,
}

#[derive(Serialize)]
struct FactData<'p> {
    name: &'p str,
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<(&'p str, String)>,
    /// As stated for the table; for a fact per purpose, its value for each column.
    #[serde(skip_serializing_if = "Value::is_null")]
    stated: Value,
}

/// A limit: its words, what it counts from, its family of units, its rank in them. The least rank counts.
#[derive(Serialize)]
struct LimitData(String, usize, &'static str, usize);

/// The data, or `None` if there are no facts. An error if it would be too much for a page.
pub(super) fn of<'p>(
    subject: &Subject<'p>,
    statements: &mut Distinct<usize>,
) -> Result<Option<Switches<'p>>, TooLarge> {
    let facts = facts(subject);
    if facts.is_empty() {
        return Ok(None);
    }
    let mut covers = Covers::new(subject, statements);
    covers.asked.number(Vec::new());
    let mut cells = Vec::with_capacity(subject.rows.len());
    for row in 0..subject.rows.len() {
        let numbers = (0..subject.columns.len()).map(|column| covers.cell(row, column));
        cells.push(numbers.collect::<Result<_, _>>()?);
    }
    let events: Vec<&str> = subject.policy.events().map(|(name, _)| name).collect();
    Ok(Some(Switches {
        facts,
        below: below(subject),
        conditions: raw(covers.conditions),
        covers: raw(covers.covers),
        limits: ranked(covers.limits, &events, false),
        least: ranked(covers.least, &events, true),
        asked: covers.asked.into_list(),
        cells,
        based: subject.policy.bases().next().is_some(),
        named: subject.party == Party::Some,
        optional: covers.has_optional,
    }))
}

/// The data would be too large.
#[derive(Debug)]
pub(super) struct TooLarge;

fn raw(texts: Distinct<String>) -> Vec<Box<RawValue>> {
    texts.into_list().into_iter().filter_map(|text| RawValue::from_string(text).ok()).collect()
}

// ── Facts ───────────────────────────────────────────────────────────────────────────────────────

fn facts<'p>(subject: &Subject<'p>) -> Vec<FactData<'p>> {
    let data = |fact: FactInfo<'p>| {
        let labels = fact.choice_labels.iter().map(|label| printable(label).into_owned());
        FactData {
            name: fact.name,
            kind: fact.kind.as_str(),
            label: printable(fact.label).into_owned(),
            choices: fact.choices.iter().copied().zip(labels).collect(),
            stated: stated(subject, fact.name, fact.kind),
        }
    };
    subject.policy.facts().map(data).collect()
}

/// The value of a fact that is stated for the table.
fn stated(subject: &Subject<'_>, name: &str, kind: FactKind) -> Value {
    let purposes = subject.purposes();
    let holds = |column: usize| subject.policy.holds(subject.facts, name, purposes[column]);
    let written = subject.stated.iter().find_map(|fact| fact.strip_prefix(name)?.strip_prefix('='));
    match (kind, written) {
        (FactKind::YesNo, _) if !purposes.is_empty() => json!(holds(0)),
        (FactKind::PerPurpose, _) => {
            let values: Vec<Option<bool>> = (0..purposes.len()).map(holds).collect();
            if values.iter().all(Option::is_none) { Value::Null } else { json!(values) }
        }
        (FactKind::Choice, Some(choice)) => json!(choice),
        (FactKind::Number, Some(number)) => json!(number.parse::<f64>().ok()),
        _ => Value::Null,
    }
}

/// For each purpose, the columns of those at or below it: where a fact holds that is stated for this purpose.
fn below(subject: &Subject<'_>) -> Vec<Vec<usize>> {
    let policy = subject.policy;
    let fact = policy.facts().find(|fact| fact.kind == FactKind::PerPurpose);
    let (Some(fact), Axis::Purposes) = (fact, subject.axis) else { return Vec::new() };
    if subject.columns.len() > MOST_PURPOSES {
        return Vec::new();
    }
    let purposes = subject.purposes();
    let at_or_below = |path: &str| {
        let value = FactValue::purposes([path], [""; 0]);
        let facts = policy.facts_builder().with(fact.name, value).map(|stated| stated.build());
        let Ok(facts) = facts else { return Vec::new() };
        let holds = |column: &usize| policy.holds(&facts, fact.name, purposes[*column]);
        (0..purposes.len()).filter(|column| holds(column) == Some(true)).collect()
    };
    subject.columns.iter().map(|column| at_or_below(column.path)).collect()
}

// ── Covers ──────────────────────────────────────────────────────────────────────────────────────

/// The covers of the cells, in order.
struct Covers<'s, 'p> {
    subject: &'s Subject<'p>,
    statements: &'s mut Distinct<usize>,
    fact_numbers: BTreeMap<&'p str, usize>,
    conditions: Distinct<String>,
    covers: Distinct<String>,
    asked: Distinct<Vec<(&'p str, u32)>>,
    limits: Limits<'p>,
    least: Limits<'p>,
    entries: usize,
    steps: usize,
    has_optional: bool,
}

impl<'s, 'p> Covers<'s, 'p> {
    fn new(subject: &'s Subject<'p>, statements: &'s mut Distinct<usize>) -> Self {
        let facts = subject.policy.facts().enumerate();
        Self {
            subject,
            statements,
            fact_numbers: facts.map(|(number, fact)| (fact.name, number)).collect(),
            conditions: Distinct::new(),
            covers: Distinct::new(),
            asked: Distinct::new(),
            limits: Limits::default(),
            least: Limits::default(),
            entries: 0,
            steps: 0,
            has_optional: false,
        }
    }

    /// The number of what a cell asks.
    fn cell(&mut self, row: usize, column: usize) -> Result<u32, TooLarge> {
        let subject = self.subject;
        let decisions: Vec<(Decision<'p>, &'p str)> = subject
            .without_facts(row, column)
            .filter(|(decision, _)| decision.verdict() != Verdict::Deny)
            .collect();
        if !decisions.iter().any(|(decision, _)| depends(decision)) {
            return Ok(0);
        }
        let mut asked = Vec::with_capacity(decisions.len());
        for (decision, party) in decisions {
            asked.push((party, self.cover(&decision)?));
        }
        let (entries, known) = (asked.len(), self.asked.len());
        let number = self.asked.number(asked);
        self.entries += if self.asked.len() > known { entries } else { 0 };
        if self.entries > MOST_ENTRIES { Err(TooLarge) } else { Ok(number) }
    }

    fn cover(&mut self, decision: &Decision<'p>) -> Result<u32, TooLarge> {
        let points = decision.points();
        self.steps += points.iter().map(|point| 1 + point.len()).sum::<usize>();
        if self.steps > MOST_STEPS {
            return Err(TooLarge);
        }
        self.has_optional |= decision.is_optional();
        let residual = self.condition(&decision.residual());
        let terms: Vec<Value> =
            decision.conditional_terms().iter().map(|terms| self.terms(terms)).collect();
        let points: Vec<Vec<Value>> = points
            .iter()
            .map(|point| point.iter().map(|covering| self.covering(covering)).collect())
            .collect();
        let entries = terms.len() + points.iter().map(Vec::len).sum::<usize>();
        let before = self.covers.len();
        let cover = json!({ "when": residual, "points": points, "terms": terms });
        let number = self.covers.number(cover.to_string());
        self.entries += if self.covers.len() > before { entries } else { 0 };
        if self.entries > MOST_ENTRIES { Err(TooLarge) } else { Ok(number) }
    }

    fn covering(&mut self, covering: &Covering<'p>) -> Value {
        let statement = self.statements.number(covering.statement.index());
        let is_never = covering.statement.kind == StatementKind::Never;
        let kind = u32::from(is_never) | u32::from(covering.is_based) << 1;
        json!([statement, self.condition(&covering.when), kind])
    }

    fn terms(&mut self, terms: &whyfor::ConditionalTerms<'p>) -> Value {
        let when = self.condition(&terms.when);
        let retain: Vec<usize> = terms.retain.iter().map(|l| self.limits.number(l)).collect();
        let least: Vec<usize> =
            terms.retain_at_least.iter().map(|l| self.least.number(l)).collect();
        self.has_optional |= terms.is_required && self.subject.act == ActKind::Collect;
        let is_required = u32::from(terms.is_required);
        json!([when, terms.duties, terms.bases, retain, least, is_required])
    }

    fn condition(&mut self, condition: &Condition<'p>) -> u32 {
        let data = self.data(condition);
        self.conditions.number(data.to_string())
    }

    /// A condition as the script reads it.
    fn data(&self, condition: &Condition<'p>) -> Value {
        let list = |parts: &[Condition<'p>]| -> Vec<Value> {
            parts.iter().map(|part| self.data(part)).collect()
        };
        match condition {
            Condition::Yes => json!(true),
            Condition::No => json!(false),
            Condition::Not(inner) => json!({ "not": self.data(inner) }),
            Condition::All(parts) => json!({ "all": list(parts) }),
            Condition::Any(parts) => json!({ "any": list(parts) }),
            Condition::Test { fact, test } => {
                let fact = self.fact_numbers.get(fact);
                match test {
                    Test::Holds => json!([fact, "holds"]),
                    Test::In(choices) => json!([fact, "in", choices]),
                    Test::AtLeast(number) => json!([fact, ">=", number]),
                    Test::Above(number) => json!([fact, ">", number]),
                    Test::Equal(number) => json!([fact, "==", number]),
                    _ => json!([fact, "unknown"]), // a test that this page does not know
                }
            }
        }
    }
}

/// Whether further facts could change the verdict or what comes with it.
fn depends(decision: &Decision<'_>) -> bool {
    decision.verdict() == Verdict::Depends
        || decision.conditional_terms().iter().any(|terms| terms.when != Condition::Yes)
}

// ── Limits ──────────────────────────────────────────────────────────────────────────────────────

/// Limits on retention, numbered.
#[derive(Default)]
struct Limits<'p>(Vec<Limit<&'p str>>);

impl<'p> Limits<'p> {
    fn number(&mut self, limit: &Limit<&'p str>) -> usize {
        let known = self.0.iter().position(|known| known == limit);
        known.unwrap_or_else(|| {
            self.0.push(*limit);
            self.0.len() - 1
        })
    }
}

/// The limits, each with its rank among those that it compares with: the shortest is first, of `at least` the longest.
/// Of equal lengths, that in the smaller unit is first.
fn ranked(limits: Limits<'_>, events: &[&str], at_least: bool) -> Vec<LimitData> {
    let Limits(limits) = limits;
    let start = |event: Option<&str>| {
        event.map_or(0, |event| 1 + events.iter().position(|e| *e == event).unwrap_or_default())
    };
    let data = |limit: &Limit<&str>| match limit {
        Limit::Until { until } => LimitData(limit.to_string(), start(Some(until)), "until", 0),
        Limit::Period { period, after } => {
            let is_before = |other: &&Limit<&str>| match other {
                Limit::Period { period: other, after: from } if from == after => {
                    let order = other.partial_cmp(period).map(|order| match at_least {
                        true => order.reverse(),
                        false => order,
                    });
                    let by_unit = other.unit().cmp(&period.unit());
                    order.map(|order| order.then(by_unit)) == Some(Ordering::Less)
                }
                _ => false,
            };
            let rank = limits.iter().filter(is_before).count();
            let family = if period.duration().is_some() { "exact" } else { "calendar" };
            LimitData(limit.to_string(), start(*after), family, rank)
        }
    };
    limits.iter().map(data).collect()
}
