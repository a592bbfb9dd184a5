//! Permits that take in sensitive data without naming it.

use super::options::Options;
use super::points::{Points, Range};
use super::reach::topmost;
use super::report::question;
use super::subject::Subject;
use super::tagged;
use super::written::{self, node, terms};
use crate::analyze::answers::Effort;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ConditionId, Hierarchy, Model, NodeSet, Statement, StatementKind};
use crate::source::Span;
use crate::syntax::tree::{self, Selection, SelectionKind};
use hashbrown::{HashMap, HashSet};

/// The most names in a message.
const MOST: usize = 3;
/// The most example questions of a finding.
const MOST_QUESTIONS: usize = 6;

/// Permits without a condition that take in sensitive data by a selection that does not name it.
pub(super) fn find(
    subject: &mut Subject<'_>,
    points: &Points,
    options: &Options,
    findings: &mut Vec<Diagnostic>,
) {
    let model = subject.model;
    let sensitive = tagged(model, &options.sensitive);
    if sensitive.is_empty() {
        return;
    }
    let mut exposed: Vec<Wide<'_>> = Vec::new();
    let written = subject.written.statements.clone();
    for (id, (statement, written)) in model.statements.iter().zip(&written).enumerate() {
        if statement.kind != StatementKind::Permit || statement.condition != ConditionId::ALWAYS {
            continue;
        }
        let (mut wide, mut named) = (None, Vec::new());
        terms(&written.scope.categories, false, &mut |term| match deliberate(
            model, term, &sensitive, options,
        ) {
            Some(set) => named.extend(set.ranges().iter().copied()),
            None => wide = wide.or(Some(term)),
        });
        let named = NodeSet::from_ranges(named);
        let taken = model.set(statement.categories).intersection(&sensitive).difference(&named);
        if let (Some(wide), false) = (wide, taken.is_empty()) {
            exposed.push(Wide { id: id as u32, statement, written, wide, swept: taken });
        }
    }
    let wanted = exposed.iter().map(|wide| wide.id).collect();
    let places: Vec<Span> = exposed.iter().map(|wide| wide.wide.span).collect();
    let Some(open) = Open::new(model, points, &sensitive, &wanted, &mut subject.effort) else {
        for place in places {
            subject.left_out.rule(Code::WideSensitive, Some(place));
        }
        return;
    };
    for wide in &mut exposed {
        wide.swept = wide.swept.intersection(&open.categories(wide.id));
    }
    exposed.retain(|wide| !wide.swept.is_empty());
    let mut elsewhere = Elsewhere::new(model, &exposed);
    for wide in &exposed {
        findings.push(reported(model, points, wide, &open, &mut elsewhere));
    }
}

/// A permit that sweeps sensitive data in.
struct Wide<'s> {
    id: u32,
    statement: &'s Statement,
    written: &'s tree::Statement,
    /// The part of its selection that does.
    wide: &'s Selection,
    /// The sensitive categories.
    swept: NodeSet,
}

/// Where permits are in force and no `never` with any condition applies: a permit with a condition has it
/// elsewhere.
#[derive(Default)]
struct Open {
    /// Of each permit, runs of categories.
    categories: HashMap<u32, Vec<Range>>,
    /// Of each class of these categories, the permits that no `never` meets there, sorted.
    permits: HashMap<u32, Vec<u32>>,
}

