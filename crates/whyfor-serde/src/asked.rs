//! What is asked about every path, without the facts: the act, the purpose, and what the caller says about names and
//! duties. It is of no policy; [`Resolved`] is what one policy makes of it.

use crate::problem::{Error, Problem};
use crate::rule::Given;
use crate::spelling::Spelling;
use whyfor::{Act, NamedAct, Policy, PurposeId, Refusal};

/// A question without its field and its facts.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    act: Act<Option<String>, Option<String>>,
    purpose: String,
    pub(crate) fulfilled: Vec<String>,
    pub(crate) structural: Vec<String>,
    /// Paths, and the names of fields that say what they are.
    pub(crate) meanings: Vec<(String, String)>,
    pub(crate) spelling: Spelling,
    pub(crate) root: Option<String>,
}

impl Asked {
    pub(crate) fn new(act: NamedAct<'_>, purpose: &str) -> Self {
        Self {
            act: match act {
                Act::Use => Act::Use,
                Act::Collect(method) => Act::Collect(method.map(str::to_owned)),
                Act::Share(recipient) => Act::Share(recipient.map(str::to_owned)),
            },
            purpose: purpose.to_owned(),
            fulfilled: Vec::new(),
            structural: Vec::new(),
            meanings: Vec::new(),
            spelling: Spelling::default(),
            root: None,
        }
    }

    pub(crate) fn act(&self) -> NamedAct<'_> {
        match &self.act {
            Act::Use => Act::Use,
            Act::Collect(method) => Act::Collect(method.as_deref()),
            Act::Share(recipient) => Act::Share(recipient.as_deref()),
        }
    }

    pub(crate) fn purpose(&self) -> &str {
        &self.purpose
    }

    pub(crate) fn fulfil<'n>(&mut self, duties: impl IntoIterator<Item = &'n str>) {
        self.fulfilled.extend(duties.into_iter().map(str::to_owned));
    }

    pub(crate) fn take_for_structure<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.structural.extend(names.into_iter().map(str::to_owned));
    }

    pub(crate) fn give_meaning(&mut self, path: &str, field: &str) {
        self.meanings.push((path.to_owned(), field.to_owned()));
    }

    pub(crate) fn name_the_whole(&mut self, name: &str) {
        self.root = Some(name.to_owned());
    }

    /// The same in the ids of a policy.
    ///
    /// # Errors
    /// The policy does not know a name.
    pub(crate) fn resolve(&self, policy: &Policy) -> Result<Resolved, Error> {
        self.resolved(policy).map_err(|refusal| Error::new("", Problem::Name(refusal)))
    }

    fn resolved(&self, policy: &Policy) -> Result<Resolved, Refusal<'static>> {
        let purpose = policy.purpose(&self.purpose)?;
        let act = policy.act(self.act())?;
        let mut given = Given::new();
        for (path, field) in &self.meanings {
            let field = policy.field(field)?;
            let categories = policy.paths(&field).into_iter().map(str::to_owned);
            given.entry(path.clone()).or_default().extend(categories);
        }
        Ok(Resolved { act, purpose, given })
    }
}

/// [`Asked`] in the ids of one policy.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) act: Act,
    pub(crate) purpose: PurposeId,
    pub(crate) given: Given,
}
