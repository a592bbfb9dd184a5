//! From the syntax trees of all files to the model: every name becomes an id, every selection a set.

use super::clauses::Clauses;
use super::condition::{self, Conditions};
use super::declarations::{self, ends, facts, header};
use super::fact::{Domain, Fact};
use super::load::{Files, Loaded};
use super::node_set::NodeSet;
use super::policy::Model;
use super::references::{References, node};
use super::selection::{Evaluator, SetId, Sets};
use super::shown::different;
use super::statement::{Basis, Declared, Duty, Expectation, Field, Given, Section, Statement};
use super::tags::{Tags, tagged};
use super::tree::Tree;
use super::vocabulary;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::limits::{MAX_PATTERN, MAX_STATEMENTS};
use crate::names::SuggestionBudget;
use crate::source::{Sources, Span};
use crate::syntax::tree::{self, Name, Scope, Value};
use crate::words::{ActKind, Hierarchy, StatementKind, Verdict};
use hashbrown::{HashMap, HashSet};
use std::sync::OnceLock;

/// Resolves a whole policy.
///
/// # Errors
/// Every mistake diagnostics here and in reading the files.
pub(super) fn resolve(files: Files) -> Result<Model, Diagnostics> {
    resolve_or_trees(files).map_err(|broken| broken.0)
}

/// As [`resolve`]. For a policy with errors, returns its hierarchies and its tags as far as they are whole.
///
/// # Errors
/// Every mistake found here and in reading the files.
pub(crate) fn resolve_or_trees(files: Files) -> Result<Model, Box<(Diagnostics, [Tree; 4], Tree)>> {
    let Files { sources, list: files, mut diagnostics, incomplete, keeps_trees } = files;
    ends(&files, &sources, &mut diagnostics);
    let is_ended = files.iter().all(|file| !file.tree.ends.is_empty());
    let header = header(&files, &sources, &mut diagnostics);
    let trees = hierarchies(&files, &mut diagnostics);
    let declared = Declarations::new(&files, &mut diagnostics);
    let resolved = Resolved::new(&files, &trees, &declared, &mut diagnostics);
    drop_consequences(&files, &sources, incomplete, &mut diagnostics);

    let all = Diagnostics::new(sources, diagnostics);
    if all.has_errors() {
        return Err(Box::new((all, trees, declared.tags.tree)));
    }
    let (sources, warnings) = all.into_parts();
    Ok(Model {
        sources,
        files: match keeps_trees {
            true => OnceLock::from(files.into_iter().map(|file| file.tree).collect::<Vec<_>>()),
            false => OnceLock::new(),
        },
        warnings,
        is_ended,
        header,
        trees,
        sets: resolved.sets,
        facts: declared.facts,
        tags: declared.tags,
        duties: declared.duties,
        bases: resolved.bases,
        events: declared.events,
        conditions: resolved.conditions,
        sections: resolved.sections,
        statements: resolved.statements,
        fields: resolved.fields,
        expectations: resolved.expectations,
    })
}

/// The four hierarchies, from the declarations of all files.
fn hierarchies(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) -> [Tree; 4] {
    Hierarchy::ALL.map(|hierarchy| {
        let declared = files.iter().flat_map(|f| &f.tree.vocabulary);
        let declared: Vec<_> = declared.filter(|(h, _)| *h == hierarchy).map(|(_, n)| n).collect();
        vocabulary::build(hierarchy, &declared, diagnostics)
    })
}

/// What is declared outside the hierarchies.
struct Declarations {
    tags: Tags,
    duties: Vec<Duty>,
    events: Vec<Declared>,
    facts: Vec<Fact>,
    fact_ids: HashMap<String, u32>,
}

impl Declarations {
    fn new(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let tags = Tags::new(files, diagnostics);
        let duties = declarations::duties(files, diagnostics);
        let events = declarations::events(files, diagnostics);
        let (facts, fact_ids) = facts(files, diagnostics);
        Self { tags, duties, events, facts, fact_ids }
    }
}

/// What refers to declared names.
struct Resolved {
    sets: Sets,
    bases: Vec<Basis>,
    conditions: Conditions,
    sections: Vec<Section>,
    statements: Vec<Statement>,
    fields: Vec<Field>,
    expectations: Vec<Expectation>,
}

