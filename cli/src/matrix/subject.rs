//! The question for every cell, and the answer to one.
//!
//! `collect` and `share` may omit the method or recipient. Then a cell has the best verdict over
//! all of them, the duties of every one with that verdict and their shortest retention: following
//! these is right for each of them. Only leaves are decided, since a group never has a better
//! verdict than its members.
//!
//! If the purpose is named, the columns are the methods or recipients instead: who may get what.

use std::collections::BTreeMap;
use whyfor::{
    Act, ActKind, CategoryId, Decision, Facts, Limit, Node, Policy, PurposeId, Reason, Verdict,
};

/// The heading of a row or a column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading<'p> {
    pub(crate) path: &'p str,
    /// Its label, or an empty string.
    pub(crate) label: &'p str,
    pub(crate) depth: usize,
}

impl<'p> Heading<'p> {
    fn new(node: Node<'p>) -> Self {
        Self { path: node.path, label: node.label, depth: node.depth }
    }

    /// The last part of its path.
    pub(crate) fn name(&self) -> &'p str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// Its label, or its name if it has none.
    pub(crate) fn title(&self) -> &'p str {
        if self.label.is_empty() { self.name() } else { self.label }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.depth == 0
    }
}

/// The answer to one cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Answer<'p> {
    pub(crate) verdict: Verdict,
    pub(crate) duties: Vec<&'p str>,
    pub(crate) retain_days: Option<u64>,
    pub(crate) terms: Terms<'p>,
    pub(crate) missing: Vec<&'p str>,
    /// If none is named, the methods or recipients with this verdict; none if denied.
    pub(crate) parties: Vec<&'p str>,
}

/// The terms on which a cell is allowed, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Terms<'p> {
    pub(crate) bases: Vec<&'p str>,
    pub(crate) unbased: bool,
    /// The limits, as a policy writes them.
    pub(crate) retain: Vec<String>,
    pub(crate) retain_at_least: Vec<String>,
    pub(crate) optional: bool,
}

impl<'p> Terms<'p> {
    fn of(decision: &Decision<'p>) -> Self {
        let words = |limits: Vec<Limit<&str>>| limits.iter().map(Limit::to_string).collect();
        let mut bases: Vec<&str> = decision.bases().collect();
        bases.sort_unstable();
        Self {
            bases,
            unbased: decision.is_unbased(),
            retain: words(decision.retain()),
            retain_at_least: words(decision.retain_at_least()),
            optional: decision.is_optional(),
        }
    }

    /// What holds for both: all limits, and as few promises as either makes.
    fn join(&mut self, other: Self) {
        let add = |list: &mut Vec<String>, more: Vec<String>| {
            let new: Vec<String> = more.into_iter().filter(|one| !list.contains(one)).collect();
            list.extend(new);
        };
        add(&mut self.retain, other.retain);
        add(&mut self.retain_at_least, other.retain_at_least);
        self.bases.extend(other.bases);
        self.bases.sort_unstable();
        self.bases.dedup();
        self.unbased |= other.unbased;
        self.optional &= other.optional;
    }
}

impl<'p> Answer<'p> {
    fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            duties: vec![],
            retain_days: None,
            terms: Terms::default(),
            missing: vec![],
            parties: vec![],
        }
    }

    fn add(&mut self, decision: &Decision<'p>, is_first: bool) {
        let terms = Terms::of(decision);
        match is_first {
            true => self.terms = terms,
            false => self.terms.join(terms),
        }
        self.duties.extend(decision.duties());
        self.retain_days = match (self.retain_days, decision.retain_days()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for fact in decision.missing() {
            if !self.missing.contains(&fact) {
                self.missing.push(fact);
            }
        }
    }
}

/// The method or recipient of every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party<'p> {
    /// The act takes none.
    None,
    /// This one.
    One(&'p str),
    /// Every one, declared or not.
    Every,
    /// The best of all.
    Some,
}

/// What the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis<'p> {
    Purposes,
    /// The methods of `collect`, for this purpose.
    Methods(&'p str),
    /// The recipients of `share`, for this purpose.
    Recipients(&'p str),
}

impl Axis<'_> {
    /// What one of the columns is called, and what all are.
    pub(crate) fn nouns(self) -> [&'static str; 2] {
        match self {
            Self::Purposes => ["purpose", "purposes"],
            Self::Methods(_) => ["method", "methods"],
            Self::Recipients(_) => ["recipient", "recipients"],
        }
    }

    /// What all of the columns are called in a heading.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Purposes => "Purposes",
            Self::Methods(_) => "Methods",
            Self::Recipients(_) => "Recipients",
        }
    }

    /// The question that a column answers.
    pub(crate) fn question(self) -> &'static str {
        match self {
            Self::Purposes => "what for",
            Self::Methods(_) => "how",
            Self::Recipients(_) => "with whom",
        }
    }

    /// The word before a column in a question.
    pub(crate) fn preposition(self) -> &'static str {
        match self {
            Self::Purposes => "for",
            Self::Methods(_) => "by",
            Self::Recipients(_) => "with",
        }
    }
}

