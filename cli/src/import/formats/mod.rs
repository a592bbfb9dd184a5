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
mod rows;

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error(transparent)]
    Page(#[from] crate::notice::read::ReadError),
    #[error("{0}")]
    Format(String),
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
