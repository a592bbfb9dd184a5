//! What a page denies or limits is never permitted by the draft of it, wherever the page says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{draft_of, file, out, statements};

/// English headings that the tests' labels file has.
const WORDS: &str =
    "words: { collected: Data, purpose: Purpose, recipients: Third party, scenario: Activity }";

/// The statements of a page's draft; the page has data and purposes that can be read.
#[track_caller]
fn permitted(page: &str) -> Vec<String> {
    let name = if page.starts_with('<') { "page.html" } else { "page.md" };
    statements(&draft_of(name, page, WORDS, 0))
}

/// A page with a table of these heads and rows.
fn table(heads: &str, rows: &str) -> String {
    let columns = heads.matches('|').count() - 1;
    format!("# List\n\n## Account\n\n{heads}\n{}|\n{rows}", "|---".repeat(columns))
}

#[test]
fn an_answer_in_a_column_that_was_not_read_permits_nothing() {
    for answer in ["No", "no.", "否", "Nein", "✗", "Yes"] {
        let row = format!("| Email | {answer} | Login |");
        let page = table("| Data | Collected? | Purpose |", &row);
        let draft = draft_of("page.md", &page, WORDS, 0);
        assert_eq!(statements(&draft), [""; 0], "{answer}: {draft}");
        assert!(draft.contains(&format!("Collected?: {answer}")), "{draft}");
    }
}

#[test]
fn what_is_struck_out_or_refers_to_a_note_permits_nothing() {
    let heads = "| Data | Purpose |";
    for data in
        ["Email[^1]", "Email*", "Email¹", "Email<sup>1</sup>", "~~Email~~", "<del>Email</del>"]
    {
        let page = format!(
            "{}\n\n[^1]: Only if you subscribed.\n",
            table(heads, &format!("| {data} | Login |"))
        );
        let draft = draft_of("page.md", &page, WORDS, 0);
        assert_eq!(statements(&draft), [""; 0], "{data}: {draft}");
        assert!(draft.contains("Only if you subscribed."), "{draft}");
    }
    let cell =
        |data: &str| format!("<table><tr><th>Data<th>Purpose<tr><td>{data}<td>Login</table>");
    let page = |data: &str| format!("<h1>List</h1><h2>Account</h2>{}", cell(data));
    for data in ["Email<sup>1</sup>", "<s>Email</s>", "<strike>Email</strike> Phone"] {
        let draft = draft_of("page.html", &page(data), WORDS, 0);
        assert_eq!(statements(&draft), [""; 0], "{data}: {draft}");
    }
    let draft = draft_of("page.html", &page("Email"), WORDS, 0);
    assert_eq!(statements(&draft).len(), 1, "{draft}");
}

#[test]
fn a_note_of_a_label_is_a_note_of_all_that_it_heads() {
    let note = "\n\n\\* Only if you subscribed.\n";
    for page in [
        table("| Data* | Purpose |", "| Email | Login |") + note,
        table("| Data | Purpose † |", "| Email | Login |") + &note.replace("\\*", "†"),
        format!("# List\n\n## Account\n\n- **Data\\***: Email\n- **Purpose**: Login{note}"),
        format!("# List\n\n## Account\n\n- Data\\*: Email\n- Purpose: Login{note}"),
    ] {
        let draft = draft_of("page.md", &page, WORDS, 0);
        assert_eq!(statements(&draft), [""; 0], "{page}\n{draft}");
        assert!(draft.contains("Only if you subscribed."), "{page}\n{draft}");
    }
}

#[test]
fn cells_without_a_column_are_kept_as_a_comment() {
    let extra = "| Email | Login | Only if you subscribed. | `so` |";
    let draft = draft_of(
        "page.md",
        &table("| Data | Purpose |", &format!("| Name | Login |\n{extra}")),
        WORDS,
        0,
    );
    assert_eq!(statements(&draft).len(), 1, "{draft}");
    assert!(
        draft.contains("more cells than columns: Email | Login | Only if you subscribed. | `so`"),
        "{draft}"
    );
    // The heads once more, and labels that head the rows.
    let heads = "| Name | Login |\n| Data | Purpose | Only if you subscribed. |";
    let draft = draft_of("page.md", &table("| Data | Purpose |", heads), WORDS, 0);
    assert!(draft.contains("Only if you subscribed."), "{draft}");
    let across = table("| Data | Email |", "| Purpose | Login | Only if you subscribed. |");
    let page = format!("{}\n\n{across}", table("| Data | Purpose |", "| Name | Login |"));
    let draft = draft_of("page.md", &page, WORDS, 0);
    assert_eq!(statements(&draft).len(), 1, "{draft}");
    assert!(draft.contains("Only if you subscribed."), "{draft}");
}

