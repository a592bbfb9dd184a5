//! Conditions against facts, in Kleene's three values: no < unknown < yes, which are the verdicts.

use super::{Facts, Verdict};
use crate::table::Tables;
use crate::table::tables::{OP_ALL, OP_ANY, OP_ATOM, OP_NOT};

/// Facts as seen by a question for one purpose.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    tables: &'a Tables<'a>,
    facts: &'a Facts,
    purpose: u32,
}

/// The value of a term: what must be yes and what must be no, against what is.
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

/// Programs nest as deeply as the source could; a forged image could nest further.
const DEEPEST: usize = 1024;

impl<'a> Known<'a> {
    #[inline]
    pub(super) fn new(tables: &'a Tables<'a>, facts: &'a Facts, purpose: u32) -> Self {
        Self { tables, facts, purpose }
    }

    /// The verdict of a cell with any other condition.
    pub(super) fn conditional(&self, cell: u32) -> Verdict {
        match self.tables.terms_of(cell) {
            Some(terms) => self.terms(terms),
            None => self.by_points(cell),
        }
    }

    /// The greatest over terms of the least over literals.
    #[inline]
    fn terms(&self, terms: &[[u64; 3]]) -> Verdict {
        let mut greatest = Verdict::Deny;
        let mut least = Verdict::Allow;
        for [word, must, must_not] in terms {
            let known = self.facts.word((word & u64::MAX >> 1) as usize, self.purpose);
            least = least.min(term([*must, *must_not], known));
            if word >> 63 == 1 {
                greatest = greatest.max(least);
                least = Verdict::Allow;
            }
        }
        greatest
    }

    /// The same by the statements, for a cell with too many terms: the least over its points.
    fn by_points(&self, cell: u32) -> Verdict {
        let mut least = Verdict::Allow;
        self.tables.points_of(cell, |statements| {
            let (permitted, forbidden) = self.point(statements);
            least = least.min(permitted).min(forbidden.not());
        });
        least
    }

    /// How far a point is permitted and how far forbidden.
    pub(super) fn point(&self, statements: &[u32]) -> (Verdict, Verdict) {
        let (mut permitted, mut forbidden) = (Verdict::Deny, Verdict::Deny);
        for id in statements {
            let [kind, condition, ..] = self.tables.statement(*id);
            match kind & 0xFF {
                0 => permitted = permitted.max(self.condition(condition)),
                1 => forbidden = forbidden.max(self.condition(condition)),
                _ => {}
            }
        }
        (permitted, forbidden)
    }

    /// The value of a condition by its number; of one that does not exist, unknown.
    pub(super) fn condition(&self, id: u32) -> Verdict {
        let Some([start, length, at, count]) = self.tables.conditions.get(id as usize) else {
            return Verdict::Depends;
        };
        let terms = *start as usize..*start as usize + *length as usize;
        if let Some(terms) = self.tables.terms.get(terms) {
            return self.terms(terms);
        }
        let program = self.tables.programs.get(*at as usize..).unwrap_or(&[]);
        self.program(program.get(..*count as usize).unwrap_or(&[]), 0).0
    }

    /// The value at the start of a program in prefix order, and what is behind it.
    fn program<'p>(&self, program: &'p [u32], depth: usize) -> (Verdict, &'p [u32]) {
        let Some((op, mut rest)) = program.split_first() else { return (Verdict::Depends, &[]) };
        if depth > DEEPEST {
            return (Verdict::Depends, &[]);
        }
        let operand = op >> 2;
        let value = match op & 3 {
            OP_ATOM => self.atom(operand),
            OP_NOT => {
                let (inner, behind) = self.program(rest, depth + 1);
                rest = behind;
                inner.not()
            }
            all_or_any => {
                let mut value = if all_or_any == OP_ALL { Verdict::Allow } else { Verdict::Deny };
                for _ in 0..operand {
                    let (inner, behind) = self.program(rest, depth + 1);
                    rest = behind;
                    value = if all_or_any == OP_ANY { value.max(inner) } else { value.min(inner) };
                    if rest.is_empty() {
                        break;
                    }
                }
                value
            }
        };
        (value, rest)
    }

    fn atom(&self, number: u32) -> Verdict {
        let (yes, no) = self.facts.word(number as usize / 64, self.purpose);
        let bit = 1u64 << (number % 64);
        match (yes & bit != 0, no & bit != 0) {
            (true, _) => Verdict::Allow,
            (_, true) => Verdict::Deny,
            _ => Verdict::Depends,
        }
    }

    /// Visits the atoms that keep a condition unknown: those in parts that are unknown themselves.
    pub(super) fn unknown_atoms(&self, id: u32, visit: &mut impl FnMut(u32)) {
        let Some([_, _, at, count]) = self.tables.conditions.get(id as usize) else { return };
        let program = self.tables.programs.get(*at as usize..).unwrap_or(&[]);
        self.unknown_in(program.get(..*count as usize).unwrap_or(&[]), 0, visit);
    }

    fn unknown_in<'p>(
        &self,
        program: &'p [u32],
        depth: usize,
        visit: &mut impl FnMut(u32),
    ) -> &'p [u32] {
        let (value, behind) = self.program(program, depth);
        let Some((op, mut rest)) = program.split_first() else { return behind };
        if value != Verdict::Depends || depth > DEEPEST {
            return behind;
        }
        let operands = match op & 3 {
            OP_ATOM => {
                visit(op >> 2);
                0
            }
            OP_NOT => 1,
            _ => op >> 2,
        };
        for _ in 0..operands {
            rest = self.unknown_in(rest, depth + 1, visit);
            if rest.is_empty() {
                break;
            }
        }
        behind
    }
}
