//! `whyfor notice --check`: what a page may say in other ways, and what no mistake hides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{drift, file, out};
use serde_json::Value;

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/shop.why");

const RECORD: &str = r#"
policy record "Record"
category email "Email"  category phone "Phone"
purpose hosting "Hosting"  purpose ads "Advertising"
method form "Form"  method call "Call"
recipient alpha "Alpha Ltd"  recipient beta "Beta Ltd"
"#;

/// The differences between a page and a policy of `RECORD` with these statements.
fn differences(statements: &str, page: &str, more: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(
        &folder,
        "policy.why",
        &format!("{RECORD}\nsection record \"Record\" {{\n{statements}\n}}"),
    );
    messages(&drift(&policy, &format!("# Record\n\n## Record\n\n{page}"), more))
}

fn messages(found: &[Value]) -> Vec<String> {
    found.iter().map(|drift| drift["message"].as_str().unwrap().to_owned()).collect()
}

const NONE: [String; 0] = [];

const HEADS: &str = "| Types of Information Collected | Collection Method | Purpose and Processing | Recipients |\n|---|---|---|---|\n";

#[test]
fn a_row_with_recipients_says_what_collect_and_share_say() {
    let row = format!("{HEADS}| Email | Form | Hosting | Beta Ltd, Alpha Ltd |\n");
    let collect = "collect email by form for hosting\n";
    for statements in [
        format!("{collect} share email with alpha, beta for hosting"),
        format!("share email with alpha, beta for hosting {collect}"),
        format!("share email with alpha for hosting {collect} share email with beta for hosting"),
    ] {
        assert_eq!(differences(&statements, &row, &[]), NONE, "{statements}");
    }
}

#[test]
fn a_row_with_recipients_says_no_more_than_collect_and_share() {
    let row = format!("{HEADS}| Email | Form | Hosting | Alpha Ltd |\n");
    let collect = "collect email by form for hosting\n";
    for (share, message) in [
        ("", "the page says “Alpha Ltd”, the policy does not"),
        ("share email with alpha for ads", "the page does not name “Advertising”"),
        ("share email with alpha, beta for hosting", "the page does not name “Beta Ltd”"),
        ("share email, phone with alpha for hosting", "the page does not name “Phone”"),
        ("share email with beta for hosting", "the page lacks the statement about “Email”"),
    ] {
        let found = differences(&format!("{collect}{share}"), &row, &[]);
        assert!(found.iter().any(|found| found == message), "{share}: {found:?}");
    }
}

#[test]
fn two_mistakes_do_not_cancel() {
    let statements = "collect email by form for hosting collect phone by call for ads";
    let page = |first: &str, second: &str| {
        let record = |types: &str, more: &str| {
            format!("1. **Types of Information Collected**: {types}\n{more}")
        };
        format!("{}\n{}", record("Email", first), record("Phone", second))
    };
    let method = |method: &str| format!("   - **Collection Method**: {method}\n");
    let purpose = |purpose: &str| format!("   - **Purpose and Processing**: {purpose}\n");
    let right =
        page(&(method("Form") + &purpose("Hosting")), &(method("Call") + &purpose("Advertising")));
    assert_eq!(differences(statements, &right, &[]), NONE);
    // What one record lacks, the other has once more.
    let moved =
        page(&purpose("Hosting"), &(method("Form") + &method("Call") + &purpose("Advertising")));
    assert!(differences(statements, &moved, &[]).len() >= 2);
    let swapped =
        page(&(method("Call") + &purpose("Hosting")), &(method("Form") + &purpose("Advertising")));
    assert_eq!(differences(statements, &swapped, &[]).len(), 4);
}

#[test]
fn a_record_may_start_with_any_of_its_labels() {
    let statements = "share email with alpha for hosting share phone with beta for hosting";
    let record = |to: &str, types: &str| {
        format!(
            "Recipients: {to}\n\nTypes of Information Shared: {types}\n\nPurpose and Processing: Hosting\n\n"
        )
    };
    let page = record("Alpha Ltd", "Email") + &record("Beta Ltd", "Phone");
    assert_eq!(differences(statements, &page, &[]), NONE);
    let wrong = record("Alpha Ltd", "Phone") + &record("Beta Ltd", "Email");
    assert!(differences(statements, &wrong, &[]).len() >= 2);
}