#[test]
fn a_heading_that_denies_denies_all_below_it() {
    let lines = "- **Data**: Health\n- **Purpose**: Research\n";
    for heading in [
        "## Data we do not collect",
        "## Only with your consent",
        "## If you are under 16\n\n### Profile",
        "## Nie erhoben",
        "## 不收集的信息",
        "## Health\n\nWe do not collect the following data:",
        "## Health\n\n**Never shared**",
    ] {
        assert_eq!(permitted(&format!("# List\n\n{heading}\n\n{lines}")), [""; 0], "{heading}");
    }
    let other = format!("# List\n\n## Not collected\n\n{lines}\n## Account\n\n{lines}");
    assert_eq!(permitted(&other).len(), 1);
}

#[test]
fn a_line_over_a_table_or_some_of_its_rows_counts_for_them() {
    let heads = "| Data | Purpose | Third party |";
    let rows = "| Name | Login | |\n| **Not collected** | | |\n| Health | Research | |\n";
    assert_eq!(permitted(&table(heads, rows)), ["collect name by not_stated for login"]);
    let html = |above: &str, over: &str| {
        format!(
            "<h1>List</h1><h2>A</h2><table>{above}<tr><th>Data<th>Purpose\n{over}\n<tr><td>Health<td>Login</table>"
        )
    };
    let caption = "<caption>Data we never collect</caption>";
    assert_eq!(permitted(&html(caption, "")), [""; 0]);
    assert_eq!(permitted(&html("", "<tr><th colspan=2>Not collected")), [""; 0]);
    assert_eq!(permitted(&html("", "<tr><th colspan=2>Collected")).len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let text = "Activity,Personal data,Purpose\nPayroll,Bank details,Wages\nNOT COLLECTED:,,\nResearch,Health,Studies\n";
    let draft = out(&["import", "csv", &file(&folder, "a.csv", text)], 0);
    let expected = ["collect bank_details by not_stated for wages"];
    assert_eq!(statements(&draft), expected, "{draft}");
    assert!(draft.contains("NOT COLLECTED:"), "{draft}");
}

#[test]
fn the_names_of_all_heads_of_a_column_count() {
    let page = "<h1>List</h1><h2>A</h2><table><thead>\
        <tr><th rowspan=2>Data<th rowspan=2>Purpose<th colspan=2>Third party</tr>\
        <tr><th>Shared with<th>Not shared with</tr></thead>\
        <tr><td>Photo<td>Access<td><td>Anyone</table>";
    assert_eq!(permitted(page), [""; 0]);
    assert_eq!(permitted(&page.replace("Not shared", "Also shared")).len(), 2);
}

#[test]
fn heads_that_come_again_in_another_order_head_what_follows() {
    let rows = "| Email | Login |\n| **Purpose** | **Data** |\n| Delivery | Address |\n";
    let expected =
        ["collect email by not_stated for login", "collect address by not_stated for delivery"];
    assert_eq!(permitted(&table("| Data | Purpose |", rows)), expected);
}

#[test]
fn marks_and_answers_beside_a_name_are_for_a_reader_to_judge() {
    for data in ["☐ Health", "✗ Salary", "Pulse ❌", "[ ] Health", "Age: yes; Gender: no"] {
        let page = table("| Data | Purpose |", &format!("| {data} | Login |"));
        assert_eq!(permitted(&page), [""; 0], "{data}");
    }
    let page = "<h1>List</h1><h2>A</h2><table><tr><th>Data<th>Purpose\
        <tr><td><input type=checkbox> Health<td>Login</table>";
    assert_eq!(permitted(page), [""; 0]);
}

#[test]
fn data_and_purposes_that_may_go_in_pairs_are_not_multiplied() {
    for (data, purpose) in [
        ("Email, phone", "Login (email), calls (phone)"),
        ("Name<br>Location", "Profile<br>Maps"),
        ("1. IP address<br>2. Salary", "1. Security<br>2. Payroll"),
        ("Card for payment; address for delivery", "Shop"),
        ("Photo - avatar<br>Voice - commands", "App"),
        ("Email, phone", "Email → login, phone → calls"),
    ] {
        let page = table("| Data | Purpose |", &format!("| {data} | {purpose} |"));
        assert_eq!(permitted(&page), [""; 0], "{data} | {purpose}");
    }
    let page = table("| Data | Purpose |", "| Email, phone | Login<br>Support |");
    assert_eq!(permitted(&page), ["collect email, phone by not_stated for login, support"]);
}

#[test]
fn words_of_denial_and_condition_are_known_in_four_languages() {
    for text in [
        "nobody",
        "Ads (opt in)",
        "Maps once you agree",
        "TBC",
        "Werbung (niemals)",
        "entfällt",
        "Analyse, soweit Sie zustimmen",
        "mit Ausnahme von Kindern",
        "无第三方",
        "位置（需您授权）",
        "通讯录（暂不采集）",
        "avec votre consentement",
        "sans objet",
        "permission required",
    ] {
        let page = table("| Data | Purpose |", &format!("| Email | {text} |"));
        assert_eq!(permitted(&page), [""; 0], "{text}");
    }
}

#[test]
fn what_is_forbidden_but_for_something_is_forbidden_for_all() {
    for (heads, row, expected) in [
        (
            "| Types of Information Never Collected | Purpose |",
            "| Contact, except phone | Ads |",
            "never collect contact for ads",
        ),
        (
            "| Types of Information Never Collected | Purpose |",
            "| Exceptional data, Except phone | Ads |",
            "never collect exceptional_data for ads",
        ),
        (
            "| Types of Information Never Shared | Purpose | Third party |",
            "| Name | Ads | Partners, excluding Acme |",
            "never share name with partners for ads",
        ),
    ] {
        let draft = draft_of("page.md", &table(heads, row), WORDS, 0);
        assert_eq!(statements(&draft), [expected], "{draft}");
        assert!(draft.contains("not understood: "), "{draft}");
    }
}

#[test]
fn what_the_recipient_must_do_is_not_said_of_the_collection() {
    let policy = "policy p category name \"Name\" purpose login \"Login\" method form \"Form\" recipient r \"R\"
        duty tell \"Tell\" duty resale \"No resale\"
        collect name by form for login then tell retain 30 days
        share name with r for login then resale retain 10 days";
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "p.why", policy);
    let page = out(&["notice", &policy, "--layout", "table"], 0);
    let draft = out(&["import", "list", &file(&folder, "p.md", &page)], 0);
    let expected = [
        "collect name by form for login then tell retain 30 days",
        "share name with r for login then no_resale retain 10 days",
    ];
    assert_eq!(statements(&draft), expected, "{draft}");
}

