//! What published tags say beyond a label.

use crate::notice::words::Words;
use whyfor::notice::{Item, Node, Selected, Tag};

/// The published tags of what a selection means: of what it names, groups before their members, then of what is below
/// that.
fn all(selected: &Selected) -> Vec<&Tag> {
    fn add<'i>(item: &'i Item, tags: &mut Vec<&'i Tag>) {
        tags.extend(&item.node.tags);
        item.members.iter().for_each(|member| add(member, tags));
        tags.extend(&item.tags_below);
    }
    let mut tags = Vec::new();
    selected.groups.iter().chain(&selected.items).for_each(|item| add(item, &mut tags));
    tags
}

/// The tags of a group that a selection has, each once. The group has this name or this label.
pub(super) fn of_group<'s>(selected: &'s Selected, name: &str, label: &str) -> Vec<&'s str> {
    let tags = all(selected).into_iter();
    let mut texts: Vec<&str> = Vec::new();
    for tag in tags.filter(|tag| is_called(&tag.group, name, label)) {
        let text = tag.tag.as_ref().map(Node::text);
        texts.extend(text.filter(|text| !texts.contains(text)));
    }
    texts
}

/// Whether something has this name or this label.
pub(super) fn is_called(node: &Node, name: &str, label: &str) -> bool {
    node.path == name || node.label.to_lowercase() == label.to_lowercase()
}

/// The tag of this name, at any place in its group.
pub(super) fn named<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let nodes = node.tags.iter().flat_map(|tag| tag.tag.iter().chain([&tag.group]));
    nodes.into_iter().find(|tag| tag.path.rsplit('.').next() == Some(name))
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
