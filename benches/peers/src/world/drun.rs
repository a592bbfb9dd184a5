//! A real policy: the d.run collection list.
//!
//! The flattened list is a text of its own, since it is data that a reader will want to hold against the
//! published page. When `policies/drun.why` is the source, only [`World::drun`] changes.

use super::{Rule, World};

const LIST: &str = include_str!("drun.txt");

impl World {
    /// The d.run personal information collection list.
    ///
    /// # Panics
    ///
    /// If the text beside this file is not of its own form.
    #[must_use]
    pub fn drun() -> Self {
        let mut world = Self {
            categories: Vec::new(),
            methods: Vec::new(),
            purposes: Vec::new(),
            rules: Vec::new(),
        };
        for line in LIST.lines() {
            if let Some(permit) = line.strip_prefix("collect ") {
                world.add(permit);
            }
        }
        world
    }

    fn add(&mut self, permit: &str) {
        let (categories, rest) = permit.split_once(" by ").expect("a permit has `by`");
        let (methods, purposes) = rest.split_once(" for ").expect("a permit has `for`");
        self.rules.push(Rule {
            categories: places(&mut self.categories, categories),
            methods: places(&mut self.methods, methods),
            purposes: places(&mut self.purposes, purposes),
        });
    }
}

/// The places of the listed names, new ones appended.
fn places(names: &mut Vec<String>, list: &str) -> Vec<u32> {
    list.split(", ")
        .map(|name| {
            let place = names.iter().position(|known| known == name);
            let place = place.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            u32::try_from(place).expect("the list has dozens of names")
        })
        .collect()
}
