//! What to say of a part that does not parse: it is parsed again with the rule that was meant, and
//! pest tells where that stopped and what it would have taken there.

use super::parse::{Grammar, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

/// The keywords that start an item, for the one that was misspelt.
const ITEM_WORDS: [&str; 17] = [
    "policy",
    "import",
    "tag",
    "category",
    "method",
    "purpose",
    "recipient",
    "fact",
    "duty",
    "field",
    "section",
    "expect",
    "collect",
    "use",
    "share",
    "never",
    "require",
];

/// The message for a broken part; none if there is nothing wrong with it but its surroundings.
pub(super) fn explain(
    file: FileId,
    text: &str,
    pair: &Pair<'_, Rule>,
    within: Rule,
) -> Option<Diagnostic> {
    let start = pair.as_span().start();
    let broken = pair.as_str();
    if broken.starts_with('}') {
        let span = Span::new(file, start, start + 1);
        return Some(Diagnostic::new(Code::Syntax, span, "this `}` closes nothing"));
    }
    let rule = match within {
        Rule::policy => Rule::header_entry,
        Rule::node => return Some(in_children(file, text, start, broken)),
        Rule::expect => Rule::expectation,
        _ => meant(broken).unwrap_or(Rule::item),
    };
    if rule == Rule::item {
        return Some(no_item(file, text, start, broken, within));
    }
    match Grammar::parse(rule, broken) {
        Ok(_) => None,
        Err(error) => Some(at_error(file, text, start, &error)),
    }
}

/// The rule that the first word asks for.
fn meant(broken: &str) -> Option<Rule> {
    Some(match first_word(broken) {
        "policy" => Rule::policy,
        "import" => Rule::import,
        "tag" => Rule::tag,
        "duty" => Rule::duty,
        "fact" => Rule::fact,
        "category" | "method" | "purpose" | "recipient" => Rule::vocabulary,
        "field" => Rule::field,
        "section" => Rule::section,
        "expect" => Rule::expect,
        "never" => Rule::never,
        "require" => Rule::require,
        "collect" | "use" | "share" => Rule::permit,
        _ => return None,
    })
}

/// pest's own error, which is `offset` bytes into the file.
pub(super) fn at_error(file: FileId, text: &str, offset: usize, error: &Error<Rule>) -> Diagnostic {
    let at = offset
        + match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
    let at = skip_blank(text, at);
    let length = token_length(&text[at..]);
    let span = Span::new(file, at, at + length);
    let found = found(text, at);
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => expected(positives),
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    if is_reserved(&text[at..at + length])
        && expected.iter().any(|word| word.contains("name") || word.contains("path"))
    {
        return reserved(file, at, &text[at..at + length]);
    }
    let message = match expected.as_slice() {
        [] => format!("unexpected {found}"),
        [one] => format!("expected {one}, found {found}"),
        [rest @ .., last] => format!("expected {} or {last}, found {found}", rest.join(", ")),
    };
    let diagnostic = Diagnostic::new(Code::Syntax, span, message);
    let near = crate::names::nearest(
        &text[at..at + length],
        expected.iter().map(|word| word.trim_matches('`')),
    );
    diagnostic.nearest(&near)
}

fn in_children(file: FileId, text: &str, start: usize, broken: &str) -> Diagnostic {
    if is_reserved(broken) {
        return reserved(file, start, broken);
    }
    let span = Span::new(file, start, start + broken.len());
    let found = found(text, start);
    let diagnostic =
        Diagnostic::new(Code::Syntax, span, format!("expected a name or `}}`, found {found}"));
    match broken {
        "," | ";" => diagnostic.help("siblings stand side by side without a separator: remove it"),
        _ if broken.starts_with('"') => {
            diagnostic.help("a node has one label, right after its name, before tags and `also`")
        }
        "#" => diagnostic.help("tags stand after the label and before `also`"),
        _ => diagnostic,
    }
}

fn no_item(file: FileId, text: &str, start: usize, broken: &str, within: Rule) -> Diagnostic {
    let span = Span::new(file, start, start + token_length(broken));
    let place =
        if within == Rule::section { "a statement" } else { "a declaration or a statement" };
    let message = format!("expected {place}, found {}", found(text, start));
    let near = crate::names::nearest(first_word(broken), ITEM_WORDS);
    let diagnostic = Diagnostic::new(Code::Syntax, span, message);
    if near.is_empty() && within == Rule::file {
        return diagnostic.help("it starts with one of `category`, `method`, `purpose`, `recipient`, `field`, `section`, `collect`, `use`, `share`, `never`, `require`, `expect`, …");
    }
    diagnostic.nearest(&near)
}

fn reserved(file: FileId, start: usize, word: &str) -> Diagnostic {
    let span = Span::new(file, start, start + word.len());
    Diagnostic::new(Code::ReservedWord, span, format!("`{word}` is a word of the language"))
        .label("expected a name here")
        .help(format!("to use it as a name, write it in backquotes: `` `{word}` ``"))
}

/// One mistake, one message: of several on a line only the first stays, and none where the line has
/// a character that the language does not know or a string without an end.
pub(super) fn quieten(text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let line = |diagnostic: &Diagnostic| {
        let start = diagnostic.primary().map_or(0, |label| label.span.start as usize);
        text[..start].rfind('\n').map_or(0, |at| at + 1)
    };
    let follows_from = |code| {
        matches!(code, Code::Syntax | Code::ReservedWord | Code::Unclosed | Code::MissingPart)
    };
    let lexical = |d: &&Diagnostic| {
        d.code() == Code::UnknownCharacter
            || d.code() == Code::Unclosed && d.message().contains("string")
    };
    let spoilt: Vec<usize> = diagnostics.iter().filter(lexical).map(line).collect();
    diagnostics.sort_by_key(|d| d.primary().map(|label| label.span.start));
    let mut last = None;
    diagnostics.retain(|diagnostic| {
        if !follows_from(diagnostic.code()) || lexical(&diagnostic) {
            return true;
        }
        let at = line(diagnostic);
        let first = last.replace(at) != Some(at);
        first && !spoilt.contains(&at)
    });
    // A `}` that closes nothing follows from an item that broke before its `{`.
    let other = diagnostics.iter().any(|d| follows_from(d.code()) && !is_stray(d));
    if other {
        diagnostics.retain(|d| !is_stray(d));
    }
}

fn is_stray(diagnostic: &Diagnostic) -> bool {
    diagnostic.message() == "this `}` closes nothing"
}

/// What stands at an offset, in words.
pub(super) fn found(text: &str, at: usize) -> String {
    let at = skip_blank(text, at);
    let rest = &text[at..];
    if rest.is_empty() {
        return "the end of the file".to_owned();
    }
    let token = &rest[..token_length(rest)];
    match token.chars().count() {
        0..=40 => format!("`{token}`"),
        _ => format!("`{}…`", token.chars().take(40).collect::<String>()),
    }
}

fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if blank > 0 {
            at += blank;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else {
            return at;
        }
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

fn token_length(rest: &str) -> usize {
    if rest.starts_with('"') {
        let end = rest[1..].find(['"', '\n']).map_or(rest.len(), |at| at + 2);
        return rest.floor_char_boundary(end.min(rest.len()));
    }
    match first_word(rest).len() {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        length => length,
    }
}

fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::keyword, word).is_ok_and(|_| word.chars().all(char::is_alphabetic))
}

