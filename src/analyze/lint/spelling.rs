//! Names that look like others: a letter apart, or written in letters of several scripts.

use super::subject::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Hierarchy;
use crate::source::Span;
use hashbrown::HashMap;
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection, skeleton};

/// Shorter names are often one letter apart.
const SHORTEST: usize = 5;
/// More names that differ in one letter are a pattern, not mistakes.
const MOST_ALIKE: usize = 8;

pub(super) fn find(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let written = &subject.written;
    let mut lists: Vec<(&str, Vec<(&str, Span)>)> = Vec::new();
    for hierarchy in Hierarchy::ALL {
        let nodes = subject.model.tree(hierarchy).nodes.iter();
        let last = |path: &'_ str| path.rfind('.').map_or(0, |at| at + 1);
        let names = nodes.map(|node| (&node.path[last(&node.path)..], node.span));
        lists.push((hierarchy.as_str(), names.collect()));
    }
    lists.push(("fact", written.facts().map(|f| (f.name.text.as_str(), f.name.span)).collect()));
    lists.push(("duty", written.duties().map(|d| (d.name.text.as_str(), d.name.span)).collect()));
    lists.push(("basis", written.bases().map(|b| (b.name.text.as_str(), b.name.span)).collect()));
    lists.push(("event", written.events().map(|e| (e.name.text.as_str(), e.name.span)).collect()));
    lists.push((
        "tag",
        written.tags().iter().map(|t| (t.name.text.as_str(), t.name.span)).collect(),
    ));
    for (word, names) in lists {
        let mut distinct: Vec<(&str, Span)> = Vec::new();
        let mut seen = hashbrown::HashSet::new();
        for (name, span) in names {
            if seen.insert(name) {
                distinct.push((name, span));
            }
        }
        mixed(word, &distinct, findings);
        near(word, &distinct, findings);
    }
}

/// Names in letters of several scripts that are not written together, and names that look the same.
fn mixed(word: &str, names: &[(&str, Span)], findings: &mut Vec<Diagnostic>) {
    let mut looks: HashMap<String, (&str, Span)> = HashMap::new();
    for (name, span) in names {
        let unusual = !name.is_ascii()
            && !name.is_single_script()
            && !name.check_restriction_level(RestrictionLevel::ModeratelyRestrictive);
        if unusual {
            let message = format!("the {word} `{name}` mixes letters of several scripts");
            let odd: Vec<String> = name
                .chars()
                .filter(|c| !c.is_ascii())
                .map(|c| format!("{c} (U+{:04X})", c as u32))
                .collect();
            findings.push(
                Diagnostic::new(Code::MixedScripts, *span, message)
                    .help(format!("not ASCII are: {}", odd.join(", "))),
            );
        }
        let look: String = skeleton(name).collect();
        match looks.get(&look) {
            // `near` compares names in ASCII: the table also treats `l` and `1` as alike.
            Some((other, place)) if look_alike(name, other) => {
                let message = format!("the {word} `{name}` looks like `{other}`");
                findings.push(
                    Diagnostic::new(Code::MixedScripts, *span, message)
                        .related(*place, "the other one")
                        .help("write both in the same letters, or rename one"),
                );
            }
            Some(_) => {}
            None => drop(looks.insert(look, (name, *span))),
        }
    }
}

/// Names that are one letter apart, or differ only in case or underscores. Two such names are the same
/// with one letter less, so only those that share such a form are compared.
fn near(word: &str, names: &[(&str, Span)], findings: &mut Vec<Diagnostic>) {
    let mut forms: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, (name, _)) in names.iter().enumerate() {
        let folded = folded(name);
        let letters: Vec<char> = folded.chars().collect();
        if !(SHORTEST..=100).contains(&letters.len()) {
            continue;
        }
        let mut own: Vec<String> = (0..letters.len())
            .map(|out| {
                letters.iter().enumerate().filter(|(i, _)| *i != out).map(|(_, c)| c).collect()
            })
            .collect();
        own.push(folded);
        own.sort();
        own.dedup();
        for form in own {
            forms.entry(form).or_default().push(at);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut groups: Vec<&Vec<usize>> = Vec::new();
    let mut keys: Vec<&String> = forms.keys().collect();
    keys.sort();
    groups.extend(keys.iter().map(|form| &forms[form.as_str()]));
    for group in groups.into_iter().filter(|group| group.len() <= MOST_ALIKE) {
        for (i, b) in group.iter().enumerate() {
            pairs.extend(group[..i].iter().map(|a| (*a, *b)));
        }
    }
    pairs.sort_by_key(|(a, b)| (*b, *a));
    pairs.dedup();
    let mut reported = vec![false; names.len()];
    for (a, b) in pairs {
        let ((first, place), (second, span)) = (names[a], names[b]);
        if reported[b] || !alike(first, second) || look_alike(first, second) {
            continue;
        }
        reported[b] = true;
        let message = format!("the {word} `{second}` is nearly `{first}`");
        findings.push(
            Diagnostic::new(Code::NearNames, span, message)
                .related(place, "the other one")
                .help("if they mean the same, keep one; if not, tell them apart more clearly"),
        );
    }
}

/// Whether two names that are not both ASCII look the same.
fn look_alike(a: &str, b: &str) -> bool {
    !(a.is_ascii() && b.is_ascii()) && skeleton(a).eq(skeleton(b))
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// One slip apart: but not by a number, which is how names are counted, and not in the first letter,
/// where slips are rare and words such as `height` and `weight` differ.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (folded(a), folded(b));
    if a.chars().next() != b.chars().next() {
        return false;
    }
    let letters = |name: &str| name.chars().filter(|c| !c.is_numeric()).collect::<String>();
    let counted = |name: &str| name.contains(char::is_numeric);
    let numbered = (counted(&a) || counted(&b)) && letters(&a) == letters(&b);
    strsim::osa_distance(&a, &b) <= 1 && (a == b || !numbered)
}
