//! `whyfor notice --check`: which text of a page counts, in HTML and in Markdown, and in which forms a page may say it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{drift_of_file, file, out, whyfor};

const POLICY: &str = r#"
policy list "List"
category email "Email"  category phone "Phone"
purpose login "Login"  purpose support "Support"
method form "Form"
section account "Account" { collect email by form for login }
"#;
const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/shop.why");

/// The differences between a policy and a page in a file of this name, as messages.
fn compared(policy: &str, name: &str, page: &str, more: &[&str]) -> Vec<String> {
    let found = drift_of_file(policy, name, page, more);
    found.iter().map(|drift| drift["message"].as_str().unwrap().to_owned()).collect()
}

/// The differences between `POLICY` and a page in a file of this name.
fn of(name: &str, page: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    compared(&file(&folder, "policy.why", POLICY), name, page, &[])
}

/// The record of `POLICY` in HTML, with this text after its data.
fn html(after: &str) -> String {
    format!(
        "<!doctype html><title>x</title><h1>List</h1><h2>Account</h2><ul>\
         <li><b>Types of Information Collected</b>: Email{after}</li>\
         <li><b>Collection Method</b>: Form</li><li><b>Purpose and Processing</b>: Login</li></ul>"
    )
}

/// The same in Markdown.
fn markdown(after: &str) -> String {
    format!(
        "# List\n\n## Account\n\n- **Types of Information Collected**: Email{after}\n\
         - **Collection Method**: Form\n- **Purpose and Processing**: Login\n"
    )
}

const NONE: [String; 0] = [];

// ── What counts ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn what_is_hidden_is_not_published() {
    for hidden in [
        "<span hidden>, phone</span>",
        "<span style=\"color: red; DISPLAY : none !important\">, phone</span>",
        "<i style='visibility:hidden'>, phone</i>",
        "<template>, phone</template>",
        "<script>, phone</script>",
        "<!-- , phone -->",
    ] {
        assert_eq!(of("page.html", &html(hidden)), NONE, "{hidden}");
        assert_eq!(of("page.md", &markdown(hidden)), NONE, "{hidden}");
        // It may be all that the page says of something.
        let page = |text: &str| text.replace(": Form", &format!(": {hidden}"));
        assert_ne!(of("page.html", &page(&html(""))), NONE, "{hidden}");
        assert_ne!(of("page.md", &page(&markdown(""))), NONE, "{hidden}");
    }
}

#[test]
fn what_a_browser_shows_is_published() {
    let record = "<p>Types of Information Never Used: Phone</p>";
    for shown in [
        format!("<details><summary>More</summary>{record}</details>"),
        format!("<div style=\"display: block\" hidden>{record}</div>"),
        format!("<dialog open>{record}</dialog>"),
        format!("<nav>{record}</nav>"),
        format!("<footer>{record}</footer>"),
        "<table><caption>Types of Information Never Used: Phone</caption></table>".to_owned(),
        "<pre>Types of Information Never Used: Phone</pre>".to_owned(),
        "<ul><li>Phone</li></ul>".to_owned(),
    ] {
        assert_ne!(of("page.html", &(html("") + &shown)), NONE, "{shown}");
    }
    for hidden in [
        format!("<dialog>{record}</dialog>"),
        format!("<div hidden>{record}</div>"),
        format!("<section style='display:none'>{record}</section>"),
        format!("<noscript>{record}</noscript>"),
        "<table hidden><tr><td>Phone</td></tr></table>".to_owned(),
    ] {
        assert_eq!(of("page.html", &(html("") + &hidden)), NONE, "{hidden}");
    }
}

#[test]
fn a_forgotten_end_in_a_line_hides_only_that_line() {
    for tag in ["<span hidden>", "<i hidden>", "<template>", "<script>"] {
        let page = markdown(&format!("{tag}, phone")) + "- **Retention**: 30 days\n";
        assert_eq!(of("page.md", &page), ["the page says “30 days”, the policy does not"], "{tag}");
    }
}

