//! Moves the spans of a tree.

use super::tree::*;
use crate::source::{FileId, Span};

impl File {
    /// Moves the tree of a text to its place in a file, `by` bytes after the start.
    pub(super) fn shift(&mut self, file: FileId, by: u32) {
        self.each_span(&mut |span| {
            *span = Span { file, start: span.start + by, end: span.end + by };
        });
    }

    /// Adds what comes after it in the same file.
    pub(super) fn append(&mut self, next: Self) {
        let Self {
            header,
            imports,
            tags,
            duties,
            bases,
            events,
            facts,
            vocabulary,
            fields,
            sections,
            statements,
            expectations,
            ends,
            lost,
            unread,
        } = next;
        join(&mut self.header, header);
        join(&mut self.imports, imports);
        join(&mut self.tags, tags);
        join(&mut self.duties, duties);
        join(&mut self.bases, bases);
        join(&mut self.events, events);
        join(&mut self.facts, facts);
        join(&mut self.vocabulary, vocabulary);
        join(&mut self.fields, fields);
        join(&mut self.sections, sections);
        join(&mut self.statements, statements);
        join(&mut self.expectations, expectations);
        join(&mut self.ends, ends);
        self.lost.extend(lost);
        self.unread |= unread;
    }
}

/// Appends a list to another one, without a copy if that is empty.
pub(super) fn join<T>(list: &mut Vec<T>, next: Vec<T>) {
    match list.is_empty() {
        true => *list = next,
        false => list.extend(next),
    }
}

/// Something that contains spans.
trait Spans {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span));
}

impl<T: Spans> Spans for Vec<T> {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        self.iter_mut().for_each(|one| one.each_span(act));
    }
}

impl<T: Spans> Spans for Option<T> {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        self.iter_mut().for_each(|one| one.each_span(act));
    }
}

impl<A: Spans, B: Spans> Spans for (A, B) {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        self.0.each_span(act);
        self.1.each_span(act);
    }
}

/// For each type, the fields that contain spans, then the others. All fields are named, so that none is forgotten.
macro_rules! spans {
    ($($type:ident { $($part:ident),* ; $($none:ident),* })*) => {$(
        impl Spans for $type {
            fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
                let Self { $($part,)* $($none: _),* } = self;
                $($part.each_span(act);)*
            }
        }
    )*};
}

spans! {
    File {
        header, imports, tags, duties, bases, events, facts, vocabulary, fields, sections, statements,
        expectations, ends;
        lost, unread
    }
    Name { span; text }
    Text { span; text }
    Header { name, label, entries, closed; }
    Declared { name, label; }
    Duty { name, label, mask; }
    Tag { name, label, published, children; }
    Basis { name, label, when, unless; }
    Fact { name, label, kind; }
    Node { name, label, tags, also, children; open }
    Field { patterns, except, categories; }
    Section { name, title, because, statements; }
    Statement { span, scope, when, unless, duties, bases, limits, because, see; kind }
    RetainLimit { span, limit; at_least }
    Scope { categories, by, with, purposes; act }
    Expectation { span, scope, given; verdict }
    Selection { span, kind; }
}

impl Spans for Span {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        act(self);
    }
}

impl Spans for Hierarchy {
    fn each_span(&mut self, _: &mut impl FnMut(&mut Span)) {}
}

impl Spans for Domain<Declared> {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        match self {
            Self::YesNo | Self::PerPurpose | Self::Number => {}
            Self::Choice(choices) => choices.each_span(act),
        }
    }
}

impl Spans for Limit<Name> {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Period { period: _, after } => after.each_span(act),
            Self::Until { until } => until.each_span(act),
        }
    }
}

impl Spans for SelectionKind {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Everything | Self::Collected => {}
            Self::Tag(name) | Self::Path(name) => name.each_span(act),
            Self::Union(all) | Self::Intersection(all) => all.each_span(act),
            Self::Except(first, others) => {
                first.each_span(act);
                others.each_span(act);
            }
            Self::Optional(one) => one.each_span(act),
        }
    }
}

impl Spans for Condition {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Fact(fact) | Self::Compare(fact, ..) => fact.each_span(act),
            Self::Is(fact, values) => {
                fact.each_span(act);
                values.each_span(act);
            }
            Self::Not(one) => one.each_span(act),
            Self::And(all) | Self::Or(all) => all.each_span(act),
        }
    }
}

impl Spans for Value {
    fn each_span(&mut self, act: &mut impl FnMut(&mut Span)) {
        match self {
            Self::YesNo(_, span) | Self::Number(_, span) => act(span),
            Self::Name(name) => name.each_span(act),
        }
    }
}
