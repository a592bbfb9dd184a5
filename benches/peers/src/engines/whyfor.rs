//! `whyfor`, the engine under test: by names as every peer is asked, and by ids.
//!
//! It is given the rules as the text of a policy. [`WhyforIds`] is for callers that resolve the names of their
//! columns and purposes once, when they start; resolving is then outside the time.

use whyfor::{Act, CategoryId, Facts, MethodId, Policy, PurposeId};

use super::Engine;
use crate::world::{Asked, World};

/// Asked by names.
pub struct WhyforNames(Policy);

/// Asked by ids.
pub struct WhyforIds(Policy);

impl Engine for WhyforNames {
    const NAME: &'static str = "whyfor (names)";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        Self(policy(world))
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        self.0.may_collect(&asked.category, &asked.method, &asked.purpose)
    }
}

impl Engine for WhyforIds {
    const NAME: &'static str = "whyfor (ids)";
    type Question = (CategoryId, MethodId, PurposeId);

    fn prepare(world: &World) -> Self {
        Self(policy(world))
    }

    fn question(&self, asked: &Asked) -> Self::Question {
        let Asked { category, method, purpose } = asked;
        let category = self.0.category(category).expect("the policy declares every category");
        let method = self.0.method(method).expect("the policy declares every method");
        let purpose = self.0.purpose(purpose).expect("the policy declares every purpose");
        (category, method, purpose)
    }

    fn ask(&mut self, &(category, method, purpose): &Self::Question) -> bool {
        self.0.decide(Act::Collect(method), category, purpose, Facts::none()).is_allowed()
    }
}

fn policy(world: &World) -> Policy {
    match Policy::from_str(&world.to_why()) {
        Ok(policy) => policy,
        Err(mistakes) => panic!("the policy made from the world has mistakes:\n{mistakes}"),
    }
}
