//! `whyfor import list` on pages as people write them: what is read, and what becomes a comment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{draft_of, drift, file, out, statements, whyfor};

/// English headings that the tests' labels file has.
const WORDS: &str = "words: { collected: Data, purpose: Purpose, recipients: Third party }";
/// The same for pages about what is shared.
const SHARED: &str = "words: { shared: Data, purpose: Purpose, recipients: Third party }";

#[track_caller]
fn draft(page: &str) -> String {
    draft_of("page.md", page, "", 0)
}

fn list(lines: &str) -> String {
    format!("# List\n\n## Account\n\n{lines}")
}

const ROWS: &str =
    "| Types of Information Collected | Collection Method | Purpose and Processing |";

fn table(heads: &str, rows: &str) -> String {
    let columns = heads.matches('|').count() - 1;
    list(&format!("{heads}\n{}|\n{rows}", "|---".repeat(columns)))
}

// ── What is not read ────────────────────────────────────────────────────────────────────────────

#[test]
fn items_without_a_label_permit_nothing() {
    for heading in ["Data we do not collect", "Your rights", "How we protect data", "Addresses"] {
        let page = list(&format!(
            "- **Types of Information Collected**: Email\n- **Collection Method**: Form\n\
             - **Purpose and Processing**: Login\n\n## {heading}\n\n- Biometric data\n- Recordings\n"
        ));
        let draft = draft(&page);
        assert_eq!(statements(&draft), ["collect email by form for login"], "{draft}");
        assert!(draft.contains("// not understood: Biometric data"), "{draft}");
        assert!(draft.contains("// not understood: Recordings"), "{draft}");
    }
}

#[test]
fn items_below_the_words_for_additional_purposes_permit_use() {
    let lead = "Additional purposes for collecting the above information include:";
    let page =
        list(&format!("{ROWS}\n|---|---|---|\n| Email | Form | Login |\n\n{lead}\n\n- Audits\n"));
    let text = draft(&page);
    assert!(statements(&text).contains(&"use collected for audits".to_owned()), "{text}");
    let text = draft(&page.replace("- Audits", "- We never sell data"));
    assert_eq!(statements(&text).len(), 1, "{text}");
    let text = draft(&page.replace(lead, "We do none of this:"));
    assert_eq!(statements(&text).len(), 1, "{text}");
}

#[test]
fn every_line_cell_and_item_stands_in_the_draft() {
    let page = "# List\n\nNote: changed\n\n## A\n\n\
        | Types of Information Collected | Purpose and Processing | Security | Collection Method |\n\
        |---|---|---|---|\n| Alpha one, alpha two | Beta | Gamma | Delta |\n| Epsilon | Zeta, if eta | | Theta |\n\n\
        | Place | Hours |\n|---|---|\n| Iota | Kappa |\n\n\
        **Lambda**: mu\n\n- Nu\n- **Xi**: omicron\n\n### Purpose and Processing\n\n- Pi\n\nRho: sigma\n";
    let draft = draft(page);
    let lower = draft.to_lowercase();
    for word in [
        "changed",
        "alpha one",
        "alpha two",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "place",
        "hours",
        "lambda: mu",
        "nu",
        "xi: omicron",
        "pi",
        "rho: sigma",
    ] {
        assert!(lower.contains(word), "{word}\n{draft}");
    }
    assert!(draft.contains("labelled lines were read"), "{draft}");
}

#[test]
fn a_draft_says_how_many_lines_were_read() {
    let draft = draft(&list(
        "- **Types of Information Collected**: Email\n- **Collection Method**: Form\n\
         - **Purpose and Processing**: Login\n- **Security**: TLS\n",
    ));
    let head = "// 3 of 4 labelled lines were read. Marked `not understood`: the others.";
    assert!(draft.contains(head), "{draft}");
}

#[test]
fn a_page_without_data_or_without_purposes_is_a_finding() {
    let page = "# Shared\n\nThird party: Alpha Ltd\n\nData: Device model\n";
    let draft = draft_of("page.md", page, SHARED, 1);
    assert!(statements(&draft).is_empty(), "{draft}");
    let page = "# Shared\n\nThird party: Alpha Ltd\n\nPurpose: Push\n";
    let draft = draft_of("page.md", page, SHARED, 1);
    assert!(statements(&draft).is_empty(), "{draft}");
}