#[test]
fn labels_that_two_nodes_share_are_one_for_the_check() {
    let folder = tempfile::tempdir().unwrap();
    for nodes in [
        "h \"Biobank Data\" o \"Other data\" e \"Biobank Data\"",
        "h \"Biobank Data\" { e \"Biobank Data\" } o \"Other data\"",
    ] {
        let text = format!(
            "policy p \"P\" category root {{ {nodes} }} purpose x \"Care\" use h, e, o for x"
        );
        let policy = file(&folder, "p.why", &text);
        let list = out(&["notice", &policy], 0);
        for page in [list.clone(), list.replace("Biobank Data", "Biobank Data, biobank data")] {
            assert_eq!(drift(&policy, &page, &[]), Vec::<Value>::new(), "{page}");
        }
        let found = drift(&policy, &list.replace("Biobank Data, ", ""), &[]);
        assert!(!found.is_empty());
    }
}

#[test]
fn and_is_not_or_in_a_condition() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "shop.why", &std::fs::read_to_string(SHOP).unwrap());
    let list = out(&["notice", &policy], 0);
    for (from, to, what) in [
        (
            "to this purpose and the person's age",
            "to this purpose or the person's age",
            "condition",
        ),
        ("Unless the person's region", "The person's region", "condition"),
        ("2 years or 30 days", "2 years and 30 days", "retention"),
        ("At least 10 years", "10 years", "retention"),
        (
            "(if the person agreed to this purpose) together with",
            "(if the person agreed to this purpose) or",
            "legal basis",
        ),
        ("Tax law", "Trade law", "reason"),
        ("https://example.com/tax", "https://example.com/taxes", "address"),
        (
            "Optional Information**: Phone number (Data subjects: Customers)\n   - **Collection Method**: Provided by the user\n   - **Purpose and Processing**: Sign",
            "Optional Information**: Mailing address (Data subjects: Customers)\n   - **Collection Method**: Provided by the user\n   - **Purpose and Processing**: Sign",
            "optional item",
        ),
        ("Obligations of the Recipient", "Obligations", "duty"),
        ("without telling us your phone number", "without telling us your name", "text"),
        (
            "**Recipients**: Courier (Country: Germany)",
            "**Recipients**: Courier (Country: United States)",
            "recipient",
        ),
    ] {
        assert_eq!(list.matches(from).count(), 1, "{from}\n{list}");
        let found = drift(&policy, &list.replace(from, to), &[]);
        assert!(found.iter().any(|drift| drift["what"] == what), "{from} → {to}: {found:#?}");
    }
}

#[test]
fn a_name_that_says_nothing_elsewhere_is_compared_as_a_name() {
    for (language, name) in [("en", "None"), ("de", "Keine"), ("zh", "无")] {
        let policy = format!(
            "policy p \"List\" {{ language \"{language}\" }} category a \"Email\" purpose b \"Login\" \
             recipient r \"{name}\" share a with r for b"
        );
        let folder = tempfile::tempdir().unwrap();
        let policy = file(&folder, "policy.why", &policy);
        for layout in ["sections", "table", "recipients"] {
            let page = out(&["notice", &policy, "--layout", layout], 0);
            assert_eq!(drift(&policy, &page, &["--layout", layout]).len(), 0, "{page}");
        }
    }
}

