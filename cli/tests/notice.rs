//! `whyfor notice`: on the list that d.run publishes, on pages that drifted, on
//! policies with every kind of statement; the page as a browser shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod browser;
mod lists;

use browser::chromium;
use lists::{CHINESE, DRUN, PUBLISHED, SHOP, drift, file, out, published, whyfor};
use serde_json::Value;

#[test]
fn the_published_list_says_what_the_policy_says() {
    assert_eq!(drift(DRUN, &published(), &[]), Vec::<Value>::new());
    let text = out(&["notice", DRUN, "--check", PUBLISHED], 0);
    assert!(text.contains("says what"), "{text}");
}

#[test]
fn the_list_has_the_headings_of_the_published_one_in_its_order() {
    let list = out(&["notice", DRUN], 0);
    let headings = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(headings(&list), headings(&published()));
    assert_eq!(headings(&list).len(), 10);
}

#[test]
fn the_list_has_every_paragraph_of_the_published_one() {
    let english = DRUN.replace("drun.why", "drun.en.yaml");
    let list = out(&["notice", DRUN, "--labels", &english], 0);
    let page = published();
    let (_, page) = page.split_once("\n---\n").unwrap();
    let said = page.lines().filter(|line| !line.trim().is_empty() && !line.contains("**"));
    let paragraphs: Vec<&str> = said.filter(|line| !line.starts_with([' ', '#', '-'])).collect();
    assert_eq!(paragraphs.len(), 2, "{paragraphs:?}");
    for paragraph in paragraphs {
        assert!(list.lines().any(|line| line == paragraph), "{paragraph}\n{list}");
    }
}

#[test]
fn what_is_written_is_what_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    for (text, more) in [
        (std::fs::read_to_string(DRUN).unwrap(), &["--labels", CHINESE][..]),
        (SHOP.to_owned(), &[]),
    ] {
        let policy = file(&folder, "policy.why", &text);
        let list = out(&[&["notice", &policy], more].concat(), 0);
        assert_eq!(drift(&policy, &list, more), Vec::<Value>::new(), "{list}");
    }
}

/// A change to the published page: the old text, the new text, and the expected difference.
struct Change(&'static str, &'static str, &'static str, &'static str);