impl Resolved {
    fn new(
        files: &[Loaded],
        trees: &[Tree; 4],
        declared: &Declarations,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let budget = SuggestionBudget::default();
        let tags = declared.tags.tree.references();
        let tagged =
            trees.each_ref().map(|tree| tagged(tree, &declared.tags, &tags, &budget, diagnostics));
        let mut conditions = Conditions::new(&declared.facts);
        let mut resolver = condition::Resolver {
            facts: &declared.facts,
            by_name: &declared.fact_ids,
            conditions: &mut conditions,
            budget: &budget,
        };
        let (bases, clauses) = Clauses::new(
            files,
            &declared.duties,
            &declared.events,
            &mut resolver,
            &budget,
            diagnostics,
        );
        let mut resolver = Resolver {
            trees,
            references: trees.each_ref().map(Tree::references),
            tags,
            tagged: &tagged,
            collected: None,
            sets: Sets::default(),
            clauses: &clauses,
            facts: &declared.facts,
            fact_ids: &declared.fact_ids,
            conditions,
            sections: Vec::new(),
            section_ids: HashMap::new(),
            budget: &budget,
            diagnostics,
        };
        let statements = resolver.statements(files);
        let fields = resolver.fields(files);
        let expectations = resolver.expectations(files);
        let Resolver { sets, sections, conditions, .. } = resolver;
        Self { sets, bases, conditions, sections, statements, fields, expectations }
    }
}

/// Drops consequences of other mistakes: unknown names that a broken part or a missing file may declare, and, if
/// there are errors, all warnings.
fn drop_consequences(
    files: &[Loaded],
    sources: &Sources,
    incomplete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if diagnostics.iter().all(|diagnostic| diagnostic.severity() == Severity::Warning) {
        return;
    }
    let lost: HashSet<&str> =
        files.iter().flat_map(|file| &file.tree.lost).map(String::as_str).collect();
    diagnostics.retain(|diagnostic| match diagnostic.code() {
        Code::UnknownName
        | Code::UnknownTag
        | Code::UnknownDuty
        | Code::UnknownBasis
        | Code::UnknownEvent
        | Code::UnknownFact => {
            let name = diagnostic.primary().map_or("", |label| sources.slice(label.span));
            !incomplete && !name.split(['.', '#', '`']).any(|part| lost.contains(part))
        }
        code => code.severity() == Severity::Error,
    });
}

struct Resolver<'m> {
    trees: &'m [Tree; 4],
    references: [References<'m>; 4],
    tags: References<'m>,
    tagged: &'m [Vec<NodeSet>; 4],
    collected: Option<NodeSet>,
    sets: Sets,
    clauses: &'m Clauses<'m>,
    facts: &'m [Fact],
    fact_ids: &'m HashMap<String, u32>,
    conditions: Conditions,
    sections: Vec<Section>,
    section_ids: HashMap<String, (u32, Span)>,
    budget: &'m SuggestionBudget,
    diagnostics: &'m mut Vec<Diagnostic>,
}

