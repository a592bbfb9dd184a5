//! `cedar-policy`: the rules as data, and a policy a rule.
//!
//! Cedar evaluates every policy of its set for each request, so the fastest set has one policy, and what is
//! permitted is in the entities. [`CedarEntities`] says it with the hierarchy: a use (`METHOD|PURPOSE`) is a
//! member of each category that may be collected so, and the policy asks `principal in resource`. Measured
//! against a set attribute of the category (`resource.permits.contains(principal)`, a twentieth slower), an
//! attribute and a policy a method, and an entity a triple.
//!
//! [`CedarPolicies`] has a policy a rule. A rule's categories are members of a group, so that its scope, which
//! is decided first, fails on one look-up; a chain of `==` over the categories is up to twice as slow. Methods
//! and purposes stand in `when`, because Cedar builds the expression of the scope anew at each evaluation but
//! shares that of `when`.
//!
//! In both, the policies come from their JSON form: it carries no places in a source text, which Cedar
//! otherwise copies into every value. Making the entity uids and the request counts in the time.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request,
};

use super::Engine;
use crate::world::{Asked, Rule, World};

const CATEGORY: &str = "Category";
const METHOD: &str = "Action"; // the type that Cedar wants actions to have
const PURPOSE: &str = "Purpose";
const USE: &str = "Use";
const GROUP: &str = "Group";

/// One policy over a hierarchy of uses and categories.
pub struct CedarEntities {
    cedar: Cedar,
    category: EntityTypeName,
    usage: EntityTypeName,
    collect: EntityUid,
}

/// A policy for each rule.
pub struct CedarPolicies {
    cedar: Cedar,
    category: EntityTypeName,
    method: EntityTypeName,
    purpose: EntityTypeName,
}

impl Engine for CedarEntities {
    const NAME: &'static str = "cedar, rules as entities";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let (category, usage) = (type_named(CATEGORY), type_named(USE));
        let mut uses: HashMap<(u32, u32), HashSet<EntityUid>> = HashMap::new();
        for question in world.permitted() {
            let categories = uses.entry((question.method, question.purpose)).or_default();
            categories.insert(uid(&category, world.category(question.category)));
        }
        let entities = uses.into_iter().map(|((method, purpose), categories)| {
            let name = use_name(world.method(method), world.purpose(purpose));
            Entity::new_no_attrs(uid(&usage, &name), categories)
        });
        Self {
            cedar: Cedar::new(
                "permit(principal, action, resource) when { principal in resource };",
                entities,
            ),
            category,
            usage,
            collect: uid(&type_named(METHOD), "collect"),
        }
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        self.cedar.allows(
            uid(&self.usage, &use_name(&asked.method, &asked.purpose)),
            self.collect.clone(),
            uid(&self.category, &asked.category),
        )
    }
}

impl Engine for CedarPolicies {
    const NAME: &'static str = "cedar, policy per rule";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let (category, group) = (type_named(CATEGORY), type_named(GROUP));
        let mut policies = String::new();
        let mut groups = vec![HashSet::new(); world.categories.len()];
        for (number, rule) in world.rules.iter().enumerate() {
            write_policy(&mut policies, world, number, rule);
            for &member in &rule.categories {
                groups[member as usize].insert(uid(&group, &number.to_string()));
            }
        }
        let entities = world
            .categories
            .iter()
            .zip(groups)
            .map(|(name, groups)| Entity::new_no_attrs(uid(&category, name), groups));
        Self {
            cedar: Cedar::new(&policies, entities),
            category,
            method: type_named(METHOD),
            purpose: type_named(PURPOSE),
        }
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        self.cedar.allows(
            uid(&self.category, &asked.category),
            uid(&self.method, &asked.method),
            uid(&self.purpose, &asked.purpose),
        )
    }

    fn round(rules: usize) -> usize {
        super::round_of_a_scan(rules)
    }
}

/// An authorizer and all that it reads.
struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Cedar {
    fn new(policies: &str, entities: impl IntoIterator<Item = Entity>) -> Self {
        let parsed: PolicySet = policies.parse().expect("the policies are valid");
        let json = parsed.to_json().expect("static policies have a JSON form");
        Self {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_json_value(json).expect("Cedar reads what it wrote"),
            entities: Entities::from_entities(entities, None).expect("the hierarchy has no circle"),
        }
    }

    fn allows(&self, principal: EntityUid, action: EntityUid, resource: EntityUid) -> bool {
        let request = Request::new(principal, action, resource, Context::empty(), None)
            .expect("without a schema every request is valid");
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }
}

fn type_named(name: &str) -> EntityTypeName {
    name.parse().expect("the type names above are identifiers")
}

fn uid(type_name: &EntityTypeName, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(name))
}

fn use_name(method: &str, purpose: &str) -> String {
    let mut name = String::with_capacity(method.len() + purpose.len() + 1);
    name.push_str(method);
    name.push('|');
    name.push_str(purpose);
    name
}

fn write_policy(policies: &mut String, world: &World, number: usize, rule: &Rule) {
    let methods = any_of("action", METHOD, &rule.methods, &world.methods);
    let purposes = any_of("resource", PURPOSE, &rule.purposes, &world.purposes);
    writeln!(
        policies,
        "permit(principal in {GROUP}::\"{number}\", action, resource) when {{ {methods} && {purposes} }};",
    )
    .expect("a String takes whatever is written to it");
}

/// `(VARIABLE == TYPE::"A" || VARIABLE == TYPE::"B")`
fn any_of(variable: &str, type_name: &str, places: &[u32], names: &[String]) -> String {
    let tests: Vec<String> = places
        .iter()
        .map(|&place| format!("{variable} == {type_name}::\"{}\"", names[place as usize]))
        .collect();
    format!("({})", tests.join(" || "))
}
