//! What is left to ask: a decision as a condition over the facts that are not stated.
//!
//! A verdict answers for the facts that are stated. A residual answers for every statement of the others at once, so
//! that someone else can put them in: a page with switches, a query over rows. It comes from the tables, not from
//! trying facts.

use super::condition::{Condition, Test};
use super::decision::Decision;
use super::evaluate::{DEEPEST, KnownFacts};
use super::reasons::Statement;
use super::{StatementKind, Verdict};
use crate::period::Limit;
use crate::table::ids::{ConditionId, StatementId};
use crate::table::schema::{
    ALLOW, AtomRecord, DENY, DutyRecord, FactRecord, OP_ALL, OP_ANY, OP_ATOM, OP_NOT,
    StatementRecord,
};
use crate::words::{ActKind, Mask};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

/// Of more points, none is left out because another one implies it: comparing them takes the square of the time.
const MOST_COMPARED: usize = 256;

/// A statement that covers a part of a question, and the condition under which it holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Covering<'a> {
    /// A permit or a never.
    pub statement: Statement<'a>,
    /// When it holds, given the stated facts.
    pub when: Condition<'a>,
    /// Whether it is a permit that names legal bases.
    pub is_based: bool,
}

/// What comes with an answer under one condition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConditionalTerms<'a> {
    /// When it comes, given the stated facts; never [`Condition::No`].
    pub when: Condition<'a>,
    /// Duties, in the order of their declaration.
    pub duties: Vec<&'a str>,
    /// What masks the data: the masks of these duties, joined.
    pub mask: Option<Mask>,
    /// Legal bases, in the order of their declaration.
    pub bases: Vec<&'a str>,
    /// How long the data may be kept.
    pub retain: Vec<Limit<&'a str>>,
    /// How long it must be kept.
    pub retain_at_least: Vec<Limit<&'a str>>,
    /// Whether the data is collected and may not be left out.
    pub is_required: bool,
}

impl<'a> Decision<'a> {
    /// The condition under which the question is allowed, over the facts that are not stated.
    ///
    /// For every further statement of facts, its value is the verdict that the question then has: yes is allow,
    /// unknown is depends, no is deny. O(points × statements that cover them); allocates. Anything that a forged
    /// artifact leaves unclear is [`Condition::No`].
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let question = Question::usage("email", "newsletter");
    /// let residual = policy.ask(&question, Facts::none()).residual();
    /// assert_eq!(residual.to_string(), "consent and age >= 18");
    /// let adult = policy.facts_builder().with("age", 20)?.build();
    /// assert_eq!(policy.ask(&question, &adult).residual().to_string(), "consent");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn residual(&self) -> Condition<'a> {
        match self.verdict {
            Verdict::Allow => return Condition::Yes,
            Verdict::Deny => return Condition::No,
            Verdict::Depends => {}
        }
        // All nevers count against the whole question. A point whose permits are more than those of another is
        // permitted whenever that one is.
        let mut nevers: BTreeSet<ConditionId> = BTreeSet::new();
        let mut permits: BTreeSet<BTreeSet<ConditionId>> = BTreeSet::new();
        let tables = self.policy.tables();
        self.survey(|survey, cell| {
            if matches!(cell & 3, ALLOW | DENY) {
                return;
            }
            survey.points(cell, |_, statements| {
                let mut point = BTreeSet::new();
                for StatementRecord { kind, condition, .. } in
                    statements.iter().map(|id| tables.statement(*id))
                {
                    match StatementKind::from_number(kind.into()) {
                        StatementKind::Permit => {
                            point.insert(condition);
                        }
                        StatementKind::Never => {
                            nevers.insert(condition);
                        }
                        StatementKind::Require => {}
                    }
                }
                permits.insert(point);
            });
        });
        let is_implied = |point: &BTreeSet<ConditionId>| {
            permits.len() <= MOST_COMPARED
                && permits.iter().any(|other| other != point && other.is_subset(point))
        };
        let mut conditions = Conditions::new(self);
        let mut any = |ids: &BTreeSet<ConditionId>| {
            Condition::any(ids.iter().map(|id| conditions.get(*id)).collect::<Vec<_>>())
        };
        let mut all: Vec<Condition<'a>> =
            permits.iter().filter(|point| !is_implied(point)).map(&mut any).collect();
        all.push(any(&nevers).not());
        if conditions.is_broken { Condition::No } else { Condition::all(all) }
    }

    /// For each point of the question, the permits and nevers that cover it: a question about a group has several
    /// points, and those with the same statements are one. Empty if the question is denied whatever the facts are.
    ///
    /// The verdict is the least over the points of the greatest of their permits and of the opposite of the greatest of
    /// their nevers. O(points × statements that cover them); allocates.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let points = policy.ask(&Question::usage("phone", "newsletter"), Facts::none()).points();
    /// let conditions: Vec<String> = points[0].iter().map(|covering| covering.when.to_string()).collect();
    /// assert_eq!(conditions, ["consent and age >= 18", "region is eu"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn points(&self) -> Vec<Vec<Covering<'a>>> {
        if self.is_foreign() || self.cells().any(|(_, cell)| cell & 3 == DENY) {
            return Vec::new();
        }
        let mut points: BTreeSet<&'a [StatementId]> = BTreeSet::new();
        self.survey(|survey, cell| {
            survey.points(cell, |_, statements| {
                points.insert(statements);
            });
        });
        let mut conditions = Conditions::new(self);
        let tables = self.policy.tables();
        let mut covering = |id: &StatementId| {
            let record = tables.statement(*id);
            let statement = self.policy.statement(*id);
            let is_known = id.index() < tables.statement_count();
            (is_known && statement.kind != StatementKind::Require).then(|| Covering {
                statement,
                when: conditions.get(record.condition),
                is_based: record.is_based != 0,
            })
        };
        points.into_iter().map(|ids| ids.iter().filter_map(&mut covering).collect()).collect()
    }

    /// The duties, legal bases and limits that come with the answer, by the conditions under which they come. Empty
    /// for a deny. Costs what [`duties`](Self::duties) costs; allocates.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose research  fact minor
    /// #   duty deidentify  use email for research  require deidentify to use email when minor").unwrap();
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "research"), Facts::none());
    /// let terms = decision.conditional_terms();
    /// assert_eq!(terms[0].when.to_string(), "minor");
    /// assert_eq!(terms[0].duties, ["deidentify"]);
    /// ```
    #[must_use]
    pub fn conditional_terms(&self) -> Vec<ConditionalTerms<'a>> {
        let mut records: Vec<&'a DutyRecord> = Vec::new();
        self.each_due(|due, _| records.push(due));
        let mut conditions = Conditions::new(self);
        let tables = self.policy.tables();
        let shares = self.is_about(ActKind::Share);
        let mut terms = |due: &'a DutyRecord| {
            let is_owed = shares || due.flags & DutyRecord::SHARED == 0;
            let duties = if is_owed { due.duties.get() } else { 0 };
            let limits = |at_least| match is_owed {
                true => self.limits_of(tables.retention(due.retention).iter(), at_least),
                false => Vec::new(),
            };
            ConditionalTerms {
                when: conditions.get(due.condition),
                duties: tables.names_of(tables.sections.duty_names, duties).collect(),
                mask: tables.masks(duties),
                bases: tables.names_of(tables.sections.basis_names, due.bases.get()).collect(),
                retain: limits(false),
                retain_at_least: limits(true),
                is_required: due.flags & DutyRecord::REQUIRED != 0,
            }
        };
        records.into_iter().map(&mut terms).collect()
    }
}

