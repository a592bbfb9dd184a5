//! The question of one call: a policy, the facts, and what is asked.

use crate::asked::{Asked, Resolved};
use crate::report::{Why, Withheld};
use crate::rule::{Meaning, Names, Trail};
use crate::spelling::{Spelling, snake_forms};
use whyfor::{Condition, Decision, Facts, Field, NotPermitted, Outcome, Policy, Question, Verdict};

/// A question without its field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'v> {
    pub(crate) policy: &'v Policy,
    pub(crate) facts: &'v Facts,
    pub(crate) asked: &'v Asked,
    pub(crate) resolved: &'v Resolved,
}

/// What a policy says about a path.
pub(crate) enum Answer {
    /// It may pass, whatever the facts are.
    Pass,
    /// It may not, whatever the facts are; with the categories that it means.
    Withhold(Why, Vec<String>),
    /// It depends on facts.
    ByFacts(Categories),
}

/// Categories that are asked for each call.
#[derive(Debug)]
pub(crate) struct Categories {
    pub(crate) paths: Vec<String>,
    fields: Vec<Field>,
}

/// Whether the caller says of a step that it is structure and no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Structure {
    No,
    /// Wherever it stands, as far as what it is in may be seen.
    Everywhere,
    /// At its path.
    Here,
}

impl<'v> Scope<'v> {
    /// What decides the meaning of names.
    pub(crate) fn names(&self) -> Names<'v> {
        let Self { policy, asked, resolved, .. } = *self;
        Names { policy, given: &resolved.given, spelling: asked.spelling }
    }

    /// The name of the root, as the caller gives it.
    pub(crate) fn root(&self) -> Option<&'v str> {
        self.asked.root.as_deref()
    }

    /// Whether the caller says that a name is structure: at this path, or wherever it stands.
    pub(crate) fn structure(&self, name: &str, path: impl FnOnce() -> String) -> Structure {
        let structural = &self.asked.structural;
        let mut long = structural.iter().filter(|given| given.contains('.')).peekable();
        let is_here = long.peek().is_some() && {
            let path = path();
            long.any(|given| *given == path)
        };
        match is_here {
            true => Structure::Here,
            false if structural.iter().any(|given| given == name) && !name.contains('.') => {
                Structure::Everywhere
            }
            false => Structure::No,
        }
    }

    /// Whether a key of a map may be shown: the policy spells it out.
    pub(crate) fn is_spelt_out(&self, name: &str) -> bool {
        let knows = |name: &str| match self.policy.category(name) {
            Ok(_) => true,
            Err(refusal) => refusal.is_ambiguous(),
        };
        knows(name)
            || self.asked.spelling == Spelling::Any
                && snake_forms(name).iter().any(|form| knows(form))
    }

    /// What the policy says about a path, as far as that is the same for all facts.
    pub(crate) fn answer(&self, trail: &Trail) -> Answer {
        let paths = match trail.meaning() {
            Meaning::Unknown => return Answer::Withhold(Why::Unknown, Vec::new()),
            Meaning::Ambiguous => return Answer::Withhold(Why::Ambiguous, Vec::new()),
            Meaning::TooLong => return Answer::Withhold(Why::Unreadable, Vec::new()),
            Meaning::Categories(paths) => paths,
        };
        let Ok(fields) = paths.iter().map(|path| self.policy.field(path)).collect() else {
            return Answer::Withhold(Why::Denied, paths);
        };
        let categories = Categories { paths, fields };
        // An allow and a deny stay what they are when more facts are stated, and the duties that are owed are never more.
        let without = Scope { facts: Facts::none(), ..*self };
        match without.refusal(&categories) {
            None => Answer::Pass,
            Some(Why::Owes(_)) if self.owes_by_facts(&categories) => Answer::ByFacts(categories),
            Some(Why::Depends(_)) => Answer::ByFacts(categories),
            Some(why) => Answer::Withhold(why, categories.paths),
        }
    }

    fn ask(&self, field: &Field) -> Decision<'v> {
        let Self { policy, facts, resolved, .. } = self;
        policy.decide_field(resolved.act, field, resolved.purpose, facts)
    }

    /// Whether duties come with the categories only under conditions.
    fn owes_by_facts(&self, categories: &Categories) -> bool {
        let asked = Scope { facts: Facts::none(), ..*self };
        let mut terms =
            categories.fields.iter().flat_map(|field| asked.ask(field).conditional_terms());
        terms.any(|terms| !terms.duties.is_empty() && terms.when != Condition::Yes)
    }

    /// Why values of these categories may not pass with the facts of the call; `None` if they may.
    pub(crate) fn refusal(&self, categories: &Categories) -> Option<Why> {
        let (mut depends, mut missing, mut owed) = (false, Vec::new(), Vec::new());
        for field in &categories.fields {
            let decision = self.ask(field);
            match permit(&decision, &self.asked.fulfilled) {
                Ok(()) => {}
                Err(NotPermitted::Duties(duties)) => owed.extend(duties),
                Err(NotPermitted::Verdict(Verdict::Depends)) => {
                    depends = true;
                    missing.extend(decision.missing().into_iter().map(|fact| fact.to_string()));
                }
                Err(_) => return Some(Why::Denied),
            }
        }
        let distinct = |mut names: Vec<String>| {
            names.sort_unstable();
            names.dedup();
            names
        };
        match (depends, owed.is_empty()) {
            (true, _) => Some(Why::Depends(distinct(missing))),
            (false, false) => Some(Why::Owes(distinct(owed))),
            (false, true) => None,
        }
    }
}

/// [`Decision::permit`] with owned names, without a list of borrowed ones for the usual case of none.
fn permit(decision: &Decision<'_>, fulfilled: &[String]) -> Result<(), NotPermitted> {
    if fulfilled.is_empty() {
        return decision.permit(&[]);
    }
    decision.permit(&fulfilled.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The whole answers about the categories of a path, or about its name if it has none.
pub(crate) fn outcomes_of(
    policy: &Policy,
    facts: &Facts,
    asked: &Asked,
    withheld: &Withheld,
) -> Vec<Outcome> {
    let ask = |field: &str| {
        let question = Question { act: asked.act(), field, purpose: asked.purpose() };
        policy.ask(&question, facts).outcome()
    };
    match withheld.categories() {
        [] => vec![ask(withheld.path())],
        categories => categories.iter().map(|category| ask(category)).collect(),
    }
}
