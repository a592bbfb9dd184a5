//! `--fact NAME=VALUE` on the command line.

use crate::exit::Failure;
use crate::output::perhaps;
use std::collections::BTreeMap;
use whyfor::{FactKind, FactValue, Facts, Policy};

/// Facts stated on the command line, kept so that others can be tried.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated(BTreeMap<String, Value>);

#[derive(Debug, Clone)]
pub(crate) enum Value {
    YesNo(bool),
    /// A number as written.
    Number(String),
    Choice(String),
    Purposes {
        yes: Vec<String>,
        no: Vec<String>,
    },
}

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
            let kind = policy.fact_infos().find(|fact| fact.name == name).map(|fact| fact.kind);
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
            (Some(FactKind::Number), _) => Value::Number(value.to_owned()),
            (Some(FactKind::YesNo), None) => {
                let message = format!("the fact `{name}` takes yes or no, not `{value}`");
                return Err(Failure::Usage(message));
            }
            (Some(FactKind::PerPurpose), None) => {
                let entry = self.0.entry(name.to_owned());
                let empty = Value::Purposes { yes: Vec::new(), no: Vec::new() };
                let known = entry.or_insert(empty);
                if let Value::Purposes { yes, no } = known {
                    (if negative { no } else { yes }).push(value.to_owned());
                    return Ok(());
                }
                let message = format!("`{name}` is stated for every purpose and for `{value}`");
                return Err(Failure::Usage(message));
            }
            (Some(FactKind::PerPurpose), Some(value)) => Value::YesNo(value != negative),
            (Some(FactKind::YesNo) | None, Some(value)) => Value::YesNo(value),
            (Some(FactKind::Choice) | None, _) => Value::Choice(value.to_owned()),
        };
        match self.0.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(Failure::Usage(format!("the fact `{name}` is stated twice"))),
        }
    }

    /// The facts in the library's form.
    pub(crate) fn build(&self, policy: &Policy) -> Result<Facts, Failure> {
        let mut builder = policy.facts();
        for (name, value) in &self.0 {
            let strings = |list: &'_ [String]| list.to_vec();
            let stated = match value {
                Value::YesNo(value) => builder.set(name, FactValue::YesNo(*value)),
                Value::Number(written) => builder.set(name, FactValue::Written(written)),
                Value::Choice(value) => builder.set(name, FactValue::Choice(value)),
                Value::Purposes { yes, no } => {
                    let (yes, no) = (strings(yes), strings(no));
                    let yes: Vec<&str> = yes.iter().map(String::as_str).collect();
                    let no: Vec<&str> = no.iter().map(String::as_str).collect();
                    builder.set(name, FactValue::Purposes { yes: &yes, no: &no })
                }
            };
            stated.map_err(|error| Failure::Usage(perhaps::fact(policy, &error)))?;
        }
        Ok(builder.build())
    }

    /// A copy with one fact changed.
    pub(crate) fn with(&self, name: &str, value: Value) -> Self {
        let mut other = self.clone();
        other.0.insert(name.to_owned(), value);
        other
    }
}
