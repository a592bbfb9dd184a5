//! What a page without a known label has instead, and which word each may stand for.

use crate::notice::read::Page;

/// Most labels named in a message.
const MOST_LABELS: usize = 6;
/// Longest text before a colon that may be a label, in characters.
const LONGEST_LABEL: usize = 40;

/// The labels of a page without a list: heads of tables, bold text, or text before a colon.
pub(crate) fn labels(page: &Page) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    let is_label = |label: &str| !label.is_empty() && label.chars().count() <= LONGEST_LABEL;
    let heads = page.heads.iter().map(String::as_str);
    let mut found: Vec<&str> = heads.collect();
    found.extend(page.before.iter().map(|(label, _)| label.as_str()));
    for section in &page.sections {
        let bold = section.blocks.iter().flat_map(|block| &block.unknown);
        let unknown = section.unknown.iter().chain(bold).map(|(label, _)| label.as_str());
        let texts = section.sentences.iter().chain(&section.prose);
        let heads = texts.filter_map(|on_page| on_page.text.split_once([':', '：']));
        found.extend(unknown.chain(heads.map(|(head, _)| head.trim())));
    }
    for label in found {
        if is_label(label) && labels.len() < MOST_LABELS && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// What is to be said of labels that are not known.
pub(crate) fn question(labels: &[&str]) -> String {
    let labels = labels.join("”, “");
    format!(
        "the page has “{labels}”: write which is which into a file, and pass it with `--labels`:"
    )
}

/// Parts of labels, and the words that such labels stand for; the first that fits counts.
const SIGNS: [(&str, &[&str]); 9] = [
    ("retention", &["retention", "retain", "storage period", "how long", "保存期限", "存储期限"]),
    ("basis", &["basis", "lawful", "legal ground", "法律依据", "合法性"]),
    ("subject", &["data subject", "whose", "个人信息主体"]),
    ("transfers", &["transfer", "country", "countries", "third countr", "出境"]),
    ("recipients", &["recipient", "third part", "shared with", "disclosed to", "接收方", "第三方"]),
    ("method", &["source", "method", "how", "obtained", "collected from", "收集方式", "来源"]),
    ("purpose", &["purpose", "why", "use", "目的", "用途"]),
    ("scenario", &["scenario", "function", "activity", "feature", "场景", "功能"]),
    ("collected", &["data", "information", "categor", "what", "信息类型", "信息", "数据"]),
];

/// A line for a labels file that says what the labels may stand for.
pub(crate) fn words(labels: &[&str]) -> String {
    let mut words: Vec<(&str, Vec<&str>)> = Vec::new();
    for label in labels {
        let lower = label.to_lowercase();
        let fits = |(_, signs): &&(&str, &[&str])| signs.iter().any(|sign| lower.contains(sign));
        let Some((word, _)) = SIGNS.iter().find(fits) else { continue };
        match words.iter_mut().find(|(known, _)| known == word) {
            Some((_, list)) => list.push(label),
            None => words.push((word, vec![label])),
        }
    }
    for needed in ["collected", "method", "purpose"] {
        if !words.iter().any(|(word, _)| *word == needed) {
            words.push((needed, vec!["…"]));
        }
    }
    let words = words.iter().map(|(word, labels)| {
        let labels: Vec<String> = labels.iter().map(|label| yaml(label)).collect();
        match labels.as_slice() {
            [one] => format!("{word}: {one}"),
            several => format!("{word}: [{}]", several.join(", ")),
        }
    });
    format!("words: {{ {} }}", words.collect::<Vec<_>>().join(", "))
}

/// A text as a value in a line of YAML.
fn yaml(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '/' | '(' | ')' | '.' | '…');
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace(['\\', '"'], "")),
    }
}
