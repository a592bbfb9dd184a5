//! What a record of a page says in another form than the list of a policy: brings it into the list's form.
//!
//! Only what can be read in one way is changed; everything else stays as it is, and is compared as it is.

use super::page::Block;
use crate::notice::answers::{OPTIONAL, is_nothing, is_required};
use crate::notice::labelled::COLONS;
use crate::notice::matching;
use crate::notice::part::Part;
use crate::notice::read::{Label, More, PageText, Role};
use crate::notice::words::Words;

/// The records that a record consists of, as the list writes them.
///
/// `names`: what the list of the policy says in such words, as of a recipient called "None".
pub(super) fn as_listed(mut block: Block, words: &Words, names: &[(Part, String)]) -> Vec<Block> {
    // That there are none is what a list says by leaving the line out.
    let is_empty = |(part, on_page): &(Part, PageText)| {
        let is_name = |(known, name): &(Part, String)| {
            known == part && matching::same_words(name, &on_page.text)
        };
        matches!(part, Part::Recipients | Part::Transfers | Part::Optional)
            && is_nothing(&on_page.text)
            && !names.iter().any(is_name)
    };
    block.lines.retain(|line| !is_empty(line));
    required(&mut block);
    optional(&mut block, words);
    pairs(&block, words).unwrap_or_else(|| vec![block])
}

/// "Required: no" says that all of it is optional.
fn required(block: &mut Block) {
    let answer = |(label, on_page): &(Label, PageText)| {
        is_required_label(label).then(|| is_required(&on_page.text)).flatten()
    };
    let mut answers = block.unknown.iter().filter_map(answer);
    let (Some(answer), None) = (answers.next(), answers.next()) else { return };
    let has = |part: Part| block.lines.iter().filter(|(known, _)| *known == part).count();
    if !answer && (has(Part::Types) != 1 || has(Part::Optional) > 0) {
        return;
    }
    block.unknown.retain(|(label, _)| !is_required_label(label));
    for (part, _) in block.lines.iter_mut().filter(|(part, _)| *part == Part::Types && !answer) {
        *part = Part::Optional;
    }
}

fn is_required_label(label: &Label) -> bool {
    label.role == Some(Role::More(More::Required))
}

/// "Email, phone (optional)": the phone is optional.
fn optional(block: &mut Block, words: &Words) {
    let Some(at) = block.lines.iter().position(|(part, _)| *part == Part::Types) else { return };
    let items = items(&block.lines[at].1.text);
    let (mut kept, mut optional): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for item in &items {
        match without_mark(item) {
            None => kept.push(item.clone()),
            // The bracket may refer only to the last item, or to both.
            Some(item) if says_and(item, words) => return,
            Some(item) => optional.push(item.to_owned()),
        }
    }
    if optional.is_empty() {
        return;
    }
    let (line, optional) = (block.lines[at].1.line, optional.join(&words.comma));
    match block.lines.iter_mut().find(|(part, _)| *part == Part::Optional) {
        Some((_, known)) => known.text = format!("{}{}{optional}", known.text, words.comma),
        None => block.lines.insert(at + 1, (Part::Optional, PageText::new(optional, line))),
    }
    match kept.is_empty() {
        true => drop(block.lines.remove(at)),
        false => block.lines[at].1 = PageText::new(kept.join(&words.comma), line),
    }
}

/// An item without the bracket at its end that says that it is optional.
fn without_mark(item: &str) -> Option<&str> {
    let inner = item.strip_suffix([')', '）'])?;
    let start = inner.rfind(['(', '（'])?;
    let mark = inner[start..].trim_start_matches(['(', '（']).trim().to_lowercase();
    OPTIONAL.contains(&mark.as_str()).then(|| inner[..start].trim_end())
}

fn says_and(item: &str, words: &Words) -> bool {
    [&words.and, &words.last_and, &words.or].iter().any(|word| item.contains(word.as_str()))
}

/// The items of a list: what commas outside brackets separate.
fn items(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0usize;
    for character in text.chars() {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            ',' | '，' | '、' | ';' | '；' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = items.last_mut() {
            last.push(character);
        }
    }
    let items = items.iter().map(|item| item.trim().to_owned());
    items.filter(|item| !item.is_empty()).collect()
}

/// "Email: login" and "Phone: support" beside "Email, phone": a record for each, if every line that is cut so is cut at
/// all of the data.
fn pairs(block: &Block, words: &Words) -> Option<Vec<Block>> {
    let types: Vec<&PageText> =
        block.lines.iter().filter(|(part, _)| *part == Part::Types).map(|(_, text)| text).collect();
    let [types] = types.as_slice() else { return None };
    let all: Vec<String> =
        items(&types.text).iter().map(|item| matching::key(item, words)).collect();
    let cut = |on_page: &PageText| -> Option<Vec<(String, String)>> {
        let mut heads: Vec<(String, String)> = Vec::new();
        for part in &on_page.parts {
            let (head, rest) = part.split_once(COLONS)?;
            heads.push((head.trim().to_owned(), rest.trim().to_owned()));
        }
        let keys: Vec<String> = heads.iter().map(|(head, _)| matching::key(head, words)).collect();
        let is_each = keys.len() == all.len() && all.iter().all(|key| keys.contains(key));
        let mut rests = heads.iter().map(|(_, rest)| rest);
        (heads.len() > 1 && is_each && rests.all(|rest| !rest.is_empty())).then_some(heads)
    };
    let cuts: Vec<Option<Vec<(String, String)>>> = block
        .lines
        .iter()
        .map(|(part, on_page)| if *part == Part::Types { None } else { cut(on_page) })
        .collect();
    let heads = cuts.iter().flatten().next()?;
    let record = |(head, _): &(String, String)| {
        let key = matching::key(head, words);
        let lines = block.lines.iter().zip(&cuts).map(|((part, on_page), cut)| {
            let own = cut.iter().flatten().find(|(head, _)| matching::key(head, words) == key);
            let text = match (part, own) {
                (Part::Types, _) => head.clone(),
                (_, Some((_, rest))) => rest.clone(),
                (_, None) => return (*part, on_page.clone()),
            };
            (*part, PageText::new(text, on_page.line))
        });
        let lines = lines.collect();
        let mut record = block.clone();
        record.lines = lines;
        record
    };
    Some(heads.iter().map(record).collect())
}