#[test]
fn a_cell_with_a_condition_permits_nothing() {
    for (data, purpose) in [
        ("Email", "Marketing, if you agree"),
        ("Email", "Marketing (only with your consent)"),
        ("Email, except work email", "Login"),
        ("No biometric data", "Login"),
        ("Email, but not phone", "Login"),
        ("Email", "Not for advertising"),
        ("Email unless you object", "Login"),
        ("邮箱", "营销，但不包括广告"),
        ("Yes", "Login"),
        ("Email", "Same as above"),
    ] {
        let draft = draft(&table(ROWS, &format!("| {data} | Form | {purpose} |\n")));
        assert!(statements(&draft).is_empty(), "{data} {purpose}\n{draft}");
        assert!(draft.contains("not understood, so nothing is permitted: "), "{draft}");
    }
}

#[test]
fn nothing_said_is_nothing_shared() {
    let heads = format!("{ROWS} Recipients |");
    for none in ["None", "N/A", "-", "无", "not applicable"] {
        let draft = draft(&table(&heads, &format!("| Email | Form | Login | {none} |\n")));
        assert_eq!(statements(&draft), ["collect email by form for login"], "{draft}");
        assert!(draft.contains(&format!("// the page says: Recipients: {none}")), "{draft}");
    }
    let text = draft(&table(&heads, "| Email | Form | Login | Not shared |\n"));
    assert_eq!(statements(&text), ["collect email by form for login"], "{text}");
}

#[test]
fn the_message_names_the_heads_of_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let page = "# List\n\n| Category of personal information | Purposes of use | Source |\n|---|---|---|\n\
                | Email | Login | You |\n";
    let page = file(&folder, "page.md", page);
    let output = whyfor(&["import", "list", &page]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let heads = "the page has “Category of personal information”, “Purposes of use”, “Source”";
    assert!(errors.contains(heads), "{errors}");
    let words = "words: { collected: Category of personal information, purpose: Purposes of use, method: Source }";
    assert!(errors.contains(words), "{errors}");
    let labels = file(&folder, "words.yaml", words);
    let draft = out(&["import", "list", &page, "--labels", &labels], 0);
    assert_eq!(statements(&draft), ["collect email by you for login"], "{draft}");
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_first_label_that_comes_again_starts_a_record() {
    let page = "# Shared\n\nThird party: Alpha Ltd\n\nData: Device model\n\nPurpose: Push\n\n\
                Third party: Beta Ltd\n\nData: Location\n\nPurpose: Maps\n\n\
                Third party: Gamma Ltd\n\nData: Face images\n\nPurpose: Login\n";
    let expected = [
        "share device_model with alpha_ltd for push",
        "share location with beta_ltd for maps",
        "share face_images with gamma_ltd for login",
    ];
    let draft = draft_of("page.md", page, SHARED, 0);
    assert_eq!(statements(&draft), expected, "{draft}");
    let purpose_first = "# Shared\n\nPurpose: Push\n\nData: Device model\n\nThird party: Alpha Ltd\n\n\
                         Purpose: Maps\n\nThird party: Beta Ltd\n\nData: Location\n";
    let draft = draft_of("page.md", purpose_first, SHARED, 0);
    assert_eq!(statements(&draft), expected[..2], "{draft}");
}

#[test]
fn records_that_only_their_labels_separate_are_in_doubt_if_a_line_is_missing() {
    let page = "# List\n\nData: Email\n\nPurpose: Login\n\nThird party: Alpha Ltd\n\nData: Location\n\n\
                Purpose: Maps\n\nThird party: Beta Ltd\n";
    let lines: Vec<&str> = page.lines().collect();
    let pairs = [("email", "login", "alpha_ltd"), ("location", "maps", "beta_ltd")];
    for cut in (2..lines.len()).step_by(2) {
        let mut lines = lines.clone();
        lines.remove(cut);
        let folder = tempfile::tempdir().unwrap();
        let (page, words) =
            (file(&folder, "page.md", &lines.join("\n")), file(&folder, "words.yaml", SHARED));
        let output = whyfor(&["import", "list", &page, "--labels", &words]);
        let draft = String::from_utf8(output.stdout).unwrap();
        for statement in statements(&draft) {
            let is_own = pairs.iter().any(|(data, purpose, party)| {
                statement == format!("share {data} with {party} for {purpose}")
            });
            assert!(is_own, "{statement}\n{draft}");
        }
    }
}

#[test]
fn a_row_with_data_and_recipients_collects_and_shares() {
    let heads = format!("{ROWS} Recipients |");
    let page = table(&heads, "| Email | Form | Hosting | Alpha Ltd |\n");
    let text = draft(&page);
    let both = ["collect email by form for hosting", "share email with alpha_ltd for hosting"];
    assert_eq!(statements(&text), both, "{text}");
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "draft.why", &text);
    assert_eq!(drift(&policy, &page, &[]), Vec::<serde_json::Value>::new());

    let shared = page.replace("Types of Information Collected", "Types of Information Shared");
    assert_eq!(statements(&draft(&shared)), both);
    let page = "# Record\n\n| Data | Purpose | Third party |\n|---|---|---|\n| Email, phone | Hosting | Alpha Ltd |\n";
    let draft = draft_of("page.md", page, WORDS, 0);
    assert!(draft.contains("share email, phone with alpha_ltd for hosting"), "{draft}");
    assert!(draft.contains("collect email, phone by not_stated for hosting"), "{draft}");
}

