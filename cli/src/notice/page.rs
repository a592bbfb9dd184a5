//! The list as a page, from the built-in template or the user's.
//!
//! A template gets the list as `View` serialises it: `title`, `intro`, `sections` …, and `words`.
//! The user's is rendered on a separate thread with bounded resources and time.

use super::view::View;
use crate::files::{self, FileError};
use crate::output::template::{self, TemplateError};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PAGE: &str = include_str!("page.html");
/// Most bytes of an expression or a statement in a template; bounds the nesting that the parser
/// sees.
const LONGEST_TAG: usize = 4096;
/// Stack for the recursion over nested templates and values.
const STACK: usize = 512 << 20;
/// The number of steps does not count joined lists and nested values, so time is bounded too. A
/// page takes milliseconds.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why the user's template gives no list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error(transparent)]
    Unreadable(#[from] FileError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("`{}`:{line}: an expression of more than {LONGEST_TAG} bytes", path.display())]
    LongTag { path: PathBuf, line: usize },
    #[error("cannot render the template: {0}")]
    Thread(#[source] std::io::Error),
    #[error("`{}`: the template took more than {} seconds", path.display(), TIMEOUT.as_secs())]
    TooSlow { path: PathBuf },
}

/// The built-in page.
pub(crate) fn render(view: &View) -> Result<String, TemplateError> {
    template::render("page.html", PAGE, view)
}

/// The list from the template in a file.
pub(crate) fn by_template(path: &Path, view: &View) -> Result<String, PageError> {
    let text = files::read_text(path)?;
    if let Some(line) = long_tag(&text) {
        return Err(PageError::LongTag { path: path.to_owned(), line });
    }
    let name = path.to_string_lossy().into_owned();
    let view = serde_json::to_value(view).unwrap_or_default(); // cannot fail in memory
    let (sender, rendered) = std::sync::mpsc::channel();
    let render = move || drop(sender.send(template::render(&name, &text, &view)));
    let started = std::thread::Builder::new().stack_size(STACK).spawn(render);
    started.map_err(PageError::Thread)?;
    match rendered.recv_timeout(TIMEOUT) {
        Ok(rendered) => Ok(rendered?),
        Err(_) => Err(PageError::TooSlow { path: path.to_owned() }),
    }
}

/// The line of the first expression or statement that is too long.
fn long_tag(template: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = template[from..].find('{').map(|at| from + at) {
        let rest = &template[start..];
        let end = match rest.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => "{",
        };
        let length = rest.find(end).unwrap_or(rest.len());
        if length > LONGEST_TAG && end != "#}" {
            return Some(template[..start].matches('\n').count() + 1);
        }
        from = start + length.max(1);
    }
    None
}
