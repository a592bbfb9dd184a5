//! `whyfor import` on documents of other formats: each draft compiles and permits what the document says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{file, out, whyfor};

fn document(name: &str) -> String {
    format!("{}/tests/imported/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(document(name)).unwrap()
}

/// A draft, which must compile and be laid out.
#[track_caller]
fn draft(arguments: &[&str], status: i32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let draft = out(&[&["import"], arguments].concat(), status);
    let policy = file(&folder, "draft.why", &draft);
    out(&["check", &policy], 0);
    out(&["fmt", "--check", &policy], 0);
    draft
}

#[track_caller]
fn has(draft: &str, parts: &[&str]) {
    let flat = draft.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flat.contains(part), "{part}\n{draft}");
    }
}

/// The error about a document with these contents.
#[track_caller]
fn error(format: &str, name: &str, contents: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    let output = whyfor(&["import", format, path.to_str().unwrap()]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{errors}");
    errors
}

#[test]
fn a_record_of_processing_activities_is_drafted() {
    let draft = draft(&["csv", &document("record.csv")], 0);
    has(
        &draft,
        &[
            "policy record_processing_activities \"Record of processing activities\"",
            "collect bank_details, salary by not_stated for paying_salaries, tax_reporting when subject is \
             employees on contract & legal_obligation retain 7 years after end_employment",
            "share bank_details, salary with northwind_payroll_inc for paying_salaries, tax_reporting",
            "recipient northwind_payroll_inc \"Northwind Payroll, Inc.\" #country.united_states",
            "collect cv, references by not_stated for selecting_applicants when subject is applicants on \
             legitimate_interests retain at least 6 months",
            "retain until withdrawal_consent",
            "section human_resources_payroll \"Human resources: Payroll\"",
            "// not understood: Security measures: Encryption",
            "// not understood, write it as `retain`: As long as necessary",
            "// collect name, email_address by not_stated for not_stated",
        ],
    );
}

#[test]
fn a_record_may_be_separated_by_semicolons_and_have_headings_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "Was;Wozu;Wer\n\"E-Mail; Name\";Login;Beispiel GmbH\nFoto;Profil;\n";
    let record = file(&folder, "verzeichnis.csv", csv);
    let words = file(&folder, "words.yaml", "words: { used: Was, purpose: Wozu, recipients: Wer }");
    let draft = draft(&["csv", &record, "--labels", &words], 0);
    has(
        &draft,
        &[
            "use mail, name for login",
            "share mail, name with beispiel_gmbh for login",
            "use foto for profil",
        ],
    );
}

#[test]
fn a_row_of_a_record_with_too_many_cells_permits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "Personal data,Purpose\nEmail,Login\nPhone, fax,Support\n";
    let draft = draft(&["csv", &file(&folder, "r.csv", csv)], 0);
    has(
        &draft,
        &[
            "collect email by not_stated for login",
            "// not understood: more cells than columns: Phone | fax",
        ],
    );
    assert!(!draft.contains("fax\""), "{draft}");
}

#[test]
fn a_privacy_manifest_is_drafted() {
    let draft = draft(&["apple", &document("PrivacyInfo.xcprivacy")], 0);
    has(
        &draft,
        &[
            "email_address \"Email address\" #linked_person",
            "device_id \"Device ID\" #linked_person #used_tracking",
            "collect contact_info.email_address for app_functionality, developer_advertising",
            "collect diagnostics.crash_data for analytics",
            "// not understood, so nothing is permitted: the manifest states no purpose for it",
            "// the manifest says: NSPrivacyAccessedAPITypes: NSPrivacyAccessedAPICategoryUserDefaults CA92.1",
        ],
    );
    assert!(!draft.contains("\n    collect identifiers"), "{draft}");
}

