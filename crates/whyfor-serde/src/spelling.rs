//! The spelling of names: JSON has `userEmail` where a policy has `user_email`.

use std::borrow::Cow;

/// How the names of fields and keys are spelt in what is read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Spelling {
    /// A name is asked as it is written and in `snake_case`, with and without `_` before digits: `addressLine1` as
    /// `address_line1` and `address_line_1`, since both are `addressLine1` in camel case. What any of them means must be
    /// allowed, so a name that means different things in two spellings needs a yes for both.
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

/// The forms of a name in `snake_case`, each once: first [`snake_case`], then those without and with `_` between letters
/// and digits. Camel case has the same name for them. O(length).
pub(crate) fn snake_forms(name: &str) -> Vec<Cow<'_, str>> {
    let snake = snake_case(name);
    let mut forms = vec![snake];
    if name.contains(char::is_numeric) {
        for form in [joined_digits(&forms[0]), parted_digits(&forms[0])] {
            if !forms.iter().any(|known| *known == form) {
                forms.push(Cow::Owned(form));
            }
        }
    }
    forms
}

/// `line_1` becomes `line1`.
fn joined_digits(snake: &str) -> String {
    let mut out = String::with_capacity(snake.len());
    let mut rest = snake.chars().peekable();
    while let Some(c) = rest.next() {
        let is_between = c == '_'
            && out.ends_with(char::is_alphabetic)
            && rest.peek().is_some_and(|next| next.is_numeric());
        if !is_between {
            out.push(c);
        }
    }
    out
}

/// `line1` becomes `line_1`.
fn parted_digits(snake: &str) -> String {
    let mut out = String::with_capacity(snake.len() + 4);
    for c in snake.chars() {
        if c.is_numeric() && out.ends_with(char::is_alphabetic) {
            out.push('_');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{snake_case, snake_forms};

    #[test]
    fn digits_stand_with_and_without_a_line_before_them() {
        let cases: [(&str, &[&str]); 7] = [
            ("addressLine1", &["address_line1", "address_line_1"]),
            ("address_line1", &["address_line1", "address_line_1"]),
            ("address_line_1", &["address_line_1", "address_line1"]),
            ("line2Text3", &["line2_text3", "line_2_text_3"]),
            ("2fa", &["2fa"]),
            ("plan_2_b", &["plan_2_b", "plan2_b"]),
            ("email", &["email"]),
        ];
        for (written, forms) in cases {
            assert_eq!(snake_forms(written), forms, "{written}");
        }
    }

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
