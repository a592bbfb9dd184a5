//! The grammar's pairs become the syntax tree. The only module that sees pest's rules.

use super::tree::*;
use super::{broken, lexical, literal};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use pest::Parser;
use pest::iterators::Pair;

/// pest derives an undocumented module; it stays in here.
#[expect(missing_docs, reason = "pest derives it, and it is private")]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/why.pest"]
    pub(crate) struct Grammar;
}

pub(super) use grammar::{Grammar, Rule};

/// Parses one file: the tree of all that is whole, and a message for each part that is not.
///
/// O(length): each alternative is chosen by its first token. Recursion is bounded by
/// [`MAX_NESTING`](crate::limits::MAX_NESTING), which is checked before.
pub(crate) fn parse(file: FileId, text: &str) -> (File, Vec<Diagnostic>) {
    let lexical = lexical::check(file, text);
    let mut tree = Tree { file, text, diagnostics: lexical.diagnostics };
    if lexical.fatal {
        return (File::default(), tree.diagnostics);
    }
    let mut result = File::default();
    match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => {
            for item in pairs.next().into_iter().flat_map(Pair::into_inner) {
                tree.item(item, &mut result);
            }
        }
        // Unreachable by the grammar: `broken_item` takes whatever no item does. Told, not assumed.
        Err(error) => tree.diagnostics.push(broken::at_error(file, text, 0, &error)),
    }
    broken::quieten(text, &mut tree.diagnostics);
    (result, tree.diagnostics)
}

struct Tree<'t> {
    file: FileId,
    text: &'t str,
    diagnostics: Vec<Diagnostic>,
}

