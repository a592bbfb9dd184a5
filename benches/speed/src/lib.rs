//! Policies and questions for the benches: generated the same way on every machine.

use std::fmt::Write;

/// splitmix64 (Steele et al. 2014): good enough to scatter, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ z >> 31) % bound as u64) as usize
    }
}

/// How large a generated policy is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Permits, nevers and requires.
    pub statements: usize,
    /// Categories, in groups of twenty.
    pub categories: usize,
    /// Purposes, in groups of ten.
    pub purposes: usize,
}

/// A generated policy: its text, and the names that questions use.
pub struct Generated {
    /// The policy.
    pub text: String,
    /// Full paths.
    pub categories: Vec<String>,
    /// Names.
    pub methods: Vec<String>,
    /// Full paths.
    pub purposes: Vec<String>,
}

/// A policy of collect, use, share, never and require statements over one to three nodes a part, a
/// fifth of them under a condition.
pub fn generate(size: Size) -> Generated {
    let mut random = Random(7);
    let mut text = String::from("policy generated { version \"1\" }\n");
    text.push_str(
        "fact consent per purpose fact verified fact age: number duty notify duty deidentify\n",
    );
    let categories = groups(&mut text, "category", "cat", size.categories, 19);
    let purposes = groups(&mut text, "purpose", "pur", size.purposes, 9);
    let methods: Vec<String> = (0..10).map(|i| format!("method{i}")).collect();
    let recipients: Vec<String> = (0..20).map(|i| format!("recipient{i}")).collect();
    for name in &methods {
        let _ = writeln!(text, "method {name}");
    }
    for name in &recipients {
        let _ = writeln!(text, "recipient {name}");
    }
    for _ in 0..size.statements {
        let c = some(&mut random, &categories, 3);
        let p = some(&mut random, &purposes, 3);
        let when = match random.below(5) {
            0 => format!(" when consent and age >= {}", 10 + random.below(20)),
            _ => String::new(),
        };
        let _ = match random.below(20) {
            0..9 => {
                writeln!(text, "collect {c} by {} for {p}{when}", some(&mut random, &methods, 2))
            }
            9..15 => writeln!(text, "use {c} for {p}{when}"),
            15..18 => {
                writeln!(text, "share {c} with {} for {p}{when}", some(&mut random, &recipients, 2))
            }
            18 => writeln!(text, "never use {c} for {p} unless verified"),
            _ => writeln!(text, "require notify to use {c} for {p}"),
        };
    }
    Generated { text, categories, methods, purposes }
}

/// A policy over hierarchies as large and as deep as public taxonomies: 339 categories, 499
/// purposes and 692 recipients. Most selections are of groups, so statements overlap a lot.
pub fn taxonomies(statements: usize) -> String {
    let mut random = Random(11);
    let mut text = String::from("policy taxonomies { version \"1\" }\n");
    text.push_str("fact consent per purpose fact verified fact adult fact age: number\n");
    text.push_str("fact region: one of eu, us, uk, other duty notify duty deidentify\n");
    let categories = tree(&mut random, &mut text, "category", "cat", 339);
    let purposes = tree(&mut random, &mut text, "purpose", "pur", 499);
    let recipients = tree(&mut random, &mut text, "recipient", "rec", 692);
    let methods: Vec<String> = (0..8).map(|i| format!("method{i}")).collect();
    for name in &methods {
        let _ = writeln!(text, "method {name}");
    }
    let conditions = [
        "consent",
        "verified",
        "consent and verified",
        "age >= 18",
        "adult or verified",
        "region in (eu, uk)",
        "consent and age >= 16",
        "consent and not region in (other)",
    ];
    for _ in 0..statements {
        let (c, p) = (some(&mut random, &categories, 1), some(&mut random, &purposes, 1));
        let condition = conditions[random.below(conditions.len())];
        let when = if random.below(3) == 0 { format!(" when {condition}") } else { String::new() };
        let _ = match random.below(20) {
            0..7 => {
                writeln!(text, "collect {c} by {} for {p}{when}", some(&mut random, &methods, 2))
            }
            7..13 => writeln!(text, "use {c} for {p}{when}"),
            13..18 => {
                writeln!(text, "share {c} with {} for {p}{when}", some(&mut random, &recipients, 1))
            }
            18 => writeln!(text, "never use {c} for {p} unless {condition}"),
            _ => {
                writeln!(text, "never share {c} with {} for {p}", some(&mut random, &recipients, 1))
            }
        };
    }
    text
}

/// A hierarchy of up to six levels with ten roots, in which each node's parent is any earlier one. Gives the names.
fn tree(
    random: &mut Random,
    text: &mut String,
    kind: &str,
    prefix: &str,
    count: usize,
) -> Vec<String> {
    const ROOTS: usize = 10;
    const DEEPEST: usize = 5;
    let mut depths: Vec<usize> = Vec::new();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
    for node in 0..count {
        if node < ROOTS {
            depths.push(0);
            continue;
        }
        let mut parent = random.below(node);
        if depths[parent] >= DEEPEST {
            parent = random.below(ROOTS);
        }
        depths.push(depths[parent] + 1);
        children[parent].push(node);
    }
    for root in 0..ROOTS {
        let _ = write!(text, "{kind} ");
        subtree(text, prefix, &children, root);
    }
    (0..count).map(|node| format!("{prefix}{node}")).collect()
}

fn subtree(text: &mut String, prefix: &str, children: &[Vec<usize>], node: usize) {
    let _ = write!(text, "{prefix}{node}");
    if !children[node].is_empty() {
        text.push_str(" {");
        for child in &children[node] {
            text.push(' ');
            subtree(text, prefix, children, *child);
        }
        text.push_str(" }");
    }
    text.push('\n');
}

fn groups(
    text: &mut String,
    kind: &str,
    prefix: &str,
    count: usize,
    children: usize,
) -> Vec<String> {
    let mut paths = Vec::new();
    for group in 0..count / (children + 1) {
        let _ = write!(text, "{kind} {prefix}{group} {{");
        paths.push(format!("{prefix}{group}"));
        for child in 0..children {
            let _ = write!(text, " {prefix}{group}_{child}");
            paths.push(format!("{prefix}{group}.{prefix}{group}_{child}"));
        }
        text.push_str(" }\n");
    }
    paths
}

fn some(random: &mut Random, names: &[String], most: usize) -> String {
    let count = 1 + random.below(most);
    let picked: Vec<&str> = (0..count).map(|_| names[random.below(names.len())].as_str()).collect();
    picked.join(", ")
}
