//! Findings about statements that change nothing, with fixes that remove them.

use super::points::Points;
use crate::Question;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::model::{ActKind, ConditionId, Hierarchy, Model, StatementKind};
use crate::source::Span;
use crate::syntax::{LINE_BREAKS, after_line};
use hashbrown::HashMap;

const GUARD: &str = "if it stands guard over permits to come: `// whyfor: allow(W0701) a guard`";
/// The most statements shown that forbid a permit.
const MOST: usize = 3;

/// Builds findings; remembers what forbids each class.
#[derive(Default)]
pub(super) struct Reporter {
    /// For each class, the first `never` that always forbids it.
    forbidding: HashMap<u32, Option<u32>>,
}

impl Reporter {
    /// The finding about a statement. `already` is another one that says the same, if there is one.
    pub(super) fn finding(
        &mut self,
        model: &Model,
        points: &Points,
        id: u32,
        already: Option<u32>,
        removable: bool,
    ) -> Diagnostic {
        let statement = &model.statements[id as usize];
        let forbidden = match statement.kind {
            StatementKind::Permit => self.forbidden(model, points, id),
            StatementKind::Never | StatementKind::Require => None,
        };
        let diagnostic = match forbidden {
            Some(spans) => {
                let message = "all that this permits is forbidden";
                let diagnostic = Diagnostic::new(Code::Forbidden, statement.span, message);
                let help = "`never` beats every permit: remove one of them, or write an exception";
                let related = |reported: Diagnostic, span| reported.related(span, "forbidden here");
                spans.into_iter().take(MOST).fold(diagnostic, related).help(help)
            }
            None => changes_nothing(model, points, id, already),
        };
        if !removable {
            return diagnostic;
        }
        let edits = vec![(whole_lines(model, statement.span), String::new())];
        diagnostic.fixed_by(Fix { title: "remove the statement".to_owned(), edits })
    }

    /// The `never` statements that forbid everything that a statement covers, if they do.
    fn forbidden(&mut self, model: &Model, points: &Points, id: u32) -> Option<Vec<Span>> {
        let classes = points.classes(id);
        let mut spans = Vec::new();
        for class in classes {
            let never = *self.forbidding.entry(*class).or_insert_with(|| {
                let statement = |id: &&u32| &model.statements[**id as usize];
                let always = |id: &&u32| {
                    let statement = statement(id);
                    statement.kind == StatementKind::Never
                        && statement.condition == ConditionId::ALWAYS
                };
                points.statements(*class).iter().find(always).copied()
            });
            spans.push(model.statements[never? as usize].span);
        }
        spans.sort();
        spans.dedup();
        (!spans.is_empty()).then_some(spans)
    }
}

fn changes_nothing(model: &Model, points: &Points, id: u32, already: Option<u32>) -> Diagnostic {
    let statement = &model.statements[id as usize];
    let message = "this statement changes no decision";
    let reported = Diagnostic::new(Code::ChangesNothing, statement.span, message);
    if points.classes(id).is_empty() {
        return reported.help("it covers nothing");
    }
    if let Some(other) = already {
        let text = match statement.kind {
            StatementKind::Permit => "this permits all of it already",
            StatementKind::Never => "this forbids all of it already",
            StatementKind::Require => "this requires all of it already",
        };
        return reported.related(model.statements[other as usize].span, text);
    }
    match statement.kind {
        StatementKind::Permit => {
            reported.help("other statements permit all of it already, or forbid it")
        }
        StatementKind::Never => {
            reported.help("nothing that it forbids is permitted, or others forbid it already")
        }
        StatementKind::Require => reported
            .help("nothing that it adds to is permitted, or others require it already")
            .help(GUARD),
    }
}

/// The statement with its lines if nothing else is on them, otherwise with the spaces after it.
fn whole_lines(model: &Model, span: Span) -> Span {
    let text = model.sources.file(span.file).text();
    let (start, end) = (span.start as usize, span.end as usize);
    let before = start - text[..start].rsplit(LINE_BREAKS).next().unwrap_or("").len();
    let after = after_line(text, end);
    if !text[before..start].trim().is_empty() {
        return span;
    }
    match text[end..after].trim().is_empty() {
        true => Span::new(span.file, before, after),
        false => {
            let rest = text[end..after].trim_start_matches([' ', '\t']);
            Span::new(span.file, start, after - rest.len()) // a comment stays where the line starts
        }
    }
}

/// A question as a statement.
pub(super) fn question(model: &Model, act: ActKind, [c, q, p]: [u32; 3]) -> String {
    let category = model.tree(Hierarchy::Category).path(c);
    let purpose = model.tree(Hierarchy::Purpose).path(p);
    let tree = act.party().map(|hierarchy| model.tree(hierarchy));
    let party = tree.filter(|tree| q < tree.any()).map(|tree| tree.path(q));
    let question = Question::new(act, category, party, purpose);
    question.map(|question| question.to_string()).unwrap_or_default()
}
