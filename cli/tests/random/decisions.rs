//! What a draft answers, beside what its source answers. Names differ, so nodes are matched by their labels and those
//! of the groups around them.

use std::collections::{BTreeMap, BTreeSet};
use whyfor::notice::{Item, Notice, Selected};
use whyfor::{Act, Decision, Facts, Limit, Memory, Model, Policy, Question, Verdict};

/// A policy with its nodes.
pub(crate) struct Side {
    policy: Policy,
    notice: Notice,
    /// Categories, methods, purposes, recipients.
    nodes: [Vec<Node>; 4],
    labels: BTreeMap<String, String>,
}

struct Node {
    path: String,
    /// Its label, after those of the groups around it.
    labels: Vec<String>,
}

/// A question by the numbers of nodes.
#[derive(Clone, Copy, Debug)]
struct Asked {
    category: usize,
    act: Act<Option<usize>, Option<usize>>,
    purpose: usize,
}

/// Labels that a list may write in one way count as one.
fn fold(label: &str) -> String {
    label.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Side {
    pub(crate) fn new(text: &str) -> Self {
        let model = Model::from_loader(&Memory::new().with("p.why", text), "p.why")
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let policy = Policy::compile(&model).unwrap();
        let owned = |node: &whyfor::Node<'_>| (node.path.to_owned(), node.label.to_owned());
        let nodes = [
            nodes(policy.categories().map(|(_, node)| owned(&node)).collect()),
            nodes(policy.methods().map(|(_, node)| owned(&node)).collect()),
            nodes(policy.purposes().map(|(_, node)| owned(&node)).collect()),
            nodes(policy.recipients().map(|(_, node)| owned(&node)).collect()),
        ];
        let notice = Notice::of(&model);
        let mut labels: BTreeMap<String, String> = BTreeMap::new();
        for entry in notice.sections.iter().flat_map(|section| &section.entries) {
            let bases = entry.bases.iter().flatten().map(|basis| &basis.node);
            let events = entry.retain.iter().filter_map(|retain| match &retain.limit {
                Limit::Until { until } => Some(until),
                Limit::Period { after, .. } => after.as_ref(),
            });
            for node in entry.duties.iter().chain(bases).chain(events) {
                labels.insert(node.path.clone(), fold(node.text()));
            }
        }
        Self { policy, notice, nodes, labels }
    }

    /// Whether the list has no statement.
    pub(crate) fn says_nothing(&self) -> bool {
        self.notice.sections.iter().all(|section| section.entries.is_empty())
    }

    fn questions(&self) -> impl Iterator<Item = Asked> {
        let [categories, methods, purposes, recipients] = &self.nodes;
        let some = |count: usize| (0..count).map(Some).chain([None]);
        let acts: Vec<Act<Option<usize>, Option<usize>>> = std::iter::once(Act::Use)
            .chain(some(methods.len()).map(Act::Collect))
            .chain(some(recipients.len()).map(Act::Share))
            .collect();
        let count = purposes.len();
        (0..categories.len()).flat_map(move |category| {
            let acts = acts.clone();
            acts.into_iter().flat_map(move |act| {
                (0..count).map(move |purpose| Asked { category, act, purpose })
            })
        })
    }

    fn decision(&self, asked: Asked) -> Decision<'_> {
        let path = |hierarchy: usize, number: usize| self.nodes[hierarchy][number].path.as_str();
        let question = Question {
            act: match asked.act {
                Act::Use => Act::Use,
                Act::Collect(method) => Act::Collect(method.map(|method| path(1, method))),
                Act::Share(recipient) => Act::Share(recipient.map(|recipient| path(3, recipient))),
            },
            field: path(0, asked.category),
            purpose: path(2, asked.purpose),
        };
        self.policy.ask(&question, Facts::none())
    }

    /// Whether a node is one that a draft declares where a page states nothing: it stands for nothing that exists.
    fn is_stand_in(&self, asked: Asked) -> bool {
        let is = |hierarchy: usize, number: usize| {
            self.nodes[hierarchy][number].labels.last().is_some_and(|label| label == "not stated")
        };
        let party = match asked.act {
            Act::Collect(by) => by.is_some_and(|by| is(1, by)),
            Act::Share(with) => with.is_some_and(|with| is(3, with)),
            Act::Use => false,
        };
        party || is(0, asked.category) || is(2, asked.purpose)
    }

    fn verdict(&self, asked: Asked) -> Verdict {
        self.decision(asked).verdict()
    }

    /// All of an answer, with labels in the place of names.
    fn answer(&self, asked: Asked) -> String {
        let decision = self.decision(asked);
        if decision.verdict() == Verdict::Deny {
            return "deny".to_owned();
        }
        let label = |name: &str| self.labels.get(name).cloned().unwrap_or_else(|| name.to_owned());
        let duties: BTreeSet<String> = decision.duties().map(label).collect();
        let bases: BTreeSet<String> = decision.bases().map(label).collect();
        let limits = |limits: Vec<Limit<&str>>| -> BTreeSet<String> {
            limits.into_iter().map(|limit| format!("{:?}", limit.map(label))).collect()
        };
        format!(
            "{:?}\n  then {duties:?}\n  on {bases:?} {}\n  retain {:?}, at least {:?}\n  optional {}",
            decision.verdict(),
            decision.is_unbased() && self.shows_bases(),
            limits(decision.retain()),
            limits(decision.retain_at_least()),
            decision.is_optional()
        )
    }

    /// Whether a list names a legal basis; else its draft declares none, and nothing is unbased.
    fn shows_bases(&self) -> bool {
        let mut entries = self.notice.sections.iter().flat_map(|section| &section.entries);
        entries.any(|entry| !entry.bases.is_empty())
    }

    fn named(&self, asked: Asked) -> String {
        let labels =
            |hierarchy: usize, number: usize| self.nodes[hierarchy][number].labels.join(" > ");
        let act = match asked.act {
            Act::Use => "use".to_owned(),
            Act::Collect(by) => format!("collect by {:?}", by.map(|by| labels(1, by))),
            Act::Share(with) => format!("share with {:?}", with.map(|with| labels(3, with))),
        };
        format!("{act}: {} for {}", labels(0, asked.category), labels(2, asked.purpose))
    }

    /// The nodes that the list names: of each, the most labels that it shows for it.
    fn shown(&self) -> [BTreeMap<String, Vec<String>>; 4] {
        let mut shown: [BTreeMap<String, Vec<String>>; 4] = Default::default();
        for entry in self.notice.sections.iter().flat_map(|section| &section.entries) {
            let [categories, methods, purposes, recipients] = &mut shown;
            add(categories, &entry.categories);
            entry.optional.iter().for_each(|optional| add(categories, optional));
            add(purposes, &entry.purposes);
            match &entry.act {
                Act::Collect(by) => add(methods, by),
                Act::Share(with) => add(recipients, with),
                Act::Use => {}
            }
        }
        shown
    }
}

