//! Names that nothing uses, and patterns that match nothing.

use super::options::Options;
use super::reach::topmost;
use super::subject::Subject;
use super::tagged;
use super::written::{self, node, terms};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Found, Hierarchy, StatementKind};
use crate::names::nearest;
use crate::syntax::tree::{Name, SelectionKind, Text};
use crate::table::glob::{Anatomy, Shape, matches};
use hashbrown::{HashMap, HashSet};

pub(super) fn find(subject: &mut Subject<'_>, options: &Options, findings: &mut Vec<Diagnostic>) {
    for hierarchy in [Hierarchy::Method, Hierarchy::Purpose, Hierarchy::Recipient] {
        nodes(subject, hierarchy, findings);
    }
    declared(subject, findings);
    tags(subject, findings);
    chosen(subject, options, findings);
    patterns(subject, findings);
}

/// Nodes that no permit covers and that no statement or expectation names.
fn nodes(subject: &Subject<'_>, hierarchy: Hierarchy, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let tree = model.tree(hierarchy);
    let mut used = vec![false; tree.len_as(hierarchy) as usize];
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
                let named = match &term.kind {
                    SelectionKind::Path(name) => {
                        node(model, hierarchy, &name.text).map(|node| tree.below(node).clone())
                    }
                    SelectionKind::Tag(tag) => tagged::named(model, &tag.text)
                        .map(|tags| tagged::carrying(model, tree, &tags)),
                    _ => None,
                };
                named.unwrap_or_default().iter().for_each(|node| used[node as usize] = true);
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

/// Facts that no condition asks for; duties, bases and events that no statement names.
fn declared(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let written = &subject.written;
    let mut facts: HashSet<&str> = HashSet::new();
    let mut duties: HashSet<&str> = HashSet::new();
    let mut bases: HashSet<&str> = HashSet::new();
    let mut events: HashSet<&str> = HashSet::new();
    let of_bases = written.bases().flat_map(|basis| basis.when.iter().chain(&basis.unless));
    let of_statements = written.statements.iter();
    let of_statements = of_statements.flat_map(|one| one.when.iter().chain(&one.unless));
    for condition in of_bases.chain(of_statements) {
        written::facts(condition, &mut |name| {
            facts.insert(&name.text);
        });
    }
    for statement in &written.statements {
        duties.extend(statement.duties.iter().map(|name| name.text.as_str()));
        bases.extend(statement.bases.iter().flatten().map(|name| name.text.as_str()));
        let limits = statement.limits.iter().filter_map(|limit| limit.limit.event());
        events.extend(limits.map(|name| name.text.as_str()));
    }
    for expectation in written.expectations() {
        facts.extend(expectation.given.iter().map(|(name, _)| name.text.as_str()));
    }
    let mut report = |name: &Name, message: String, help: &str| {
        findings.push(Diagnostic::new(Code::Unused, name.span, message).help(help));
    };
    let is_unused = |used: &HashSet<&str>, name: &Name| !used.contains(name.text.as_str());
    for fact in written.facts().filter(|fact| is_unused(&facts, &fact.name)) {
        let message = format!("no condition asks for the fact `{}`", fact.name.text);
        report(&fact.name, message, "use it in a `when` or `unless`, or remove it");
    }
    for duty in written.duties().filter(|duty| is_unused(&duties, &duty.name)) {
        let message = format!("nothing requires the duty `{}`", duty.name.text);
        report(&duty.name, message, "require it with `then` or `require`, or remove it");
    }
    for basis in written.bases().filter(|basis| is_unused(&bases, &basis.name)) {
        let message = format!("no permit names the basis `{}`", basis.name.text);
        report(&basis.name, message, "name it in an `on`, or remove it");
    }
    for event in written.events().filter(|event| is_unused(&events, &event.name)) {
        let message = format!("no limit counts from the event `{}`", event.name.text);
        report(&event.name, message, "use it in a `retain`, or remove it");
    }
}

/// Tags that neither a node carries nor a selection names, and of which nothing below them is.
fn tags(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let tree = &model.tags.tree;
    let mut used = vec![false; tree.nodes.len()];
    for hierarchy in &model.trees {
        let carried = tagged::own(model, hierarchy);
        carried.iter().flatten().for_each(|tag| used[*tag as usize] = true);
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for (_, selection) in subject.written.scopes().flat_map(written::selections) {
        terms(selection, true, &mut |term| {
            if let SelectionKind::Tag(name) = &term.kind
                && seen.insert(&name.text)
                && let Found::One(tag) = tree.references().find(&name.text)
            {
                used[tag as usize] = true;
            }
        });
    }
    let unused = |tag: u32| tree.below(tag).iter().all(|below| !used[below as usize]);
    for tag in topmost(tree, unused) {
        let (path, span) = (tree.path(tag), tree.nodes[tag as usize].span);
        let message = format!("nothing carries the tag `{path}`");
        let help = format!("put `#{path}` behind the names that it is about, or remove it");
        findings.push(Diagnostic::new(Code::Unused, span, message).help(help));
    }
}

/// Tags that were chosen to mark sensitive data, and that the policy does not have.
fn chosen(subject: &Subject<'_>, options: &Options, findings: &mut Vec<Diagnostic>) {
    let declared: Vec<&str> =
        subject.written.tags().into_iter().map(|tag| tag.name.text.as_str()).collect();
    for tag in options.sensitive.iter().filter(|_| options.chosen) {
        if tagged::named(subject.model, tag).is_some() {
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
