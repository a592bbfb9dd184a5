//! Random values in every format: no denied value leaves, and what may be seen comes out.
//!
//! `WHYFOR_VALUES=100000 cargo test -p whyfor-serde --test canaries` tries more.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::{policy, support};
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use whyfor::{Act, Facts};
use whyfor_serde::{HashKey, Instead, Layout, Prepared, View};

/// Names of fields and keys: known and allowed, known and denied, unknown, with dots, in other spellings.
const NAMES: [&str; 23] = [
    "email",
    "phone",
    "contact",
    "nickname",
    "account",
    "ssn",
    "events",
    "health",
    "diagnosis",
    "allergies",
    "visits",
    "scores",
    "work_mail",
    "workMail",
    "tag_x",
    "tagX",
    "stranger",
    "contact.phone",
    "events.ssn",
    "id",
    "place",
    "line1",
    "line_2",
];

/// A small generator of numbers: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.below(NAMES.len() as u64) as usize]
    }
}

/// A value of any shape that `serde` knows. Each leaf and each key of a map is a canary of its own.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Bytes(Vec<u8>),
    Big(u128),
    Number(u64),
    Nothing,
    Unit,
    Some(Box<Self>),
    Newtype(Box<Self>),
    List(Vec<Self>),
    Tuple(Vec<Self>),
    TupleStruct(Vec<Self>),
    Struct(Vec<(&'static str, Self)>),
    /// Whether its length is announced.
    Map(bool, Vec<(String, Self)>),
    NewtypeVariant(&'static str, Box<Self>),
    TupleVariant(&'static str, Vec<Self>),
    StructVariant(&'static str, Vec<(&'static str, Self)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => s.serialize_str(text),
            Self::Bytes(bytes) => s.serialize_bytes(bytes),
            Self::Big(number) => s.serialize_u128(*number),
            Self::Number(number) => s.serialize_u64(*number),
            Self::Nothing => s.serialize_none(),
            Self::Unit => s.serialize_unit(),
            Self::Some(node) => s.serialize_some(node),
            Self::Newtype(node) => s.serialize_newtype_struct("Newtype", node),
            Self::List(nodes) => {
                let mut list = s.serialize_seq(Some(nodes.len()))?;
                nodes.iter().try_for_each(|node| list.serialize_element(node))?;
                list.end()
            }
            Self::Tuple(nodes) => {
                let mut tuple = s.serialize_tuple(nodes.len())?;
                nodes.iter().try_for_each(|node| tuple.serialize_element(node))?;
                tuple.end()
            }
            Self::TupleStruct(nodes) => {
                let mut tuple = s.serialize_tuple_struct("Tuple", nodes.len())?;
                nodes.iter().try_for_each(|node| tuple.serialize_field(node))?;
                tuple.end()
            }
            Self::Struct(fields) => {
                let mut fields_of = s.serialize_struct("Struct", fields.len())?;
                fields.iter().try_for_each(|(name, node)| fields_of.serialize_field(name, node))?;
                fields_of.end()
            }
            Self::Map(is_known, entries) => {
                let mut map = s.serialize_map(is_known.then_some(entries.len()))?;
                entries.iter().try_for_each(|(key, node)| map.serialize_entry(key, node))?;
                map.end()
            }
            Self::NewtypeVariant(name, node) => s.serialize_newtype_variant("Enum", 0, name, node),
            Self::TupleVariant(name, nodes) => {
                let mut tuple = s.serialize_tuple_variant("Enum", 1, name, nodes.len())?;
                nodes.iter().try_for_each(|node| tuple.serialize_field(node))?;
                tuple.end()
            }
            Self::StructVariant(name, fields) => {
                let mut own = s.serialize_struct_variant("Enum", 2, name, fields.len())?;
                fields.iter().try_for_each(|(name, node)| own.serialize_field(name, node))?;
                own.end()
            }
        }
    }
}

/// Makes values, with canaries that are all different.
struct Maker {
    random: Random,
    next: u64,
}

impl Maker {
    /// Digits that occur nowhere else.
    fn canary(&mut self) -> u64 {
        self.next += 1;
        7_700_000_000 + self.next * 10 + 7
    }

    fn root(&mut self) -> Node {
        Node::Struct(self.fields(3))
    }

    fn fields(&mut self, depth: u64) -> Vec<(&'static str, Node)> {
        let count = self.random.below(6);
        let names: BTreeSet<&'static str> = (0..count).map(|_| self.random.name()).collect();
        names.into_iter().map(|name| (name, self.node(depth))).collect()
    }

    fn nodes(&mut self, depth: u64) -> Vec<Node> {
        (0..self.random.below(4)).map(|_| self.node(depth)).collect()
    }

    fn node(&mut self, depth: u64) -> Node {
        let kinds = if depth == 0 { 6 } else { 16 };
        match self.random.below(kinds) {
            0 | 1 => Node::Text(format!("c{}", self.canary())),
            2 => Node::Bytes(format!("c{}", self.canary()).into_bytes()),
            3 => Node::Big(u128::from(self.canary()) * 1_000_000_000_000_000_000_000),
            4 => Node::Number(self.canary()),
            5 if self.random.below(2) == 0 => Node::Nothing,
            5 => Node::Unit,
            6 => Node::Some(Box::new(self.node(depth - 1))),
            7 => Node::Newtype(Box::new(self.node(depth - 1))),
            8 => Node::List(self.nodes(depth - 1)),
            9 => Node::Tuple(self.nodes(depth - 1)),
            10 => Node::TupleStruct(self.nodes(depth - 1)),
            11 | 12 => Node::Struct(self.fields(depth - 1)),
            13 => {
                let known = self.fields(depth - 1);
                let mut entries: Vec<(String, Node)> =
                    known.into_iter().map(|(name, node)| (name.to_owned(), node)).collect();
                entries.push((format!("k{}", self.canary()), self.node(depth - 1)));
                Node::Map(self.random.below(2) == 0, entries)
            }
            14 => Node::NewtypeVariant(self.random.name(), Box::new(self.node(depth - 1))),
            _ if self.random.below(2) == 0 => {
                Node::TupleVariant(self.random.name(), self.nodes(depth - 1))
            }
            _ => Node::StructVariant(self.random.name(), self.fields(depth - 1)),
        }
    }
}

/// The canaries of a value, by whether they may be seen: found without the crate's own walk, by asking the policy
/// about the path of each.
#[derive(Default)]
struct Canaries {
    seen: Vec<String>,
    hidden: Vec<String>,
}

fn snake(name: &str) -> String {
    name.chars()
        .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
        .collect()
}

/// A name with and without `_` before its digits.
fn with_digits(name: &str) -> BTreeSet<String> {
    let digits = |name: &str, before: &str| {
        let apart = name.replace("_1", "1").replace("_2", "2");
        apart.replace('1', &format!("{before}1")).replace('2', &format!("{before}2"))
    };
    if name.starts_with('k') {
        return BTreeSet::from([name.to_owned()]);
    }
    BTreeSet::from([name.to_owned(), digits(name, ""), digits(name, "_")])
}

/// The spellings of a path, in all combinations.
fn spellings(steps: &[String]) -> Vec<Vec<String>> {
    let mut all = vec![vec![]];
    for step in steps {
        let longer = |path: &Vec<String>, form: String| [path.as_slice(), &[form]].concat();
        let forms = with_digits(&snake(step));
        let each = |path| forms.iter().map(|form| longer(path, form.clone())).collect::<Vec<_>>();
        all = all.iter().flat_map(each).collect();
    }
    all.push(steps.to_vec());
    all
}

/// The rule in its slow and obvious form: every category of the path, of what is around it, and of their ends, but for a
/// group that a closer one is below.
fn may_see(policy: &whyfor::Policy, steps: &[String]) -> bool {
    let mut all: Vec<(usize, usize, String)> = vec![];
    for spelt in spellings(steps) {
        let mut found = vec![];
        for length in 1..=spelt.len() {
            let path = spelt[..length].join(".");
            let dots = path.match_indices('.').map(|(dot, _)| &path[dot + 1..]);
            let ends = if length > 1 { dots.collect() } else { vec![] };
            for (end, name) in [path.as_str()].into_iter().chain(ends).enumerate() {
                let field = policy.field(name).ok();
                let categories = field.iter().flat_map(|field| policy.paths(field));
                let far = steps.len() - length;
                found.extend(categories.map(|category| (far, end, category.to_owned())));
            }
        }
        if found.iter().any(|(_, end, _)| *end == 0) {
            all.extend(found);
        }
    }
    let counts = |(far, end, group): &&(usize, usize, String)| {
        !all.iter().any(|(closer, at, category)| {
            category.starts_with(&format!("{group}."))
                && (closer, at) < (far, end)
                && (*at == 0 || *end > 0)
        })
    };
    !all.is_empty()
        && all.iter().filter(counts).all(|(_, _, category)| policy.may_use(category, "support"))
}

impl Canaries {
    fn collect(&mut self, policy: &whyfor::Policy, node: &Node, steps: &mut Vec<String>) {
        let mut leaf = |text: String| {
            let list = if may_see(policy, steps) { &mut self.seen } else { &mut self.hidden };
            list.push(text);
        };
        match node {
            Node::Text(text) => leaf(text.clone()),
            Node::Bytes(bytes) => leaf(String::from_utf8(bytes.clone()).unwrap()),
            Node::Big(number) => leaf(number.to_string()),
            Node::Number(number) => leaf(number.to_string()),
            Node::Nothing | Node::Unit => {}
            Node::Some(node) | Node::Newtype(node) => self.collect(policy, node, steps),
            Node::List(nodes) | Node::Tuple(nodes) | Node::TupleStruct(nodes) => {
                nodes.iter().for_each(|node| self.collect(policy, node, steps));
            }
            Node::Struct(fields) => {
                fields.iter().for_each(|(name, node)| self.step(policy, name, node, steps));
            }
            Node::Map(_, entries) => {
                entries.iter().for_each(|(name, node)| self.step(policy, name, node, steps));
            }
            Node::NewtypeVariant(variant, node) => self.step(policy, variant, node, steps),
            Node::TupleVariant(variant, nodes) => {
                let tuple = Node::Tuple(nodes.clone());
                self.step(policy, variant, &tuple, steps);
            }
            Node::StructVariant(variant, fields) => {
                let fields = Node::Struct(fields.clone());
                self.step(policy, variant, &fields, steps);
            }
        }
    }

    fn step(&mut self, policy: &whyfor::Policy, name: &str, node: &Node, steps: &mut Vec<String>) {
        steps.push(name.to_owned());
        let seen = self.seen.len();
        self.collect(policy, node, steps);
        // The key of an entry of which nothing is seen is a canary too.
        if name.starts_with('k') && self.seen.len() == seen && !is_empty(node) {
            self.hidden.push(name.to_owned());
        }
        steps.pop();
    }
}

/// Whether a value has no leaf that needs a decision by its own.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Nothing | Node::Unit => true,
        Node::Some(node) | Node::Newtype(node) | Node::NewtypeVariant(_, node) => is_empty(node),
        Node::List(nodes) | Node::Tuple(nodes) | Node::TupleStruct(nodes) => {
            nodes.iter().any(is_empty) || nodes.is_empty()
        }
        Node::TupleVariant(_, nodes) => nodes.iter().any(is_empty) || nodes.is_empty(),
        Node::Struct(fields) | Node::StructVariant(_, fields) => {
            fields.iter().any(|(_, node)| is_empty(node)) || fields.is_empty()
        }
        Node::Map(_, entries) => {
            entries.iter().any(|(_, node)| is_empty(node)) || entries.is_empty()
        }
        _ => false,
    }
}

