//! What has a label.

/// Something that has a label: a node of a hierarchy, a duty, a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Node {
    /// Its path, or its name.
    pub path: String,
    /// Its label, or an empty text.
    pub label: String,
}

impl Node {
    /// The label, or the last part of the path if there is none.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let notice = whyfor::notice::Notice::of(&model);
    /// assert_eq!(notice.sections[0].entries[0].purposes.items[0].node.text(), "Signing in");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        match self.label.as_str() {
            "" => self.path.rsplit('.').next().unwrap_or(&self.path),
            label => label,
        }
    }
}
