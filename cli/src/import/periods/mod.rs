//! Retention as a page says it: a limit if all of it is understood, and nothing otherwise.
//!
//! A number that is only found somewhere in a text may belong to anything: "30 working days",
//! "30 days after 2 years of inactivity". So a text is read from its start to its end.
//!
//! - `limit`: what is read;
//! - `english`, `chinese`: as pages say it;
//! - `written`: in the words that a list writes it in, in every language.

mod chinese;
mod english;
mod limit;
mod written;

pub(super) use limit::{Event, Limit};

use crate::notice::words::{Language, Words};
use std::sync::LazyLock;

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
    english::limit(&lower, words)
        .or_else(|| chinese::limit(&text))
        .or_else(|| written::limit(&text, words))
        // A German period may stand below headings in another language.
        .or_else(|| written::limit(&text, &GERMAN))
}

static GERMAN: LazyLock<Words> = LazyLock::new(|| Words::of(Some(Language::German)));

/// Longest text of a limit; a longer one says more than that.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    /// The limits of a text in the words of a list, as a policy writes them.
    fn written(text: &str, language: Language) -> String {
        let Some(limits) = limits(text, &Words::of(Some(language))) else { return "?".to_owned() };
        limits.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn periods_are_read_in_the_languages_of_lists() {
        for (language, text, expected) in [
            (Language::German, "30 Tage", "30 days"),
            (Language::English, "10 Jahre", "10 years"),
            (Language::English, "Bis zu 10 Jahre", "?"),
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
            (Language::German, "Bis auf Weiteres", "?"),
            (Language::German, "Bis auf Widerruf", "until auf Widerruf"),
            (Language::Chinese, "直至另行通知", "?"),
            (Language::German, "30 Tage, wenn nichts anderes gilt", "?"),
            (Language::German, "30 Tage nach Ende oder Kündigung", "?"),
            (Language::German, "2 Jahre oder 30 Tage", "?"),
            (Language::German, "0 Tage", "0 days"),
            (Language::Chinese, "0 天", "0 days"),
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
            ("13 mois", "13 months"),
            ("1 an", "1 year"),
            ("0 days", "0 days"),
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
            "30 working days",
            "30 jours ouvrés",
            "Audit 365 days, access lines 3 days",
            "30 days after 2 years of inactivity",
            "Lifetime of account + 30 days after deletion request",
            "1 year or longer if required by law",
            "30 days, then anonymised",
            "until no longer needed",
            "until further notice",
            "Until you are notified otherwise",
            "bis auf Weiteres",
            "bis auf weitere Mitteilung",
            "直至另行通知",
            "直到新的通知",
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
