//! Why: the statements that led to a decision with their places, and the missing facts.

use super::decision::{About, Decision};
use super::question::{Act, Refusal};
use super::survey::{Survey, Values};
use super::{Policy, StatementKind, Verdict};
use crate::printable::printable;
use crate::table::Tables;
use crate::table::ids::{NodeId, StatementId};
use crate::table::schema::{AtomRecord, DENY, StatementRecord};
use crate::words::{Hierarchy, ReasonKind};

/// A statement of the policy, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Statement<'a> {
    /// Its number in the policy.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) id: u32,
    /// Permit, never or require.
    pub kind: StatementKind,
    /// The path of its file below the root folder.
    pub file: &'a str,
    /// The line where it starts, from 1.
    pub line: u32,
    /// The name of its section, if it stands in one.
    pub section: Option<&'a str>,
    /// The title of its section; empty if it has none.
    pub title: &'a str,
    /// As written, with lines that end in `\n`.
    pub text: &'a str,
    /// Why it is so, or an empty text.
    pub because: &'a str,
    /// A web address to read more at, or an empty text.
    pub see: &'a str,
}

impl Statement<'_> {
    /// Its number in the policy: statements are counted by file and place.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let indexes: Vec<usize> = policy.statements().map(|statement| statement.index()).collect();
    /// assert_eq!(indexes, [0, 1, 2, 3, 4]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn index(&self) -> usize {
        self.id as usize
    }

    /// Its lines with their numbers, to be shown: what all but the first have as indentation is cut to four spaces,
    /// since the first has none. Tabs are four spaces.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let statement = policy.statements().next().expect("there is one");
    /// let lines: Vec<(usize, String)> = statement.lines().collect();
    /// assert_eq!(lines, [(36, "collect email, phone by provided for login".to_owned())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = (usize, String)> {
        let more = self.text.lines().skip(1).filter(|line| !line.trim().is_empty());
        let common = more.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        self.text.lines().enumerate().map(move |(number, line)| {
            let line = match number {
                0 => line.to_owned(),
                _ => format!("    {}", line.get(common..).unwrap_or(line.trim_start())),
            };
            (self.line as usize + number, line.replace('\t', "    "))
        })
    }

    /// Its place: `shop.why:12`, with its section: `shop.why:12, section “Marketing”`.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let statement = policy.statements().next().expect("there is one");
    /// assert_eq!(statement.place(), "shop.why:36, section “Your account”");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn place(&self) -> String {
        let Self { file, line, title, .. } = self;
        match self.section {
            None => format!("{file}:{line}"),
            Some(name) if title.is_empty() => format!("{file}:{line}, section {name}"),
            Some(_) => format!("{file}:{line}, section “{title}”"),
        }
    }
}

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason<'a> {
    /// Allow: this permit holds. Depends: it would, with further facts.
    Permit(Statement<'a>),
    /// Deny: this `never` holds. Depends: it might, with further facts.
    Never(Statement<'a>),
    /// Deny: this permit's condition is no.
    Unmet(Statement<'a>),
    /// Deny: nothing permits this point.
    NoPermit {
        /// The category, at or below the one that was asked about.
        category: &'a str,
        /// The method or recipient, at or below the one that was asked about; `*` if none that is declared, but any other
        /// one.
        party: Option<&'a str>,
        /// The purpose, at or below the one that was asked about.
        purpose: &'a str,
    },
    /// Deny: a name of the question is unknown or ambiguous. [`Policy::candidates`] lists what it could have meant.
    Refused(Refusal<'a>),
    /// Deny: an id of the question belongs to another policy, or to another version of this one.
    ForeignId,
}

impl<'a> Reason<'a> {
    /// Which kind of reason, as answers name it.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question, ReasonKind};
    /// let decision = policy.ask(&Question::usage("allergies", "login"), Facts::none());
    /// assert_eq!(decision.reasons()[0].kind(), ReasonKind::NoPermit);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::Permit(_) => ReasonKind::Permit,
            Self::Never(_) => ReasonKind::Never,
            Self::Unmet(_) => ReasonKind::UnmetPermit,
            Self::NoPermit { .. } => ReasonKind::NoPermit,
            Self::Refused(refusal) => refusal.kind(),
            Self::ForeignId => ReasonKind::ForeignId,
        }
    }

    /// The statement, if the reason is one.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// let reasons = decision.reasons();
    /// assert_eq!(reasons[0].statement().map(|statement| statement.line), Some(36));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statement(&self) -> Option<&Statement<'a>> {
        match self {
            Self::Permit(statement) | Self::Never(statement) | Self::Unmet(statement) => {
                Some(statement)
            }
            Self::NoPermit { .. } | Self::Refused(_) | Self::ForeignId => None,
        }
    }

    /// What the reason says, as a clause for people. `verdict` is that of the decision: it tells a statement that
    /// holds from one that waits for facts.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// assert_eq!(decision.reasons()[0].message(decision.verdict()), "this permits it");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn message(&self, verdict: Verdict) -> String {
        let message = match self {
            Self::Permit(_) if verdict == Verdict::Allow => "this permits it",
            Self::Permit(_) => "this permits it if its condition holds",
            Self::Never(_) if verdict == Verdict::Deny => "this forbids it",
            Self::Never(_) => "this forbids it if its condition holds",
            Self::Unmet(_) => "this would permit it, but its condition is no",
            Self::NoPermit { category, party: Some("*"), purpose } => {
                let point = [*category, purpose].join("`, `");
                let point = printable(&point);
                return format!(
                    "no statement permits it for `{point}` whatever the method or recipient"
                );
            }
            Self::NoPermit { category, party, purpose } => {
                let point: Vec<&str> =
                    [*category].into_iter().chain(*party).chain([*purpose]).collect();
                return format!("no statement permits it for `{}`", printable(&point.join("`, `")));
            }
            Self::Refused(refusal) => return refusal.to_string(),
            Self::ForeignId => "an id of the question belongs to another policy or version",
        };
        message.to_owned()
    }
}

