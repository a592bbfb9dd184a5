//! Retention as a page says it: a limit if all of it is understood, and nothing otherwise.
//!
//! A number that is only found somewhere in a text may belong to anything: "30 working days",
//! "30 days after 2 years of inactivity". So a text is read from its start to its end.

use super::doubts;
use crate::notice::words::Words;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
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
    pub(super) fn counted(self, number: u32) -> String {
        let unit = self.as_str();
        let unit = if number == 1 { unit.trim_end_matches('s') } else { unit };
        format!("{number} {unit}")
    }
}

/// What a period runs from, or lasts until.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its name, if it is one that many pages have.
    pub(super) name: Option<&'static str>,
    pub(super) label: String,
}

/// A limit: a period, from collection or from an event, or an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) at_least: bool,
    pub(super) period: Option<(u32, Unit)>,
    pub(super) event: Option<Event>,
}

/// The limits that a text says, if all of it is understood.
pub(super) fn limits(text: &str, words: &Words) -> Option<Vec<Limit>> {
    if let Some(limit) = limit(text, words) {
        return Some(vec![limit]);
    }
    let mut limits = Vec::new();
    for piece in text.split(words.besides.as_str()) {
        // "2 years or 30 days after the end, whichever ends first"
        let listed = match piece.trim().strip_suffix(words.first_to_end.as_str()) {
            Some(listed) => listed
                .split(words.comma.as_str())
                .flat_map(|p| p.split(words.or.as_str()))
                .collect(),
            None => vec![piece],
        };
        for text in listed {
            limits.push(limit(text, words)?);
        }
    }
    Some(limits)
}

/// The limit that a text says, if all of it is understood.
pub(super) fn limit(text: &str, words: &Words) -> Option<Limit> {
    let text = text.trim().trim_end_matches(['.', '。', ';', '；']);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let lower = text.to_lowercase();
    english(&lower, words).or_else(|| chinese(&text)).or_else(|| as_written(&text, words))
}

/// Longest text of a limit; a longer one says more than that.
const LONGEST: usize = 200;

// ── The words of the list ───────────────────────────────────────────────────────────────────────

/// A limit in the form that a list is written in.
fn as_written(text: &str, words: &Words) -> Option<Limit> {
    if let Some(event) = within(text, &words.until, "{event}") {
        let event = Some(event_as_written(event, words)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let least = within(text, &words.minimum, "{period}");
    let text = least.unwrap_or(text);
    let (period, event) = match between(text, &words.after) {
        Some((period, event)) => (period, Some(event_as_written(event, words)?)),
        None => (text, None),
    };
    let period = Some(period_as_written(period, words)?);
    Some(Limit { at_least: least.is_some(), period, event })
}

/// What stands at the place of a form such as "until {event}".
fn within<'t>(text: &'t str, form: &str, place: &str) -> Option<&'t str> {
    let (before, after) = form.split_once(place)?;
    let (head, rest) = text.split_at_checked(before.len())?;
    let is_before = head.to_lowercase() == before.to_lowercase();
    Some(rest.strip_suffix(after).filter(|_| is_before)?.trim())
}

/// The period and the event of a form such as "{period} after {event}".
fn between<'t>(text: &'t str, form: &str) -> Option<(&'t str, &'t str)> {
    let (period, event) = (form.find("{period}")?, form.find("{event}")?);
    let link = form.replace("{period}", "\0").replace("{event}", "\0");
    let [before, link, after] = link.split('\0').collect::<Vec<_>>()[..] else { return None };
    let (first, second) = text.strip_prefix(before)?.strip_suffix(after)?.split_once(link)?;
    Some(if period < event { (first, second) } else { (second, first) })
}

