//! Random policies, questions and facts for the property tests.
//!
//! Everything is read off a list of choices that proptest makes and shrinks: fewer and smaller choices
//! give a smaller policy, and no choices give the smallest.

pub mod conditions;

use std::collections::BTreeMap;
use std::fmt::Write;
use whyfor::reference::{Stated, StatedFacts};
use whyfor::{Act, Facts, Memory, Model, Policy, Question};

/// A stream of choices; zeros when it is used up.
pub struct Choices<'c>(std::slice::Iter<'c, u16>);

impl<'c> Choices<'c> {
    pub fn new(choices: &'c [u16]) -> Self {
        Self(choices.iter())
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count.max(1)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A policy in parts, so that they can be shuffled, left out and added to.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Declarations of vocabulary, facts, duties, tags and fields, one item each.
    pub declarations: Vec<String>,
    /// Statements, one item each.
    pub statements: Vec<String>,
    pub categories: Vec<String>,
    pub methods: Vec<String>,
    pub purposes: Vec<String>,
    pub recipients: Vec<String>,
    /// Names to ask by: paths, tails, fields that patterns map, and unknown ones.
    pub fields: Vec<String>,
}

const REGIONS: [&str; 3] = ["eu", "us", "cn"];

impl World {
    pub fn new(choices: &mut Choices<'_>) -> Self {
        let mut world = Self::default();
        world.declarations.extend(
            [
                "tag sensitive \"Sensitive\" published { health { gene } }",
                "fact verified",
                "fact consent per purpose \"agreed\"",
                "fact objected per purpose",
                "fact region: one of eu \"Europe\", us, cn \"China\"",
                "fact age: number",
                "duty notify",
                "duty deidentify",
                "duty log_access",
                "basis contract \"Contract\"",
                "basis agreed when consent",
                "basis legitimate unless objected and age < 17",
                "basis `legal-duty` when verified unless region is cn",
                "event account_deletion \"Deletion of the account\"",
                "event last_order",
            ]
            .map(str::to_owned),
        );
        world.categories = world.hierarchy(choices, "category", 7);
        world.methods = world.hierarchy(choices, "method", 3);
        world.purposes = world.hierarchy(choices, "purpose", 6);
        world.recipients = world.hierarchy(choices, "recipient", 3);
        world.fields(choices);
        for _ in 0..=choices.below(9) {
            let statement = world.statement(choices);
            world.statements.push(statement);
        }
        world
    }

    /// A forest of up to `most` nodes whose names repeat, some with further parents.
    fn hierarchy(&mut self, choices: &mut Choices<'_>, word: &str, most: usize) -> Vec<String> {
        let count = 1 + choices.below(most);
        let initial = &word[..1];
        let mut nodes: Vec<(String, Option<usize>)> = Vec::new();
        for id in 0..count {
            let parent = (id > 0 && !choices.once_in(3)).then(|| choices.below(id));
            // Names repeat in different places, so that tails are ambiguous now and then.
            let name =
                if choices.once_in(4) { format!("{initial}x") } else { format!("{initial}{id}") };
            let taken = nodes.iter().any(|(other, p)| *p == parent && *other == name);
            nodes.push((if taken { format!("{initial}{id}") } else { name }, parent));
        }
        let path = |mut id: usize| {
            let mut path = nodes[id].0.clone();
            while let Some(parent) = nodes[id].1 {
                path = format!("{}.{path}", nodes[parent].0);
                id = parent;
            }
            path
        };
        let paths: Vec<String> = (0..count).map(path).collect();
        // A further parent has a lower number than the node's root, so that there are no circles.
        let root = |mut id: usize| {
            while let Some(parent) = nodes[id].1 {
                id = parent;
            }
            id
        };
        let mut text = vec![String::new(); count];
        for id in (0..count).rev() {
            let mut item = nodes[id].0.clone();
            if choices.once_in(3) {
                let open = if id % 2 == 0 { " open" } else { "" };
                let _ = write!(item, " \"{} 标签\"{open}", nodes[id].0);
            }
            if choices.once_in(4) {
                let tags = [" #sensitive", " #health", " #sensitive.health.gene"];
                item.push_str(tags[choices.below(tags.len())]);
            }
            let lower: Vec<usize> = (0..root(id)).collect();
            if !lower.is_empty() && choices.once_in(4) {
                let _ = write!(item, " also {}", paths[*choices.pick(&lower)]);
            }
            let children: Vec<String> =
                (0..count).filter(|c| nodes[*c].1 == Some(id)).map(|c| text[c].clone()).collect();
            if !children.is_empty() {
                let _ = write!(item, " {{ {} }}", children.join(" "));
            }
            text[id] = item;
        }
        for id in (0..count).filter(|id| nodes[*id].1.is_none()) {
            self.declarations.push(format!("{word} {}", text[id]));
        }
        paths
    }

