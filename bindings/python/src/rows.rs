//! A decision for each row of columns.
//!
//! Dictionary columns have few distinct names: all their combinations are decided once, and the
//! rows look them up. Other columns are decided row by row, with each name looked up in the
//! policy's table. Both use several threads and do not hold the GIL.

use crate::columns::{Names, Part};
use crate::parallel;
use std::collections::HashMap;
use whyfor::{Act, Facts, Field, NamedAct, Policy, Question, Verdict};
use whyfor_data::{Columns, Key, RowCondition, RowFacts, Truth};

/// The question for each row.
pub(crate) struct Asked<'a> {
    pub(crate) act: Act<(), ()>,
    pub(crate) field: &'a Names,
    /// The method or the recipient. Without one, `collect` and `share` are about any.
    pub(crate) party: Option<&'a Names>,
    pub(crate) purpose: &'a Names,
    pub(crate) facts: &'a Facts,
}

impl Asked<'_> {
    /// How many rows from one on are in one chunk of every column.
    fn rows_from(&self, row: usize) -> usize {
        let columns = [Some(self.field), self.party, Some(self.purpose)];
        let lengths = columns.into_iter().flatten().map(|names| names.part(row).length());
        lengths.min().unwrap_or(0)
    }

    /// The act of a row.
    fn named_act<'n>(&self, party: &'n str) -> NamedAct<'n> {
        let party = self.party.is_some().then_some(party);
        match self.act {
            Act::Use => Act::Use,
            Act::Collect(()) => Act::Collect(party),
            Act::Share(()) => Act::Share(party),
        }
    }
}

/// The codes of verdicts in the answers.
pub(crate) const DENY: u8 = 0;
pub(crate) const DEPENDS: u8 = 1;
pub(crate) const ALLOW: u8 = 2;

/// Minimum rows per thread.
const ROWS_OF_A_THREAD: usize = 1 << 16;
/// Rows whose names are fetched at once; they stay in the L1 cache.
const BLOCK: usize = 1024;

/// A verdict for each row. A missing or unknown name is denied.
pub(crate) fn decide(policy: &Policy, asked: &Asked<'_>, rows: usize) -> Vec<u8> {
    in_parallel(rows, |start, answers| range(policy, asked, start, answers))
}

/// A verdict for each row, decided by several threads: each is given the first of its rows, and where their verdicts go.
fn in_parallel(rows: usize, decide: impl Fn(usize, &mut [u8]) + Sync) -> Vec<u8> {
    let mut answers = vec![DENY; rows];
    let threads = parallel::cores().min(rows / ROWS_OF_A_THREAD).max(1);
    let share = rows.div_ceil(threads).max(1);
    let shares = answers.chunks_mut(share).enumerate();
    parallel::each(shares, threads, |(number, answers)| decide(number * share, answers));
    answers
}

/// A verdict for each row, by one condition on its facts.
pub(crate) fn by_condition(condition: &RowCondition, facts: &RowFacts) -> Vec<u8> {
    in_parallel(facts.rows(), |start, answers| {
        for (block, answers) in answers.chunks_mut(ROWS_WITH_FACTS).enumerate() {
            let facts = facts.slice(start + block * ROWS_WITH_FACTS, answers.len());
            write_verdicts(&condition.evaluate(&facts), answers);
        }
    })
}

/// Writes the codes of what a condition comes to in each row.
fn write_verdicts(truth: &Truth, answers: &mut [u8]) {
    let (yes, no) = (truth.yes().bit_chunks(), truth.no().bit_chunks());
    let words = yes.iter_padded().zip(no.iter_padded());
    for ((yes, no), answers) in words.zip(answers.chunks_mut(64)) {
        for (row, answer) in answers.iter_mut().enumerate() {
            *answer = DEPENDS + (yes >> row & 1) as u8 - (no >> row & 1) as u8;
        }
    }
}

/// Rows whose facts are read at once: what they come to stays in the L1 cache.
const ROWS_WITH_FACTS: usize = 1 << 13;

/// A verdict for each row, by facts that are in columns.
///
/// What remains of a question once the facts are read is found once for the same names, and evaluated once for the rows of a block
/// that have it in common.
pub(crate) fn decide_with(
    policy: &Policy,
    asked: &Asked<'_>,
    columns: &Columns<'_>,
    facts: &RowFacts,
) -> Vec<u8> {
    let one = |names: &Names| match names {
        Names::One(name) => Some(name.clone()),
        Names::Rows(_) => None,
    };
    let party = asked.party.map_or(Some(String::new()), one);
    if let (Some(field), Some(party), Some(purpose)) = (one(asked.field), party, one(asked.purpose))
    {
        // One question for all rows.
        let conditions = Conditions::new(policy, asked, columns);
        let names = (Some(field.as_str()), Some(party.as_str()), Some(purpose.as_str()));
        let condition = conditions.condition(names).unwrap_or(RowCondition::No);
        return by_condition(&condition, facts);
    }
    in_parallel(facts.rows(), |start, answers| {
        let mut conditions = Conditions::new(policy, asked, columns);
        let mut done = 0;
        while done < answers.len() {
            let from = start + done;
            let rows = asked.rows_from(from).min(answers.len() - done).min(ROWS_WITH_FACTS);
            if rows == 0 {
                return; // the rest is denied
            }
            conditions.block(from, &facts.slice(from, rows), &mut answers[done..done + rows]);
            done += rows;
        }
    })
}

