//! The structure of a file: its outline and the colours of its tokens.

use super::documents::{Encoding, Lines};
use lsp_types::{
    DocumentSymbol, SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend,
};
use whyfor::printable;
use whyfor::symbols::{Entry, SymbolKind, TokenKind, outline, token_kinds};

/// Longest name of a statement in the outline.
const LONGEST_NAME: usize = 60;

pub(crate) fn symbols(text: &str, encoding: Encoding) -> Vec<DocumentSymbol> {
    let lines = Lines::new(text, encoding);
    outline(text).iter().map(|entry| symbol(entry, text, &lines)).collect()
}

fn symbol(entry: &Entry, text: &str, lines: &Lines<'_>) -> DocumentSymbol {
    let (name, kind, selection) = match &entry.declares {
        Some((kind, place)) => (text[place.clone()].to_owned(), symbol_kind(*kind), place.clone()),
        None => (statement(&text[entry.range.clone()]), kind_of(&entry.word), entry.range.clone()),
    };
    let children = entry.children.iter().map(|child| symbol(child, text, lines)).collect();
    let name = printable(&name).into_owned();
    let detail = (!entry.label.is_empty()).then(|| printable(&entry.label).into_owned());
    let (range, selection_range) = (lines.range(entry.range.clone()), lines.range(selection));
    #[expect(deprecated, reason = "the protocol's type has no other constructor")]
    DocumentSymbol {
        name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range,
        selection_range,
        children: Some(children),
    }
}

/// A statement as one short line.
fn statement(text: &str) -> String {
    let head = text.split('{').next().unwrap_or(text);
    let words: Vec<&str> = head.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn kind_of(word: &str) -> lsp_types::SymbolKind {
    match word {
        "expect" => lsp_types::SymbolKind::NAMESPACE,
        "import" => lsp_types::SymbolKind::FILE,
        "field" => lsp_types::SymbolKind::FIELD,
        _ => lsp_types::SymbolKind::EVENT,
    }
}

fn symbol_kind(kind: SymbolKind) -> lsp_types::SymbolKind {
    match kind {
        SymbolKind::Policy => lsp_types::SymbolKind::MODULE,
        SymbolKind::Section => lsp_types::SymbolKind::NAMESPACE,
        SymbolKind::Category => lsp_types::SymbolKind::CLASS,
        SymbolKind::Method => lsp_types::SymbolKind::METHOD,
        SymbolKind::Purpose => lsp_types::SymbolKind::INTERFACE,
        SymbolKind::Recipient => lsp_types::SymbolKind::OBJECT,
        SymbolKind::Tag => lsp_types::SymbolKind::KEY,
        SymbolKind::Fact => lsp_types::SymbolKind::VARIABLE,
        SymbolKind::Choice => lsp_types::SymbolKind::ENUM_MEMBER,
        SymbolKind::Duty => lsp_types::SymbolKind::CONSTANT,
        SymbolKind::Basis => lsp_types::SymbolKind::STRUCT,
        SymbolKind::Event => lsp_types::SymbolKind::EVENT,
    }
}

const TOKEN_TYPES: [SemanticTokenType; 16] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::COMMENT,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::TYPE,
    SemanticTokenType::METHOD,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::CLASS,
    SemanticTokenType::DECORATOR,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::MACRO,
    SemanticTokenType::STRUCT,
    SemanticTokenType::EVENT,
];

pub(crate) fn legend() -> SemanticTokensLegend {
    let token_modifiers: Vec<SemanticTokenModifier> = Vec::new();
    SemanticTokensLegend { token_types: TOKEN_TYPES.to_vec(), token_modifiers }
}

fn token_type(kind: TokenKind) -> SemanticTokenType {
    match kind {
        TokenKind::Keyword => SemanticTokenType::KEYWORD,
        TokenKind::Text => SemanticTokenType::STRING,
        TokenKind::Number => SemanticTokenType::NUMBER,
        TokenKind::Operator => SemanticTokenType::OPERATOR,
        TokenKind::Comment => SemanticTokenType::COMMENT,
        TokenKind::Name(kind) => match kind {
            SymbolKind::Policy | SymbolKind::Section => SemanticTokenType::NAMESPACE,
            SymbolKind::Category => SemanticTokenType::TYPE,
            SymbolKind::Method => SemanticTokenType::METHOD,
            SymbolKind::Purpose => SemanticTokenType::FUNCTION,
            SymbolKind::Recipient => SemanticTokenType::CLASS,
            SymbolKind::Tag => SemanticTokenType::DECORATOR,
            SymbolKind::Fact => SemanticTokenType::VARIABLE,
            SymbolKind::Choice => SemanticTokenType::ENUM_MEMBER,
            SymbolKind::Duty => SemanticTokenType::MACRO,
            SymbolKind::Basis => SemanticTokenType::STRUCT,
            SymbolKind::Event => SemanticTokenType::EVENT,
        },
    }
}

/// The tokens, each relative to the previous one. Tokens that cross a line break are left out.
pub(crate) fn tokens(text: &str, encoding: Encoding) -> Vec<SemanticToken> {
    let lines = Lines::new(text, encoding);
    let (mut line, mut column) = (0, 0);
    let mut tokens = Vec::new();
    for (bytes, kind) in token_kinds(text) {
        let range = lines.range(bytes);
        let wanted = token_type(kind);
        let Some(token_type) = TOKEN_TYPES.iter().position(|one| *one == wanted) else { continue };
        if range.start.line != range.end.line {
            continue;
        }
        let delta_line = range.start.line - line;
        let delta_start = range.start.character - if delta_line == 0 { column } else { 0 };
        (line, column) = (range.start.line, range.start.character);
        tokens.push(SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character - range.start.character,
            token_type: token_type as u32,
            token_modifiers_bitset: 0,
        });
    }
    tokens
}