const CHANGES: &[Change] = &[
    Change(
        "Username, email address, phone number",
        "Username, phone number",
        "item",
        "does not name “Email address”",
    ),
    Change("Full name, ID card", "Full name, ID card, religion", "item", "names “religion”"),
    Change(
        "linked phone number",
        "phone number",
        "item",
        "says “phone number”, the policy “Linked phone number”",
    ),
    Change("login password, company name", "login password, employer", "item", "names “employer”"),
    Change("device identifiers, ", "", "item", "does not name “Device identifiers”"),
    Change(
        "types, channels, amounts",
        "types, amounts",
        "item",
        "does not name “Transaction channels”",
    ),
    Change(
        "transaction time/type/amount",
        "transaction time/amount",
        "item",
        "does not name “Transaction types”",
    ),
    Change(
        "(e.g., Alipay)",
        "(e.g., PayPal)",
        "item",
        "says “third-party payment account info (e.g., PayPal)”",
    ),
    Change(
        "uploaded text, image, and voice inputs",
        "uploaded text and image inputs",
        "item",
        "says “uploaded text and image inputs”, the policy “Uploaded text, image, and voice inputs”",
    ),
    Change(
        "System log data such as usage",
        "System log data including usage",
        "item",
        "leaves open what belongs to “System log data”",
    ),
    Change(
        "profile picture, etc.",
        "profile picture",
        "item",
        "leaves open what belongs to “Profile picture”",
    ),
    Change(
        "Order details and transaction records, including",
        "Order details and transaction records, such as",
        "item",
        "does not mark it `open`",
    ),
    Change(
        "- **Collection Method** : Provided by the user  \n- **Purpose and Processing** : For real-name",
        "- **Collection Method** : Automatically collected  \n- **Purpose and Processing** : For real-name",
        "method",
        "names “Automatically collected”",
    ),
    Change(
        "Provided by the user and actively collected  \n- **Purpose and Processing** : To confirm",
        "Provided by the user  \n- **Purpose and Processing** : To confirm",
        "method",
        "does not name “Actively collected”",
    ),
    Change(
        "normal login and operation",
        "normal login",
        "purpose",
        "does not name “Ensure normal operation”",
    ),
    Change(
        "and detect fraud",
        "and prevent fraud",
        "purpose",
        "says “prevent fraud”, the policy “Detect fraud”",
    ),
    Change(
        "conduct user and market research",
        "conduct market research",
        "purpose",
        "does not name “Conduct user research”",
    ),
    Change(
        "For real-name verification",
        "For real-name verification and marketing",
        "purpose",
        "names “marketing”",
    ),
    Change(
        " from us or third parties",
        " from us",
        "purpose",
        "says “sharing commercial messages, event invitations, and marketing advertisements from us”",
    ),
    Change(
        "- Conducting internal and external audits to meet compliance requirements",
        "",
        "purpose",
        "does not name “Conducting internal",
    ),
    Change(
        "- Conducting internal",
        "- Selling your data to brokers\n- Conducting internal",
        "purpose",
        "names “Selling your data to brokers”",
    ),
    Change("academic research, or", "or", "purpose", "does not name “Academic research”"),
    Change("## Account Login", "## Signing In", "section", "heads this section “Signing In”"),
    Change("# d.run Personal", "# d.run Private", "title", "is titled “d.run Private"),
    Change(
        "- **Collection Method** : Actively collected  \n",
        "",
        "method",
        "has no “Collection Method”",
    ),
    Change("internal and external", "internal", "purpose", "says “Conducting internal audits"),
    Change(
        "legal rights for",
        "rights for",
        "purpose",
        "improve service experience and protect rights",
    ),
    Change(
        "For real-name",
        "Not for real-name",
        "purpose",
        "says “Not for real-name verification”",
    ),
    Change("WeChat ID", "QQ ID", "item", "says “QQ ID”, the policy “WeChat ID”"),
    Change(
        "email address, phone",
        "email addresses of friends, phone",
        "item",
        "“email addresses of friends”",
    ),
    Change(
        "low account balance alerts, ",
        "",
        "purpose",
        "does not name “Low account balance alerts”",
    ),
    Change(
        "the above information include",
        "any information include",
        "text",
        "says “Additional purposes for collecting any information include:”",
    ),
    Change(
        "Collected** : Full name",
        "Never Collected** : Full name",
        "statement",
        "says “Types of Information Never Collected”",
    ),
    Change(
        "For real-name verification  \n",
        "For real-name verification  \n- **Retention** : 30 days  \n",
        "retention",
        "says “30 days”, the policy does not",
    ),
    Change(
        "For real-name verification  \n",
        "For real-name verification  \n- **Recipients** : Credit bureaus  \n",
        "recipient",
        "says “Credit bureaus”, the policy does not",
    ),
    Change(
        "For real-name verification  \n",
        "For real-name verification  \n- **Legal basis** : Consent  \n",
        "legal basis",
        "says “Consent”, the policy does not",
    ),
    Change(
        "For real-name verification  \n",
        "For real-name verification  \n- **Supervisor** : The office  \n",
        "statement",
        "has “Supervisor: The office”, which no statement says",
    ),
];

#[test]
fn each_planted_change_is_found_and_nothing_else() {
    assert!(CHANGES.len() >= 20);
    for Change(from, to, what, message) in CHANGES {
        let page = published();
        assert_eq!(page.matches(from).count(), 1, "{from}");
        let found = drift(DRUN, &page.replace(from, to), &[]);
        let told = |drift: &&Value| {
            drift["what"] == *what && drift["message"].as_str().unwrap().contains(message)
        };
        assert!(found.iter().any(|drift| told(&drift)), "{from} → {to}: {found:#?}");
        assert!(found.len() <= 2, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn numbers_that_changed_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "shop.why", SHOP);
    let list = out(&["notice", &policy], 0);
    for (from, to, what, message) in [
        ("30 days", "60 days", "retention", "says “60 days”, the policy “30 days”"),
        ("90 days", "90 years", "retention", "says “90 years”, the policy “90 days”"),
        ("at least 18", "at least 16", "condition", "age at least 16"),
    ] {
        assert_eq!(list.matches(from).count(), 1, "{from}");
        let found = drift(&policy, &list.replace(from, to), &[]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0]["what"], what);
        assert!(found[0]["message"].as_str().unwrap().contains(message), "{found:#?}");
    }
}