#[test]
fn a_word_may_have_several_headings() {
    let words =
        "words: { collected: [Data, Sensitive data], purpose: [Purpose, Why], method: How }";
    let heads = "| Data | Sensitive data | How | Why |";
    let draft = draft_of("page.md", &table(heads, "| Email | Health | Form | Care |\n"), words, 0);
    assert_eq!(statements(&draft), ["collect email, health by form for care"], "{draft}");
    let lines = list("- Data: Email\n- Sensitive data: Health\n- How: Form\n- Purpose: Care\n");
    let draft = draft_of("page.md", &lines, words, 0);
    assert_eq!(statements(&draft), ["collect email, health by form for care"], "{draft}");
}

#[test]
fn a_column_of_scenarios_names_sections() {
    let heads = format!("| Scenario {ROWS}");
    let draft = draft(&table(
        &heads,
        "| Registration | Email | Form | Login |\n| Registration | Name | Form | Greeting |\n\
         | Orders | Address | Form | Delivery |\n",
    ));
    assert!(draft.contains("section registration \"Registration\""), "{draft}");
    assert!(draft.contains("section orders \"Orders\""), "{draft}");
    assert_eq!(draft.matches("section ").count(), 2, "{draft}");
}

#[test]
fn labelled_lines_of_one_paragraph_are_lines() {
    let expected = ["share device_model with alpha_ltd for push"];
    for paragraph in [
        "Third party: Alpha Ltd  \nPurpose: push  \nData: device model  \n",
        "Third party: Alpha Ltd\nPurpose: push\nData: device model\n",
        "Third party: Alpha Ltd<br>Purpose: push<br/>Data: device model\n",
        "**Third party**: Alpha Ltd **Purpose**: push **Data**: device model\n",
        "**Third party:** Alpha Ltd  \n**Purpose:** push  \n**Data:** device model\n",
        "Third party: Alpha Ltd; Purpose: push; Data: device model\n",
        "- Third party: Alpha Ltd  \n  Purpose: push  \n  Data: device model\n",
        "- **Third party**: Alpha Ltd<br>**Purpose**: push<br>**Data**: device model\n",
    ] {
        let draft = draft_of("page.md", &format!("# List\n\n{paragraph}"), SHARED, 0);
        assert_eq!(statements(&draft), expected, "{paragraph}{draft}");
    }
}

#[test]
fn a_column_of_a_table_may_be_a_record() {
    let page = "# List\n\n| Third party | Alpha Ltd | Beta Ltd |\n|---|---|---|\n\
                | Data | Email | Location |\n| Purpose | Push | Maps |\n";
    let draft = draft_of("page.md", page, SHARED, 0);
    let expected = ["share email with alpha_ltd for push", "share location with beta_ltd for maps"];
    assert_eq!(statements(&draft), expected, "{draft}");
}

#[test]
fn a_row_with_more_cells_than_columns_permits_nothing() {
    let draft = draft_of(
        "page.md",
        &table(ROWS, "| Email | Phone | Form | Login |\n| Name | Form | Login |\n"),
        "",
        0,
    );
    assert_eq!(statements(&draft), ["collect name by form for login"], "{draft}");
    assert!(
        draft.contains("// not understood: more cells than columns: Email | Phone | Form"),
        "{draft}"
    );
}

