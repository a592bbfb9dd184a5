//! `regorus`: its register machine over a flat `data` document.
//!
//! Measured against nested documents (`data.permits[input.category][input.method][input.purpose]`, a third
//! slower here) and against inputs that are objects or arrays, which cost more to make than all else. An
//! input may be any value, so the key is the whole input. The rule's value is the value found, not
//! `true if` it is found: that is two instructions fewer, and a denied question is then an undefined value
//! and not a failed condition. There is no `default`, for the same reason.

use std::collections::BTreeMap;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};

use super::{Engine, key};
use crate::world::{Asked, World};

const POLICY: &str = "package peers\nallow := data.permits[input]\n";
const ENTRY: &str = "data.peers.allow";

/// The machine, loaded with the program and the permitted triples.
pub struct Regorus(RegoVM);

impl Engine for Regorus {
    const NAME: &'static str = "regorus";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let mut rego = Rego::new();
        rego.add_policy("peers.rego".into(), POLICY.into()).expect("the policy is valid");
        let policy = rego.compile_with_entrypoint(&ENTRY.into()).expect("the rule is there");
        let program = Compiler::compile_from_policy(&policy, &[ENTRY]).expect("the rule compiles");
        let mut machine = RegoVM::new_with_policy(policy);
        machine.load_program(program);
        machine.set_data(data(world)).expect("no rule is named as the data are");
        Self(machine)
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        self.0.set_input(Value::from(key(&asked.category, &asked.method, &asked.purpose)));
        matches!(self.0.execute(), Ok(Value::Bool(true)))
    }
}

/// `{"permits": {KEY: true, …}}`
fn data(world: &World) -> Value {
    let permits: BTreeMap<Value, Value> = world
        .permitted()
        .into_iter()
        .map(|question| {
            let Asked { category, method, purpose } = world.asked(question);
            (Value::from(key(&category, &method, &purpose)), Value::Bool(true))
        })
        .collect();
    Value::from(BTreeMap::from([(Value::from("permits"), Value::from(permits))]))
}