    fn fields(&mut self, choices: &mut Choices<'_>) {
        const PATTERNS: [&str; 9] =
            ["t.col", "*_a", "**_b", "x?y", "pre*", "*mid*", "**.z", "A*b*c", "c0"];
        for _ in 0..choices.below(4) {
            let mut item = format!("field \"{}\"", choices.pick(&PATTERNS));
            if choices.once_in(3) {
                let _ = write!(item, ", \"{}\"", choices.pick(&PATTERNS));
            }
            if choices.once_in(3) {
                let _ = write!(item, " except \"{}\"", choices.pick(&["no_a", "*mid*", "t.*"]));
            }
            let _ = write!(item, " is {}", choices.pick(&self.categories));
            if choices.once_in(3) {
                let _ = write!(item, ", {}", choices.pick(&self.categories));
            }
            self.declarations.push(item);
        }
        self.fields = self.categories.clone();
        let tails =
            self.categories.iter().filter_map(|p| p.split_once('.')).map(|(_, t)| t.to_owned());
        self.fields.extend(tails.collect::<Vec<_>>());
        let names = [
            "t.col", "T.COL", "no_a", "yes_a", "d.x_b", "xzy", "x.y", "pre", "premid_a", "d.z",
            "aXbXc", "cx", "unknown",
        ];
        self.fields.extend(names.map(str::to_owned));
    }

    pub fn statement(&self, choices: &mut Choices<'_>) -> String {
        match choices.below(8) {
            0..6 => self.permit(choices),
            6 => self.never(choices),
            _ => {
                let (act, party) = self.act(choices, true);
                let duty = match choices.below(4) {
                    0 | 1 => "notify, log_access".to_owned(),
                    2 => format!("retain {}", self.limits(choices)),
                    _ => format!("deidentify retain {}", self.limits(choices)),
                };
                let c = self.selection(choices, &self.categories, true);
                let part = self.purpose_part(choices);
                format!("require {duty} to {act} {c}{party}{part}{}", self.condition_part(choices))
            }
        }
    }

    pub fn permit(&self, choices: &mut Choices<'_>) -> String {
        let (act, party) = self.act(choices, false);
        let c = match act {
            "collect" => self.collected_data(choices),
            _ => self.selection(choices, &self.categories, true),
        };
        let p = self.selection(choices, &self.purposes, false);
        let mut statement = format!("{act} {c}{party} for {p}{}", self.condition_part(choices));
        if choices.once_in(3) {
            statement.push_str(" then deidentify");
        }
        if choices.once_in(3) {
            let _ = write!(statement, " retain {}", self.limits(choices));
        }
        if choices.once_in(2) {
            let _ = write!(statement, " on {}", bases(choices));
        }
        if choices.once_in(5) {
            statement.push_str(" because \"the law says so\" see \"https://example.com/law\"");
        }
        statement
    }

    /// The data of a `collect`, some of it perhaps optional.
    fn collected_data(&self, choices: &mut Choices<'_>) -> String {
        if !choices.once_in(3) {
            return self.selection(choices, &self.categories, false);
        }
        let required = self.selection(choices, &self.categories, false);
        let optional = choices.pick(&self.categories);
        match choices.below(3) {
            0 => format!("optional {optional}"),
            1 => format!("optional {optional} & {}", choices.pick(&self.categories)),
            _ => format!("({required} except {optional}), optional {optional}"),
        }
    }

