//! The text of the module that a program includes.

use crate::identifier::Identifiers;
use std::fmt::Write;
use whyfor::{ARTIFACT_VERSION, Node, Policy};

/// The module of a policy whose artifact is in the file `artifact` beside it.
pub(crate) fn of(policy: &Policy, artifact: &str) -> String {
    let lists = [
        ("CATEGORIES", policy.categories().map(|(_, node)| node).collect::<Vec<_>>()),
        ("METHODS", policy.methods().map(|(_, node)| node).collect()),
        ("PURPOSES", policy.purposes().map(|(_, node)| node).collect()),
        ("RECIPIENTS", policy.recipients().map(|(_, node)| node).collect()),
    ];
    let mut text = head(policy, artifact);
    text += "impl ::whyfor::Vocabulary for Names {\n";
    line(&mut text, 1, &format!("const POLICY: &'static str = {:?};", policy.name()));
    for (name, nodes) in &lists {
        let paths: Vec<&str> = nodes.iter().map(|node| node.path).collect();
        line(&mut text, 1, &format!("const {name}: &'static [&'static str] = &{paths:?};"));
    }
    text += "}\n";
    const MODULES: [(&str, &str); 4] = [
        ("category", "CategoryName"),
        ("method", "MethodName"),
        ("purpose", "PurposeName"),
        ("recipient", "RecipientName"),
    ];
    for ((module, kind), (list, nodes)) in MODULES.iter().zip(&lists) {
        let all = list.to_lowercase();
        line(&mut text, 0, &format!("\n/// The {all} that the policy declares."));
        line(&mut text, 0, &format!("pub mod {module} {{"));
        let nodes: Vec<(usize, &Node<'_>)> = nodes.iter().enumerate().collect();
        constants(&mut text, kind, &nodes, 0);
        line(&mut text, 0, "}");
    }
    let facts = policy.facts().map(|fact| (fact.name, fact.label.to_owned()));
    texts(&mut text, "fact", "The names of its facts.", facts);
    let duties = policy.duties().map(|duty| (duty, String::new()));
    texts(&mut text, "duty", "The names of its duties.", duties);
    text
}

fn head(policy: &Policy, artifact: &str) -> String {
    let label = if policy.label().is_empty() { policy.name() } else { policy.label() };
    let title = match policy.version() {
        "" => label.to_owned(),
        version => format!("{label}, version {version}"),
    };
    let digest = policy.digest().to_string();
    format!(
        "// Written by `whyfor-build` from the policy with the digest {digest}.

const _: () = assert!(
    ::whyfor::ARTIFACT_VERSION == {ARTIFACT_VERSION},
    \"`whyfor` and `whyfor-build` have artifacts of different versions: use the same version of both\"
);

static ARTIFACT: &::whyfor::Aligned<[u8]> =
    &::whyfor::Aligned(*include_bytes!(concat!(env!(\"OUT_DIR\"), {artifact:?})));

/// The digest of the policy that the program was built with.
pub const DIGEST: &str = {digest:?};

#[doc = {title:?}]
///
/// The policy that the program was built with. Its tables are a part of the program.
///
/// # Panics
/// The program's own bytes are damaged.
pub fn policy() -> &'static ::whyfor::Policy {{
    static POLICY: ::std::sync::LazyLock<::whyfor::Policy> = ::std::sync::LazyLock::new(|| {{
        match ::whyfor::Policy::from_static(ARTIFACT) {{
            Ok(policy) => policy,
            Err(error) => panic!(\"the policy in this program is damaged: {{error}}\"),
        }}
    }});
    &POLICY
}}

/// The ids of all names in [`policy`].
///
/// # Panics
/// As [`policy`].
pub fn ids() -> &'static ::whyfor::Ids<Names> {{
    static IDS: ::std::sync::LazyLock<::whyfor::Ids<Names>> = ::std::sync::LazyLock::new(|| {{
        match ::whyfor::Ids::resolve(policy()) {{
            Ok(ids) => ids,
            Err(error) => panic!(\"the policy in this program is damaged: {{error}}\"),
        }}
    }});
    &IDS
}}

/// The names of the policy. Constants of another policy have another type.
pub enum Names {{}}

"
    )
}

/// The constants of the nodes, each before the module of what is in it. The nodes have numbers; all are at `depth` or
/// below it.
fn constants(text: &mut String, kind: &str, nodes: &[(usize, &Node<'_>)], depth: usize) {
    let (mut own, mut modules) = (Identifiers::default(), Identifiers::default());
    let mut rest = nodes;
    while let [(number, node), after @ ..] = rest {
        let inside = after.iter().take_while(|(_, other)| other.depth > depth).count();
        let (inside, others) = after.split_at(inside);
        rest = others;
        let name = last_part(node.path);
        let level = depth + 1;
        let about = if node.label.is_empty() { String::new() } else { node.label.to_owned() };
        line(text, level, &format!("#[doc = {:?}]", documented(&about, node.path)));
        let names = "super::".repeat(level) + "Names";
        let constant = own.constant(name);
        let value = format!("::whyfor::{kind}<{names}> = ::whyfor::{kind}::new({number});");
        line(text, level, &format!("pub const {constant}: {value}"));
        if !inside.is_empty() {
            line(text, level, &format!("#[doc = {:?}]", format!("What is in `{}`.", node.path)));
            line(text, level, &format!("pub mod {} {{", modules.module(name)));
            constants(text, kind, inside, depth + 1);
            line(text, level, "}");
        }
    }
}

fn texts<'p>(
    text: &mut String,
    module: &str,
    about: &str,
    names: impl Iterator<Item = (&'p str, String)>,
) {
    line(text, 0, &format!("\n/// {about}"));
    line(text, 0, &format!("pub mod {module} {{"));
    let mut own = Identifiers::default();
    for (name, label) in names {
        line(text, 1, &format!("#[doc = {:?}]", documented(&label, name)));
        line(text, 1, &format!("pub const {}: &str = {name:?};", own.constant(name)));
    }
    line(text, 0, "}");
}

/// The label, and the name as the policy has it.
fn documented(label: &str, name: &str) -> String {
    let name = format!("`{}`", whyfor::printable(name));
    match label {
        "" => name,
        label => format!("{}: {name}", whyfor::printable(label)),
    }
}

/// The last part of a path. A name has no dot in it.
fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn line(text: &mut String, level: usize, line: &str) {
    let _ = writeln!(text, "{:1$}{line}", "", level * 4); // into a string: cannot fail
}
