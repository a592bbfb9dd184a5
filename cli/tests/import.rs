//! `whyfor import`: drafts of the published list and of lists in other styles, which compile and say the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{CHINESE, DRUN, PUBLISHED, SHOP, drift, file, out, published, whyfor};
use serde_json::Value;

/// The draft of a page, which must compile, and the differences between its list and the page.
fn drafted(page: &str, more: &[&str]) -> (String, Vec<Value>) {
    drafted_with(page, more, &[0])
}

/// The same, with one of these exit statuses.
fn drafted_with(page: &str, more: &[&str], statuses: &[i32]) -> (String, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let list = file(&folder, "list.md", page);
    let output = whyfor(&[&["import", "list", &list], more].concat());
    let draft = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(statuses.contains(&output.status.code().unwrap()), "{page}{draft}{errors}");
    let policy = file(&folder, "draft.why", &draft);
    out(&["check", &policy], 0);
    (draft, drift(&policy, page, more))
}

#[test]
fn the_draft_of_the_published_list_says_the_same() {
    let (draft, found) = drafted(&published(), &[]);
    assert_eq!(found, Vec::<Value>::new(), "{draft}");
    assert!(draft.contains("// guessed: "), "{draft}");
    assert_eq!(draft.matches("collect ").count(), 9, "{draft}");
    assert_eq!(draft.matches("use collected for").count(), 6, "{draft}");
}

#[test]
fn a_list_that_was_written_can_be_drafted_again() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "shop.why", &SHOP.replace(", device except phone", ""));
    let (draft, found) = drafted(&out(&["notice", &policy], 0), &[]);
    assert_eq!(found, Vec::<Value>::new(), "{draft}");
    for part in [
        "never use",
        "require tell_person to share",
        "retain 90 days",
        "then remove_direct_identifiers",
        "with courier",
        "\n        when ",
    ] {
        assert!(draft.contains(part), "{part}\n{draft}");
    }
    let chinese = out(&["notice", DRUN, "--labels", CHINESE], 0);
    let words = std::fs::read_to_string(CHINESE).unwrap();
    let start = words.find("\nwords:").unwrap();
    let words = file(&folder, "words.yaml", &words[start..words.find("\nsections:").unwrap()]);
    let (draft, found) = drafted(&chinese, &["--labels", &words]);
    assert_eq!(found, Vec::<Value>::new(), "{draft}");
}

#[test]
fn a_draft_is_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let draft = file(&folder, "draft.why", &out(&["import", "list", PUBLISHED], 0));
    out(&["fmt", "--check", &draft], 0);
}

#[test]
fn lists_in_other_styles_are_drafted() {
    let statement = "collect name, email by provided_you for register, sign";
    let table = "| No. | Types of Information Collected | Collection Method | Purpose and Processing |\n\
                 |---|---|---|---|\n\
                 | 1 | Name<br>email | Provided by you | To register, sign in |\n\
                 | 2 | IP address | Automatic | To secure |\n";
    let rows = "| | |\n|---|---|\n| Types of Information Collected | Name, email |\n\
                | Collection Method | Provided by you |\n| Purpose and Processing | To register, sign in |\n";
    let nested = "- **Types of Information Collected**:\n  - Name\n  - Email\n\
                  - **Collection Method**: Provided by you\n\
                  - **Purpose and Processing**:\n  1. Register\n  2. Sign in\n";
    let headings = "### Types of Information Collected\n\nName, email\n\n### Collection Method\n\n\
                    Provided by you\n\n### Purpose and Processing\n\n- Register\n- Sign in\n";
    let paragraphs = "**Types of Information Collected**: Name, email\n\
                      **Collection Method**: Provided by you\n\n\
                      Purpose and processing: to register, sign in\n";
    for list in [table, rows, nested, headings, paragraphs] {
        let (draft, found) = drafted(&format!("# List\n\n## Account\n\n{list}"), &[]);
        assert!(draft.contains(statement), "{list}\n{draft}");
        assert_eq!(found, Vec::<Value>::new(), "{draft}");
        assert!(!draft.contains("not understood") && !draft.contains("not_stated"), "{draft}");
    }
    let (draft, _) = drafted(&format!("# List\n\n## Account\n\n{table}"), &[]);
    assert!(draft.contains("collect ip_address by automatic for secure"), "{draft}");
    let group = nested.replace("**:\n  - Name", "**: Account data\n  - Name");
    let (draft, _) = drafted(&format!("# List\n\n## Account\n\n{group}"), &[]);
    assert!(draft.contains("collect account_data, name, email by"), "{draft}");

    let folder = tempfile::tempdir().unwrap();
    let words = "words: { collected: 收集信息类型, method: 收集方式, purpose: 用途, such_as: 例如, etc: 等, comma: 、 }";
    let words = file(&folder, "words.yaml", words);
    for list in [
        "- 收集信息类型：设备信息，例如IP地址、设备标识等\n- 收集方式：自动收集\n- 用途：保障安全\n",
        "- **收集信息类型：**设备信息，例如IP地址、设备标识等\n- **收集方式：**自动收集\n- **用途：**保障安全\n",
    ] {
        let page = format!("# 清单\n\n## 安全\n\n{list}");
        let (draft, found) = drafted(&page, &["--labels", &words]);
        assert!(draft.contains("collect 设备信息 by 自动收集 for 保障安全"), "{draft}");
        assert_eq!(found, Vec::<Value>::new(), "{draft}");
    }
}

