//! YAML files that people write: labels and tests.

use crate::exit::Failure;
use crate::files;
use serde::de::DeserializeOwned;
use std::path::Path;

/// How many brackets may be open at once, those in texts among them. Nobody's file has as many, and
/// reading takes the square of them.
const MOST_OPEN: usize = 10_000;

/// Reads a file; what is wrong with it is told with its place.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = files::read_text(path)?;
    let wrong = |message: String| Failure::Usage(format!("`{}`: {message}", path.display()));
    if let Some(line) = too_deep(&text) {
        return Err(wrong(format!("over {MOST_OPEN} brackets in each other at line {line}")));
    }
    // A file without anything is one without keys.
    let text = if text.trim().is_empty() { "{}" } else { &text };
    serde_yaml::from_str(text).map_err(|error| wrong(error.to_string()))
}

fn too_deep(text: &str) -> Option<usize> {
    let (mut open, mut line) = (0usize, 1);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            b'\n' => line += 1,
            _ => {}
        }
        if open > MOST_OPEN {
            return Some(line);
        }
    }
    None
}