/// Everything that a format wrote, as text in which canaries are found, or its error.
type Written = Result<Vec<u8>, String>;

/// The name of a format, its layout, and how it writes what a view shows.
type Format = (&'static str, Layout, fn(&View<'_>, &Node) -> Written);

const FORMATS: [Format; 8] = [
    ("json", Layout::Named, |view, node| {
        serde_json::to_vec(&view.serialize(node)).map_err(|e| e.to_string())
    }),
    ("yaml", Layout::Named, |view, node| {
        serde_yaml::to_string(&view.serialize(node))
            .map(String::into_bytes)
            .map_err(|e| e.to_string())
    }),
    ("cbor", Layout::Named, |view, node| {
        let mut bytes = Vec::new();
        ciborium::into_writer(&view.serialize(node), &mut bytes).map_err(|e| e.to_string())?;
        Ok(bytes)
    }),
    ("messagepack named", Layout::Named, |view, node| {
        rmp_serde::to_vec_named(&view.serialize(node)).map_err(|e| e.to_string())
    }),
    ("messagepack", Layout::Ordered, |view, node| {
        rmp_serde::to_vec(&view.serialize(node)).map_err(|e| e.to_string())
    }),
    ("bincode", Layout::Positional, |view, node| {
        bincode::serialize(&view.serialize(node)).map_err(|e| e.to_string())
    }),
    ("postcard", Layout::Positional, |view, node| {
        postcard::to_stdvec(&view.serialize(node)).map_err(|e| e.to_string())
    }),
    ("csv", Layout::Ordered, |view, node| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.serialize(view.serialize(node)).map_err(|e| e.to_string())?;
        writer.into_inner().map_err(|e| e.to_string())
    }),
];

