//! The labels that the list of a policy has.

use crate::notice::labelled;
use crate::notice::matching;
use crate::notice::part::{About, Part};
use crate::notice::words::Words;
use std::collections::HashMap;
use whyfor::{Act, StatementKind};

/// The label of a line.
#[derive(Clone)]
pub(super) struct Label {
    pub(super) name: String,
    /// Its part, if it is one of the list's words.
    pub(super) part: Option<(Part, Option<About>)>,
}

impl Label {
    pub(super) fn is_known(&self) -> bool {
        self.part.is_some()
    }

    /// An unknown label.
    fn other(name: &str) -> Self {
        Self { name: name.trim().to_owned(), part: None }
    }
}

/// The known labels of a list, by their words.
pub(super) struct KnownLabels<'w> {
    pub(super) words: &'w Words,
    parts: HashMap<String, (Part, Option<About>)>,
}

/// What else a line may be about.
const PARTS: [Part; 17] = [
    Part::Optional,
    Part::Method,
    Part::Recipients,
    Part::Purpose,
    Part::Basis,
    Part::Condition,
    Part::Duties,
    Part::Retention,
    Part::RecipientDuties,
    Part::RecipientRetention,
    Part::Reason,
    Part::See,
    Part::Activity,
    Part::Category,
    Part::Subject,
    Part::Transfers,
    Part::Sale,
];

impl<'w> KnownLabels<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        let mut parts = HashMap::new();
        let mut add = |label: &str, part, about| {
            parts.entry(matching::key(label, words)).or_insert((part, about));
        };
        for kind in [StatementKind::Permit, StatementKind::Never, StatementKind::Require] {
            for act in [Act::Collect(()), Act::Use, Act::Share(())] {
                add(words.types(kind, &act), Part::Types, Some((kind, act)));
            }
        }
        for part in PARTS {
            add(words.of_part(part), part, None);
        }
        Self { words, parts }
    }

    /// The known label that a text is, if any.
    pub(super) fn label(&self, text: &str) -> Option<Label> {
        let name = labelled::name(text)?;
        let part = *self.parts.get(&matching::key(name, self.words))?;
        Some(Label { name: name.to_owned(), part: Some(part) })
    }

    /// The label of a column, known or not.
    pub(super) fn column(&self, text: &str) -> Label {
        self.label(text).unwrap_or_else(|| Label::other(text))
    }

    /// Splits a text, with the bold text at its start, into its label, if any, and the rest.
    pub(super) fn split(&self, start: &str, text: &str) -> (Option<Label>, String) {
        labelled::split(start, text, |name| self.label(name), Label::other)
    }
}
