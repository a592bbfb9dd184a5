//! Published lists that were edited: whatever a draft permits, the policy of the list permits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{file, out, whyfor};
use std::collections::BTreeSet;
use whyfor::{Act, Facts, Memory, Model, Policy};

/// Numbers that look random and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    /// Some of a list, at least one.
    fn some<'t>(&mut self, list: &[&'t str]) -> Vec<&'t str> {
        let first = self.pick(list);
        let more: Vec<&str> = list.iter().copied().filter(|_| self.below(4) == 0).collect();
        let mut all = vec![first];
        all.extend(more.into_iter().filter(|one| *one != first));
        all
    }
}

const DATA: [&str; 6] = ["contact", "email", "device", "imei", "photo", "location"];
const METHODS: [&str; 2] = ["form", "server"];
const PURPOSES: [&str; 4] = ["login", "billing", "audit", "advertising"];
const RECIPIENTS: [&str; 3] = ["alpha", "beta", "gamma"];

const NAMES: &str = r#"policy p "List"
    category contact "Contact details" open { email "Email address" phone "Phone number" }
    category device "Device identifiers" { imei "IMEI" meid "MEID" }
    category photo "Photo" category location "Location" open
    method form "Form" method server "Server logs"
    purpose login "Login" purpose billing "Billing" purpose audit "Audit" purpose advertising "Advertising"
    recipient alpha "Alpha, Inc." recipient beta "Beta Ltd" recipient gamma "Gamma GmbH"
    fact agreed "The person agreed" duty tell "Tell the person""#;

fn policy(dice: &mut Dice) -> String {
    let mut text = NAMES.to_owned();
    for section in 0..1 + dice.below(3) {
        text += &format!("\nsection s{section} \"Part {section}\" {{");
        for _ in 0..1 + dice.below(3) {
            let mut data = dice.some(&DATA);
            // A group beside its parts is written as "including" all that follows it.
            for (group, part) in [("device", "imei"), ("contact", "email")] {
                let has_group = data.contains(&group);
                data.retain(|one| !has_group || *one != part);
            }
            let data = data.join(", ");
            let purposes = dice.some(&PURPOSES).join(", ");
            text += &match dice.below(8) {
                0..4 => {
                    format!("\ncollect {data} by {} for {purposes}", dice.some(&METHODS).join(", "))
                }
                4 => format!("\nuse {data} for {purposes}"),
                5 | 6 => format!(
                    "\nshare {data} with {} for {purposes}",
                    dice.some(&RECIPIENTS).join(", ")
                ),
                // The list does not say what belongs to a group that is complete.
                _ => format!(
                    "\nnever use {} for {purposes}\nuse {data} for {purposes}",
                    dice.pick(&["photo", "location"])
                ),
            };
            text += ["", " when agreed", " then tell", " retain 30 days"][dice.below(4)];
        }
        text += "\n}";
    }
    text
}

/// What a policy permits with no fact stated, in the labels of its nodes.
fn permits(text: &str) -> BTreeSet<[String; 4]> {
    let model = Model::from_loader(&Memory::new().with("p.why", text), "p.why").unwrap();
    let policy = Policy::compile(&model).unwrap();
    let facts = Facts::none();
    let label = |label: &str| label.to_lowercase();
    let mut all = BTreeSet::new();
    for (category, data) in policy.categories() {
        for (purpose, what_for) in policy.purposes() {
            let mut ask = |act, word: &str, party: &str| {
                if policy.decide(act, category, purpose, facts).is_allowed() {
                    all.insert([
                        word.to_owned(),
                        label(data.label),
                        label(party),
                        label(what_for.label),
                    ]);
                }
            };
            ask(Act::Use, "use", "");
            policy.methods().for_each(|(id, node)| ask(Act::Collect(id), "collect", node.label));
            policy.recipients().for_each(|(id, node)| ask(Act::Share(id), "share", node.label));
        }
    }
    all
}

/// One change to a page.
fn edit(page: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let labelled: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains("**: ")).collect();
    if labelled.is_empty() {
        return page.to_owned();
    }
    let at = labelled[dice.below(labelled.len())];
    match dice.below(8) {
        0 => {
            lines.remove(at);
        }
        1 => {
            // Without its label.
            let (bullet, rest) = lines[at].split_once("**").unwrap();
            let (_, text) = rest.split_once("**: ").unwrap();
            lines[at] = format!("{bullet}{text}");
        }
        2 => lines[at] = lines[at].replace("**: ", " of ours**: "),
        3 => lines[at] = lines[at].replace("**", ""),
        4 => {
            let separator = ["; ", "、", "，", ";", " / ", "<br>"][dice.below(6)];
            lines[at] = lines[at].replace(", ", separator);
        }
        5 if at > 0 => {
            // Joined with the line above it.
            let text = lines.remove(at);
            let joint = [" ", "  ", "<br>", " - "][dice.below(4)];
            let text = text.trim_start().trim_start_matches("- ").to_owned();
            lines[at - 1] += &format!("{joint}{text}");
        }
        6 => {
            for line in lines.iter_mut().filter(|line| line.starts_with("## ")) {
                *line = line.replace("Part", ["Section", "Data we do not collect"][dice.below(2)]);
            }
        }
        _ if at + 1 < lines.len() => {
            // Cut in two.
            let text = lines[at].clone();
            if let Some((first, rest)) = text.rsplit_once(", ") {
                lines[at] = format!("{first},");
                lines.insert(at + 1, format!("     {rest}"));
            }
        }
        _ => {}
    }
    lines.join("\n") + "\n"
}