/// The statements of a question's points, by what the facts make of them.
#[derive(Default)]
struct Findings {
    nevers: Vec<StatementId>,
    unmet: Vec<StatementId>,
    holding: Vec<StatementId>,
    unknown: Vec<StatementId>,
}

impl<'a> Decision<'a> {
    /// Why, each reason once, statements by file and place.
    ///
    /// A deny has the `never`s that hold, or else a point that nothing permits, or else the permits whose conditions
    /// are no; or the unknown and ambiguous names, or a foreign id. A depends has the permits and `never`s that wait
    /// for facts. An allow has its permits. O(statements that cover the question); if nothing permits it, O(nodes
    /// below the ones asked about); for unknown names O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question, Reason};
    /// let facts = policy.facts_builder().with("region", "eu")?.build();
    /// let decision = policy.ask(&Question::usage("phone", "newsletter"), &facts);
    /// let reasons = decision.reasons();
    /// let [Reason::Never(statement)] = &reasons[..] else { panic!("the last statement forbids it") };
    /// assert_eq!(statement.text, "never use phone for marketing when region is eu");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason<'a>> {
        if let About::Refused(refusals) = &self.about {
            return refusals.iter().flatten().cloned().map(Reason::Refused).collect();
        }
        if self.is_foreign() {
            return vec![Reason::ForeignId];
        }
        let findings = self.findings();
        let statements = |list: Vec<StatementId>, reason: fn(Statement<'a>) -> Reason<'a>| {
            let list = self.policy.distinct(list);
            list.into_iter().map(|id| reason(self.policy.statement(id))).collect()
        };
        match self.verdict {
            Verdict::Allow => statements(findings.holding, Reason::Permit),
            Verdict::Depends => {
                let list = self.policy.distinct(findings.unknown);
                let reason = |id| {
                    let statement = self.policy.statement(id);
                    match statement.kind {
                        StatementKind::Never => Reason::Never(statement),
                        _ => Reason::Permit(statement),
                    }
                };
                list.into_iter().map(reason).collect()
            }
            Verdict::Deny if !findings.nevers.is_empty() => {
                statements(findings.nevers, Reason::Never)
            }
            Verdict::Deny => match self.cells().find(|(_, cell)| cell & 3 == DENY) {
                Some((category, _)) => self.uncovered(category.node).into_iter().collect(),
                None => statements(findings.unmet, Reason::Unmet),
            },
        }
    }