/// pest's rules as an author knows them, each once.
fn expected(rules: &[Rule]) -> Vec<&'static str> {
    let mut words: Vec<&'static str> = Vec::new();
    for rule in rules {
        let word = describe(*rule);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    // A path, `*`, `#tag` and `collected` together are a selection.
    if words.contains(&"`collected`") {
        words.retain(|w| !matches!(*w, "`collected`" | "`*`" | "`#tag`" | "a path"));
        words.push("a selection (a path, `#tag`, `*` or `collected`)");
    }
    words
}

fn describe(rule: Rule) -> &'static str {
    match rule {
        Rule::name => "a name",
        Rule::path => "a path",
        Rule::string => "a text in quotation marks",
        Rule::number => "a number",
        Rule::integer => "a whole number",
        Rule::everything => "`*`",
        Rule::collected | Rule::kw_collected => "`collected`",
        Rule::tag_name => "`#tag`",
        Rule::selection | Rule::union | Rule::intersection => {
            "a selection (a path, `#tag`, `*` or `collected`)"
        }
        Rule::act => "`collect`, `use` or `share`",
        Rule::verdict => "`allow`, `deny` or `depends`",
        Rule::node => "a name",
        Rule::operator | Rule::comparison => "a comparison",
        Rule::yes_no => "`yes` or `no`",
        Rule::condition | Rule::conjunction | Rule::negation | Rule::test => "a condition",
        Rule::duties => "a duty",
        Rule::part => "`by`, `with` or `for`",
        Rule::header_entry | Rule::word => "an entry such as `version \"…\"`",
        Rule::assignment => "a name",
        Rule::children => "`{`",
        Rule::kw_by => "`by`",
        Rule::kw_with => "`with`",
        Rule::kw_for => "`for`",
        Rule::when | Rule::kw_when => "`when`",
        Rule::unless | Rule::kw_unless => "`unless`",
        Rule::then | Rule::kw_then => "`then`",
        Rule::retain | Rule::kw_retain => "`retain`",
        Rule::kw_days => "`days`",
        Rule::kw_to => "`to`",
        Rule::kw_is | Rule::equals => "`is`",
        Rule::kw_in | Rule::one_of => "`in`",
        Rule::not | Rule::kw_not => "`not`",
        Rule::kw_and => "`and`",
        Rule::kw_or => "`or`",
        Rule::except | Rule::kw_except => "`except`",
        Rule::kw_also => "`also`",
        Rule::kw_per | Rule::per_purpose => "`per purpose`",
        Rule::kw_one | Rule::choice => "`one of`",
        Rule::kw_of => "`of`",
        Rule::kw_number | Rule::number_kind => "`number`",
        Rule::given | Rule::kw_given => "`given`",
        _ => "",
    }
}
