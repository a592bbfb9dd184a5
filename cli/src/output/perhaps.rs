//! Adds suggestions for a misspelt or ambiguous name to a message.

use whyfor::{FactError, Policy, Refusal};

/// For a name that names nothing, or several things.
pub(crate) fn refusal(policy: &Policy, refusal: &Refusal<'_>) -> String {
    with(&refusal.to_string(), &policy.candidates(refusal))
}

/// For a fact that cannot be stated.
pub(crate) fn fact(policy: &Policy, error: &FactError) -> String {
    match error {
        FactError::Purpose { .. } => with(&error.to_string(), &policy.fact_candidates(error)),
        _ => error.to_string(), // the message lists them
    }
}

fn with(message: &str, candidates: &[String]) -> String {
    match candidates {
        [] => message.to_owned(),
        _ => format!("{message}: perhaps `{}`", candidates.join("` or `")),
    }
}
