//! The table as a page: one file that loads nothing else and works without its script.
//!
//! The page is `page.html` with `page.css` and the scripts in it: `facts.js` answers for facts that the reader states by
//! the controls of `switches.js`, and `page.js` does the rest. Each cell of the table holds its
//! verdict as a word, which the style shows as a shape, so the table can be read aloud, copied and
//! printed. A JSON block holds the details of the cells: equal answers and statements are stored
//! once, and a cell is the number of its answer.
//!
//! All text from the policy is escaped in the markup, and the script inserts it only as text.

mod data;
mod switches;

use super::{Counts, Heading, Table};
use crate::output::markup::{escape, fill, grouped};
use whyfor::Verdict;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(
    include_str!("trees.js"),
    include_str!("facts.js"),
    include_str!("switches.js"),
    include_str!("page.js"),
);

/// A page, and a note about what was left out because of its size, if anything.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) left_out: Option<String>,
}

/// The whole page.
pub(crate) fn render(table: &Table<'_>) -> Page {
    let (data, left_out) = data::data(table);
    Page { text: page(table, &data, left_out.as_deref()), left_out }
}

fn page(table: &Table<'_>, data: &str, left_out: Option<&str>) -> String {
    let subject = &table.subject;
    let policy = subject.policy;
    fill(PAGE, |name| match name {
        "whyfor" => env!("CARGO_PKG_VERSION").to_owned(),
        "style" => STYLE.to_owned(),
        "script" => SCRIPT.to_owned(),
        "title" => escape(subject.title()),
        "participle" => escape(&subject.participle()),
        "question" => subject.axis.question().to_owned(),
        "columns" => subject.axis.nouns()[1].to_owned(),
        "heading" => subject.axis.heading().to_owned(),
        "version" => optional(policy.version(), |version| format!(" <small>{version}</small>")),
        "about" => about(table) + &optional(left_out.unwrap_or(""), |note| format!(" {note}")),
        "counts" => counts(table.counts()),
        "share" => share(table.counts()),
        "table" => grid(table),
        "policy" => escape(policy.name()),
        "footer" => {
            optional(policy.version(), |version| format!(" {version}"))
                + &optional(policy.controller(), |controller| format!(" · {controller}"))
        }
        "digest" => policy.digest().to_string(),
        "data" => data.to_owned(),
        _ => String::new(),
    })
}

fn optional(text: &str, with: impl Fn(&str) -> String) -> String {
    if text.is_empty() { String::new() } else { with(&escape(text)) }
}

fn about(table: &Table<'_>) -> String {
    let facts: Vec<String> = table.subject.stated.iter().map(|fact| escape(fact)).collect();
    let given = match facts.is_empty() {
        true => "No fact is stated.".to_owned(),
        false => format!("Given <code>{}</code>.", facts.join("</code>, <code>")),
    };
    let [column, _] = table.subject.axis.nouns();
    format!(
        "Every category of personal data against every {column}. Nothing is permitted unless a \
         statement permits it, and a group is allowed only if all of it is. <span id=\"given\">{given}</span>"
    )
}

// ── The markup ──────────────────────────────────────────────────────────────────────────────────

/// The class of a verdict, which sets its colour and shape.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "a",
        Verdict::Depends => "d",
        Verdict::Deny => "n",
    }
}

fn counts(counts: Counts) -> String {
    let total = (counts.allow + counts.depends + counts.deny).max(1);
    let count = |(verdict, count): (Verdict, usize)| {
        let word = match verdict {
            Verdict::Allow => "allowed",
            Verdict::Depends => "depend",
            Verdict::Deny => "denied",
        };
        let percent = match (count * 100 + total / 2) / total {
            0 if count > 0 => "<1".to_owned(),
            percent => percent.to_string(),
        };
        format!(
            "    <div><i class=\"shape {}\"></i><dd>{}<small>{percent}%</small></dd><dt>{word}</dt></div>\n",
            class(verdict),
            grouped(count),
        )
    };
    counts.each().map(count).concat()
}

