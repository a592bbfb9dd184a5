//! The data for the page's script: what each cell answers, and the reasons.
//!
//! Equal answers and statements are stored once, and a cell is the number of its answer. What would be too much for a
//! page is left out, with a note.

use super::switches::{self, Switches};
use crate::matrix::subject::Party;
use crate::matrix::{Axis, Distinct, Heading, Subject, Table};
use crate::output::markup::grouped;
use crate::output::{dedented, json};
use serde::Serialize;
use std::collections::BTreeMap;
use whyfor::{ActKind, Reason, Statement, Verdict, printable};

/// Most statements shown for one cell; the panel says how many more there are.
const MOST_REASONS: usize = 40;
/// Budget for the reasons of all cells: about a second.
const MOST_STEPS: usize = 3_000_000;
/// Most reasons on the whole page, and most names of methods or recipients: one or two megabytes
/// each.
const MOST_ENTRIES: usize = 100_000;
/// Beyond that, the number still shown for each cell.
const LEAST_ENTRIES: usize = 1;

/// The data for the script.
#[derive(Serialize)]
struct Data<'s> {
    participle: String,
    /// The word before a method or recipient.
    preposition: &'static str,
    /// The word for them.
    kind: &'static str,
    /// The heading over those with the cell's verdict.
    parties: &'static str,
    categories: Vec<Node<'s>>,
    columns: Vec<Node<'s>>,
    /// What a column is called, what all are, and the word before one.
    axis: [&'static str; 3],
    /// The labels of facts with a label.
    facts: BTreeMap<&'s str, String>,
    statements: Vec<StatementData<'s>>,
    outcomes: Vec<Outcome<'s>>,
    /// The outcome numbers, row by row.
    cells: Vec<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    switches: Option<Switches<'s>>,
}

/// Path, label, depth.
#[derive(Serialize)]
struct Node<'s>(&'s str, String, usize);

#[derive(Serialize)]
struct StatementData<'s> {
    file: &'s str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'s str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    text: String,
}

/// An answer with its reasons.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Outcome<'s> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    duties: &'s [&'s str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    retain: &'s [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    least: &'s [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    bases: &'s [&'s str],
    /// Some of it has no legal basis, although the policy names bases.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unbased: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    optional: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    missing: &'s [&'s str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    parties: &'s [&'s str],
    /// The number of omitted methods or recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<Why<'s>>,
    /// The number of omitted reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    /// Whether the reasons of some methods or recipients are omitted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unasked: bool,
}

/// A statement, or a point without a permit; only parts that differ from the cell's own are stored.
#[derive(Serialize, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Why<'s> {
    is: &'static str,
    /// The number of the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<&'s str>,
}

/// The data as JSON that is safe inside a `<script>` element, and the omissions.
pub(super) fn data(table: &Table<'_>) -> (String, Option<String>) {
    let (data, left_out) = collect(table);
    let json = json::line(&data);
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    (json, left_out.note(&table.subject))
}

/// The number of cells with omissions, and whether the switches for facts are left out.
#[derive(Default)]
struct LeftOut {
    parties: usize,
    reasons: usize,
    switches: bool,
}

impl LeftOut {
    fn note(&self, subject: &Subject<'_>) -> Option<String> {
        let (parties, flag) = match subject.act {
            ActKind::Share => ("recipients", "--with NAME"),
            ActKind::Collect | ActKind::Use => ("methods", "--by NAME"),
        };
        let of = |count: usize, what: &str| match count {
            0 => None,
            1 => Some(format!("{what} of 1 cell")),
            count => Some(format!("{what} of {} cells", grouped(count))),
        };
        let names = of(self.parties, &format!("some {parties}"));
        let reasons = of(self.reasons, "some reasons");
        let switches = self.switches.then(|| "switches for facts".to_owned());
        let parts: Vec<String> = names.into_iter().chain(reasons).chain(switches).collect();
        let how = match subject.party {
            _ if self.switches => "`--fact NAME=VALUE` states a fact".to_owned(),
            Party::Some => format!("`{flag}` shows one of the {parties} in full"),
            Party::None | Party::Every | Party::One(_) => {
                "`whyfor ask` shows one cell in full".to_owned()
            }
        };
        let what = parts.join(" and ");
        (!parts.is_empty()).then(|| format!("The page would be too large with {what}: {how}."))
    }
}