#[test]
fn how_a_page_is_written_makes_no_difference() {
    let page = published();
    let each_line = |change: &dyn Fn(&str) -> String| -> String {
        page.lines().map(|line| change(line) + "\n").collect()
    };
    for (name, page) in [
        ("line ends of Windows", page.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{page}")),
        ("other bullets", page.replace("- **", "* **").replace("\n- ", "\n+ ")),
        ("numbers", page.replace("- **", "1. **")),
        ("colons in the labels", page.replace("** : ", ":** ")),
        ("full-width colons", page.replace("** : ", "**：")),
        ("no colons", page.replace("** : ", "** ")),
        ("no bold", page.replace("**", "")),
        ("stars that are none", page.replace("**Coll", "** Coll")),
        ("labels as paragraphs", each_line(&|line| line.replace("- **", "\n**"))),
        (
            "headings underlined",
            each_line(&|line| match line.strip_prefix("## ") {
                Some(title) => format!("{title}\n-----"),
                None => line.to_owned(),
            }),
        ),
        ("deeper headings", page.replace("## ", "### ")),
        (
            "capitals",
            each_line(&|line| match line.contains(": navigation") || line.starts_with("hide") {
                true => line.to_owned(),
                false => line.to_uppercase(),
            }),
        ),
        ("no serial comma", page.replace(", and ", " and ")),
        ("ampersands", page.replace(" and ", " & ")),
        (
            "another order",
            page.replace(
                "Username, email address, phone number, login password, company name",
                "Company name, login password; phone number, email addresses and username",
            ),
        ),
        ("broken lines", page.replace(", ", ",\n      ")),
        ("for example", page.replace("(e.g., ", "(for example ")),
        ("comments and links", page.replace(" : Provided", " : <!-- x -->[Provided](https://x)")),
    ] {
        assert_eq!(drift(DRUN, &page, &[]), Vec::<Value>::new(), "{name}");
    }
}

#[test]
fn what_differs_has_its_place_on_both_sides() {
    let page = published().replace("Full name, ID card", "Full name");
    let found = drift(DRUN, &page, &[]);
    let policy = std::fs::read_to_string(DRUN).unwrap();
    let line =
        |text: &str, part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["section"], "Real-Name Authentication");
    assert_eq!(found[0]["page_line"], line(&page, ": Full name"));
    assert_eq!(found[0]["line"], line(&policy, "    collect full_name, id_card"));
    let file = found[0]["file"].as_str().unwrap();
    assert!(file.ends_with("/policies/drun.why"), "{file}");
}

#[test]
fn a_section_or_statement_more_or_less_is_found() {
    let page = published();
    let start = page.find("## Real-Name").unwrap();
    let end = page.find("## Account Login").unwrap();
    let without = drift(DRUN, &(page[..start].to_owned() + &page[end..]), &[]);
    assert_eq!(without.len(), 1, "{without:#?}");
    assert_eq!(without[0]["message"], "the page has no section “Real-Name Authentication”");
    let more = page[start..end]
        .replace("Real-Name Authentication", "Biometrics")
        .replace("Full name, ID card", "Fingerprints");
    let with = drift(DRUN, &(page + "\n" + &more), &[]);
    assert!(
        with.iter().any(|d| d["message"] == "the policy has no section “Biometrics”"),
        "{with:#?}"
    );
}

#[test]
fn every_kind_of_statement_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "shop.why", SHOP);
    let list = out(&["notice", &policy], 0);
    for line in [
        "1. **Types of Information Collected**: Contact details, device information (e.g., IP address, model), except phone number",
        "   - **Collection Method**: Provided by the user and automatically collected",
        "   - **Retention**: 30 days",
        "2. **Types of Information Collected**: Phone number",
        "1. **Types of Information Used**: Email address",
        "   - **Condition**: The person agreed, age at least 18, and region is eu",
        "   - **Obligations**: Remove direct identifiers first",
        "   - **Recipients**: Courier",
        "3. **Types of Information Never Used**: Phone number",
        "4. **Whenever Sharing**: Any personal information",
        "   - **Obligations**: Tell the person",
        "- Billing",
        "## Further Provisions",
        "- **Types of Information Never Collected**: Device information, such as IP address, model, etc.",
    ] {
        assert!(list.lines().any(|found| found == line), "{line}\n\n{list}");
    }
}

#[test]
fn a_prohibition_for_all_purposes_but_some_names_the_purposes() {
    let folder = tempfile::tempdir().unwrap();
    let text = "policy p category password \"Password\" purpose login \"Login\" \
                purpose ads \"Advertising\" purpose research \"Research\" ";
    let told = |never: &str| {
        let policy = file(&folder, "p.why", &format!("{text} {never}"));
        out(&["notice", &policy], 0)
    };
    let list = told("never use password for * except login");
    assert!(list.contains("- **Purpose and Processing**: Advertising and research"), "{list}");
    let list = told("never use password for *");
    assert!(!list.contains("Purpose and Processing"), "{list}");
}

#[test]
fn labels_that_are_markup_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = SHOP
        .replace("Email address", "<script>x</script> *a* [b](c)")
        .replace("Shop list", "</title><script>y</script>");
    let policy = file(&folder, "shop.why", &hostile);
    let labels = r#"categories: { phone: "<script>z</script> \u202e" }"#;
    let labels = file(&folder, "labels.yaml", labels);
    for labels in [&[][..], &["--labels", &labels]] {
        let page = out(&[&["notice", &policy, "--format", "html"], labels].concat(), 0);
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains('\u{202e}'));
    }
    let list = out(&["notice", &policy], 0);
    assert!(list.contains(r"\<script>x\</script> \*a\* \[b\](c)"), "{list}");
    assert_eq!(drift(&policy, &list, &[]), Vec::<Value>::new(), "{list}");
}

