//! What has a label.

/// Something that has a label: a node of a hierarchy, a tag, a duty, an event, a fact, a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Node {
    /// Its path, or its name. Of a choice, the names of its fact and of itself.
    pub path: String,
    /// Its label, or an empty text.
    pub label: String,
    /// The published tags that hold for it, if it is a node of a hierarchy.
    pub tags: Vec<Tag>,
}

/// A published tag.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tag {
    /// The tag at the top of its group.
    pub group: Node,
    /// The tag, if it is another one: `us` of the group `country`.
    pub tag: Option<Node>,
}

impl Node {
    /// Something without tags.
    pub(super) fn named(path: &str, label: &str) -> Self {
        Self { path: path.to_owned(), label: label.to_owned(), tags: Vec::new() }
    }

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
