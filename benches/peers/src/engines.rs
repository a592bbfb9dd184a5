//! The engines, one file each.
//!
//! What counts in the time is what a service does for each request: it has three strings and wants a yes or
//! a no. Loading and compiling the policy does not count; making entity uids, context objects or keys out
//! of the strings does. Where an engine can be asked in several ways, the file says which were measured and
//! which was fastest.

pub mod casbin;
pub mod cedar;
pub mod cel;
pub mod foldhash;
pub mod hashmap;
pub mod regorus;
pub mod whyfor;
pub mod zen;

use crate::world::{Asked, World};

/// A policy engine that was loaded with a world.
pub trait Engine {
    /// Its row in the table.
    const NAME: &'static str;

    /// What it is asked: [`Asked`], save for an engine whose callers keep something better than strings.
    type Question;

    /// Loads and compiles the rules.
    fn prepare(world: &World) -> Self;

    /// Makes a question ready, outside the time.
    fn question(&self, asked: &Asked) -> Self::Question;

    /// Answers it; the time of this is what is measured.
    fn ask(&mut self, question: &Self::Question) -> bool;

    /// How many questions one timed round has, given how many rules there are: a power of two, and fewer
    /// than the usual for an engine whose time grows so much that a round would take seconds.
    fn round(_rules: usize) -> usize {
        1_024
    }
}

/// `CATEGORY|METHOD|PURPOSE`: the one key of an engine that is fastest over a flat table of triples.
fn key(category: &str, method: &str, purpose: &str) -> String {
    let mut key = String::with_capacity(category.len() + method.len() + purpose.len() + 2);
    key.push_str(category);
    key.push('|');
    key.push_str(method);
    key.push('|');
    key.push_str(purpose);
    key
}

/// The round of an engine that reads all rules for each question: some hundred thousand rules' worth.
fn round_of_a_scan(rules: usize) -> usize {
    (100_000 / rules.max(1)).next_power_of_two().clamp(2, 1_024)
}
