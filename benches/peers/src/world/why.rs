//! The same rules in the language under test.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::World;

impl World {
    /// The world as a policy file: its vocabulary, then one `collect` a rule.
    #[must_use]
    pub fn to_why(&self) -> String {
        let mut text = String::from("policy peers \"Peers\" {\n    version \"1\"\n}\n\n");
        declare(&mut text, "category", &self.categories);
        declare(&mut text, "method", &self.methods);
        declare(&mut text, "purpose", &self.purposes);
        for rule in &self.rules {
            let categories = list(&rule.categories, &self.categories);
            let methods = list(&rule.methods, &self.methods);
            let purposes = list(&rule.purposes, &self.purposes);
            line(&mut text, format_args!("collect {categories} by {methods} for {purposes}"));
        }
        text
    }
}

/// Roots as they are, and the leaves of each group together below it.
fn declare(text: &mut String, kind: &str, names: &[String]) {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        match name.split_once('.') {
            Some((group, leaf)) => groups.entry(group).or_default().push(leaf),
            None => line(text, format_args!("{kind} {name}")),
        }
    }
    for (group, leaves) in groups {
        line(text, format_args!("{kind} {group} {{ {} }}", leaves.join(" ")));
    }
}

fn list(places: &[u32], names: &[String]) -> String {
    let names: Vec<&str> = places.iter().map(|&place| names[place as usize].as_str()).collect();
    names.join(", ")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}
