//! The labels that the list of a policy has, and how a text is split into its label and the rest.

use crate::notice::matching;
use crate::notice::part::Part;
use crate::notice::words::Words;
use std::collections::HashMap;
use whyfor::{Act, StatementKind};

/// The kind and act of a list of types.
pub(crate) type About = (StatementKind, Act<(), ()>);

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

/// Most bytes of a label.
const LONGEST_LABEL: usize = 200;
const COLONS: [char; 2] = [':', '：'];

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
        let name = text.trim().trim_end_matches(COLONS).trim();
        if name.len() > LONGEST_LABEL {
            return None;
        }
        let part = *self.parts.get(&matching::key(name, self.words))?;
        Some(Label { name: name.to_owned(), part: Some(part) })
    }

    /// The label of a column, known or not.
    pub(super) fn column(&self, text: &str) -> Label {
        self.label(text).unwrap_or_else(|| Label { name: text.trim().to_owned(), part: None })
    }

    /// Splits a text, with the bold text at its start, into its label, if any, and the rest. An
    /// unknown label is bold and has a colon.
    pub(super) fn split(&self, start: &str, text: &str) -> (Option<Label>, String) {
        let bold = start.trim();
        let colon = bold.ends_with(COLONS) || text.trim_start().starts_with(COLONS);
        let after_colon = |text: &str| one_line(text.trim_start().trim_start_matches(COLONS));
        if !bold.is_empty() {
            if let Some(label) = self.label(bold) {
                return (Some(label), after_colon(text));
            }
            if colon {
                let name = bold.trim_end_matches(COLONS).trim().to_owned();
                return (Some(Label { name, part: None }), after_colon(text));
            }
        }
        let whole = one_line(&format!("{start}{text}"));
        // Not bold, or with stars that Markdown does not accept as bold, as next to an ideograph.
        let cut = whole.split_once(COLONS).and_then(|(head, rest)| {
            let label = self.label(head.trim_matches(['*', '_', ' ']))?;
            Some((label, one_line(rest.trim_start_matches(['*', '_']))))
        });
        match cut {
            Some((label, rest)) => (Some(label), rest),
            None => (None, whole),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
