//! What a misspelt or ambiguous name could have meant, said behind a message.

use whyfor::{FactError, Policy, Refusal};

/// A name that names nothing, or several things.
pub(crate) fn refusal(policy: &Policy, refusal: &Refusal<'_>) -> String {
    with(&refusal.to_string(), &policy.candidates(refusal))
}

/// A fact that cannot be stated.
pub(crate) fn fact(policy: &Policy, error: &FactError) -> String {
    match error {
        FactError::Purpose { .. } => with(&error.to_string(), &policy.fact_candidates(error)),
        _ => error.to_string(), // it lists them
    }
}

fn with(message: &str, candidates: &[String]) -> String {
    match candidates {
        [] => message.to_owned(),
        _ => format!("{message}: perhaps `{}`", candidates.join("` or `")),
    }
}