/// The conditions of a policy as data, with the stated facts put in. Each is read once.
struct Conditions<'a> {
    known: KnownFacts<'a>,
    read: HashMap<ConditionId, Condition<'a>>,
    /// The fact and the record of each atom, by its number; made when one is needed.
    atoms: OnceCell<Vec<Option<(&'a FactRecord, &'a AtomRecord)>>>,
    /// Something that the compiler does not write.
    is_broken: bool,
}

impl<'a> Conditions<'a> {
    fn new(decision: &Decision<'a>) -> Self {
        let known = decision.known();
        Self { known, read: HashMap::new(), atoms: OnceCell::new(), is_broken: false }
    }

    fn get(&mut self, id: ConditionId) -> Condition<'a> {
        if let Some(read) = self.read.get(&id) {
            return read.clone();
        }
        let parsed = self.parse(self.known.tables().program_of_condition(id), 0);
        self.is_broken |= parsed.is_none();
        let condition = parsed.map_or(Condition::No, |(condition, _)| condition);
        self.read.insert(id, condition.clone());
        condition
    }

    /// The condition at the start of a program in prefix order, and the rest of the program.
    fn parse<'p>(&self, program: &'p [u32], depth: usize) -> Option<(Condition<'a>, &'p [u32])> {
        let (op, mut rest) = program.split_first()?;
        if depth > DEEPEST {
            return None;
        }
        let operand = op >> 2;
        let condition = match op & 3 {
            OP_ATOM => self.atom(operand)?,
            OP_NOT => {
                let (inner, after) = self.parse(rest, depth + 1)?;
                rest = after;
                inner.not()
            }
            all_or_any => {
                let mut parts = Vec::new();
                for _ in 0..operand {
                    let (part, after) = self.parse(rest, depth + 1)?;
                    rest = after;
                    parts.push(part);
                }
                match all_or_any {
                    OP_ANY => Condition::any(parts),
                    OP_ALL => Condition::all(parts),
                    _ => return None,
                }
            }
        };
        Some((condition, rest))
    }

    fn atom(&self, number: u32) -> Option<Condition<'a>> {
        match self.known.atom(number) {
            Verdict::Allow => Some(Condition::Yes),
            Verdict::Deny => Some(Condition::No),
            Verdict::Depends => {
                let tables = self.known.tables();
                let (fact, atom) = (*self.atoms().get(number as usize)?)?;
                let choices = tables.named(tables.choices(fact)).map(|(name, _)| name);
                let test = Test::of(atom, choices)?;
                Some(Condition::Test { fact: tables.slice(fact.name), test })
            }
        }
    }

    fn atoms(&self) -> &[Option<(&'a FactRecord, &'a AtomRecord)>] {
        self.atoms.get_or_init(|| {
            let tables = self.known.tables();
            let mut atoms = vec![None; tables.sections.atoms.len()];
            for fact in tables.facts() {
                for atom in tables.atoms(fact) {
                    let number = usize::try_from(atom.number).unwrap_or(usize::MAX);
                    if let Some(place) = atoms.get_mut(number) {
                        *place = Some((fact, atom));
                    }
                }
            }
            atoms
        })
    }
}