fn add(shown: &mut BTreeMap<String, Vec<String>>, selected: &Selected) {
    fn item(shown: &mut BTreeMap<String, Vec<String>>, one: &Item, above: &[String]) {
        let mut labels = above.to_vec();
        labels.push(fold(one.node.text()));
        let known = shown.entry(one.node.path.clone()).or_default();
        if known.len() < labels.len() {
            known.clone_from(&labels);
        }
        one.members.iter().for_each(|member| item(shown, member, &labels));
    }
    let group: Vec<String> = selected.groups.iter().map(|group| fold(group.node.text())).collect();
    selected.groups.iter().for_each(|group| item(shown, group, &[]));
    selected.items.iter().for_each(|one| item(shown, one, &group));
}

fn nodes(all: Vec<(String, String)>) -> Vec<Node> {
    let label = |path: &str| {
        let found = all.iter().find(|(known, _)| known == path);
        let last = path.rsplit('.').next().unwrap_or(path);
        fold(match found.map_or("", |(_, label)| label.as_str()) {
            "" => last,
            label => label,
        })
    };
    let labels = |path: &str| {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| label(&path[..end])).collect()
    };
    all.iter().map(|(path, _)| Node { path: path.clone(), labels: labels(path) }).collect()
}

/// How a draft differs from its source in the nodes that its list names, if it does.
pub(crate) fn difference(source: &Side, draft: &Side) -> Option<String> {
    let mut pairs: [Vec<Option<usize>>; 4] = Default::default();
    for (hierarchy, shown) in source.shown().iter().enumerate() {
        let mut taken = BTreeSet::new();
        for node in &source.nodes[hierarchy] {
            let Some(labels) = shown.get(&node.path) else {
                pairs[hierarchy].push(None);
                continue;
            };
            let drafted = &draft.nodes[hierarchy];
            let found = drafted.iter().position(|other| other.labels == *labels);
            let Some(found) = found.filter(|found| taken.insert(*found)) else {
                return Some(format!("no node for {labels:?}"));
            };
            pairs[hierarchy].push(Some(found));
        }
        if let Some(more) = (0..draft.nodes[hierarchy].len()).find(|at| !taken.contains(at)) {
            return Some(format!("a node for nothing: {:?}", draft.nodes[hierarchy][more].labels));
        }
    }
    let pair = |asked: Asked| {
        let party = |hierarchy: usize, party: Option<usize>| match party {
            Some(number) => pairs[hierarchy][number].map(Some),
            None => Some(None),
        };
        Some(Asked {
            category: pairs[0][asked.category]?,
            act: match asked.act {
                Act::Use => Act::Use,
                Act::Collect(by) => Act::Collect(party(1, by)?),
                Act::Share(with) => Act::Share(party(3, with)?),
            },
            purpose: pairs[2][asked.purpose]?,
        })
    };
    source.questions().find_map(|asked| {
        let (expected, found) = (source.answer(asked), draft.answer(pair(asked)?));
        let named = || source.named(asked);
        (expected != found).then(|| format!("{}\n source: {expected}\n draft: {found}", named()))
    })
}