/// Decides as many rows from `start` on as there are answers.
fn range(policy: &Policy, asked: &Asked<'_>, start: usize, answers: &mut [u8]) {
    let mut done = 0;
    while done < answers.len() {
        let rows = asked.rows_from(start + done).min(answers.len() - done);
        if rows == 0 {
            return; // columns are as long as the rows; otherwise the rest is denied
        }
        let chunk = Chunk {
            policy,
            asked,
            field: asked.field.part(start + done),
            party: asked.party.map(|party| party.part(start + done)),
            purpose: asked.purpose.part(start + done),
        };
        let answers = &mut answers[done..done + rows];
        if !chunk.by_combinations(answers) {
            chunk.by_rows(answers);
        }
        done += rows;
    }
}

struct Chunk<'a> {
    policy: &'a Policy,
    asked: &'a Asked<'a>,
    field: Part<'a>,
    party: Option<Part<'a>>,
    purpose: Part<'a>,
}

impl<'a> Chunk<'a> {
    /// Decides every combination of distinct names, if all columns have few of them. Returns
    /// whether it did.
    fn by_combinations(&self, answers: &mut [u8]) -> bool {
        let Some(fields) = self.field.distinct() else { return false };
        let Some(purposes) = self.purpose.distinct() else { return false };
        let parties = match &self.party {
            None => vec![Some("")],
            Some(party) => match party.distinct() {
                Some(parties) => parties,
                None => return false,
            },
        };
        let (width, depth) = (parties.len(), purposes.len());
        let combinations = fields.len().saturating_mul(width).saturating_mul(depth);
        if combinations > answers.len().max(BLOCK) {
            return false;
        }
        let mut names = Resolver::new(self.policy);
        let mut table = Vec::with_capacity(combinations);
        for field in &fields {
            for party in &parties {
                table.extend(
                    purposes
                        .iter()
                        .map(|purpose| self.decide(&mut names, *field, *party, *purpose)),
                );
            }
        }
        let (mut field, mut party, mut purpose) = (Vec::new(), Vec::new(), Vec::new());
        for (block, answers) in answers.chunks_mut(BLOCK).enumerate() {
            let rows = block * BLOCK..block * BLOCK + answers.len();
            let code = |part: &Part<'_>, out: &mut Vec<u32>| {
                out.clear();
                part.codes(rows.clone(), out);
            };
            code(&self.field, &mut field);
            code(&self.purpose, &mut purpose);
            match &self.party {
                Some(part) => code(part, &mut party),
                None => party.resize(BLOCK, 0),
            }
            let codes = field.iter().zip(&party).zip(&purpose);
            for (answer, ((field, party), purpose)) in answers.iter_mut().zip(codes) {
                let at = (*field as usize * width + *party as usize) * depth + *purpose as usize;
                *answer = table.get(at).copied().unwrap_or(DENY);
            }
        }
        true
    }

    fn by_rows(&self, answers: &mut [u8]) {
        let mut names = Resolver::new(self.policy);
        let (mut fields, mut parties, mut purposes) = (Vec::new(), Vec::new(), Vec::new());
        for (block, answers) in answers.chunks_mut(BLOCK).enumerate() {
            let rows = block * BLOCK..block * BLOCK + answers.len();
            fields.clear();
            self.field.names(rows.clone(), &mut fields);
            purposes.clear();
            self.purpose.names(rows.clone(), &mut purposes);
            parties.clear();
            match &self.party {
                Some(party) => party.names(rows, &mut parties),
                None => parties.resize(answers.len(), Some("")),
            }
            let asked = fields.iter().zip(&parties).zip(&purposes);
            for (answer, ((field, party), purpose)) in answers.iter_mut().zip(asked) {
                *answer = self.decide(&mut names, *field, *party, *purpose);
            }
        }
    }

    #[inline]
    fn decide(
        &self,
        names: &mut Resolver<'a>,
        field: Option<&'a str>,
        party: Option<&'a str>,
        purpose: Option<&'a str>,
    ) -> u8 {
        let (Some(field), Some(party), Some(purpose)) = (field, party, purpose) else {
            return DENY;
        };
        let policy = self.policy;
        let Ok(purpose) = policy.purpose(purpose) else { return DENY };
        let Ok(act) = policy.act(self.asked.named_act(party)) else { return DENY };
        let facts = self.asked.facts;
        let verdict = match policy.category(field) {
            Ok(category) => policy.decide(act, category, purpose, facts).verdict(),
            Err(_) => match names.field(field) {
                Some(field) => policy.decide_field(act, field, purpose, facts).verdict(),
                None => Verdict::Deny,
            },
        };
        match verdict {
            Verdict::Allow => ALLOW,
            Verdict::Depends => DEPENDS,
            Verdict::Deny => DENY,
        }
    }
}

