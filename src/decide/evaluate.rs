//! Conditions against facts, in Kleene's three values: no < unknown < yes, which are the verdicts.

use super::Verdict;
use super::facts::Facts;
use super::policy::Policy;

use crate::limits::MAX_NESTING;
use crate::table::Tables;
use crate::table::ids::ConditionId;
use crate::table::schema::{GENERAL, OP_ALL, OP_ANY, OP_ATOM, OP_NOT, Term};

/// Facts as seen by a question for one purpose.
#[derive(Clone, Copy)]
pub(super) struct KnownFacts<'a> {
    tables: &'a Tables<'a>,
    facts: &'a Facts,
    purpose: u32,
}

/// The value of a term: what must be yes and what must be no, compared with the facts.
#[inline(always)]
pub(super) fn term([must, must_not]: [u64; 2], (yes, no): (u64, u64)) -> Verdict {
    if no & must | yes & must_not != 0 {
        Verdict::Deny
    } else if yes & must == must && no & must_not == must_not {
        Verdict::Allow
    } else {
        Verdict::Depends
    }
}

/// Programs nest as deeply as the source could, with at most three operators for each parenthesis: `not`,
/// `and`, `or`. A forged image could nest further.
pub(super) const DEEPEST: usize = 4 * MAX_NESTING;

impl Policy {
    #[inline]
    pub(super) fn known<'a>(&'a self, facts: &'a Facts, purpose: u32) -> KnownFacts<'a> {
        KnownFacts { tables: self.tables(), facts: facts.of(self.tag()), purpose }
    }

    /// The value of a condition by its number in the model.
    #[cfg(feature = "tools")]
    pub(crate) fn condition(&self, facts: &Facts, purpose: super::PurposeId, id: u32) -> Verdict {
        self.known(facts, purpose.node).condition(ConditionId(id))
    }
}

impl<'a> KnownFacts<'a> {
    pub(super) fn tables(&self) -> &'a Tables<'a> {
        self.tables
    }

    /// The verdict of a cell of kind SIMPLE.
    pub(super) fn simple(&self, cell: u32) -> Verdict {
        let masks = self.tables.masks_of(cell);
        masks.map_or(Verdict::Deny, |masks| term(masks, self.facts.first_word(self.purpose)))
    }

    /// The greatest over terms of the least over literals.
    #[inline]
    pub(super) fn terms(&self, terms: &[Term]) -> Verdict {
        let mut greatest = Verdict::Deny;
        let mut least = Verdict::Allow;
        for part in terms {
            let known = self.facts.word(part.word(), self.purpose);
            least = least.min(term([part.yes, part.no], known));
            if part.is_last() {
                greatest = greatest.max(least);
                least = Verdict::Allow;
            }
        }
        greatest
    }

    /// The value of a condition; unknown if there is no such condition.
    pub(super) fn condition(&self, id: ConditionId) -> Verdict {
        match self.tables.terms_of_condition(id) {
            Some(terms) => self.terms(terms),
            None => self.program(self.tables.program_of_condition(id), 0, None).0,
        }
    }

    /// The number of parts of a condition that evaluating it visits.
    pub(super) fn length(&self, id: ConditionId) -> usize {
        let condition = self.tables.sections.conditions.get(id.index());
        condition.map_or(0, |condition| match condition.terms.count {
            GENERAL => condition.program.count as usize,
            count => count as usize,
        })
    }

    /// The atoms that keep a condition unknown: those in its unknown parts.
    pub(super) fn unknown_atoms(&self, id: ConditionId, atoms: &mut Vec<u32>) {
        self.program(self.tables.program_of_condition(id), 0, Some(atoms));
    }

    /// The value at the start of a program in prefix order, and the rest of the program. Adds the atoms that keep
    /// it unknown to `unknown`. O(program).
    fn program<'p>(
        &self,
        program: &'p [u32],
        depth: usize,
        mut unknown: Option<&mut Vec<u32>>,
    ) -> (Verdict, &'p [u32]) {
        let Some((op, mut rest)) = program.split_first() else { return (Verdict::Depends, &[]) };
        if depth > DEEPEST {
            return (Verdict::Depends, &[]);
        }
        let before = unknown.as_ref().map_or(0, |atoms| atoms.len());
        let operand = op >> 2;
        let value = match op & 3 {
            OP_ATOM => {
                unknown.iter_mut().for_each(|atoms| atoms.push(operand));
                self.atom(operand)
            }
            OP_NOT => {
                let (inner, after) = self.program(rest, depth + 1, unknown.as_deref_mut());
                rest = after;
                inner.not()
            }
            all_or_any => {
                let mut value = if all_or_any == OP_ALL { Verdict::Allow } else { Verdict::Deny };
                for _ in 0..operand {
                    let (inner, after) = self.program(rest, depth + 1, unknown.as_deref_mut());
                    rest = after;
                    value = if all_or_any == OP_ANY { value.max(inner) } else { value.min(inner) };
                    if rest.is_empty() {
                        break;
                    }
                }
                value
            }
        };
        if let (Some(atoms), true) = (unknown, value != Verdict::Depends) {
            atoms.truncate(before);
        }
        (value, rest)
    }

    /// The value of an atom.
    pub(super) fn atom(&self, number: u32) -> Verdict {
        let (yes, no) = self.facts.word(number as usize / 64, self.purpose);
        let bit = 1u64 << (number % 64);
        match (yes & bit != 0, no & bit != 0) {
            (true, _) => Verdict::Allow,
            (_, true) => Verdict::Deny,
            _ => Verdict::Depends,
        }
    }
}
