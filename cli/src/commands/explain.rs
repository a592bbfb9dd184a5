//! `whyfor explain`: what a diagnostic means and what to do.

use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, Page, line};
use whyfor::Code;

/// Explains one code, or lists all.
pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let Some(id) = &arguments.code else {
        let mut page = Page::new();
        Code::ALL.iter().for_each(|code| line!(page, "{BOLD}{code}{BOLD:#}  {}", code.title()));
        page.print()?;
        return Ok(Exit::Fine);
    };
    let Ok(code) = id.parse::<Code>() else {
        let message = format!("there is no code `{id}`: `whyfor explain` lists all of them");
        return Err(Failure::Usage(message));
    };
    let mut page = Page::new();
    page.own(code.explanation());
    line!(page);
    page.print()?;
    Ok(Exit::Fine)
}
