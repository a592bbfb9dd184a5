//! Text for people, and the only way to a terminal.
//!
//! Whatever is put into a line is made [`printable`](whyfor::printable) on its way: text of a policy, a page, an
//! argument or a file name cannot control the terminal, and cannot end the line that it stands in. Colours
//! are [`Paint`], which is let through because it is the command's own. So nobody who shows something has to
//! think of it; `clippy.toml` keeps other ways closed.

use super::Paint;
use crate::exit::Failure;
use std::cell::Cell;
use std::fmt::{self, Write as _};
use std::io::Write as _;
use whyfor::Diagnostics;

thread_local! {
    /// What is being written is the command's own.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// One line, without its end.
#[derive(Debug, Default)]
pub(crate) struct Line(String);

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match IS_OWN.get() {
            true => self.0.push_str(text),
            false => self.0.push_str(&whyfor::printable(text)),
        }
        Ok(())
    }
}

impl fmt::Display for Paint {
    /// The sequence that begins it; with `#`, the one that ends it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IS_OWN.set(true);
        let written = fmt::Display::fmt(&self.0, f);
        IS_OWN.set(false);
        written
    }
}

/// Lines, with colours.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds one line, whatever is in it. The macro `line!` writes it as `println!` would.
    pub(crate) fn line(&mut self, arguments: fmt::Arguments<'_>) {
        let mut line = Line::default();
        let _ = line.write_fmt(arguments); // memory takes it all
        self.put(line);
    }

    /// Adds a line that was made in parts.
    pub(crate) fn put(&mut self, line: Line) {
        self.0.push_str(&line.0);
        self.0.push('\n');
    }

    /// Adds messages as the library draws them.
    pub(crate) fn diagnostics(&mut self, diagnostics: &Diagnostics) {
        self.0.push_str(&diagnostics.render(true));
    }

    /// Adds text that is part of this program, such as its documentation.
    pub(crate) fn own(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    /// Shows it on standard output, in colour where that is a terminal.
    pub(crate) fn print(&self) -> Result<(), Failure> {
        super::streams::write_coloured(&self.0)
    }

    /// Shows it on standard error. Where that cannot be written, nobody could be told.
    pub(crate) fn print_error(&self) {
        let _ = super::streams::coloured_errors().write_all(self.0.as_bytes());
    }
}

/// Adds a line to a [`Page`], or a blank one.
macro_rules! line {
    ($page:expr) => {
        $page.line(format_args!(""))
    };
    ($page:expr, $($arguments:tt)+) => {
        $page.line(format_args!($($arguments)+))
    };
}
pub(crate) use line;
