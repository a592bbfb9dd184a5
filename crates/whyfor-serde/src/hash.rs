//! Pseudonyms: a keyed hash in the place of a value.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A key for hashes of values: HMAC-SHA-256, of which a view writes the first 16 bytes as 32 hexadecimal digits.
///
/// Equal values have equal hashes under one key, so they can still be joined and counted. Without the key nobody can
/// compute the hash of a guessed value; whoever has the key can, so a hash is a pseudonym and not anonymous. A new key
/// for each export makes exports unjoinable.
#[derive(Clone)]
pub struct HashKey(Hmac<Sha256>);

/// A key for hashes is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key for hashes has {0} bytes, and needs at least {least} random ones", least = HashKey::LEAST)]
pub struct ShortKey(usize);

impl HashKey {
    /// Bytes that a key has at least: fewer could be tried out.
    pub const LEAST: usize = 16;

    /// A key of these bytes, which should be random.
    ///
    /// ```
    /// use whyfor_serde::HashKey;
    /// assert!(HashKey::new(b"sixteen bytes or more").is_ok());
    /// assert!(HashKey::new(b"short").is_err());
    /// ```
    ///
    /// # Errors
    /// They are fewer than [`LEAST`](Self::LEAST).
    pub fn new(bytes: &[u8]) -> Result<Self, ShortKey> {
        if bytes.len() < Self::LEAST {
            return Err(ShortKey(bytes.len()));
        }
        Hmac::new_from_slice(bytes).map(Self).map_err(|_| ShortKey(bytes.len()))
    }

    /// The hash of a value's bytes: those of a text, or of the text of a number.
    pub(crate) fn hash(&self, bytes: &[u8]) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digest = self.0.clone().chain_update(bytes).finalize().into_bytes();
        let digit = |four: u8| char::from(DIGITS[usize::from(four & 15)]);
        digest.iter().take(16).flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
    }
}

/// Without the key.
impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::HashKey;

    #[test]
    fn a_hash_is_the_start_of_the_hmac_of_rfc_4231() {
        // Test case 7 of the RFC has a key that is longer than 16 bytes.
        let key = HashKey::new(&[0xaa; 131]).unwrap();
        let text = b"This is a test using a larger than block-size key and a larger than block-size data. \
                     The key needs to be hashed before being used by the HMAC algorithm.";
        assert_eq!(key.hash(text), "9b09ffa71b942fcb27635fbcd5b0e944");
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = HashKey::new(b"canary canary canary").unwrap();
        assert_eq!(format!("{key:?}"), "HashKey(…)");
    }
}