    fn limits(&self, choices: &mut Choices<'_>) -> String {
        let limit = |choices: &mut Choices<'_>| {
            let period = choices.pick(&[
                "1 hour",
                "24 hours",
                "1 day",
                "9 days",
                "2 weeks",
                "14 days",
                "1 month",
                "12 months",
                "1 year",
                "2 years",
            ]);
            let event = choices.pick(&["account_deletion", "last_order"]);
            match choices.below(6) {
                0..3 => (*period).to_owned(),
                3 => format!("{period} after {event}"),
                4 => format!("until {event}"),
                _ if choices.once_in(2) => format!("at least {period} after {event}"),
                _ => format!("at least {period}"),
            }
        };
        let count = 1 + choices.below(3);
        (0..count).map(|_| limit(choices)).collect::<Vec<_>>().join(", ")
    }

    pub fn never(&self, choices: &mut Choices<'_>) -> String {
        let (act, party) = self.act(choices, true);
        let c = self.selection(choices, &self.categories, false);
        let part = self.purpose_part(choices);
        format!("never {act} {c}{party}{part}{}", self.condition_part(choices))
    }

    fn act(&self, choices: &mut Choices<'_>, optional: bool) -> (&'static str, String) {
        let (act, word, names) = match choices.below(3) {
            0 => return ("use", String::new()),
            1 => ("collect", "by", &self.methods),
            _ => ("share", "with", &self.recipients),
        };
        if (optional || act == "collect") && choices.once_in(2) {
            return (act, String::new());
        }
        (act, format!(" {word} {}", self.selection(choices, names, false)))
    }

    fn purpose_part(&self, choices: &mut Choices<'_>) -> String {
        if choices.once_in(3) {
            return String::new();
        }
        format!(" for {}", self.selection(choices, &self.purposes, false))
    }

    fn selection(&self, choices: &mut Choices<'_>, names: &[String], collected: bool) -> String {
        match choices.below(12) {
            0..5 => choices.pick(names).clone(),
            5 => "*".to_owned(),
            6 | 7 => format!("{}, {}", choices.pick(names), choices.pick(names)),
            8 => format!("* except {}", choices.pick(names)),
            9 => format!(
                "({}, {}) & {}",
                choices.pick(names),
                choices.pick(names),
                choices.pick(names)
            ),
            10 if names == self.categories => "* except #sensitive".to_owned(),
            10 => format!("#health, {}", choices.pick(names)),
            11 if collected => "collected".to_owned(),
            _ => choices.pick(names).clone(),
        }
    }

    fn condition_part(&self, choices: &mut Choices<'_>) -> String {
        match choices.below(6) {
            0..3 => String::new(),
            3 => format!(" when {}", self.condition(choices, 2)),
            4 => format!(" unless {}", self.condition(choices, 2)),
            _ => format!(
                " when {} unless {}",
                self.condition(choices, 1),
                self.condition(choices, 1)
            ),
        }
    }

    fn condition(&self, choices: &mut Choices<'_>, depth: usize) -> String {
        match choices.below(if depth == 0 { 6 } else { 10 }) {
            0 => "consent".to_owned(),
            1 => "verified".to_owned(),
            2 => "objected".to_owned(),
            3 => format!(
                "age {} {}",
                choices.pick(&["<", "<=", ">", ">=", "==", "!="]),
                15 + choices.below(5)
            ),
            4 => format!("region {} {}", choices.pick(&["is", "is not"]), choices.pick(&REGIONS)),
            5 => format!(
                "region {} ({}, {})",
                choices.pick(&["in", "not in"]),
                choices.pick(&REGIONS),
                choices.pick(&REGIONS)
            ),
            6 => format!("not {}", self.condition_in_parentheses(choices, depth)),
            7 | 8 => format!(
                "{} and {}",
                self.condition_in_parentheses(choices, depth),
                self.condition_in_parentheses(choices, depth)
            ),
            _ => format!(
                "({} or {})",
                self.condition(choices, depth - 1),
                self.condition(choices, depth - 1)
            ),
        }
    }

    fn condition_in_parentheses(&self, choices: &mut Choices<'_>, depth: usize) -> String {
        format!("({})", self.condition(choices, depth - 1))
    }

    /// The policy as one file.
    pub fn text(&self) -> String {
        format!("policy w\n{}\n{}\n", self.declarations.join("\n"), self.statements.join("\n"))
    }

    pub fn model(&self) -> Model {
        model(&Memory::new().with("w.why", self.text()))
    }

