//! One JSON object with every answer.
//!
//! ```json
//! {
//!   "policy": { "name": "shop", "label": "Shop", "version": "1.0", "digest": "9f…" },
//!   "act": "collect",
//!   "by": "provided",
//!   "facts": ["age=20"],
//!   "categories": [{ "path": "contact.email", "label": "Email", "depth": 1 }],
//!   "purposes": [{ "path": "service.login", "label": "Signing in", "depth": 1 }],
//!   "cells": [[{ "decision": "allow", "duties": [], "retain_days": null, "missing": [] }]]
//! }
//! ```
//!
//! With a purpose named (`"for"`), `purposes` is absent and `methods` or `recipients` are the columns. `cells` has a list
//! for each category with an answer for each column; its members are those
//! of `ask --format json`. `by` is present for `collect` by a method, `with` for `share` with a
//! recipient. If omitted, the best method or recipient counts, and each cell lists those with its
//! decision.
//!
//! Rows are decided as they are written, so memory does not grow with the table.

use super::subject::{Party, Terms};
use super::{Answer, Axis, Heading, Subject};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use std::io::Write;
use whyfor::{ActKind, Limit, Verdict};

pub(crate) fn write(subject: &Subject<'_>, out: &mut impl Write) -> std::io::Result<()> {
    crate::output::json::compact(&mut *out, &Document::new(subject))?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Document<'s> {
    policy: Header<'s>,
    act: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<&'s str>,
    facts: &'s [String],
    categories: Vec<NodeEntry<'s>>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    purpose: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purposes: Option<Vec<NodeEntry<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<NodeEntry<'s>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipients: Option<Vec<NodeEntry<'s>>>,
    cells: Cells<'s>,
}

#[derive(Serialize)]
struct Header<'s> {
    name: &'s str,
    label: &'s str,
    version: &'s str,
    digest: String,
}

#[derive(Serialize)]
struct NodeEntry<'s> {
    path: &'s str,
    label: &'s str,
    depth: usize,
}

#[derive(Serialize)]
struct Cell<'s> {
    decision: &'s str,
    duties: Vec<&'s str>,
    retain_days: Option<u64>,
    /// Of an allow or a depends.
    #[serde(flatten)]
    terms: Option<TermsEntry<'s>>,
    missing: Vec<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Vec<&'s str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<Vec<&'s str>>,
}

#[derive(Serialize)]
struct TermsEntry<'s> {
    bases: Vec<&'s str>,
    unbased: bool,
    retain: Vec<Limit>,
    retain_at_least: Vec<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    optional: Option<bool>,
}

impl<'s> TermsEntry<'s> {
    fn new(terms: Terms<'s>, act: ActKind) -> Self {
        let limits =
            |words: Vec<String>| words.iter().filter_map(|text| text.parse().ok()).collect();
        Self {
            bases: terms.bases,
            unbased: terms.unbased,
            retain: limits(terms.retain),
            retain_at_least: limits(terms.retain_at_least),
            optional: (act == ActKind::Collect).then_some(terms.optional),
        }
    }
}

impl<'s> Document<'s> {
    fn new(subject: &'s Subject<'_>) -> Self {
        let party = match subject.party {
            Party::One(path) => Some(path),
            Party::None | Party::Some => None,
            Party::Every => Some("*"),
        };
        let policy = subject.policy;
        let columns = |are_these: bool| are_these.then(|| entries(&subject.columns));
        Self {
            policy: Header {
                name: policy.name(),
                label: policy.label(),
                version: policy.version(),
                digest: policy.digest().to_string(),
            },
            act: subject.act.as_str(),
            by: party.filter(|_| subject.act == ActKind::Collect),
            with: party.filter(|_| subject.act == ActKind::Share),
            facts: subject.stated,
            categories: entries(&subject.rows),
            purpose: match subject.axis {
                Axis::Purposes => None,
                Axis::Methods(purpose) | Axis::Recipients(purpose) => Some(purpose),
            },
            purposes: columns(matches!(subject.axis, Axis::Purposes)),
            methods: columns(matches!(subject.axis, Axis::Methods(_))),
            recipients: columns(matches!(subject.axis, Axis::Recipients(_))),
            cells: Cells(subject),
        }
    }
}

fn entries<'s>(headings: &[Heading<'s>]) -> Vec<NodeEntry<'s>> {
    let entry = |h: &Heading<'s>| NodeEntry { path: h.path, label: h.label, depth: h.depth };
    headings.iter().map(entry).collect()
}

impl<'s> Cell<'s> {
    fn new(subject: &Subject<'_>, answer: Answer<'s>) -> Self {
        let parties = Some(answer.parties).filter(|_| subject.party == Party::Some);
        let (by, with) = match subject.act {
            ActKind::Share => (None, parties),
            ActKind::Collect | ActKind::Use => (parties, None),
        };
        Self {
            decision: answer.verdict.as_str(),
            duties: answer.duties,
            retain_days: answer.retain_days,
            terms: (answer.verdict != Verdict::Deny)
                .then(|| TermsEntry::new(answer.terms, subject.act)),
            missing: answer.missing,
            by,
            with,
        }
    }
}

struct Cells<'s>(&'s Subject<'s>);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in 0..self.0.rows.len() {
            rows.serialize_element(&Row(self.0, row))?;
        }
        rows.end()
    }
}

struct Row<'s>(&'s Subject<'s>, usize);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(subject, row) = self;
        let columns = 0..subject.columns.len();
        serializer
            .collect_seq(columns.map(|column| Cell::new(subject, subject.answer(*row, column))))
    }
}
