//! An invented policy and values for the tests.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses some of it, and fails by panicking"
)]

use serde::{Deserialize, Serialize};
use whyfor::{Act, Facts, Policy};
use whyfor_serde::{PolicyExt, View};

pub(crate) const POLICY: &str = r#"
    policy clinic "Clinic"
    category contact { email phone }
    category health { allergies diagnosis }
    category account { nickname locale visits ratio }
    category ssn
    category events
    category marker
    category place { line_1 line2 }
    method   provided
    method   scraped
    purpose  support  purpose research  purpose billing
    recipient lab
    fact     consent per purpose
    duty     deidentify
    field    "*_mail" is contact.email
    field    "tag_*"  is account.nickname
    field    "scores" is account.visits

    collect email, account by provided for support
    collect diagnosis by provided for support when consent
    use email, account, events, line_1 for support
    use diagnosis for support when consent
    use account for research then deidentify
    share email with lab for research
"#;

pub(crate) fn policy() -> Policy {
    Policy::from_str(POLICY).unwrap()
}

/// What support may see: the email address, the account, the events.
pub(crate) fn support(policy: &Policy) -> View<'_> {
    policy.view(Act::Use, "support", Facts::none())
}

/// What a view shows of a value.
pub(crate) fn shown<T: Serialize + ?Sized>(view: &View<'_>, value: &T) -> serde_json::Value {
    serde_json::from_slice(view.to_json(value).unwrap().bytes()).unwrap()
}

/// The order of its fields matters: a value that moved by one would be read under another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) nickname: String,
    pub(crate) ssn: String,
    pub(crate) visits: u32,
}

pub(crate) fn user() -> User {
    User {
        email: "ada@example.org".into(),
        phone: "CANARY-PHONE".into(),
        nickname: "ada".into(),
        ssn: "CANARY-SSN".into(),
        visits: 7,
    }
}
