//! The answer to a question as text for people: what `whyfor ask` prints, and a failed assertion.

use super::decision::Decision;
use super::fact_value::FactValue;
use super::facts::Facts;
use super::inverse::{Explanation, FactChange};
use super::policy::Policy;
use super::question::Question;
use super::reasons::{Reason, Statement};
use crate::printable::printable;
use crate::words::Verdict;
use std::fmt;

/// Longer lists of names are cut.
const MOST_NAMES: usize = 8;
/// Most facts shown that would change the answer.
const MOST_CHANGES: usize = 20;
/// Most reasons shown for a large group.
const MOST_REASONS: usize = 10;

/// How a part of a text is set, where colours and weights are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Emphasis {
    /// As most of it.
    Plain,
    /// A heading.
    Strong,
    /// Less important: places and numbers of lines.
    Faint,
    /// The word of a verdict.
    Verdict(Verdict),
}

/// The answer to a question as text for people, with reasons, terms and what would change it: made by [`Policy::answer_text`].
///
/// Its `Display` is plain text, in which nothing of a policy or a question controls a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerText(Vec<Vec<(Emphasis, String)>>);

impl AnswerText {
    /// Its lines, each in parts. The texts of parts are as in the policy and the question: pass them through
    /// [`printable`](crate::printable()) before a terminal gets them.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Emphasis, Facts, Question, Verdict};
    /// let text = policy.answer_text(&Question::usage("email", "login"), Facts::none());
    /// let first = text.lines().next().expect("the verdict");
    /// assert_eq!(first[0], (Emphasis::Verdict(Verdict::Allow), "ALLOW".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = &[(Emphasis, String)]> {
        self.0.iter().map(Vec::as_slice)
    }

    fn line(&mut self, parts: impl IntoIterator<Item = (Emphasis, String)>) {
        self.0.push(parts.into_iter().collect());
    }

    fn plain(&mut self, text: impl Into<String>) {
        self.line([(Emphasis::Plain, text.into())]);
    }

    /// A blank line and a heading.
    fn heading(&mut self, text: &str) {
        self.line([]);
        self.line([(Emphasis::Strong, text.to_owned())]);
    }

    /// A line that begins with a word in bold, and continues at the twelfth character.
    fn entry(&mut self, name: &str, text: &str) {
        let blank = " ".repeat(11_usize.saturating_sub(name.len()));
        let name = (Emphasis::Strong, name.to_owned());
        self.line([name, (Emphasis::Plain, format!("{blank}{text}"))]);
    }
}

impl fmt::Display for AnswerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            line.iter().try_for_each(|(_, text)| f.write_str(&printable(text)))?;
        }
        Ok(())
    }
}

impl Policy {
    /// Decides a question, and says everything about the answer: for people, as [`explain`](Self::explain) for programs,
    /// and at the same cost.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let text = policy.answer_text(&Question::usage("allergies", "login"), Facts::none());
    /// assert_eq!(text.to_string().lines().next(), Some("DENY  use allergies for login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn answer_text(&self, question: &Question<'_>, facts: &Facts) -> AnswerText {
        let decision = self.ask(question, facts);
        let (verdict, mut text) = (decision.verdict(), AnswerText(Vec::new()));
        let word = (Emphasis::Verdict(verdict), verdict.as_str().to_uppercase());
        let between = (Emphasis::Plain, "  ".to_owned());
        text.line([word, between, (Emphasis::Strong, question.to_string())]);
        if !self.label().is_empty() {
            let (name, label) = (self.name(), self.label());
            text.line([(Emphasis::Faint, format!("by policy {name} · {label}"))]);
        }
        why(&mut text, self, &decision);
        let duties: Vec<&str> = decision.duties().collect();
        if !duties.is_empty() {
            text.line([]);
            text.entry("duties", &duties.join(", "));
        }
        terms(&mut text, &decision);
        let changes = changes(&self.explain(question, facts));
        if !changes.is_empty() {
            text.heading("what would change it");
            changes.into_iter().for_each(|change| text.plain(format!("  {change}")));
        }
        text
    }
}