fn share(counts: Counts) -> String {
    let part = |(verdict, count): (Verdict, usize)| match count {
        0 => String::new(),
        _ => format!("<i class=\"{}\" style=\"--n:{count}\"></i>", class(verdict)),
    };
    counts.each().map(part).concat()
}

const LEGEND: &str = "<dl class=\"legend\">\
    <dt><i class=\"shape a\"></i></dt><dd>allowed</dd>\
    <dt><i class=\"shape d\"></i></dt><dd>depends on facts</dd>\
    <dt><i class=\"shape n\"></i></dt><dd>denied</dd>\
    <dt><i class=\"shape n p\"></i></dt><dd>denied as a whole, not in every part</dd></dl>";

fn grid(table: &Table<'_>) -> String {
    let subject = &table.subject;
    if subject.size() == 0 {
        let [_, columns] = subject.axis.nouns();
        return format!(
            "      <p class=\"nothing\">The policy declares no categories, or no {columns}.</p>\n"
        );
    }
    let mut page = format!("<table id=\"matrix\" style=\"--columns:{}\">\n", subject.columns.len());
    page.push_str(&format!("<thead><tr><th class=\"corner\" rowspan=\"2\">{LEGEND}</th>"));
    for column in &subject.columns {
        page.push_str(&purpose(column));
    }
    page.push_str("</tr>\n<tr>");
    for (first, column) in subject.columns.iter().enumerate().filter(|(_, c)| c.is_root()) {
        page.push_str(&band(column, &subject.columns[first + 1..]));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    let partly = table.partly();
    for row in 0..subject.rows.len() {
        page.push_str(&line(table, row, &partly));
    }
    page + "</tbody></table>\n"
}

/// The path, and the label if the heading may be clipped.
fn tip(heading: &Heading<'_>) -> String {
    match heading.label {
        "" => escape(heading.path),
        label => format!("{}\n{}", escape(label), escape(heading.path)),
    }
}

fn purpose(column: &Heading<'_>) -> String {
    let root = if column.is_root() { " root g" } else { "" };
    format!(
        "<th class=\"purpose{root}\" scope=\"col\" title=\"{}\"><span class=\"label\">{}</span></th>",
        tip(column),
        escape(column.title()),
    )
}

/// The band over a root purpose and all below it.
fn band(root: &Heading<'_>, after: &[Heading<'_>]) -> String {
    let below = after.iter().take_while(|column| !column.is_root()).count();
    let narrow = if below == 0 { " narrow" } else { "" };
    format!(
        "<th class=\"band g{narrow}\" scope=\"colgroup\" colspan=\"{}\" title=\"{}\"><span class=\"label\">{}</span></th>",
        below + 1,
        tip(root),
        escape(root.title()),
    )
}

fn line(table: &Table<'_>, row: usize, partly: &[bool]) -> String {
    let subject = &table.subject;
    let heading = &subject.rows[row];
    let root = if heading.is_root() { " class=\"root\"" } else { "" };
    let depth = match heading.depth {
        0 => String::new(),
        depth => format!(" style=\"--d:{depth}\""),
    };
    let mut line = format!(
        "<tr{root}><th scope=\"row\"{depth} title=\"{}\"><span class=\"label\">{}</span></th>",
        tip(heading),
        escape(heading.title()),
    );
    let partly = &partly[row * subject.columns.len()..];
    for (column, heading) in subject.columns.iter().enumerate() {
        let verdict = table.verdict(row, column);
        let part = if partly[column] { " p" } else { "" };
        let group = if heading.is_root() { " g" } else { "" };
        line.push_str(&format!("<td class=\"{}{part}{group}\">{verdict}", class(verdict)));
    }
    line + "</tr>\n" // HTML allows omitting `</td>`: a fifth of the page
}
