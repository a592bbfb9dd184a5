//! The switches for facts in the page of `whyfor matrix`: a browser answers for facts as the command does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod browser;
#[path = "matrix/mod.rs"]
mod command;

use browser::dom;
use command::{matrix, whyfor};
use serde_json::{Value, json};
use std::path::PathBuf;

const CLINIC: &str = include_str!("matrix/facts.why");

fn written(folder: &tempfile::TempDir, text: &str) -> String {
    let path: PathBuf = folder.path().join("policy.why");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The data of a page.
fn data(page: &str) -> Value {
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

/// An outcome of a page in a form that does not depend on how the page numbers things, or sorts reasons and limits.
fn plain(outcome: &Value, data: &Value) -> Value {
    let reasons = outcome["why"].as_array().cloned().unwrap_or_default();
    let mut reasons: Vec<String> = reasons
        .iter()
        .filter(|why| why["at"].is_u64())
        .map(|why| {
            let statement = &data["statements"][why["at"].as_u64().unwrap() as usize];
            format!("{} {}", why["is"].as_str().unwrap(), statement["line"])
        })
        .collect();
    reasons.sort();
    let list = |member: &str| {
        let list = outcome[member].as_array().cloned().unwrap_or_default();
        list.into_iter().map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let flag = |member: &str| outcome[member].as_bool().unwrap_or_default();
    json!({
        "verdict": outcome["verdict"], "why": reasons, "duties": list("duties"), "bases": list("bases"),
        "retain": list("retain"), "least": list("least"), "missing": list("missing"),
        "parties": list("parties"), "unbased": flag("unbased"), "optional": flag("optional"),
    })
}

fn outcomes(data: &Value) -> Vec<Vec<Value>> {
    let row = |row: &Value| {
        let outcome = |number: &Value| &data["outcomes"][number.as_u64().unwrap() as usize];
        row.as_array().unwrap().iter().map(|number| plain(outcome(number), data)).collect()
    };
    data["cells"].as_array().unwrap().iter().map(row).collect()
}

/// What facts are in an address and on the command line.
const STATED: [&[&str]; 9] = [
    &[],
    &["minor=yes"],
    &["minor=no", "region=eu"],
    &["region=us", "age=90"],
    &["consent=yes", "age=17"],
    &["consent=no", "region=us"],
    &["consent=research"],
    &["consent=care.reminders", "age=18", "region=other"],
    &["age=40", "consent=yes", "minor=no", "region=eu"],
];

/// In the browser: what the page would show in each cell for each statement of facts, where facts matter.
const ASK: &str = r#"<script>
  (() => {
    const data = JSON.parse(document.getElementById("data").textContent);
    const columns = data.columns.map(([path]) => ({ path, title: path }));
    const form = document.createElement("form");
    const answers = answersFor(data);
    const switches = switchesFor(answers, columns, form, () => {});
    const all = STATED.map((facts) => {
      switches.restore(new URLSearchParams(facts.join("&")));
      return data.cells.map((cells, row) => cells.map((_, column) => answers.outcome(row, column)));
    });
    document.body.append(Object.assign(document.createElement("pre"), { id: "asked", textContent: JSON.stringify(all) }));
  })();
</script></body>"#;

fn agrees(policy: &str, act: &[&str]) -> usize {
    let page = matrix(policy, &[act, &["--format", "html"]].concat());
    let data_of_page = data(&page);
    let ask = ASK.replace("STATED", &serde_json::to_string(&STATED).unwrap());
    let shown = dom(&page.replace("</body>", &ask), "");
    let (_, asked) = shown.split_once("<pre id=\"asked\">").unwrap();
    let asked = asked.split_once("</pre>").unwrap().0;
    let asked = asked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let asked: Vec<Vec<Vec<Value>>> = serde_json::from_str(&asked).unwrap();
    let mut compared = 0;
    for (facts, asked) in STATED.iter().zip(asked) {
        let given: Vec<&str> = facts.iter().flat_map(|fact| ["--fact", fact]).collect();
        let other = data(&matrix(policy, &[act, &given, &["--format", "html"]].concat()));
        let (before, expected) = (outcomes(&data_of_page), outcomes(&other));
        for (row, cells) in asked.iter().enumerate() {
            for (column, outcome) in cells.iter().enumerate() {
                let expected = &expected[row][column];
                let place = format!("{act:?} {facts:?} {row} {column}");
                if outcome.is_null() {
                    let same = &before[row][column];
                    for member in ["verdict", "duties", "retain", "least", "unbased", "optional"] {
                        assert_eq!(same[member], expected[member], "{place}: no fact matters");
                    }
                    continue;
                }
                assert_eq!(&plain(outcome, &data_of_page), expected, "{place}");
                compared += 1;
            }
        }
    }
    compared
}

#[test]
fn a_browser_answers_for_other_facts_as_the_command_does() {
    let folder = tempfile::tempdir().unwrap();
    let policy = written(&folder, CLINIC);
    assert!(agrees(&policy, &["--act", "use"]) > 100);
    assert!(agrees(&policy, &["--act", "collect", "--by", "form"]) > 50);
    assert!(agrees(&policy, &["--act", "collect"]) > 50);
    assert!(agrees(&policy, &["--act", "share"]) > 50);
}

/// The verdicts that a document shows, row by row.
fn verdicts(document: &str) -> Vec<String> {
    let (_, body) = document.split_once("<tbody>").unwrap();
    let body = body.split_once("</tbody>").unwrap().0;
    let cells = body.split("<td ").skip(1);
    cells.map(|cell| cell.split(['>', '<']).nth(1).unwrap().trim().to_owned()).collect()
}

#[test]
fn the_address_states_facts_and_the_page_shows_their_answers() {
    let folder = tempfile::tempdir().unwrap();
    let policy = written(&folder, CLINIC);
    let page = matrix(&policy, &["--format", "html"]);
    let document = dom(&page, "health.blood/care?age=30&consent=yes");
    assert!(document.contains("data-ready"), "the script ran to its end");
    let csv = matrix(&policy, &["--format", "csv", "--fact", "age=30", "--fact", "consent=yes"]);
    let expected: Vec<&str> =
        csv.lines().skip(1).flat_map(|line| line.split(',').skip(1)).map(str::trim).collect();
    assert_eq!(verdicts(&document), expected);
    let count = |verdict: &str| expected.iter().filter(|v| **v == verdict).count();
    let (_, counts) = document.split_once("<dl class=\"counts\">").unwrap();
    for verdict in ["allow", "depends", "deny"] {
        let shown = format!("<dd>{}<small>", count(verdict));
        assert!(counts.contains(&shown), "{shown} in {counts:.600}");
    }
    assert!(document.contains("Given <code>consent=yes</code>, <code>age=30</code>."), "the head");
    let (_, panel) = document.split_once("<aside").unwrap();
    assert!(panel.contains("Allowed") && panel.contains("3 weeks"), "{panel}");
}

#[test]
fn a_fact_that_the_page_was_made_with_can_be_stated_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let policy = written(&folder, CLINIC);
    let made = ["--fact", "age=30", "--fact", "consent=trial", "--format", "html"];
    let page = matrix(&policy, &made);
    let as_made = matrix(&policy, &[&made[..4], &["--format", "csv"]].concat());
    let cells = |csv: &str| -> Vec<String> {
        let lines = csv.lines().skip(1);
        lines.flat_map(|line| line.split(',').skip(1)).map(|cell| cell.trim().to_owned()).collect()
    };
    assert_eq!(verdicts(&dom(&page, "")), cells(&as_made));
    let other =
        matrix(&policy, &["--fact", "consent=trial", "--fact", "age=12", "--format", "csv"]);
    assert_eq!(verdicts(&dom(&page, "?age=12")), cells(&other));
    let less = matrix(&policy, &["--fact", "age=30", "--format", "csv"]);
    assert_eq!(verdicts(&dom(&page, "?consent=")), cells(&less));
    for age in ["%20", "0x10", "1e999", "nothing"] {
        let shown = verdicts(&dom(&page, &format!("?age={age}")));
        assert_eq!(shown, cells(&as_made), "`{age}` is no number: as the page was made");
    }
    let hostile = dom(&page, "?age=%3Cimg%20src%3Dx%3E&region=nowhere&nothing=1");
    assert_eq!(verdicts(&hostile), cells(&as_made), "no such values: as the page was made");
}

#[test]
fn a_policy_without_facts_has_no_switches() {
    let folder = tempfile::tempdir().unwrap();
    let policy = written(&folder, "policy p category a purpose b use a for b");
    let document = dom(&matrix(&policy, &["--format", "html"]), "");
    assert!(document.contains("data-ready"));
    assert!(document.contains("id=\"facts\" aria-label=\"Facts\" hidden"), "{document}");
}

#[test]
fn switches_that_would_be_too_much_for_a_page_are_left_out_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "policy p\nfact age: number\ncategory all {".to_owned();
    text.extend((0..400).map(|number| format!(" c{number}")));
    text += "}\npurpose all {";
    text.extend((0..400).map(|number| format!(" p{number}")));
    text += "}\n";
    // Each cell has two statements, and no two cells have the same.
    text.extend((0..400).map(|n| format!("use c{n} for all when age > {n}\n")));
    text.extend((0..400).map(|n| format!("use all for p{n} when age < {n}\n")));
    let policy = written(&folder, &text);
    let output = whyfor(&["matrix", &policy, "--format", "html"]);
    assert_eq!(output.status.code(), Some(0));
    let note = String::from_utf8(output.stderr).unwrap();
    assert!(note.contains("switches for facts") && note.contains("--fact NAME=VALUE"), "{note}");
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.len() < 12_000_000, "{}", page.len());
    assert!(data(&page).get("switches").is_none());
}

