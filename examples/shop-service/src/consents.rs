//! What a customer agreed to, and what not: purposes, as they were named at the time.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consents {
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

impl Consents {
    pub fn yes(&self) -> Vec<&str> {
        self.yes.iter().map(String::as_str).collect()
    }

    pub fn no(&self) -> Vec<&str> {
        self.no.iter().map(String::as_str).collect()
    }
}