/// A question that the draft allows and its source does not, or that the source denies and the draft does not.
pub(crate) fn excess(source: &Side, draft: &Side) -> Option<String> {
    let alike: Vec<Vec<Vec<Vec<usize>>>> = (0..4)
        .map(|hierarchy| {
            let of = |node: &Node| meant(node, &source.nodes[hierarchy]);
            draft.nodes[hierarchy].iter().map(of).collect()
        })
        .collect();
    draft.questions().find_map(|asked| {
        let verdict = draft.verdict(asked);
        if verdict == Verdict::Deny || draft.is_stand_in(asked) {
            return None;
        }
        let parties: Vec<Vec<Option<usize>>> = match asked.act {
            Act::Collect(Some(by)) => options(&alike[1][by]),
            Act::Share(Some(with)) => options(&alike[3][with]),
            _ => vec![vec![None]],
        };
        let is_met = |categories: &[usize], parties: &[Option<usize>], purposes: &[usize]| {
            let mut any = categories.iter().flat_map(|category| {
                parties.iter().flat_map(move |party| {
                    let act = match asked.act {
                        Act::Use => Act::Use,
                        Act::Collect(_) => Act::Collect(*party),
                        Act::Share(_) => Act::Share(*party),
                    };
                    purposes.iter().map(move |purpose| Asked {
                        category: *category,
                        act,
                        purpose: *purpose,
                    })
                })
            });
            any.any(|asked| source.verdict(asked) >= verdict)
        };
        // Each of the things that a label of the draft joins.
        let all = alike[0][asked.category].iter().all(|categories| {
            let purposes = &alike[2][asked.purpose];
            purposes
                .iter()
                .all(|purposes| parties.iter().all(|parties| is_met(categories, parties, purposes)))
        });
        (!all).then(|| format!("{verdict:?}: {}", draft.named(asked)))
    })
}

fn options(alike: &[Vec<usize>]) -> Vec<Vec<Option<usize>>> {
    alike.iter().map(|nodes| nodes.iter().copied().map(Some).collect()).collect()
}

/// The nodes of the source that a node of a draft may stand for; of a label that joins several, for each of them.
fn meant(node: &Node, source: &[Node]) -> Vec<Vec<usize>> {
    // A tag by itself is written as a bracket that is a part of a label.
    let plain = |label: &String| label.replace(" (sensitive)", "").replace("（sensitive）", "");
    let labels: Vec<String> = node.labels.iter().map(plain).collect();
    let Some((label, groups)) = labels.split_last() else { return Vec::new() };
    let find = |label: &str| -> Vec<usize> {
        let fits = |other: &Node| {
            let Some((own, above)) = other.labels.split_last() else { return false };
            let is_above = |group: &String| above.iter().any(|above| says(above, group));
            // Of a label that leads a list, a page does not say where its own list ends.
            let leads = |group: &String| {
                let is_part = |label: &String| label != group && says(label, group);
                source.iter().filter_map(|node| node.labels.last()).any(is_part)
            };
            let is_around = |group: &String| is_above(group) || says(own, group) || leads(group);
            says(own, label) && groups.iter().all(is_around)
        };
        (0..source.len()).filter(|at| fits(&source[*at])).collect()
    };
    let whole = find(label);
    if !whole.is_empty() {
        return vec![whole];
    }
    parts(label).iter().map(|part| find(part)).collect()
}

/// Whether a label of the source is one of a draft, or lists it: a list does not say where a label with a comma ends.
fn says(own: &str, label: &str) -> bool {
    own == label || parts(own).iter().any(|part| part == label)
}

/// The things that a label names, if it is read as a list.
fn parts(label: &str) -> Vec<String> {
    let mut text = label.to_owned();
    let words = [
        " and ",
        "and ",
        " und ",
        "和",
        "such as",
        "including",
        "except",
        " etc.",
        "e.g.",
        "z. b.",
        " usw.",
        "einschließlich",
        "darunter",
        "zum beispiel",
        "例如",
        "包括",
        "(sensitive)",
        "（sensitive）",
        "customers",
        "data subjects",
        "employees",
    ];
    for word in words {
        text = text.replace(word, ",");
    }
    let cut = |c: char| ",，、;；:：|()（）".contains(c);
    let lead = |part: &str| {
        let part = part.trim().trim_end_matches('等').trim_end_matches('.');
        let part = ["to ", "for "].iter().find_map(|lead| part.strip_prefix(lead)).unwrap_or(part);
        part.trim().to_owned()
    };
    text.split(cut).map(lead).filter(|part| !part.is_empty()).collect()
}