#[test]
fn a_type_that_a_manifest_does_not_name_as_apple_does_permits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let manifest =
        text("PrivacyInfo.xcprivacy").replace("NSPrivacyCollectedDataTypeCrashData", "Crashes");
    let draft = draft(&["apple", &file(&folder, "p.xcprivacy", &manifest)], 0);
    has(
        &draft,
        &["// not understood, so nothing is permitted: NSPrivacyCollectedDataType: Crashes"],
    );
}

#[test]
fn a_key_of_a_manifest_that_may_limit_its_type_permits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let comment = "<key>Comment</key><string>Only if the user opts in</string>\n<key>NSPrivacyCollectedDataType</key>";
    let manifest =
        text("PrivacyInfo.xcprivacy").replace("<key>NSPrivacyCollectedDataType</key>", comment);
    let draft = draft(&["apple", &file(&folder, "p.xcprivacy", &manifest)], 0);
    assert!(!draft.contains("\n    collect"), "{draft}");
    has(&draft, &["// not understood, so nothing is permitted: Comment: Only if the user opts in"]);
}

#[test]
fn a_data_safety_form_is_drafted() {
    let draft = draft(&["google", &document("data_safety.csv")], 0);
    has(
        &draft,
        &[
            "collect optional personal_info.email for app_functionality, account_management",
            "collect device_or_other_ids.device_id for analytics",
            "share device_or_other_ids.device_id with third_parties for advertising",
            "email \"Email address\"",
            "purpose advertising \"Advertising or marketing\"",
            "// not understood, so nothing is permitted: the form does not tick this type of data",
            "// the form says: Is all of the user data collected by your app encrypted in transit?: TRUE",
        ],
    );
    assert!(!draft.contains("\n    collect approx_location"), "{draft}");
}

#[test]
fn a_form_that_says_that_nothing_is_collected_permits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let form = text("data_safety.csv").replace("PERSONAL_DATA,,TRUE", "PERSONAL_DATA,,FALSE");
    let draft = draft(&["google", &file(&folder, "d.csv", &form)], 0);
    assert!(!draft.contains("\n    collect") && !draft.contains("\n    share"), "{draft}");
}

#[test]
fn fides_manifests_are_drafted() {
    let draft = draft(&["fides", &document("system.yml"), &document("dataset.yml")], 0);
    has(
        &draft,
        &[
            "use user.contact.email, user.contact.address for essential.service when subject is customer on \
             contract retain 3 years",
            "share user.contact.address with northwind_logistics_inc for essential.service",
            "field \"users.email\" is user.contact.email",
            "field \"users.address.city\" is user.contact.address.city",
            "field \"users.**\" is user",
            "// not understood, so nothing is permitted: data_qualifier: aggregated.anonymized",
            "// not understood, write it as `retain`: No retention or erasure policy",
            "// the manifest says: administrating_department: Sales",
        ],
    );
}

#[test]
fn a_declaration_that_may_be_limited_permits_nothing_without_its_condition() {
    let declaration = |more: &str| {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "system:\n- fides_key: a\n  privacy_declarations:\n  - name: n\n    data_categories: [user.contact]\n    \
             data_use: essential\n    {more}\n"
        );
        draft(&["fides", &file(&folder, "system.yml", &text)], 0)
    };
    let basis =
        declaration("legal_basis_for_processing: Legitimate interests (unless you objected)");
    has(&basis, &["for essential when legitimate_interests_unless_you on"]);
    let described = declaration("description: not for children");
    has(&described, &["nothing is permitted: description: not for children"]);
    assert!(!described.contains("\n    use"), "{described}");
    for key in ["restriction: adults", "remark: only if you agree"] {
        has(&declaration(key), &[&format!("nothing is permitted: {key} // use user.contact")]);
    }
    for key in ["remark: reviewed in May", "flexible_legal_basis_for_processing: true"] {
        let plain = declaration(key);
        has(&plain, &[&format!("// not understood: {key}")]);
        assert!(plain.contains("\n    use user.contact for essential"), "{plain}");
    }
}