fn period_as_written(text: &str, words: &Words) -> Option<(u32, Unit)> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse().ok()?;
    let units = [
        (&words.hour, Unit::Hours),
        (&words.hours, Unit::Hours),
        (&words.day, Unit::Days),
        (&words.days, Unit::Days),
        (&words.week, Unit::Weeks),
        (&words.weeks, Unit::Weeks),
        (&words.month, Unit::Months),
        (&words.months, Unit::Months),
        (&words.year, Unit::Years),
        (&words.years, Unit::Years),
    ];
    let unit = units.into_iter().find(|(word, _)| word.trim() == unit.trim())?.1;
    (number > 0 && number < u32::MAX).then_some((number, unit))
}

/// An event, whose label keeps its case. One that may say more than what happens is none.
fn event_as_written(text: &str, words: &Words) -> Option<Event> {
    let found = event(&text.to_lowercase())?;
    let joins = [&words.or, &words.and, &words.last_and, &words.except, &words.besides];
    let says_more = joins.into_iter().any(|join| text.contains(join.as_str()));
    if says_more || doubts::doubt(text, words).is_some() {
        return None;
    }
    Some(match found.name {
        Some(_) => found,
        None => Event { name: None, label: text.trim().to_owned() },
    })
}

// ── English ─────────────────────────────────────────────────────────────────────────────────────

const AT_LEAST: [&str; 8] = [
    "not less than",
    "no less than",
    "no shorter than",
    "for at least",
    "at least",
    "minimum of",
    "a minimum of",
    "minimum",
];
const AT_MOST: [&str; 24] = [
    "for up to",
    "up to",
    "a maximum of",
    "maximum of",
    "maximum",
    "max.",
    "max",
    "at most",
    "no more than",
    "not more than",
    "no longer than",
    "not longer than",
    "for a period of",
    "for no longer than",
    "retained for up to",
    "stored for up to",
    "kept for up to",
    "retained for",
    "stored for",
    "kept for",
    "deleted after",
    "for",
    "within",
    "after",
];
/// Where no words are left, or what follows is the event.
const AFTER: [&str; 9] = [
    "after the date of",
    "from the date of",
    "following",
    "after",
    "from",
    "since",
    "counted from",
    "starting from",
    "starting with",
];
const COLLECTION: [&str; 5] =
    ["collection", "the collection", "collecting", "it was collected", "being collected"];
/// What lasts as long as something else, and the event that ends it.
const LASTING: [(&str, &str, &str); 3] = [
    ("account", "account_deletion", "Deletion of the account"),
    ("contract", "contract_end", "End of the contract"),
    ("employment", "employment_end", "End of the employment"),
];

fn english(text: &str, words: &Words) -> Option<Limit> {
    if let Some(limit) = lasting(text, words) {
        return Some(limit);
    }
    if let Some(rest) = ["until", "till"].iter().find_map(|word| after(text, word)) {
        let event = Some(event(rest)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let least = AT_LEAST.iter().find_map(|word| after(text, word));
    let most = || AT_MOST.iter().find_map(|word| after(text, word)).unwrap_or(text);
    let (period, rest) = period(least.unwrap_or_else(most), words)?;
    let event = match rest {
        "" => None,
        rest => {
            let rest = AFTER.iter().find_map(|word| after(rest, word))?;
            match COLLECTION.contains(&rest) {
                true => None,
                false => Some(event(rest)?),
            }
        }
    };
    Some(Limit { at_least: least.is_some(), period: Some(period), event })
}

/// "Lifetime of the account", "duration of the contract + 3 years".
fn lasting(text: &str, words: &Words) -> Option<Limit> {
    let (start, more) = match text.split_once('+').or_else(|| text.split_once(" plus ")) {
        Some((start, more)) => (start.trim(), Some(more.trim())),
        None => (text, None),
    };
    let start = start.strip_prefix("for ").unwrap_or(start);
    let start = start.strip_prefix("the ").unwrap_or(start);
    let (_, name, label) = LASTING.iter().find(|(what, ..)| {
        let of = ["lifetime of", "life of", "duration of", "term of", "as long as"];
        let whole = ["lifetime", "duration", "term"].map(|word| format!("{what} {word}"));
        let is = ["exists", "is active", "lasts"];
        let rest = of.iter().find_map(|word| after(start, word));
        let rest = rest.map(without_article);
        whole.iter().any(|whole| whole == start)
            || rest == Some(*what)
            || rest == Some("active account")
            || rest.and_then(|rest| after(rest, what)).is_some_and(|rest| is.contains(&rest))
    })?;
    let event = Some(Event { name: Some(*name), label: (*label).to_owned() });
    match more {
        None => Some(Limit { at_least: false, period: None, event }),
        Some(more) => match period(more, words)? {
            (period, "") => Some(Limit { at_least: false, period: Some(period), event }),
            _ => None,
        },
    }
}

/// A number and a unit at the start of a text, and the rest.
fn period<'t>(text: &'t str, words: &Words) -> Option<((u32, Unit), &'t str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = match digits {
        0 => {
            let (word, rest) = text.split_once([' ', '-'])?;
            let number = NUMBERS.iter().position(|known| *known == word)? + 1;
            (u32::try_from(number).ok()?, rest)
        }
        digits => (text[..digits].parse().ok()?, &text[digits..]),
    };
    // "six (6) months"
    let rest = rest.trim_start();
    let said = format!("({number})");
    let rest = rest.strip_prefix(said.as_str()).unwrap_or(rest).trim_start_matches([' ', '-']);
    let rest = after(rest, "calendar").unwrap_or(rest);
    let own = [(words.days.trim(), Unit::Days)];
    let units = own.into_iter().chain(UNITS);
    let (unit, rest) = units.filter_map(|(word, unit)| Some((unit, after(rest, word)?))).next()?;
    (number > 0 && number < u32::MAX).then_some(((number, unit), rest))
}

