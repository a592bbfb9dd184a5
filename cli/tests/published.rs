//! `whyfor notice`: every part of the language in the list, its languages and layouts, and what is left out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{DRUN, drift, file, out, whyfor};
use serde_json::Value;
use std::path::Path;

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/shop.why");

/// The list of a text.
fn list(policy: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.why", policy);
    out(&[&["notice", &policy], more].concat(), 0)
}

/// The texts of all lines with a label.
fn lines<'l>(list: &'l str, label: &str) -> Vec<&'l str> {
    let label = format!("**{label}**: ");
    list.lines().filter_map(|line| Some(line.split_once(&label)?.1)).collect()
}

/// Compares a text with a file beside this one; `UPDATE_SNAPSHOTS=1` writes it.
#[track_caller]
fn snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
}

// ── Languages ───────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_part_of_the_language_has_words_in_english() {
    snapshot("english.md", &out(&["notice", SHOP], 0));
}

#[test]
fn every_part_of_the_language_has_words_in_chinese() {
    snapshot("chinese.md", &out(&["notice", SHOP, "--language", "zh"], 0));
}

#[test]
fn every_part_of_the_language_has_words_in_german() {
    snapshot("german.md", &out(&["notice", SHOP, "--language", "de"], 0));
}

#[test]
fn the_language_of_the_header_is_that_of_the_words() {
    let policy = "policy t \"Verzeichnis\" { language \"de-AT\" } category a \"Stammdaten\" \
                  category c \"Rechnungen\" purpose p \"Abrechnung\" purpose q \"Buchhaltung\" use a, c for p, q";
    let german = list(policy, &[]);
    assert_eq!(lines(&german, "Verwendete Daten"), ["Stammdaten, Rechnungen"]);
    assert_eq!(lines(&german, "Zweck"), ["Abrechnung und Buchhaltung"]);
    assert!(list(policy, &["--format", "html"]).contains("<html lang=\"de-AT\">"));
    let english = list(policy, &["--language", "en"]);
    assert_eq!(lines(&english, "Purpose and Processing"), ["Abrechnung and buchhaltung"]);
}

#[test]
fn labels_of_another_language_than_english_keep_their_case() {
    let policy = "policy t category a \"Stammdaten\" { b \"Beträge\" } category c \"Rechnungen\" \
                  purpose p \"Abrechnung\" purpose q \"Buchhaltung\" use a, c for p, q";
    assert_eq!(lines(&list(policy, &[]), "Types of Information Used"), ["Stammdaten, Rechnungen"]);
    let french = policy.replace("policy t", "policy t { language \"fr\" }").replace('ä', "a");
    let folder = tempfile::tempdir().unwrap();
    let output = whyfor(&["notice", &file(&folder, "p.why", &french)]);
    let errors = String::from_utf8(output.stderr).unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines(&list, "Types of Information Used"), ["Stammdaten, Rechnungen"]);
    assert!(errors.contains("no words in `fr`: English ones are shown"), "{errors}");
}

#[test]
fn a_label_with_capitals_keeps_all_of_them() {
    let policy = "policy t category a \"Email\" category b \"Biobank Data\" category c \"Files (of Alice)\" \
                  purpose p \"Care\" use a, b, c for p";
    let list = list(policy, &[]);
    assert_eq!(
        lines(&list, "Types of Information Used"),
        ["Email, Biobank Data, files (of Alice)"]
    );
}

#[test]
fn a_word_that_the_labels_show_to_be_a_name_keeps_its_capital() {
    let policy = "policy t category a \"Email\" category b \"Google account\" category c \"Paypal balance\" category d \"Full name\" \
                  category e \"The way. The place\" purpose p \"The care\" purpose q \"Signing in with Google\" purpose r \"Full service\" \
                  recipient s \"Paypal Ltd\" use a, b, c, d, e for q, p, r share a with s for p";
    let list = list(policy, &[]);
    assert_eq!(
        lines(&list, "Types of Information Used"),
        ["Email, Google account, Paypal balance, full name, The way. The place"]
    );
    assert_eq!(
        lines(&list, "Purpose and Processing")[0],
        "Signing in with Google, the care, and full service"
    );
}

