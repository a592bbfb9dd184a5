//! Conditions that are never true, and conditions that are true for all facts.

use super::subject::Subject;
use super::written;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ConditionResolver, Formula};
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
    for (statement, written) in model.statements.iter().zip(&subject.written.statements) {
        let before = reported.len();
        for (condition, word) in [(&written.when, "when"), (&written.unless, "unless")] {
            let Some(condition) = condition else { continue };
            let Some(formula) = formula(condition) else { continue };
            let id = subject.answers.vocabulary.formula(&formula, &subject.translation);
            let place = written::place(condition).unwrap_or(statement.span);
            match *known.entry(id).or_insert_with(|| subject.answers.possible(id)) {
                Some((false, _)) => reported.push(never(place, word)),
                Some((true, false)) => reported.push(always(place, word)),
                Some((true, true)) => {}
                None => [Code::NeverTrue, Code::AlwaysTrue].into_iter().for_each(|code| {
                    subject.left_out.rule(code, Some(place));
                }),
            }
        }
        if reported.len() == before && written.when.is_some() && written.unless.is_some() {
            let own = subject.translation.condition(statement.own);
            if let Some((false, _)) =
                *known.entry(own).or_insert_with(|| subject.answers.possible(own))
            {
                let message = "this never holds: whenever its `when` is yes, so is its `unless`";
                reported.push(
                    Diagnostic::new(Code::NeverTrue, statement.span, message)
                        .help("correct one of the two conditions, or remove the statement"),
                );
            }
        }
    }
    findings.append(&mut reported);
}

fn never(place: Span, word: &str) -> Diagnostic {
    let (consequence, help) = match word {
        "when" => ("the statement never holds", "correct the condition, or remove the statement"),
        _ => ("it excepts nothing", "correct the condition, or remove the `unless`"),
    };
    let message = format!("this `{word}` can never be yes, so {consequence}");
    Diagnostic::new(Code::NeverTrue, place, message).help(help)
}

fn always(place: Span, word: &str) -> Diagnostic {
    let (consequence, help) = match word {
        "when" => (
            "it only asks that its facts are stated",
            "correct the condition, or remove it if they need not be stated",
        ),
        _ => ("the statement never holds", "correct the condition, or remove the statement"),
    };
    let message = format!("this `{word}` is yes whatever its facts are, so {consequence}");
    Diagnostic::new(Code::AlwaysTrue, place, message).help(help)
}