const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
const UNITS: [(&str, Unit); 10] = [
    ("hours", Unit::Hours),
    ("hour", Unit::Hours),
    ("days", Unit::Days),
    ("day", Unit::Days),
    ("weeks", Unit::Weeks),
    ("week", Unit::Weeks),
    ("months", Unit::Months),
    ("month", Unit::Months),
    ("years", Unit::Years),
    ("year", Unit::Years),
];

/// Words that no name of an event has: they say more than what happens.
const NO_EVENT: [&str; 28] = [
    "and",
    "or",
    "if",
    "unless",
    "except",
    "whichever",
    "but",
    "plus",
    "then",
    "least",
    "longer",
    "earlier",
    "later",
    "required",
    "necessary",
    "needed",
    "not",
    "no",
    "law",
    "purpose",
    "purposes",
    "when",
    "where",
    "which",
    "other",
    "last",
    "each",
    "every",
];
/// Most words of an event.
const MOST_WORDS: usize = 8;

fn event(text: &str) -> Option<Event> {
    let text = without_article(text.trim());
    let words: Vec<&str> = text.split(' ').collect();
    let is_plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’');
    if text.is_empty()
        || words.len() > MOST_WORDS
        || !text.chars().all(is_plain)
        || words.iter().any(|word| NO_EVENT.contains(word))
    {
        return None;
    }
    let has = |options: &[&str]| words.iter().any(|word| options.contains(word));
    let ends = ["deletion", "deleted", "closure", "closed", "closing", "cancellation", "cancelled"];
    if has(&["account"]) && has(&ends) && !has(&["request", "requested"]) {
        let (_, name, label) = LASTING[0];
        return Some(Event { name: Some(name), label: label.to_owned() });
    }
    let mut letters = text.chars();
    let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    Some(Event { name: None, label: head + letters.as_str() })
}

fn without_article(text: &str) -> &str {
    ["the ", "your ", "an ", "a ", "user's ", "his or her "]
        .iter()
        .find_map(|article| text.strip_prefix(article))
        .unwrap_or(text)
}

/// The text after a word at the start.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word).filter(|_| !word.is_empty())?;
    let ends = !word.is_ascii() || !rest.starts_with(char::is_alphanumeric);
    ends.then_some(rest.trim_start())
}

// ── Chinese ─────────────────────────────────────────────────────────────────────────────────────

