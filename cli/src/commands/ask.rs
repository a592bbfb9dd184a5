//! `whyfor ask`: one question, with everything about the answer.

use super::facts::Stated;
use super::question;
use crate::args::{AnswerFormat, Ask};
use crate::exit::{Exit, Failure};
use crate::output::answer::AnswerWriter;
use crate::output::{Page, streams};
use crate::policy;
use whyfor::Question;

/// Answers one question.
pub(crate) fn run(arguments: &Ask) -> Result<Exit, Failure> {
    let asked = &arguments.asked;
    let act = question::named(asked.act, &asked.party)?;
    let loaded = policy::load_verified(&asked.policy)?;
    let policy = &loaded.policy;
    let facts = Stated::parse(policy, &asked.facts.facts)?.build(policy)?;
    let question = Question { act, field: &asked.field, purpose: &asked.purpose };
    let decision = policy.ask(&question, &facts);

    match arguments.format {
        AnswerFormat::Json => {
            let mut out = Vec::new();
            AnswerWriter::new(policy, true, true).write(&decision, act, &mut out);
            out.push(b'\n');
            streams::write(out)?;
        }
        AnswerFormat::Text => {
            let mut page = Page::new();
            page.answer(&policy.answer_text(&question, &facts));
            page.print()?;
        }
    }
    Ok(decision.verdict().into())
}
