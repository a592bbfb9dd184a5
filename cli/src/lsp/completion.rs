//! The names and words that may stand where the cursor is.

use super::documents::Lines;
use lsp_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, TextEdit};
use whyfor::symbols::{Index, SymbolKind, expected, written};

pub(crate) fn items(
    text: &str,
    offset: usize,
    lines: &Lines<'_>,
    index: &Index,
) -> Vec<CompletionItem> {
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
    if let Some(kind) = expected.names {
        // Who has begun with a path goes on with paths.
        let with_path = text[expected.range].contains('.');
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
            let detail = (!symbol.label.is_empty()).then(|| symbol.label.clone());
            items.push(item(written(name), CompletionItemKind::VALUE, detail));
        }
    }
    let words = expected.words.into_iter();
    items.extend(words.map(|word| item(word.to_owned(), CompletionItemKind::KEYWORD, None)));
    items
}