#[test]
fn signs_that_change_what_a_text_says_are_found() {
    let marked = |page: &str, old: &str, new: &str| page.replacen(old, new, 1);
    for (old, new) in [
        (": Email", ": ~~Email~~"),
        (": Email", ": <del>Email</del>"),
        (": Form", ": <s>Form</s>"),
        (": Login", ": Login†"),
        (": Login", ": Login<sup>1</sup>"),
        (": Login", ": ❌ Login"),
        (": Login", ": ☐ Login"),
        (": Login", ": Login?"),
        (": Email", ": &gt; Email"),
    ] {
        assert_ne!(of("page.md", &marked(&markdown(""), old, new)), NONE, "{new}");
        assert_ne!(of("page.html", &marked(&html(""), old, new)), NONE, "{new}");
    }
    for (old, new) in [(": Login", ": Login\\*"), ("## Account", "## ~~Account~~")] {
        assert_ne!(of("page.md", &marked(&markdown(""), old, new)), NONE, "{new}");
    }
    // These change nothing.
    for (old, new) in [(": Login", ": *Login*"), (": Login", ": Login!"), ("- **", "* **")] {
        assert_eq!(of("page.md", &marked(&markdown(""), old, new)), NONE, "{new}");
    }
}

#[test]
fn a_number_below_zero_is_another_number() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "policy list \"List\"\ncategory email \"Email\"\npurpose login \"Login\"\n\
                  fact age \"Age\": number\nuse email for login when age >= 16\n";
    let policy = file(&folder, "policy.why", policy);
    let page = whyfor(&["notice", &policy]).stdout;
    let page = String::from_utf8(page).unwrap();
    assert_eq!(compared(&policy, "page.md", &page, &[]), NONE);
    assert_ne!(compared(&policy, "page.md", &page.replace("16", "-16"), &[]), NONE);
}

#[test]
fn a_link_to_another_address_than_it_shows_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "policy list \"List\" { url \"https://example.com/list\" contact \"a@example.com\" }\n\
                  category email \"Email\"\npurpose login \"Login\"\n\
                  use email for login see \"https://example.com/more\"\n";
    let policy = file(&folder, "policy.why", policy);
    let written = |format: &str| {
        String::from_utf8(whyfor(&["notice", &policy, "--format", format]).stdout).unwrap()
    };
    let (markdown, html) = (written("markdown"), written("html"));
    assert_eq!(compared(&policy, "page.md", &markdown, &[]), NONE);
    assert_eq!(compared(&policy, "page.html", &html, &[]), NONE);
    for address in ["https://example.com/list", "https://example.com/more"] {
        let other = "https://example.org/other";
        let link = format!("<{address}>");
        let page = markdown.replace(&link, &format!("[{address}]({other})"));
        assert_ne!(compared(&policy, "page.md", &page, &[]), NONE, "{page}");
        let page = markdown.replace(&link, &format!("<a href=\"{other}\">{address}</a>"));
        assert_ne!(compared(&policy, "page.md", &page, &[]), NONE, "{page}");
        let page = html.replace("href=\"https", "href=\"http");
        assert_ne!(page, html);
        assert_ne!(compared(&policy, "page.html", &page, &[]), NONE, "{page}");
    }
}

#[test]
fn code_with_a_label_is_told_as_it_cannot_be_compared() {
    let line = "**Types of Information Shared**: Phone";
    for code in [format!("\n```\n{line}\n```\n"), format!("\n<!-- -->\n\n    - {line}\n")] {
        let found = of("page.md", &(markdown("") + &code));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("the page has code that cannot be compared"), "{found:?}");
    }
    assert_eq!(of("page.md", &(markdown("") + "\n```\ncookie: x\n```\n")), NONE);
}

