//! Comma-separated values (RFC 4180): the paths of purposes in the first line, then a line for each
//! category. Rows are decided and written one at a time.

use super::Subject;
use std::io::Write;

pub(crate) fn write(subject: &Subject<'_>, out: &mut impl Write) -> std::io::Result<()> {
    write!(out, "category")?;
    for column in &subject.columns {
        write!(out, ",{}", field(column.path))?;
    }
    write!(out, "\r\n")?;
    for (row, heading) in subject.rows.iter().enumerate() {
        write!(out, "{}", field(heading.path))?;
        for column in 0..subject.columns.len() {
            write!(out, ",{}", subject.verdict(row, column).as_str())?;
        }
        write!(out, "\r\n")?;
    }
    out.flush()
}

/// Quotes a field if needed; paths are names with dots and never need it.
fn field(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
