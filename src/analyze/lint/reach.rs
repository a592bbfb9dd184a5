//! What is never permitted, and what is permitted more widely than it seems.

use super::points::{Block, Range};
use super::written::{self, node, terms};
use super::{Options, Subject};
use crate::analyze::answers::DENIED;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ActKind, ConditionId, Hierarchy, Kind, Model, NodeSet, Statement, Tree};
use crate::syntax::tree::{self, Selection, SelectionKind};

/// So many names are listed in a message.
const MOST: usize = 3;
/// So many questions show a finding.
const MOST_QUESTIONS: usize = 6;

pub(super) fn find(subject: &mut Subject<'_>, options: &Options, found: &mut Vec<Diagnostic>) {
    never_permitted(subject, found);
    wide(subject, options, found);
}

/// Categories that may be used for no purpose whatever the facts; whoever may not use may neither
/// collect nor share.
fn never_permitted(subject: &mut Subject<'_>, found: &mut Vec<Diagnostic>) {
    let tree = subject.model.tree(Hierarchy::Category);
    let mut permitted = vec![false; tree.nodes.len()];
    for class in 0..subject.points.blocks.len() {
        let statements = subject.points.statements(class as u32).iter();
        let statements = statements.map(|id| &subject.model.statements[*id as usize]);
        let answer = subject.answers.of_point(statements, &subject.translation);
        let comparison = subject.answers.compare(DENIED, answer);
        if !comparison.gained && !comparison.undecided {
            continue;
        }
        for block in subject.points.blocks[class].iter().filter(|b| b.act == ActKind::Use) {
            let (start, end) = block.categories;
            permitted[start as usize..end as usize].fill(true);
        }
    }
    let idle = |node: u32| tree.below(node).iter().all(|below| !permitted[below as usize]);
    for node in topmost(tree, idle) {
        let path = tree.path(node);
        let message = match tree.below(node).iter().count() {
            1 => format!("`{path}` is never permitted for anything"),
            _ => format!("`{path}` and all below it are never permitted for anything"),
        };
        let help = "permit it for some purpose; or say in a comment why it is listed";
        let span = tree.nodes[node as usize].span;
        found.push(Diagnostic::new(Code::NeverPermitted, span, message).help(help));
    }
}

/// The nodes for which something holds, and for none right above them.
pub(super) fn topmost(tree: &Tree, holds: impl Fn(u32) -> bool) -> Vec<u32> {
    (0..tree.len()).filter(|node| holds(*node) && !tree.parents(*node).any(&holds)).collect()
}

/// Permits without a condition that take in sensitive data by a selection that does not name it.
fn wide(subject: &Subject<'_>, options: &Options, found: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let sensitive = tagged(model, &options.sensitive);
    if sensitive.is_empty() {
        return;
    }
    let by_place = subject.written.by_place();
    let mut exposed: Vec<Wide<'_>> = Vec::new();
    for (id, statement) in model.statements.iter().enumerate() {
        let Some(written) = by_place.get(&statement.span) else { continue };
        if statement.kind != Kind::Permit || statement.condition != ConditionId::ALWAYS {
            continue;
        }
        let (mut wide, mut named) = (None, Vec::new());
        terms(&written.scope.categories, false, &mut |term| match deliberate(
            model, term, &sensitive, options,
        ) {
            Some(set) => named.extend(set.ranges().iter().copied()),
            None => wide = wide.or(Some(term)),
        });
        let Some(wide) = wide else { continue };
        let open = open(subject, id as u32);
        let swept = NodeSet::from_ranges(open.iter().map(|block| block.categories).collect());
        let swept = swept.intersection(&sensitive).difference(&NodeSet::from_ranges(named));
        if !swept.is_empty() {
            exposed.push(Wide { statement, written, wide, swept, open });
        }
    }
    // What the other permits say of a category, without those that sweep it in.
    let elsewhere = |category: u32| {
        let swept = |s: &Statement| {
            exposed.iter().any(|e| e.statement.span == s.span && e.swept.contains(category))
        };
        let covering = model.statements.iter().filter(|s| {
            s.kind == Kind::Permit && model.set(s.categories).contains(category) && !swept(s)
        });
        let ranges = covering.flat_map(|s| model.set(s.purposes).ranges()).copied();
        NodeSet::from_ranges(ranges.collect())
    };
    for wide in &exposed {
        found.push(wide_permit(model, wide, &elsewhere));
    }
}

/// A permit that sweeps sensitive data in.
struct Wide<'s> {
    statement: &'s Statement,
    written: &'s tree::Statement,
    /// The part of its selection that does.
    wide: &'s Selection,
    /// The sensitive categories.
    swept: NodeSet,
    /// Where it permits and no `never` has a say.
    open: Vec<Block>,
}

