//! `whyfor notice --check` of HTML: a page that `notice` writes has no difference from its policy, and each edit that
//! changes what a record of it says is found, as a page and as tables in Markdown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{drift_of_file, file, out};
use serde_json::Value;
use std::fmt::Write as _;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((number ^ (number >> 31)) % end as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// Some of these, at least one.
    fn some(&mut self, all: &[&str]) -> String {
        let mut some: Vec<&str> = all.iter().filter(|_| self.below(2) == 0).copied().collect();
        if some.is_empty() {
            some.push(self.pick(all));
        }
        some.join(", ")
    }
}

// ── Policies ────────────────────────────────────────────────────────────────────────────────────

const NAMES: &str = r#"
policy round "List of data" {
  version "7"  controller "Example Ltd"  effective "2026-02-01"  contact "privacy@example.com"
}
tag country "Country" published { us "United States"  de "Germany" }
tag subject "Data subjects" published { customer "Customers" }
tag sale "Sale" published { sold "Sold"  shared "Shared for advertising" }
category contact "Contact details" { email "Email address"  phone "Phone number" #customer }
category device "Device information" open { imei "IMEI"  model "Model" }
category location "Location"  category photo "Photo"  category age "Age"
method form "Form"  method sensor "Sensor"  method call "Call"
recipient courier "Courier" #us  recipient network "Ad network" #de #sold  recipient bank "Bank"
purpose login "Login"  purpose billing "Billing"  purpose support "Support"  purpose ads "Advertising"
fact agreed "The person agreed"  fact region "The person's region": one of eu, us
duty tell "Tell the person"  duty cipher "Encrypt it"
event closing "Closing of the account"  basis contract "Contract"  basis law "Tax law"
"#;
const DATA: [&str; 7] = ["contact", "email", "phone", "location", "photo", "age", "model"];
const PURPOSES: [&str; 4] = ["login", "billing", "support", "ads"];

fn policy(dice: &mut Dice) -> String {
    let mut text = NAMES.to_owned();
    for section in 0..1 + dice.below(3) {
        let _ = write!(text, "\nsection s{section} \"Part {section}\" {{");
        for _ in 0..1 + dice.below(3) {
            let (data, purposes) = (dice.some(&DATA), dice.some(&PURPOSES));
            text += &match dice.below(8) {
                0..3 => format!(
                    "\ncollect {data} by {} for {purposes}",
                    dice.some(&["form", "sensor", "call"])
                ),
                3 => format!("\nuse {data}, device for {purposes}"),
                4..6 => format!(
                    "\nshare {data} with {} for {purposes}",
                    dice.some(&["courier", "network", "bank"])
                ),
                6 => format!("\nnever share {data} for {purposes}"),
                _ => format!("\nuse collected for {purposes}"),
            };
            if text.ends_with(&format!("use collected for {purposes}")) || text.contains("\nnever")
            {
                continue;
            }
            text += dice.pick(&["", " when agreed", " unless region is us"]);
            text += dice.pick(&["", " on contract, law", " on contract & law"]);
            text += dice.pick(&["", " then tell", " then tell, cipher"]);
            text += dice.pick(&["", " retain 30 days", " retain 2 years, 6 months after closing"]);
        }
        text += "\n}";
    }
    text
}

// ── Pages as `notice` writes them ───────────────────────────────────────────────────────────────

/// The places between two texts, and what stands there.
fn between<'p>(page: &'p str, open: &str, close: &str) -> Vec<(usize, &'p str)> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = page[from..].find(open) {
        let start = from + at + open.len();
        let end = start + page[start..].find(close).unwrap();
        all.push((start, &page[start..end]));
        from = end;
    }
    all
}

/// A text without its elements.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut is_in_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_in_tag = true,
            '>' => is_in_tag = false,
            _ if !is_in_tag => text.push(character),
            _ => {}
        }
    }
    text
}

