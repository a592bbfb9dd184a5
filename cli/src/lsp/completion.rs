//! The names and keywords possible at the cursor.

use super::documents::Lines;
use lsp_types::{CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, TextEdit};
use whyfor::printable;
use whyfor::symbols::{Index, SymbolKind, expected, written};

/// Most names offered at once; with more, the client asks again after the next letter.
const MOST_NAMES: usize = 300;

pub(crate) fn list(text: &str, offset: usize, lines: &Lines<'_>, index: &Index) -> CompletionList {
    let expected = expected(text, offset);
    let range = lines.range(expected.range.clone());
    let item = |label: String, kind, detail: Option<String>| CompletionItem {
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, label.clone()))),
        label,
        kind: Some(kind),
        detail,
        ..CompletionItem::default()
    };
    let mut items = Vec::new();
    let mut is_incomplete = false;
    if let Some(kind) = expected.names {
        // After a dot, complete paths.
        let typed = &text[expected.range];
        let with_path = typed.contains('.');
        for (id, shortest) in index.references(kind) {
            let symbol = index.symbol(id);
            let name = match kind {
                SymbolKind::Choice => match symbol.name.rsplit_once('.') {
                    Some((fact, name)) if fact == expected.fact => name,
                    _ => continue,
                },
                _ if with_path => &symbol.name,
                _ => shortest,
            };
            if !may_become(typed, name) {
                continue;
            }
            if items.len() == MOST_NAMES {
                is_incomplete = true;
                break;
            }
            let detail = (!symbol.label.is_empty()).then(|| printable(&symbol.label).into_owned());
            items.push(item(written(name), CompletionItemKind::VALUE, detail));
        }
    }
    // A fact with choices is not compared with yes or no.
    let of_choices = expected.names == Some(SymbolKind::Choice) && !items.is_empty();
    let is_yes_no = |word: &&str| ["yes", "no"].contains(word);
    let words = expected.words.into_iter().filter(|word| !of_choices || !is_yes_no(word));
    items.extend(words.map(|word| item(word.to_owned(), CompletionItemKind::KEYWORD, None)));
    CompletionList { is_incomplete, items }
}

/// Whether a name contains the typed letters in order, as clients match them.
fn may_become(typed: &str, name: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let mut typed = typed.chars().filter(|c| *c != '`').flat_map(char::to_lowercase);
    typed.all(|wanted| letters.any(|letter| letter == wanted))
}