#[test]
fn brackets_in_a_condition_are_compared() {
    let policy = "policy p \"List\" category a \"Email\" purpose b \"Login\" fact f \"F\" fact g \"G\" fact h \"H\" ";
    for (condition, own, other) in [
        ("when f and (g or h)", "F, and (G or H)", "(F and G) or H"),
        ("unless f and g", "Unless (F and G)", "Unless F, and G"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let policy = file(&folder, "policy.why", &format!("{policy} use a for b {condition}"));
        let page = out(&["notice", &policy], 0);
        assert!(page.contains(own), "{page}");
        let found = drift(&policy, &page.replace(own, other), &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["what"], "condition");
        // How a bracket is written makes no difference.
        let wide = own.replace('(', "（").replace(')', "）");
        assert_eq!(drift(&policy, &page.replace(own, &wide), &[]).len(), 0);
    }
}

#[test]
fn the_header_is_checked_too() {
    let list = out(&["notice", SHOP], 0);
    for (from, to, message) in [
        (
            "Effective: 2026-02-01",
            "Effective: 2026-03-01",
            "the page says “Effective: 2026-03-01”, the policy “2026-02-01”",
        ),
        (
            "Version: 2026-01",
            "Version: 2026-02",
            "the page says “Version: 2026-02”, the policy “2026-01”",
        ),
        (
            "Controller: Example Ltd",
            "Controller: Other Ltd",
            "the page says “Controller: Other Ltd”, the policy “Example Ltd”",
        ),
        (
            "Contact: privacy\\@example.com",
            "",
            "the page does not say “Contact: privacy@example.com”",
        ),
        (
            "<https://example.com/list>",
            "<https://example.org/list>",
            "the page says “Published at: https://example.org/list”, the policy “https://example.com/list”",
        ),
    ] {
        assert_eq!(list.matches(from).count(), 1, "{from}\n{list}");
        let found = drift(SHOP, &list.replace(from, to), &[]);
        assert_eq!(messages(&found), [message]);
        assert_eq!(found[0]["what"], "header");
    }
    // It may be a list.
    let items: String = list
        .lines()
        .map(|line| match line.split_once(": ") {
            Some((label, text)) if !line.contains("**") => format!("- **{label}**: {text}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert!(items.contains("- **Effective**: 2026-02-01"), "{items}");
    assert_eq!(drift(SHOP, &items, &[]), Vec::<Value>::new(), "{items}");
    // The number of this encoding and the controller may be said elsewhere.
    let short = list.replace("Version: 2026-01  \n", "").replace("Controller: Example Ltd  \n", "");
    assert_eq!(drift(SHOP, &short, &[]), Vec::<Value>::new());
}

#[test]
fn a_table_that_says_another_period_is_found_in_its_row() {
    let more = ["--layout", "table"];
    let table = out(&["notice", SHOP, "--layout", "table"], 0);
    assert_eq!(drift(SHOP, &table, &more), Vec::<Value>::new());
    let found = drift(SHOP, &table.replace("| 180 days |", "| 90 days |"), &more);
    assert_eq!(messages(&found), ["the page says “90 days”, the policy “180 days”"]);
    let rows: Vec<&str> = table.lines().filter(|line| !line.contains("180 days")).collect();
    let found = drift(SHOP, &(rows.join("\n") + "\n"), &more);
    assert!(messages(&found)[0].starts_with("the page lacks the statement"), "{found:#?}");
}

#[test]
fn a_table_that_is_not_read_is_reported() {
    let statements = "collect email by form for hosting";
    let record = "- **Types of Information Collected**: Email\n- **Collection Method**: Form\n- **Purpose and Processing**: Hosting\n\n";
    for table in
        ["| SDK | Data |\n|---|---|\n| X | IMEI |\n", "<table>\n<tr><td>IMEI</td></tr>\n</table>\n"]
    {
        let found = differences(statements, &format!("{record}{table}"), &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("the page has a table that cannot be compared"), "{found:?}");
    }
}

#[test]
fn a_group_with_its_parts_in_a_bracket_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(
        &folder,
        "p.why",
        "policy shop \"Shop\" category ids \"Device identifiers\" { imei \"IMEI\" meid \"MEID\" } category name \"Name\" \
         purpose login \"Login\" section a \"A\" { use name, ids, imei, meid for login }",
    );
    let page = |types: &str| {
        format!(
            "# Shop\n\n## A\n\n- **Types of Information Used**: {types}\n- **Purpose and Processing**: Login\n"
        )
    };
    for types in [
        "Name, device identifiers (IMEI, MEID)",
        "Name, device identifiers (including IMEI and MEID)",
    ] {
        assert_eq!(drift(&policy, &page(types), &[]), Vec::<Value>::new(), "{types}");
    }
    let found = drift(&policy, &page("Name, device identifiers (IMEI)"), &[]);
    assert_eq!(messages(&found), ["the page does not name “MEID”"]);
}

#[test]
fn what_is_excepted_is_not_what_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "policy p category name \"Name\" category phone \"Phone\" purpose p \"Login\" method m \"Form\"
        collect * except phone by m for p
        never use * except name for p";
    let policy = file(&folder, "p.why", policy);
    for (language, except, others) in [
        ("en", ", except ", [" and ", ", including "]),
        ("zh", "，但不包括", ["和", "，包括"]),
        ("de", ", außer ", [" und ", ", darunter "]),
    ] {
        for layout in ["sections", "table"] {
            let form = ["--language", language, "--layout", layout];
            let page = out(&[&["notice", &policy][..], &form].concat(), 0);
            assert_eq!(page.matches(except).count(), 2, "{page}");
            assert!(drift(&policy, &page, &form).is_empty(), "{page}");
            for other in others {
                let found = drift(&policy, &page.replacen(except, other, 1), &form);
                assert!(!found.is_empty(), "{language} {layout} {other}: {page}");
            }
        }
    }
}

#[test]
fn recipients_that_a_row_excepts_are_not_those_that_it_lists() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "policy p category name \"Name\" purpose p \"Login\" method m \"Form\"
        recipient g \"Partners\" { a \"Acme\" b \"Beta\" }
        collect name by m for p
        share name with g except g.a for p";
    let policy = file(&folder, "p.why", policy);
    let form = ["--layout", "table"];
    let page = out(&[&["notice", &policy][..], &form].concat(), 0);
    assert!(page.contains("Partners, except Acme"), "{page}");
    assert!(drift(&policy, &page, &form).is_empty(), "{page}");
    let listed = page.replace("Partners, except Acme", "Partners and Acme");
    assert!(!drift(&policy, &listed, &form).is_empty(), "{listed}");
}