impl Tree<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span::new(self.file, span.start(), span.end())
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    fn broken(&mut self, pair: &Pair<'_, Rule>, within: Rule) {
        let diagnostic = broken::explain(self.file, self.text, pair, within);
        self.diagnostics.extend(diagnostic);
    }

    fn unclosed(&mut self, pair: &Pair<'_, Rule>, opener: Span, what: &str) {
        let at = self.span(pair);
        let reached = broken::found(self.text, at.start as usize);
        let message = format!("this {what} is never closed");
        self.diagnostics.push(
            Diagnostic::new(Code::Unclosed, opener, message)
                .related(at, format!("expected `}}` before {reached}"))
                .help("add the missing `}`"),
        );
    }

    fn item(&mut self, pair: Pair<'_, Rule>, file: &mut File) {
        match pair.as_rule() {
            Rule::policy => {
                let header = self.header(pair);
                file.header.push(header);
            }
            Rule::import => file.imports.extend(pair.into_inner().nth(1).map(|p| self.string(&p))),
            Rule::tag => file.tags.extend(self.declared(pair)),
            Rule::duty => file.duties.extend(self.declared(pair)),
            Rule::fact => file.facts.extend(self.fact(pair)),
            Rule::vocabulary => file.vocabulary.extend(self.vocabulary(pair)),
            Rule::field => file.fields.push(self.field(pair)),
            Rule::section => file.sections.extend(self.section(pair)),
            Rule::expect => self.expect(pair, file),
            Rule::permit | Rule::never | Rule::require => {
                file.statements.extend(self.statement(pair));
            }
            Rule::broken_item => self.broken(&pair, Rule::file),
            _ => {}
        }
    }

    fn header(&mut self, pair: Pair<'_, Rule>) -> Header {
        let opener = self.head_span(&pair);
        let mut header = Header {
            name: Name { text: String::new(), span: opener },
            label: None,
            entries: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => header.name = self.name(&part),
                Rule::string => header.label = Some(self.string(&part)),
                Rule::header_entry => {
                    let mut inner = part.into_inner();
                    if let (Some(key), Some(value)) = (inner.next(), inner.next()) {
                        let key = Name { text: key.as_str().to_owned(), span: self.span(&key) };
                        let value = self.string(&value);
                        header.entries.push((key, value));
                    }
                }
                Rule::broken_token => self.broken(&part, Rule::policy),
                Rule::unclosed => self.unclosed(&part, opener, "policy header"),
                _ => {}
            }
        }
        header
    }

    fn declared(&mut self, pair: Pair<'_, Rule>) -> Option<Declared> {
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let label = inner.next().map(|p| self.string(&p));
        Some(Declared { name, label })
    }

    fn fact(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut fact = Fact { name, label: None, kind: FactKind::YesNo };
        for part in inner {
            match part.as_rule() {
                Rule::string => {
                    let text = self.string(&part);
                    if fact.label.is_some() {
                        self.error(Code::RepeatedPart, text.span, "a fact has one label");
                    }
                    fact.label = Some(text);
                }
                Rule::per_purpose => fact.kind = FactKind::PerPurpose,
                Rule::number_kind => fact.kind = FactKind::Number,
                Rule::choice => {
                    let names = part.into_inner().filter(|p| p.as_rule() == Rule::name);
                    fact.kind = FactKind::Choice(names.map(|p| self.name(&p)).collect());
                }
                _ => {}
            }
        }
        Some(fact)
    }

    fn vocabulary(&mut self, pair: Pair<'_, Rule>) -> Option<(Hierarchy, Node)> {
        let mut inner = pair.into_inner();
        let word = inner.next()?.into_inner().next()?;
        let hierarchy = match word.as_rule() {
            Rule::kw_category => Hierarchy::Category,
            Rule::kw_method => Hierarchy::Method,
            Rule::kw_purpose => Hierarchy::Purpose,
            _ => Hierarchy::Recipient,
        };
        let node = self.node(inner.next()?)?;
        Some((hierarchy, node))
    }

    fn node(&mut self, pair: Pair<'_, Rule>) -> Option<Node> {
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?);
        let opener = name.span;
        let mut node = Node { name, label: None, tags: vec![], also: vec![], children: vec![] };
        for part in inner {
            match part.as_rule() {
                Rule::string => node.label = Some(self.string(&part)),
                Rule::tag_name => node.tags.extend(self.tag(part)),
                Rule::path => node.also.push(self.name(&part)),
                Rule::children => {
                    for child in part.into_inner() {
                        match child.as_rule() {
                            Rule::node => node.children.extend(self.node(child)),
                            Rule::broken_token => self.broken(&child, Rule::node),
                            Rule::unclosed => self.unclosed(&child, opener, "list of children"),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(node)
    }

    fn field(&mut self, pair: Pair<'_, Rule>) -> Field {
        let mut field = Field { patterns: vec![], except: vec![], categories: vec![] };
        let mut excepted = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::except => excepted = true,
                Rule::string if excepted => field.except.push(self.string(&part)),
                Rule::string => field.patterns.push(self.string(&part)),
                Rule::path => field.categories.push(self.name(&part)),
                _ => {}
            }
        }
        field
    }

    fn section(&mut self, pair: Pair<'_, Rule>) -> Option<Section> {
        let opener = self.head_span(&pair);
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut section = Section { name, title: None, statements: vec![] };
        for part in inner {
            match part.as_rule() {
                Rule::string => section.title = Some(self.string(&part)),
                Rule::broken_statement => self.broken(&part, Rule::section),
                Rule::unclosed => self.unclosed(&part, opener, "section"),
                _ => section.statements.extend(self.statement(part)),
            }
        }
        Some(section)
    }

    fn expect(&mut self, pair: Pair<'_, Rule>, file: &mut File) {
        let opener = self.head_span(&pair);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::expectation => file.expectations.extend(self.expectation(part)),
                Rule::broken_expectation => self.broken(&part, Rule::expect),
                Rule::unclosed_expect => self.unclosed(&part, opener, "list of expectations"),
                _ => {}
            }
        }
    }

    // ── Statements ──────────────────────────────────────────────────────────────────────────────

    fn statement(&mut self, pair: Pair<'_, Rule>) -> Option<Statement> {
        let span = self.trimmed(&pair);
        let head = self.head_span(&pair);
        let kind = match pair.as_rule() {
            Rule::never => StatementKind::Never,
            Rule::require => StatementKind::Require,
            _ => StatementKind::Permit,
        };
        let mut parts = Parts::default();
        let (mut when, mut unless, mut then, mut retain) = (None, None, None, None);
        let mut duties = Vec::new();
        for part in pair.into_inner() {
            let place = self.trimmed(&part);
            match part.as_rule() {
                Rule::when => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut when, condition, place, "when");
                }
                Rule::unless => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut unless, condition, place, "unless");
                }
                Rule::then => {
                    let names = self.last(part).map(|p| self.names(p));
                    self.once(&mut then, names.map(|names| (names, place)), place, "then");
                }
                Rule::duties => duties = self.names(part),
                // Before `to`, a `retain` is part of a `require`; behind, a clause of a permit.
                Rule::retain if kind == StatementKind::Require && parts.act.is_none() => {
                    retain = self.retain(part).map(|days| (days, None));
                }
                Rule::retain => {
                    let days = self.retain(part).map(|days| (days, Some(place)));
                    self.once(&mut retain, days, place, "retain");
                }
                _ => self.part(part, &mut parts),
            }
        }
        let misplaced = [
            (then.as_ref().map(|(_, place)| *place), "then"),
            (retain.and_then(|(_, place)| place), "retain"),
        ];
        if kind != StatementKind::Permit {
            for (place, word) in misplaced {
                if let Some(place) = place {
                    self.misplaced_clause(kind, word, place);
                }
            }
        }
        if kind == StatementKind::Require && duties.is_empty() && retain.is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::MissingPart, head, "this `require` requires nothing")
                    .help("name a duty, or `retain N days`, before `to`"),
            );
        }
        duties.extend(then.into_iter().flat_map(|(names, _)| names));
        let scope = self.scope(parts, head, kind == StatementKind::Permit)?;
        let retain_days = retain.map(|(days, _)| days);
        Some(Statement { span, kind, scope, when, unless, duties, retain_days })
    }

    fn misplaced_clause(&mut self, kind: StatementKind, word: &str, place: Span) {
        let (message, help) = match kind {
            StatementKind::Never => (
                format!("a `never` has no `{word}`"),
                "what is forbidden has no duties: remove it".to_owned(),
            ),
            _ => (
                format!("a `require` has no `{word}` at its end"),
                format!(
                    "write it before `to`: `require …{} to use …`",
                    match word {
                        "retain" => " retain N days",
                        _ => "",
                    }
                ),
            ),
        };
        self.diagnostics.push(Diagnostic::new(Code::MisplacedPart, place, message).help(help));
    }

    fn expectation(&mut self, pair: Pair<'_, Rule>) -> Option<Expectation> {
        let span = self.trimmed(&pair);
        let mut verdict = VerdictWord::Deny;
        let mut parts = Parts::default();
        let mut given = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::verdict => {
                    verdict = match part.as_str() {
                        "allow" => VerdictWord::Allow,
                        "deny" => VerdictWord::Deny,
                        _ => VerdictWord::Depends,
                    }
                }
                Rule::given => {
                    for assignment in part.into_inner().skip(1) {
                        let mut inner = assignment.into_inner();
                        if let (Some(name), Some(value)) = (inner.next(), inner.next()) {
                            given.push((self.name(&name), self.value(&value)));
                        }
                    }
                }
                _ => self.part(part, &mut parts),
            }
        }
        let scope = self.scope(parts, span, false)?;
        Some(Expectation { span, verdict, scope, given })
    }

    /// The act, the categories, `by`, `with` or `for`.
    fn part(&mut self, pair: Pair<'_, Rule>, parts: &mut Parts) {
        match pair.as_rule() {
            Rule::act => {
                parts.act = Some(match pair.as_str() {
                    "collect" => ActWord::Collect,
                    "use" => ActWord::Use,
                    _ => ActWord::Share,
                });
            }
            Rule::selection => parts.categories = self.selection(pair),
            Rule::part => {
                let place = self.trimmed(&pair);
                let mut inner = pair.into_inner();
                let (Some(word), Some(selection)) = (inner.next(), inner.next()) else { return };
                let text = word.as_str();
                let selection = self.selection(selection).map(|selection| (selection, place));
                let slot = match word.as_rule() {
                    Rule::kw_by => &mut parts.by,
                    Rule::kw_with => &mut parts.with,
                    _ => &mut parts.purposes,
                };
                self.once(slot, selection, place, text);
            }
            _ => {}
        }
    }

    /// Checks that the parts go with the act; a permit needs all of them.
    fn scope(&mut self, parts: Parts, head: Span, permit: bool) -> Option<Scope> {
        let (act, categories) = (parts.act?, parts.categories?);
        let mut whole = true;
        let fitting = [
            (&parts.by, "by METHODS", "by", ActWord::Collect),
            (&parts.with, "with RECIPIENTS", "with", ActWord::Share),
        ];
        for (part, shape, word, goes_with) in fitting {
            if let Some((_, place)) = part
                && act != goes_with
            {
                whole = false;
                let message = format!("`{word}` does not go with `{}`", act.word());
                self.diagnostics.push(
                    Diagnostic::new(Code::MisplacedPart, *place, message)
                        .help(format!("`{word}` goes with `{}` alone", goes_with.word())),
                );
            } else if part.is_none() && act == goes_with && permit {
                whole = false;
                self.missing(act, head, shape);
            }
        }
        if parts.purposes.is_none() && permit {
            whole = false;
            self.missing(act, head, "for PURPOSES");
        }
        let selection = |part: Option<(Selection, Span)>| part.map(|(selection, _)| selection);
        let (by, with, purposes) =
            (selection(parts.by), selection(parts.with), selection(parts.purposes));
        whole.then_some(Scope { act, categories, by, with, purposes })
    }

    fn missing(&mut self, act: ActWord, head: Span, shape: &str) {
        let message = format!("this `{}` has no `{shape}`", act.word());
        let help = if shape.starts_with("for") {
            "nothing is permitted but for a purpose: add `for` and the purposes (`for *` means every one)"
                .to_owned()
        } else {
            format!(
                "add `{shape}` (`{} *` means every one)",
                &shape[..shape.find(' ').unwrap_or(0)]
            )
        };
        self.diagnostics.push(Diagnostic::new(Code::MissingPart, head, message).help(help));
    }

    fn once<T>(&mut self, slot: &mut Option<T>, value: Option<T>, place: Span, word: &str) {
        if slot.is_some() {
            self.diagnostics.push(
                Diagnostic::new(Code::RepeatedPart, place, format!("`{word}` stands here twice"))
                    .help(format!("join the two into one `{word}`")),
            );
        } else {
            *slot = value;
        }
    }

    fn retain(&mut self, pair: Pair<'_, Rule>) -> Option<u32> {
        let integer = pair.into_inner().find(|p| p.as_rule() == Rule::integer)?;
        match integer.as_str().parse::<u32>() {
            Ok(days) if days < u32::MAX => Some(days),
            _ => {
                let span = self.span(&integer);
                self.error(Code::BadNumber, span, "this is more days than can be counted");
                None
            }
        }
    }

    // ── Selections ──────────────────────────────────────────────────────────────────────────────

    fn selection(&mut self, pair: Pair<'_, Rule>) -> Option<Selection> {
        let mut result: Option<Selection> = None;
        for union in pair.into_inner().filter(|p| p.as_rule() == Rule::union) {
            let right = self.list(union, SelectionKind::Union)?;
            result = Some(match result {
                None => right,
                Some(left) => {
                    let span = Span { end: right.span.end, ..left.span };
                    let kind = SelectionKind::Except(Box::new(left), Box::new(right));
                    Selection { span, kind }
                }
            });
        }
        result
    }

    /// A union or an intersection; of one operand, that operand.
    fn list(
        &mut self,
        pair: Pair<'_, Rule>,
        kind: fn(Vec<Selection>) -> SelectionKind,
    ) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let operands = pair.into_inner().map(|p| self.operand(p)).collect::<Option<Vec<_>>>()?;
        match <[Selection; 1]>::try_from(operands) {
            Ok([one]) => Some(one),
            Err(several) => Some(Selection { span, kind: kind(several) }),
        }
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Option<Selection> {
        let span = self.trimmed(&pair);
        let kind = match pair.as_rule() {
            Rule::intersection => return self.list(pair, SelectionKind::Intersection),
            Rule::selection => return self.selection(pair),
            Rule::everything => SelectionKind::Everything,
            Rule::collected => SelectionKind::Collected,
            Rule::tag_name => SelectionKind::Tag(self.tag(pair)?),
            _ => SelectionKind::Path(self.name(&pair)),
        };
        Some(Selection { span, kind })
    }

    // ── Conditions ──────────────────────────────────────────────────────────────────────────────

    fn condition(&mut self, pair: Pair<'_, Rule>) -> Option<Condition> {
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

    fn value(&mut self, pair: &Pair<'_, Rule>) -> Value {
        let span = self.span(pair);
        match pair.as_rule() {
            Rule::yes_no => Value::YesNo(pair.as_str() == "yes", span),
            Rule::number => {
                let number = pair.as_str().parse::<f64>().unwrap_or(f64::INFINITY);
                if !number.is_finite() {
                    self.error(Code::BadNumber, span, "this number is too large");
                }
                Value::Number(number, span)
            }
            _ => Value::Name(self.name(pair)),
        }
    }

    // ── Tokens ──────────────────────────────────────────────────────────────────────────────────

    fn names(&mut self, pair: Pair<'_, Rule>) -> Vec<Name> {
        pair.into_inner().map(|p| self.name(&p)).collect()
    }

    fn tag(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        self.last(pair).map(|p| self.name(&p))
    }

    fn last<'p>(&self, pair: Pair<'p, Rule>) -> Option<Pair<'p, Rule>> {
        pair.into_inner().last()
    }

    fn name(&mut self, pair: &Pair<'_, Rule>) -> Name {
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
                    "write it composed: `{composed}` looks the same and is another name"
                )),
            );
        }
        Name { text, span }
    }

    fn string(&mut self, pair: &Pair<'_, Rule>) -> Text {
        let span = self.span(pair);
        let text = literal::unescape(pair.as_str()).unwrap_or_else(|(at, length)| {
            let start = span.start as usize + at;
            let place = Span::new(self.file, start, start + length);
            self.diagnostics.push(
                Diagnostic::new(Code::BadEscape, place, "this escape is none of JSON's")
                    .help("a backslash is written `\\\\`; the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
            );
            String::new()
        });
        Text { text, span }
    }

    /// The first line of a construct up to its brace: where a message about the whole points.
    fn head_span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = self.trimmed(pair);
        let text = &self.text[span.range()];
        let length = text.find(['{', '\n']).unwrap_or(text.len());
        let length = text[..length].trim_end().len();
        Span::new(self.file, span.start as usize, span.start as usize + length)
    }

    /// The span without the white space and comments that pest takes along at the end: it ends with
    /// its last token, and with the parentheses and braces behind it, which make no pairs.
    fn trimmed(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        let mut end = last.as_span().end();
        let mut rest = &self.text[end..span.end()];
        while let Some(at) = rest.find(|c: char| !c.is_ascii_whitespace())
            && rest[at..].starts_with([')', '}'])
        {
            end += at + 1;
            rest = &rest[at + 1..];
        }
        Span::new(self.file, span.start(), end)
    }
}

#[derive(Default)]
struct Parts {
    act: Option<ActWord>,
    categories: Option<Selection>,
    by: Option<(Selection, Span)>,
    with: Option<(Selection, Span)>,
    purposes: Option<(Selection, Span)>,
}