/// What the cells of a column ask: for a purpose, with each of these acts.
struct Column<'p> {
    /// With the path of the method or recipient.
    acts: Vec<(Act, &'p str)>,
    purpose: PurposeId,
}

/// Why a cell has its verdict.
pub(crate) struct Reasons<'p> {
    pub(crate) found: Vec<Reason<'p>>,
    /// Whether the reasons of some methods or recipients with this verdict were not computed.
    pub(crate) unasked: bool,
    /// The cost of the answer.
    pub(crate) steps: usize,
}

/// The question for every cell.
pub(crate) struct Subject<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) act: ActKind,
    pub(crate) party: Party<'p>,
    /// The facts as given.
    pub(crate) stated: &'p [String],
    pub(crate) rows: Vec<Heading<'p>>,
    pub(crate) columns: Vec<Heading<'p>>,
    pub(crate) axis: Axis<'p>,
    pub(crate) facts: &'p Facts,
    asked: Vec<Column<'p>>,
    categories: Vec<CategoryId>,
}

impl<'p> Subject<'p> {
    /// `named` is the act with its method or recipient; without it, the best one counts.
    pub(crate) fn new(
        policy: &'p Policy,
        act: ActKind,
        named: Option<Act>,
        facts: &'p Facts,
        stated: &'p [String],
    ) -> Self {
        let acts = match named {
            Some(named) => vec![(named, party_path(policy, named))],
            None => some(policy, act),
        };
        let party = match (act, named) {
            (ActKind::Use, _) => Party::None,
            (_, None) => Party::Some,
            (_, Some(_)) => match acts.first() {
                Some((_, "")) | None => Party::Every,
                Some((_, path)) => Party::One(path),
            },
        };
        let (categories, rows) =
            policy.categories().map(|(id, node)| (id, Heading::new(node))).unzip();
        let column = |purpose| Column { acts: acts.clone(), purpose };
        let (asked, columns) =
            policy.purposes().map(|(id, node)| (column(id), Heading::new(node))).unzip();
        let axis = Axis::Purposes;
        Self { policy, act, party, stated, rows, columns, axis, facts, asked, categories }
    }