impl Open {
    /// Of the permits that are wanted, where these categories are; `None` if it takes too much work.
    fn new(
        model: &Model,
        points: &Points,
        categories: &NodeSet,
        wanted: &HashSet<u32>,
        effort: &mut Effort,
    ) -> Option<Self> {
        let is_never = |id: &u32| model.statements[*id as usize].kind == StatementKind::Never;
        let mut open = Self::default();
        for (run, row) in points.rows().filter(|_| !wanted.is_empty()) {
            if NodeSet::from_ranges(vec![run]).intersection(categories).is_empty() {
                continue;
            }
            let mut seen = HashSet::new();
            for (_, class) in points.blocks(row).filter(|(_, class)| seen.insert(*class)) {
                let statements = points.statements(class);
                if !effort.spend(1 + statements.len() as u64) {
                    return None;
                }
                let permits = open.permits.entry(class).or_insert_with(|| {
                    let all = statements.iter().filter(|id| wanted.contains(*id)).copied();
                    if statements.iter().any(is_never) { Vec::new() } else { all.collect() }
                });
                for id in permits.iter() {
                    let runs = open.categories.entry(*id).or_default();
                    if runs.last() != Some(&run) {
                        runs.push(run);
                    }
                }
            }
        }
        Some(open)
    }

    fn categories(&self, permit: u32) -> NodeSet {
        NodeSet::from_ranges(self.categories.get(&permit).cloned().unwrap_or_default())
    }

    /// The purposes for which one of the permits is in force for a category.
    fn purposes(&self, points: &Points, permit: u32, category: u32) -> NodeSet {
        let is_open = |class: &u32| {
            let permits = self.permits.get(class);
            permits.is_some_and(|permits| permits.binary_search(&permit).is_ok())
        };
        let open = points.blocks(points.row_of(category)).filter(|(_, class)| is_open(class));
        NodeSet::from_ranges(open.map(|(block, _)| block.purposes).collect())
    }
}

/// What the other permits say of a category, without those that sweep it in.
struct Elsewhere<'s> {
    model: &'s Model,
    exposed: HashMap<Span, &'s NodeSet>,
    /// Of each category its purposes, and how many these are.
    known: HashMap<u32, (usize, NodeSet)>,
}

impl<'s> Elsewhere<'s> {
    fn new(model: &'s Model, exposed: &'s [Wide<'_>]) -> Self {
        let exposed = exposed.iter().map(|wide| (wide.statement.span, &wide.swept)).collect();
        Self { model, exposed, known: HashMap::new() }
    }

    /// The purposes for which a category is permitted by name. O(statements), once for each category.
    fn purposes(&mut self, category: u32) -> &(usize, NodeSet) {
        self.known.entry(category).or_insert_with(|| {
            let swept = |s: &Statement| {
                self.exposed.get(&s.span).is_some_and(|swept| swept.contains(category))
            };
            let covering = self.model.statements.iter().filter(|s| {
                s.kind == StatementKind::Permit
                    && self.model.set(s.categories).contains(category)
                    && !swept(s)
            });
            let ranges = covering.flat_map(|s| self.model.set(s.purposes).ranges()).copied();
            let purposes = NodeSet::from_ranges(ranges.collect());
            (purposes.iter().count(), purposes)
        })
    }
}

/// The set of a term that names what it takes in, or a part of it; `None` for `*`, `collected` and a
/// root with sensitive data somewhere below it.
fn deliberate(
    model: &Model,
    term: &Selection,
    sensitive: &NodeSet,
    options: &Options,
) -> Option<NodeSet> {
    let tree = model.tree(Hierarchy::Category);
    match &term.kind {
        SelectionKind::Path(name) => {
            let node = node(model, Hierarchy::Category, &name.text)?;
            let is_root = tree.nodes[node as usize].parent.is_none();
            let wide = is_root && tree.below(node).iter().count() > 1;
            (!wide || sensitive.contains(node)).then(|| tree.below(node).clone())
        }
        SelectionKind::Tag(name) => {
            let tags = tagged::named(model, &name.text)?;
            let sensitive = options.sensitive.iter().filter_map(|tag| tagged::named(model, tag));
            let is_sensitive = sensitive.into_iter().any(|set| tags.difference(&set).is_empty());
            is_sensitive.then(|| tagged::carrying(model, tree, &tags))
        }
        _ => None,
    }
}

/// The categories that carry one of these tags, or one below, themselves or above.
fn tagged(model: &Model, tags: &[String]) -> NodeSet {
    let ranges = tags.iter().filter_map(|tag| tagged::named(model, tag));
    let tags = NodeSet::from_ranges(ranges.flat_map(|set| set.ranges().to_vec()).collect());
    tagged::carrying(model, model.tree(Hierarchy::Category), &tags)
}

fn reported(
    model: &Model,
    points: &Points,
    wide: &Wide<'_>,
    open: &Open,
    elsewhere: &mut Elsewhere<'_>,
) -> Diagnostic {
    let tree = model.tree(Hierarchy::Category);
    let text = model.sources.slice(wide.wide.span).trim();
    // What is permitted by name for the fewest purposes is the most surprising to find here.
    let mut shown = topmost(tree, |node| wide.swept.contains(node));
    // `None` comes last.
    shown.sort_by_key(|node| (elsewhere.purposes(*node).0.wrapping_sub(1), *node));
    let names: Vec<&str> = shown.iter().take(MOST).map(|node| tree.path(*node)).collect();
    let more = match shown.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "`{text}` takes in sensitive data without a condition: `{}`{more}",
        names.join("`, `")
    );
    let diagnostic = Diagnostic::new(Code::WideSensitive, wide.wide.span, message);
    let Some(category) = shown.first().copied() else { return diagnostic };
    let mut diagnostic = diagnostic.related(tree.nodes[category as usize].span, "one of them");
    let by_name = &elsewhere.purposes(category).1;
    let asked = open.purposes(points, wide.id, category);
    for help in shown_by(model, wide.statement, category, &asked, by_name) {
        diagnostic = diagnostic.help(help);
    }
    let tags = tags_of(model, category);
    diagnostic.help(match written::selections(&wide.written.scope).next() {
        Some((_, selection)) if !tags.is_empty() => {
            let text = model.sources.slice(selection.span).trim();
            format!("leave it out, `{text} except #{tags}`, or add a `when`")
        }
        _ => "leave it out with `except`, or add a `when`".to_owned(),
    })
}