// ── Pages in HTML ───────────────────────────────────────────────────────────────────────────────

#[test]
fn a_table_in_html_is_read() {
    let page = list(
        "<table>\n<tr><th>Types of Information Collected</th><th>Collection Method</th>\
         <th>Purpose and Processing</th></tr>\n<tr><td><ul><li>Email</li><li>Phone</li></ul></td>\
         <td>Form</td><td>Login</td></tr>\n</table>\n",
    );
    let draft = draft(&page);
    assert_eq!(statements(&draft), ["collect email, phone by form for login"], "{draft}");
}

#[test]
fn a_cell_over_several_rows_stands_in_each() {
    let head = "<tr><th>Types of Information Collected</th><th>Collection Method</th>\
                <th>Purpose and Processing</th></tr>";
    let page = format!(
        "<!DOCTYPE html><html><head><title>Shop list</title></head><body><h2>Account</h2><table>{head}\
         <tr><td rowspan=2>Email</td><td>Form</td><td>Login</td></tr><tr><td>Server</td><td>Audit</td></tr>\
         <tr><td>Name</td><td colspan=2>Form</td></tr><tr><td colspan=3>Other data</td></tr>\
         <tr><td>Photo</td><td>Form</td><td>Profile</td></tr></table></body></html>"
    );
    let draft = draft_of("page.html", &page, "", 0);
    let expected = [
        "collect email by form for login",
        "collect email by server for audit",
        "collect photo by form for profile",
    ];
    assert_eq!(statements(&draft), expected, "{draft}");
    assert!(draft.contains("policy shop_list \"Shop list\""), "{draft}");
    assert!(draft.contains("not understood: Other data"), "{draft}");
    let merged = "not understood: Collection Method / Purpose and Processing: Form";
    assert!(draft.contains(merged), "{draft}");
}

#[test]
fn a_whole_page_in_html_is_read() {
    let page = "<html><body><nav><ul><li>Home</li></ul></nav><h1>List</h1><h2>Account</h2>\
        <p><b>Types of Information Collected:</b> Email<br><b>Collection Method:</b> Form<br>\
        <b>Purpose and Processing:</b> Login</p>\
        <h2>Orders</h2><ul><li><strong>Types of Information Collected</strong>: Address</li>\
        <li><strong>Collection Method</strong>: Form</li><li><strong>Purpose and Processing</strong>: \
        Delivery</li></ul>\
        <h2>Help</h2><dl><dt>Types of Information Used</dt><dd>Name</dd><dt>Purpose and Processing</dt>\
        <dd>Support</dd></dl><script>var x = '- **Purpose**: y';</script></body></html>";
    let draft = draft_of("page.htm", page, "", 0);
    let expected = [
        "collect email by form for login",
        "collect address by form for delivery",
        "use name for support",
    ];
    assert_eq!(statements(&draft), expected, "{draft}");
    assert!(draft.contains("// not understood: Home"), "{draft}");
}

#[test]
fn hostile_pages_are_refused_in_bounded_time() {
    let folder = tempfile::tempdir().unwrap();
    let cells = "<td rowspan=65534 colspan=1000>x</td>".repeat(2000);
    for (name, page, message) in [
        ("deep.html", "<div>".repeat(200_000), "elements in each other"),
        ("deep.md", "> ".repeat(100_000) + "x", "elements in each other"),
        ("bold.html", "<b>".repeat(200_000), "elements in each other"),
        ("wide.html", format!("<table><tr>{cells}</table>"), "the page has over"),
        (
            "open.md",
            "# A\n\n<div title=\"\n\n- **Types of Information Collected**: x\n".to_owned(),
            "line 3: HTML that is not closed",
        ),
    ] {
        let page = file(&folder, name, &page);
        let output = whyfor(&["import", "list", &page]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name} {errors}");
        assert!(errors.contains(message), "{name}: {errors}");
    }
    // An open comment or title hides nothing.
    for open in ["<!-- a", "<title>", "<div><textarea>"] {
        let page = list(&format!("{open}\n\n"))
            + "- **Types of Information Collected**: Email\n- **Purpose and Processing**: Login\n";
        let page = file(&folder, "page.md", &page);
        let output = whyfor(&["import", "list", &page]);
        let draft = String::from_utf8(output.stdout).unwrap();
        let is_read = draft.contains("for login");
        assert!(is_read || output.status.code() == Some(2), "{open}\n{draft}");
    }
}

