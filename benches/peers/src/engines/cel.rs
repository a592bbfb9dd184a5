//! `cel`: one expression over a flat map of triples.
//!
//! Measured against nested maps (`permits[category][method][purpose]`, which fails on a missing key and so
//! needs a test before each step) and against joining the names within the expression: one `in` with the
//! key made by the caller is the fastest. Three things make it faster still. The variables come from a
//! resolver, which lends them, where `add_variable` would box each one and insert its name into a tree. The
//! map lives in the engine and is borrowed for each request. The environment is empty, as `in` is an
//! operator and needs no function.

use std::collections::HashMap;
use std::sync::Arc;

use cel::common::types::{CelBool, CelMap, CelMapKey, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, Program, Value};

use super::{Engine, key};
use crate::world::{Asked, World};

/// The compiled expression and the map that it reads.
pub struct Cel {
    program: Program,
    env: Arc<Env>,
    permits: CelMap<'static>,
}

impl Engine for Cel {
    const NAME: &'static str = "cel";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let permits: HashMap<CelMapKey<'static>, Box<dyn Val>> = world
            .permitted()
            .into_iter()
            .map(|question| {
                let Asked { category, method, purpose } = world.asked(question);
                let permitted: Box<dyn Val> = Box::new(CelBool::from(true));
                (CelMapKey::from(key(&category, &method, &purpose)), permitted)
            })
            .collect();
        Self {
            program: Program::compile("key in permits").expect("the expression is valid"),
            env: Arc::new(Env::default()),
            permits: CelMap::from(permits),
        }
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let key = key(&asked.category, &asked.method, &asked.purpose);
        let request = Request { key: &key, permits: &self.permits };
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(&request);
        matches!(self.program.execute(&context), Ok(Value::Bool(true)))
    }
}

/// The two variables of one request.
struct Request<'a> {
    key: &'a str,
    permits: &'a CelMap<'static>,
}

impl VariableResolver for Request<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        match variable {
            "key" => Some(CowVal::owned(CelString::from(self.key))),
            "permits" => Some(CowVal::Borrowed(self.permits)),
            _ => None,
        }
    }
}
