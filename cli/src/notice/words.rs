//! The words around the labels, in English unless a labels file has its own.

use crate::yaml::{Node, Wrong};
use serde::Serialize;
use whyfor::{Act, StatementKind};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $english:literal),* $(,)?) => {
        /// Every word that does not come from the policy.
        #[derive(Debug, Clone, Serialize)]
        pub(crate) struct Words {
            /// Whether a label in the middle of a sentence starts with a small letter.
            pub(crate) lowercase: bool,
            /// First words of labels that keep their capital there.
            pub(crate) names: Vec<String>,
            /// Further labels of pages that are read: the word that is written, and another.
            #[serde(skip)]
            further_labels: Vec<(String, String)>,
            /// The same for a format that has none of its own.
            #[serde(skip)]
            usual_labels: Vec<(String, &'static str)>,
            $($(#[$doc])* pub(crate) $name: String),*
        }

        impl Words {
            /// The words of a labels file; missing ones are English.
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
                    let mut all = several(stringify!($name), node)?.into_iter();
                    words.$name = all.next().unwrap_or_default();
                    words.further_labels.extend(all.map(|other| (words.$name.clone(), other)));
                })*
                Ok(words)
            }
        }

        impl Default for Words {
            fn default() -> Self {
                Self {
                    lowercase: true,
                    names: Vec::new(),
                    further_labels: Vec::new(),
                    usual_labels: Vec::new(),
                    $($name: $english.to_owned()),*
                }
            }
        }
    };
}

/// The words that label lines of a page, which may have several for one thing.
const LABELS: [&str; 21] = [
    "collected",
    "used",
    "shared",
    "never_collected",
    "never_used",
    "never_shared",
    "whenever_collected",
    "whenever_used",
    "whenever_shared",
    "method",
    "recipients",
    "purpose",
    "condition",
    "duties",
    "retention",
    "optional_data",
    "required",
    "basis",
    "subject",
    "transfers",
    "scenario",
];

/// A word, or a list of them: the first is written, all are read.
fn several(name: &str, node: Node) -> Result<Vec<String>, Wrong> {
    if !node.is_list() || !LABELS.contains(&name) {
        return Ok(vec![word(name, node)?]);
    }
    let (line, what) = (node.line, format!("the word `{name}` is a text or a list of texts"));
    match node.list(&what)? {
        list if list.is_empty() => Err(Wrong { line, message: what }),
        list => list.into_iter().map(|node| word(name, node)).collect(),
    }
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
    /// The default introduction of a list.
    intro: "This page explains which personal information may be collected, used and shared, how, and what for.",
    /// The heading for entries outside sections.
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
    /// Only read: data that a person may leave out.
    optional_data: "Optional Information",
    /// Only read: whether the data must be given.
    required: "Required",
    /// Only read: why it is lawful.
    basis: "Legal Basis",
    /// Only read: whose data it is.
    subject: "Data Subjects",
    /// Only read: the countries that data goes to.
    transfers: "Transfers",
    /// Only read: what names a section.
    scenario: "Scenario",
    /// After the number of days.
    days: "days",
    /// The phrase for `collected`.
    above: "The above information",
    /// Before the purposes that `use collected` permits.
    additional: "Additional purposes for collecting the above information include:",
    comma: ", ",
    /// Between two.
    and: " and ",
    /// Before the last of three or more.
    last_and: ", and ",
    or: " or ",
    /// After an open group, before its examples.
    such_as: ", such as ",
    /// After a closed group, before its parts.
    including: ", including ",
    /// Around the examples of an open group in the middle of a list.
    examples: " (e.g., ",
    examples_end: ")",
    /// After a list in which something without examples is open.
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
    /// The heading of the list of data that a statement is about.
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

    /// The further labels that pages have for a word.
    pub(crate) fn others(&self, word: &str) -> impl Iterator<Item = &str> {
        let of = move |(own, _): &&(String, String)| own == word;
        self.further_labels.iter().filter(of).map(|(_, other)| other.as_str())
    }

    /// Labels that are read for a word unless they stand for another.
    pub(crate) fn usual(&self, word: &str) -> impl Iterator<Item = &'static str> {
        let of = move |(own, _): &&(String, &'static str)| own == word;
        self.usual_labels.iter().filter(of).map(|(_, label)| *label)
    }

    /// Adds such labels.
    pub(crate) fn read_also(&mut self, word: &str, labels: &[&'static str]) {
        self.usual_labels.extend(labels.iter().map(|label| (word.to_owned(), *label)));
    }

    /// A label inside a sentence: in lower case, unless its first word is an abbreviation, has an
    /// inner capital, or is one of the names.
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
