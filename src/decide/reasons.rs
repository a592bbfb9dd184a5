//! Why: the statements behind a decision with their places, and the facts that are missing.

use super::decision::{About, Decision};
use super::evaluate::Known;
use super::question::{Act, Refusal};
use super::{Policy, Verdict};
use crate::table::tables::{DENY, NO_NODE};

/// Which kind of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// `collect`, `use` or `share`.
    Permit,
    /// `never …`.
    Never,
    /// `require …`.
    Require,
}

/// A statement of the policy, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Its number in the policy.
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
}

impl Statement<'_> {
    /// Its number in the policy: statements are counted by file and place.
    #[must_use]
    pub fn index(&self) -> usize {
        self.id as usize
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
        /// The method or recipient, at or below the one that was asked about.
        party: Option<&'a str>,
        /// The purpose, at or below the one that was asked about.
        purpose: &'a str,
    },
    /// Deny: a name of the question names nothing, or several things.
    Refused {
        /// The name and what is wrong with it.
        refusal: Refusal<'a>,
        /// The paths that it could be, or near names.
        candidates: Vec<String>,
    },
}

impl Reason<'_> {
    /// As in answers: `permit`, `never`, `unmet_permit`, `no_permit`, `unknown_field` …
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Permit(_) => "permit",
            Self::Never(_) => "never",
            Self::Unmet(_) => "unmet_permit",
            Self::NoPermit { .. } => "no_permit",
            Self::Refused { refusal, .. } => refusal.kind().word(),
        }
    }
}

/// What the points of a question come to under the facts.
#[derive(Default)]
struct Findings {
    nevers: Vec<u32>,
    unmet: Vec<u32>,
    holding: Vec<u32>,
    unknown: Vec<u32>,
}

impl<'a> Decision<'a> {
    pub(super) fn known(&self) -> Option<Known<'a>> {
        match &self.about {
            About::Refused(_) => None,
            About::Asked { purpose, .. } => Some(self.policy.known(self.facts, purpose.node)),
        }
    }

    /// Why, each reason once, statements by file and place.
    ///
    /// A deny names the `never`s that hold, or else a point that nothing permits, or else the permits
    /// whose conditions are no; or the names that name nothing. A depends names the permits and
    /// `never`s that wait for facts. An allow names its permits. O(statements that cover the
    /// question); where nothing permits it, O(nodes below the ones asked about).
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason<'a>> {
        let (Some(known), About::Asked { .. }) = (self.known(), &self.about) else {
            return self.refusals();
        };
        let findings = self.findings(&known);
        let statements = |list: Vec<u32>, reason: fn(Statement<'a>) -> Reason<'a>| {
            let mut list = list;
            list.sort_unstable();
            list.dedup();
            list.into_iter().map(|id| reason(self.policy.statement(id))).collect()
        };
        match self.verdict {
            Verdict::Allow => statements(findings.holding, Reason::Permit),
            Verdict::Depends => {
                let mut list = findings.unknown;
                list.sort_unstable();
                list.dedup();
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

    /// The facts that are unstated and matter, in the order of their declaration: stated otherwise
    /// than they might be, they could change the answer. Empty unless the verdict is depends.
    #[must_use]
    pub fn missing(&self) -> Vec<&'a str> {
        if self.verdict != Verdict::Depends {
            return Vec::new();
        }
        let Some(known) = self.known() else { return Vec::new() };
        let tables = self.policy.tables();
        let mut facts: Vec<u32> = Vec::new();
        for id in self.findings(&known).unknown {
            let [_, condition, ..] = tables.statement(id);
            known.unknown_atoms(condition, &mut |atom| facts.extend(tables.fact_of_atom(atom)));
        }
        facts.sort_unstable();
        facts.dedup();
        let name = |id: &u32| tables.facts().get(*id as usize).map(|f| tables.slice([f[1], f[2]]));
        facts.iter().filter_map(name).collect()
    }

    fn refusals(&self) -> Vec<Reason<'a>> {
        let About::Refused(refusals) = &self.about else { return Vec::new() };
        let reason = |refusal: &Refusal<'a>| Reason::Refused {
            refusal: *refusal,
            candidates: self.policy.candidates(refusal),
        };
        refusals.iter().flatten().map(reason).collect()
    }

    fn findings(&self, known: &Known<'a>) -> Findings {
        let tables = self.policy.tables();
        let mut findings = Findings::default();
        for (_, cell) in self.cells() {
            if cell & 3 == DENY {
                let holds = |id: &u32| known.condition(tables.statement(*id)[1]) == Verdict::Allow;
                findings.nevers.extend(tables.nevers_of(cell).iter().filter(|id| holds(id)));
                continue;
            }
            tables.points_of(cell, |statements| findings.add(tables, known, statements));
        }
        findings
    }

    /// A point that nothing permits: of the nodes asked about, the ones furthest down that are still
    /// denied. Nothing below them is denied, so it is their own point that no permit covers.
    fn uncovered(&self, category: u32) -> Option<Reason<'a>> {
        let About::Asked { act, purpose, .. } = &self.about else { return None };
        let tables = self.policy.tables();
        let class = |hierarchy: usize, node: u32| tables.node(hierarchy, node)[5];
        let (hierarchy, party) = match act {
            Act::Use => (0, None),
            Act::Collect(method) => (1, Some(method.node)),
            Act::Share(recipient) => (3, Some(recipient.node)),
        };
        let plane = |party: Option<u32>| party.map_or(0, |node| class(hierarchy, node));
        let denied = |category: u32, party: Option<u32>, purpose: u32| {
            tables.cell(class(0, category).wrapping_add(plane(party)), class(2, purpose)) & 3
                == DENY
        };
        let category =
            tables.categories_of(category).into_iter().find(|c| denied(*c, party, purpose.node))?;
        let category = lowest(self.policy, 0, category, |c| denied(c, party, purpose.node));
        let party = party.map(|node| {
            lowest(self.policy, hierarchy, node, |q| denied(category, Some(q), purpose.node))
        });
        let purpose = lowest(self.policy, 2, purpose.node, |p| denied(category, party, p));
        Some(Reason::NoPermit {
            category: tables.path(0, category),
            party: party.map(|node| tables.path(hierarchy, node)),
            purpose: tables.path(2, purpose),
        })
    }
}