// ── What the text of a line says ────────────────────────────────────────────────────────────────

#[test]
fn the_title_is_the_front_matters_or_the_first_heading() {
    let lines = "## Account\n\n- **Types of Information Collected**: Email\n- **Collection Method**: Form\n\
                 - **Purpose and Processing**: Login\n";
    let titled = draft(&format!("---\ntitle: Shop list\n---\n\n{lines}"));
    assert!(titled.contains("policy shop_list \"Shop list\""), "{titled}");
    assert!(draft(lines).contains("policy account \"Account\""));
    assert!(draft(&format!("# Page\n\n{lines}")).contains("policy page \"Page\""));
}

#[test]
fn only_a_period_that_is_understood_whole_is_retained() {
    let heads = format!("{ROWS} Retention |");
    for (cell, expected) in [
        ("1 year", "retain 1 year"),
        ("not less than 180 days", "retain at least 180 days"),
        ("Lifetime of account + 30 days", "retain 30 days after account_deletion"),
        ("Until account deletion", "retain until account_deletion"),
        ("3 years after the end of the contract", "retain 3 years after end_contract"),
        ("保存6个月", "retain 6 months"),
        ("Lifetime of account + 30 days after deletion request", ""),
        ("Audit 365 days, access lines 3 days", ""),
        ("30 days after 2 years of inactivity", ""),
        ("30 working days", ""),
        ("As long as required by law", ""),
    ] {
        let draft = draft(&table(&heads, &format!("| Email | Form | Login | {cell} |\n")));
        let expected = format!("collect email by form for login {expected}");
        assert_eq!(statements(&draft), [expected.trim()], "{cell}\n{draft}");
        assert_eq!(draft.contains("// not understood"), !expected.contains("retain"), "{draft}");
    }
}

#[test]
fn a_company_keeps_its_legal_form() {
    let draft = draft(&list(
        "- **Types of Information Shared**: Email\n- **Recipients**: Stripe, Inc., DigitalOcean, LLC, \
         eBay GmbH, Alpha B.V. and Alipay Network Technology Co., Ltd.\n- **Purpose and Processing**: Payment\n",
    ));
    for recipient in [
        "recipient stripe_inc \"Stripe, Inc.\"",
        "recipient digitalocean_llc \"DigitalOcean, LLC\"",
        "\"eBay GmbH\"",
        "\"Alpha B.V.\"",
        "\"Alipay Network Technology Co., Ltd.\"",
    ] {
        assert!(draft.contains(recipient), "{recipient}\n{draft}");
    }
    assert_eq!(draft.matches("\nrecipient ").count(), 5, "{draft}");
}

#[test]
fn chinese_names_stay_whole() {
    let words =
        "words: { shared: 共享信息, recipients: 接收方, purpose: 目的, comma: 、, etc: 等 }";
    let page = "# 清单\n\n## 甲\n\n- **共享信息**：设备信息（如IMEI、MEID）\n\
                - **接收方**：深圳市某某计算机系统有限公司、某某云计算有限公司\n- **目的**：支付等\n";
    let draft = draft_of("page.md", page, words, 0);
    assert!(
        draft.contains("recipient 深圳市某某计算机系统有限公司 \"深圳市某某计算机系统有限公司\""),
        "{draft}"
    );
    assert!(draft.contains("category 设备信息 \"设备信息\" open {"), "{draft}");
    assert!(draft.contains("purpose 支付 \"支付\" open"), "{draft}");
    let folder = tempfile::tempdir().unwrap();
    let (policy, words) = (file(&folder, "d.why", &draft), file(&folder, "w.yaml", words));
    assert_eq!(drift(&policy, page, &["--labels", &words]), Vec::<serde_json::Value>::new());
}

