//! Puts the labels of a file in the place of the policy's, and makes all texts printable.

use super::labels::Labels;
use super::nodes::{Kind, each_node};
use whyfor::notice::Notice;
use whyfor::printable;

/// Replaces the policy's labels; returns the paths that a file of labels lacks.
pub(crate) fn apply(labels: &Labels, notice: &mut Notice) -> Vec<String> {
    let mut missing = Vec::new();
    header(labels, notice);
    for section in &mut notice.sections {
        match labels.label(Kind::Section, &section.name) {
            Some(title) => section.title.clone_from(title),
            None if section.name.is_empty() => {}
            None => missing.push(section.name.clone()),
        }
        clean(&mut section.title);
        reason(labels, &mut section.because, &mut missing);
        for entry in &mut section.entries {
            reason(labels, &mut entry.because, &mut missing);
            clean(&mut entry.see);
        }
    }
    each_node(notice, &mut |kind, node| {
        match labels.label(kind, &node.path) {
            Some(label) => node.label.clone_from(label),
            // A choice without a label is its name, which may be of any language.
            None if kind == Kind::Choice && node.label.is_empty() => {}
            None => missing.push(node.path.clone()),
        }
        clean(&mut node.label);
    });
    missing.sort();
    missing.dedup();
    if labels.translated { missing } else { Vec::new() }
}

fn header(labels: &Labels, notice: &mut Notice) {
    let head = &labels.head;
    for (text, other) in [
        (&mut notice.title, &head.title),
        (&mut notice.controller, &head.controller),
        (&mut notice.contact, &head.contact),
        (&mut notice.url, &None),
        (&mut notice.version, &None),
        (&mut notice.effective, &None),
    ] {
        other.iter().for_each(|other| text.clone_from(other));
        clean(text);
    }
}

fn reason(labels: &Labels, text: &mut String, missing: &mut Vec<String>) {
    match labels.reasons.get(text) {
        Some(other) => text.clone_from(other),
        None if text.is_empty() => {}
        None => missing.push(text.clone()),
    }
    clean(text);
}

/// Makes text printable and puts it on one line.
fn clean(text: &mut String) {
    if let std::borrow::Cow::Owned(shown) = printable(text) {
        *text = shown;
    }
}