impl Findings {
    fn add(&mut self, tables: &crate::table::Tables<'_>, known: &Known<'_>, statements: &[u32]) {
        let (permitted, forbidden) = known.point(statements);
        let value = permitted.min(forbidden.not());
        for id in statements {
            let [kind, condition, ..] = tables.statement(*id);
            let own = known.condition(condition);
            match (kind & 0xFF, own) {
                (1, Verdict::Allow) => self.nevers.push(*id),
                (0, Verdict::Allow) => self.holding.push(*id),
                (0, Verdict::Deny) if permitted == Verdict::Deny => self.unmet.push(*id),
                (0, Verdict::Depends) if value == Verdict::Depends && permitted == value => {
                    self.unknown.push(*id);
                }
                (1, Verdict::Depends) if value == Verdict::Depends && forbidden == value => {
                    self.unknown.push(*id);
                }
                _ => {}
            }
        }
    }
}

/// Of a node and everything below it, a node with the least below it for which `denied` holds.
fn lowest(policy: &Policy, hierarchy: usize, node: u32, denied: impl Fn(u32) -> bool) -> u32 {
    let tables = policy.tables();
    let size = |node: u32| -> u32 {
        tables
            .below(hierarchy, node)
            .iter()
            .map(|[start, end]| end.saturating_sub(*start))
            .fold(0, u32::saturating_add)
    };
    let below = tables.below(hierarchy, node);
    let nodes = below.iter().flat_map(|[start, end]| *start..*end);
    nodes.filter(|n| denied(*n)).min_by_key(|n| size(*n)).unwrap_or(node)
}

impl Policy {
    /// A statement by its number.
    pub(super) fn statement(&self, id: u32) -> Statement<'_> {
        let tables = self.tables();
        let [kind, _, file, line, section, start, length, _] = tables.statement(id);
        let section = if section == NO_NODE { None } else { tables.section(section) };
        Statement {
            id,
            kind: match kind & 0xFF {
                0 => StatementKind::Permit,
                1 => StatementKind::Never,
                _ => StatementKind::Require,
            },
            file: tables.file(file),
            line,
            section: section.map(|(name, _)| name),
            title: section.map_or("", |(_, title)| title),
            text: tables.slice([start, length]),
        }
    }

    /// All statements, by file and place.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'_>> {
        (0..self.tables().statement_count() as u32).map(|id| self.statement(id))
    }
}
