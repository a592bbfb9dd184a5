//! Random hierarchies: labels, groups with parts, `open` nodes, published tags.

use super::Dice;
use std::fmt::Write;
use whyfor::symbols::{quoted, written};

/// Which labels a policy may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Labels that a list says in one way only. So they have no separator of a list in any of the languages (a comma,
    /// "and", a colon), no bracket with a list in it, no word that leads examples or limits a permit, and differ in more
    /// than capitals: where a list names two things, "Fraud detection and prevention" would be two as well. A tag by
    /// itself, "Email (Sensitive)", is written as a bracket that is a part of a label.
    Plain,
    /// Others too.
    Any,
}

const CATEGORIES: [&str; 22] = [
    "Email address",
    "Phone number",
    "IMEI",
    "MEID",
    "iPhone model",
    "Date of birth",
    "Snake_case name",
    "A*B test",
    "AT&T number",
    "Tag <b>",
    "Wi-Fi name",
    "E-mail headers",
    "eSIM",
    "User's voice",
    "Größe",
    "邮箱地址",
    "设备标识",
    "Location (approximate)",
    "24-hour trace",
    "Photo #1",
    "Last page",
    "D.run account",
];
const METHODS: [&str; 9] = [
    "Provided by the user",
    "Observed",
    "Web form",
    "Server log",
    "SDK",
    "自动收集",
    "Über die App",
    "Phone call",
    "Post",
];
const PURPOSES: [&str; 14] = [
    "Login",
    "Billing",
    "Detect fraud",
    "Fraud detection",
    "Advertising",
    "A/B testing",
    "Audit",
    "Newsletter",
    "保障安全",
    "Werbung",
    "Customer care",
    "Research",
    "Personalised offers",
    "Statistics",
];
/// The legal form of a company is a part of its name.
const RECIPIENTS: [&str; 12] = [
    "Alpha, Inc.",
    "Beta Ltd",
    "Gamma GmbH & Co. KG",
    "Delta Co., Ltd.",
    "Epsilon B.V.",
    "Zeta",
    "深圳市某某有限公司",
    "eBay",
    "Theta, LLC",
    "Iota S.A.",
    "Kappa plc",
    "Courier (domestic)",
];
/// What a list may say in several ways; of nodes without groups, since the parts of such a group could be anything's. Left out are the words of the list for everything, such as "Any purpose", and
/// labels that differ in capitals only: there the page itself says more than its policy.
const HOSTILE: [&str; 34] = [
    "Fraud detection and prevention",
    "Research and development",
    "Name, address",
    "Logs",
    "Log",
    "Login data (name, password)",
    "Email (work)",
    "Email (work, home)",
    "Note: internal",
    "Email (Store: Diagnostics)",
    "Terms; conditions",
    "None",
    "No",
    "Not applicable",
    "Pictures etc.",
    "Data such as photos",
    "Contacts including friends",
    "Everything except names",
    "Only with consent",
    "To sign in",
    "For login",
    "用户名和密码",
    "图片等",
    "Name und Anschrift",
    "Müller, Meier & Co",
    "Smith and Sons, Inc.",
    "Half (open",
    "Close) bracket",
    "30 days",
    "A | B",
    "Email address (optional)",
    "Purpose",
    "Retention: 30 days",
    "Emails",
];

/// A node of a hierarchy.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) label: String,
    open: bool,
    parent: Option<usize>,
    children: Vec<usize>,
    tags: Vec<&'static str>,
    /// A node of another group has its label.
    repeats: bool,
}

/// A hierarchy.
pub(crate) struct Hierarchy {
    word: &'static str,
    nodes: Vec<Node>,
    /// For each node, whether statements name it and all its parts. Other roots are not in the list.
    whole: Vec<bool>,
    labels: Vec<&'static str>,
    hostile: Vec<&'static str>,
    style: Style,
}

impl Hierarchy {
    pub(crate) fn new(dice: &mut Dice, word: &'static str, style: Style) -> Self {
        let (pool, tags): (&[&str], &[&str]) = match word {
            "category" => (&CATEGORIES, &["#customer", "#staff", "#sensitive"]),
            "method" => (&METHODS, &[]),
            "purpose" => (&PURPOSES, &[]),
            _ => (&RECIPIENTS, &["#us", "#de", "#us #de"]),
        };
        let labels = pool.to_vec();
        let hostile = if style == Style::Any { HOSTILE.to_vec() } else { Vec::new() };
        let mut all = Self { word, nodes: Vec::new(), whole: Vec::new(), labels, hostile, style };
        for _ in 0..2 + dice.below(3) {
            if all.labels.is_empty() {
                break;
            }
            let root = all.node(dice, None, false);
            all.whole.push(!dice.once_in(4));
            while all.whole.len() < all.nodes.len() {
                all.whole.push(all.whole[root]);
            }
        }
        all.repeat(dice);
        for node in &mut all.nodes {
            if !tags.is_empty() && dice.once_in(4) {
                node.tags.push(tags[dice.below(tags.len())]);
            }
        }
        all
    }

