//! What the service does with customers' data: each purpose, prepared once for all requests.

use whyfor::{Act, Policy};
use whyfor_serde::{Error, Prepared};

pub struct Purposes {
    /// What a customer may send when signing up.
    pub sign_up: Prepared,
    /// What customers see of themselves.
    pub account: Prepared,
    /// What the staff sees.
    pub support: Prepared,
    /// What goes to the company that sends the newsletter.
    pub newsletter: Prepared,
    /// What goes to the partner in research.
    pub research: Prepared,
}

impl Purposes {
    pub fn new() -> Self {
        Self {
            sign_up: Prepared::new(Act::Collect(Some("provided")), "account"),
            account: Prepared::new(Act::Use, "account").structural(["id"]),
            support: Prepared::new(Act::Use, "support").structural(["id"]),
            newsletter: Prepared::new(Act::Share(Some("mailer")), "newsletter"),
            research: Prepared::new(Act::Share(Some("university")), "research")
                .meaning("age_group", "age"),
        }
    }

    /// Whether a version of the policy knows all their names.
    pub fn check(&self, policy: &Policy) -> Result<(), Error> {
        let Self { sign_up, account, support, newsletter, research } = self;
        [sign_up, account, support, newsletter, research]
            .into_iter()
            .try_for_each(|purpose| purpose.check(policy))
    }
}
