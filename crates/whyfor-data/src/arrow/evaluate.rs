//! Conditions over the fact columns of some rows.

use super::facts::RowFacts;
use super::numbers::compared;
use super::plain::{items, plain};
use super::texts::Texts;
use super::truth::{Truth, valid};
use crate::column::Column;
use crate::condition::RowCondition;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::BooleanBuffer;
use arrow_schema::DataType;

impl RowCondition {
    /// What the condition comes to in each row. A value of a type that the fact does not take states nothing, as in
    /// [`to_sql`](Self::to_sql). O(tests × rows).
    ///
    /// ```
    /// use arrow_array::BooleanArray;
    /// use std::sync::Arc;
    /// use whyfor_data::{RowCondition, RowFacts};
    /// let agreed = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
    /// let facts = RowFacts::of(3).with("agreed".parse()?, agreed)?;
    /// let truth = RowCondition::Holds("agreed".parse()?).evaluate(&facts);
    /// assert_eq!(truth.yes().iter().collect::<Vec<_>>(), [true, false, false]);
    /// assert_eq!(truth.no().iter().collect::<Vec<_>>(), [false, true, false]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn evaluate(&self, facts: &RowFacts) -> Truth {
        let rows = facts.rows();
        let parts =
            |parts: &'_ [Self]| parts.iter().map(|part| part.evaluate(facts)).collect::<Vec<_>>();
        match self {
            Self::Yes => Truth::always(rows),
            Self::No => !Truth::always(rows),
            Self::Unknown => Truth::unknown(rows),
            Self::Not(inner) => !inner.evaluate(facts),
            Self::All(all) => parts(all).iter().fold(Truth::always(rows), |all, one| all.and(one)),
            Self::Any(any) => parts(any).iter().fold(!Truth::always(rows), |any, one| any.or(one)),
            Self::Holds(column) => holds(facts, column),
            Self::Choice { column, yes, no } => of_column(facts, column, |values| {
                let texts = Texts::of(values)?;
                Some(Truth::of(texts.are(yes), texts.are(no)))
            }),
            Self::Number { column, test, number } => {
                of_column(facts, column, |values| compared(values, *test, *number))
            }
            Self::PurposeColumns { hits, touches } => {
                let some = |columns: &[Column], no: bool| {
                    columns
                        .iter()
                        .map(|column| holds(facts, column))
                        .fold(BooleanBuffer::new_unset(rows), |found, one| {
                            &found | if no { one.no() } else { one.yes() }
                        })
                };
                let [yes_hit, yes_touch] = [hits, touches].map(|columns| some(columns, false));
                let [no_hit, no_touch] = [hits, touches].map(|columns| some(columns, true));
                decided(&yes_hit, &yes_touch, &no_hit, &no_touch)
            }
            Self::PurposeLists { yes, no, hits, touches, known } => {
                let [yes, no] = [yes, no].map(|column| {
                    column.as_ref().map(|column| Lists::of(facts, column, hits, touches, known))
                });
                let nothing = || Lists::nothing(rows);
                let (yes, no) = (yes.unwrap_or_else(nothing), no.unwrap_or_else(nothing));
                let sound = &yes.sound & &no.sound;
                let truth = decided(&yes.hit, &yes.touch, &no.hit, &no.touch);
                Truth::of(truth.yes() & &sound, truth.no() & &sound)
            }
        }
    }
}

/// A column's values as a truth; unknown where the column is missing or its type is another.
fn of_column(
    facts: &RowFacts,
    column: &Column,
    of: impl FnOnce(&ArrayRef) -> Option<Truth>,
) -> Truth {
    facts.column(column).and_then(of).unwrap_or_else(|| Truth::unknown(facts.rows()))
}

fn holds(facts: &RowFacts, column: &Column) -> Truth {
    of_column(facts, column, |values| {
        let values = plain(values);
        let values = values.as_boolean_opt()?;
        Some(valid(Truth::of(values.values().clone(), !values.values()), values))
    })
}

/// Yes where it holds for the purpose and for no part of it does not; no the other way round.
fn decided(
    yes_hit: &BooleanBuffer,
    yes_touch: &BooleanBuffer,
    no_hit: &BooleanBuffer,
    no_touch: &BooleanBuffer,
) -> Truth {
    Truth::of(yes_hit & &!no_touch, no_hit & &!yes_touch)
}

/// What lists of purposes say of the one that is asked about.
struct Lists {
    hit: BooleanBuffer,
    touch: BooleanBuffer,
    /// Whether all names are known.
    sound: BooleanBuffer,
}

impl Lists {
    fn nothing(rows: usize) -> Self {
        let none = BooleanBuffer::new_unset(rows);
        Self { hit: none.clone(), touch: none, sound: BooleanBuffer::new_set(rows) }
    }

    /// A column of another type says nothing, and leaves nothing sound.
    fn unread(rows: usize) -> Self {
        Self { sound: BooleanBuffer::new_unset(rows), ..Self::nothing(rows) }
    }

    fn of(
        facts: &RowFacts,
        column: &Column,
        hits: &[String],
        touches: &[String],
        known: &[String],
    ) -> Self {
        let rows = facts.rows();
        let Some(column) = facts.column(column) else { return Self::nothing(rows) };
        let column = plain(column);
        if *column.data_type() == DataType::Null {
            return Self::nothing(rows);
        }
        let Some((values, ranges)) = items(&column) else { return Self::unread(rows) };
        let Some(texts) = Texts::of(&values) else { return Self::unread(rows) };
        let nulls = column.logical_nulls();
        let [hits, touches, known] = [hits, touches, known].map(|names| texts.are(names));
        let which = |of: &BooleanBuffer, all: bool, where_null: bool| {
            BooleanBuffer::collect_bool(rows, |row| {
                if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                    return where_null;
                }
                let mut range = ranges[row].clone();
                if all { range.all(|at| of.value(at)) } else { range.any(|at| of.value(at)) }
            })
        };
        Self {
            hit: which(&hits, false, false),
            touch: which(&touches, false, false),
            sound: which(&known, true, true),
        }
    }
}
