//! The tags of HTML within a line of Markdown.
//!
//! Those that separate, mark or hide parts of a text are kept. One that hides is closed at the end of its text at the
//! latest, so that a forgotten end hides nothing that follows.

/// Tags that separate or mark parts of a text, or say where they lead.
const MARKING: [&str; 9] = ["a", "br", "b", "strong", "wbr", "s", "del", "strike", "sup"];
/// The same within a cell of a table, which ends them.
const IN_CELLS: [&str; 5] = ["ul", "ol", "li", "p", "div"];
/// Elements without contents.
const VOID: [&str; 5] = ["br", "wbr", "hr", "img", "input"];
/// Elements that hide what stands in them.
const HIDING: [&str; 4] = ["template", "script", "style", "noscript"];

/// The elements around, within a text: their names, and whether they may hide it.
#[derive(Debug, Default)]
pub(super) struct Inline {
    open: Vec<(String, bool)>,
}

impl Inline {
    /// What is kept of a tag.
    pub(super) fn kept(&mut self, tag: &str, in_cell: bool) -> Option<String> {
        let name = tag.trim_start_matches(['<', '/']);
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let hides = HIDING.contains(&name.as_str()) || may_hide(tag);
        let is_mark =
            MARKING.contains(&name.as_str()) || in_cell && IN_CELLS.contains(&name.as_str());
        if is_mark && (!hides || VOID.contains(&name.as_str())) {
            return Some(tag.to_owned());
        }
        if tag.starts_with("</") {
            let at = self.open.iter().rposition(|(open, _)| *open == name)?;
            let hides = self.open[at].1;
            self.open.truncate(at);
            return hides.then(|| format!("</{}>", element(&name)));
        }
        if name.is_empty() || tag.ends_with("/>") || VOID.contains(&name.as_str()) {
            return None;
        }
        let kept = hides.then(|| match element(&name) == name {
            true => tag.to_owned(),
            false => format!("<{}>", element(&name)),
        });
        self.open.push((name, hides));
        kept
    }

    /// The ends of all that is open and may hide a text.
    pub(super) fn end(&mut self) -> impl Iterator<Item = String> {
        let open = std::mem::take(&mut self.open);
        let hiding = open.into_iter().rev().filter(|(_, hides)| *hides);
        hiding.map(|(name, _)| format!("</{}>", element(&name)))
    }
}

/// The element that stands for one: in a template, other than in a script, comments are none of its text.
fn element(name: &str) -> &str {
    if HIDING.contains(&name) { "template" } else { name }
}

/// Whether the attributes of a tag may hide its text; the tree decides.
fn may_hide(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    ["hidden", "display", "visibility"].iter().any(|word| tag.contains(word))
}
