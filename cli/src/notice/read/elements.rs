//! The elements of HTML by how a browser shows them.
//!
//! Style sheets are not evaluated: an element that only a class hides counts as shown.

use super::dom::Dom;

/// Whether a page does not show an element: by its kind, or because it says so itself.
pub(super) fn is_hidden(dom: &Dom, id: usize) -> bool {
    let is_by_kind = match dom.tag(id) {
        "head" | "script" | "style" | "template" | "noscript" | "datalist" | "iframe"
        | "object" | "audio" | "video" | "canvas" | "rp" => true,
        "dialog" => dom.attribute(id, "open").is_none(),
        _ => false,
    };
    let style = dom.attribute(id, "style").unwrap_or_default().to_ascii_lowercase();
    let is_taken_away = match styled(&style, "display") {
        Some(display) => display == "none", // beats the attribute
        None => dom.attribute(id, "hidden").is_some(),
    };
    let is_invisible = matches!(styled(&style, "visibility"), Some("hidden" | "collapse"));
    is_by_kind || is_taken_away || is_invisible
}

/// The value of a property in the style of an element: the last one, but an important one first.
fn styled<'s>(style: &'s str, property: &str) -> Option<&'s str> {
    let of = |declaration: &'s str| {
        let (name, value) = declaration.split_once(':')?;
        let (value, importance) = value.split_once('!').unwrap_or((value, ""));
        (name.trim() == property).then_some((!importance.is_empty(), value.trim()))
    };
    let values = style.split(';').filter_map(of);
    values.max_by_key(|(is_important, _)| *is_important).map(|(_, value)| value)
}

/// Whether text is shown as it is written, or in a control or a picture: there are no lines of a list.
pub(super) fn is_code(tag: &str) -> bool {
    is_written(tag) || is_picture(tag) || matches!(tag, "textarea" | "select")
}

/// Whether text is shown as it is written, on lines of its own.
pub(super) fn is_written(tag: &str) -> bool {
    matches!(tag, "pre" | "listing" | "xmp" | "plaintext")
}

pub(super) fn is_picture(tag: &str) -> bool {
    matches!(tag, "svg" | "math")
}

/// Whether an element stands on lines of its own.
pub(super) fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "legend"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}
