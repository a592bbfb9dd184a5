//! Conditions of rows as filters. A filter is true or false, so unknown has no value of its own: where a condition is denied,
//! what is asked is whether it is known to be no.

use super::error::IcebergError;
use super::number;
use super::predicate::{Literal, Predicate, Reference, Value};
use crate::column::Column;
use crate::condition::RowCondition;
use crate::dataset::TableColumn;
use std::collections::BTreeMap;

/// A condition: where it is yes, and where it is no.
pub(super) struct Translated {
    pub(super) yes: Predicate,
    pub(super) no: Predicate,
}

type Described = BTreeMap<String, TableColumn>;

impl Translated {
    pub(super) fn of(condition: &RowCondition, facts: &Described) -> Result<Self, IcebergError> {
        Ok(match condition {
            RowCondition::Yes => Self::constant(true, false),
            RowCondition::No => Self::constant(false, true),
            RowCondition::Unknown => Self::constant(false, false),
            RowCondition::Holds(column) => {
                let column = reference(column, facts)?.0;
                Self { yes: is(column, true), no: is(column, false) }
            }
            RowCondition::Choice { column, yes, no } => {
                let column = reference(column, facts)?.0;
                Self { yes: Predicate::is_in(column, yes), no: Predicate::is_in(column, no) }
            }
            RowCondition::Number { column, test, number } => {
                let (reference, described) = reference(column, facts)?;
                let tests = number::tests(reference, described.kind, *test, *number);
                let [yes, no] = tests.ok_or_else(|| IcebergError::Digits {
                    column: column.name().to_owned(),
                    kind: described.kind,
                })?;
                Self { yes, no }
            }
            RowCondition::PurposeColumns { hits, touches } => Self {
                yes: decided(hits, touches, true, facts)?,
                no: decided(hits, touches, false, facts)?,
            },
            RowCondition::PurposeLists { yes, no, .. } => {
                let list = yes.as_ref().or(no.as_ref()).map_or("", Column::name);
                return Err(IcebergError::List(list.to_owned()));
            }
            RowCondition::Not(inner) => {
                let Self { yes, no } = Self::of(inner, facts)?;
                Self { yes: no, no: yes }
            }
            RowCondition::All(parts) => {
                let (yes, no) = each(parts, facts)?;
                Self { yes: Predicate::all(yes), no: Predicate::any(no) }
            }
            RowCondition::Any(parts) => {
                let (yes, no) = each(parts, facts)?;
                Self { yes: Predicate::any(yes), no: Predicate::all(no) }
            }
        })
    }

    fn constant(yes: bool, no: bool) -> Self {
        Self { yes: Predicate::Always(yes), no: Predicate::Always(no) }
    }
}

fn each(
    parts: &[RowCondition],
    facts: &Described,
) -> Result<(Vec<Predicate>, Vec<Predicate>), IcebergError> {
    let parts = parts.iter().map(|part| Translated::of(part, facts));
    let parts: Vec<Translated> = parts.collect::<Result<_, _>>()?;
    Ok(parts.into_iter().map(|part| (part.yes, part.no)).unzip())
}

/// Whether a fact per purpose is known to be so: one column says it of all of the purpose, and none says otherwise of a part.
fn decided(
    hits: &[Column],
    touches: &[Column],
    so: bool,
    facts: &Described,
) -> Result<Predicate, IcebergError> {
    let hit = hits.iter().map(|column| Ok(is(reference(column, facts)?.0, so)));
    let hit = Predicate::any(hit.collect::<Result<Vec<_>, IcebergError>>()?);
    let silent = touches.iter().map(|column| {
        let column = reference(column, facts)?.0;
        Ok(Predicate::any([Predicate::unary("is-null", column), is(column, so)]))
    });
    let silent = silent.collect::<Result<Vec<_>, IcebergError>>()?;
    Ok(Predicate::all([hit].into_iter().chain(silent)))
}

fn is(column: Reference, value: bool) -> Predicate {
    let right = Literal { value: Value::Boolean(value), data_type: "boolean".to_owned() };
    Predicate::compared("eq", column, right)
}

fn reference<'d>(
    column: &Column,
    facts: &'d Described,
) -> Result<(Reference, &'d TableColumn), IcebergError> {
    let name = column.name();
    let described = facts.get(name).ok_or_else(|| IcebergError::NotDescribed(name.to_owned()))?;
    Ok((Reference::of(name, described)?, described))
}
