//! Marks: what identifies a policy to resolved ids.
//!
//! They are parts of its digest, one for each place in a question. A decision adds the marks of its ids above
//! their classes and subtracts those of the policy. So the check that the sum is within the table, which is
//! needed anyway, finds ids of other policies too.

use super::question::{Act, CategoryId, PurposeId};

/// The marks of a policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) category: u32,
    pub(super) purpose: u32,
    /// Of methods and recipients.
    pub(super) party: u32,
    /// Their sums, in the upper half: of a question without a party, and of one with a party.
    sums: [u64; 2],
}

/// A class, and above it a mark.
#[inline(always)]
fn marked(class: u32, mark: u32) -> u64 {
    u64::from(mark) << 32 | u64::from(class)
}

impl Marks {
    pub(super) fn of(digest: &[u8; 32]) -> Self {
        let part = |at: usize| {
            let bytes = digest.get(at..).and_then(|rest| rest.first_chunk());
            u32::from_le_bytes(*bytes.unwrap_or(&[0; 4]))
        };
        let (category, purpose, party) = (part(28), part(24), part(20));
        let without = marked(0, category).wrapping_add(marked(0, purpose));
        Self { category, purpose, party, sums: [without, without.wrapping_add(marked(0, party))] }
    }

    /// Whether an id among these belongs to another policy.
    pub(super) fn are_foreign(&self, act: Act, category: CategoryId, purpose: PurposeId) -> bool {
        let party = match act {
            Act::Use => self.party,
            Act::Collect(method) => method.policy,
            Act::Share(recipient) => recipient.policy,
        };
        category.policy != self.category || purpose.policy != self.purpose || party != self.party
    }

    /// The sum of the classes of a question. The upper half is 0 if each id belongs to this policy; otherwise
    /// it is another number, except with a chance of 1 in 2³².
    #[inline(always)]
    pub(super) fn place(&self, act: Act, category: CategoryId, purpose: PurposeId) -> u64 {
        let [without, with] = self.sums;
        let (party, own) = match act {
            Act::Use => (0, without),
            Act::Collect(method) => (marked(method.class, method.policy), with),
            Act::Share(recipient) => (marked(recipient.class, recipient.policy), with),
        };
        marked(category.class, category.policy)
            .wrapping_add(marked(purpose.class, purpose.policy))
            .wrapping_add(party)
            .wrapping_sub(own)
    }
}