/// The words of a text in an order of their own: in a list, the order says nothing.
fn words(html: &str) -> String {
    let text = plain(html).to_lowercase();
    let mut words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && *word != "and")
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// What a page says: for each section its title, its records and its sentences. Hidden rows say nothing.
fn said(page: &str) -> Vec<(String, Vec<Vec<String>>, Vec<String>)> {
    let comments = between(page, "<!--", "-->");
    let page =
        &comments.iter().fold(page.to_owned(), |page, (_, comment)| page.replace(comment, ""));
    let title = between(page, "<h1>", "</h1>").first().map_or("", |(_, title)| title).to_owned();
    let mut all = vec![(title, Vec::new(), Vec::new())];
    for (_, section) in between(page, "<section", "</section>") {
        let heading = between(section, "<h2", "</h2>").first().map_or("", |(_, text)| text);
        let heading = heading.split_once('>').map_or("", |(_, text)| text);
        let mut records: Vec<Vec<String>> = Vec::new();
        for (_, table) in between(section, "<table", "</table>") {
            let heads: Vec<&str> = between(table, "<th scope=\"col\">", "</th>")
                .iter()
                .map(|(_, head)| *head)
                .collect();
            let rows = between(table, "<tr>", "</tr>");
            if heads.is_empty() {
                let line = |row: &str| {
                    let label = between(row, "<th scope=\"row\">", "</th>")[0].1;
                    format!(
                        "{}: {}",
                        label.to_lowercase(),
                        words(between(row, "<td>", "</td>")[0].1)
                    )
                };
                records.push(rows.iter().map(|(_, row)| line(row)).collect());
                continue;
            }
            for (_, row) in rows.iter().skip(1) {
                let cells = between(row, "<td>", "</td>");
                let cells = heads.iter().zip(&cells).filter(|(_, (_, cell))| !cell.is_empty());
                records.push(
                    cells
                        .map(|(head, (_, cell))| {
                            format!("{}: {}", head.to_lowercase(), words(cell))
                        })
                        .collect(),
                );
            }
        }
        records.iter_mut().for_each(|record| record.sort());
        records.retain(|record| !record.is_empty());
        records.sort();
        let list = between(section, "<ul class=\"additional\">", "</ul>");
        let items = list.iter().flat_map(|(_, list)| between(list, "<li>", "</li>"));
        let mut items: Vec<String> = items.map(|(_, item)| words(item)).collect();
        items.sort();
        all.push((heading.to_owned(), records, items));
    }
    all
}

/// The tables, headings and paragraphs of a page in Markdown.
fn as_markdown(page: &str) -> String {
    let mut text = String::new();
    let body = between(page, "<main>", "</main>")[0].1;
    let nav = between(body, "<nav", "</nav>").first().map_or("", |(_, nav)| nav).to_owned();
    let body = body.replace(&nav, "");
    let mut is_table = false;
    for line in body.lines() {
        is_table |= line.starts_with("<table");
        text += &match line {
            _ if is_table => format!("{line}\n"),
            _ if line.starts_with("<h1") => format!("\n# {}\n", plain(line)),
            _ if line.starts_with("<h2") => format!("\n## {}\n", plain(line)),
            _ if line.starts_with("<li") => format!("- {}\n", plain(line)),
            _ => format!("\n{}\n", plain(line)),
        };
        if line == "</table>" {
            is_table = false;
            text += "\n";
        }
    }
    text.replace("&#39;", "'").replace("&#x27;", "'")
}

// ── Edits ───────────────────────────────────────────────────────────────────────────────────────

fn replaced(page: &str, (start, old): (usize, &str), new: &str) -> String {
    format!("{}{new}{}", &page[..start], &page[start + old.len()..])
}

/// The row around a place.
fn row(page: &str, at: usize) -> (usize, &str) {
    let start = page[..at].rfind("<tr>").unwrap();
    let end = at + page[at..].find("</tr>").unwrap() + "</tr>".len();
    (start, &page[start..end])
}

/// The cells of a page, without their paragraphs.
fn cells(page: &str) -> Vec<(usize, &str)> {
    let cells = between(page, "<td>", "</td>").into_iter();
    let inner = cells.map(|(at, cell)| match cell.strip_prefix("<p>") {
        Some(cell) => (at + "<p>".len(), cell.trim_end_matches("</p>")),
        None => (at, cell),
    });
    inner.filter(|(_, cell)| !cell.is_empty()).collect()
}

