//! The list as a page: the built-in template, or one of the user's own.
//!
//! A template is given the list as `View` writes it: `title`, `intro`, `sections` …, and `words`. Where the
//! file is named as HTML or XML, what it puts in is escaped. Nothing is read but the template itself. It is rendered
//! on a thread of its own: what it takes is bounded, and so is how long it is waited for.

use super::view::View;
use crate::exit::Failure;
use crate::files;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter,
};
use serde::Serialize;
use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// Steps of a template, beside those for what it is given: a second, and as the engine counts what templates
/// make, some 128 MiB. One that never ends is refused, and so is one that doubles a text again and again.
const FUEL: u64 = 2_000_000;

/// The bytes of an expression or a statement in a template: what is nested in more would take the parser too deep.
const LONGEST_TAG: usize = 4096;
/// Room for what a template nests: the parser, and values of values, are walked by recursion.
const STACK: usize = 512 << 20;
/// Fuel counts neither lists that are joined nor values that are shown within each other. A page takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The built-in page.
pub(crate) fn render(view: &View) -> Result<String, Failure> {
    fill("page.html", PAGE, view)
}

/// The list by a template in a file.
pub(crate) fn by_template(path: &Path, view: &View) -> Result<String, Failure> {
    let text = files::read_text(path)?;
    let name = path.to_string_lossy().into_owned();
    if let Some(line) = long_tag(&text) {
        let message = format!("`{name}`:{line}: an expression of more than {LONGEST_TAG} bytes");
        return Err(Failure::Usage(message));
    }
    let view = serde_json::to_value(view).unwrap_or_default(); // memory takes it all
    let (sender, rendered) = std::sync::mpsc::channel();
    let shown = name.clone();
    let render = move || drop(sender.send(fill(&name, &text, &view)));
    let started = std::thread::Builder::new().stack_size(STACK).spawn(render);
    started.map_err(Failure::io("cannot render the template"))?;
    rendered.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(Failure::Usage(format!(
            "`{shown}`: no page came of the template within {seconds} seconds"
        )))
    })
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

/// Puts a value into the page: text of a policy, without what no page can show.
fn put_in(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = value.as_str().map(whyfor::printable_lines);
    match text {
        Some(Cow::Owned(text)) if value.is_safe() => {
            escape_formatter(out, state, &Value::from_safe_string(text))
        }
        Some(Cow::Owned(text)) => escape_formatter(out, state, &Value::from(text)),
        _ => escape_formatter(out, state, value),
    }
}

/// A template with what is put into it, and the style of the built-in pages.
pub(crate) fn fill(name: &str, template: &str, view: &impl Serialize) -> Result<String, Failure> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    if let Ok(syntax) = syntax.build() {
        environment.set_syntax(syntax);
    }
    let given = serde_json::to_string(view).map_or(0, |text| text.len() as u64);
    environment.set_fuel(Some(FUEL.saturating_add(given)));
    environment.set_formatter(put_in);
    environment.set_auto_escape_callback(|name| {
        let name = name.trim_end_matches(".j2").trim_end_matches(".jinja");
        match name.rsplit('.').next() {
            Some("html" | "htm" | "xhtml" | "xml" | "svg") => AutoEscape::Html,
            _ => AutoEscape::None,
        }
    });
    let rendered = environment.template_from_named_str(name, template).and_then(|template| {
        template.render(minijinja::context! {
            style => Value::from_safe_string(STYLE.to_owned()),
            whyfor => env!("CARGO_PKG_VERSION"),
            ..Serde(view)
        })
    });
    rendered.map_err(|error| {
        let place = error.line().map_or(String::new(), |line| format!(":{line}"));
        let detail = error.detail().map_or(String::new(), |detail| format!(": {detail}"));
        Failure::Usage(format!("`{name}`{place}: {}{detail}", error.kind()))
    })
}
