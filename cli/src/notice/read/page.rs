//! What a page holds: sections, and in them the blocks of labelled lines.

use super::known::{Label, More};
use super::text::PageText;
use crate::notice::part::{About, Part};

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: Option<PageText>,
    /// The usual introduction of a list stands above its sections.
    pub(crate) is_introduced: bool,
    pub(crate) sections: Vec<Section>,
    /// Lines that look labelled before the first section.
    pub(crate) before: Vec<(String, PageText)>,
    /// The heads of tables without a known label.
    pub(crate) heads: Vec<String>,
}

impl Page {
    /// The number of lines with a known label.
    pub(crate) fn labelled(&self) -> usize {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.map(|block| block.lines.len()).sum()
    }
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Section {
    pub(crate) title: PageText,
    /// The headings above its own, each below the one before.
    pub(crate) above: Vec<String>,
    /// The captions of its tables.
    pub(crate) captions: Vec<PageText>,
    pub(crate) blocks: Vec<Block>,
    /// Items without a label.
    pub(crate) sentences: Vec<PageText>,
    /// The number of these that stand below the words of the list for additional purposes.
    pub(crate) led: Vec<usize>,
    /// Lines outside blocks with unknown labels, which may be empty.
    pub(crate) unknown: Vec<(String, PageText)>,
    /// Paragraphs.
    pub(crate) prose: Vec<PageText>,
}

/// The content of one record.
#[derive(Debug, Default, Clone)]
pub(crate) struct Block {
    pub(crate) about: Option<About>,
    pub(crate) lines: Vec<(Part, PageText)>,
    /// The labels of these, as the page has them.
    pub(crate) names: Vec<String>,
    /// What each list of types is about, in their order.
    pub(crate) types: Vec<About>,
    /// What the list of a policy has no line for.
    pub(crate) more: Vec<(More, Label, PageText)>,
    /// Labelled lines with unknown labels.
    pub(crate) unknown: Vec<(String, PageText)>,
    pub(crate) line: usize,
    /// Why it may be no whole record, if it may.
    pub(crate) doubt: Option<String>,
    /// The lines that it stands among, of which nothing but their labels says where a record starts;
    /// none for the row of a table.
    pub(crate) run: Option<usize>,
}