#[test]
fn brackets_in_brackets_without_end_are_a_name() {
    let deep = format!("{}x{}", "a (".repeat(10_000), ")".repeat(10_000));
    for data in [deep.as_str(), &"x (including ".repeat(1_000)] {
        let folder = tempfile::tempdir().unwrap();
        let words = file(&folder, "words.yaml", WORDS);
        let page = table("| Data | Purpose |", &format!("| {data} | Login |"));
        let draft = out(&["import", "list", &file(&folder, "a.md", &page), "--labels", &words], 0);
        assert!(draft.contains("policy list"));
    }
}

#[test]
fn a_condition_behind_a_name_permits_nothing_in_any_column() {
    for limit in [
        "provided you have agreed",
        "in the event that you enable it",
        "to the extent permitted by law",
        "discontinued",
        "planned",
        "bei Zustimmung",
        "vorbehaltlich Ihrer Zustimmung",
        "geplant",
        "lorsque vous acceptez",
        "hors publicité",
        "（需用户授权）",
        "（默认关闭）",
        "（除广告外）",
        "– n/a",
    ] {
        for row in [
            "Email LIMIT | Login | Acme",
            "Email | Login LIMIT | Acme",
            "Email | Login | Acme LIMIT",
        ] {
            let row = format!("| {} |", row.replace("LIMIT", limit));
            let draft =
                draft_of("page.md", &table("| Data | Purpose | Third party |", &row), WORDS, 0);
            let shares = statements(&draft).into_iter().filter(|said| said.contains("share"));
            assert_eq!(shares.count(), 0, "{row}: {draft}");
        }
    }
}

#[test]
fn a_heading_of_what_is_over_or_still_to_come_permits_nothing() {
    for heading in ["Withdrawn as of 2025", "Planned", "Data we have stopped collecting"] {
        let page = table("| Data | Purpose |", "| Email | Login |").replace("Account", heading);
        assert_eq!(permitted(&page), [""; 0], "{heading}");
    }
    let page = table("| Data | Purpose | Status |", "| Email | Login | live |");
    assert_eq!(permitted(&page), [""; 0]);
}