    /// The same rows against the methods or recipients of the act, for one purpose. The act has methods or recipients.
    pub(crate) fn for_purpose(mut self, purpose: PurposeId) -> Self {
        let policy = self.policy;
        let path = policy.path(purpose).unwrap_or_default();
        let column = |act, node: Node<'p>| {
            (Column { acts: vec![(act, node.path)], purpose }, Heading::new(node))
        };
        (self.asked, self.columns) = match self.act {
            ActKind::Share => {
                policy.recipients().map(|(id, node)| column(Act::Share(id), node)).unzip()
            }
            _ => policy.methods().map(|(id, node)| column(Act::Collect(id), node)).unzip(),
        };
        self.axis = match self.act {
            ActKind::Share => Axis::Recipients(path),
            _ => Axis::Methods(path),
        };
        self.party = Party::None;
        self
    }

    /// The number of cells.
    pub(crate) fn size(&self) -> usize {
        self.rows.len().saturating_mul(self.columns.len())
    }

    /// The policy's label, or its name if it has none.
    pub(crate) fn title(&self) -> &'p str {
        let label = self.policy.label();
        if label.is_empty() { self.policy.name() } else { label }
    }

    /// As in "what may be …".
    pub(crate) fn participle(&self) -> String {
        match self.axis {
            Axis::Purposes => {}
            Axis::Methods(purpose) => return format!("collected for {purpose}"),
            Axis::Recipients(purpose) => return format!("shared for {purpose}"),
        }
        match (self.act, self.party) {
            (ActKind::Use, _) => "used".to_owned(),
            (ActKind::Collect, Party::One(method)) => format!("collected by {method}"),
            (ActKind::Collect, Party::Every) => "collected by every method".to_owned(),
            (ActKind::Collect, _) => "collected by some method".to_owned(),
            (ActKind::Share, Party::One(recipient)) => format!("shared with {recipient}"),
            (ActKind::Share, Party::Every) => "shared with every recipient".to_owned(),
            (ActKind::Share, _) => "shared with some recipient".to_owned(),
        }
    }

    /// The verdict of a cell.
    pub(crate) fn verdict(&self, row: usize, column: usize) -> Verdict {
        let mut best = Verdict::Deny;
        for (decision, _) in self.decisions(row, column) {
            best = best.max(decision.verdict());
            if best == Verdict::Allow {
                break;
            }
        }
        best
    }

    /// The answer to a cell.
    pub(crate) fn answer(&self, row: usize, column: usize) -> Answer<'p> {
        let verdict = self.verdict(row, column);
        let mut answer = Answer::new(verdict);
        if verdict == Verdict::Deny {
            return answer;
        }
        let mut is_first = true;
        for (decision, party) in self.decisions(row, column) {
            if decision.verdict() == verdict {
                answer.add(&decision, std::mem::take(&mut is_first));
                answer.parties.extend((self.party == Party::Some).then_some(party));
            }
        }
        answer.duties.sort_unstable();
        answer.duties.dedup();
        answer
    }

    /// The reasons for a cell's verdict, each once.
    ///
    /// If no method or recipient is named and the same point lacks a permit for all of them, that
    /// is one reason without a party. The reasons of those with the verdict are collected until
    /// `most_steps` are spent: one for each of them and one for each of its reasons. The first is
    /// always included.
    pub(crate) fn reasons(
        &self,
        row: usize,
        column: usize,
        verdict: Verdict,
        most_steps: usize,
    ) -> Reasons<'p> {
        if self.party != Party::Some {
            let found = self.decisions(row, column).next();
            let found: Vec<_> = found.map(|(decision, _)| decision.reasons()).unwrap_or_default();
            return Reasons { steps: 1 + found.len(), found, unasked: false };
        }
        let mut statements = BTreeMap::new();
        let mut gaps = Vec::new();
        let (mut steps, mut unasked) = (0, false);
        let sharing = self.decisions(row, column).filter(|(d, _)| d.verdict() == verdict);
        for (decision, _) in sharing {
            if steps > 0 && steps >= most_steps {
                unasked = true;
                break;
            }
            let reasons = decision.reasons();
            steps += 1 + reasons.len();
            for reason in reasons {
                match &reason {
                    Reason::Permit(s) | Reason::Never(s) | Reason::Unmet(s) => {
                        let _ = statements.insert((reason.kind(), s.index()), reason);
                    }
                    _ => gaps.push(reason),
                }
            }
        }
        let mut found: Vec<Reason<'p>> = statements.into_values().collect();
        found.extend(united(gaps));
        Reasons { found, unasked, steps }
    }

    /// The purpose of each column.
    pub(crate) fn purposes(&self) -> Vec<PurposeId> {
        self.asked.iter().map(|column| column.purpose).collect()
    }

    fn decisions(
        &self,
        row: usize,
        column: usize,
    ) -> impl Iterator<Item = (Decision<'p>, &'p str)> + '_ {
        self.decisions_with(self.facts, row, column)
    }

    /// The decisions of a cell if no fact is stated, each with its method or recipient.
    pub(crate) fn without_facts(
        &self,
        row: usize,
        column: usize,
    ) -> impl Iterator<Item = (Decision<'p>, &'p str)> + '_ {
        self.decisions_with(Facts::none(), row, column)
    }

    fn decisions_with(
        &self,
        facts: &'p Facts,
        row: usize,
        column: usize,
    ) -> impl Iterator<Item = (Decision<'p>, &'p str)> + '_ {
        let policy = self.policy;
        let (category, Column { acts, purpose }) = (self.categories[row], &self.asked[column]);
        acts.iter()
            .map(move |(act, party)| (policy.decide(*act, category, *purpose, facts), *party))
    }
}

/// Merges points without a permit into one if they differ only in method or recipient.
fn united(mut gaps: Vec<Reason<'_>>) -> Vec<Reason<'_>> {
    let Some(first) = gaps.first().and_then(without_party) else { return gaps };
    if gaps.iter().all(|gap| without_party(gap) == Some(first)) {
        gaps.truncate(1);
        if let Some(Reason::NoPermit { party, .. }) = gaps.first_mut() {
            *party = None;
        }
    }
    gaps
}

fn without_party<'p>(reason: &Reason<'p>) -> Option<(&'p str, &'p str)> {
    match reason {
        Reason::NoPermit { category, purpose, .. } => Some((category, purpose)),
        _ => None,
    }
}

/// The path of the method or recipient of an act; empty if the act takes none, and of every one.
fn party_path(policy: &Policy, act: Act) -> &str {
    policy.named_act(act).and_then(Act::party).flatten().unwrap_or("")
}

/// The act with every leaf method or recipient; if none is declared, with any.
fn some(policy: &Policy, act: ActKind) -> Vec<(Act, &str)> {
    let leaves: Vec<(Act, &str)> = match act {
        ActKind::Use => vec![(Act::Use, "")],
        ActKind::Collect => {
            let leaves = policy.methods().filter(|(_, node)| node.is_leaf);
            leaves.map(|(id, node)| (Act::Collect(id), node.path)).collect()
        }
        ActKind::Share => {
            let leaves = policy.recipients().filter(|(_, node)| node.is_leaf);
            leaves.map(|(id, node)| (Act::Share(id), node.path)).collect()
        }
    };
    match (leaves.is_empty(), act) {
        (true, ActKind::Collect) => vec![(Act::Collect(policy.any_method()), "")],
        (true, ActKind::Share) => vec![(Act::Share(policy.any_recipient()), "")],
        _ => leaves,
    }
}
