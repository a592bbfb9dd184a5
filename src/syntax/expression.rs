//! Selections, conditions and the tokens in them.

use super::builder::Builder;
use super::characters::{
    as_escape, described, is_bidirectional, is_hidden, is_ignorable, line_length, looks_otherwise,
};
use super::grammar::{Grammar, Rule};
use super::imitation::{Likeness, likeness};
use super::literal;
use super::scan::skip_blank;

use super::tree::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::numbers::NumberError;
use crate::source::Span;
use pest::Parser;
use pest::iterators::Pair;

/// A name as it is written: a keyword in backquotes. `None` if it is not a valid name.
pub(crate) fn name_as_written(name: &str) -> Option<String> {
    let is_whole = |rule, text: &str| {
        let parsed = Grammar::parse(rule, text).ok().and_then(|pairs| pairs.last());
        parsed.is_some_and(|pair| pair.as_span().end() == text.len())
    };
    let quoted = format!("`{name}`");
    let is_name =
        !name.contains(|c| c == '`' || is_ignorable(c)) && unicode_normalization::is_nfc(name);
    if is_name && likeness(name).is_none() && is_whole(Rule::name, name) {
        return Some(name.to_owned());
    }
    (is_name && is_whole(Rule::name, &quoted)).then_some(quoted)
}

/// The message about an invalid escape. `stands_for` is its character, if it has one.
fn bad_escape(escape: &str, place: Span, stands_for: Option<char>) -> Diagnostic {
    let Some(c) = stands_for else {
        let message = match escape {
            "\\u" => "this `\\u` names no character".to_owned(),
            escape => format!("`{escape}` is not an escape"),
        };
        return Diagnostic::new(Code::BadEscape, place, message).help(
            "a backslash is written `\\\\`; the escapes are \\\" \\\\ \\/ \\n \\r \\t \\uXXXX",
        );
    };
    if is_bidirectional(c) {
        let message = format!("bidirectional control character U+{:04X}", c as u32);
        return Diagnostic::new(Code::Bidirectional, place, message)
            .help("remove it: it can make a text look different from what it says");
    }
    Diagnostic::new(Code::HiddenCharacter, place, format!("{} in a text", described(c)))
        .help("remove it: a text holds what can be read")
}

fn bad_number(error: NumberError, place: Span) -> Diagnostic {
    match error {
        NumberError::Inexact => {
            let message = "this number cannot be held exactly";
            Diagnostic::new(Code::BadNumber, place, message).help(
                "all whole numbers up to 9007199254740992 can; what only names something is a choice",
            )
        }
        _ => Diagnostic::new(Code::BadNumber, place, "this number is too large"),
    }
}

