//! Answers questions in JSON lines.

mod question;

use crate::output::answer::{self, AnswerWriter};
use crate::output::progress;
use indicatif::ProgressBar;
use question::Asked;
use std::io::{BufRead, ErrorKind, Read, Write};
use whyfor::Facts;

/// Answers are written when this many bytes are ready, and before waiting for more input.
pub(crate) const BUFFER: usize = 1 << 16;
/// Most bytes of one line: bounds the memory for input without line breaks.
const LONGEST: u64 = 1 << 20;
/// Lines between two updates of the progress bar.
const TICK: u64 = 4096;
/// Some editors write it at the start of UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Why the questions were not all answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchError {
    #[error("cannot read the questions: {0}")]
    Read(#[source] std::io::Error),
    #[error("cannot write the answers: {0}")]
    Write(#[source] std::io::Error),
}

/// Answers each line until the output is closed. Returns whether every line was a question.
pub(crate) fn answer_all(
    writer: &AnswerWriter<'_>,
    input: std::io::BufReader<impl Read>,
    output: &mut impl Write,
) -> Result<bool, BatchError> {
    let bar = progress::bar(None, "{spinner} {human_pos} questions answered, {per_sec}, {elapsed}");
    let answered = answer_lines(writer, input, output, &bar);
    bar.finish_and_clear();
    answered
}

fn answer_lines(
    writer: &AnswerWriter<'_>,
    mut input: std::io::BufReader<impl Read>,
    output: &mut impl Write,
    bar: &ProgressBar,
) -> Result<bool, BatchError> {
    let mut answers: Vec<u8> = Vec::with_capacity(2 * BUFFER);
    let mut line = Vec::new();
    let mut facts = Facts::default();
    let (mut number, mut failed) = (0u64, false);
    loop {
        // Answer before blocking: the caller may wait for this answer before sending more.
        if answers.len() >= BUFFER || input.buffer().is_empty() && !answers.is_empty() {
            match output.write_all(&answers).and_then(|()| output.flush()) {
                // The input may have no end.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(!failed),
                written => written.map_err(BatchError::Write)?,
            }
            answers.clear();
        }
        line.clear();
        let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if read.map_err(BatchError::Read)? == 0 {
            return Ok(!failed);
        }
        let cut_off = line.len() as u64 == LONGEST && !line.ends_with(b"\n");
        if cut_off {
            input.skip_until(b'\n').map_err(BatchError::Read)?;
        }
        number += 1;
        if number == 1 && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        if number % TICK == 0 {
            bar.set_position(number);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answered = match cut_off {
            true => Err(format!("a question has at most {LONGEST} bytes")),
            false => answer(&line, writer, facts, &mut answers),
        };
        match answered {
            Ok(reusable) => facts = reusable,
            Err(why) => {
                failed = true;
                facts = Facts::default();
                answers.extend(b"{\"error\":");
                answer::text(&mut answers, &why);
                drop(write!(answers, ",\"line\":{number}}}"));
            }
        }
        answers.push(b'\n');
    }
}

/// Answers one line into `out`; returns the facts to reuse their memory.
fn answer(
    line: &[u8],
    writer: &AnswerWriter<'_>,
    facts: Facts,
    out: &mut Vec<u8>,
) -> Result<Facts, String> {
    let asked = Asked::read(line)?;
    let question = asked.question()?;
    let mut builder = writer.policy().facts_builder_from(facts).cleared();
    if let Err(error) = asked.state(&mut builder) {
        writer.refuse(&error, out);
        return Ok(builder.build());
    }
    let facts = builder.build();
    writer.write(&writer.policy().ask(&question, &facts), question.act, out);
    Ok(facts)
}
