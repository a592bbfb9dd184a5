//! Masks of characters.

/// How many characters `show-first-4` and `show-last-4` leave.
const SHOWN: usize = 4;

/// What a mask of characters leaves of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    None,
    First,
    Last,
}

/// Writes the image of a text: of each character, a digit is `n`, punctuation stays, and all else is `x`; but those that are
/// shown stay. O(characters).
pub(super) fn write(text: &str, shown: Shown, out: &mut String) {
    let (head, body, tail) = match shown {
        Shown::None => ("", text, ""),
        Shown::First => {
            let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
            (&text[..end], &text[end..], "")
        }
        Shown::Last => {
            let start = text.char_indices().nth_back(SHOWN - 1).map_or(0, |(at, _)| at);
            ("", &text[..start], &text[start..])
        }
    };
    out.push_str(head);
    out.extend(body.chars().map(image));
    out.push_str(tail);
}

fn image(character: char) -> char {
    match character {
        '0'..='9' => 'n',
        '(' | ')' | ',' | '.' | '-' | '@' => character,
        _ => 'x',
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, write};

    fn masked(text: &str, shown: Shown) -> String {
        let mut out = String::new();
        write(text, shown, &mut out);
        out
    }

    #[test]
    fn digits_and_letters_are_hidden_and_punctuation_stays() {
        assert_eq!(masked("alice010696@example.com", Shown::None), "xxxxxnnnnnn@xxxxxxx.xxx");
        assert_eq!(masked("(555) 123-4567", Shown::None), "(nnn)xnnn-nnnn");
        // Per code point: other digits and combining marks are characters like all others.
        assert_eq!(masked("٣é😀e\u{301}\n", Shown::None), "xxxxxx");
    }

    #[test]
    fn four_characters_stay_and_shorter_texts_as_they_are() {
        assert_eq!(masked("4111-1111-1111-4444", Shown::Last), "nnnn-nnnn-nnnn-4444");
        assert_eq!(masked("4111-1111-1111-4444", Shown::First), "4111-nnnn-nnnn-nnnn");
        for text in ["", "1", "😀é1a"] {
            assert_eq!(masked(text, Shown::First), text);
            assert_eq!(masked(text, Shown::Last), text);
        }
        assert_eq!(masked("1😀é1a", Shown::Last), "n😀é1a");
    }
}