impl Builder<'_> {
    pub(super) fn selection(&mut self, pair: Pair<'_, Rule>) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let unions = pair.into_inner().filter(|p| p.as_rule() == Rule::union);
        let lists = unions.map(|union| self.list(union, SelectionKind::Union));
        let mut lists = lists.collect::<Option<Vec<_>>>()?.into_iter();
        let first = lists.next()?;
        if lists.len() == 0 {
            return Some(first);
        }
        Some(Selection { span, kind: SelectionKind::Except(Box::new(first), lists.collect()) })
    }

    /// A union or an intersection; of one operand, that operand.
    fn list(
        &mut self,
        pair: Pair<'_, Rule>,
        kind: fn(Vec<Selection>) -> SelectionKind,
    ) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let operands = pair.into_inner().filter(|p| p.as_rule() != Rule::optional);
        let operands = operands.map(|p| self.operand(p)).collect::<Option<Vec<_>>>()?;
        match <[Selection; 1]>::try_from(operands) {
            Ok([one]) => Some(one),
            Err(several) => Some(Selection { span, kind: kind(several) }),
        }
    }

    /// A term of a list: data that the person may leave out, or an intersection.
    fn term(&mut self, pair: Pair<'_, Rule>) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let is_optional = pair.clone().into_inner().any(|p| p.as_rule() == Rule::optional);
        let term = self.list(pair, SelectionKind::Intersection)?;
        Some(match is_optional {
            true => Selection { span, kind: SelectionKind::Optional(Box::new(term)) },
            false => term,
        })
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let kind = match pair.as_rule() {
            Rule::intersection => return self.term(pair),
            Rule::selection => return self.selection(pair),
            Rule::everything => SelectionKind::Everything,
            Rule::collected => SelectionKind::Collected,
            Rule::tag_name => SelectionKind::Tag(self.tag(pair)?),
            _ => SelectionKind::Path(self.name(&pair)),
        };
        Some(Selection { span, kind })
    }

    // ── Conditions ──────────────────────────────────────────────────────────────────────────────

    pub(super) fn condition(&mut self, pair: Pair<'_, Rule>) -> Option<Condition> {
        self.junction(pair, Rule::conjunction, Condition::Or, |tree, conjunction| {
            tree.junction(conjunction, Rule::negation, Condition::And, Self::negation)
        })
    }

    fn junction(
        &mut self,
        pair: Pair<'_, Rule>,
        rule: Rule,
        join: fn(Vec<Condition>) -> Condition,
        mut read: impl FnMut(&mut Self, Pair<'_, Rule>) -> Option<Condition>,
    ) -> Option<Condition> {
        let operands = pair.into_inner().filter(|p| p.as_rule() == rule);
        let operands = operands.map(|p| read(self, p)).collect::<Option<Vec<_>>>()?;
        match <[Condition; 1]>::try_from(operands) {
            Ok([one]) => Some(one),
            Err(several) => Some(join(several)),
        }
    }

    fn negation(&mut self, pair: Pair<'_, Rule>) -> Option<Condition> {
        let mut negative = false;
        let mut result = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::not => negative = !negative,
                Rule::condition => result = self.condition(part),
                _ => result = self.test(part),
            }
        }
        let result = result?;
        Some(if negative { Condition::Not(Box::new(result)) } else { result })
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Option<Condition> {
        let mut inner = pair.into_inner();
        let fact = self.name(&inner.next()?);
        let Some(rest) = inner.next() else { return Some(Condition::Fact(fact)) };
        let rule = rest.as_rule();
        let mut negative = false;
        let mut operator = Operator::Equal;
        let mut values = Vec::new();
        for part in rest.into_inner() {
            match part.as_rule() {
                Rule::not => negative = true,
                Rule::operator => {
                    operator = match part.as_str() {
                        "<" => Operator::Less,
                        "<=" => Operator::LessOrEqual,
                        ">" => Operator::Greater,
                        ">=" => Operator::GreaterOrEqual,
                        "==" => Operator::Equal,
                        _ => Operator::NotEqual,
                    }
                }
                Rule::number | Rule::yes_no | Rule::name => values.push(self.value(&part)),
                _ => {}
            }
        }
        let condition = match (rule, values.first()) {
            (Rule::comparison, Some(Value::Number(number, _))) => {
                Condition::Compare(fact, operator, *number)
            }
            _ => Condition::Is(fact, values),
        };
        Some(if negative { Condition::Not(Box::new(condition)) } else { condition })
    }

    pub(super) fn value(&mut self, pair: &Pair<'_, Rule>) -> Value {
        let span = self.span(pair);
        match pair.as_rule() {
            Rule::yes_no => Value::YesNo(pair.as_str() == "yes", span),
            Rule::number => {
                let number = crate::numbers::exact(pair.as_str());
                if let Err(error) = number {
                    self.diagnostics.push(bad_number(error, span));
                }
                Value::Number(number.unwrap_or(f64::INFINITY), span)
            }
            _ => Value::Name(self.name(pair)),
        }
    }

    // ── Tokens ──────────────────────────────────────────────────────────────────────────────────

    pub(super) fn names(&mut self, pair: Pair<'_, Rule>) -> Vec<Name> {
        pair.into_inner().map(|p| self.name(&p)).collect()
    }

    /// A tag; its span includes the `#`.
    pub(super) fn tag(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        let span = self.span(&pair);
        let name = self.last(pair).map(|p| self.name(&p))?;
        Some(Name { span, ..name })
    }

    pub(super) fn last<'p>(&self, pair: Pair<'p, Rule>) -> Option<Pair<'p, Rule>> {
        pair.into_inner().last()
    }

    pub(super) fn name(&mut self, pair: &Pair<'_, Rule>) -> Name {
        use unicode_normalization::{UnicodeNormalization, is_nfc};
        let span = self.span(pair);
        let text = pair.as_str().replace('`', "");
        if !text.is_ascii() && !is_nfc(&text) {
            let composed: String = text.nfc().collect();
            self.diagnostics.push(
                Diagnostic::new(
                    Code::NotNfc,
                    span,
                    format!("the name `{text}` is not in Unicode's NFC"),
                )
                .help(format!(
                    "type it anew: `{composed}` looks the same and is written otherwise"
                )),
            );
        }
        if pair.as_str().len() == text.len() {
            self.is_no_word(&text, span);
        }
        Name { text, span }
    }

    /// Reports a name that looks like a keyword: it could hide a statement.
    fn is_no_word(&mut self, name: &str, span: Span) {
        let (code, word) = match likeness(name) {
            Some(Likeness::Same(word)) => (Code::ReservedWord, word),
            Some(Likeness::Near(word)) => (Code::NearWord, word),
            None => return,
        };
        let message = format!("`{name}` looks like `{word}`, a word of the language");
        let help = format!("write `{word}`, or, if it is a name, put it in backquotes");
        self.diagnostics.push(Diagnostic::new(code, span, message).help(help));
    }

    pub(super) fn string(&mut self, pair: &Pair<'_, Rule>) -> Text {
        let span = self.span(pair);
        let text = literal::unescape(pair.as_str()).unwrap_or_else(|bad| {
            let start = span.start as usize + bad.at;
            let place = self.source.span(start, bad.length);
            let escape = &self.text[place.range()];
            self.diagnostics.push(bad_escape(escape, place, bad.stands_for));
            pair.as_str().to_owned()
        });
        Text { text, span }
    }

    /// A string that is compared with names from elsewhere, character by character: invisible characters in it must
    /// be written as escapes.
    pub(super) fn exact(&mut self, pair: &Pair<'_, Rule>, what: &str) -> Text {
        let unseen = pair.as_str().char_indices().find(|(_, c)| looks_otherwise(*c));
        if let Some((at, c)) = unseen.filter(|(_, c)| !is_bidirectional(*c) && !is_hidden(*c)) {
            let start = self.span(pair).start as usize + at;
            let place = self.source.span(start, c.len_utf8());
            let message = format!("{} in a {what}", described(c));
            self.diagnostics.push(
                Diagnostic::new(Code::HiddenCharacter, place, message)
                    .help(format!("remove it, or write `{}` so that it can be seen", as_escape(c))),
            );
        }
        self.is_composed(pair, what);
        self.has_plain_ends(pair, what);
        self.string(pair)
    }

    /// Reports a string that looks the same as another one but is encoded differently.
    fn is_composed(&mut self, pair: &Pair<'_, Rule>, what: &str) {
        use unicode_normalization::is_nfc;
        if pair.as_str().is_ascii() || is_nfc(pair.as_str()) {
            return;
        }
        let message = format!("a {what} that is not in Unicode's NFC");
        let help = "type it anew; if its letters are to be compared in parts, write the parts as `\\uXXXX`";
        self.diagnostics.push(Diagnostic::new(Code::NotNfc, self.span(pair), message).help(help));
    }

    /// Reports spaces at the start or end of a string, which a reader does not see.
    fn has_plain_ends(&mut self, pair: &Pair<'_, Rule>, what: &str) {
        let inner = pair.as_str().trim_matches('"');
        if !inner.starts_with(' ') && !inner.ends_with(' ') {
            return;
        }
        let message = format!("a {what} that starts or ends with a space");
        let help = "remove it, or write `\\u0020` so that it can be seen";
        let span = self.span(pair);
        self.diagnostics.push(Diagnostic::new(Code::HiddenCharacter, span, message).help(help));
    }

    /// The first line of a construct up to its brace: the span of messages about the whole construct.
    pub(super) fn head_span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = self.trimmed(pair);
        let text = &self.text[span.range()];
        let line = &text[..line_length(text)];
        let length = line.split('{').next().unwrap_or(line).trim_end().len();
        self.source.span(span.start as usize, length)
    }

    /// The span without the white space and comments that pest includes at the end. It ends with the last token, or
    /// with the parentheses and braces after it, which have no pairs.
    pub(super) fn trimmed(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        if !span.as_str().contains("//") {
            return self.source.place(span.start(), span.start() + span.as_str().trim_end().len());
        }
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        let mut end = last.as_span().end();
        loop {
            let next = skip_blank(self.text, end);
            if next >= span.end() || !self.text[next..].starts_with([')', '}']) {
                break;
            }
            end = next + 1;
        }
        self.source.place(span.start(), end)
    }
}