const CHINESE_LEAST: [&str; 5] = ["不少于", "不低于", "不短于", "至少", "最少"];
const CHINESE_MOST: [&str; 12] = [
    "不超过",
    "最长不超过",
    "不多于",
    "不长于",
    "最长",
    "最多",
    "至多",
    "保存",
    "存储",
    "保留",
    "留存",
    "保存期限为",
];
const CHINESE_UNITS: [(&str, Unit); 12] = [
    ("个小时", Unit::Hours),
    ("小时", Unit::Hours),
    ("个自然日", Unit::Days),
    ("自然日", Unit::Days),
    ("天", Unit::Days),
    ("日", Unit::Days),
    ("个星期", Unit::Weeks),
    ("星期", Unit::Weeks),
    ("周", Unit::Weeks),
    ("个月", Unit::Months),
    ("月", Unit::Months),
    ("年", Unit::Years),
];

fn chinese(text: &str) -> Option<Limit> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(rest) = ["直至", "直到", "至"].iter().find_map(|word| text.strip_prefix(word))
    {
        let rest =
            ["为止", "止", "时"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
        let event = Some(chinese_event(rest)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let (event, rest) = match ["之日起", "之后", "后"].iter().find_map(|word| text.split_once(word))
    {
        Some((event, rest)) => {
            let event =
                event.strip_prefix('自').or_else(|| event.strip_prefix('从')).unwrap_or(event);
            let is_collection = matches!(event, "收集" | "采集");
            let event = if is_collection { None } else { Some(chinese_event(event)?) };
            (event, rest)
        }
        None => (None, text.as_str()),
    };
    let least = CHINESE_LEAST.iter().find_map(|word| rest.strip_prefix(word));
    let mut rest = least.unwrap_or(rest);
    while let (None, Some(more)) = (least, CHINESE_MOST.iter().find_map(|w| rest.strip_prefix(w))) {
        rest = more;
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = match digits {
        0 => chinese_number(rest)?,
        digits => (rest[..digits].parse().ok()?, &rest[digits..]),
    };
    let unit = CHINESE_UNITS.iter().find(|(word, _)| *word == rest)?.1;
    let period = (number > 0 && number < u32::MAX).then_some((number, unit))?;
    Some(Limit { at_least: least.is_some(), period: Some(period), event })
}

/// A number up to 99 in ideographs, and the rest.
fn chinese_number(text: &str) -> Option<(u32, &str)> {
    let digit = |c: char| match c {
        '两' => Some(2),
        c => "一二三四五六七八九".chars().position(|known| known == c).map(|at| at as u32 + 1),
    };
    let end = text.find(|c| digit(c).is_none() && c != '十').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let characters: Vec<char> = number.chars().collect();
    let value = match *characters.as_slice() {
        ['十'] => 10,
        ['十', one] => 10 + digit(one)?,
        [ten, '十'] => digit(ten)? * 10,
        [ten, '十', one] => digit(ten)? * 10 + digit(one)?,
        [one] => digit(one)?,
        _ => return None,
    };
    Some((value, rest))
}

fn chinese_event(text: &str) -> Option<Event> {
    let text = text.strip_prefix("用户").or_else(|| text.strip_prefix('您')).unwrap_or(text);
    let is_plain = |c: char| c.is_alphabetic() && !c.is_ascii();
    let has_more = ["或", "且", "并", "和", "及", "如", "若", "不", "无", "另", "法律"];
    if text.is_empty()
        || text.chars().count() > 12
        || !text.chars().all(is_plain)
        || has_more.iter().any(|word| text.contains(word))
    {
        return None;
    }
    let is_account = ["账号", "账户", "帐号", "帐户"].iter().any(|word| text.contains(word));
    let ends = ["注销", "删除"].iter().any(|word| text.contains(word));
    let name = (is_account && ends).then_some("account_deletion");
    Some(Event { name, label: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::words::Language;

    /// The limits of a text in the words of a list, as a policy writes them.
    fn written(text: &str, language: Language) -> String {
        let Some(limits) = limits(text, &Words::of(Some(language))) else { return "?".to_owned() };
        limits.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn periods_are_read_in_the_languages_of_lists() {
        for (language, text, expected) in [
            (Language::German, "30 Tage", "30 days"),
            (Language::German, "Mindestens 10 Jahre", "at least 10 years"),
            (
                Language::German,
                "6 Monate nach Ende des Vertrags",
                "6 months after Ende des Vertrags",
            ),
            (Language::German, "Bis Widerruf der Einwilligung", "until Widerruf der Einwilligung"),
            (
                Language::German,
                "2 Jahre oder 30 Tage nach Kontolöschung, was zuerst endet; mindestens 1 Jahr",
                "2 years, 30 days after Kontolöschung, at least 1 year",
            ),
            (
                Language::Chinese,
                "Deletion of the account后 30 天",
                "30 days after account_deletion",
            ),
            (
                Language::Chinese,
                "2 年或账号注销后 30 天，以先到者为准",
                "2 years, 30 days after account_deletion",
            ),
            (
                Language::English,
                "2 years or 30 days after the end, whichever ends first",
                "2 years, 30 days after End",
            ),
            (Language::German, "30 Tage, wenn nichts anderes gilt", "?"),
            (Language::German, "30 Tage nach Ende oder Kündigung", "?"),
            (Language::German, "2 Jahre oder 30 Tage", "?"),
            (Language::German, "0 Tage", "?"),
            (Language::German, "Bis zu 30 Tage", "?"),
            (Language::Chinese, "30 天，除非您同意", "?"),
            (Language::English, "2 years or whichever ends first", "?"),
        ] {
            assert_eq!(written(text, language), expected, "{text}");
        }
    }

    fn said(text: &str) -> String {
        limit(text, &Words::default()).map_or("?".to_owned(), |limit| shown(&limit))
    }

    fn shown(limit: &Limit) -> String {
        let least = if limit.at_least { "at least " } else { "" };
        let period = limit.period.map(|(number, unit)| unit.counted(number));
        let event = limit.event.as_ref().map(|event| event.name.unwrap_or(&event.label));
        match (period, event) {
            (Some(period), Some(event)) => format!("{least}{period} after {event}"),
            (Some(period), None) => format!("{least}{period}"),
            (None, event) => format!("until {}", event.unwrap_or_default()),
        }
    }

    #[test]
    fn what_is_understood_whole_is_a_limit() {
        for (text, expected) in [
            ("30 days", "30 days"),
            ("Up to 12 months.", "12 months"),
            ("one year", "1 year"),
            ("six (6) months", "6 months"),
            ("not less than 180 days", "at least 180 days"),
            ("Lifetime of account + 30 days", "30 days after account_deletion"),
            ("Lifetime of the account", "until account_deletion"),
            ("For the duration of the contract plus 3 years", "3 years after contract_end"),
            ("90 days after account closure", "90 days after account_deletion"),
            ("2 years after the purchase", "2 years after Purchase"),
            ("30 days from collection", "30 days"),
            ("until withdrawal of consent", "until Withdrawal of consent"),
            ("不少于180天", "at least 180 days"),
            ("账号注销后30天", "30 days after account_deletion"),
            ("三年", "3 years"),
            ("自收集之日起6个月", "6 months"),
            ("直至账号注销", "until account_deletion"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_whole_is_no_limit() {
        for text in [
            "",
            "for ever",
            "0 days",
            "30 working days",
            "Audit 365 days, access lines 3 days",
            "30 days after 2 years of inactivity",
            "Lifetime of account + 30 days after deletion request",
            "1 year or longer if required by law",
            "30 days, then anonymised",
            "until no longer needed",
            "30-60 days",
            "3 years after the contract ends or the claim is settled",
            "30 days unless you object",
            "4294967295 days",
            "不少于法律要求的期限",
            "账号注销或同意撤回后30天",
        ] {
            assert_eq!(said(text), "?", "{text}");
        }
    }
}
