//! A period as Chinese pages say it.

use super::limit::{Event, Limit, Unit, is_unforeseen};

const LEAST: [&str; 5] = ["不少于", "不低于", "不短于", "至少", "最少"];
const MOST: [&str; 12] = [
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
const UNITS: [(&str, Unit); 12] = [
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

pub(super) fn limit(text: &str) -> Option<Limit> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(rest) = ["直至", "直到", "至"].iter().find_map(|word| text.strip_prefix(word))
    {
        let rest =
            ["为止", "止", "时"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
        let event = Some(event_of(rest)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let (event, rest) = match ["之日起", "之后", "后"].iter().find_map(|word| text.split_once(word))
    {
        Some((event, rest)) => {
            let event =
                event.strip_prefix('自').or_else(|| event.strip_prefix('从')).unwrap_or(event);
            let is_collection = matches!(event, "收集" | "采集");
            let event = if is_collection { None } else { Some(event_of(event)?) };
            (event, rest)
        }
        None => (None, text.as_str()),
    };
    let least = LEAST.iter().find_map(|word| rest.strip_prefix(word));
    let mut rest = least.unwrap_or(rest);
    while let (None, Some(more)) = (least, MOST.iter().find_map(|w| rest.strip_prefix(w))) {
        rest = more;
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = match digits {
        0 => number_of(rest)?,
        digits => (rest[..digits].parse().ok()?, &rest[digits..]),
    };
    let unit = UNITS.iter().find(|(word, _)| *word == rest)?.1;
    let period = (number < u32::MAX).then_some((number, unit))?;
    Some(Limit { at_least: least.is_some(), period: Some(period), event })
}

/// A number up to 99 in ideographs, and the rest.
fn number_of(text: &str) -> Option<(u32, &str)> {
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

fn event_of(text: &str) -> Option<Event> {
    let text = text.strip_prefix("用户").or_else(|| text.strip_prefix('您')).unwrap_or(text);
    let is_plain = |c: char| c.is_alphabetic() && !c.is_ascii();
    let has_more = ["或", "且", "并", "和", "及", "如", "若", "不", "无", "另", "法律"];
    if text.is_empty()
        || is_unforeseen(text)
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
