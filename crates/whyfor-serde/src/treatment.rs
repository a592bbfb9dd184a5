//! What happens to values that may not pass, and what the format can bear.

use crate::hash::HashKey;

/// What stands in the place of a value that the policy knows and denies.
///
/// A value that the policy does not know is left out, whatever is chosen here. Masks of a policy's duties will be
/// further choices.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Instead {
    /// Nothing: the field is left out.
    #[default]
    LeaveOut,
    /// A null. A container is one null if nothing in it may be shown.
    Null,
    /// A fixed value of the same type: `false`, 0, `XXXXXXXX`, an empty list or map, structs and tuples field by field.
    /// An optional value becomes a null, whether it is there or not. An enum has no fixed value: it becomes a null.
    Fixed,
    /// A keyed hash of each text, number, yes or no: 32 hexadecimal digits. A null stays a null.
    Hash(HashKey),
}

/// What a format does with the names of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Layout {
    /// It counts values and knows no names or types, as bincode and postcard do. A field that is left out would move
    /// every later value to another name. So what may not leave is masked by a value of the same type, or the call
    /// is an error.
    #[default]
    Positional,
    /// It orders values, and each says its type: CSV, and MessagePack with structs as arrays. As positional, but a null
    /// and a hash may stand for any text or number. Lists, maps and enums are not masked.
    Ordered,
    /// It writes the name with each field: JSON, YAML, CBOR, MessagePack with named fields. A field may be left out.
    Named,
}

/// What happens to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// Nothing is written.
    Drop,
    /// Something else is written in its place.
    Mask,
    /// It is written.
    Show,
}

/// Both choices of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Treatment<'v> {
    pub(crate) instead: &'v Instead,
    pub(crate) layout: Layout,
}

impl Treatment<'_> {
    /// What happens to a withheld value.
    pub(crate) fn of_withheld(self, is_known: bool) -> Fate {
        match self.instead {
            Instead::LeaveOut => Fate::Drop,
            Instead::Null | Instead::Fixed if is_known || self.layout != Layout::Named => {
                Fate::Mask
            }
            Instead::Hash(_) if is_known => Fate::Mask,
            Instead::Null | Instead::Fixed | Instead::Hash(_) => Fate::Drop,
        }
    }
}
