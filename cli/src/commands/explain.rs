//! `whyfor explain`: what a diagnostic means and what to do.

use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::output::BOLD;
use whyfor::Code;

/// Explains one code, or lists all.
pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let Some(id) = &arguments.code else {
        for code in Code::ALL {
            anstream::println!("{BOLD}{code}{BOLD:#}  {}", code.title());
        }
        return Ok(Exit::Fine);
    };
    let Some(code) = Code::from_id(id) else {
        let message = format!("there is no code `{id}`: `whyfor explain` lists all of them");
        return Err(Failure::Usage(message));
    };
    anstream::println!("{}", code.explanation());
    Ok(Exit::Fine)
}