#[test]
fn whatever_a_list_holds_its_draft_compiles() {
    let line = |types: &str| {
        format!(
            "## S\n- **Types of Information Collected**: {types}\n- **Collection Method**: m\n- **Purpose and Processing**: To p\n"
        )
    };
    for page in [
        line(r#"a "quoted" \ backslash, */ // comment, {brace}"#),
        line("collect, use, for, 1st thing, 2, open, ！, é, e\u{301}, 电子邮件, 😀"),
        line("(, ), ((a), b)), (e.g., , such as"),
        line("such as a, b"),
        line("X, such as X, X (e.g., X), X"),
        line("\u{202e}abc, a\u{0}b"),
        line("a\u{200e}b, c\u{feff}d, e\u{85}f, g\u{2028}h, i\u{e0041}j, k\u{1b}l, m\u{fff9}n"),
        "## S\n- **Types of Information Collected**: a\n".to_owned(),
        "## S\n- **Collection Method**: a\n".to_owned(),
        "## S\n- **Types of Information Collected**:\n- **Something else**: b\n".to_owned(),
        format!("- a sentence\n- another\n{}", line("a")),
        format!("# T\n## policy\n- one\n## policy\n- two\n{}", line("a")),
        "## S\n- **Types of Information Collected**: a\n- **Retention**: for ever\n- **Condition**: c\n".to_owned(),
    ] {
        drafted_with(&page, &[], &[0, 1]); // some state no purpose
    }
}

#[test]
fn a_page_without_a_list_is_told_to_have_none() {
    let folder = tempfile::tempdir().unwrap();
    for (page, labels) in [
        ("", ""),
        ("# Title\n\nSome words.\n", ""),
        ("| a | b |\n|---|---|\n", ""),
        ("## A\n```\n- **Types of Information Collected**: x\n```\n", ""),
        ("## A\n- **Data**: a\n- **Why**: b\n", "“Data”, “Why”"),
        ("## 甲\n- 收集信息类型：用户名\n- 用途：注册\n", "“收集信息类型”, “用途”"),
    ] {
        let page = file(&folder, "page.md", page);
        let output = whyfor(&["import", "list", &page]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(errors.contains("has no list that can be read"), "{errors}");
        assert_eq!(errors.contains("the page has"), !labels.is_empty(), "{errors}");
        assert!(errors.contains(labels), "{errors}");
    }
    let broken = folder.path().join("page.md");
    std::fs::write(&broken, b"# Title\n\nna\xefve\n").unwrap();
    let output = whyfor(&["import", "list", broken.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("is not UTF-8: byte 0xEF in line 3")
    );
}

/// Names that are made of the labels, so that a draft has the same.
const SAME_NAMES: &str = r#"
policy round "Round" { version "1"  controller "Example Ltd" }
category email_address "Email address"
category phone_number "Phone number"
category logs "Logs" open { crash_reports "Crash reports" }
category age "Age"
method provided "Provided"
method observed "Observed"
purpose login "Login"
purpose billing "Billing"
purpose advertising "Advertising"
recipient courier "Courier"
recipient mailer "Mailer"
event closing "Closing"
basis contract "Contract"
basis tax_law "Tax law"
duty encryption "Encryption"
section account "Account" {
    collect email_address, phone_number by provided for login, billing
        on contract & tax_law then encryption retain 30 days
    collect logs by observed for login retain 2 years, 6 months after closing, at least 1 month
    collect optional age by provided for billing on contract retain until closing
}
section sharing "Sharing" {
    share phone_number with courier, mailer for billing retain 1 year
    use crash_reports for billing because "Bills name them" see "https://example.com/bills"
    never use age for advertising
}
"#;

#[test]
fn a_draft_decides_what_the_list_says_in_every_language() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", SAME_NAMES);
    for language in ["en", "zh", "de"] {
        for layout in ["sections", "table", "recipients", "california"] {
            let list = &["notice", &policy, "--language", language, "--layout", layout];
            let list = file(&folder, "list.md", &out(list, 0));
            let draft = String::from_utf8(whyfor(&["import", "list", &list]).stdout).unwrap();
            assert!(draft.contains("policy "), "{language} {layout}");
            let draft = file(&folder, "draft.why", &draft);
            let diff = String::from_utf8(whyfor(&["diff", &policy, &draft]).stdout).unwrap();
            // The other pages leave some statements out.
            match layout {
                "sections" | "table" => {
                    assert!(diff.contains("no decision changed"), "{diff}");
                    let draft = std::fs::read_to_string(&draft).unwrap();
                    let said = "because \"Bills name them\" see \"https://example.com/bills\"";
                    assert!(draft.contains(said), "{draft}");
                }
                _ => assert!(!diff.contains("now allowed"), "{diff}"),
            }
        }
    }
}

#[test]
fn a_condition_of_a_legal_basis_is_one_of_the_permit() {
    for (language, words) in [("en", "unless"), ("zh", "除非"), ("de", "es sei denn")] {
        let folder = tempfile::tempdir().unwrap();
        let text = "policy t category email_address \"Email address\" method m \"Provided\" purpose login \"Login\" \
                    fact objected \"Objection\" basis li \"Legitimate interests\" unless objected \
                    collect email_address by m for login on li";
        let policy = file(&folder, "policy.why", text);
        let list = out(&["notice", &policy, "--language", language], 0);
        let draft = out(&["import", "list", &file(&folder, "list.md", &list)], 0);
        assert!(list.contains(words), "{list}");
        let draft = file(&folder, "draft.why", &draft);
        let ask = ["ask", &draft, "collect", "email_address", "--by", "provided", "--for", "login"];
        let answer = String::from_utf8(whyfor(&ask).stdout).unwrap();
        assert!(answer.starts_with("DEPENDS"), "{answer}");
    }
}

#[test]
fn what_a_header_cannot_say_is_a_comment() {
    for (label, text) in [
        ("Effective", "2026-13-45"),
        ("Effective", "1 May 2026"),
        ("Published at", "example.com"),
        ("Published at", "https://example.com and others"),
    ] {
        let page = format!(
            "# T\n\n- **{label}**: {text}\n\n## S\n\n1. **Types of Information Collected**: Email\n   \
             - **Collection Method**: Form\n   - **Purpose and Processing**: Login\n   \
             - **More Information**: the \"annex\"\n"
        );
        let folder = tempfile::tempdir().unwrap();
        let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
        out(&["check", &file(&folder, "draft.why", &draft)], 0);
        assert!(draft.contains(&format!("// not understood: {label}: {text}")), "{draft}");
        assert!(draft.contains("// not understood: More Information: the \"annex\""), "{draft}");
    }
}

#[test]
fn a_cell_that_may_limit_a_permit_permits_nothing() {
    let limit = "only if you agree";
    for labels in [
        &["Reason"][..],
        &["More Information"],
        &["Required"],
        &["Transfers"],
        &["Security"],
        &["Legal Basis", "Required"],
    ] {
        let mut page = "# T\n\n## S\n\n1. **Types of Information Collected**: Email\n   - **Collection Method**: \
                        Form\n   - **Purpose and Processing**: Login\n"
            .to_owned();
        for label in labels {
            page += &format!("   - **{label}**: {limit}\n");
        }
        let folder = tempfile::tempdir().unwrap();
        let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
        assert!(draft.contains("// not understood, so nothing is permitted: "), "{draft}");
        assert!(!draft.contains("\n    collect"), "{draft}");
        assert!(draft.contains(limit), "{draft}");
    }
}

#[test]
fn a_requirement_of_a_period_needs_no_duty() {
    let folder = tempfile::tempdir().unwrap();
    let text = "policy t \"List\" category a \"Email\" purpose p \"Login\" \
                section s \"Keep\" { require retain 90 days to use a } section u \"Use\" { use a for p }";
    let policy = file(&folder, "t.why", text);
    let (draft, _) = drafted(&out(&["notice", &policy], 0), &[]);
    assert!(draft.contains("require retain 90 days to use email"), "{draft}");
}

#[test]
fn tags_alternatives_and_the_prose_of_sections_come_back_from_a_written_list() {
    let text = "policy t \"List\" tag country \"Country\" published { us \"United States\" de \"Germany\" }
        category email \"Email\" purpose login \"Login\" purpose care \"Care\"
        recipient partners \"Partners\" #us { a \"Alpha, Inc.\" b \"Beta Ltd\" #de }
        basis contract \"Contract\" basis law \"Law\" basis consent \"Consent\" duty tell \"Tell\" duty log \"Log\"
        section s \"Account\" because \"What we need.\" {
            share email with partners, a, b for login on contract & law, consent
            use collected for login, care then tell, log
        }
        section t \"Data\" { collect email for login }";
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", text);
    for language in ["en", "zh", "de"] {
        let page = out(&["notice", &policy, "--language", language], 0);
        let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
        for part in [
            "tag country \"Country\" published { united_states \"United States\"  germany \"Germany\" }",
            "recipient partners \"Partners\" #country.united_states {",
            "beta_ltd \"Beta Ltd\" #country.germany",
            "section account \"Account\" because \"What we need.\" {",
            "on contract & law, consent",
            "use collected for login, care then tell, log",
        ] {
            assert!(draft.contains(part), "{part}\n{draft}");
        }
    }
    // On other pages, a colon in a bracket may say anything.
    let page = out(&["notice", &policy], 0).replace("This page explains", "We explain");
    let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
    assert!(draft.contains("// not understood, so nothing is permitted: "), "{draft}");
    assert!(!draft.contains("\n    share"), "{draft}");
}

#[test]
fn a_label_of_two_groups_permits_only_where_its_group_stands() {
    let lines = |data: &str, purpose: &str| {
        format!(
            "1. **Types of Information Used**: {data}\n   - **Purpose and Processing**: {purpose}\n"
        )
    };
    let page = format!(
        "# T\n\n## S\n\n{}{}{}\n## U\n\n- **Types of Information Never Used**: Name\n- \
         **Purpose and Processing**: Ads\n",
        lines("Email, person (name, phone)", "Login"),
        lines("Email, company (name, address)", "Billing"),
        lines("Name", "Care"),
    );
    let folder = tempfile::tempdir().unwrap();
    let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
    for part in [
        "use email, person, name, phone for login",
        "use email, company, name_2, address for billing",
        "// not understood, so nothing is permitted: Name (the page has it in several places)",
        "never use name, name_2 for ads",
    ] {
        assert!(draft.contains(part), "{part}\n{draft}");
    }
}

#[test]
fn a_table_of_one_row_is_a_label_and_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let text = "policy t \"List\" category a \"Email\" purpose p \"Login\" use a for p never use a";
    let policy = file(&folder, "t.why", text);
    let page = out(&["notice", &policy, "--format", "html"], 0);
    let draft = out(&["import", "list", &file(&folder, "list.html", &page)], 0);
    assert!(draft.contains("never use email"), "{draft}");
}

