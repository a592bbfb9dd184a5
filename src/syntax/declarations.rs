//! Reads declarations, sections and lists of expectations.

use super::builder::Builder;
use super::grammar::Rule;
use super::tree::*;
use crate::diagnostic::{Code, Diagnostic};
use pest::iterators::Pair;

const ADD_BRACE: &str = "add the missing `}`";

impl Builder<'_> {
    pub(super) fn item(&mut self, pair: Pair<'_, Rule>, file: &mut File) {
        let (rule, span, reported) = (pair.as_rule(), pair.as_span(), self.diagnostics.len());
        let place = span.start()..span.end();
        match rule {
            Rule::broken_item => return self.broken_item(&pair, file),
            Rule::stray_close => {
                return self.recovery.stray_close(place.start, &mut self.diagnostics);
            }
            Rule::end => {
                file.ends.push(self.span(&pair));
                return self.recovery.enter(); // nothing continues it
            }
            Rule::policy => {
                let header = self.header(pair);
                file.header.push(header);
            }
            Rule::import => {
                file.imports.extend(pair.into_inner().nth(1).map(|p| self.exact(&p, "path")));
            }
            Rule::tag => file.tags.extend(self.last(pair).and_then(|node| self.tag_node(node))),
            Rule::event => file.events.extend(self.declared(pair)),
            Rule::basis => file.bases.extend(self.basis(pair)),
            Rule::duty => file.duties.extend(self.duty(pair)),
            Rule::fact => file.facts.extend(self.fact(pair)),
            Rule::vocabulary => file.vocabulary.extend(self.vocabulary(pair)),
            Rule::field => file.fields.push(self.field(pair)),
            Rule::section => file.sections.extend(self.section(pair)),
            Rule::expect => self.expect(pair, file),
            Rule::permit | Rule::never | Rule::require => {
                file.statements.extend(self.statement(pair));
            }
            _ => {}
        }
        self.recovery.whole(rule, place, reported);
    }

    fn broken_item(&mut self, pair: &Pair<'_, Rule>, file: &mut File) {
        let Some(start) = self.recovery.broken(pair, Rule::file, &mut self.diagnostics) else {
            return;
        };
        file.statements.pop_if(|statement| statement.span.start as usize == start);
        // A fact with a broken kind would otherwise be read as a yes/no fact.
        if let Some(fact) = file.facts.pop_if(|fact| fact.name.span.start as usize >= start) {
            self.recovery.lost.insert(fact.name.text);
        }
    }

    fn header(&mut self, pair: Pair<'_, Rule>) -> Header {
        self.recovery.enter();
        let opener = self.head_span(&pair);
        let mut header = Header {
            name: Name { text: String::new(), span: opener },
            label: None,
            entries: Vec::new(),
            closed: None,
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
                Rule::closed => {
                    let place = self.span(&part);
                    self.once(&mut header.closed, Some(place), place, "closed");
                }
                Rule::broken_token => self.broken(&part, Rule::policy),
                Rule::unclosed => {
                    let message = "this policy header is never closed";
                    self.unclosed(&part, opener, message, ADD_BRACE);
                }
                _ => {}
            }
        }
        header
    }

    fn declared(&mut self, pair: Pair<'_, Rule>) -> Option<Declared> {
        let is_part = |p: &Pair<'_, Rule>| matches!(p.as_rule(), Rule::name | Rule::string);
        let mut inner = pair.into_inner().filter(is_part);
        let name = inner.next().map(|p| self.name(&p))?;
        let label = inner.next().map(|p| self.string(&p));
        Some(Declared { name, label })
    }

    fn duty(&mut self, pair: Pair<'_, Rule>) -> Option<Duty> {
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut duty = Duty { name, label: None, mask: None };
        for part in inner {
            match part.as_rule() {
                Rule::string => duty.label = Some(self.string(&part)),
                Rule::mask => duty.mask = self.last(part).map(|p| self.exact(&p, "mask")),
                _ => {}
            }
        }
        Some(duty)
    }

    fn tag_node(&mut self, pair: Pair<'_, Rule>) -> Option<Tag> {
        self.recovery.enter();
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?);
        let mut tag = Tag { name, label: None, published: None, children: vec![] };
        for part in inner {
            match part.as_rule() {
                Rule::string => tag.label = Some(self.string(&part)),
                Rule::published => tag.published = Some(self.span(&part)),
                Rule::tag_nodes => {
                    let of = tag.name.clone();
                    self.children(part, &of, Rule::tag_node, |tree, child| {
                        tag.children.extend(tree.tag_node(child));
                    });
                }
                _ => {}
            }
        }
        Some(tag)
    }

    fn basis(&mut self, pair: Pair<'_, Rule>) -> Option<Basis> {
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut label = None;
        let (mut when, mut unless) = (None, None);
        for part in inner {
            let place = self.trimmed(&part);
            match part.as_rule() {
                Rule::string => label = Some(self.string(&part)),
                Rule::when => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut when, condition, place, "when");
                }
                Rule::unless => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut unless, condition, place, "unless");
                }
                _ => {}
            }
        }
        Some(Basis { name, label, when, unless })
    }

    fn fact(&mut self, pair: Pair<'_, Rule>) -> Option<Fact> {
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut fact = Fact { name, label: None, kind: Domain::YesNo };
        for part in inner {
            match part.as_rule() {
                Rule::string => {
                    let text = self.string(&part);
                    if fact.label.is_some() {
                        let message = "a fact has one label";
                        let diagnostic = Diagnostic::new(Code::RepeatedPart, text.span, message);
                        self.diagnostics.push(diagnostic.help("remove one of the two"));
                    }
                    fact.label = Some(text);
                }
                Rule::per_purpose => fact.kind = Domain::PerPurpose,
                Rule::number_kind => fact.kind = Domain::Number,
                Rule::choice => {
                    let values = part.into_inner().filter(|p| p.as_rule() == Rule::choice_value);
                    fact.kind = Domain::Choice(values.filter_map(|p| self.declared(p)).collect());
                }
                _ => {}
            }
        }
        self.label_after_choices(&mut fact);
        Some(fact)
    }

    /// A text after the last choice is the label of a fact without one, if no other choice has a label.
    fn label_after_choices(&mut self, fact: &mut Fact) {
        let Domain::Choice(choices) = &mut fact.kind else { return };
        let Some((last, others)) = choices.split_last_mut() else { return };
        if fact.label.is_some() || others.iter().any(|choice| choice.label.is_some()) {
            return;
        }
        let Some(label) = last.label.take() else { return };
        let (fact_name, choice) = (&fact.name.text, &last.name.text);
        let message = format!("this is the label of the fact `{fact_name}`, not of `{choice}`");
        self.diagnostics.push(Diagnostic::new(Code::LabelAfterChoices, label.span, message).help(
            format!("write it before the choices: `fact {fact_name} \"…\": one of …`; after that, each choice can have a label of its own"),
        ));
        fact.label = Some(label);
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
        self.recovery.enter();
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?);
        let mut node =
            Node { name, label: None, open: false, tags: vec![], also: vec![], children: vec![] };
        for part in inner {
            match part.as_rule() {
                Rule::string => node.label = Some(self.string(&part)),
                Rule::open_mark => node.open = true,
                Rule::tag_name => node.tags.extend(self.tag(part)),
                Rule::path => node.also.push(self.name(&part)),
                Rule::children => {
                    let of = node.name.clone();
                    self.children(part, &of, Rule::node, |tree, child| {
                        node.children.extend(tree.node(child));
                    });
                }
                _ => {}
            }
        }
        Some(node)
    }

    /// Reads what is declared in the braces of a node or a tag.
    fn children(
        &mut self,
        pair: Pair<'_, Rule>,
        of: &Name,
        rule: Rule,
        mut read: impl FnMut(&mut Self, Pair<'_, Rule>),
    ) {
        let mut reported = String::new();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::broken_token => self.broken_child(&child, &mut reported),
                Rule::unclosed => {
                    let message = format!("the `{{` of `{}` is never closed", of.text);
                    self.unclosed(&child, of.span, &message, ADD_BRACE);
                }
                one if one == rule => read(self, child),
                _ => {}
            }
        }
    }

    /// Reports each kind of separator between children once in each list.
    fn broken_child(&mut self, pair: &Pair<'_, Rule>, reported: &mut String) {
        let token = pair.as_str();
        let separator = matches!(token, "," | ":" | "=");
        if !separator || !reported.contains(token) {
            self.broken(pair, Rule::node);
        }
        if separator {
            reported.push_str(token);
        }
    }

    fn field(&mut self, pair: Pair<'_, Rule>) -> Field {
        let mut field = Field { patterns: vec![], except: vec![], categories: vec![] };
        let mut excepted = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::except => excepted = true,
                Rule::string if excepted => field.except.push(self.exact(&part, "pattern")),
                Rule::string => field.patterns.push(self.exact(&part, "pattern")),
                Rule::path => field.categories.push(self.name(&part)),
                _ => {}
            }
        }
        field
    }

    fn section(&mut self, pair: Pair<'_, Rule>) -> Option<Section> {
        self.recovery.enter();
        let opener = self.head_span(&pair);
        let mut inner = pair.into_inner().skip(1);
        let name = inner.next().map(|p| self.name(&p))?;
        let mut section = Section { name, title: None, because: None, statements: vec![] };
        for part in inner {
            let (rule, span, reported) = (part.as_rule(), part.as_span(), self.diagnostics.len());
            match rule {
                Rule::string => section.title = Some(self.string(&part)),
                Rule::because => section.because = self.last(part).map(|p| self.string(&p)),
                Rule::broken_statement => {
                    let spoilt = self.recovery.broken(&part, Rule::section, &mut self.diagnostics);
                    let starts = |s: &mut Statement| Some(s.span.start as usize) == spoilt;
                    section.statements.pop_if(starts);
                }
                Rule::unclosed => {
                    let message = "this section is never closed";
                    let help = "add the missing `}`; a section holds statements and nothing else";
                    self.unclosed(&part, opener, message, help);
                }
                Rule::permit | Rule::never | Rule::require => {
                    section.statements.extend(self.statement(part));
                    self.recovery.whole(rule, span.start()..span.end(), reported);
                }
                _ => {}
            }
        }
        Some(section)
    }

    fn expect(&mut self, pair: Pair<'_, Rule>, file: &mut File) {
        self.recovery.enter();
        let opener = self.head_span(&pair);
        for part in pair.into_inner() {
            let (rule, span, reported) = (part.as_rule(), part.as_span(), self.diagnostics.len());
            match rule {
                Rule::expectation => {
                    file.expectations.extend(self.expectation(part));
                    self.recovery.whole(rule, span.start()..span.end(), reported);
                }
                Rule::broken_expectation => self.broken(&part, Rule::expect),
                Rule::unclosed_expect => {
                    let message = "this list of expectations is never closed";
                    self.unclosed(&part, opener, message, ADD_BRACE);
                }
                _ => {}
            }
        }
    }
}
