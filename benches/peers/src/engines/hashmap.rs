//! `std::collections::HashMap` of string triples: the program that people write before they look for an engine.
//!
//! A map of `(String, String, String)` looks as if it could only be asked with three new `String`s. It can be
//! asked with three `&str` through a trait object that both kinds of triple lend, which saves the three
//! allocations; the hash is the standard one.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use super::Engine;
use crate::world::{Asked, World};

type Triple = (String, String, String);

/// The permitted triples.
#[derive(Debug)]
pub struct StdHashMap(HashMap<Triple, bool>);

impl Engine for StdHashMap {
    const NAME: &'static str = "HashMap of string triples";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let triples = world.permitted().into_iter().map(|question| {
            let Asked { category, method, purpose } = world.asked(question);
            ((category, method, purpose), true)
        });
        Self(triples.collect())
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let triple = (asked.category.as_str(), asked.method.as_str(), asked.purpose.as_str());
        self.0.get(&triple as &dyn Borrowed).copied().unwrap_or(false)
    }
}

/// A triple that can be looked at as three `&str`.
trait Borrowed {
    fn parts(&self) -> (&str, &str, &str);
}

impl Borrowed for Triple {
    fn parts(&self) -> (&str, &str, &str) {
        (&self.0, &self.1, &self.2)
    }
}

impl Borrowed for (&str, &str, &str) {
    fn parts(&self) -> (&str, &str, &str) {
        *self
    }
}

impl<'a> Borrow<dyn Borrowed + 'a> for Triple {
    fn borrow(&self) -> &(dyn Borrowed + 'a) {
        self
    }
}

// The derived hash of a tuple of strings is the hash of its parts in order, so the two kinds agree.
impl Hash for dyn Borrowed + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl PartialEq for dyn Borrowed + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for dyn Borrowed + '_ {}
