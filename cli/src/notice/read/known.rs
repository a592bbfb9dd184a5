//! The labels that a list is known to have.

use crate::notice::labelled::{self, COLONS, LONGEST_LABEL};
use crate::notice::matching;
use crate::notice::part::{About, Part};
use crate::notice::words::Words;
use std::collections::HashMap;
use whyfor::{Act, StatementKind};

/// What the text after a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A part of a statement, as the list writes it.
    Part(Part, Option<About>),
    /// What only other pages write.
    More(More),
}

/// What pages say that the list of a policy has no line for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum More {
    /// Data that a person may leave out.
    Optional,
    /// Whether the data must be given.
    Required,
    Basis,
    /// Whose data it is.
    Subject,
    /// The countries that data goes to.
    Transfers,
    /// Why a statement is made.
    Reason,
    /// Where more is said of it.
    See,
    /// What names a section.
    Scenario,
    /// An entry of the policy's header.
    Header(HeaderEntry),
}

/// An entry of the header that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum HeaderEntry {
    Version,
    Controller,
    Effective,
    Contact,
    Url,
}

impl HeaderEntry {
    /// Its word in a policy.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Controller => "controller",
            Self::Effective => "effective",
            Self::Contact => "contact",
            Self::Url => "url",
        }
    }
}

/// The label of a line.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) name: String,
    /// What it stands for, if it is one of the list's words.
    pub(crate) role: Option<Role>,
}

impl Label {
    pub(crate) fn is_known(&self) -> bool {
        self.role.is_some()
    }

    /// An unknown label.
    pub(super) fn other(name: &str) -> Self {
        Self { name: name.trim().to_owned(), role: None }
    }
}

/// The known labels of a list, by their words.
pub(crate) struct KnownLabels<'w> {
    pub(crate) words: &'w Words,
    roles: HashMap<String, Role>,
    /// A label may refer to a note, which its name keeps. What is compared has none.
    may_refer: bool,
}

impl<'w> KnownLabels<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        let mut list: Vec<(&str, Role)> = Vec::new();
        for kind in [StatementKind::Permit, StatementKind::Never, StatementKind::Require] {
            for act in [Act::Collect(()), Act::Use, Act::Share(())] {
                list.push((words.types(kind, &act), Role::Part(Part::Types, Some((kind, act)))));
            }
        }
        list.extend([
            (words.method.as_str(), Role::Part(Part::Method, None)),
            (&words.recipients, Role::Part(Part::Recipients, None)),
            (&words.purpose, Role::Part(Part::Purpose, None)),
            (&words.condition, Role::Part(Part::Condition, None)),
            (&words.duties, Role::Part(Part::Duties, None)),
            (&words.retention, Role::Part(Part::Retention, None)),
            (&words.recipient_duties, Role::Part(Part::RecipientDuties, None)),
            (&words.recipient_retention, Role::Part(Part::RecipientRetention, None)),
            (&words.optional_data, Role::More(More::Optional)),
            (&words.required, Role::More(More::Required)),
            (&words.basis, Role::More(More::Basis)),
            (&words.subject, Role::More(More::Subject)),
            (&words.transfers, Role::More(More::Transfers)),
            (&words.reason, Role::More(More::Reason)),
            (&words.see, Role::More(More::See)),
            (&words.scenario, Role::More(More::Scenario)),
            (&words.activity, Role::More(More::Scenario)),
            (&words.version, Role::More(More::Header(HeaderEntry::Version))),
            (&words.controller, Role::More(More::Header(HeaderEntry::Controller))),
            (&words.effective, Role::More(More::Header(HeaderEntry::Effective))),
            (&words.contact, Role::More(More::Header(HeaderEntry::Contact))),
            (&words.url, Role::More(More::Header(HeaderEntry::Url))),
        ]);
        Self { may_refer: true, ..Self::with(words, &list) }
    }

    /// These words, with the further labels that pages have for them.
    pub(crate) fn with(words: &'w Words, list: &[(&str, Role)]) -> Self {
        let mut roles = HashMap::new();
        let mut add = |label: &str, role: &Role| {
            roles.entry(matching::key(label, words)).or_insert(*role);
        };
        for (word, role) in list {
            std::iter::once(*word).chain(words.others(word)).for_each(|label| add(label, role));
        }
        for (word, role) in list {
            words.usual(word).for_each(|label| add(label, role));
        }
        Self { words, roles, may_refer: false }
    }

    /// The known label that a text is, if any.
    pub(super) fn label(&self, text: &str) -> Option<Label> {
        let name = labelled::name(text)?;
        let role = |name: &str| self.roles.get(&matching::key(name, self.words));
        let without = || role(&matching::without_signs(name)).filter(|_| self.may_refer);
        let role = *role(name).or_else(without)?;
        Some(Label { name: name.to_owned(), role: Some(role) })
    }

    /// Whether a paragraph leads the purposes that come in addition.
    pub(super) fn is_lead(&self, text: &str) -> bool {
        matching::same(text, &self.words.additional, self.words)
    }

    /// The label of a column, known or not.
    pub(super) fn column(&self, text: &str) -> Label {
        self.label(text).unwrap_or_else(|| Label::other(text))
    }

    /// Splits a text, with the bold text at its start, into its label, if any, and the rest.
    pub(super) fn split(&self, start: &str, text: &str) -> (Option<Label>, String) {
        labelled::split(start, text, |name| self.label(name), Label::other)
    }

    /// The place of a known label with a colon within a text, after a text that `ends` so that one may
    /// follow. Text in brackets is not a label: it may be the tags of a name.
    pub(super) fn within(&self, text: &str, ends: fn(&str) -> bool) -> Option<usize> {
        let colons = text.match_indices(COLONS).map(|(at, _)| at);
        colons.take(MOST_COLONS).find_map(|colon| {
            let before = &text[..colon];
            let end = before.len() - before.len().min(LONGEST_LABEL);
            let end = (end..=before.len()).find(|at| before.is_char_boundary(*at))?;
            let starts = before[end..].char_indices().filter(|(_, c)| is_edge(*c));
            let starts = starts.map(|(at, c)| end + at + c.len_utf8());
            starts
                .filter(|start| ends(&text[..*start]) && !is_in_bracket(&text[..*start]))
                .find(|start| self.label(before[*start..].trim_matches(['*', '_', ' '])).is_some())
        })
    }
}

/// With more colons, a text is no line of a list.
const MOST_COLONS: usize = 50;

/// Whether a bracket is open at the end of a text.
fn is_in_bracket(text: &str) -> bool {
    let count = |brackets: [char; 2]| text.matches(brackets).count();
    count(['(', '（']) > count([')', '）'])
}

/// Whether a label may start after a character.
fn is_edge(character: char) -> bool {
    character.is_whitespace() || ";；,，。.、|/-–—•·*)）".contains(character)
}
