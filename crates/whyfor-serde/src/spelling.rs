//! The spelling of names: JSON has `userEmail` where a policy has `user_email`.

use std::borrow::Cow;

/// How the names of fields and keys are spelt in what is read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Spelling {
    /// A name is asked as it is written and in `snake_case`. What either of them means must be allowed, so a name that
    /// means different things in the two spellings needs a yes for both.
    #[default]
    Any,
    /// A name is asked only as it is written.
    AsWritten,
}

/// A name in `snake_case`: `userEmail`, `UserEmail`, `user-email` and `USER_EMAIL` become `user_email`; `HTTPPort`
/// becomes `http_port`. O(length); borrows a name that is so already.
pub(crate) fn snake_case(name: &str) -> Cow<'_, str> {
    let changes = |c: char| c.is_uppercase() || c == '-' || c == ' ';
    if !name.contains(changes) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '-' || c == ' ' {
            out.push('_');
        } else if c.is_uppercase() {
            let follows = before.is_some_and(|b| b.is_lowercase() || b.is_numeric());
            let ends_acronym = before.is_some_and(char::is_uppercase)
                && rest.peek().is_some_and(|next| next.is_lowercase());
            if follows || ends_acronym {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn every_style_of_serde_becomes_snake_case() {
        let cases = [
            ("user_email", "user_email"),
            ("userEmail", "user_email"),
            ("UserEmail", "user_email"),
            ("user-email", "user_email"),
            ("USER_EMAIL", "user_email"),
            ("USER-EMAIL", "user_email"),
            ("useremail", "useremail"),
            ("userID", "user_id"),
            ("HTTPPort", "http_port"),
            ("line2Text", "line2_text"),
            ("", ""),
        ];
        for (written, snake) in cases {
            assert_eq!(snake_case(written), snake, "{written}");
        }
    }
}
