//! The words that deny or limit, and where they stand in a text.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A word of `words.txt`.
struct Phrase {
    text: &'static str,
    /// It may go on with any letters.
    is_stem: bool,
    /// It stands between other characters than letters. Chinese has no spaces.
    is_bounded: bool,
}

/// The phrases by their first characters.
static PHRASES: LazyLock<HashMap<char, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: HashMap<char, Vec<Phrase>> = HashMap::new();
    let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with('#'));
    for word in lines.flat_map(|line| line.split('|')).map(str::trim) {
        let text = word.trim_end_matches('*');
        let Some(first) = text.chars().next() else { continue };
        let (is_stem, is_bounded) = (text != word, !text.contains(is_unbroken));
        phrases.entry(first).or_default().push(Phrase { text, is_stem, is_bounded });
    }
    phrases
});

/// Chinese signs that deny, and the words in which they do not.
const SIGNS: [(char, &[&str]); 5] = [
    (
        '不',
        &[
            "不良",
            "不法",
            "不正当",
            "不当",
            "不同",
            "不断",
            "不限",
            "不仅",
            "不动产",
            "不少于",
            "不超过",
            "不低于",
            "不安全",
            "不实",
            "不雅",
            "不便",
            "不稳定",
            "不完整",
            "不合理",
            "不合规",
            "不规范",
            "不明",
            "不符",
            "不可抗力",
            "不足",
            "不满",
            "可不填",
        ],
    ),
    ('未', &["未成年", "未来", "未读", "未接"]),
    ('无', &["无障碍", "无线", "无感", "无人", "无缝", "无接触", "无关"]),
    (
        '非',
        &[
            "非常",
            "非法",
            "非洲",
            "非机动车",
            "非遗",
            "非凡",
            "非营利",
            "非盈利",
            "非必填",
            "非必选",
            "非必需",
        ],
    ),
    ('只', &["只读"]),
];

/// What comes before an agreement that is a condition, and words for the agreement.
const BEFORE: [&str; 11] =
    ["需", "须", "经", "获得", "获取", "取得", "征求", "在", "凭", "待", "除"];
const AGREED: [&str; 7] = ["同意", "授权", "许可", "允许", "准许", "批准", "外"];
/// Words that only begin like those.
const OTHERS: [&str; 8] = ["需求", "经营", "经常", "经济", "经纬", "经历", "经理", "在线"];
/// Most characters between them.
const NEAR: usize = 12;

/// The first word of a text in lower case that denies or limits, with what stands in its place.
pub(super) fn found(text: &str) -> Option<&str> {
    let mut before: Option<char> = None;
    for (at, first) in text.char_indices() {
        let rest = &text[at..];
        let starts = !before.is_some_and(char::is_alphanumeric);
        let phrases = PHRASES.get(&first).into_iter().flatten();
        // "例如" leads examples.
        let is_example = first == '如' && before.is_some_and(|before| "例比诸譬".contains(before));
        let phrase = phrases.clone().find(|phrase| phrase.stands(rest, starts));
        if let Some(phrase) = phrase.filter(|_| !is_example) {
            return Some(phrase.text);
        }
        if let Some(length) = contracted(rest, before).or_else(|| chinese(text, at, first)) {
            return Some(&rest[..length]);
        }
        before = Some(first);
    }
    None
}

impl Phrase {
    fn stands(&self, rest: &str, starts: bool) -> bool {
        let Some(after) = rest.strip_prefix(self.text) else { return false };
        let goes_on =
            self.text.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
        !self.is_bounded || starts && (self.is_stem || !goes_on)
    }
}

/// The length of "n't" at the end of a word.
fn contracted(rest: &str, before: Option<char>) -> Option<usize> {
    let after = rest.strip_prefix("n't")?;
    let ends = !after.starts_with(char::is_alphanumeric);
    (ends && before.is_some_and(char::is_alphabetic)).then_some("n't".len())
}

/// The length of what denies or limits at a place in Chinese: a sign outside of harmless words, or what comes before an
/// agreement, up to it.
fn chinese(text: &str, at: usize, first: char) -> Option<usize> {
    let rest = &text[at..];
    if let Some((_, harmless)) = SIGNS.iter().find(|(sign, _)| *sign == first) {
        let is_harmless = |word: &&str| {
            let start = word.find(first).and_then(|offset| at.checked_sub(offset));
            start.is_some_and(|start| text.get(start..).is_some_and(|text| text.starts_with(word)))
        };
        return (!harmless.iter().any(is_harmless)).then_some(first.len_utf8());
    }
    let is_other = OTHERS.iter().any(|word| rest.starts_with(word));
    let word = BEFORE.iter().find(|word| rest.starts_with(**word)).filter(|_| !is_other)?;
    let end = rest.char_indices().nth(NEAR).map_or(rest.len(), |(end, _)| end);
    let near = &rest[word.len()..end.max(word.len())];
    let is_end = |agreed: &&&str| (**agreed == "外") == (*word == "除");
    let ends =
        AGREED.iter().filter(is_end).filter_map(|agreed| Some(near.find(agreed)? + agreed.len()));
    ends.min().map(|end| word.len() + end)
}

fn is_unbroken(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn words_that_deny_or_limit_are_found_within_a_text() {
        for (text, word) in [
            ("friend finder, provided you have agreed", "provided you"),
            ("the service wasn't used", "n't"),
            ("discontinued in 2023", "discontinu"),
            ("navigation n'est plus", "n'"),
            ("导航，不做画像", "不"),
            ("导航（需用户授权）", "需用户授权"),
            ("除通讯录以外的信息", "除通讯录以外"),
        ] {
            assert_eq!(found(text), Some(word), "{text}");
        }
    }

    #[test]
    fn names_that_only_resemble_them_are_none() {
        for text in [
            "notes, nobodies",
            "store information on a device",
            "non-profit partners",
            "given name",
            "kenia, nieren, sigma",
            "删除不良信息",
            "余额不足提醒",
            "无线网络、未成年人模式",
            "经营许可证",
            "例如用户名、例如有效期",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