#[test]
fn a_labels_file_names_every_part_and_word() {
    let folder = tempfile::tempdir().unwrap();
    let labels = file(
        &folder,
        "labels.yaml",
        "language: de\ncontroller: Beispiel GmbH\ncontact: datenschutz@example.com\n\
         words: { basis: Grundlage, after: 'bis {period} nach dem Ereignis {event}' }\n\
         bases: { contract: Vertrag }\nevents: { account_deletion: Löschung }\n\
         tags: { country: Land, country.de: Deutschland, us: USA }\nchoices: { region.eu: EU, us: Staaten }\n\
         reasons: { Tax law: Steuerrecht }\n",
    );
    let list = out(&["notice", SHOP, "--labels", &labels], 0);
    for text in [
        "Verantwortlicher: Beispiel GmbH",
        "Kontakt: datenschutz\\@example.com",
        "**Grundlage**: Vertrag",
        "bis 30 Tage nach dem Ereignis Löschung",
        "Courier (Land: Deutschland)",
        "EU oder Staaten",
        "**Begründung**: Steuerrecht",
    ] {
        assert!(list.contains(text), "{text}\n{list}");
    }
}

#[test]
fn a_word_keeps_its_places() {
    let folder = tempfile::tempdir().unwrap();
    let labels = file(&folder, "labels.yaml", "words: { after: nach }");
    let output = whyfor(&["notice", SHOP, "--labels", &labels]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("the word `after` has no place for `{period}`"), "{errors}");
}

// ── What statements say ─────────────────────────────────────────────────────────────────────────

