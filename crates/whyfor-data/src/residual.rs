//! What remains to be asked of each row.

use crate::columns::{Columns, FactColumns};
use crate::condition::{NumberTest, RowCondition};
use whyfor::{Condition, Decision, FactValue, Mask, PurposeId, Test};

/// What remains to be asked of each row about one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    allowed: RowCondition,
    masks: Vec<RowMask>,
}

/// A mask, and the rows whose values it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMask {
    /// The mask.
    pub mask: Mask,
    /// It is for all rows but those where this is no.
    pub unless_no: RowCondition,
}

/// Why a decision has no residual over columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResidualError {
    /// The decision is of another policy than the columns.
    #[error("the decision is of another policy than the columns")]
    OtherPolicy,
    /// The policy tests a fact in a way that this version does not know.
    #[error("the fact `{0}` is tested in a way that this version does not know")]
    UnknownTest(String),
}

impl Residual {
    /// The rows for which the question is allowed: yes exactly where the policy allows it with the row's facts stated.
    #[must_use]
    pub fn allowed(&self) -> &RowCondition {
        &self.allowed
    }

    /// Whether all values are shown as they are, whatever the rows' facts are.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.allowed == RowCondition::Yes && self.masks.is_empty()
    }

    /// What is allowed by both, with the masks of both: of a value of two categories. O(conditions).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// use whyfor_data::{Columns, RowCondition};
    /// let of = |field| {
    ///     Columns::of(&policy).residual(&policy.ask(&Question::usage(field, "login"), Facts::none()))
    /// };
    /// assert_eq!(of("email")?.and(of("nothing")?).allowed(), &RowCondition::No);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        other.masks.into_iter().for_each(|mask| add(&mut self.masks, mask));
        self.masks.sort_by_key(|mask| mask.mask);
        Self { allowed: RowCondition::all([self.allowed, other.allowed]), ..self }
    }

    /// The masks of the values that are shown. Those of a row are joined, by [`Mask::join`].
    #[must_use]
    pub fn masks(&self) -> &[RowMask] {
        &self.masks
    }
}

/// Adds a mask, which is for the rows of both if it is known already.
fn add(masks: &mut Vec<RowMask>, more: RowMask) {
    match masks.iter_mut().find(|known| known.mask == more.mask) {
        Some(known) => {
            let before = std::mem::replace(&mut known.unless_no, RowCondition::No);
            known.unless_no = RowCondition::any([before, more.unless_no]);
        }
        None => masks.push(more),
    }
}