#[test]
fn labels_have_names_that_the_policy_has() {
    let folder = tempfile::tempdir().unwrap();
    for (labels, error) in [
        ("categories: { emial: x }", "the policy has no category `emial`"),
        ("categories: { email: x, contact.email: y }", "has two labels"),
        (
            "kategorien: {}",
            "line 1: a file of labels has no `kategorien`; it may have `language`, `title`",
        ),
        ("words: { comma: [1] }", "line 1: the word `comma` is a text"),
        ("language: 'en\" onload='", "is no language tag"),
        ("sections: { nowhere: x }", "the policy has no section `nowhere`"),
        ("words: {", "line 2: "),
        ("duties: { deidentfy: x }", "the policy has no duty `deidentfy`"),
        ("categories: { email: '' }", "the category `contact.email` has an empty label"),
        (
            "words: { comma: '' }",
            "line 1: the word `comma` is empty; leave it out for the English one",
        ),
        ("[]", "line 1: a file of labels is a mapping, such as `language: zh`"),
        (
            "intro: \"\\xff\"\nlanguage: de\nlanguage: en",
            "line 3: `language` stands here twice, first in line 2",
        ),
    ] {
        let labels = file(&folder, "labels.yaml", labels);
        let output = whyfor(&["notice", DRUN, "--labels", &labels]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{errors}");
        assert!(errors.contains(error), "{errors}");
    }
    let some = file(
        &folder,
        "labels.yaml",
        "language: de\ncategories: { email: E-Mail-Adresse }\nwords: { lowercase: false }",
    );
    let output = whyfor(&["notice", DRUN, "--labels", &some]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("Username, E-Mail-Adresse, Phone number")
    );
    assert!(String::from_utf8(output.stderr).unwrap().contains("no label in `de` for "));
}

#[test]
fn the_chinese_labels_are_complete() {
    let output = whyfor(&["notice", DRUN, "--labels", CHINESE]);
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr).unwrap()),
        (Some(0), String::new())
    );
    let list = String::from_utf8(output.stdout).unwrap();
    let labels = list.lines().filter(|line| line.contains("**: "));
    for line in labels {
        let words = line.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3);
        assert_eq!(words.count(), 0, "{line}");
    }
}

#[test]
fn an_artifact_is_told_to_be_none_of_these() {
    let folder = tempfile::tempdir().unwrap();
    let artifact = folder.path().join("drun.whyc");
    out(&["compile", DRUN, "--output", artifact.to_str().unwrap()], 0);
    let output = whyfor(&["notice", artifact.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("name the `.why` file"));
}

// ── The page ────────────────────────────────────────────────────────────────────────────────────

/// The page as a browser parsed it.
fn document(arguments: &[&str]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = out(&[&["notice", DRUN, "--format", "html"], arguments].concat(), 0);
    let page = file(&folder, "list.html", &text);
    let document = chromium(folder.path(), &["--dump-dom", &format!("file://{page}")]).stdout;
    (folder, String::from_utf8(document).unwrap())
}

#[test]
fn the_page_can_be_read_aloud() {
    let (_folder, page) = document(&["--labels", CHINESE]);
    assert!(page.contains("<html lang=\"zh-CN\">"));
    let levels: Vec<&str> =
        page.match_indices("<h").filter_map(|(at, _)| page.get(at + 2..at + 3)).collect();
    let levels: Vec<&&str> = levels.iter().filter(|level| level.parse::<u8>().is_ok()).collect();
    assert_eq!(levels.len(), 10);
    assert_eq!(*levels[0], "1");
    assert!(levels[1..].iter().all(|level| **level == "2"));
    let heads = page.matches("<th ").count();
    assert!(heads >= 27 && page.matches("<th scope=\"row\"").count() == heads, "{heads}");
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    assert!(page.contains("<nav aria-label=\"目录\">"));
}

#[test]
fn the_page_prints_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let page = file(&folder, "list.html", &out(&["notice", DRUN, "--format", "html"], 0));
    let pdf = folder.path().join("list.pdf");
    chromium(
        folder.path(),
        &[&format!("--print-to-pdf={}", pdf.display()), &format!("file://{page}")],
    );
    let bytes = std::fs::read(pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF"));
    let text = String::from_utf8_lossy(&bytes);
    let pages = text.matches("/Type /Page\n").count();
    assert!((2..=5).contains(&pages), "{pages} pages");
}
