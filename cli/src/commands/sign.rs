//! `whyfor sign`: the signature of an artifact.

use crate::args::Sign;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::{BOLD, DIM, Page, line};
use crate::signing::{self, Password};
use whyfor_serve::TrustedComment;

/// Signs and writes.
pub(crate) fn run(arguments: &Sign) -> Result<Exit, Failure> {
    let comment = TrustedComment::new(&arguments.name, arguments.sequence)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let password = Password { file: arguments.password_file.as_deref() };
    let written = signing::sign(&arguments.key, &password, &arguments.file, &comment)?;
    let mut page = Page::new();
    line!(
        page,
        "{BOLD}{}{BOLD:#}: `{}`, sequence {}",
        files::shown_name(&written.path),
        comment.name(),
        comment.sequence(),
    );
    line!(page, "   {DIM}digest {}{DIM:#}", written.policy.digest());
    page.print()?;
    Ok(Exit::Fine)
}