fn collect<'s>(table: &'s Table<'_>) -> (Data<'s>, LeftOut) {
    let subject = &table.subject;
    let mut cells = Cells::new(table);
    let mut row =
        |row| (0..subject.columns.len()).map(|column| cells.number(row, column)).collect();
    let numbers = (0..subject.rows.len()).map(&mut row).collect();
    let Cells { mut reasons, outcomes, mut left_out, .. } = cells;
    let switches = switches::of(subject, &mut reasons.statements);
    left_out.switches = switches.is_err();
    let statements: BTreeMap<usize, Statement<'_>> =
        subject.policy.statements().map(|statement| (statement.index(), statement)).collect();
    let used = reasons.statements.into_list();
    let (preposition, kind, parties) = match subject.act {
        ActKind::Share => ("with", "recipients", "With these recipients"),
        ActKind::Collect | ActKind::Use => ("by", "methods", "By these methods"),
    };
    let [column, columns] = subject.axis.nouns();
    let data = Data {
        participle: printable(&subject.participle()).into_owned(),
        preposition,
        kind,
        parties,
        categories: nodes(&subject.rows),
        columns: nodes(&subject.columns),
        axis: [column, columns, subject.axis.preposition()],
        facts: fact_labels(table),
        statements: used
            .iter()
            .filter_map(|index| statements.get(index))
            .map(statement_data)
            .collect(),
        outcomes: outcomes.into_list(),
        cells: numbers,
        switches: switches.unwrap_or_default(),
    };
    (data, left_out)
}

fn nodes<'s>(headings: &[Heading<'s>]) -> Vec<Node<'s>> {
    headings.iter().map(|h| Node(h.path, printable(h.label).into_owned(), h.depth)).collect()
}

fn numbers<'s>(headings: &[Heading<'s>]) -> BTreeMap<&'s str, usize> {
    headings.iter().enumerate().map(|(number, heading)| (heading.path, number)).collect()
}

fn fact_labels<'s>(table: &'s Table<'_>) -> BTreeMap<&'s str, String> {
    let labelled = table.subject.policy.facts().filter(|fact| !fact.label.is_empty());
    labelled.map(|fact| (fact.name, printable(fact.label).into_owned())).collect()
}

fn statement_data<'s>(statement: &Statement<'s>) -> StatementData<'s> {
    StatementData {
        file: statement.file,
        line: statement.line,
        section: statement.section,
        title: printable(statement.title).into_owned(),
        text: dedented(statement.text),
    }
}

/// Numbers the things that reasons name.
struct Reasons<'s> {
    statements: Distinct<usize>,
    rows: BTreeMap<&'s str, usize>,
    columns: BTreeMap<&'s str, usize>,
    asked: Party<'s>,
    axis: Axis<'s>,
}

/// The outcomes of the cells, in order.
struct Cells<'s> {
    table: &'s Table<'s>,
    reasons: Reasons<'s>,
    outcomes: Distinct<Outcome<'s>>,
    /// Most methods or recipients named in an outcome.
    most_parties: usize,
    steps: Steps,
    /// The number of reasons in all outcomes so far.
    entries: usize,
    left_out: LeftOut,
}

