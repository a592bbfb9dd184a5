//! `whyfor keygen`: a key that signs artifacts.

use crate::args::Keygen;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::{BOLD, DIM, Page, line};
use crate::signing::{self, Password};

/// Makes a key and writes its two files.
pub(crate) fn run(arguments: &Keygen) -> Result<Exit, Failure> {
    let password = Password { file: arguments.password_file.as_deref() };
    let key = signing::make_key(&arguments.key, (!arguments.no_password).then_some(&password))?;
    let (secret, public) = (files::shown_name(&arguments.key), files::shown_name(&key.public_path));
    let mut page = Page::new();
    line!(page, "{BOLD}{secret}{BOLD:#}: the secret key, which signs");
    line!(page, "{BOLD}{public}{BOLD:#}: the public key, which services trust");
    line!(page, "   {DIM}{}{DIM:#}", key.public);
    page.print()?;
    Ok(Exit::Fine)
}
