//! The list as a page: the built-in template, or one of the user's own.
//!
//! A template is given the list as `View` writes it: `title`, `intro`, `sections` …, and `words`. Where the
//! file is named as HTML or XML, what it puts in is escaped. Nothing is read but the template itself.

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

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// Steps of a template, beside those for what it is given: a second, and as the engine counts what templates
/// make, some 128 MiB. One that never ends is refused, and so is one that doubles a text again and again.
const FUEL: u64 = 2_000_000;

/// The built-in page.
pub(crate) fn render(view: &View) -> Result<String, Failure> {
    fill("page.html", PAGE, view)
}

/// The list by a template in a file.
pub(crate) fn by_template(path: &Path, view: &View) -> Result<String, Failure> {
    let text = files::read_text(path)?;
    fill(&path.to_string_lossy(), &text, view)
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
