//! Masks that hash.

use sha2::{Digest, Sha256};
use std::fmt;

/// The random bytes in front of what `sha-256-query-local` hashes. One is made for each query, so that hashes of two queries
/// cannot be compared.
#[derive(Clone)]
pub struct Salt(Vec<u8>);

impl Salt {
    /// How many bytes it has at least.
    pub const LENGTH: usize = 16;

    /// These bytes, from a source that cannot be guessed; `None` if there are fewer than [`LENGTH`](Self::LENGTH).
    ///
    /// ```
    /// assert!(whyfor_data::Salt::new(*b"too short").is_none());
    /// ```
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= Self::LENGTH).then_some(Self(bytes))
    }
}

/// It is not shown: with it, the hashes can be guessed.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// SHA-256 of some bytes, behind a salt.
pub(super) fn sha256(salt: Option<&Salt>, bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    if let Some(Salt(salt)) = salt {
        hash.update(salt);
    }
    hash.update(bytes);
    hash.finalize().into()
}

/// The bytes as lowercase hexadecimal digits.
pub(super) fn write_hex(bytes: &[u8], out: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for byte in bytes {
        out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}