impl Resolver<'_> {
    /// All statements by file and place. The `collect` permits are resolved first, because they define `collected`.
    fn statements(&mut self, files: &[Loaded]) -> Vec<Statement> {
        let mut written: Vec<(&tree::Statement, Option<u32>)> = Vec::new();
        for file in files {
            for section in &file.tree.sections {
                let id = self.section(section);
                written.extend(section.statements.iter().map(|s| (s, Some(id))));
            }
            written.extend(file.tree.statements.iter().map(|s| (s, None)));
        }
        written.sort_by_key(|(statement, _)| statement.span);
        if let Some((over, _)) = written.get(MAX_STATEMENTS) {
            let message = format!("over {MAX_STATEMENTS} statements in one policy");
            self.diagnostics.push(Diagnostic::new(Code::TooLarge, over.span, message));
            return Vec::new();
        }

        let is_collect = |s: &tree::Statement| {
            s.kind == StatementKind::Permit && s.scope.act == ActKind::Collect
        };
        let mut statements: Vec<Option<Statement>> = Vec::with_capacity(written.len());
        for (statement, section) in &written {
            let now = is_collect(statement).then(|| self.statement(statement, *section));
            statements.push(now);
        }
        let collected = statements.iter().flatten();
        let ranges = collected.flat_map(|s| self.sets.get(s.categories).ranges()).copied();
        self.collected = Some(NodeSet::from_ranges(ranges.collect()));
        written
            .iter()
            .zip(statements)
            .map(|((s, section), done)| done.unwrap_or_else(|| self.statement(s, *section)))
            .collect()
    }

    fn section(&mut self, section: &tree::Section) -> u32 {
        let [title, because] = [&section.title, &section.because]
            .map(|text| text.as_ref().map(|t| t.text.clone()).unwrap_or_default());
        if let Some((id, first)) = self.section_ids.get(&section.name.text) {
            let known = &mut self.sections[*id as usize];
            let differs = |known: &mut String, text: String| {
                if known.is_empty() {
                    *known = text;
                    return false;
                }
                !text.is_empty() && *known != text
            };
            if differs(&mut known.title, title) | differs(&mut known.because, because) {
                self.diagnostics.push(different("section", &section.name, *first));
            }
            return *id;
        }
        let id = self.sections.len() as u32;
        self.section_ids.insert(section.name.text.clone(), (id, section.name.span));
        self.sections.push(Section { name: section.name.text.clone(), title, because });
        id
    }

    fn statement(&mut self, statement: &tree::Statement, section: Option<u32>) -> Statement {
        let kind = statement.kind;
        let before = self.diagnostics.len();
        // An additional `collect` must not forbid anything, so a `never` cannot use `collected`.
        let collected = self.collected.take_if(|_| kind == StatementKind::Never);
        let (act, categories, parties, purposes) = self.scope(&statement.scope);
        let named = self.named(&statement.scope, categories);
        self.collected = self.collected.take().or(collected);
        if self.diagnostics.len() == before {
            let permit = kind == StatementKind::Permit;
            self.warn_if_empty(
                &statement.scope,
                permit,
                [Some(categories), parties, Some(purposes)],
            );
        }
        let (required, optional) = match self.optional(&statement.scope) {
            Some((required, optional)) => (required, Some(optional)),
            None => (categories, None),
        };
        let own = condition::Resolver {
            facts: self.facts,
            by_name: self.fact_ids,
            conditions: &mut self.conditions,
            budget: self.budget,
        }
        .resolve(statement.when.as_ref(), statement.unless.as_ref(), self.diagnostics);
        let (alternatives, condition) = self.clauses.alternatives(
            own,
            &statement.bases,
            &mut self.conditions,
            self.diagnostics,
        );
        let text = |text: &Option<tree::Text>| text.as_ref().map(|t| t.text.clone());
        Statement {
            kind,
            act,
            categories,
            named,
            parties,
            purposes,
            required,
            optional,
            own,
            alternatives,
            condition,
            duties: self.clauses.duties(&statement.duties, self.diagnostics),
            limits: self.clauses.limits(&statement.limits, self.diagnostics),
            because: text(&statement.because).unwrap_or_default(),
            see: text(&statement.see).unwrap_or_default(),
            section,
            span: statement.span,
        }
    }

    /// The categories of a `collect` that are required, and those that it says are optional, if it says so of any.
    fn optional(&mut self, scope: &Scope) -> Option<(SetId, SetId)> {
        let (terms, except) = scope.categories.terms();
        let is_optional =
            |term: &&tree::Selection| matches!(term.kind, tree::SelectionKind::Optional(_));
        if !terms.iter().any(|term| is_optional(&term)) {
            return None;
        }
        let before = self.diagnostics.len();
        let (optional, required): (Vec<_>, Vec<_>) = terms.iter().partition(is_optional);
        let mut union = |selections: Vec<&tree::Selection>| {
            let sets = selections.into_iter().map(|selection| {
                let id = self.set(Hierarchy::Category, Some(selection));
                self.sets.get(id).ranges().to_vec()
            });
            NodeSet::from_ranges(sets.flatten().collect())
        };
        let (optional, required) = (union(optional), union(required));
        let except = union(except.iter().collect());
        self.diagnostics.truncate(before); // their mistakes were reported with the whole list
        let (optional, required) = (optional.difference(&except), required.difference(&except));
        if let Some(both) = optional.intersection(&required).iter().next() {
            let path = self.trees[Hierarchy::Category as usize].path(both);
            let message = format!("`{path}` is both required and optional here");
            let first = terms.iter().find(is_optional).map_or(scope.categories.span, |t| t.span);
            self.diagnostics.push(
                Diagnostic::new(Code::RequiredAndOptional, first, message)
                    .help("take it out of what is required: `collect (… except …), optional …`"),
            );
        }
        Some((self.sets.intern(required), self.sets.intern(optional)))
    }

    fn scope(&mut self, scope: &Scope) -> (ActKind, SetId, Option<SetId>, SetId) {
        let act = scope.act;
        let part = match act {
            ActKind::Use => None,
            ActKind::Collect => scope.by.as_ref(),
            ActKind::Share => scope.with.as_ref(),
        };
        let categories = self.set(Hierarchy::Category, Some(&scope.categories));
        let parties = act.party().map(|hierarchy| self.set(hierarchy, part));
        let purposes = self.set(Hierarchy::Purpose, scope.purposes.as_ref());
        (act, categories, parties, purposes)
    }

    /// The categories that a scope would have if nothing were collected.
    fn named(&mut self, scope: &Scope, categories: SetId) -> SetId {
        if self.collected.is_none() || !scope.categories.says_collected() {
            return categories;
        }
        let collected = self.collected.replace(NodeSet::default());
        let before = self.diagnostics.len();
        let named = self.set(Hierarchy::Category, Some(&scope.categories));
        self.diagnostics.truncate(before); // its mistakes were reported before
        self.collected = collected;
        named
    }

    /// The set of a selection. An omitted part means everything.
    fn set(&mut self, hierarchy: Hierarchy, selection: Option<&tree::Selection>) -> SetId {
        let at = hierarchy as usize;
        let Some(selection) = selection else {
            return self.sets.intern(NodeSet::all(self.trees[at].len_as(hierarchy)));
        };
        let collected = self.collected.as_ref().filter(|_| hierarchy == Hierarchy::Category);
        let evaluator = Evaluator {
            hierarchy,
            tree: &self.trees[at],
            references: &self.references,
            tags: &self.tags,
            tagged: &self.tagged[at],
            collected,
            budget: self.budget,
        };
        let set = evaluator.evaluate(selection, self.diagnostics);
        self.sets.intern(set)
    }

    fn warn_if_empty(
        &mut self,
        scope: &Scope,
        permit: bool,
        [categories, parties, purposes]: [Option<SetId>; 3],
    ) {
        let party = scope.by.as_ref().or(scope.with.as_ref());
        let parts = [
            (categories, Some(&scope.categories), "categories"),
            (parties, party, if scope.by.is_some() { "methods" } else { "recipients" }),
            (purposes, scope.purposes.as_ref(), "purposes"),
        ];
        for (set, selection, what) in parts {
            let (Some(set), Some(selection)) = (set, selection) else { continue };
            if self.sets.get(set).is_empty() {
                let says = match permit && (what == "methods" || what == "recipients") {
                    true => "permits only use",
                    false => "says nothing",
                };
                let message = format!("this selects no {what}, so the statement {says}");
                let diagnostic = Diagnostic::new(Code::EmptySelection, selection.span, message);
                self.diagnostics.push(match selection.kind {
                    tree::SelectionKind::Intersection(_) => diagnostic.help(
                        "`a & b` is what stands below both; all of the two is written `a, b`",
                    ),
                    _ => diagnostic,
                });
            }
        }
    }

    fn fields(&mut self, files: &[Loaded]) -> Vec<Field> {
        let mut fields = Vec::new();
        for field in files.iter().flat_map(|file| &file.tree.fields) {
            let mut categories = Vec::new();
            for name in &field.categories {
                match node(Hierarchy::Category, &self.references[0], name) {
                    Ok(node) => categories.push(node),
                    Err(diagnostic) => self.diagnostics.push(*diagnostic),
                }
            }
            categories.sort_unstable();
            categories.dedup();
            let mut patterns = |list: &[tree::Text]| -> Vec<String> {
                for pattern in list {
                    let length = pattern.text.chars().count();
                    let message = match length {
                        0 => "a pattern is empty: no field has an empty name".to_owned(),
                        1..=MAX_PATTERN => continue,
                        _ => format!("a pattern of {length} characters; at most {MAX_PATTERN} fit"),
                    };
                    self.diagnostics.push(Diagnostic::new(Code::BadPattern, pattern.span, message));
                }
                list.iter().map(|pattern| pattern.text.clone()).collect()
            };
            let (except, patterns) = (patterns(&field.except), patterns(&field.patterns));
            fields.push(Field { patterns, except, categories });
        }
        fields
    }

    fn expectations(&mut self, files: &[Loaded]) -> Vec<Expectation> {
        let mut expectations = Vec::new();
        for expectation in files.iter().flat_map(|file| &file.tree.expectations) {
            let before = self.diagnostics.len();
            let (act, categories, parties, purposes) = self.scope(&expectation.scope);
            let leaves_party_out = parties.is_some()
                && expectation.scope.by.is_none()
                && expectation.scope.with.is_none();
            let parties =
                self.expected_parties(act, expectation.verdict, parties, leaves_party_out);
            let named = self.named(&expectation.scope, categories);
            let sets = [Some(categories), parties, Some(purposes)];
            let empty = sets.into_iter().flatten().any(|set| self.sets.get(set).is_empty());
            if empty && self.diagnostics.len() == before {
                let message = "this covers nothing, so it expects nothing";
                self.diagnostics.push(Diagnostic::new(
                    Code::EmptyExpectation,
                    expectation.span,
                    message,
                ));
            }
            let given = expectation.given.iter();
            let given: Vec<_> = given.filter_map(|(name, value)| self.given(name, value)).collect();
            expectations.push(Expectation {
                verdict: expectation.verdict,
                act,
                categories,
                named,
                parties,
                leaves_party_out,
                purposes,
                given,
                span: expectation.span,
            });
        }
        expectations
    }

    /// The methods or recipients of an expectation. In `allow` and `depends`, a part that is left out is the question
    /// without it, and `*` is each declared one. In `deny`, both are all of these questions.
    fn expected_parties(
        &mut self,
        act: ActKind,
        verdict: Verdict,
        parties: Option<SetId>,
        left_out: bool,
    ) -> Option<SetId> {
        let hierarchy = act.party()?;
        if verdict == Verdict::Deny {
            return parties;
        }
        let any = self.trees[hierarchy as usize].any();
        let any = NodeSet::from_ranges(vec![(any, any + 1)]);
        let set = if left_out { any } else { self.sets.get(parties?).difference(&any) };
        Some(self.sets.intern(set))
    }

    fn given(&mut self, name: &Name, value: &Value) -> Option<(u32, Given)> {
        let resolver = condition::Resolver {
            facts: self.facts,
            by_name: self.fact_ids,
            conditions: &mut self.conditions,
            budget: self.budget,
        };
        let kind = match value {
            Value::Number(..) => ": number".to_owned(),
            Value::Name(choice) => format!(": one of {}, …", choice.text),
            Value::YesNo(..) => String::new(),
        };
        let fact = resolver.fact(name, &kind, self.diagnostics)?;
        let (wanted, given) = match (&self.facts[fact as usize].kind, value) {
            (Domain::YesNo | Domain::PerPurpose, Value::YesNo(yes, _)) => {
                ("", Some(Given::YesNo(*yes)))
            }
            (Domain::Number, Value::Number(number, _)) => ("", Some(Given::Number(*number))),
            (Domain::Choice(choices), value) => {
                ("", condition::choice(name, choices, value, self.diagnostics).map(Given::Choice))
            }
            (Domain::Number, _) => ("a number", None),
            (Domain::YesNo | Domain::PerPurpose, _) => ("`yes` or `no`", None),
        };
        if !wanted.is_empty() {
            let message = format!("the fact `{}` takes {wanted}", name.text);
            self.diagnostics.push(Diagnostic::new(Code::WrongFactKind, value.span(), message));
        }
        given.map(|given| (fact, given))
    }
}