/// The names of a question, as a row has them.
type Names3<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// The conditions of the questions that rows ask, each once.
struct Conditions<'a> {
    policy: &'a Policy,
    asked: &'a Asked<'a>,
    columns: &'a Columns<'a>,
    /// The places of the conditions of questions.
    of_names: HashMap<Names3<'a>, usize>,
    /// The questions that were asked last, by a hash that costs little.
    last: Vec<Option<([Key; 3], Names3<'a>, usize)>>,
    places: HashMap<String, usize>,
    list: Vec<RowCondition>,
}

impl<'a> Conditions<'a> {
    fn new(policy: &'a Policy, asked: &'a Asked<'a>, columns: &'a Columns<'a>) -> Self {
        let (of_names, places) = (HashMap::new(), HashMap::new());
        let last = vec![None; LAST_QUESTIONS];
        Self { policy, asked, columns, of_names, last, places, list: Vec::new() }
    }

    fn block(&mut self, from: usize, facts: &RowFacts, answers: &mut [u8]) {
        let rows = 0..answers.len();
        let names = |names: &'a Names| {
            let mut all = Vec::with_capacity(rows.len());
            names.part(from).names(rows.clone(), &mut all);
            all
        };
        let (fields, purposes) = (names(self.asked.field), names(self.asked.purpose));
        let parties = match self.asked.party {
            Some(party) => names(party),
            None => vec![Some(""); rows.len()],
        };
        let asked = fields.into_iter().zip(parties).zip(purposes);
        let places: Vec<usize> =
            asked.map(|((field, party), purpose)| self.place((field, party, purpose))).collect();
        let mut truths: Vec<Option<Vec<u8>>> = vec![None; self.list.len()];
        for (row, (place, answer)) in places.iter().zip(answers).enumerate() {
            let of_condition = truths[*place].get_or_insert_with(|| {
                let mut verdicts = vec![DENY; places.len()];
                write_verdicts(&self.list[*place].evaluate(facts), &mut verdicts);
                verdicts
            });
            *answer = of_condition[row];
        }
    }

    /// The place of the condition of a question.
    fn place(&mut self, names: Names3<'a>) -> usize {
        let keys = [names.0, names.1, names.2].map(|name| name.map_or(Key::MISSING, Key::of));
        let last = Key::hash(&keys, LAST_QUESTIONS);
        if let Some((known, of_names, place)) = &self.last[last]
            && *known == keys
            && (keys.iter().all(|key| key.is_whole()) || *of_names == names)
        {
            return *place;
        }
        let place = self.of_names.get(&names).copied().unwrap_or_else(|| self.new_place(names));
        self.last[last] = Some((keys, names, place));
        place
    }

    fn new_place(&mut self, names: Names3<'a>) -> usize {
        let condition = self.condition(names).unwrap_or(RowCondition::No);
        let place = *self.places.entry(format!("{condition:?}")).or_insert(self.list.len());
        if place == self.list.len() {
            self.list.push(condition);
        }
        if self.of_names.len() < REMEMBERED_QUESTIONS {
            self.of_names.insert(names, place);
        }
        place
    }

    /// `None` if a name is missing or unknown, or the policy cannot be asked.
    fn condition(&self, names: Names3<'_>) -> Option<RowCondition> {
        let (Some(field), Some(party), Some(purpose)) = names else { return None };
        let act = self.asked.named_act(party);
        let decision = self.policy.ask(&Question { act, field, purpose }, self.asked.facts);
        self.columns.residual(&decision).ok().map(|residual| residual.allowed().clone())
    }
}

/// Most questions whose conditions are remembered.
const REMEMBERED_QUESTIONS: usize = 1 << 16;
const LAST_QUESTIONS: usize = 1 << 10;

/// Caches names that only patterns map, of which a column has few. Its memory is bounded for every
/// column.
struct Resolver<'a> {
    policy: &'a Policy,
    known: Vec<Option<(&'a str, Option<Field>)>>,
}

/// Size of the cache; a power of two.
const REMEMBERED: usize = 1 << 10;

impl<'a> Resolver<'a> {
    fn new(policy: &'a Policy) -> Self {
        Self { policy, known: Vec::new() }
    }

    fn field(&mut self, name: &'a str) -> Option<&Field> {
        if self.known.is_empty() {
            self.known.resize_with(REMEMBERED, || None);
        }
        let place = &mut self.known[Key::hash(&[Key::of(name)], REMEMBERED)];
        if place.as_ref().is_none_or(|(known, _)| *known != name) {
            *place = Some((name, self.policy.field(name).ok()));
        }
        place.as_ref().and_then(|(_, field)| field.as_ref())
    }
}
