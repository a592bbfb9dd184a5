//! `--fact NAME=VALUE` on the command line.

use crate::exit::Failure;
use crate::output::perhaps;
use std::collections::BTreeMap;
use whyfor::{FactKind, FactValue, Facts, Policy};

/// Facts stated on the command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated(BTreeMap<String, FactValue<'static>>);

impl Stated {
    /// Parses the arguments by the kinds that the policy declares.
    pub(crate) fn parse(policy: &Policy, arguments: &[String]) -> Result<Self, Failure> {
        let mut stated = Self::default();
        for argument in arguments {
            let shape = || {
                Failure::Usage(format!(
                    "`--fact {argument}` is no fact: write `NAME=VALUE`, or `NAME!=PURPOSE`"
                ))
            };
            let (name, value) = argument.split_once('=').ok_or_else(shape)?;
            let (name, negative) = match name.strip_suffix('!') {
                Some(name) => (name, true),
                None => (name, false),
            };
            let kind = policy.facts().find(|fact| fact.name == name).map(|fact| fact.kind);
            stated.add(name, value, negative, kind)?;
        }
        stated.build(policy)?; // rejects unknown names and values
        Ok(stated)
    }

    fn add(
        &mut self,
        name: &str,
        value: &str,
        negative: bool,
        kind: Option<FactKind>,
    ) -> Result<(), Failure> {
        let yes_no = match value {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        };
        if negative && kind.is_some_and(|kind| kind != FactKind::PerPurpose) {
            let message =
                format!("`{name}!=…` is only for facts per purpose, which `{name}` is not");
            return Err(Failure::Usage(message));
        }
        let value = match (kind, yes_no) {
            (Some(FactKind::Number), _) => FactValue::written(value.to_owned()),
            (Some(FactKind::YesNo), None) => {
                let message = format!("the fact `{name}` takes yes or no, not `{value}`");
                return Err(Failure::Usage(message));
            }
            (Some(FactKind::PerPurpose), None) => {
                let entry = self.0.entry(name.to_owned());
                let empty = FactValue::Purposes { yes: Vec::new(), no: Vec::new() };
                if let FactValue::Purposes { yes, no } = entry.or_insert(empty) {
                    (if negative { no } else { yes }).push(value.to_owned().into());
                    return Ok(());
                }
                let message = format!("`{name}` is stated for every purpose and for `{value}`");
                return Err(Failure::Usage(message));
            }
            (Some(FactKind::PerPurpose), Some(value)) => FactValue::YesNo(value != negative),
            (Some(FactKind::YesNo) | None, Some(value)) => FactValue::YesNo(value),
            (Some(FactKind::Choice) | None, _) => value.to_owned().into(),
        };
        match self.0.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(Failure::Usage(format!("the fact `{name}` is stated twice"))),
        }
    }

    /// Whether a fact is stated.
    pub(crate) fn has(&self, fact: &str) -> bool {
        self.0.contains_key(fact)
    }

    /// The facts in the library's form.
    pub(crate) fn build(&self, policy: &Policy) -> Result<Facts, Failure> {
        let mut builder = policy.facts_builder();
        for (name, value) in &self.0 {
            let stated = builder.set(name, value);
            stated.map_err(|error| Failure::Usage(perhaps::fact(policy, &error)))?;
        }
        Ok(builder.build())
    }
}
