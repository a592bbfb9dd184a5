//! The readers of formats other than published lists. Each gives the same records.
//!
//! - `csv`: a record of processing activities as a table;
//! - `apple`: the privacy manifest of an app;
//! - `google`: the answers to the data safety form of an app store;
//! - `fides`: manifests of datasets and systems;
//! - `dpv`: the Data Privacy Vocabulary.

pub(super) mod apple;
pub(super) mod csv;
pub(super) mod dpv;
pub(super) mod fides;
pub(super) mod google;

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error(transparent)]
    Page(#[from] crate::notice::read::ReadError),
    #[error("{0}")]
    Format(String),
}

/// The rows of a text in CSV, each with its line. The separator is a comma, a semicolon or a tab.
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, ImportError> {
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

/// `EmailAddress` or `PSL_EMAIL_ADDRESS` as words.
fn words_of(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (at, character) in characters.iter().enumerate() {
        let is_upper = character.is_uppercase();
        let after_lower = at > 0 && characters[at - 1].is_lowercase();
        let before_lower = characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let starts = is_upper && (after_lower || before_lower && at > 0);
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), character.is_alphanumeric()) {
            word.push(*character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name such as `email_address`.
fn name_of(name: &str) -> String {
    let words: Vec<String> = words_of(name).iter().map(|word| word.to_lowercase()).collect();
    match words.join("_") {
        name if name.is_empty() => "unnamed".to_owned(),
        name => name,
    }
}

/// A label such as "Email address".
fn label_of(name: &str) -> String {
    let words = words_of(name);
    let is_shouted = words.iter().all(|word| word.chars().all(|c| !c.is_lowercase()));
    let words = words.iter().enumerate().map(|(at, word)| {
        let is_abbreviation = !is_shouted && word.len() > 1 && word.chars().all(char::is_uppercase);
        let mut letters = word.chars();
        match letters.next() {
            _ if is_abbreviation => word.clone(),
            Some(first) if at == 0 => {
                first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase()
            }
            _ => word.to_lowercase(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
