//! A decision for each row of columns.
//!
//! Columns of dictionaries have few distinct names: all their combinations are decided once, and the rows
//! look them up. Other columns are decided row by row, each name through the policy's own table. Either way
//! by several threads, and without Python's lock.

use crate::columns::{Names, Part};
use whyfor::{Act, Facts, Policy, Question, Verdict};

/// What is asked of each row.
pub(crate) struct Asked<'a> {
    pub(crate) act: Act<(), ()>,
    pub(crate) field: &'a Names,
    /// The method or the recipient, where the act has one.
    pub(crate) party: Option<&'a Names>,
    pub(crate) purpose: &'a Names,
    pub(crate) facts: &'a Facts,
    /// Whether `depends` is told from `deny`.
    pub(crate) verdicts: bool,
}

/// A verdict's number in the answers.
pub(crate) const DENY: u8 = 0;
pub(crate) const DEPENDS: u8 = 1;
pub(crate) const ALLOW: u8 = 2;

/// Fewer rows than this are not worth a thread.
const ROWS_OF_A_THREAD: usize = 1 << 16;
/// Rows whose names are fetched at once: they stay in the nearest cache.
const BLOCK: usize = 512;

/// A verdict for each of so many rows. A missing or unknown name denies.
pub(crate) fn decide(policy: &Policy, asked: &Asked<'_>, rows: usize) -> Vec<u8> {
    let mut answers = vec![DENY; rows];
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(rows / ROWS_OF_A_THREAD).max(1);
    let share = rows.div_ceil(threads).max(1);
    if threads == 1 {
        range(policy, asked, 0, &mut answers);
        return answers;
    }
    std::thread::scope(|scope| {
        for (thread, answers) in answers.chunks_mut(share).enumerate() {
            scope.spawn(move || range(policy, asked, thread * share, answers));
        }
    });
    answers
}

/// The rows from `start` on, as many as there are answers.
fn range(policy: &Policy, asked: &Asked<'_>, start: usize, answers: &mut [u8]) {
    let mut done = 0;
    while done < answers.len() {
        // As far as no column's chunk ends.
        let part = |names: &'_ Names| -> usize { names.part(start + done).length() };
        let rows = part(asked.field).min(part(asked.purpose));
        let rows = asked.party.map_or(rows, |party| rows.min(part(party)));
        let rows = rows.min(answers.len() - done);
        if rows == 0 {
            return; // no column is shorter than the rows: what is left denies
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

impl Chunk<'_> {
    /// Decides every combination of distinct names, if all columns have them and they are few.
    fn by_combinations(&self, answers: &mut [u8]) -> bool {
        let rows = answers.len();
        let Some(fields) = self.field.distinct(rows) else { return false };
        let Some(purposes) = self.purpose.distinct(rows) else { return false };
        let parties = match &self.party {
            None => (vec![Some("")], Vec::new()),
            Some(party) => match party.distinct(rows) {
                Some(parties) => parties,
                None => return false,
            },
        };
        let columns = [&fields, &parties, &purposes];
        let [_, width, depth] = columns.map(|(names, _)| names.len());
        let combinations =
            columns.iter().try_fold(1usize, |all, (names, _)| all.checked_mul(names.len()));
        if combinations.is_none_or(|combinations| combinations > rows.max(BLOCK)) {
            return false;
        }
        let mut table = Vec::new();
        for field in &fields.0 {
            for party in &parties.0 {
                table
                    .extend(purposes.0.iter().map(|purpose| self.decide(*field, *party, *purpose)));
            }
        }
        let code = |codes: &Vec<u32>, row: usize| codes.get(row).map_or(0, |code| *code as usize);
        match (fields.1.is_empty(), parties.1.is_empty(), purposes.1.is_empty()) {
            (false, true, true) => {
                let of_field: Vec<u8> = table.chunks(width * depth).map(|part| part[0]).collect();
                for (answer, field) in answers.iter_mut().zip(&fields.1) {
                    *answer = of_field.get(*field as usize).copied().unwrap_or(DENY);
                }
            }
            (false, true, false) => {
                let stride = width * depth;
                for (answer, (field, purpose)) in
                    answers.iter_mut().zip(fields.1.iter().zip(&purposes.1))
                {
                    let at = *field as usize * stride + *purpose as usize;
                    *answer = table.get(at).copied().unwrap_or(DENY);
                }
            }
            _ => {
                for (row, answer) in answers.iter_mut().enumerate() {
                    let at = (code(&fields.1, row) * width + code(&parties.1, row)) * depth
                        + code(&purposes.1, row);
                    *answer = table.get(at).copied().unwrap_or(DENY);
                }
            }
        }
        true
    }

    fn by_rows(&self, answers: &mut [u8]) {
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
            let names = fields.iter().zip(&parties).zip(&purposes);
            for (answer, ((field, party), purpose)) in answers.iter_mut().zip(names) {
                *answer = self.decide(*field, *party, *purpose);
            }
        }
    }

    #[inline]
    fn decide(&self, field: Option<&str>, party: Option<&str>, purpose: Option<&str>) -> u8 {
        let (Some(field), Some(party), Some(purpose)) = (field, party, purpose) else {
            return DENY;
        };
        let Asked { act, facts, verdicts, .. } = self.asked;
        if !verdicts && std::ptr::eq(*facts, Facts::none()) {
            let allowed = match act {
                Act::Use => self.policy.may_use(field, purpose),
                Act::Collect(()) => self.policy.may_collect(field, party, purpose),
                Act::Share(()) => self.policy.may_share(field, party, purpose),
            };
            return if allowed { ALLOW } else { DENY };
        }
        let act = match act {
            Act::Use => Act::Use,
            Act::Collect(()) => Act::Collect(party),
            Act::Share(()) => Act::Share(party),
        };
        match self.policy.ask(&Question { act, field, purpose }, facts).verdict() {
            Verdict::Allow => ALLOW,
            Verdict::Depends => DEPENDS,
            Verdict::Deny => DENY,
        }
    }
}