/// How a canary may stand in the bytes of a format: as text, or as a number of any width and order.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![canary.as_bytes().to_vec()];
    if let Ok(number) = canary.parse::<u64>() {
        forms.push(number.to_be_bytes()[3..].to_vec());
        forms.push(number.to_le_bytes()[..5].to_vec());
        forms.push(postcard::to_stdvec(&number).unwrap());
    } else if let Ok(number) = canary.parse::<u128>() {
        let significant = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        forms.push(significant);
        forms.push(number.to_le_bytes()[..13].to_vec());
        forms.push(postcard::to_stdvec(&number).unwrap());
    } else {
        // A list of numbers, as JSON writes bytes.
        forms.push(serde_json::to_vec(canary.as_bytes()).unwrap());
        forms.push(serde_yaml::to_string(canary.as_bytes()).unwrap().into_bytes());
    }
    forms
}

fn contains(bytes: &[u8], canary: &str) -> bool {
    let has = |form: &Vec<u8>| bytes.windows(form.len()).any(|window| window == form);
    forms(canary).iter().any(has)
}

#[test]
fn no_denied_value_leaves_in_any_format() {
    let values: u64 =
        std::env::var("WHYFOR_VALUES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let policy = policy();
    let key = HashKey::new(b"an invented key of the tests").unwrap();
    let masks = [Instead::LeaveOut, Instead::Null, Instead::Fixed, Instead::Hash(key)];
    let views: Vec<_> = FORMATS
        .iter()
        .flat_map(|format| masks.iter().map(move |instead| (format, instead)))
        .map(|(format, instead)| {
            (format, support(&policy).denied(instead.clone()).layout(format.1))
        })
        .collect();
    // One for all: what it remembers of one value must not change what it shows of another.
    let prepared = Prepared::new(Act::Use, "support");
    let (mut written, mut refused, mut shown) = ([0_u64; FORMATS.len()], 0_u64, 0_u64);
    let mut maker = Maker { random: Random(20_260_101), next: 0 };
    for _ in 0..values {
        let node = maker.root();
        let mut canaries = Canaries::default();
        canaries.collect(&policy, &node, &mut Vec::new());
        for instead in &masks {
            let view = prepared.view(&policy, Facts::none());
            let view = view.denied(instead.clone()).layout(Layout::Named);
            let json = view.to_json(&node).unwrap();
            let in_two = serde_json::to_string(&view.serialize(&node)).unwrap();
            assert_eq!(json.text(), in_two, "{node:?}");
            assert_eq!(json.report(), &view.report(&node).unwrap(), "{node:?}");
        }
        for ((name, layout, write), view) in &views {
            let at = FORMATS.iter().position(|format| format.0 == *name).unwrap();
            match write(view, &node) {
                Ok(bytes) => {
                    written[at] += 1;
                    for canary in &canaries.hidden {
                        assert!(!contains(&bytes, canary), "{name} {layout:?} {canary}: {node:?}");
                    }
                    for canary in &canaries.seen {
                        assert!(contains(&bytes, canary), "{name} {layout:?} {canary}: {node:?}");
                        shown += 1;
                    }
                }
                Err(error) => {
                    refused += 1;
                    // A format of names refuses only what it cannot write at all.
                    let is_of_the_format = error.contains("in YAML");
                    assert!(
                        *layout != Layout::Named || is_of_the_format,
                        "{name} {error}: {node:?}"
                    );
                    for canary in &canaries.hidden {
                        assert!(!error.contains(canary), "{name} {error}");
                    }
                }
            }
        }
    }
    assert!(written.iter().all(|count| *count > values / 50), "{written:?}");
    assert!(refused > 0 && shown > values, "{refused} {shown}");
}
