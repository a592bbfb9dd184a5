//! Single messages, as pages of their own.

use super::page::{Page, line};
use super::paint::{BOLD, Paint};
use anstyle::AnsiColor;

/// Prints an error of the command itself, with details, one per line.
pub(crate) fn error(message: &str, more: &[String]) {
    let red = Paint(AnsiColor::Red.on_default().bold());
    let mut page = Page::new();
    line!(page, "{red}error{red:#}{BOLD}: {message}{BOLD:#}");
    for more in more {
        line!(page, "{more}");
    }
    page.print_error();
}

/// Prints a line on standard output; takes the arguments of [`line!`].
macro_rules! print {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print()
    }};
}
pub(crate) use print;

/// Prints a line on standard error; takes the arguments of [`line!`].
macro_rules! report {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print_error();
    }};
}
pub(crate) use report;
