//! A period in the words that a list writes it in.

use super::english;
use super::limit::{Event, Limit, Unit};
use crate::import::doubts;
use crate::notice::words::Words;

/// A limit in the form that a list is written in.
pub(super) fn limit(text: &str, words: &Words) -> Option<Limit> {
    if let Some(event) = within(text, &words.until, "{event}") {
        let event = Some(event_of(event, words)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let least = within(text, &words.minimum, "{period}");
    let text = least.unwrap_or(text);
    let (period, event) = match between(text, &words.after) {
        Some((period, event)) => (period, Some(event_of(event, words)?)),
        None => (text, None),
    };
    let period = Some(period_of(period, words)?);
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

fn period_of(text: &str, words: &Words) -> Option<(u32, Unit)> {
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
    (number < u32::MAX).then_some((number, unit))
}

/// An event, whose label keeps its case. One that may say more than what happens is none.
fn event_of(text: &str, words: &Words) -> Option<Event> {
    let found = english::event(&text.to_lowercase())?;
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