    /// Adds a node with what is below it.
    fn node(&mut self, dice: &mut Dice, parent: Option<usize>, in_open: bool) -> usize {
        let is_hostile = parent.is_none() && !self.hostile.is_empty() && dice.once_in(3);
        let pool = if is_hostile { &mut self.hostile } else { &mut self.labels };
        let label = pool.remove(dice.below(pool.len()));
        let depth = std::iter::successors(parent, |id| self.nodes[*id].parent).count();
        let id = self.nodes.len();
        let slug: String = label
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let is_new = !self.nodes.iter().any(|node| node.name == slug);
        let is_name = slug.starts_with(|c: char| c.is_ascii_alphabetic()) && is_new;
        let name = match is_name && dice.once_in(2) {
            true => slug,
            false => format!("{}{id}", &self.word[..1]),
        };
        let is_group = !is_hostile && depth < 2 && self.labels.len() >= 8 && dice.once_in(3);
        // The list shows what is in an open group, but not what is in a closed group within it.
        let open = if is_group { in_open || dice.once_in(2) } else { dice.once_in(8) };
        let label = label.to_owned();
        let (children, tags) = (Vec::new(), Vec::new());
        self.nodes.push(Node { name, label, open, parent, children, tags, repeats: false });
        if is_group {
            // "Device (IMEI)" could be a label with a bracket: a closed group has several parts.
            for _ in 0..2 + dice.below(2) {
                let child = self.node(dice, Some(id), open);
                self.nodes[id].children.push(child);
            }
        }
        id
    }

    /// Gives a part of a group the label of a part of another one. A list can tell them apart only where it names the
    /// groups: these parts are not named by themselves.
    fn repeat(&mut self, dice: &mut Dice) {
        let parts: Vec<usize> = (0..self.nodes.len())
            .filter(|id| self.nodes[*id].parent.is_some() && self.nodes[*id].children.is_empty())
            .filter(|id| self.whole[*id])
            .collect();
        let [first, .., last] = parts.as_slice() else { return };
        if self.nodes[*first].parent != self.nodes[*last].parent && dice.once_in(2) {
            self.nodes[*last].label = self.nodes[*first].label.clone();
            self.nodes[*first].repeats = true;
            self.nodes[*last].repeats = true;
        }
    }

    pub(crate) fn declarations(&self) -> String {
        let mut text = String::new();
        for id in (0..self.nodes.len()).filter(|id| self.nodes[*id].parent.is_none()) {
            let _ = writeln!(text, "{} {}", self.word, self.declaration(id));
        }
        text
    }

    fn declaration(&self, id: usize) -> String {
        let node = &self.nodes[id];
        let open = if node.open { " open" } else { "" };
        let mut text = format!("{} {}{open}", written(&node.name), quoted(&node.label));
        node.tags.iter().for_each(|tag| text += &format!(" {tag}"));
        if !node.children.is_empty() {
            let inner = node.children.iter().map(|child| self.declaration(*child));
            text += &format!(" {{ {} }}", inner.collect::<Vec<_>>().join(" "));
        }
        text
    }

    fn path(&self, id: usize) -> String {
        let up = std::iter::successors(Some(id), |id| self.nodes[*id].parent);
        let mut names: Vec<String> = up.map(|id| written(&self.nodes[id].name)).collect();
        names.reverse();
        names.join(".")
    }

    /// Some roots as statements name them: each with the paths that it consists of. The parts of a group that are named
    /// by themselves are added to `alone`.
    pub(crate) fn terms(&self, dice: &mut Dice, alone: &mut Vec<usize>) -> Vec<Vec<String>> {
        let roots: Vec<usize> =
            (0..self.nodes.len()).filter(|id| self.nodes[*id].parent.is_none()).collect();
        let most = if self.style == Style::Plain { 3 } else { 2 };
        let chosen = dice.some(&roots, most);
        chosen.into_iter().map(|root| self.term(dice, root, alone)).collect()
    }

    fn term(&self, dice: &mut Dice, root: usize, alone: &mut Vec<usize>) -> Vec<String> {
        let leaves: Vec<usize> = self.below(root);
        let mut free: Vec<usize> =
            leaves.into_iter().filter(|leaf| !self.nodes[*leaf].repeats).collect();
        free.retain(|leaf| *leaf != root);
        if free.is_empty() || self.whole[root] && !dice.once_in(3) {
            return self.whole(root);
        }
        if self.whole[root] {
            alone.push(root);
        }
        dice.some(&free, 2).into_iter().map(|leaf| self.path(leaf)).collect()
    }

    /// A root with all its parts: what is in a closed group is on the page only where it is named.
    pub(crate) fn whole(&self, id: usize) -> Vec<String> {
        let node = &self.nodes[id];
        let mut names = vec![self.path(id)];
        if !node.open {
            names.extend(node.children.iter().flat_map(|child| self.whole(*child)));
        }
        names
    }

    /// The nodes without parts.
    fn below(&self, id: usize) -> Vec<usize> {
        let children = &self.nodes[id].children;
        match children.as_slice() {
            [] => vec![id],
            children => children.iter().flat_map(|child| self.below(*child)).collect(),
        }
    }
}