#[test]
fn what_stands_in_brackets_is_a_part() {
    for (data, selection, open) in [
        ("device identifiers (IMEI, MEID)", "device_identifiers, imei, meid", false),
        ("device identifiers (including IMEI, MEID)", "device_identifiers, imei, meid", false),
        ("device identifiers (such as IMEI, MEID)", "device_identifiers", true),
        ("device identifiers (IMEI, MEID, etc.)", "device_identifiers", true),
        ("device identifiers (e.g. IMEI)", "device_identifiers", true),
    ] {
        let draft = draft(&table(ROWS, &format!("| Name, {data} | Form | Login |\n")));
        let expected = format!("collect name, {selection} by form for login");
        assert_eq!(statements(&draft), [expected.as_str()], "{data}\n{draft}");
        let marked = draft.contains("\"Device identifiers\" open");
        assert_eq!(marked, open, "{data}\n{draft}");
    }
    let draft = draft(&table(ROWS, "| Location (approximate) | Form | Login |\n"));
    assert!(draft.contains("\"Location (approximate)\""), "{draft}");
}

#[test]
fn an_open_list_has_no_item_called_etc() {
    let draft =
        draft(&table(ROWS, "| iOS version, email, etc. | Form, etc. | Login, billing etc. |\n"));
    assert!(!draft.contains("etc \""), "{draft}");
    for open in [
        "\"Email\" open",
        "\"Form\" open",
        "\"Billing\" open",
        "category ios_version \"iOS version\"",
    ] {
        assert!(draft.contains(open), "{open}\n{draft}");
    }
}

#[test]
fn parts_of_a_cell_go_with_their_own_data() {
    let heads = format!("{ROWS} Retention |");
    let text = draft(&table(
        &heads,
        "| Email<br>Phone | Form | Email: login<br>Phone: support calls | Email: 30 days<br>Phone: 1 year |\n",
    ));
    let expected = [
        "collect email by form for login retain 30 days",
        "collect phone by form for support_calls retain 1 year",
    ];
    assert_eq!(statements(&text), expected, "{text}");
    let text = draft(&table(
        ROWS,
        "| Account data: name, email<br>Device data: IP address | Form | Account data: login<br>Device data: security |\n",
    ));
    let expected = [
        "collect account_data, name, email by form for login",
        "collect device_data, ip_address by form for security",
    ];
    assert_eq!(statements(&text), expected, "{text}");
    let text = draft(&table(ROWS, "| Email<br>Phone | Form | Email: login<br>Photo: profile |\n"));
    assert!(statements(&text).is_empty(), "{text}");
}

#[test]
fn bases_subjects_countries_and_optional_data_are_read() {
    let heads = format!(
        "{ROWS} Optional Information | Recipients | Legal Basis | Data Subjects | Transfers |"
    );
    let draft = draft(&table(
        &heads,
        "| Email, phone (optional) | Form | Login | Nickname | Alpha Ltd | Contract; consent | Employees | United States |\n",
    ));
    let expected = [
        "collect email, optional phone, optional nickname by form for login \
         when subject is employees on contract & consent",
        "share email, phone, nickname with alpha_ltd for login when subject is employees on contract & consent",
    ];
    assert_eq!(statements(&draft), expected, "{draft}");
    for declaration in [
        "tag country \"Country\" published { united_states \"United States\" }",
        "recipient alpha_ltd \"Alpha Ltd\" #country.united_states",
        "fact subject \"Data subject\": one of employees \"Employees\"",
        "basis contract \"Contract\"",
    ] {
        assert!(draft.contains(declaration), "{declaration}\n{draft}");
    }
}

#[test]
fn a_column_says_whether_data_must_be_given() {
    let heads = format!("{ROWS} Required |");
    let draft = draft(&table(
        &heads,
        "| Email | Form | Login | yes |\n| Phone | Form | Login | No |\n| Name | Form | Login | perhaps |\n",
    ));
    let expected = [
        "collect email by form for login",
        "collect optional phone by form for login",
        "collect name by form for login",
    ];
    assert_eq!(statements(&draft), expected, "{draft}");
    assert!(draft.contains("// not understood: Required: perhaps"), "{draft}");
}

#[test]
fn a_draft_without_data_or_purposes_says_which_labels_the_page_has() {
    let folder = tempfile::tempdir().unwrap();
    let page = "# List\n\n## Account\n\n| Data | Purpose | Recipients | Retention |\n|---|---|---|---|\n| Email | Login | Acme | 30 days |\n";
    let draft = out(&["import", "list", &file(&folder, "page.md", page)], 1);
    assert!(draft.contains("// the page has “Data”, “Purpose”: write which is which"), "{draft}");
    assert!(draft.contains("// words: { collected: Data, purpose: Purpose"), "{draft}");
    out(&["check", &file(&folder, "draft.why", &draft)], 0);
}