impl<'s> Cells<'s> {
    fn new(table: &'s Table<'s>) -> Self {
        let subject = &table.subject;
        let reasons = Reasons {
            statements: Distinct::new(),
            rows: numbers(&subject.rows),
            columns: numbers(&subject.columns),
            asked: subject.party,
            axis: subject.axis,
        };
        let parties: usize = table.answers.iter().map(|answer| answer.parties.len()).sum();
        let share = (MOST_ENTRIES / table.answers.len().max(1)).max(LEAST_ENTRIES);
        Self {
            table,
            reasons,
            outcomes: Distinct::new(),
            most_parties: if parties <= MOST_ENTRIES { usize::MAX } else { share },
            steps: Steps { left: MOST_STEPS, cells: subject.size() },
            entries: 0,
            left_out: LeftOut::default(),
        }
    }

    /// The number of the next cell's outcome.
    fn number(&mut self, row: usize, column: usize) -> u32 {
        let answer = self.table.answer(row, column);
        let share = self.steps.share();
        let found = self.table.subject.reasons(row, column, answer.verdict, share);
        self.steps.spend(found.steps);
        let most = if self.entries < MOST_ENTRIES { MOST_REASONS } else { LEAST_ENTRIES };
        let more = found.found.len().saturating_sub(most);
        let why = found.found.iter().take(most);
        let why: Vec<_> =
            why.map(|reason| self.reasons.why(reason, answer.verdict, row, column)).collect();
        let parties = &answer.parties[..answer.parties.len().min(self.most_parties)];
        let others = answer.parties.len() - parties.len();
        self.left_out.parties += usize::from(others > 0);
        self.left_out.reasons += usize::from(found.unasked || most < MOST_REASONS && more > 0);
        let (entries, known) = (why.len(), self.outcomes.len());
        let number = self.outcomes.number(Outcome {
            verdict: answer.verdict.as_str(),
            duties: &answer.duties,
            retain: &answer.terms.retain,
            least: &answer.terms.retain_at_least,
            bases: &answer.terms.bases,
            unbased: answer.terms.unbased,
            optional: answer.terms.optional,
            missing: &answer.missing,
            parties,
            others: (others > 0).then_some(others),
            why,
            more: (more > 0).then_some(more),
            unasked: found.unasked,
        });
        self.entries += if self.outcomes.len() > known { entries } else { 0 };
        number
    }
}

/// The remaining budget for reasons, shared evenly by the remaining cells.
struct Steps {
    left: usize,
    cells: usize,
}

impl Steps {
    /// The share of the next cell: a power of two, so that equal cells stay equal.
    fn share(&mut self) -> usize {
        let share = self.left / self.cells.max(1);
        self.cells = self.cells.saturating_sub(1);
        share.checked_ilog2().map_or(0, |log| 1 << log)
    }

    fn spend(&mut self, steps: usize) {
        self.left = self.left.saturating_sub(steps);
    }
}

impl Reasons<'_> {
    fn why<'s>(
        &mut self,
        reason: &Reason<'s>,
        verdict: Verdict,
        row: usize,
        column: usize,
    ) -> Why<'s> {
        let is = match (reason, verdict) {
            (Reason::Permit(_), Verdict::Depends) => "waiting",
            (Reason::Never(_), Verdict::Depends) => "threat",
            _ => reason.kind().as_str(),
        };
        match reason {
            Reason::Permit(s) | Reason::Never(s) | Reason::Unmet(s) => {
                Why { is, at: Some(self.statements.number(s.index())), ..Why::default() }
            }
            Reason::NoPermit { category, party, purpose } => {
                let category = self.rows.get(category).copied().filter(|found| *found != row);
                let named = match self.axis {
                    Axis::Purposes => Some(purpose),
                    Axis::Methods(_) | Axis::Recipients(_) => party.as_ref(),
                };
                let found = named.and_then(|name| self.columns.get(name)).copied();
                let purpose = found.filter(|found| *found != column);
                let party = party.filter(|_| self.axis == Axis::Purposes);
                let party = party.filter(|party| self.asked != Party::One(party));
                Why { is, at: None, category, purpose, party }
            }
            _ => Why { is, ..Why::default() },
        }
    }
}
