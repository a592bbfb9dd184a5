//! JSON without control sequences for terminals: such characters are escaped, which does not change
//! their meaning in JSON.

use serde::Serialize;
use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A value on several lines, with a final line break.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default(); // cannot fail in memory
    escaped(&text).into_owned() + "\n"
}

/// A value on one line.
pub(crate) fn line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default(); // cannot fail in memory
    escaped(&text).into_owned()
}

/// Writes a value on one line.
pub(crate) fn compact(out: &mut impl Write, value: &impl Serialize) -> serde_json::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Escaping))
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        out.write_all(escaped(text).as_bytes())
    }
}

/// JSON, or a part of a string in it. Outside strings only line breaks are unprintable, and they
/// are kept.
fn escaped(json: &str) -> Cow<'_, str> {
    let Cow::Owned(_) = whyfor::printable_lines(json) else { return json.into() };
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        let is_shown =
            matches!(whyfor::printable_lines(c.encode_utf8(&mut [0; 4])), Cow::Borrowed(_));
        match is_shown {
            true => text.push(c),
            false => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}"); // into a string: cannot fail
                }
            }
        }
    }
    text.into()
}
