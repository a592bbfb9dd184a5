//! Texts as numbers, which are compared sooner than bytes.

/// A text: its length, its first and its last bytes. Texts of at most 16 bytes are equal if their keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    length: usize,
    first: u64,
    last: u64,
}

/// An odd number whose product spreads all bits to the upper ones (Fibonacci hashing).
const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;

impl Key {
    /// No text.
    pub const MISSING: Self = Self { length: usize::MAX, first: 0, last: 0 };

    /// O(1).
    #[inline]
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (first, last) = match *bytes {
            [] => (0, 0),
            [.., middle, end] if bytes.len() < 4 => {
                (u64::from(bytes[0]), u64::from(middle) << 8 | u64::from(end))
            }
            [only] => (u64::from(only), 0),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
                }
                _ => (half(bytes.first_chunk()), half(bytes.last_chunk())),
            },
        };
        Self { length: bytes.len(), first, last }
    }

    /// Whether no other text has this key.
    #[inline]
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.length <= 16
    }

    /// A number below a power of two for some texts, which others may have too.
    #[inline]
    #[must_use]
    pub fn hash(keys: &[Self], below: usize) -> usize {
        let mixed = keys.iter().fold(0, |mixed: u64, key| {
            (mixed ^ key.first ^ key.last.rotate_left(29) ^ key.length as u64).wrapping_mul(MIXER)
        });
        (mixed >> 32) as usize % below
    }
}

fn half(bytes: Option<&[u8; 4]>) -> u64 {
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes).into())
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn texts_with_a_whole_key_are_equal_if_their_keys_are() {
        for length in 0..=16_usize {
            let text = "a".repeat(length);
            assert!(Key::of(&text).is_whole());
            for at in 0..length {
                let other = format!("{}b{}", &text[..at], &text[at + 1..]);
                assert_ne!(Key::of(&text), Key::of(&other), "{other}");
            }
            assert_ne!(Key::of(&text), Key::of(&format!("{text}a")));
        }
        assert_eq!(
            Key::of("a longer text, equal at both ends"),
            Key::of("a longer word, equal at both ends")
        );
        assert!(!Key::of("a longer text, equal at both ends").is_whole());
    }
}
