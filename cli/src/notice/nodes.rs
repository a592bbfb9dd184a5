//! All that has a label in the list.

use whyfor::notice::{Basis, Condition, Entry, Item, Node, Notice, Selected, Tag};
use whyfor::{Act, Limit, Policy};

/// What has a label in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Section,
    Category,
    Method,
    Purpose,
    Recipient,
    Tag,
    Duty,
    Basis,
    Event,
    Fact,
    Choice,
}

/// Whether no label of a policy has a letter that English lacks.
pub(super) fn look_english(policy: &Policy) -> bool {
    let english = |label: &str| label.chars().all(|c| c.is_ascii() || !c.is_alphabetic());
    policy.categories().all(|(_, node)| english(node.label))
        && policy.methods().all(|(_, node)| english(node.label))
        && policy.purposes().all(|(_, node)| english(node.label))
        && policy.recipients().all(|(_, node)| english(node.label))
        && policy.facts().all(|fact| english(fact.label))
}

type Visit<'v> = &'v mut dyn FnMut(Kind, &mut Node);

/// Visits all that has a label, but for sections.
pub(super) fn each_node(notice: &mut Notice, visit: Visit<'_>) {
    for entry in notice.sections.iter_mut().flat_map(|section| &mut section.entries) {
        each_of_entry(entry, visit);
    }
    for charted in &mut notice.chart {
        tagged(Kind::Category, &mut charted.node, visit);
        each_selected(Kind::Purpose, &mut charted.purposes, visit);
        charted.recipients.iter_mut().for_each(|node| tagged(Kind::Recipient, node, visit));
    }
}

/// The words that are names, as far as the labels of a list show it: they have a capital within a label, or are those of
/// a recipient.
pub(super) fn names(notice: &Notice) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    each_node(&mut notice.clone(), &mut |kind, node| {
        let words: Vec<&str> = node.label.split_whitespace().collect();
        let is_capital = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().is_some_and(char::is_uppercase);
            first && letters.next().is_some_and(char::is_lowercase)
        };
        let within = words.windows(2).filter(|pair| !pair[0].ends_with(['.', ':', '!', '?']));
        let within = within.map(|pair| pair[1]).filter(|word| is_capital(word));
        let count = words.iter().filter(|word| is_capital(word)).count();
        let is_name = kind == Kind::Recipient && (count > 1 || words.len() == 1);
        let first = words.first().filter(|word| is_name && is_capital(word)).copied();
        for word in within.chain(first) {
            let name = word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    });
    names
}

fn each_of_entry(entry: &mut Entry, visit: Visit<'_>) {
    for categories in std::iter::once(&mut entry.categories).chain(&mut entry.optional) {
        each_selected(Kind::Category, categories, visit);
    }
    match &mut entry.act {
        Act::Collect(methods) => each_selected(Kind::Method, methods, visit),
        Act::Share(recipients) => each_selected(Kind::Recipient, recipients, visit),
        Act::Use => {}
    }
    each_selected(Kind::Purpose, &mut entry.purposes, visit);
    entry.duties.iter_mut().for_each(|duty| visit(Kind::Duty, duty));
    for condition in entry.when.iter_mut().chain(&mut entry.unless) {
        each_of_condition(condition, visit);
    }
    for Basis { node, when, unless, .. } in entry.bases.iter_mut().flatten() {
        visit(Kind::Basis, node);
        for condition in when.iter_mut().chain(unless) {
            each_of_condition(condition, visit);
        }
    }
    for retain in &mut entry.retain {
        match &mut retain.limit {
            Limit::Until { until: event } | Limit::Period { after: Some(event), .. } => {
                visit(Kind::Event, event);
            }
            Limit::Period { after: None, .. } => {}
        }
    }
}

fn each_selected(kind: Kind, selected: &mut Selected, visit: Visit<'_>) {
    for item in selected.groups.iter_mut().chain(&mut selected.items) {
        each_item(kind, item, visit);
    }
    selected.except.iter_mut().for_each(|node| tagged(kind, node, visit));
}

fn each_item(kind: Kind, item: &mut Item, visit: Visit<'_>) {
    tagged(kind, &mut item.node, visit);
    each_tag(&mut item.tags_below, visit);
    item.members.iter_mut().for_each(|member| each_item(kind, member, visit));
}

fn tagged(kind: Kind, node: &mut Node, visit: Visit<'_>) {
    visit(kind, node);
    each_tag(&mut node.tags, visit);
}

fn each_tag(tags: &mut [Tag], visit: Visit<'_>) {
    for tag in tags {
        std::iter::once(&mut tag.group).chain(&mut tag.tag).for_each(|tag| visit(Kind::Tag, tag));
    }
}

fn each_of_condition(condition: &mut Condition, visit: Visit<'_>) {
    match condition {
        Condition::Holds(fact) | Condition::Compares(fact, ..) => visit(Kind::Fact, fact),
        Condition::OneOf(fact, choices) => {
            visit(Kind::Fact, fact);
            choices.iter_mut().for_each(|choice| visit(Kind::Choice, choice));
        }
        Condition::Not(inner) => each_of_condition(inner, visit),
        Condition::All(list) | Condition::Any(list) => {
            list.iter_mut().for_each(|inner| each_of_condition(inner, visit));
        }
    }
}
