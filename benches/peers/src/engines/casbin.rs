//! `casbin`: its index of role links, and a policy line a rule.
//!
//! Casbin runs the matcher for one policy line after another until one of them allows, so its time is the
//! number of lines. The one index that it has is that of role links. [`CasbinLinks`] puts everything into
//! it: the purpose "has the role" of the method in the "domain" of the category, and a matcher that needs no
//! line runs once. Of the ways to lay three names out over user, role and domain this one is the fastest: a
//! user has at most as many roles as there are methods, and a role is found by walking over them.
//!
//! [`CasbinRules`] is the form in which people write rules over sets: a line a rule, and a function that
//! finds a name in a list. The categories come first in the matcher, as most lines fail there.

use casbin::function_map::OperatorFunction;
use casbin::prelude::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use casbin::rhai::Dynamic;

use super::Engine;
use crate::ready::ready;
use crate::world::{Asked, World};

/// The permitted triples as role links.
pub struct CasbinLinks(Enforcer);

/// The rules as policy lines.
pub struct CasbinRules(Enforcer);

const LINKS: &str = "
[request_definition]
r = category, method, purpose
[policy_definition]
p = unused
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.purpose, r.method, r.category)
";

const RULES: &str = "
[request_definition]
r = category, method, purpose
[policy_definition]
p = categories, methods, purposes
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = listed(r.category, p.categories) && listed(r.purpose, p.purposes) && listed(r.method, p.methods)
";

impl Engine for CasbinLinks {
    const NAME: &'static str = "casbin, role links";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let enforcer = enforcer(LINKS);
        let links = enforcer.get_role_manager();
        for question in world.permitted() {
            links.write().add_link(
                world.purpose(question.purpose),
                world.method(question.method),
                Some(world.category(question.category)),
            );
        }
        Self(enforcer)
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let names = vec![asked.category.as_str(), asked.method.as_str(), asked.purpose.as_str()];
        self.0.enforce(names).unwrap_or(false)
    }
}

impl Engine for CasbinRules {
    const NAME: &'static str = "casbin, policy line per rule";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let mut enforcer = enforcer(RULES);
        enforcer.add_function("listed", OperatorFunction::Arg2(listed));
        let lines = world.rules.iter().map(|rule| {
            vec![
                list(&rule.categories, &world.categories),
                list(&rule.methods, &world.methods),
                list(&rule.purposes, &world.purposes),
            ]
        });
        let lines = lines.collect();
        ready(enforcer.add_policies(lines)).expect("lines of three fields are policies");
        Self(enforcer)
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let names = vec![asked.category.as_str(), asked.method.as_str(), asked.purpose.as_str()];
        self.0.enforce(names).unwrap_or(false)
    }

    fn round(rules: usize) -> usize {
        super::round_of_a_scan(rules)
    }
}

fn enforcer(model: &str) -> Enforcer {
    let model = ready(DefaultModel::from_str(model)).expect("the model is valid");
    ready(Enforcer::new(model, MemoryAdapter::default())).expect("the matcher compiles")
}

/// `a;b`
fn list(places: &[u32], names: &[String]) -> String {
    let names: Vec<&str> = places.iter().map(|&place| names[place as usize].as_str()).collect();
    names.join(";")
}

/// Whether the first string is in the second, a list as [`list`] makes it.
fn listed(name: Dynamic, list: Dynamic) -> Dynamic {
    let (Ok(name), Ok(list)) = (name.into_immutable_string(), list.into_immutable_string()) else {
        return false.into();
    };
    list.split(';').any(|listed| *listed == *name).into()
}