    pub fn question(&self, choices: &mut Choices<'_>) -> Asked {
        let known = |choices: &mut Choices<'_>, names: &[String]| {
            if choices.once_in(20) { "nowhere".to_owned() } else { choices.pick(names).clone() }
        };
        let party = match choices.below(3) {
            0 => Party::Use,
            1 if choices.once_in(4) => Party::Collect(None),
            1 => Party::Collect(Some(known(choices, &self.methods))),
            _ if choices.once_in(4) => Party::Share(None),
            _ => Party::Share(Some(known(choices, &self.recipients))),
        };
        Asked {
            party,
            field: choices.pick(&self.fields).clone(),
            purpose: known(choices, &self.purposes),
        }
    }

    pub fn facts(&self, choices: &mut Choices<'_>) -> StatedFacts {
        let mut facts = BTreeMap::new();
        if choices.once_in(2) {
            facts.insert("verified".to_owned(), Stated::YesNo(choices.once_in(2)));
        }
        if choices.once_in(2) {
            facts.insert("age".to_owned(), Stated::Number(14.0 + choices.below(7) as f64));
        }
        if choices.once_in(2) {
            facts.insert("region".to_owned(), Stated::Choice((*choices.pick(&REGIONS)).to_owned()));
        }
        for name in ["consent", "objected"] {
            if choices.once_in(2) {
                let some = |choices: &mut Choices<'_>| -> Vec<String> {
                    (0..choices.below(3)).map(|_| choices.pick(&self.purposes).clone()).collect()
                };
                let (yes, no) = (some(choices), some(choices));
                facts.insert(name.to_owned(), Stated::Purposes { yes, no });
            }
        }
        facts
    }
}

/// Alternatives of legal bases.
fn bases(choices: &mut Choices<'_>) -> String {
    const BASES: [&str; 4] = ["contract", "agreed", "legitimate", "`legal-duty`"];
    let alternative = |choices: &mut Choices<'_>| match choices.once_in(3) {
        true => format!("{} & {}", choices.pick(&BASES), choices.pick(&BASES)),
        false => (*choices.pick(&BASES)).to_owned(),
    };
    let first = alternative(choices);
    if choices.once_in(3) { format!("{first}, {}", alternative(choices)) } else { first }
}

fn owned(limits: Vec<whyfor::Limit<&str>>) -> Vec<whyfor::Limit> {
    limits.into_iter().map(|limit| limit.map(str::to_owned)).collect()
}

pub fn model(files: &Memory) -> Model {
    Model::from_loader(files, "w.why").unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A question that owns its names.
#[derive(Clone, Debug)]
pub struct Asked {
    pub party: Party,
    pub field: String,
    pub purpose: String,
}

#[derive(Clone, Debug)]
pub enum Party {
    Use,
    /// By this method, or by any.
    Collect(Option<String>),
    /// With this recipient, or with any.
    Share(Option<String>),
}

impl Asked {
    pub fn question(&self) -> Question<'_> {
        let act = match &self.party {
            Party::Use => Act::Use,
            Party::Collect(method) => Act::Collect(method.as_deref()),
            Party::Share(recipient) => Act::Share(recipient.as_deref()),
        };
        Question { act, field: &self.field, purpose: &self.purpose }
    }
}

/// The facts as the library takes them.
pub fn stated(policy: &Policy, facts: &StatedFacts) -> Facts {
    let mut builder = policy.facts_builder();
    for (name, value) in facts {
        let set = match value {
            Stated::YesNo(value) => builder.set(name, *value),
            Stated::Number(value) => builder.set(name, *value),
            Stated::Choice(value) => builder.set(name, value.as_str()),
            Stated::Purposes { yes, no } => builder.set(name, whyfor::FactValue::purposes(yes, no)),
        };
        set.unwrap_or_else(|error| panic!("{error}"));
    }
    builder.build()
}

/// What a policy answers, in the form of the reference.
pub fn answer(policy: &Policy, asked: &Asked, facts: &StatedFacts) -> whyfor::reference::Answer {
    let facts = stated(policy, facts);
    let decision = policy.ask(&asked.question(), &facts);
    whyfor::reference::Answer {
        verdict: decision.verdict(),
        duties: decision.duties().map(str::to_owned).collect(),
        bases: decision.bases().map(str::to_owned).collect(),
        unbased: decision.is_unbased(),
        retain: owned(decision.retain()),
        retain_at_least: owned(decision.retain_at_least()),
        retain_days: decision.retain_days(),
        optional: decision.is_optional(),
    }
}
