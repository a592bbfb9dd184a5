//! The rows of a table in CSV.

use super::ImportError;

/// The rows of a text in CSV, each with its line. The separator is a comma, a semicolon or a tab.
pub(super) fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, ImportError> {
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| ImportError::Format(error.to_string()))?;
        let line = row.position().map_or(0, |position| position.line());
        let cells = row.iter().map(|cell| cell.trim().to_owned()).collect();
        rows.push((usize::try_from(line).unwrap_or(usize::MAX), cells));
    }
    Ok(rows)
}
