//! The syntax tree: what the author wrote, with the span of everything, before names are resolved.

pub(crate) use crate::period::{Limit, Period};
use crate::source::Span;
pub(crate) use crate::words::{ActKind, Domain, Hierarchy, StatementKind, Unit, Verdict};
use hashbrown::HashSet;

/// A name or a dotted path as written, without backquotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A string literal, its escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// One file. Broken parts are left out; diagnostics report them.
#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub(crate) header: Vec<Header>,
    pub(crate) imports: Vec<Text>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) duties: Vec<Duty>,
    pub(crate) bases: Vec<Basis>,
    pub(crate) events: Vec<Declared>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) vocabulary: Vec<(Hierarchy, Node)>,
    pub(crate) fields: Vec<Field>,
    pub(crate) sections: Vec<Section>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) expectations: Vec<Expectation>,
    /// Where it says `end`.
    pub(crate) ends: Vec<Span>,
    /// The words of broken parts. They may be declared there, so they are not reported as unknown.
    pub(crate) lost: HashSet<String>,
    /// The file was not parsed at all.
    pub(crate) unread: bool,
}

impl File {
    /// The statements in sections, then the others.
    pub(crate) fn all_statements(&self) -> impl Iterator<Item = &Statement> {
        let in_sections = self.sections.iter().flat_map(|section| &section.statements);
        in_sections.chain(&self.statements)
    }
}

/// `policy NAME "label" { version "…" controller "…" … closed }`.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    pub(crate) entries: Vec<(Name, Text)>,
    /// Where it says `closed`: every file says `end`.
    pub(crate) closed: Option<Span>,
}

/// `duty NAME "label" mask "ACTION"`.
#[derive(Debug, Clone)]
pub(crate) struct Duty {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    pub(crate) mask: Option<Text>,
}

/// `event NAME "label"` and a choice of a fact.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
}

/// `tag NAME "label" published { … }`, and without the keyword what is below it.
#[derive(Debug, Clone)]
pub(crate) struct Tag {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    /// Where it says `published`.
    pub(crate) published: Option<Span>,
    pub(crate) children: Vec<Tag>,
}

/// `basis NAME "label" [when …] [unless …]`.
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    pub(crate) when: Option<Condition>,
    pub(crate) unless: Option<Condition>,
}

#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    pub(crate) kind: Domain<Declared>,
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) name: Name,
    pub(crate) label: Option<Text>,
    /// The label is marked `open`: it covers more than the policy lists.
    pub(crate) open: bool,
    pub(crate) tags: Vec<Name>,
    pub(crate) also: Vec<Name>,
    pub(crate) children: Vec<Node>,
}

/// `field PATTERNS [except PATTERNS] is CATEGORIES`.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) patterns: Vec<Text>,
    pub(crate) except: Vec<Text>,
    pub(crate) categories: Vec<Name>,
}

#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) name: Name,
    pub(crate) title: Option<Text>,
    pub(crate) because: Option<Text>,
    pub(crate) statements: Vec<Statement>,
}

/// A permit, a `never` or a `require`.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) span: Span,
    pub(crate) kind: StatementKind,
    pub(crate) scope: Scope,
    pub(crate) when: Option<Condition>,
    pub(crate) unless: Option<Condition>,
    pub(crate) duties: Vec<Name>,
    /// Alternatives, each of bases that are needed together.
    pub(crate) bases: Vec<Vec<Name>>,
    pub(crate) limits: Vec<RetainLimit>,
    pub(crate) because: Option<Text>,
    pub(crate) see: Option<Text>,
}

/// One entry of `retain`.
#[derive(Debug, Clone)]
pub(crate) struct RetainLimit {
    pub(crate) span: Span,
    /// `at least`: the data is kept for that long, rather than no longer.
    pub(crate) at_least: bool,
    pub(crate) limit: Limit<Name>,
}

/// The scope of a statement or an expectation. An omitted part is `None`.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) act: ActKind,
    pub(crate) categories: Selection,
    pub(crate) by: Option<Selection>,
    pub(crate) with: Option<Selection>,
    pub(crate) purposes: Option<Selection>,
}

#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) span: Span,
    pub(crate) verdict: Verdict,
    pub(crate) scope: Scope,
    pub(crate) given: Vec<(Name, Value)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) span: Span,
    pub(crate) kind: SelectionKind,
}

#[derive(Debug, Clone)]
pub(crate) enum SelectionKind {
    Everything,
    Collected,
    Tag(Name),
    Path(Name),
    Union(Vec<Selection>),
    Intersection(Vec<Selection>),
    /// The first without the others.
    Except(Box<Selection>, Vec<Selection>),
    /// Data that the person may leave out.
    Optional(Box<Selection>),
}

impl Selection {
    /// Whether it contains the word `collected`.
    pub(crate) fn says_collected(&self) -> bool {
        match &self.kind {
            SelectionKind::Collected => true,
            SelectionKind::Everything | SelectionKind::Tag(_) | SelectionKind::Path(_) => false,
            SelectionKind::Union(parts) | SelectionKind::Intersection(parts) => {
                parts.iter().any(Self::says_collected)
            }
            SelectionKind::Except(first, others) => {
                first.says_collected() || others.iter().any(Self::says_collected)
            }
            SelectionKind::Optional(one) => one.says_collected(),
        }
    }

    /// Its parts that say `optional`.
    pub(crate) fn optional(&self) -> Vec<&Self> {
        match &self.kind {
            SelectionKind::Optional(_) => vec![self],
            SelectionKind::Everything
            | SelectionKind::Collected
            | SelectionKind::Tag(_)
            | SelectionKind::Path(_) => Vec::new(),
            SelectionKind::Union(parts) | SelectionKind::Intersection(parts) => {
                parts.iter().flat_map(Self::optional).collect()
            }
            SelectionKind::Except(first, others) => {
                std::iter::once(&**first).chain(others).flat_map(Self::optional).collect()
            }
        }
    }

    /// The terms of its outermost list, and what `except` takes from all of them.
    pub(crate) fn terms(&self) -> (&[Self], &[Self]) {
        let (list, except) = match &self.kind {
            SelectionKind::Except(first, others) => (&**first, others.as_slice()),
            _ => (self, &[][..]),
        };
        match &list.kind {
            SelectionKind::Union(parts) => (parts, except),
            _ => (std::slice::from_ref(list), except),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Condition {
    Fact(Name),
    Is(Name, Vec<Value>),
    Compare(Name, Operator, f64),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

/// A value as written after `is`, in `in (…)` or after `given FACT =`.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    YesNo(bool, Span),
    Number(f64, Span),
    Name(Name),
}

impl Value {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::YesNo(_, span) | Self::Number(_, span) => *span,
            Self::Name(name) => name.span,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}