fn why(text: &mut AnswerText, policy: &Policy, decision: &Decision<'_>) {
    text.heading("why");
    let missing = decision.missing();
    if !missing.is_empty() {
        text.plain(format!("  it depends on `{}`, which no one stated", missing.join("`, `")));
    }
    let reasons = decision.reasons();
    for reason in reasons.iter().take(MOST_REASONS) {
        let message = reason.message(decision.verdict());
        match reason.statement() {
            Some(statement) => statement_lines(text, &message, statement),
            None => text.plain(format!("  {message}")),
        }
        if let Reason::Refused(refusal) = reason {
            let candidates = policy.candidates(refusal);
            if !candidates.is_empty() {
                text.plain(format!("  perhaps {}", some(&candidates)));
            }
        }
    }
    if reasons.len() > MOST_REASONS {
        let more = reasons.len() - MOST_REASONS;
        text.plain(format!("  … and {more} more (`--format json` gives all)"));
    }
}

/// A statement with its place and its source lines.
fn statement_lines(text: &mut AnswerText, what: &str, statement: &Statement<'_>) {
    let place = (Emphasis::Faint, format!("({})", statement.place()));
    text.line([(Emphasis::Plain, format!("  {what} ")), place]);
    let width = (statement.line as usize + statement.text.lines().count()).to_string().len();
    for (number, source) in statement.lines() {
        let number = (Emphasis::Faint, format!("{number:width$} │"));
        let indent = (Emphasis::Plain, "    ".to_owned());
        text.line([indent, number, (Emphasis::Plain, format!(" {source}"))]);
    }
    if !statement.because.is_empty() {
        text.plain(format!("    because: {}", statement.because));
    }
    if !statement.see.is_empty() {
        text.plain(format!("    see: {}", statement.see));
    }
}

/// The legal bases, how long the data is kept, and whether it may be left out.
fn terms(text: &mut AnswerText, decision: &Decision<'_>) {
    let bases: Vec<&str> = decision.bases().collect();
    match (bases.is_empty(), decision.is_unbased()) {
        (true, true) => text.entry("basis", "none"),
        (true, false) => {}
        (false, true) => {
            text.entry("basis", &format!("{}, and none for a part of it", bases.join(", ")));
        }
        (false, false) => text.entry("basis", &bases.join(", ")),
    }
    let limits = decision.retain().into_iter().map(|limit| limit.to_string());
    let least = decision.retain_at_least().into_iter().map(|limit| format!("at least {limit}"));
    let limits: Vec<String> = limits.chain(least).collect();
    if !limits.is_empty() {
        text.entry("retention", &limits.join(", "));
    }
    if decision.is_optional() {
        text.entry("optional", "the person may leave it out");
    }
}

/// What the asker could change: facts, the purpose, the method or the recipient.
fn changes(explanation: &Explanation) -> Vec<String> {
    let fact = |change: &FactChange| {
        let effect = match change.verdict {
            Verdict::Allow => "would allow it",
            Verdict::Deny => "would deny it",
            Verdict::Depends => "would make it depend on other facts",
        };
        format!("`--fact {}` {effect}", argument(&change.fact, &change.value))
    };
    let mut changes: Vec<String> = explanation.facts.iter().take(MOST_CHANGES).map(fact).collect();
    let more = explanation.facts.len().saturating_sub(MOST_CHANGES);
    if more > 0 {
        changes.push(format!("… and {more} more facts"));
    }
    let Explanation { methods, recipients, purposes, .. } = explanation;
    for (word, names) in [("by", methods), ("with", recipients), ("for", purposes)] {
        if !names.is_empty() {
            changes.push(format!("it is allowed {word} {}", some(names)));
        }
    }
    changes
}

/// A fact as an argument of `--fact`.
fn argument(fact: &str, value: &FactValue<'_>) -> String {
    match value {
        FactValue::YesNo(true) => format!("{fact}=yes"),
        FactValue::YesNo(false) => format!("{fact}=no"),
        FactValue::Number(number) => format!("{fact}={number}"),
        FactValue::Purposes { yes, no } if yes.is_empty() => format!("{fact}!={}", no.join(",")),
        FactValue::Purposes { yes, .. } => format!("{fact}={}", yes.join(",")),
        FactValue::Written(text) | FactValue::Choice(text) => format!("{fact}={text}"),
        _ => fact.to_owned(),
    }
}

/// The first few names, and how many more there are.
fn some(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
