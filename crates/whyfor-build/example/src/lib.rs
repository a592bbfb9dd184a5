//! A program with two policies in it. Its tables are a part of the program, so it needs no compiler of policies.

whyfor::include_policy!(
    /// The shop's policy.
    pub mod shop
);
whyfor::include_policy!(pub mod odd_names);

use shop::{category, purpose};
use whyfor::{Act, Facts};

/// Whether the address may be used to sign in.
#[must_use]
pub fn may_sign_in(facts: &Facts) -> bool {
    let (policy, ids) = (shop::policy(), shop::ids());
    let (email, login) = (ids[category::contact::EMAIL], ids[purpose::service::LOGIN]);
    policy.decide(Act::Use, email, login, facts).is_allowed()
}