/// The points of a permit that no `never` covers, whatever its condition: one that has one keeps a
/// condition elsewhere.
fn open(subject: &Subject<'_>, id: u32) -> Vec<Block> {
    let never = |id: &u32| subject.model.statements[*id as usize].kind == Kind::Never;
    let classes = subject.points.of_statements[id as usize].iter();
    let open = classes.filter(|class| !subject.points.statements(**class).iter().any(never));
    open.flat_map(|class| &subject.points.blocks[*class as usize]).copied().collect()
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
            let named = options.sensitive.contains(&name.text);
            named.then(|| tagged(model, std::slice::from_ref(&name.text)))
        }
        _ => None,
    }
}

/// The categories that carry one of these tags, themselves or above.
fn tagged(model: &Model, tags: &[String]) -> NodeSet {
    let tree = model.tree(Hierarchy::Category);
    let carries =
        |node: &u32| tree.nodes[*node as usize].tags.iter().any(|tag| tags.contains(&tag.text));
    let carrying = (0..tree.len()).filter(carries);
    NodeSet::from_ranges(carrying.flat_map(|n| tree.below(n).ranges()).copied().collect())
}

fn wide_permit(
    model: &Model,
    Wide { statement, written, wide, swept, open }: &Wide<'_>,
    elsewhere: &dyn Fn(u32) -> NodeSet,
) -> Diagnostic {
    let tree = model.tree(Hierarchy::Category);
    let purposes = model.tree(Hierarchy::Purpose);
    let text = model.sources.slice(wide.span).trim();
    // What is permitted by name for the fewest purposes is the most surprising to find here.
    let mut shown: Vec<(usize, u32, NodeSet)> = topmost(tree, |node| swept.contains(node))
        .into_iter()
        .map(|node| {
            let other = elsewhere(node);
            (other.iter().count().wrapping_sub(1), node, other) // none at all comes last
        })
        .collect();
    shown.sort_by_key(|(count, node, _)| (*count, *node));
    let names: Vec<&str> = shown.iter().take(MOST).map(|(_, node, _)| tree.path(*node)).collect();
    let more = match shown.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "`{text}` takes in sensitive data without a condition: `{}`{more}",
        names.join("`, `")
    );
    let mut diagnostic = Diagnostic::new(Code::WideSensitive, wide.span, message);
    let Some((_, category, other)) = shown.into_iter().next() else { return diagnostic };
    diagnostic = diagnostic.related(tree.nodes[category as usize].span, "one of them");
    let holds = |range: Range, node: u32| range.0 <= node && node < range.1;
    let asked = topmost(purposes, |node| {
        open.iter().any(|b| holds(b.categories, category) && holds(b.purposes, node))
    });
    let party = match (statement.parties, statement.act.party()) {
        (Some(set), Some(_)) => model.set(set).iter().next(),
        _ => None,
    };
    for purpose in asked.iter().filter(|p| !other.contains(**p)).take(MOST_QUESTIONS) {
        let point = [category, party.unwrap_or(0), *purpose];
        let question = super::idle::question(model, statement.act, point);
        let labels = [(tree, category), (purposes, *purpose)]
            .map(|(tree, node)| tree.nodes[node as usize].label.as_str());
        let label = match labels {
            ["", ""] => String::new(),
            [what, ""] => format!(": {what}"),
            ["", purpose] => format!(", for: {purpose}"),
            [what, purpose] => format!(": {what}, for: {purpose}"),
        };
        diagnostic = diagnostic.help(format!("it permits `{question}`{label}"));
    }
    let by_name = topmost(purposes, |node| other.contains(node));
    if !by_name.is_empty() {
        let paths: Vec<&str> = by_name.iter().take(MOST).map(|p| purposes.path(*p)).collect();
        diagnostic = diagnostic.help(format!(
            "by name, `{}` is permitted for `{}`{}",
            tree.path(category),
            paths.join("`, `"),
            if by_name.len() > MOST { " and others" } else { " alone" },
        ));
    }
    let tags = tags_of(model, category);
    let remedy = match written::selections(&written.scope).next() {
        Some((_, selection)) if !tags.is_empty() => {
            let text = model.sources.slice(selection.span).trim();
            format!("leave it out, `{text} except #{tags}`, or add a `when`")
        }
        _ => "leave it out with `except`, or add a `when`".to_owned(),
    };
    diagnostic.help(remedy)
}

/// The first tag of a category or of what is above it.
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