#[test]
fn a_table_of_other_labels_is_told() {
    let rows = "<tr><th>SDK</th><th>Data</th></tr>\n<tr><td>X</td><td>IMEI</td></tr>";
    let table = format!("\n<table>\n{rows}\n</table>\n");
    let found = ["the page has a table that cannot be compared: “SDK | Data”"];
    assert_eq!(of("page.md", &(markdown("") + &table)), found);
    assert_eq!(of("page.html", &(html("") + &table)), found);
}

#[test]
fn links_to_other_places_are_no_purposes() {
    let menu = "<ul><li><a href='/'>Home</a></li><li><a href='/shop'>Shop</a></li></ul>";
    let contents = "<ol><li><a href='#account'>Account</a></li></ol>";
    let page = html("").replace("<h1>", &format!("{menu}<h1>"));
    let page = page.replace("<h2>", &format!("{contents}<h2>")) + "<footer>" + menu + "</footer>";
    assert_eq!(of("page.html", &page), NONE);
    let contents = markdown("").replace("## ", "- [Account](#account)\n\n## ");
    assert_eq!(of("page.md", &contents), NONE);
    // Below the first heading, a link to another page may be one.
    assert_ne!(of("page.html", &(html("") + menu)), NONE);
}

#[test]
fn a_page_that_cannot_be_read_to_its_end_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", POLICY);
    let page = file(&folder, "page.html", &("<div>".repeat(500) + &html("")));
    let output = whyfor(&["notice", &policy, "--check", &page]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("over 400 elements in each other"), "{errors}");
}

// ── Titles and the header ───────────────────────────────────────────────────────────────────────

#[test]
fn the_title_that_is_shown_counts() {
    let wrong = ["the page is titled “Other”, the policy “List”"];
    let with_matter = |title: &str, page: &str| format!("---\ntitle: {title}\n---\n\n{page}");
    assert_eq!(of("page.md", &with_matter("Other", &markdown(""))), NONE);
    let without = markdown("").replace("# List\n", "");
    assert_eq!(of("page.md", &with_matter("List", &without)), NONE);
    assert_eq!(of("page.md", &with_matter("Other", &without)), wrong);
    assert_eq!(of("page.html", &html("").replace("<h1>List", "<h1>Other")), wrong);
    let without = html("").replace("<h1>List</h1>", "");
    assert_eq!(of("page.html", &without.replace("<title>x", "<title>List")), NONE);
    assert_eq!(of("page.html", &without.replace("<title>x", "<title>Other")), wrong);
}

#[test]
fn the_header_of_a_page_in_html_is_checked_too() {
    let page = out(&["notice", SHOP, "--format", "html"], 0);
    for (from, to) in [
        ("<p>Controller: Example Ltd</p>", "<p>Controller: Other Ltd</p>"),
        ("<p>Version: 2026-01</p>", "<p>Version: 2026-02</p>"),
        ("<p>Effective: 2026-02-01</p>", "<p>Effective: 2026-03-01</p>"),
        ("<p>Effective: 2026-02-01</p>", ""),
        ("<p>Contact: privacy@example.com</p>", "<p hidden>Contact: privacy@example.com</p>"),
        ("example.com&#x2f;list</a>", "example.org&#x2f;list</a>"),
    ] {
        assert_eq!(page.matches(from).count(), 1, "{from}\n{page}");
        let found = compared(SHOP, "page.html", &page.replace(from, to), &[]);
        assert_eq!(found.len(), 1, "{from} → {to}: {found:?}");
    }
}

// ── Pages of other forms ────────────────────────────────────────────────────────────────────────

/// A page with its header, and with this template for the records of a section.
fn template(records: &str) -> String {
    let header = "<p>{{ words.effective }}: {{ effective }}<br>{{ words.contact }}: {{ contact }} | \
                  {{ words.url }}: <a href='x'>{{ url }}</a></p>";
    let additional = "{% if section.additional %}<p>{{ words.additional }}</p><ul>\
                      {% for one in section.additional %}<li>{{ one.text }}</li>{% endfor %}</ul>{% endif %}";
    format!(
        "<!doctype html><title>x</title><h1>{{{{ title }}}}</h1>{header}{{% for section in sections %}}\
         <h2>{{{{ section.title }}}}</h2><p>{{{{ section.because }}}}</p>\
         {{% for block in section.blocks %}}{records}{{% endfor %}}{additional}{{% endfor %}}"
    )
}

