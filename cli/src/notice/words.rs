//! The words around the labels, in English, Chinese and German, unless a labels file has its own.

use crate::yaml::{Node, Wrong};
use serde::Serialize;
use whyfor::{Act, StatementKind};

/// A language that the list has words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
    German,
}

impl Language {
    /// The language of a tag such as `zh-CN`, if the list has words in it.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let main = tag.split('-').next().unwrap_or(tag);
        match main.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            "de" => Some(Self::German),
            _ => None,
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $chinese:literal, $german:literal;)*) => {
        /// Every word that does not come from the policy.
        #[derive(Debug, Clone, Serialize)]
        pub(crate) struct Words {
            /// Whether a label in the middle of a sentence starts with a small letter.
            pub(crate) lowercase: bool,
            /// First words of labels that keep their capital there. Those that the labels of a list show to be names are added.
            pub(crate) names: Vec<String>,
            /// Further labels of pages that are read: the word that is written, and another.
            #[serde(skip)]
            further_labels: Vec<(String, String)>,
            /// The same for a format that has none of its own.
            #[serde(skip)]
            usual_labels: Vec<(String, &'static str)>,
            /// The page that is read has the introduction of a list: `notice` wrote it, in these words.
            #[serde(skip)]
            pub(crate) is_written: bool,
            $($(#[$doc])* pub(crate) $name: String),*
        }

        impl Words {
            /// The words of a labels file; missing ones are those of its language.
            pub(crate) fn read(node: Node, language: Option<Language>) -> Result<Self, Wrong> {
                let keys = ["lowercase", "names", $(stringify!($name)),*];
                let what = "`words` is a mapping, such as `and: \" und \"`";
                let mut fields = node.fields("`words`", what, &keys)?;
                let mut words = Self::of(language);
                if let Some(node) = fields.take_some("lowercase") {
                    words.lowercase = node.yes_no("`lowercase` is `true` or `false`")?;
                }
                if let Some(node) = fields.take_some("names") {
                    words.names = node.texts("`names` is a list of words")?;
                }
                $(if let Some(node) = fields.take_some(stringify!($name)) {
                    let mut all = several(stringify!($name), $english, node)?.into_iter();
                    words.$name = all.next().unwrap_or_default();
                    words.further_labels.extend(all.map(|other| (words.$name.clone(), other)));
                })*
                Ok(words)
            }

            /// The words in a language. In one without words they are English, but labels keep their case.
            pub(crate) fn of(language: Option<Language>) -> Self {
                let lowercase = language == Some(Language::English);
                let in_language = |english: &str, chinese: &str, german: &str| match language {
                    Some(Language::Chinese) => chinese.to_owned(),
                    Some(Language::German) => german.to_owned(),
                    Some(Language::English) | None => english.to_owned(),
                };
                Self {
                    lowercase,
                    names: Vec::new(),
                    further_labels: Vec::new(),
                    usual_labels: Vec::new(),
                    is_written: false,
                    $($name: in_language($english, $chinese, $german)),*
                }
            }
        }

        impl Default for Words {
            /// In English.
            fn default() -> Self {
                Self::of(Some(Language::English))
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
fn several(name: &str, usual: &str, node: Node) -> Result<Vec<String>, Wrong> {
    if !node.is_list() || !LABELS.contains(&name) {
        return Ok(vec![word(name, usual, node)?]);
    }
    let (line, what) = (node.line, format!("the word `{name}` is a text or a list of texts"));
    match node.list(&what)? {
        list if list.is_empty() => Err(Wrong { line, message: what }),
        list => list.into_iter().map(|node| word(name, usual, node)).collect(),
    }
}

/// What a word has places for.
const PLACES: [&str; 2] = ["{period}", "{event}"];

fn word(name: &str, usual: &str, node: Node) -> Result<String, Wrong> {
    let line = node.line;
    let text = node.text(&format!("the word `{name}` is a text"))?;
    let lacks = |place: &&&str| usual.contains(**place) && !text.contains(**place);
    let message = match PLACES.iter().find(lacks) {
        _ if text.is_empty() => {
            format!("the word `{name}` is empty; leave it out for the English one")
        }
        Some(place) => format!("the word `{name}` has no place for `{place}`, as in `{usual}`"),
        None => return Ok(text),
    };
    Err(Wrong { line, message })
}

words! {
    /// The default introduction of a list.
    intro:
        "This page explains which personal information may be collected, used and shared, how, and what for.",
        "本页说明可以收集、使用和共享哪些个人信息，以何种方式，以及用于何种目的。",
        "Diese Seite erklärt, welche personenbezogenen Daten erhoben, verwendet und weitergegeben werden dürfen, wie und wozu.";
    /// The heading for entries outside sections, if there are sections.
    further: "Further Provisions", "其他规定", "Weitere Bestimmungen";
    collected: "Types of Information Collected", "收集的信息类型", "Erhobene Daten";
    used: "Types of Information Used", "使用的信息类型", "Verwendete Daten";
    shared: "Types of Information Shared", "共享的信息类型", "Weitergegebene Daten";
    never_collected: "Types of Information Never Collected", "绝不收集的信息类型", "Nie erhobene Daten";
    never_used: "Types of Information Never Used", "绝不使用的信息类型", "Nie verwendete Daten";
    never_shared: "Types of Information Never Shared", "绝不共享的信息类型", "Nie weitergegebene Daten";
    whenever_collected: "Whenever Collecting", "收集以下信息时", "Beim Erheben von";
    whenever_used: "Whenever Using", "使用以下信息时", "Beim Verwenden von";
    whenever_shared: "Whenever Sharing", "共享以下信息时", "Beim Weitergeben von";
    /// Data that the person may leave out.
    optional_data: "Optional Information", "可选信息", "Freiwillige Angaben";
    method: "Collection Method", "收集方式", "Art der Erhebung";
    recipients: "Recipients", "接收方", "Empfänger";
    purpose: "Purpose and Processing", "目的与处理", "Zweck";
    /// Why it is lawful.
    basis: "Legal Basis", "合法性依据", "Rechtsgrundlage";
    condition: "Condition", "条件", "Bedingung";
    duties: "Obligations", "义务", "Pflichten";
    retention: "Retention", "保存期限", "Speicherdauer";
    /// Of a permit to share.
    recipient_duties: "Obligations of the Recipient", "接收方的义务", "Pflichten des Empfängers";
    /// Of a permit to share.
    recipient_retention: "Retention by the Recipient", "接收方的保存期限", "Speicherdauer beim Empfänger";
    /// What `because` says.
    reason: "Reason", "理由", "Begründung";
    /// What `see` says.
    see: "More Information", "更多信息", "Weitere Informationen";
    /// What `*` stands for.
    all_data: "Any personal information", "任何个人信息", "Alle personenbezogenen Daten";
    /// By any method, declared or not.
    any_method: "Any method", "任何方式", "Jede Art";
    any_purpose: "Any purpose", "任何目的", "Jeder Zweck";
    /// With any recipient, declared or not.
    anyone: "Anyone", "任何接收方", "Jeder Empfänger";
    /// The phrase for `collected`.
    above: "The above information", "上述信息", "Die obigen Daten";
    /// Before the purposes that `use collected` permits.
    additional:
        "Additional purposes for collecting the above information include:",
        "收集上述信息的其他目的包括：",
        "Die obigen Daten werden auch zu diesen Zwecken erhoben:";
    comma: ", ", "、", ", ";
    /// Between two.
    and: " and ", "和", " und ";
    /// Before the last of three or more.
    last_and: ", and ", "和", " und ";
    or: " or ", "或", " oder ";
    /// After an open group, before its examples.
    such_as: ", such as ", "，例如", ", zum Beispiel ";
    /// After a closed group that leads a list, before its parts.
    including: ", including ", "，包括", ", einschließlich ";
    /// Around the examples of an open group in the middle of a list.
    examples: " (e.g., ", "（例如", " (z. B. ";
    examples_end: ")", "）", ")";
    /// Around all parts of a closed group in the middle of a list.
    parts: " (", "（", " (";
    /// Before some parts of a closed group.
    some_parts: " (including ", "（包括", " (darunter ";
    parts_end: ")", "）", ")";
    /// After a list in which something without examples is open.
    etc: ", etc.", "等", " usw.";
    except: ", except ", "，但不包括", ", außer ";
    /// Around the published tags of a label.
    tags: " (", "（", " (";
    /// Between a group of tags and the tag.
    tag: ": ", "：", ": ";
    tags_end: ")", "）", ")";
    /// Between two conditions that both hold.
    also: " and ", "且", " und ";
    /// Before the last of several conditions that all hold.
    last_also: ", and ", "，并且", ", und ";
    /// Between two conditions of which one holds.
    either: " or ", "或", " oder ";
    /// Before the last of several conditions of which one holds.
    last_either: ", or ", "，或者", ", oder ";
    /// Before what must not hold.
    unless: ", unless ", "，除非", ", es sei denn, ";
    /// Before what must not hold, if that is all.
    only_unless: "Unless ", "除非", "Es sei denn, ";
    /// Before a fact that must not hold, within a condition.
    not: "not: ", "并非：", "nicht: ";
    is: " is ", "为", " ist ";
    at_least: " at least ", "不小于", " mindestens ";
    above_number: " above ", "大于", " über ";
    below_number: " below ", "小于", " unter ";
    at_most: " at most ", "不大于", " höchstens ";
    equal: " exactly ", "等于", " genau ";
    not_equal: " other than ", "不等于", " anders als ";
    /// Between legal bases that are needed together.
    together: " together with ", "连同", " zusammen mit ";
    /// Between legal bases of which one suffices.
    alternative: "; or ", "；或", "; oder ";
    /// Before the condition of a legal basis.
    basis_if: " (if ", "（前提是", " (Bedingung: ";
    /// Before what must not hold for a legal basis, if that is all.
    basis_unless: " (unless ", "（除非", " (es sei denn, ";
    basis_end: ")", "）", ")";
    hour: "hour", "小时", "Stunde";
    hours: "hours", "小时", "Stunden";
    day: "day", "天", "Tag";
    /// After the number of days.
    days: "days", "天", "Tage";
    week: "week", "周", "Woche";
    weeks: "weeks", "周", "Wochen";
    month: "month", "个月", "Monat";
    months: "months", "个月", "Monate";
    year: "year", "年", "Jahr";
    years: "years", "年", "Jahre";
    /// A period that starts with an event.
    after: "{period} after {event}", "{event}后 {period}", "{period} nach {event}";
    until: "until {event}", "直至{event}", "bis {event}";
    /// A period for which data is kept at least.
    minimum: "at least {period}", "至少 {period}", "mindestens {period}";
    /// After several periods.
    first_to_end: ", whichever ends first", "，以先到者为准", ", was zuerst endet";
    /// Between periods that end the retention and those that it lasts at least.
    besides: "; ", "；", "; ";
    controller: "Controller", "个人信息处理者", "Verantwortlicher";
    version: "Version", "版本", "Version";
    /// The date from which the list holds.
    effective: "Effective", "生效日期", "Gültig ab";
    contact: "Contact", "联系方式", "Kontakt";
    /// Where the list is published.
    url: "Published at", "发布地址", "Veröffentlicht unter";
    contents: "Contents", "目录", "Inhalt";
    /// The columns of tables.
    activity: "Processing Activity", "处理活动", "Verarbeitungstätigkeit";
    /// Whose data it is.
    subject: "Data Subjects", "个人信息主体", "Betroffene Personen";
    /// The label of the published tags that say where a recipient is.
    country: "Country", "国家", "Land";
    /// The countries that data goes to.
    transfers: "Transfers", "跨境传输", "Übermittlungen";
    /// Only read: whether the data must be given.
    required: "Required", "是否必需", "Pflichtangabe";
    /// Only read: what names a section.
    scenario: "Scenario", "场景", "Szenario";
    category: "Category of Personal Information", "个人信息类别", "Datenkategorie";
    sale: "Sold or Shared", "是否出售或共享", "Verkauft oder geteilt";
    not_sold: "No", "否", "Nein";
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

    /// The words of a page that is written in them, or only read with them.
    pub(crate) fn written(mut self, is_written: bool) -> Self {
        self.is_written = is_written;
        self
    }

    /// Adds such labels.
    pub(crate) fn read_also(&mut self, word: &str, labels: &[&'static str]) {
        self.usual_labels.extend(labels.iter().map(|label| (word.to_owned(), *label)));
    }

    /// A label inside a sentence: in lower case, unless its first word is an abbreviation, has an
    /// inner capital, or is one of the names, or another word has a capital too.
    pub(crate) fn inner(&self, label: &str) -> String {
        let first = label.split([' ', '-', '/']).next().unwrap_or(label);
        let mut characters = first.chars();
        let plain = characters.next().is_some_and(char::is_uppercase)
            && first.chars().count() > 1
            && characters.all(|c| c.is_lowercase());
        // In a label such as "Biobank Data" or "Office in Berlin", the capitals say more than the place.
        let outside = label.split(['(', '（']).next().unwrap_or(label);
        let is_capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_some_and(char::is_lowercase)
        };
        let titled = outside.split([' ', '-', '/']).skip(1).any(is_capital);
        if !self.lowercase || !plain || titled || self.names.iter().any(|name| name == first) {
            return label.to_owned();
        }
        let mut characters = label.chars();
        let head: String = characters.next().into_iter().flat_map(char::to_lowercase).collect();
        head + characters.as_str()
    }
}
