//! What a line of the list is about.

use super::words::Words;
use serde::Serialize;
use whyfor::{Act, StatementKind};

/// The subject of a line in a block, or of a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    Activity,
    Category,
    Types,
    Optional,
    Subject,
    Method,
    Recipients,
    Transfers,
    Sale,
    Purpose,
    Basis,
    Condition,
    Duties,
    Retention,
    RecipientDuties,
    RecipientRetention,
    Reason,
    See,
}

/// The label of what a draft names because its page states nothing.
pub(crate) const NOT_STATED: &str = "Not stated";

/// The kind and act of a list of types.
pub(crate) type About = (StatementKind, Act<(), ()>);

impl Part {
    /// The word for one thing of this kind in messages.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Category => "category",
            Self::Types => "item",
            Self::Optional => "optional item",
            Self::Subject => "data subject",
            Self::Method => "method",
            Self::Recipients => "recipient",
            Self::Transfers => "transfer",
            Self::Sale => "sale",
            Self::Purpose => "purpose",
            Self::Basis => "legal basis",
            Self::Condition => "condition",
            Self::Duties | Self::RecipientDuties => "duty",
            Self::Retention | Self::RecipientRetention => "retention",
            Self::Reason => "reason",
            Self::See => "address",
        }
    }

    /// Whether its text is a list of labels. Any other text counts word by word.
    pub(crate) fn lists_labels(self) -> bool {
        !matches!(
            self,
            Self::Basis
                | Self::Condition
                | Self::Retention
                | Self::RecipientRetention
                | Self::Reason
                | Self::See
                | Self::Sale
        )
    }
}

impl Words {
    /// The label of a part; of types, that of data that may be collected.
    pub(crate) fn of_part(&self, part: Part) -> &str {
        match part {
            Part::Activity => &self.activity,
            Part::Category => &self.category,
            Part::Types => self.types(StatementKind::Permit, &Act::<(), ()>::Collect(())),
            Part::Optional => &self.optional_data,
            Part::Subject => &self.subject,
            Part::Method => &self.method,
            Part::Recipients => &self.recipients,
            Part::Transfers => &self.transfers,
            Part::Sale => &self.sale,
            Part::Purpose => &self.purpose,
            Part::Basis => &self.basis,
            Part::Condition => &self.condition,
            Part::Duties => &self.duties,
            Part::Retention => &self.retention,
            Part::RecipientDuties => &self.recipient_duties,
            Part::RecipientRetention => &self.recipient_retention,
            Part::Reason => &self.reason,
            Part::See => &self.see,
        }
    }
}