#[test]
fn what_a_system_or_a_declaration_says_of_third_parties_limits_them() {
    let shared = |third_parties: &str, system: &str| {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "system:\n- fides_key: a\n{system}  privacy_declarations:\n  - data_categories: [user.contact]\n    data_use: essential\n    \
             data_shared_with_third_parties: true\n    shared_categories: [user.contact]\n    third_parties: {third_parties}\n"
        );
        draft(&["fides", &file(&folder, "system.yml", &text)], 0)
    };
    assert!(shared("Acme Inc.", "").contains("\n    share user.contact with acme_inc"));
    for nobody in ["none", "Acme Inc. (only with consent)", "None of them"] {
        let draft = shared(nobody, "");
        assert!(!draft.contains("\n    share"), "{draft}");
        assert!(draft.contains("\n    use user.contact"), "{draft}");
    }
    for limit in ["  active: false\n", "  description: Must not process data\n"] {
        let draft = shared("Acme Inc.", limit);
        assert!(!draft.contains("\n    share") && !draft.contains("\n    use"), "{draft}");
    }
}

#[test]
fn a_dataset_alone_gives_its_fields() {
    let draft = draft(&["fides", &document("dataset.yml")], 0);
    has(&draft, &["field \"sessions.visited\" is user.behavior.browsing_history"]);
}

#[test]
fn the_data_privacy_vocabulary_can_be_imported() {
    let names = draft(&["dpv", &document("purposes.jsonld"), &document("personal_data.csv")], 0);
    has(
        &names,
        &[
            "communication_for_customer_care \"Communication for Customer Care\" also communication_management",
            "category financial \"Financial\" { bank_account \"Bank Account\" }",
            "health \"Health\" #special_category_personal_data",
            "// 7 purposes and categories; 2 other terms are left out.",
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "dpv.why", &names);
    let policy = "policy shop\nimport \"dpv.why\"\nuse bank_account for customer_care\n";
    let policy = file(&folder, "shop.why", policy);
    out(&["check", &policy], 0);
    out(&["ask", &policy, "use", "bank_account", "--for", "communication_for_customer_care"], 0);
}

#[test]
fn documents_of_other_formats_are_refused() {
    for (format, contents, message) in [
        ("apple", "<plist version=\"1.0\"><array/></plist>", "it is no privacy manifest"),
        ("apple", "{}", "it is no property list"),
        ("google", "a,b\n1,2\n", "it is no export of a data safety form"),
        ("google", "", "it is no export of a data safety form"),
        ("csv", "a,b\n1,2\n", "has no list that can be read"),
        ("csv", "", "a record has a line of headings"),
        ("fides", "a: 1\n", "line 1: it is no Fides manifest"),
        ("fides", "system: 1\n", "line 1: it is a list"),
        ("fides", "system: [", "line "),
        ("dpv", "[]", "it has no purposes and no personal data"),
        ("dpv", "[1", "it is no JSON-LD"),
        ("dpv", "a,b\n", "it has no column `iri`"),
    ] {
        let errors = error(format, "document", contents.as_bytes());
        assert!(errors.contains(message), "{format} {contents}\n{errors}");
    }
    for format in ["csv", "apple", "google", "fides", "dpv"] {
        let errors = error(format, "document", b"a\xff");
        assert!(errors.contains("is not UTF-8"), "{format}: {errors}");
    }
}

#[test]
fn hostile_documents_are_refused_in_bounded_time() {
    let deep = "<array>".repeat(140_000);
    let plist = format!("<plist><dict><key>NSPrivacyCollectedDataTypes</key>{deep}");
    error("apple", "p", plist.as_bytes());
    let closed = format!("{plist}</array></dict></plist>");
    error("apple", "p", closed.as_bytes());
    error("apple", "p", &vec![b' '; 2 << 20]);
    error("fides", "p", ("system: ".to_owned() + &"[".repeat(100_000)).as_bytes());
    error("dpv", "p", "[".repeat(1_000_000).as_bytes());
    error("csv", "p", &vec![b','; 2 << 20]);
}
