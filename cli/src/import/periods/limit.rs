//! A limit of retention.

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Unit {
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// So many of it, as a policy writes them.
    pub(in crate::import) fn counted(self, number: u32) -> String {
        let unit = self.as_str();
        let unit = if number == 1 { unit.trim_end_matches('s') } else { unit };
        format!("{number} {unit}")
    }
}

/// What a period runs from, or lasts until.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Event {
    /// Its name, if it is one that many pages have.
    pub(in crate::import) name: Option<&'static str>,
    pub(in crate::import) label: String,
}

/// What ends a period that ends whenever its author says so: "until further notice" is no event of a person's data.
const UNFORESEEN: [&str; 14] = [
    "further notice",
    "further announcement",
    "notice to the contrary",
    "notified otherwise",
    "otherwise notified",
    "otherwise announced",
    "auf weiteres",
    "weitere mitteilung",
    "weitere ankündigung",
    "另行通知",
    "另行公告",
    "进一步通知",
    "新的通知",
    "再次通知",
];

/// Whether a text in small letters names no event, but leaves the end to whoever keeps the data.
pub(super) fn is_unforeseen(text: &str) -> bool {
    UNFORESEEN.iter().any(|words| text.contains(words))
}

/// A limit: a period, from collection or from an event, or an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Limit {
    pub(in crate::import) at_least: bool,
    pub(in crate::import) period: Option<(u32, Unit)>,
    pub(in crate::import) event: Option<Event>,
}