#[test]
fn a_heading_under_the_pointer_is_shown_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let text = "policy p category a \"A label\" { b } purpose x use a for x";
    let page = matrix(&written(&folder, text), &["--format", "html"]);
    let point = r#"<script>
      const shown = Array.from(document.querySelectorAll("tbody th"), (head) => {
        head.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        return document.querySelector(".readout").innerText.split("\n").filter(Boolean).join(" | ");
      });
      document.body.dataset.shown = shown.join("; ");
    </script></body>"#;
    let document = dom(&page.replace("</body>", point), "");
    assert!(document.contains("data-shown=\"A label | a; a.b\""), "{document}");
}

#[test]
fn many_cells_with_few_conditions_have_switches() {
    let folder = tempfile::tempdir().unwrap();
    let list = |prefix: &str| (0..400).map(|i| format!(" {prefix}{i}")).collect::<String>();
    let text = format!(
        "policy p fact agreed category all {{{}}} purpose any {{{}}} use all for any when agreed",
        list("c"),
        list("p")
    );
    let page = matrix(&written(&folder, &text), &["--format", "html"]);
    assert!(data(&page).get("switches").is_some());
}

#[test]
fn every_heading_is_printed_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let long = "a title that goes on for much longer than any table has room for, as lawyers write them in lists";
    let text = format!(
        "policy p category a \"{long}\" {{ b \"{long} again\" }} category `long` \"{long}{long}\"
         purpose x \"{long}\" {{ y \"{long} again\" }} purpose z \"{long}\"\nuse a for x"
    );
    let page = matrix(&written(&folder, &text), &["--format", "html"]);
    let measure = r##"<script>
      const cut = Array.from(document.querySelectorAll("#matrix .label")).filter((label) => {
        const seen = [label, label.closest("th")];
        return seen.some((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== "visible"
          || getComputedStyle(e).textOverflow === "ellipsis" && getComputedStyle(e).whiteSpace === "nowrap");
      });
      document.body.dataset.cut = cut.length;
    </script></body>"##;
    let cut = |page: &str| {
        let document = dom(&page.replace("</body>", measure), "");
        let (_, count) = document.split_once("data-cut=\"").unwrap();
        count.split_once('"').unwrap().0.parse::<usize>().unwrap()
    };
    assert!(cut(&page) > 0, "on a screen, headings are cut and shown in full under the pointer");
    assert_eq!(cut(&page.replace("@media print", "@media screen")), 0);
}