/// One change to a page.
fn edit(page: &str, dice: &mut Dice) -> String {
    let cells = cells(page);
    if cells.is_empty() {
        return page.to_owned();
    }
    let cell = dice.pick(&cells);
    let row = row(page, cell.0);
    match dice.below(11) {
        0 => replaced(page, cell, ""),
        1 => replaced(page, row, ""),
        2 => {
            let hidden = dice.pick(&["<tr hidden>", "<tr style=\"color: red; display:none\">"]);
            replaced(page, row, &row.1.replace("<tr>", hidden))
        }
        3 => replaced(page, row, &format!("<!-- {} -->", row.1)),
        4 => replaced(page, row, &row.1.repeat(2)),
        5 => {
            let other = dice.pick(&cells);
            both(page, (cell, other.1), (other, cell.1))
        }
        6 => {
            // A part of one cell moves to another: what one lacks, the other has once more.
            let other = dice.pick(&cells);
            match cell.1.rsplit_once(", ") {
                Some((rest, part)) => {
                    both(page, (cell, rest), (other, &format!("{}, {part}", other.1)))
                }
                None => page.to_owned(),
            }
        }
        7 => {
            let more = dice.pick(&[", religion", " and Income", " or so", "<br>Income"]);
            replaced(page, cell, &format!("{}{more}", cell.1))
        }
        8 => {
            let changed = cell.1.replace("30", "90").replace('2', "3").replace("Email", "Home");
            replaced(page, cell, &changed)
        }
        9 => relabelled(page, dice),
        _ => reworded(page, dice),
    }
}

/// Two places with other texts.
fn both(page: &str, one: ((usize, &str), &str), other: ((usize, &str), &str)) -> String {
    let (first, last) = if one.0.0 < other.0.0 { (one, other) } else { (other, one) };
    match first.0.0 == last.0.0 {
        true => page.to_owned(),
        false => replaced(&replaced(page, last.0, last.1), first.0, first.1),
    }
}

/// Another label for a row or a column.
fn relabelled(page: &str, dice: &mut Dice) -> String {
    let rows = between(page, "<th scope=\"row\">", "</th>");
    let columns = between(page, "<th scope=\"col\">", "</th>");
    let all = if rows.is_empty() { &columns } else { &rows };
    let (label, another) = (dice.pick(all), dice.pick(all).1);
    replaced(page, label, dice.pick(&[another, "Something else", "Retention"]))
}

/// Another sentence, or another title.
fn reworded(page: &str, dice: &mut Dice) -> String {
    let from = page.find("<ul class=\"additional\">").unwrap_or(page.len());
    let items = between(&page[from..], "<li>", "</li>");
    if items.is_empty() {
        return replaced(page, between(page, "<h1>", "</h1>")[0], "Another list");
    }
    let (at, item) = dice.pick(&items);
    let other = dice.pick(&["Selling it", "Support and selling it", "Login, ads"]);
    replaced(page, (from + at, item), other)
}

// ── The promise ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn each_edit_of_a_page_that_changes_what_it_says_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (mut changed, mut unchanged) = (0, 0);
    for seed in 0..120 {
        let dice = &mut Dice(seed);
        let text = policy(dice);
        let policy = file(&folder, "policy.why", &text);
        let layout = dice.pick(&["sections", "sections", "table", "recipients", "california"]);
        let more = ["--layout", layout, "--language", dice.pick(&["en", "zh", "de"])];
        let page = out(&[&["notice", &policy, "--format", "html"], &more[..]].concat(), 0);
        for _ in 0..4 {
            let edited = edit(&page, dice);
            let is_changed = said(&page) != said(&edited);
            for (name, edited) in [("page.html", edited.clone()), ("page.md", as_markdown(&edited))]
            {
                let found = drift_of_file(&policy, name, &edited, &more);
                let what = format!("{seed} {more:?} {name}\n{found:#?}\n{text}\n{edited}");
                assert_eq!(!found.is_empty(), is_changed, "{what}");
            }
            if is_changed { changed += 1 } else { unchanged += 1 }
        }
    }
    assert!(changed > 300 && unchanged > 20, "{changed} {unchanged}");
}

#[test]
fn a_page_that_notice_writes_says_what_its_policy_says() {
    let mut policies: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../policies")).unwrap() {
        let path = entry.unwrap().path();
        policies.extend(path.to_str().filter(|path| path.ends_with(".why")).map(str::to_owned));
    }
    policies.push(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/shop.why").to_owned());
    assert!(policies.len() > 5, "{policies:?}");
    for policy in &policies {
        for layout in ["sections", "table", "recipients", "california"] {
            for language in ["en", "zh", "de"] {
                let more = ["--layout", layout, "--language", language];
                for (format, name) in [("html", "page.html"), ("markdown", "page.md")] {
                    let list = ["notice", policy, "--format", format];
                    let page = out(&[&list, &more[..]].concat(), 0);
                    let found = drift_of_file(policy, name, &page, &more);
                    assert_eq!(found, Vec::<Value>::new(), "{policy} {more:?} {format}");
                }
            }
        }
    }
}