#[test]
fn a_page_of_ones_own_template_says_what_its_policy_says() {
    for (before, line, after) in [
        ("<dl>", "<dt>LABEL</dt><dd>TEXT</dd>", "</dl>"),
        ("<p>", "LABEL: TEXT<br>", "</p>"),
        ("<div>", "<div><b>LABEL</b> <i>TEXT</i></div>", "</div>"),
        ("", "<h4>LABEL</h4><p>TEXT</p>", ""),
        ("<ul>", "<li>LABEL: TEXT</li>", "</ul>"),
        ("<table>", "<tr><th>LABEL</th><td>TEXT</td></tr>", "</table>"),
    ] {
        let line = line.replace("LABEL", "{{ line.label }}").replace("TEXT", "{{ line.text }}");
        let records = format!("{before}{{% for line in block.lines %}}{line}{{% endfor %}}{after}");
        let folder = tempfile::tempdir().unwrap();
        let template = file(&folder, "list.html", &template(&records));
        for language in ["en", "zh", "de"] {
            let more = ["--language", language];
            let page = out(&[&["notice", SHOP, "--template", &template], &more[..]].concat(), 0);
            assert_eq!(compared(SHOP, "page.html", &page, &more), NONE, "{page}");
            let wrong = compared(SHOP, "page.html", &page.replace("180", "90"), &more);
            assert_eq!(wrong.len(), 1, "{wrong:?}\n{page}");
        }
    }
}

/// The draft of a page says what the page says.
#[track_caller]
fn drafted(name: &str, page: &str) {
    let folder = tempfile::tempdir().unwrap();
    let list = file(&folder, name, page);
    let draft = file(&folder, "draft.why", &out(&["import", "list", &list], 0));
    let output = whyfor(&["notice", &draft, "--check", &list]);
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{found}\n{page}");
}

const HEADS: &str =
    "| Types of Information Collected | Collection Method | Purpose and Processing |";

/// A page with one table, in which these stand below one more head.
fn table(head: &str, rows: &[&str]) -> String {
    format!("# List\n\n{HEADS} {head} |\n|---|---|---|---|\n{}\n", rows.join("\n"))
}

#[test]
fn the_draft_of_labelled_lines_says_what_the_page_says() {
    let item = "- **Types of Information Collected**: Email\n- **Purpose and Processing**: Login\n";
    let types = "Types of Information Collected";
    let purpose = "Purpose and Processing";
    for page in [
        format!("---\ntitle: List\n---\n\n## A\n\n{item}"),
        format!("## List\n\n### A\n\n{item}"),
        format!("# List\n\n## Who we are\n\nA shop.\n\n## A\n\n{item}\n## Your rights\n\nMany.\n"),
        format!("# List\n\n**{types}**:\n\n- Email\n- Phone\n\n**{purpose}**: Login\n"),
        format!("# List\n\n## A\n\n{types}: Email; {purpose}: Login\n"),
        format!(
            "# List\n\n{types}: Email  \n{purpose}: Login\n\n{types}: Age\n{purpose}: Support\n"
        ),
        format!(
            "# List\n\n1. {types}: Email<br>{purpose}: Login\n2. {types}: Age<br>{purpose}: Support\n"
        ),
    ] {
        drafted("page.md", &page);
    }
}

