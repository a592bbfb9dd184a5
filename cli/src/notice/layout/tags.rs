//! What published tags say beyond a label.

use crate::notice::words::Words;
use whyfor::notice::{Item, Node, Selected, Tag};

/// The nodes that a selection names, groups before their members.
pub(super) fn nodes(selected: &Selected) -> Vec<&Node> {
    fn add<'i>(item: &'i Item, nodes: &mut Vec<&'i Node>) {
        nodes.push(&item.node);
        item.members.iter().for_each(|member| add(member, nodes));
    }
    let mut nodes = Vec::new();
    selected.groups.iter().chain(&selected.items).for_each(|item| add(item, &mut nodes));
    nodes
}

/// The tags of a group that the nodes of a selection have, each once.
pub(super) fn of_group<'s>(selected: &'s Selected, group: &str) -> Vec<&'s str> {
    let tags = nodes(selected).into_iter().flat_map(|node| &node.tags);
    let mut texts: Vec<&str> = Vec::new();
    for tag in tags.filter(|tag| tag.group.path == group).filter_map(|tag| tag.tag.as_ref()) {
        if !texts.contains(&tag.text()) {
            texts.push(tag.text());
        }
    }
    texts
}

/// Whether a tag has this name, at any place in its group.
pub(super) fn is_named(tag: &Tag, name: &str) -> bool {
    let last = |path: &str| path.rsplit('.').next() == Some(name);
    last(&tag.group.path) || tag.tag.as_ref().is_some_and(|tag| last(&tag.path))
}

/// Texts joined by commas, each once.
pub(super) fn joined(words: &Words, texts: &[&str]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for text in texts {
        if !distinct.contains(text) {
            distinct.push(text);
        }
    }
    distinct.join(&words.comma)
}