    /// The unstated facts that could change the answer, in the order of their declaration. Empty unless the verdict
    /// is depends.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert_eq!(decision.missing(), ["consent", "age"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<&'a str> {
        if self.verdict != Verdict::Depends {
            return Vec::new();
        }
        let About::Asked { purpose, .. } = &self.about else { return Vec::new() };
        let known = self.policy.known(self.facts, purpose.node);
        let tables = self.policy.tables();
        let condition = |id| tables.statement(id).condition;
        let mut conditions: Vec<_> = self.findings().unknown.into_iter().map(condition).collect();
        conditions.sort_unstable();
        conditions.dedup();
        let mut atoms: Vec<u32> = Vec::new();
        conditions.iter().for_each(|condition| known.unknown_atoms(*condition, &mut atoms));
        atoms.sort_unstable();
        let is_unknown = |atom: &AtomRecord| {
            u32::try_from(atom.number).is_ok_and(|number| atoms.binary_search(&number).is_ok())
        };
        let facts = tables.facts().iter().filter(|fact| tables.atoms(fact).iter().any(is_unknown));
        facts.map(|fact| tables.slice(fact.name)).collect()
    }

    fn findings(&self) -> Findings {
        let tables = self.policy.tables();
        let mut findings = Findings::default();
        self.survey(|survey: &mut Survey<'a>, cell| {
            if cell & 3 == DENY {
                return survey.nevers(cell, |id| findings.nevers.push(id));
            }
            survey.points(cell, |values, statements| findings.add(tables, values, statements));
        });
        findings
    }

    /// A point that nothing permits: the lowest denied nodes at or below the ones asked about. Nothing below them is
    /// denied, so no permit covers their own point.
    fn uncovered(&self, category: u32) -> Option<Reason<'a>> {
        let About::Asked { act, purpose, .. } = &self.about else { return None };
        let tables = self.policy.tables();
        let class = |hierarchy, node: u32| tables.class(hierarchy, NodeId(node)).0;
        let party = match act {
            Act::Use => None,
            Act::Collect(method) => Some((Hierarchy::Method, method.node)),
            Act::Share(recipient) => Some((Hierarchy::Recipient, recipient.node)),
        };
        let denied = |category: u32, party: Option<(Hierarchy, u32)>, purpose: u32| {
            let plane = party.map_or(0, |(hierarchy, node)| class(hierarchy, node));
            let row = class(Hierarchy::Category, category).wrapping_add(plane);
            tables.cell(row, class(Hierarchy::Purpose, purpose)) & 3 == DENY
        };
        let lowest = |hierarchy, node, denied: &dyn Fn(u32) -> bool| {
            lowest(self.policy, hierarchy, node, denied)
        };
        let category = tables
            .categories_of(NodeId(category))
            .into_iter()
            .find(|c| denied(*c, party, purpose.node))?;
        let category = lowest(Hierarchy::Category, category, &|c| denied(c, party, purpose.node));
        let party = party.map(|(of, node)| {
            (of, lowest(of, node, &|p| denied(category, Some((of, p)), purpose.node)))
        });
        let purpose = lowest(Hierarchy::Purpose, purpose.node, &|p| denied(category, party, p));
        Some(Reason::NoPermit {
            category: tables.path(Hierarchy::Category, NodeId(category)),
            party: party.map(|(hierarchy, node)| tables.path(hierarchy, NodeId(node))),
            purpose: tables.path(Hierarchy::Purpose, NodeId(purpose)),
        })
    }
}

impl Findings {
    fn add(&mut self, tables: &Tables<'_>, values: &mut Values<'_>, statements: &[StatementId]) {
        let (permitted, forbidden) = values.point(statements);
        let value = permitted.min(forbidden.not());
        for id in statements {
            let StatementRecord { kind, condition, .. } = tables.statement(*id);
            let own = values.condition(condition);
            match (StatementKind::from_number(kind.into()), own) {
                (StatementKind::Never, Verdict::Allow) => self.nevers.push(*id),
                (StatementKind::Permit, Verdict::Allow) => self.holding.push(*id),
                (StatementKind::Permit, Verdict::Deny) if permitted == Verdict::Deny => {
                    self.unmet.push(*id)
                }
                (StatementKind::Permit, Verdict::Depends)
                    if value == Verdict::Depends && permitted == value =>
                {
                    self.unknown.push(*id);
                }
                (StatementKind::Never, Verdict::Depends)
                    if value == Verdict::Depends && forbidden == value =>
                {
                    self.unknown.push(*id);
                }
                _ => {}
            }
        }
    }
}

/// The node at or below `node` for which `denied` holds and which has the fewest nodes below it.
fn lowest(policy: &Policy, hierarchy: Hierarchy, node: u32, denied: impl Fn(u32) -> bool) -> u32 {
    let tables = policy.tables();
    let size =
        |node: u32| tables.below(hierarchy, NodeId(node)).map(|range| range.len()).sum::<usize>();
    let nodes = tables.below(hierarchy, NodeId(node)).flatten();
    nodes.filter(|n| denied(*n)).min_by_key(|n| size(*n)).unwrap_or(node)
}

impl Policy {
    /// The statements of a list, each once, by file and place.
    fn distinct(&self, mut list: Vec<StatementId>) -> Vec<StatementId> {
        let count = self.tables().statement_count();
        list.retain(|id| id.index() < count); // a forged image may have others
        list.sort_unstable();
        list.dedup();
        list
    }

    /// A statement by its number.
    pub(super) fn statement(&self, id: StatementId) -> Statement<'_> {
        let tables = self.tables();
        let StatementRecord { kind, file, line, section, text, because, see, .. } =
            tables.statement(id);
        let section = section.some().and_then(|section| tables.section(section));
        Statement {
            id: id.0,
            kind: StatementKind::from_number(kind.into()),
            file: tables.file(file),
            line,
            section: section.map(|(name, _)| name),
            title: section.map_or("", |(_, title)| title),
            text: tables.slice(text),
            because: tables.slice(because),
            see: tables.slice(see),
        }
    }

    /// All statements, by file and place.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.statements().count(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statements(&self) -> impl Iterator<Item = Statement<'_>> {
        (0..self.tables().statement_count() as u32).map(|id| self.statement(StatementId(id)))
    }
}
