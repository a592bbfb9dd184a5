//! Coverage: which statements the cases and the policy's expectations would notice if removed.

use super::file::Case;
use super::run;
use crate::output::dedented;
use crate::policy::Text;
use serde::Serialize;
use whyfor::Policy;
use whyfor::coverage::{Coverage, Watched, Witness};

/// One statement.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Covered {
    pub(crate) file: String,
    pub(crate) line: u32,
    /// The title or name of its section; empty outside sections.
    pub(crate) section: String,
    pub(crate) text: String,
    /// The case or expectation that would fail without it; `None` if none would.
    pub(crate) noticed_by: Option<String>,
}

/// All statements of a policy.
#[derive(Debug, Serialize)]
pub(crate) struct Cover {
    pub(crate) statements: Vec<Covered>,
}

impl Cover {
    pub(crate) fn noticed(&self) -> usize {
        self.statements.iter().filter(|statement| statement.noticed_by.is_some()).count()
    }

    /// The percentage of covered statements; 100 if there are none.
    pub(crate) fn percent(&self) -> f64 {
        match self.statements.len() {
            0 => 100.0,
            count => self.noticed() as f64 * 100.0 / count as f64,
        }
    }
}

/// Computes coverage by the passed cases and the `expect` blocks.
pub(crate) fn cover(policy: &Policy, text: &Text, cases: &[&Case]) -> Cover {
    let Text { model, origin } = text;
    let mut coverage = Coverage::new(policy, model);
    coverage.expectations();
    for (number, case) in cases.iter().enumerate() {
        let Ok(facts) = run::facts(policy, &case.facts) else { continue };
        let watched = Watched {
            duties: case.expected.duties.is_some(),
            retention: case.expected.retain_days.is_some(),
            limits: case.expected.retain.is_some(),
            at_least: case.expected.retain_at_least.is_some(),
            bases: case.expected.bases.is_some(),
            unbased: case.expected.unbased.is_some(),
            optional: case.expected.optional.is_some(),
        };
        coverage.question(number, &case.question.question(), &facts, watched);
    }
    let statements = policy.statements().map(|statement| Covered {
        file: origin.shown(statement.file),
        line: statement.line,
        section: match statement.title {
            "" => statement.section.unwrap_or("").to_owned(),
            title => title.to_owned(),
        },
        text: dedented(statement.text),
        noticed_by: coverage.witness(statement.index()).map(|witness| match witness {
            Witness::Expectation { file, line } => {
                format!("the expectation at {}:{line}", origin.shown(file))
            }
            Witness::Question(number) => format!("“{}”", cases[*number].name),
        }),
    });
    Cover { statements: statements.collect() }
}
