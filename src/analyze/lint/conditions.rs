//! Conditions that are never true, and conditions that are true for all facts.

use super::subject::Subject;
use super::written;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ConditionId, ConditionResolver, Formula};
use crate::names::SuggestionBudget;
use crate::source::Span;
use crate::syntax::tree::Condition;
use hashbrown::HashMap;

pub(super) fn find(subject: &mut Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let by_name: HashMap<String, u32> =
        (model.facts.iter().enumerate()).map(|(id, fact)| (fact.name.clone(), id as u32)).collect();
    let (mut conditions, budget) = (model.conditions.clone(), SuggestionBudget::default());
    let mut resolver = ConditionResolver {
        facts: &model.facts,
        by_name: &by_name,
        conditions: &mut conditions,
        budget: &budget,
    };
    let mut formula = |condition: &Condition| -> Option<Formula> {
        resolver.formula(condition, &mut Vec::new()) // the model has no errors
    };
    let mut reported: Vec<Diagnostic> = Vec::new();
    let mut known: HashMap<u32, Option<(bool, bool)>> = HashMap::new();
    for Conditional { what, when, unless, own, span } in conditionals(subject) {
        let before = reported.len();
        for (condition, word) in [(when, "when"), (unless, "unless")] {
            let Some(condition) = condition else { continue };
            let Some(formula) = formula(condition) else { continue };
            let id = subject.answers.vocabulary.formula(&formula, &subject.translation);
            let place = written::place(condition).unwrap_or(span);
            match *known.entry(id).or_insert_with(|| subject.answers.possible(id)) {
                Some((false, _)) => reported.push(never(place, word, what)),
                Some((true, false)) => reported.push(always(place, word, what)),
                Some((true, true)) => {}
                None => [Code::NeverTrue, Code::AlwaysTrue].into_iter().for_each(|code| {
                    subject.left_out.rule(code, Some(place));
                }),
            }
        }
        if reported.len() == before && when.is_some() && unless.is_some() {
            let own = subject.translation.condition(own);
            if let Some((false, _)) =
                *known.entry(own).or_insert_with(|| subject.answers.possible(own))
            {
                let message = "this never holds: whenever its `when` is yes, so is its `unless`";
                reported.push(
                    Diagnostic::new(Code::NeverTrue, span, message)
                        .help(format!("correct one of the two conditions, or remove the {what}")),
                );
            }
        }
    }
    findings.append(&mut reported);
}

/// A statement or a legal basis that may have conditions.
#[derive(Clone, Copy)]
struct Conditional<'m> {
    what: &'static str,
    when: Option<&'m Condition>,
    unless: Option<&'m Condition>,
    /// Of both.
    own: ConditionId,
    span: Span,
}

fn conditionals<'m>(subject: &Subject<'m>) -> Vec<Conditional<'m>> {
    let model = subject.model;
    let statements = model.statements.iter().zip(&subject.written.statements);
    let statements = statements.map(|(statement, written)| Conditional {
        what: "statement",
        when: written.when.as_ref(),
        unless: written.unless.as_ref(),
        own: statement.own,
        span: statement.span,
    });
    let bases = subject.written.bases().filter_map(|written| {
        let basis = model.bases.iter().find(|basis| basis.name == written.name.text)?;
        Some(Conditional {
            what: "basis",
            when: written.when.as_ref(),
            unless: written.unless.as_ref(),
            own: basis.condition,
            span: written.name.span,
        })
    });
    let all = bases.chain(statements);
    all.filter(|one| one.when.is_some() || one.unless.is_some()).collect()
}

fn never(place: Span, word: &str, what: &str) -> Diagnostic {
    let (consequence, help) = match word {
        "when" => (
            format!("the {what} never holds"),
            format!("correct the condition, or remove the {what}"),
        ),
        _ => (
            "it excepts nothing".to_owned(),
            "correct the condition, or remove the `unless`".to_owned(),
        ),
    };
    let message = format!("this `{word}` can never be yes, so {consequence}");
    Diagnostic::new(Code::NeverTrue, place, message).help(help)
}

fn always(place: Span, word: &str, what: &str) -> Diagnostic {
    let (consequence, help) = match word {
        "when" => (
            "it only asks that its facts are stated".to_owned(),
            "correct the condition, or remove it if they need not be stated".to_owned(),
        ),
        _ => (
            format!("the {what} never holds"),
            format!("correct the condition, or remove the {what}"),
        ),
    };
    let message = format!("this `{word}` is yes whatever its facts are, so {consequence}");
    Diagnostic::new(Code::AlwaysTrue, place, message).help(help)
}
