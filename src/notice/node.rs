//! What has a label.

/// Something that has a label: a node of a hierarchy, a duty, a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its path, or its name.
    pub path: String,
    /// Its label, or an empty text.
    pub label: String,
}

impl Node {
    /// The label, or the last part of the path if there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self.label.as_str() {
            "" => self.path.rsplit('.').next().unwrap_or(&self.path),
            label => label,
        }
    }
}