/// The conditions of `use a for p` with these clauses.
fn conditions(clauses: &[&str]) -> Vec<String> {
    let mut policy = "policy t category a \"Email\" purpose p \"Newsletter\" \
                      fact region \"Your region\": one of eu, us, cn fact consent \"You agreed\" \
                      fact objected \"You objected\" fact age \"Your age\": number "
        .to_owned();
    for clause in clauses {
        policy += &format!("use a for p {clause}\n");
    }
    let list = list(&policy, &[]);
    lines(&list, "Condition").iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn a_condition_reads_one_way_only() {
    let cases = [
        ("when region in (eu, us) and consent", "Your region is eu or us, and you agreed"),
        ("unless objected", "Unless you objected"),
        ("when not objected", "Unless you objected"),
        ("when consent unless objected", "You agreed, unless you objected"),
        ("when consent or objected", "You agreed or you objected"),
        (
            "when consent and (objected or age < 3)",
            "You agreed, and (you objected or your age below 3)",
        ),
        (
            "when consent or objected unless age < 3",
            "(You agreed or you objected), unless your age below 3",
        ),
        (
            "when consent unless objected and age < 3",
            "You agreed, unless (you objected and your age below 3)",
        ),
        (
            "when consent unless objected or age < 3",
            "You agreed, unless you objected or your age below 3",
        ),
        ("unless not consent", "You agreed"),
        ("when not consent or objected", "(not: you agreed) or you objected"),
        ("when region is not eu", "Your region is us or cn"),
        ("unless region is eu", "Unless your region is eu"),
        ("unless objected or age < 3", "Unless you objected or your age below 3"),
        ("unless objected and age < 3", "Unless (you objected and your age below 3)"),
        (
            "unless objected and (consent or age < 3)",
            "Unless (you objected, and (you agreed or your age below 3))",
        ),
        (
            "unless objected or age < 3 or region is eu",
            "Unless (you objected, your age below 3, or your region is eu)",
        ),
    ];
    let clauses = cases.map(|(clause, _)| clause);
    assert_eq!(conditions(&clauses), cases.map(|(_, text)| text.to_owned()));
}

#[test]
fn a_condition_of_any_depth_is_written_at_once() {
    let deep = (0..40).fold("consent".to_owned(), |inner, at| match at % 2 {
        0 => format!("(objected and {inner})"),
        _ => format!("(consent or {inner})"),
    });
    assert_eq!(conditions(&[&format!("when {deep}")]).len(), 1);
}

#[test]
fn everything_is_a_word_of_its_own() {
    let policy = "policy t category contact \"Contact\" { email \"Email\" } category health \"Health data\" \
                  purpose ads \"Selling\" purpose login \"Login\" recipient third \"Third parties\" method m \"Form\" ";
    let told = |statement: &str| list(&format!("{policy} {statement}"), &[]);
    let never = told("never share * with third for ads");
    assert_eq!(lines(&never, "Types of Information Never Shared"), ["Any personal information"]);
    let collect = told("collect * except health for *");
    assert_eq!(
        lines(&collect, "Types of Information Collected"),
        ["Any personal information, except health data"]
    );
    assert_eq!(lines(&collect, "Collection Method"), ["Any method"]);
    assert_eq!(lines(&collect, "Purpose and Processing"), ["Any purpose"]);
    let share = told("share email with * except third for login");
    assert_eq!(lines(&share, "Recipients"), ["Anyone, except Third parties"]);
    // All that is declared is less than any.
    let declared = told("share email with third for login");
    assert_eq!(lines(&declared, "Recipients"), ["Third parties"]);
}

#[test]
fn a_statement_that_covers_nothing_is_not_published() {
    let policy = "policy t category a \"Email\" category b \"Phone\" purpose p \"Login\" recipient r \"Bank\" ";
    let told = |statement: &str| list(&format!("{policy} {statement}"), &[]);
    for statement in
        ["never use a & b for p", "use a & b for p", "never share a with (r except r) for p"]
    {
        assert!(!told(statement).contains("**"), "{statement}");
    }
    // Without a recipient it permits use, and nobody owes anything.
    let share = told("duty d \"Delete\" share a with (r except r) for p then d retain 3 days");
    assert_eq!(lines(&share, "Types of Information Used"), ["Email"]);
    assert!(!share.contains("Delete") && !share.contains("3 days"), "{share}");
}

#[test]
fn a_named_part_of_a_group_is_never_dropped() {
    let policy = "policy t category ids \"Device identifiers\" { imei \"IMEI\" meid \"MEID\" } \
                  category name \"Name\" category sensors \"Sensors\" { gyro \"Gyroscope\" } purpose p \"Login\" ";
    let told = |names: &str| {
        let list = list(&format!("{policy} use {names} for p"), &[]);
        lines(&list, "Types of Information Used").concat()
    };
    for (names, text) in [
        ("name, ids, imei, meid", "Name, device identifiers (IMEI, MEID)"),
        (
            "name, ids, imei, meid, sensors, gyro",
            "Name, device identifiers (IMEI, MEID), sensors (gyroscope)",
        ),
        ("ids, imei, meid", "Device identifiers, including IMEI, MEID"),
        // A name after the parts is none of them.
        ("ids, imei, meid, name", "Device identifiers (IMEI, MEID), name"),
        // The group has more parts than are named.
        ("name, ids, imei", "Name, device identifiers (including IMEI)"),
    ] {
        assert_eq!(told(names), text);
    }
}

#[test]
fn an_open_group_after_all_its_parts_leads_them() {
    let policy = "policy t category habits \"Habits\" open { hobby \"Hobby\" sport \"Sport\" } category name \"Name\" \
                  purpose p \"Login\" ";
    let told = |names: &str| {
        let list = list(&format!("{policy} use {names} for p"), &[]);
        lines(&list, "Types of Information Used").concat()
    };
    for (names, text) in [
        ("hobby, sport, habits", "Habits, such as hobby, sport"),
        ("name, hobby, sport, habits", "Name, habits (e.g., hobby, sport)"),
        ("hobby, name, sport, habits", "Habits (e.g., hobby, sport), name"),
    ] {
        assert_eq!(told(names), text);
    }
}

#[test]
fn what_is_forbidden_or_owed_names_its_parts_that_permits_name() {
    let policy = "policy t \"List\" category contact \"Contact\" { email \"Email\" phone \"Phone\" post \"Post\" } \
                  category habits \"Habits\" open { hobby \"Hobby\" sport \"Sport\" { ski \"Ski\" } } \
                  category ids \"IDs\" { imei \"IMEI\" } purpose ads \"Ads\" { banner \"Banner\" } purpose login \"Login\" \
                  method typed \"Typed\" { form \"Form\" } recipient partners \"Partners\" { ann \"Ann\" } duty log \"Log\" \
                  use email, phone, imei for banner share email with ann for login collect ski, name by form for login \
                  category name \"Name\" ";
    let never = |statement: &str, label: &str| {
        let list = list(&format!("{policy} {statement}"), &[]);
        lines(&list, label).last().copied().unwrap_or_default().to_owned()
    };
    for (statement, label, text) in [
        ("never use contact for login", "Never Used", "Contact, including email, phone"),
        (
            "never use name, contact for login",
            "Never Used",
            "Name, contact (including email, phone)",
        ),
        ("never use contact except phone", "Never Used", "Contact, including email, except phone"),
        (
            "never use email, phone, post, contact",
            "Never Used",
            "Contact, including email, phone, post",
        ),
        ("never use ids", "Never Used", "IDs, including IMEI"),
        ("never use name, ids", "Never Used", "Name, IDs (including IMEI)"),
        ("never use habits", "Never Used", "Habits, such as hobby, sport (including ski)"),
        ("require log to use contact", "Whenever Using", "Contact, including email, phone"),
    ] {
        assert_eq!(
            never(
                statement,
                &format!("Types of Information {label}")
                    .replace("Types of Information Whenever", "Whenever")
            ),
            text
        );
    }
    assert_eq!(never("never use name for ads", "Purpose and Processing"), "Ads, including banner");
    assert_eq!(never("never share name with partners", "Recipients"), "Partners, including Ann");
    assert_eq!(never("never collect name by typed", "Collection Method"), "Typed, including form");
}

#[test]
fn nodes_that_a_reader_cannot_tell_apart_are_said_once() {
    let policy = "policy t category root { a \"Biobank Data\" { b \"Biobank Data\" } c \"Other data\" d \"Biobank Data\" } \
                  purpose x \"Care\" use a, b, c, d for x";
    let text = list(policy, &[]);
    assert_eq!(lines(&text, "Types of Information Used"), ["Biobank Data, other data"]);
}

#[test]
fn statements_without_a_section_have_no_heading_of_their_own() {
    let policy = "policy t \"List\" category a \"Email\" purpose p \"Login\" use a for p";
    let markdown = list(policy, &[]);
    assert_eq!(markdown.matches('#').count(), 1, "{markdown}");
    let page = list(policy, &["--format", "html"]);
    assert!(
        !page.contains("<h2") && !page.contains("<nav") && page.contains("<caption>List</caption>"),
        "{page}"
    );
}

#[test]
fn periods_keep_their_units() {
    let policy = "policy t category a \"Email\" purpose p \"Login\" event e \"End of contract\" ";
    for (limits, text) in [
        ("1 year", "1 year"),
        ("24 months", "24 months"),
        (
            "3 years, 36 hours after e, until e",
            "3 years or 36 hours after end of contract or until end of contract, whichever ends first",
        ),
        ("0 days", "0 days"),
        ("at least 1 week, 2 weeks", "2 weeks; at least 1 week"),
        ("at least 6 months after e", "At least 6 months after end of contract"),
    ] {
        let list = list(&format!("{policy} use a for p retain {limits}"), &[]);
        assert_eq!(lines(&list, "Retention"), [text]);
    }
}

#[test]
fn what_a_recipient_owes_is_said_to_be_the_recipients() {
    let list = out(&["notice", SHOP], 0);
    assert_eq!(lines(&list, "Obligations of the Recipient"), ["Delete it after delivery"]);
    assert_eq!(lines(&list, "Retention by the Recipient"), ["1 year"]);
}

// ── Formats and layouts ─────────────────────────────────────────────────────────────────────────

#[test]
fn the_list_as_one_table() {
    snapshot("table.md", &out(&["notice", SHOP, "--layout", "table"], 0));
}

#[test]
fn the_list_by_recipient() {
    snapshot("recipients.md", &out(&["notice", SHOP, "--layout", "recipients"], 0));
}

#[test]
fn the_chart_of_california() {
    snapshot("california.md", &out(&["notice", SHOP, "--layout", "california"], 0));
}

#[test]
fn the_chart_names_whom_data_is_sold_to_in_a_group_and_all_that_is_collected() {
    let names = "policy t tag sale \"Sale\" published { sold \"Sold\" } category a \"Kept\" category b \"Other\" \
                 purpose p \"Login\" purpose q \"Ads\" recipient g \"Partners\" { t \"Tee Inc.\" #sold u \"You Inc.\" }";
    for (statements, expected) in [
        ("collect a for p share a with g for q", "| Kept | Login, Ads | Sold: Tee Inc. |"),
        ("collect a for p share a with * for q", "| Kept | Login, Ads | Sold: Tee Inc. |"),
        ("collect a for p share a with g.u for q", "| Kept | Login, Ads | No |"),
        ("collect * for p share b with g for q", "| Other | Login, Ads | Sold: Tee Inc. |"),
    ] {
        let chart = list(&format!("{names} {statements}"), &["--layout", "california"]);
        assert!(chart.contains(expected), "{statements}: {chart}");
    }
}

#[test]
fn the_chart_has_nothing_that_is_always_forbidden() {
    let policy = "policy t \"List\" tag sold \"Sold\" published category contact \"Contact\" { email \"Email\" phone \"Phone\" } \
                  category name \"Name\" method m \"Form\" recipient r \"Ann\" #sold recipient s \"Bob\" #sold fact ok \"You agreed\" \
                  purpose ads \"Ads\" { banner \"Banner\" } purpose login \"Login\" duty log \"Log\" \
                  collect contact, name by m for ads, banner, login share contact with r, s for ads ";
    let rows = |statements: &str| -> Vec<String> {
        let list = list(&format!("{policy} {statements}"), &["--layout", "california"]);
        list.lines()
            .filter(|line| line.starts_with("| "))
            .skip(2)
            .map(|row| row.replace(" |  |", " |"))
            .collect()
    };
    let (contact, name) =
        ("| Contact | Ads, Banner, Login | Sold: Ann, Bob |", "| Name | Ads, Banner, Login | No |");
    for (statements, expected) in [
        ("", vec![contact, name]),
        ("never use contact for ads", vec!["| Contact | Login | No |", name]),
        ("never use contact for banner", vec!["| Contact | Ads, Login | Sold: Ann, Bob |", name]),
        ("never share contact with r", vec!["| Contact | Ads, Banner, Login | Sold: Bob |", name]),
        ("never share * with r, s for ads", vec!["| Contact | Ads, Banner, Login | No |", name]),
        ("never collect contact", vec![name]),
        ("never collect contact by m", vec![name]),
        ("never use *", vec![]),
        // It holds for some of it, or under some condition.
        ("never use email", vec![contact, name]),
        ("never use contact unless ok", vec![contact, name]),
    ] {
        assert_eq!(rows(statements), expected, "{statements}");
    }
    let kept = "require log retain 3 days to use contact never use name for login";
    assert_eq!(rows(kept)[0], "| Contact | Ads, Banner, Login | Sold: Ann, Bob | 3 days |");
    let page = list(&format!("{policy} {kept}"), &["--layout", "california"]);
    assert_eq!(lines(&page, "Types of Information Never Used"), ["Name"]);
    assert_eq!(lines(&page, "Whenever Using"), ["Contact"]);
}

#[test]
fn what_is_shared_without_being_collected_stands_below_the_chart() {
    let policy = "policy t \"List\" tag sold \"Sold\" published category a \"Email\" category b \"Place\" { home \"Home\" } \
                  method m \"Form\" recipient n \"Ann\" #sold purpose p \"Ads\" collect a by m for p ";
    for (statement, shared) in [
        ("share b with n for p", vec!["Place"]),
        ("share * with n for p", vec!["Any personal information"]),
        ("collect b by m for p share b.home with n for p", vec![]),
        ("collect b by m for p never collect b share b with n for p", vec!["Place"]),
    ] {
        let page = list(&format!("{policy} {statement}"), &["--layout", "california"]);
        assert_eq!(lines(&page, "Types of Information Shared"), shared, "{statement}: {page}");
        assert_eq!(
            page.contains("Sold: Ann"),
            statement.contains('*') || shared.is_empty(),
            "{page}"
        );
    }
}

#[test]
fn a_row_of_the_table_says_what_is_collected_and_shared() {
    let policy = "policy t category a \"Email\" purpose p \"Hosting\" purpose q \"Ads\" method m \"Form\" \
                  recipient r \"Alpha\" recipient s \"Beta\" \
                  section x \"X\" { collect a by m for p share a with r for p share a with s for p share a with r for q }";
    let table = list(policy, &["--layout", "table"]);
    let rows: Vec<&str> = table.lines().filter(|line| line.contains("| X |")).collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(rows[0].contains("| Alpha, Beta |") && rows[1].contains("| Ads |"), "{table}");
}

#[test]
fn a_record_says_what_the_tags_of_the_members_of_a_group_say() {
    let policy = "policy t \"List\" tag country \"Country\" published { us \"USA\" de \"Germany\" cn \"China\" } \
                  tag subject \"Data Subjects\" published { customer \"Customers\" child \"Children\" } \
                  category contact \"Contact\" { email \"Email\" #customer phone \"Phone\" #child } purpose p \"Ads\" \
                  recipient partners \"Partners\" { ann \"Ann\" #us bob \"Bob\" #de cid \"Cid\" #cn } ";
    let row = |statement: &str| {
        let list = list(&format!("{policy} {statement}"), &["--layout", "table"]);
        list.lines().rfind(|line| line.starts_with("| ")).unwrap_or_default().to_owned()
    };
    let all = row("share contact with partners except cid for p");
    assert!(all.contains("| Customers, Children |") && all.contains("| USA, Germany |"), "{all}");
    let one = row("share email with bob for p");
    assert!(one.contains("| Customers |") || one.contains("Customers"), "{one}");
    assert!(!one.contains("Children") && !one.contains("USA"), "{one}");
}

#[test]
fn the_columns_of_a_record_are_found_by_their_labels_in_any_language() {
    let policy = DRUN.replace("drun", "werkstatt");
    let table = out(&["notice", &policy, "--layout", "table"], 0);
    let row = table.lines().find(|line| line.contains("Example Mail, Inc.")).unwrap();
    assert!(row.contains("| Kunden |") && row.contains("| USA |"), "{row}");
}

#[test]
fn a_page_in_every_layout_has_the_same_lines() {
    for layout in ["sections", "table", "recipients", "california"] {
        let markdown = out(&["notice", SHOP, "--layout", layout], 0);
        let page = out(&["notice", SHOP, "--layout", layout, "--format", "html"], 0);
        for text in ["Mailing address", "example.com"] {
            assert!(markdown.contains(text) && page.contains(text), "{layout}: {text}");
        }
        assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    }
}

#[test]
fn the_data_of_the_list_has_every_part() {
    let json: Value = serde_json::from_str(&out(&["notice", SHOP, "--format", "json"], 0)).unwrap();
    for key in ["effective", "contact", "url", "version", "controller"] {
        assert!(json[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
    assert!(json["sections"][0]["because"].as_str().unwrap().starts_with("You may"));
    let blocks = json["sections"].as_array().unwrap().iter();
    let blocks = blocks.flat_map(|section| section["blocks"].as_array().unwrap());
    let lines: Vec<&Value> = blocks.flat_map(|block| block["lines"].as_array().unwrap()).collect();
    for part in [
        "types",
        "optional",
        "method",
        "recipients",
        "purpose",
        "basis",
        "condition",
        "duties",
        "retention",
        "recipient_duties",
        "recipient_retention",
        "reason",
        "see",
    ] {
        assert!(lines.iter().any(|line| line["part"] == part), "{part}");
    }
}

#[test]
fn what_is_written_in_any_language_and_layout_passes_its_check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance");
    let mut policies: Vec<String> = vec![SHOP.to_owned(), DRUN.to_owned()];
    policies.extend(
        (1..=30).map(|n| root.join(format!("{n}/policy.why")).to_str().unwrap().to_owned()),
    );
    for (at, policy) in policies.iter().enumerate() {
        for layout in ["sections", "table", "recipients", "california"] {
            // Every language with every layout, over the policies.
            let language = ["en", "zh", "de"][(at + layout.len()) % 3];
            let more = ["--language", language, "--layout", layout];
            let list = out(&[&["notice", policy], &more[..]].concat(), 0);
            assert_eq!(drift(policy, &list, &more), Vec::<Value>::new(), "{policy} {more:?}");
        }
    }
}

// ── The policies of the project ─────────────────────────────────────────────────────────────────

/// Policies in the manner of real pages, and the layout of each page.
const PAGES: [(&str, &str); 4] = [
    ("werkstatt", "table"),
    ("huiyi", "recipients"),
    ("sunhill", "california"),
    ("pacer", "sections"),
];

fn of_project(name: &str, ending: &str) -> String {
    format!("{}/../policies/{name}.{ending}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_published_page_of_each_policy_is_what_notice_writes() {
    for (name, layout) in PAGES {
        let list = out(&["notice", &of_project(name, "why"), "--layout", layout], 0);
        snapshot(&format!("../../../policies/{name}.md"), &list);
        let found = drift(&of_project(name, "why"), &list, &["--layout", layout]);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn the_expectations_and_the_tests_of_each_policy_hold() {
    for (name, _) in PAGES {
        out(&["check", &of_project(name, "why")], 0);
        out(&["test", &of_project(name, "test.yaml")], 0);
        out(&["fmt", "--check", &of_project(name, "why")], 0);
    }
}
