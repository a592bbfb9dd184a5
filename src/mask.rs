//! What a mask hides: which of two hides more.

use crate::words::Mask;

/// What a mask leaves of a value. Masks of one kind are ordered by how much they hide.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Characters,
    Date,
    Hash,
    Nothing,
}

impl Mask {
    /// The weakest mask that hides what either hides: what a value gets that has several masks. Associative, commutative
    /// and idempotent.
    ///
    /// ```text
    /// show-first-4, show-last-4 < mask-alphanum ─┐
    /// truncate-to-month < truncate-to-year ──────┼─< mask-to-fixed-value < replace-with-null
    /// sha-256-global < sha-256-query-local ──────┘
    /// ```
    ///
    /// ```
    /// use whyfor::Mask;
    /// assert_eq!(Mask::ShowFirst4.join(Mask::ShowLast4), Mask::MaskAlphanum);
    /// assert_eq!(Mask::TruncateToYear.join(Mask::Sha256Global), Mask::MaskToFixedValue);
    /// ```
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::ShowFirst4, Self::ShowLast4) | (Self::ShowLast4, Self::ShowFirst4) => {
                Self::MaskAlphanum
            }
            _ if self.kind() == other.kind() => self.max(other),
            _ => self.max(other).max(Self::MaskToFixedValue),
        }
    }

    /// Whether it hides all that the other hides.
    ///
    /// ```
    /// use whyfor::Mask;
    /// assert!(Mask::ReplaceWithNull.hides(Mask::ShowLast4));
    /// assert!(!Mask::TruncateToYear.hides(Mask::ShowLast4));
    /// ```
    #[must_use]
    pub fn hides(self, other: Self) -> bool {
        self.join(other) == self
    }

    fn kind(self) -> Kind {
        match self {
            Self::ShowFirst4 | Self::ShowLast4 | Self::MaskAlphanum => Kind::Characters,
            Self::TruncateToMonth | Self::TruncateToYear => Kind::Date,
            Self::Sha256Global | Self::Sha256QueryLocal => Kind::Hash,
            Self::MaskToFixedValue | Self::ReplaceWithNull => Kind::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mask;

    #[test]
    fn a_join_is_the_weakest_mask_that_hides_both_whatever_the_order() {
        for a in Mask::ALL {
            assert_eq!(a.join(a), a);
            for b in Mask::ALL {
                let join = a.join(b);
                assert_eq!(join, b.join(a));
                assert!(join.hides(a) && join.hides(b), "{a} {b}");
                let hides_both = |mask: &Mask| mask.hides(a) && mask.hides(b);
                assert!(Mask::ALL.into_iter().filter(hides_both).all(|mask| mask.hides(join)));
                for c in Mask::ALL {
                    assert_eq!(join.join(c), a.join(b.join(c)));
                }
            }
        }
    }
}
