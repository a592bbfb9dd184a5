//! Templates (Jinja), built in or the user's.
//!
//! If the file name ends as HTML or XML, inserted text is escaped. A template cannot read files, and
//! the number of its steps is bounded.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter,
};
use serde::Serialize;
use std::borrow::Cow;

/// The style of the built-in pages.
const STYLE: &str = include_str!("page.css");
/// Steps of a template, on top of the size of its input: about a second, or 128 MiB of output as
/// the engine counts it. Stops endless templates and repeated doubling of a text.
const FUEL: u64 = 2_000_000;

/// Why a template cannot be rendered: the message of the engine, with its place.
#[derive(Debug, thiserror::Error)]
#[error("`{name}`{place}: {message}")]
pub(crate) struct TemplateError {
    name: String,
    /// `:LINE`, if known.
    place: String,
    message: String,
}

impl TemplateError {
    fn new(name: &str, error: &Error) -> Self {
        let detail = error.detail().map_or(String::new(), |detail| format!(": {detail}"));
        Self {
            name: name.to_owned(),
            place: error.line().map_or(String::new(), |line| format!(":{line}")),
            message: format!("{}{detail}", error.kind()),
        }
    }
}

/// Renders a template with the given values and the style of the built-in pages.
///
/// # Errors
/// The template is not valid, or does too much.
pub(crate) fn render(
    name: &str,
    template: &str,
    view: &impl Serialize,
) -> Result<String, TemplateError> {
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
    rendered.map_err(|error| TemplateError::new(name, &error))
}

/// Writes a value into the page, without unprintable characters.
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