impl Columns<'_> {
    /// What remains of a decision once the facts of a row are read from its columns. A fact that the decision's facts state
    /// is not read from a column. Costs what [`Decision::residual`] and [`Decision::conditional_terms`] cost, and for a
    /// fact per purpose O(purposes).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// use whyfor_data::{Columns, RowCondition};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// assert_eq!(Columns::of(&policy).residual(&decision)?.allowed(), &RowCondition::Yes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The decision is of another policy.
    pub fn residual(&self, decision: &Decision<'_>) -> Result<Residual, ResidualError> {
        if decision.policy().digest() != self.policy().digest() {
            return Err(ResidualError::OtherPolicy);
        }
        let purpose = decision.record().map(|record| record.purpose());
        let allowed = self.condition(&decision.residual(), purpose)?;
        let mut masks: Vec<RowMask> = Vec::new();
        for terms in decision.conditional_terms() {
            let Some(mask) = terms.mask else { continue };
            add(&mut masks, RowMask { mask, unless_no: self.condition(&terms.when, purpose)? });
        }
        masks.retain(|mask| mask.unless_no != RowCondition::No);
        masks.sort_by_key(|mask| mask.mask);
        Ok(Residual { allowed, masks })
    }

    /// A condition over facts as one over columns.
    fn condition(
        &self,
        condition: &Condition<'_>,
        purpose: Option<PurposeId>,
    ) -> Result<RowCondition, ResidualError> {
        let all = |parts: &[Condition<'_>]| {
            let parts = parts.iter().map(|part| self.condition(part, purpose));
            parts.collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::Yes => RowCondition::Yes,
            Condition::No => RowCondition::No,
            Condition::Not(inner) => self.condition(inner, purpose)?.not(),
            Condition::All(parts) => RowCondition::all(all(parts)?),
            Condition::Any(parts) => RowCondition::any(all(parts)?),
            Condition::Test { fact, test } => self.test(fact, test, purpose)?,
        })
    }

    fn test(
        &self,
        fact: &str,
        test: &Test<'_>,
        purpose: Option<PurposeId>,
    ) -> Result<RowCondition, ResidualError> {
        let Some(place) = self.of_fact(fact) else { return Ok(RowCondition::Unknown) };
        let column = match place {
            FactColumns::Plain(column) => column.clone(),
            FactColumns::Each(_) | FactColumns::Lists { .. } => {
                return Ok(
                    purpose.map_or(RowCondition::Unknown, |p| self.per_purpose(fact, place, p))
                );
            }
        };
        let number = |test, number: &f64| RowCondition::Number {
            column: column.clone(),
            test,
            number: *number,
        };
        Ok(match test {
            Test::Holds => RowCondition::Holds(column),
            Test::In(yes) => {
                let declared = self.policy().facts().find(|info| info.name == fact);
                let all = declared.map(|info| info.choices).unwrap_or_default();
                let no = all.into_iter().filter(|choice| !yes.contains(choice));
                RowCondition::Choice {
                    column,
                    no: no.map(str::to_owned).collect(),
                    yes: yes.iter().map(|choice| (*choice).to_owned()).collect(),
                }
            }
            Test::AtLeast(least) => number(NumberTest::AtLeast, least),
            Test::Above(bound) => number(NumberTest::Above, bound),
            Test::Equal(value) => number(NumberTest::Equal, value),
            _ => return Err(ResidualError::UnknownTest(fact.to_owned())),
        })
    }

    /// A fact per purpose, for the purpose that is asked about.
    fn per_purpose(&self, fact: &str, place: &FactColumns, asked: PurposeId) -> RowCondition {
        match place {
            FactColumns::Plain(column) => RowCondition::Holds(column.clone()),
            FactColumns::Each(columns) => {
                let with = |relates: &dyn Fn(&str) -> bool| {
                    let related = columns.iter().filter(|(purpose, _)| relates(purpose));
                    related.map(|(_, column)| column.clone()).collect::<Vec<_>>()
                };
                let hits = with(&|purpose| self.hits(fact, purpose, asked));
                let touches = with(&|purpose| self.touches(fact, purpose, asked));
                match (hits.as_slice(), touches.as_slice()) {
                    ([], _) => RowCondition::Unknown, // no column says anything of this purpose
                    ([one], [_]) => RowCondition::Holds(one.clone()), // what hits touches
                    _ => RowCondition::PurposeColumns { hits, touches },
                }
            }
            FactColumns::Lists { yes, no } => {
                let names = |relates: &dyn Fn(&str) -> bool| {
                    let all = self.policy().purposes().map(|(_, node)| node.path);
                    let related = all.filter(|path| relates(path));
                    related.flat_map(|path| self.names_of(path)).collect::<Vec<_>>()
                };
                RowCondition::PurposeLists {
                    yes: yes.clone(),
                    no: no.clone(),
                    hits: names(&|purpose| self.hits(fact, purpose, asked)),
                    touches: names(&|purpose| self.touches(fact, purpose, asked)),
                    known: names(&|_| true),
                }
            }
        }
    }

    /// The names that mean a purpose: its path and the ends of it that mean nothing else.
    fn names_of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = String> + 'a {
        let ends = path.match_indices('.').map(|(dot, _)| &path[dot + 1..]);
        let means_it = move |name: &&str| {
            let id = self.policy().purpose(name).ok();
            id.is_some_and(|id| self.policy().path(id) == Some(path))
        };
        std::iter::once(path).chain(ends.filter(means_it)).map(str::to_owned)
    }

    /// Whether a statement for one purpose is one for another, which is it or below it.
    fn hits(&self, fact: &str, stated: &str, asked: PurposeId) -> bool {
        self.holds(fact, [stated].as_slice(), &[], asked) == Some(true)
    }

    /// Whether a statement for one purpose says something of a part of another.
    fn touches(&self, fact: &str, stated: &str, asked: PurposeId) -> bool {
        let Some(asked_path) = self.policy().path(asked) else { return true };
        self.holds(fact, &[asked_path], &[stated], asked) != Some(true)
    }

    fn holds(&self, fact: &str, yes: &[&str], no: &[&str], asked: PurposeId) -> Option<bool> {
        let value = FactValue::purposes(yes.iter().copied(), no.iter().copied());
        let facts = self.policy().facts_builder().with(fact, value).ok()?.build();
        self.policy().holds(&facts, fact, asked)
    }
}
