//! Categories that are never permitted.

use super::points::Points;
use super::promised::promised;
use super::subject::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ActKind, Hierarchy, StatementKind, Tree};
use hashbrown::HashMap;

/// Categories that may not be used for any purpose under any facts, unless a `never` names them. Without use there is
/// no collecting and no sharing.
pub(super) fn find(subject: &mut Subject<'_>, points: &Points, findings: &mut Vec<Diagnostic>) {
    let tree = subject.model.tree(Hierarchy::Category);
    let mut permitted = vec![false; tree.nodes.len()];
    let mut known: HashMap<u32, Option<bool>> = HashMap::new();
    for ((start, end), row) in points.rows() {
        let mut is_permitted = Some(false);
        for (_, class) in points.blocks(row).take_while(|(block, _)| block.act == ActKind::Use) {
            match *known.entry(class).or_insert_with(|| may_be_permitted(subject, points, class)) {
                Some(true) => {
                    is_permitted = Some(true);
                    break;
                }
                Some(false) => {}
                None => is_permitted = None,
            }
        }
        if is_permitted.is_none() {
            let place = tree.nodes[start as usize].span;
            subject.left_out.rule(Code::NeverPermitted, Some(place));
        }
        permitted[start as usize..end as usize].fill(is_permitted != Some(false));
    }
    promised(subject).iter().for_each(|node| permitted[node as usize] = true);
    let idle = |node: u32| tree.below(node).iter().all(|below| !permitted[below as usize]);
    for node in topmost(tree, idle) {
        let path = tree.path(node);
        let message = match tree.below(node).iter().count() {
            1 => format!("`{path}` is never permitted for anything"),
            _ => format!("`{path}` and all below it are never permitted for anything"),
        };
        let help = "permit it for some purpose, or promise with a `never` that nobody may";
        let span = tree.nodes[node as usize].span;
        findings.push(Diagnostic::new(Code::NeverPermitted, span, message).help(help));
    }
}

/// Whether a point is permitted under some facts: a permit holds, and no `never` does. `None` if it takes
/// too much work to tell.
fn may_be_permitted(subject: &mut Subject<'_>, points: &Points, class: u32) -> Option<bool> {
    let of = |kind: StatementKind| -> Vec<u32> {
        let all = points.statements(class).iter().map(|id| &subject.model.statements[*id as usize]);
        let all = all.filter(|statement| statement.kind == kind);
        let mut all: Vec<u32> =
            all.map(|statement| subject.translation.condition(statement.condition)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (permits, nevers) = (of(StatementKind::Permit), of(StatementKind::Never));
    let mut is_known = true;
    for permit in permits {
        let may_hold = match subject.effort.spend(1 + nevers.len() as u64) {
            true => subject.answers.some(&[permit], &nevers),
            false => None,
        };
        match may_hold {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

/// The nodes for which something holds, but not for their parents.
pub(super) fn topmost(tree: &Tree, holds: impl Fn(u32) -> bool) -> Vec<u32> {
    (0..tree.len()).filter(|node| holds(*node) && !tree.parents(*node).any(&holds)).collect()
}
