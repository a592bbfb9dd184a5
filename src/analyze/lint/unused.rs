//! Names that nothing uses, and patterns that match nothing.

use super::options::Options;
use super::reach::topmost;
use super::subject::Subject;
use super::written::{self, node, terms};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Hierarchy, StatementKind};
use crate::names::nearest;
use crate::syntax::tree::{SelectionKind, Text};
use crate::table::glob::{Anatomy, Shape, matches};
use hashbrown::{HashMap, HashSet};

pub(super) fn find(subject: &mut Subject<'_>, options: &Options, findings: &mut Vec<Diagnostic>) {
    for hierarchy in [Hierarchy::Method, Hierarchy::Purpose, Hierarchy::Recipient] {
        nodes(subject, hierarchy, findings);
    }
    declared(subject, findings);
    chosen(subject, options, findings);
    patterns(subject, findings);
}

/// Nodes that no permit covers and that no statement or expectation names.
fn nodes(subject: &Subject<'_>, hierarchy: Hierarchy, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let tree = model.tree(hierarchy);
    let mut used = vec![false; tree.nodes.len()];
    for statement in model.statements.iter().filter(|s| s.kind == StatementKind::Permit) {
        let set = match hierarchy {
            Hierarchy::Purpose => Some(statement.purposes),
            _ if statement.act.party() == Some(hierarchy) => statement.parties,
            _ => None,
        };
        for (start, end) in set.map_or(&[][..], |set| model.set(set).ranges()) {
            used[*start as usize..*end as usize].fill(true);
        }
    }
    let mut seen: HashSet<(bool, &str)> = HashSet::new();
    for scope in subject.written.scopes() {
        for (_, selection) in written::selections(scope).filter(|(of, _)| *of == hierarchy) {
            terms(selection, true, &mut |term| {
                let is_new = match &term.kind {
                    SelectionKind::Path(name) => seen.insert((false, &name.text)),
                    SelectionKind::Tag(tag) => seen.insert((true, &tag.text)),
                    _ => false,
                };
                if !is_new {
                    return;
                }
                let named: Vec<u32> = match &term.kind {
                    SelectionKind::Path(name) => {
                        node(model, hierarchy, &name.text).into_iter().collect()
                    }
                    SelectionKind::Tag(tag) => (0..tree.len())
                        .filter(|n| tree.nodes[*n as usize].tags.iter().any(|t| t.text == tag.text))
                        .collect(),
                    _ => Vec::new(),
                };
                for below in named.iter().flat_map(|node| tree.below(*node).iter()) {
                    used[below as usize] = true;
                }
            });
        }
    }
    let unused = |node: u32| tree.below(node).iter().all(|below| !used[below as usize]);
    for node in topmost(tree, unused) {
        let (word, path) = (hierarchy.as_str(), tree.path(node));
        let what = match hierarchy {
            Hierarchy::Purpose => "nothing is permitted for it",
            Hierarchy::Method => "nothing may be collected by it",
            _ => "nothing may be shared with it",
        };
        let message = format!("no statement uses the {word} `{path}`: {what}");
        let span = tree.nodes[node as usize].span;
        let help = "permit something, or remove it; an expectation that names it uses it too";
        findings.push(Diagnostic::new(Code::Unused, span, message).help(help));
    }
}

/// Facts that no condition asks for, duties that nothing requires, tags that are on nothing.
fn declared(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let written = &subject.written;
    let mut facts: HashSet<&str> = HashSet::new();
    let mut duties: HashSet<&str> = HashSet::new();
    let mut tags: HashSet<&str> = HashSet::new();
    for statement in &written.statements {
        for condition in statement.when.iter().chain(&statement.unless) {
            written::facts(condition, &mut |name| {
                facts.insert(&name.text);
            });
        }
        duties.extend(statement.duties.iter().map(|name| name.text.as_str()));
    }
    for expectation in written.expectations() {
        facts.extend(expectation.given.iter().map(|(name, _)| name.text.as_str()));
    }
    for tree in &subject.model.trees {
        tags.extend(tree.nodes.iter().flat_map(|n| &n.tags).map(|tag| tag.text.as_str()));
    }
    for scope in written.scopes() {
        for (_, selection) in written::selections(scope) {
            terms(selection, true, &mut |term| {
                if let SelectionKind::Tag(name) = &term.kind {
                    tags.insert(&name.text);
                }
            });
        }
    }
    let facts = written.facts().filter(|fact| !facts.contains(fact.name.text.as_str()));
    for fact in facts {
        let message = format!("no condition asks for the fact `{}`", fact.name.text);
        let help = "use it in a `when` or `unless`, or remove it";
        findings.push(Diagnostic::new(Code::Unused, fact.name.span, message).help(help));
    }
    for duty in written.duties().filter(|duty| !duties.contains(duty.name.text.as_str())) {
        let message = format!("nothing requires the duty `{}`", duty.name.text);
        let help = "require it with `then` or `require`, or remove it";
        findings.push(Diagnostic::new(Code::Unused, duty.name.span, message).help(help));
    }
    for tag in written.tags().into_iter().filter(|tag| !tags.contains(tag.name.text.as_str())) {
        let message = format!("nothing carries the tag `{}`", tag.name.text);
        let help =
            format!("put `#{}` behind the names that it is about, or remove it", tag.name.text);
        findings.push(Diagnostic::new(Code::Unused, tag.name.span, message).help(help));
    }
}