/// Every node of a draft is asked about in words, so a part that only another row names must be forbidden with its group.
#[test]
fn what_is_forbidden_for_a_group_is_forbidden_for_its_parts_in_a_draft() {
    let text = "policy t \"List\" category contact \"Contact\" { email \"Email\" phone \"Phone\" } \
                category habits \"Habits\" open { sport \"Sport\" } category name \"Name\" \
                purpose ads \"Ads\" { banner \"Banner\" } purpose login \"Login\" recipient partners \"Partners\" { ann \"Ann\" } \
                section a \"A\" { use email, sport, name for ads, login use email, name for banner share name with ann for login } \
                section b \"B\" { never use contact, habits for ads never use name for ads never share name with partners } \
                section c \"C\" { use contact for ads }";
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", text);
    let expected = "expect { deny use email, sport for ads deny use name for ads, banner deny use email for banner \
                    deny use contact for ads deny share name with ann for login \
                    allow use email, sport, name for login }";
    for language in ["en", "zh", "de"] {
        let page = out(&["notice", &policy, "--language", language], 0);
        let page = file(&folder, "list.md", &page);
        out(&["notice", &policy, "--language", language, "--check", &page], 0);
        let draft = out(&["import", "list", &page], 0);
        let draft = file(&folder, "draft.why", &format!("{draft}\n{expected}\n"));
        let checked = whyfor(&["check", &draft]);
        assert!(
            checked.status.success(),
            "{language}: {}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

#[test]
fn data_that_may_be_left_out_is_known_in_three_languages() {
    for (word, head) in [
        ("freiwillig", "Pflichtangabe"),
        ("Nein", "Pflichtangabe"),
        ("voluntary", "Required"),
        ("自愿", "是否必需"),
        ("可选", "是否必需"),
    ] {
        let [data, purpose] = match head {
            "Required" => ["Types of Information Collected", "Purpose and Processing"],
            "Pflichtangabe" => ["Erhobene Daten", "Zweck"],
            _ => ["收集的信息类型", "目的与处理"],
        };
        let answered =
            format!("| {data} | {purpose} | {head} |\n|---|---|---|\n| Email | Login | {word} |\n");
        let bracketed = format!("| {data} | {purpose} |\n|---|---|\n| Email ({word}) | Login |\n");
        for table in [answered, bracketed] {
            if table.contains("(Nein)") {
                continue; // says that there is none
            }
            let folder = tempfile::tempdir().unwrap();
            let page = file(&folder, "page.md", &format!("# L\n\n## A\n\n{table}"));
            let draft = out(&["import", "list", &page], 0);
            assert!(draft.contains("collect optional email"), "{table}\n{draft}");
        }
    }
}

#[test]
fn what_is_collected_beside_other_data_comes_back_from_a_written_list() {
    let text = "policy t \"List\" category email \"Email\" category name \"Name\" category photo \"Photo\" method m \"Form\" \
                purpose login \"Login\" purpose care \"Care\" duty log \"Log\" \
                section s \"A\" { collect email by m for login use collected, name, photo for care \
                require log to use collected, name }";
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", text);
    for language in ["en", "zh", "de"] {
        let page = out(&["notice", &policy, "--language", language], 0);
        let draft = out(&["import", "list", &file(&folder, "list.md", &page)], 0);
        for part in ["use collected, name, photo for care", "require log to use collected, name"] {
            assert!(draft.contains(part), "{part}\n{draft}");
        }
    }
}

#[test]
fn a_period_that_ends_at_once_comes_back() {
    let text = "policy t \"List\" category email \"Email\" purpose login \"Login\" use email for login retain 0 days, 0 hours after end \
                event end \"End\"";
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", text);
    for language in ["en", "zh", "de"] {
        let page = out(&["notice", &policy, "--language", language], 0);
        let page = file(&folder, "list.md", &page);
        out(&["notice", &policy, "--check", &page], 1 - i32::from(language == "en"));
        let draft = out(&["import", "list", &page], 0);
        assert!(draft.contains("retain 0 days, 0 hours after "), "{draft}");
    }
}

#[test]
fn names_and_paths_of_a_draft_are_never_too_long() {
    let long = "数据".repeat(600);
    let chain: Vec<String> = (0..90)
        .map(|at| format!("- **Types of Information Used**: G{at}{} (including G{}{}, x{at})\n  - **Purpose and Processing**: {long}{at}\n",
            "a".repeat(40), at + 1, "a".repeat(40)))
        .collect();
    let page = format!(
        "# {long}\n\n## {long}\n\n- **Types of Information Used**: {long}, {}\n  - **Purpose and Processing**: Login\n{}",
        "word".repeat(400),
        chain.concat()
    );
    let folder = tempfile::tempdir().unwrap();
    let draft = whyfor(&["import", "list", &file(&folder, "page.md", &page)]);
    let draft = String::from_utf8(draft.stdout).unwrap();
    let checked = whyfor(&["check", &file(&folder, "draft.why", &draft)]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