/// The lists of a page as tables; rows and columns may change places, and equal cells of a column may be
/// merged.
fn as_tables(page: &str, dice: &mut Dice) -> String {
    let (is_html, is_swapped, is_merged) =
        (dice.below(2) == 0, dice.below(2) == 0, dice.below(2) == 0);
    let mut text = String::new();
    let mut records: Vec<Vec<(String, String)>> = Vec::new();
    let lines = page.lines().chain(["## end"]);
    for line in lines {
        let start = line.trim_start_matches(|c: char| c.is_ascii_digit() || " .-".contains(c));
        let cut = start.strip_prefix("**").and_then(|rest| rest.split_once("**: "));
        if let Some((label, value)) = cut {
            if !line.starts_with(' ') && (label.contains("Types") || label.contains("Whenever")) {
                records.push(Vec::new());
            }
            if let Some(last) = records.last_mut() {
                last.push((label.to_owned(), value.to_owned()));
            }
            continue;
        }
        if line.starts_with('#') {
            text += &tables(&std::mem::take(&mut records), is_html, is_swapped, is_merged);
        }
        if line != "## end" {
            text += &format!("{line}\n");
        }
    }
    text
}

fn tables(records: &[Vec<(String, String)>], html: bool, swapped: bool, merged: bool) -> String {
    let mut heads: Vec<&str> = Vec::new();
    for (label, _) in records.iter().flatten() {
        if !heads.contains(&label.as_str()) {
            heads.push(label);
        }
    }
    if records.is_empty() {
        return String::new();
    }
    let value = |record: &Vec<(String, String)>, head: &str| {
        record
            .iter()
            .find(|(label, _)| label == head)
            .map_or(String::new(), |(_, text)| text.clone())
    };
    let mut grid: Vec<Vec<String>> = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
    grid.extend(
        records.iter().map(|record| heads.iter().map(|head| value(record, head)).collect()),
    );
    if swapped {
        grid =
            (0..heads.len()).map(|at| grid.iter().map(|row| row[at].clone()).collect()).collect();
    }
    if html {
        let mut text = "\n<table>\n".to_owned();
        for (at, row) in grid.iter().enumerate() {
            text += "<tr>";
            for (column, cell) in row.iter().enumerate() {
                let is_same =
                    |other: usize| merged && !swapped && at > 0 && grid[other][column] == *cell;
                if at > 1 && is_same(at - 1) {
                    continue;
                }
                let rows = (at + 1..grid.len()).take_while(|other| is_same(*other)).count() + 1;
                text += &format!("<td rowspan={rows}>{cell}</td>");
            }
            text += "</tr>\n";
        }
        return text + "</table>\n\n";
    }
    let mut text = "\n".to_owned();
    for (at, row) in grid.iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if at == 0 {
            text += &format!("|{}\n", "---|".repeat(row.len()));
        }
    }
    text + "\n"
}

fn parts(label: &str) -> impl Iterator<Item = &str> {
    label.split(" and ").flat_map(|part| part.split(", "))
}

/// Asserts that the draft of a page permits no more than the policy.
#[track_caller]
fn is_subset(policy: &str, page: &str, permitted: &BTreeSet<[String; 4]>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let list = file(&folder, "page.md", page);
    let output = whyfor(&["import", "list", &list]);
    let draft = String::from_utf8(output.stdout).unwrap();
    if output.status.code() == Some(2) {
        return 0; // nothing is labelled any more
    }
    let drafted = permits(&draft);
    for [act, data, party, purpose] in &drafted {
        // Labels that a conjunction joins are guessed to be one; the policy permits each.
        for (data, purpose) in parts(data).flat_map(|data| parts(purpose).map(move |p| (data, p))) {
            let [data, party, purpose] = [data, party.as_str(), purpose].map(str::to_owned);
            let known = match (act.as_str(), party.as_str()) {
                // “Not stated” stands for no method that exists.
                ("collect", "not stated") => ["use".to_owned(), data, String::new(), purpose],
                _ => [act.clone(), data, party, purpose],
            };
            assert!(permitted.contains(&known), "{known:?}\n\n{policy}\n\n{page}\n\n{draft}");
        }
    }
    drafted.len()
}

#[test]
fn what_the_draft_of_an_edited_list_permits_the_policy_permits() {
    let folder = tempfile::tempdir().unwrap();
    let mut permits_of_drafts = 0;
    for seed in 0..150 {
        let dice = &mut Dice(seed);
        let text = policy(dice);
        let page = out(&["notice", &file(&folder, "p.why", &text)], 0);
        let permitted = permits(&text);
        assert_eq!(
            is_subset(&text, &page, &permitted) > 0,
            !permitted.is_empty(),
            "{text}\n{page}"
        );
        // Where the line of a prohibition or of a condition is cut, nothing is left of it.
        let permits_alone: Vec<&str> = text.lines().filter(|l| !l.starts_with("never")).collect();
        let permitted_alone = permits(&permits_alone.join("\n").replace(" when agreed", ""));
        let mut edited = page.clone();
        for _ in 0..1 + dice.below(2) {
            edited = edit(&edited, dice);
            permits_of_drafts += is_subset(&text, &edited, &permitted_alone);
        }
        let tables = as_tables(&page, dice);
        permits_of_drafts += is_subset(&text, &tables, &permitted);
    }
    assert!(permits_of_drafts > 1000, "{permits_of_drafts}");
}
