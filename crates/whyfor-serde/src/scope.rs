//! What is asked about every path: the act, the purpose, the facts, and what the caller says about names and duties.

use crate::problem::{Error, Problem};
use crate::report::{Why, Withheld};
use crate::rule::{Given, Meaning, meaning};
use crate::spelling::Spelling;
use whyfor::{Act, Facts, NamedAct, NotPermitted, Outcome, Policy, Question, Refusal, Verdict};

/// A question without its field.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    policy: &'a Policy,
    act: NamedAct<'a>,
    purpose: &'a str,
    facts: &'a Facts,
    fulfilled: Vec<&'a str>,
    structural: Vec<&'a str>,
    given: Given<'a>,
    spelling: Spelling,
    root: Option<&'a str>,
    /// A name in the program that the policy does not know.
    misspelt: Option<Refusal<'static>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        policy: &'a Policy,
        act: NamedAct<'a>,
        purpose: &'a str,
        facts: &'a Facts,
    ) -> Self {
        let party = match act {
            Act::Collect(Some(method)) => policy.method(method).err(),
            Act::Share(Some(recipient)) => policy.recipient(recipient).err(),
            Act::Use | Act::Collect(None) | Act::Share(None) => None,
        };
        Self {
            policy,
            act,
            purpose,
            facts,
            fulfilled: Vec::new(),
            structural: Vec::new(),
            given: Given::new(),
            spelling: Spelling::default(),
            root: None,
            misspelt: policy.purpose(purpose).err().or(party),
        }
    }

    pub(crate) fn set_facts(&mut self, facts: &'a Facts) {
        self.facts = facts;
    }

    pub(crate) fn set_spelling(&mut self, spelling: Spelling) {
        self.spelling = spelling;
    }

    pub(crate) fn set_root(&mut self, name: &'a str) {
        self.root = Some(name);
    }

    pub(crate) fn fulfil(&mut self, duties: impl IntoIterator<Item = &'a str>) {
        self.fulfilled.extend(duties);
    }

    pub(crate) fn pass(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.structural.extend(names);
    }

    pub(crate) fn give(&mut self, path: &'a str, field: &str) {
        match self.policy.field(field) {
            Ok(field) => {
                let paths = self.policy.paths(&field).into_iter().map(str::to_owned);
                self.given.entry(path).or_default().extend(paths);
            }
            Err(refusal) => self.misspelt = self.misspelt.take().or(Some(refusal)),
        }
    }

    /// Whether the policy knows all names in the program.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.misspelt {
            None => Ok(()),
            Some(refusal) => Err(Error::new("", Problem::Name(refusal.clone()))),
        }
    }

    /// The name of the root, as the caller gives it.
    pub(crate) fn root(&self) -> Option<&'a str> {
        self.root
    }

    /// Whether the caller says that a name is structure: by itself, or at this path.
    pub(crate) fn is_structural(&self, name: &str, path: impl FnOnce() -> String) -> bool {
        if self.structural.is_empty() {
            return false;
        }
        if self.structural.contains(&name) && !name.contains('.') {
            return true;
        }
        let mut long = self.structural.iter().filter(|given| given.contains('.')).peekable();
        long.peek().is_some() && {
            let path = path();
            long.any(|given| **given == path)
        }
    }

    /// Whether a key of a map may be shown: the policy spells it out.
    pub(crate) fn is_spelt_out(&self, name: &str) -> bool {
        let knows = |name: &str| match self.policy.category(name) {
            Ok(_) => true,
            Err(refusal) => refusal.is_ambiguous(),
        };
        knows(name) || self.spelling == Spelling::Any && knows(&crate::spelling::snake_case(name))
    }

    /// Why a path may not pass, with the categories that it means; `None` if it may.
    pub(crate) fn refusal(&self, steps: &[&str]) -> Option<(Why, Vec<String>)> {
        let categories = match meaning(self.policy, steps, &self.given, self.spelling) {
            Meaning::Unknown => return Some((Why::Unknown, Vec::new())),
            Meaning::Ambiguous => return Some((Why::Ambiguous, Vec::new())),
            Meaning::TooLong => return Some((Why::Unreadable, Vec::new())),
            Meaning::Categories(categories) => categories,
        };
        let (mut depends, mut missing, mut owed) = (false, Vec::new(), Vec::new());
        for category in &categories {
            let question = Question { act: self.act, field: category, purpose: self.purpose };
            let decision = self.policy.ask(&question, self.facts);
            match decision.permit(&self.fulfilled) {
                Ok(()) => {}
                Err(NotPermitted::Duties(duties)) => owed.extend(duties),
                Err(NotPermitted::Verdict(Verdict::Depends)) => {
                    depends = true;
                    missing.extend(decision.missing().into_iter().map(|fact| fact.to_string()));
                }
                Err(_) => return Some((Why::Denied, categories)),
            }
        }
        let distinct = |mut names: Vec<String>| {
            names.sort_unstable();
            names.dedup();
            names
        };
        match (depends, owed.is_empty()) {
            (true, _) => Some((Why::Depends(distinct(missing)), categories)),
            (false, false) => Some((Why::Owes(distinct(owed)), categories)),
            (false, true) => None,
        }
    }

    /// The whole answers about the categories of a path, or about its name if it has none.
    pub(crate) fn outcomes_of(&self, withheld: &Withheld) -> Vec<Outcome> {
        let ask = |field: &str| {
            let question = Question { act: self.act, field, purpose: self.purpose };
            self.policy.ask(&question, self.facts).outcome()
        };
        match withheld.categories() {
            [] => vec![ask(withheld.path())],
            categories => categories.iter().map(|category| ask(category)).collect(),
        }
    }
}
