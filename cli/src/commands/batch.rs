//! `whyfor batch`: questions in JSON lines.

use crate::args::{Batch, Reasons};
use crate::batch;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::answer::AnswerWriter;
use crate::output::streams;
use crate::policy;

/// Reads questions, writes answers.
pub(crate) fn run(arguments: &Batch) -> Result<Exit, Failure> {
    files::claim_stdin()?; // for the questions
    let loaded = policy::load_verified(&arguments.policy)?;
    let with_reasons = arguments.reasons == Reasons::All;
    let writer = AnswerWriter::new(&loaded.policy, with_reasons, arguments.digest);
    let input = std::io::BufReader::with_capacity(batch::BUFFER, std::io::stdin().lock());
    let all = batch::answer_all(&writer, input, &mut streams::plain())?;
    Ok(if all { Exit::Fine } else { Exit::Error })
}
