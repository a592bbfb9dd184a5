//! The words around the labels. English where a labels file has none of its own.

use crate::yaml::{Node, Wrong};
use serde::Serialize;
use whyfor::{Act, StatementKind};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $english:literal),* $(,)?) => {
        /// Every word that is not the policy's.
        #[derive(Debug, Clone, Serialize)]
        pub(crate) struct Words {
            /// Whether a label in the middle of a sentence starts with a small letter.
            pub(crate) lowercase: bool,
            /// First words of labels that keep their capital there.
            pub(crate) names: Vec<String>,
            $($(#[$doc])* pub(crate) $name: String),*
        }

        impl Words {
            /// The words of a labels file; those that it leaves out are English.
            pub(crate) fn read(node: Node) -> Result<Self, Wrong> {
                let keys = ["lowercase", "names", $(stringify!($name)),*];
                let what = "`words` is a mapping, such as `and: \" und \"`";
                let mut fields = node.fields("`words`", what, &keys)?;
                let mut words = Self::default();
                if let Some(node) = fields.take_some("lowercase") {
                    words.lowercase = node.yes_no("`lowercase` is `true` or `false`")?;
                }
                if let Some(node) = fields.take_some("names") {
                    words.names = node.texts("`names` is a list of words")?;
                }
                $(if let Some(node) = fields.take_some(stringify!($name)) {
                    words.$name = word(stringify!($name), node)?;
                })*
                Ok(words)
            }
        }

        impl Default for Words {
            fn default() -> Self {
                Self { lowercase: true, names: Vec::new(), $($name: $english.to_owned()),* }
            }
        }
    };
}

fn word(name: &str, node: Node) -> Result<String, Wrong> {
    let line = node.line;
    let text = node.text(&format!("the word `{name}` is a text"))?;
    if !text.is_empty() {
        return Ok(text);
    }
    let message = format!("the word `{name}` is empty; leave it out for the English one");
    Err(Wrong { line, message })
}

words! {
    /// The introduction of a list that has none of its own.
    intro: "This page explains which personal information may be collected, used and shared, how, and what for.",
    /// The heading of what stands in no section.
    further: "Further Provisions",
    collected: "Types of Information Collected",
    used: "Types of Information Used",
    shared: "Types of Information Shared",
    never_collected: "Types of Information Never Collected",
    never_used: "Types of Information Never Used",
    never_shared: "Types of Information Never Shared",
    whenever_collected: "Whenever Collecting",
    whenever_used: "Whenever Using",
    whenever_shared: "Whenever Sharing",
    method: "Collection Method",
    recipients: "Recipients",
    purpose: "Purpose and Processing",
    condition: "Condition",
    duties: "Obligations",
    retention: "Retention",
    /// Behind the number of days.
    days: "days",
    /// What `collected` stands for.
    above: "The above information",
    /// Before the list of what `use collected` permits.
    additional: "Additional purposes for collecting the above information include:",
    comma: ", ",
    /// Between two.
    and: " and ",
    /// Before the last of three or more.
    last_and: ", and ",
    or: " or ",
    /// Behind an open group and before its examples.
    such_as: ", such as ",
    /// Behind a closed group and before its parts.
    including: ", including ",
    /// Around the examples of an open group in the middle of a list.
    examples: " (e.g., ",
    examples_end: ")",
    /// Behind a list of which something without examples is open.
    etc: ", etc.",
    except: ", except ",
    /// Before a fact that must not hold.
    not: "not: ",
    is: " is ",
    at_least: " at least ",
    above_number: " above ",
    below_number: " below ",
    at_most: " at most ",
    equal: " exactly ",
    not_equal: " other than ",
    version: "Version",
    contents: "Contents",
}

impl Words {
    /// What a list of data is called that a statement is about.
    pub(crate) fn types<M, R>(&self, kind: StatementKind, act: &Act<M, R>) -> &str {
        let [collected, used, shared] = match kind {
            StatementKind::Permit => [&self.collected, &self.used, &self.shared],
            StatementKind::Never => [&self.never_collected, &self.never_used, &self.never_shared],
            StatementKind::Require => {
                [&self.whenever_collected, &self.whenever_used, &self.whenever_shared]
            }
        };
        match act {
            Act::Collect(_) => collected,
            Act::Use => used,
            Act::Share(_) => shared,
        }
    }

    /// A label inside of a sentence: with a small letter, unless its first word is an abbreviation, has
    /// a capital within, or is one of the names.
    pub(crate) fn inner(&self, label: &str) -> String {
        let first = label.split([' ', '-', '/']).next().unwrap_or(label);
        let mut characters = first.chars();
        let plain = characters.next().is_some_and(char::is_uppercase)
            && first.chars().count() > 1
            && characters.all(|c| c.is_lowercase());
        if !self.lowercase || !plain || self.names.iter().any(|name| name == first) {
            return label.to_owned();
        }
        let mut characters = label.chars();
        let head: String = characters.next().into_iter().flat_map(char::to_lowercase).collect();
        head + characters.as_str()
    }
}