#[test]
fn the_draft_of_a_table_says_what_the_page_says() {
    let in_markdown = [
        table("No.", &["| Email<br>Phone | Form | Email: login<br>Phone: support | 1 |"]),
        table("Required", &["| Email | Form | Login | yes |", "| Phone | Form | Support | no |"]),
        table("", &["| Email, phone (optional) | Form | Login | |"]),
        table("Recipients", &["| Email | Form | Login | None |", "| Age | Form | Care | Alpha |"]),
        table(
            "Scenario",
            &["| Email | Form | Login | Account |", "| Age | Form | Care | Orders |"],
        ),
    ];
    in_markdown.iter().for_each(|page| drafted("page.md", page));
    for table in [
        "<table><tr><th>Types of Information Collected<th>Purpose and Processing\
         <tr><td><ul><li>Email<li>Phone</ul><td rowspan=2>Login<tr><td>Age</table>",
        "<table><tr><th>Types of Information Collected<td>Email<td>Phone\
         <tr><th>Collection Method<td colspan=2>Form<tr><th>Purpose and Processing<td>Login<td>Care</table>",
        "<table><thead><tr><th rowspan=2>No.<th colspan=2>What<tr><th>Types of Information Collected\
         <th>Purpose and Processing<tbody><tr><td>1<td>Email<td>Login<tr><td>2<td>Phone<td>Care</table>",
    ] {
        drafted("page.md", &format!("# List\n\n{table}\n"));
        drafted("page.html", &format!("<!doctype html><title>x</title><h1>List</h1>{table}"));
    }
}

#[test]
fn another_form_of_a_record_hides_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let more = "for login collect optional phone by form for support }";
    let policy = file(&folder, "policy.why", &POLICY.replace("for login }", more));
    let page = |rows: &str| {
        let heads = format!("{HEADS} Required | Recipients |\n|---|---|---|---|---|");
        format!("# List\n\n## Account\n\n{heads}\n{rows}\n")
    };
    let right = "| Email | Form | Login | yes | - |\n| Phone | Form | Support | no | none |";
    assert_eq!(compared(&policy, "page.md", &page(right), &[]), NONE);
    for (from, to) in [("| no |", "| yes |"), ("| yes |", "| perhaps |"), ("none", "no one else")] {
        let found = compared(&policy, "page.md", &page(&right.replace(from, to)), &[]);
        assert_ne!(found, NONE, "{from} → {to}");
    }
    for row in [
        "| Email, phone (optional) | Form | Email: support<br>Phone: login | | |",
        "| Email<br>Phone (optional) | Form | Email: login<br>Email: support | | |",
        "| Email and phone (optional) | Form | Login and support | | |",
    ] {
        assert_ne!(compared(&policy, "page.md", &page(row), &[]), NONE, "{row}");
    }
}

#[test]
fn a_form_that_may_be_read_in_two_ways_is_compared_as_it_is() {
    for (statements, row) in [
        // The bracket may be about the phone alone.
        (
            "collect optional email, phone by form for login }",
            "| Email and phone (optional) | Form | Login | |",
        ),
        // Nothing is said of the phone.
        (
            "collect email by form for login collect email by form for support }",
            "| Email<br>Phone | Form | Email: login<br>Email: support | |",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let text = POLICY.replace("collect email by form for login }", statements);
        let policy = file(&folder, "policy.why", &text);
        let page = table("", &[row]).replace("# List\n", "# List\n\n## Account\n");
        assert_ne!(compared(&policy, "page.md", &page, &[]), NONE, "{row}");
    }
}

#[test]
fn a_column_of_numbers_is_left_out_only_if_it_counts_the_rows() {
    let page = |head: &str, number: &str| {
        let row = format!("| Email | Form | Login | {number} |");
        table(head, &[&row]).replace("# List\n", "# List\n\n## Account\n")
    };
    assert_eq!(of("page.md", &page("No.", "1")), NONE);
    assert_eq!(of("page.md", &page("#", "7")), NONE);
    let found = ["the page has “Days kept: 30”, which no statement says"];
    assert_eq!(of("page.md", &page("Days kept", "30")), found);
}
