//! What a page says differently from the policy.

use serde::Serialize;
use whyfor::notice::Place;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Drift {
    /// The section's title in the policy, or on the page.
    pub(crate) section: String,
    /// What differs: `item`, `method`, `purpose` …, `section`, `title`, `header`, `statement`, `text`,
    /// `table`.
    pub(crate) what: &'static str,
    pub(crate) message: String,
    /// The line of the page; `None` if the page lacks it.
    pub(crate) page_line: Option<usize>,
    /// The policy's file and line; `None` if the policy lacks it.
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
}

/// The differences that were found, and the section that is being compared.
#[derive(Default)]
pub(super) struct Found {
    pub(super) section: String,
    pub(super) list: Vec<Drift>,
}

impl Found {
    /// Adds a difference, each once: a line of the page may be compared with several statements.
    pub(super) fn add(
        &mut self,
        what: &'static str,
        message: String,
        page: Option<usize>,
        place: Option<&Place>,
    ) {
        let is_known = |known: &&Drift| {
            known.section == self.section
                && known.what == what
                && known.message == message
                && known.page_line == page
                && page.is_some()
        };
        // Differences of one record stand together at the end.
        if self.list.iter().rev().take(MOST_ALIKE).any(|known| is_known(&known)) {
            return;
        }
        self.list.push(Drift {
            section: self.section.clone(),
            what,
            message,
            page_line: page,
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
        });
    }
}

/// So many of the last differences are looked at for the same one.
const MOST_ALIKE: usize = 50;