/// The questions about a category that show what a statement permits, and what is permitted by name.
fn shown_by(
    model: &Model,
    statement: &Statement,
    category: u32,
    asked: &NodeSet,
    by_name: &NodeSet,
) -> Vec<String> {
    let tree = model.tree(Hierarchy::Category);
    let purposes = model.tree(Hierarchy::Purpose);
    let party = match (statement.parties, statement.act.party()) {
        (Some(set), Some(_)) => model.set(set).iter().next(),
        _ => None,
    };
    let mut shown = Vec::new();
    let asked = topmost(purposes, |node| asked.contains(node));
    for purpose in asked.iter().filter(|p| !by_name.contains(**p)).take(MOST_QUESTIONS) {
        let point = [category, party.unwrap_or(0), *purpose];
        let question = question(model, statement.act, point);
        let labels = [(tree, category), (purposes, *purpose)]
            .map(|(tree, node)| tree.nodes[node as usize].label.as_str());
        let label = match labels {
            ["", ""] => String::new(),
            [what, ""] => format!(": {what}"),
            ["", purpose] => format!(", for: {purpose}"),
            [what, purpose] => format!(": {what}, for: {purpose}"),
        };
        shown.push(format!("it permits `{question}`{label}"));
    }
    let named = topmost(purposes, |node| by_name.contains(node));
    if !named.is_empty() {
        let paths: Vec<&str> = named.iter().take(MOST).map(|p| purposes.path(*p)).collect();
        shown.push(format!(
            "by name, `{}` is permitted for `{}`{}",
            tree.path(category),
            paths.join("`, `"),
            if named.len() > MOST { " and others" } else { " alone" },
        ));
    }
    shown
}

/// The first tag of a category or of a node above it.
fn tags_of(model: &Model, category: u32) -> String {
    let tree = model.tree(Hierarchy::Category);
    let mut at = Some(category);
    while let Some(node) = at {
        if let Some(tag) = tree.nodes[node as usize].tags.first() {
            return tag.text.clone();
        }
        at = tree.nodes[node as usize].parent;
    }
    String::new()
}