/// Tags that were chosen to mark sensitive data, and that the policy does not have.
fn chosen(subject: &Subject<'_>, options: &Options, findings: &mut Vec<Diagnostic>) {
    let declared: Vec<&str> =
        subject.written.tags().into_iter().map(|tag| tag.name.text.as_str()).collect();
    for tag in options.sensitive.iter().filter(|_| options.chosen) {
        if declared.contains(&tag.as_str()) {
            continue;
        }
        let message =
            format!("nothing is sensitive by the tag `{tag}`: the policy does not have it");
        let near = nearest(tag, declared.iter().copied());
        findings.push(Diagnostic::without_place(Code::Unused, message).nearest(&near));
    }
}

/// Patterns that map no name which is not mapped so without them.
fn patterns(subject: &mut Subject<'_>, findings: &mut Vec<Diagnostic>) {
    // The lists after `except` by number, and the patterns that were mapped with each.
    let mut lists: HashMap<Vec<String>, usize> = HashMap::new();
    let mut seen: HashSet<(String, usize, &str)> = HashSet::new();
    for field in subject.written.fields() {
        let mut except: Vec<String> =
            field.except.iter().map(|pattern| pattern.text.to_ascii_lowercase()).collect();
        except.sort();
        let next = lists.len();
        let list = *lists.entry(except).or_insert(next);
        let pairs = field.patterns.len() as u64 * field.except.len() as u64;
        let is_checked = subject.effort.spend(8 * pairs);
        if !is_checked {
            let place = field.patterns.first().map(|pattern| pattern.span);
            subject.left_out.rule(Code::IdlePattern, place);
        }
        let except = if is_checked { field.except.as_slice() } else { &[] };
        for pattern in &field.patterns {
            let text = pattern.text.to_ascii_lowercase();
            let categories = field.categories.iter().map(|name| name.text.as_str());
            let new = categories
                .map(|category| seen.insert((text.clone(), list, category)))
                .fold(false, |any, new| any | new);
            if let Some(other) = excluding(except, pattern) {
                let message =
                    format!("the pattern \"{}\" matches nothing: it is excepted", pattern.text);
                findings.push(
                    Diagnostic::new(Code::IdlePattern, pattern.span, message)
                        .related(other.span, "by this")
                        .help("remove one of the two"),
                );
            } else if !new {
                let message = format!("the pattern \"{}\" is mapped so already", pattern.text);
                findings.push(
                    Diagnostic::new(Code::IdlePattern, pattern.span, message)
                        .help("remove it here or there"),
                );
            }
        }
        for except in except.iter().filter(|pattern| is_literal(pattern)) {
            if !field.patterns.iter().any(|pattern| fits(pattern, &except.text)) {
                let message = format!("no pattern matches \"{}\" anyway", except.text);
                findings.push(
                    Diagnostic::new(Code::IdlePattern, except.span, message)
                        .help("correct it, or remove it"),
                );
            }
        }
    }
}

/// The exception by which a pattern without wildcards matches nothing.
fn excluding<'f>(except: &'f [Text], pattern: &Text) -> Option<&'f Text> {
    match is_literal(pattern) {
        true => except.iter().find(|except| fits(except, &pattern.text)),
        false => None,
    }
}

fn is_literal(pattern: &Text) -> bool {
    Anatomy::of(&pattern.text).shape == Shape::Exact
}

fn fits(pattern: &Text, name: &str) -> bool {
    matches(&pattern.text, Anatomy::of(&pattern.text), name)
}
