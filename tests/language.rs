//! Every rule of the language page, each with a test that is named after it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Code, FactValue, Facts, Memory, Model, Policy, Question, Verdict};

/// No purposes.
const NONE: [&str; 0] = [];

fn policy(text: &str) -> Policy {
    Policy::from_str(&format!("policy p\n{text}")).unwrap_or_else(|d| panic!("{d}"))
}

/// The codes of the errors that a policy gives.
fn errors(text: &str) -> Vec<Code> {
    match Policy::from_str(&format!("policy p\n{text}")) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics.iter().map(|d| d.code()).collect(),
    }
}

/// A question in the words of the language: `collect email by provided for login`.
fn question(words: &str) -> Question<'_> {
    match words.split_whitespace().collect::<Vec<_>>()[..] {
        ["use", field, "for", purpose] => Question::usage(field, purpose),
        ["collect", field, "by", method, "for", purpose] => {
            Question::collect(field, method, purpose)
        }
        ["share", field, "with", recipient, "for", purpose] => {
            Question::share(field, recipient, purpose)
        }
        _ => panic!("no question: {words}"),
    }
}

fn verdict(policy: &Policy, words: &str, facts: &Facts) -> Verdict {
    policy.ask(&question(words), facts).verdict()
}

/// Asks without facts, and compares with lines such as `allow use email for login`.
#[track_caller]
fn check(text: &str, lines: &[&str]) {
    let policy = policy(text);
    for line in lines {
        let (expected, words) = line.split_once(' ').unwrap();
        assert_eq!(verdict(&policy, words, Facts::none()).as_str(), expected, "{words}\n{text}");
    }
}

/// The vocabulary that most tests share.
const SHOP: &str = r#"
    tag sensitive
    category contact "Contact" { email phone #sensitive address }
    category device { ip_address os_version }
    method provided  method observed { automatic }
    purpose service { login billing }  purpose marketing { newsletter ads }
    recipient partners { courier }
    fact verified  fact consent per purpose  fact region: one of eu, us, cn  fact age: number
    duty deidentify  duty notify
"#;

fn shop(statements: &str) -> String {
    format!("{SHOP}\n{statements}")
}

// ── Principles ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn nothing_is_permitted_unless_a_statement_permits_it_for_a_purpose() {
    check(
        &shop("use email for login"),
        &[
            "allow use email for login",
            "deny use email for billing",
            "deny use phone for login",
            "deny collect email by provided for login",
            "deny share email with courier for login",
        ],
    );
}

#[test]
fn never_beats_every_permit() {
    check(
        &shop("use * for *  use email for login  never use email for login"),
        &["deny use email for login", "allow use email for billing"],
    );
}

#[test]
fn asking_about_a_group_asks_about_all_of_it() {
    check(
        &shop("use email, phone for service  collect device by automatic for login"),
        &[
            "deny use contact for service",
            "allow use email for service",
            "allow collect device by automatic for login",
            "deny collect device by observed for login",
            "deny use device for service",
        ],
    );
    check(&shop("use contact for service"), &["allow use contact for service"]);
}

#[test]
fn what_is_not_known_never_allows() {
    check(
        &shop("use * for *"),
        &["deny use nothing for login", "deny use email for nothing", "allow use email for login"],
    );
    check(&shop("use * for * when verified"), &["depends use email for login"]);
}

// ── Vocabulary ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn also_puts_a_node_below_further_parents() {
    let text = "category c  purpose ads also marketing { target }  purpose marketing { mail }
                use c for marketing";
    check(
        text,
        &["allow use c for ads", "allow use c for ads.target", "allow use c for marketing"],
    );
    let text = "category c  purpose ads also marketing  purpose marketing { mail }
                use c for mail  never use c for ads";
    check(text, &["deny use c for marketing", "allow use c for mail"]);
}

#[test]
fn open_marks_a_label_and_changes_no_decision() {
    let text = |mark: &str| {
        format!(
            "category habits \"Habits\" {mark} #t {{ sports \"Sports\" {mark} open \"Open questions\" chess }}
             tag t  purpose play \"Play\" {mark} {{ win }}
             use habits except open for play"
        )
    };
    let lines = ["allow use sports for win", "allow use chess for play", "deny use open for win"];
    for mark in ["", "open", "open // more\n"] {
        check(&text(mark), &lines);
    }
    // Only a label can be open: without one, it is a name, as it is in backquotes.
    check("category a { open b } purpose p use open for p", &["allow use open for p"]);
    check("category a { x \"X\" `open` y } purpose p use open for p", &["allow use a.open for p"]);
    assert_eq!(errors("category a open"), [Code::Syntax]);
}

#[test]
fn a_circle_is_an_error() {
    assert_eq!(errors("category a also b  category b also a"), [Code::Circle]);
    assert_eq!(errors("category a { b }  category c { d also c }"), []);
}

#[test]
fn a_root_may_be_declared_again_with_the_same_label_and_tags() {
    let text = "category a \"A\" { x }  category a \"A\" { y }  purpose p  use a for p";
    check(text, &["allow use a.x for p", "allow use a.y for p"]);
    assert_eq!(errors("category a \"A\"  category a \"B\""), [Code::DifferentDeclaration]);
    assert_eq!(errors("tag t category a  category a #t"), [Code::DifferentDeclaration]);
    assert_eq!(errors("category a { x }  category a { x }"), [Code::DuplicateSibling]);
}

#[test]
fn names_and_tags_are_case_sensitive() {
    check(
        "category a category A  purpose p  use a for p",
        &["allow use a for p", "deny use A for p"],
    );
}

#[test]
fn names_are_unicode_and_keywords_are_names_in_backquotes() {
    check(
        "category 邮箱 category `use`  purpose p  use 邮箱, `use` for p",
        &["allow use 邮箱 for p", "allow use use for p"],
    );
    assert_eq!(errors("category use"), [Code::ReservedWord]);
}

#[test]
fn a_file_with_bidirectional_controls_is_refused() {
    assert_eq!(errors("category a // \u{202E} reversed"), [Code::Bidirectional]);
}

#[test]
fn strings_take_the_escapes_of_json() {
    let policy = policy(r#"category a "x\"\\\/\n\u00e9\ud83d\ude00""#);
    let (_, node) = policy.categories().next().unwrap();
    assert_eq!(node.label, "x\"\\/\né😀");
    assert_eq!(errors(r#"category a "\x""#), [Code::BadEscape]);
}

#[test]
fn a_tag_is_declared_before_it_counts_and_holds_below() {
    let text = "category a #t { b }  category c  tag t  purpose p  use #t for p";
    check(text, &["allow use a for p", "allow use b for p", "deny use c for p"]);
    assert_eq!(errors("category a #t"), [Code::UnknownTag]);
}

#[test]
fn a_reference_is_a_full_path_or_else_the_one_path_that_ends_with_it() {
    let text = "category a { x { y } }  category x  purpose p  use x for p";
    check(text, &["allow use x for p", "deny use a.x for p", "deny use y for p"]);
    assert_eq!(
        errors("category a { x } category b { x } purpose p use x for p"),
        [Code::AmbiguousName]
    );
    assert_eq!(errors("category a purpose p use b for p"), [Code::UnknownName]);
    check("category a { x } category b { x } purpose p use * for p", &["deny use x for p"]);
}

#[test]
fn fields_map_names_by_patterns_without_ascii_case() {
    let text = shop(
        "field \"users.email\", \"*_email\" except \"noreply_email\" is email
         field \"**.ip\" is ip_address  field \"os?\" is os_version
         use email, ip_address, os_version for login",
    );
    check(
        &text,
        &[
            "allow use users.email for login",
            "allow use Users.EMAIL for login",
            "allow use work_email for login",
            "deny use noreply_email for login",
            "deny use a.work_email for login",
            "allow use a.b.ip for login",
            "allow use os7 for login",
            "deny use os.7 for login",
            "deny use os for login",
        ],
    );
}

#[test]
fn all_categories_of_a_field_must_be_allowed() {
    let text = shop(
        "field \"billing_contact\" is email, address  field \"work_*\" is email  field \"*_ip\" is ip_address
         use email for login  use email, address for billing",
    );
    check(
        &text,
        &[
            "deny use billing_contact for login",
            "allow use billing_contact for billing",
            "allow use work_mail for login",
            "deny use work_ip for login",
        ],
    );
}

#[test]
fn a_field_has_the_paths_of_all_categories_that_it_is_mapped_to() {
    let policy = policy(
        r#"category contact { email phone }
        field "both", "b*" is contact.phone, contact.email
        field "*h" is contact.email"#,
    );
    let paths = |name: &str| {
        policy.field(name).map(|field| policy.paths(&field).join(" ")).unwrap_or_default()
    };
    assert_eq!(paths("email"), "contact.email");
    assert_eq!(paths("both"), "contact.email contact.phone");
    assert_eq!(paths("bath"), "contact.email contact.phone"); // by two statements, each once
    assert_eq!(paths("h"), "contact.email");
    assert_eq!(paths("none"), "");
}

#[test]
fn a_field_is_also_the_category_that_its_name_resolves_to() {
    let text = shop(
        "field \"email\" is ip_address  use email for login  use ip_address, email for billing",
    );
    check(
        &text,
        &[
            "deny use email for login",
            "allow use email for billing",
            "allow use contact.email for login",
        ],
    );
}

// ── Selections ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn selections_are_unions_differences_and_intersections() {
    for (selection, allowed) in [
        ("email, ip_address", "email ip_address"),
        ("contact, device except email, os_version", "phone address ip_address"),
        ("(contact, device) & #sensitive", "phone"),
        ("email, contact & #sensitive", "email phone"),
        ("* except contact", "ip_address os_version"),
        ("* except (contact except email)", "email ip_address os_version"),
        ("#sensitive", "phone"),
        ("* except device except phone", "email address"),
    ] {
        let policy = policy(&shop(&format!("use {selection} for login")));
        let leaves = ["email", "phone", "address", "ip_address", "os_version"];
        let found: Vec<&str> =
            leaves.into_iter().filter(|leaf| policy.may_use(leaf, "login")).collect();
        assert_eq!(found.join(" "), allowed, "{selection}");
    }
}

#[test]
fn collected_is_what_some_collect_statement_covers() {
    let text = shop(
        "use collected for ads  collect email by provided for login  collect device by automatic for login",
    );
    check(
        &text,
        &["allow use email for ads", "allow use device for ads", "deny use phone for ads"],
    );
    for wrong in [
        "collect collected by provided for login",
        "use * except collected for login",
        "use email for collected",
        "never use collected for ads",
    ] {
        assert_eq!(errors(&shop(wrong)), [Code::MisplacedCollected], "{wrong}");
    }
    assert_eq!(
        errors(&shop("require notify to use collected  share collected with courier for ads")),
        []
    );
}

// ── Statements ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn collect_and_share_permit_using_for_the_same_purposes() {
    check(
        &shop("collect email by provided for login  share phone with courier for billing"),
        &[
            "allow collect email by provided for login",
            "deny collect email by automatic for login",
            "allow use email for login",
            "allow share phone with courier for billing",
            "deny share phone with partners for billing",
            "allow use phone for billing",
            "deny use phone for login",
        ],
    );
}

#[test]
fn never_use_reaches_collecting_and_sharing() {
    check(
        &shop("collect * by * for *  share * with * for *  never use phone for ads"),
        &[
            "deny collect phone by provided for ads",
            "deny share phone with courier for ads",
            "deny use phone for ads",
            "allow collect phone by provided for login",
        ],
    );
}

#[test]
fn never_collect_leaves_using_alone_and_a_part_left_out_means_all() {
    check(
        &shop("collect * by * for *  never collect phone  never collect email by automatic"),
        &[
            "deny collect phone by provided for login",
            "allow use phone for login",
            "allow collect email by provided for login",
            "deny collect email by automatic for login",
        ],
    );
}

#[test]
fn a_require_adds_duties_and_retention_to_what_is_permitted() {
    let policy = policy(&shop(
        "collect email by provided for login then deidentify retain 90 days
         require notify retain 30 days to use email for login
         require retain 7 days to collect contact by provided",
    ));
    let none = Facts::none();
    let duties = |words: &str| {
        let question = question(words);
        let decision = policy.ask(&question, none);
        (decision.duties().collect::<Vec<_>>().join(" "), decision.retain_days())
    };
    assert_eq!(duties("use email for login"), ("deidentify notify".to_owned(), Some(30)));
    assert_eq!(
        duties("collect email by provided for login"),
        ("deidentify notify".to_owned(), Some(7))
    );
    assert_eq!(duties("use phone for login"), (String::new(), None)); // a deny has none
}

#[test]
fn parts_and_clauses_stand_where_they_belong() {
    assert_eq!(errors(&shop("use email")), [Code::MissingPart]);
    assert_eq!(errors(&shop("share email for login")), [Code::MissingPart]);
    assert_eq!(errors(&shop("use email by provided for login")), [Code::MisplacedPart]);
    assert_eq!(errors(&shop("never use email then notify")), [Code::MisplacedPart]);
    assert_eq!(errors(&shop("require notify to use email retain 3 days")), [Code::MisplacedPart]);
    assert_eq!(errors(&shop("use email for login for ads")), [Code::RepeatedPart]);
}

// ── Conditions and facts ────────────────────────────────────────────────────────────────────────

#[test]
fn conditions_compare_facts_in_three_values() {
    let yes = || FactValue::YesNo(true);
    for (condition, name, value, expected) in [
        ("verified", "verified", yes(), "allow"),
        ("verified", "verified", FactValue::YesNo(false), "deny"),
        ("not verified", "verified", yes(), "deny"),
        ("verified is no", "verified", yes(), "deny"),
        ("region is eu", "region", FactValue::from("eu"), "allow"),
        ("region is not eu", "region", FactValue::from("eu"), "deny"),
        ("region in (eu, us)", "region", FactValue::from("cn"), "deny"),
        ("region not in (eu, us)", "region", FactValue::from("cn"), "allow"),
        ("age < 18", "age", FactValue::Number(17.5), "allow"),
        ("age <= 18", "age", FactValue::Number(18.0), "allow"),
        ("age > 18", "age", FactValue::Number(18.0), "deny"),
        ("age >= 18", "age", FactValue::Number(18.0), "allow"),
        ("age == 18", "age", FactValue::Number(18.0), "allow"),
        ("age != 18", "age", FactValue::Number(18.0), "deny"),
        ("age >= -1.5", "age", FactValue::Number(-1.5), "allow"),
        ("verified and region is eu", "verified", yes(), "depends"),
        ("verified or region is eu", "verified", yes(), "allow"),
        ("not verified and region is eu", "verified", yes(), "deny"),
        ("not (verified or region is eu)", "verified", yes(), "deny"),
        ("verified or not verified", "age", FactValue::Number(1.0), "depends"),
        ("region is eu or verified and age > 3", "verified", FactValue::YesNo(false), "depends"),
    ] {
        let policy = policy(&shop(&format!("use email for login when {condition}")));
        let facts = policy.facts_builder().with(name, value).unwrap().build();
        assert_eq!(
            verdict(&policy, "use email for login", &facts).as_str(),
            expected,
            "{condition}"
        );
    }
}

#[test]
fn unless_is_a_condition_that_must_not_hold() {
    let policy = policy(&shop("use email for login  never use email for login unless verified"));
    let facts = |value: bool| policy.facts_builder().with("verified", value).unwrap().build();
    assert_eq!(verdict(&policy, "use email for login", &facts(true)), Verdict::Allow);
    assert_eq!(verdict(&policy, "use email for login", &facts(false)), Verdict::Deny);
    assert_eq!(verdict(&policy, "use email for login", Facts::none()), Verdict::Depends);
}

#[test]
fn a_fact_per_purpose_holds_for_a_purpose_and_everything_below_it() {
    let policy = policy(&shop("use email for * when consent"));
    let facts = |yes: &[&str], no: &[&str]| {
        let purposes = FactValue::purposes(yes.iter().copied(), no.iter().copied());
        policy.facts_builder().with("consent", purposes).unwrap().build()
    };
    let ask = |facts: &Facts, purpose: &str| {
        verdict(&policy, &format!("use email for {purpose}"), facts).as_str()
    };
    let all = facts(&["marketing"], &[]);
    assert_eq!(
        [ask(&all, "marketing"), ask(&all, "ads"), ask(&all, "login")],
        ["allow", "allow", "depends"]
    );
    let but = facts(&["marketing"], &["ads"]);
    assert_eq!(
        [ask(&but, "marketing"), ask(&but, "newsletter"), ask(&but, "ads")],
        ["depends", "allow", "depends"]
    );
    let no = facts(&[], &["marketing"]);
    assert_eq!(
        [ask(&no, "marketing"), ask(&no, "ads"), ask(&no, "login")],
        ["deny", "deny", "depends"]
    );
    let below = facts(&["ads"], &[]);
    assert_eq!([ask(&below, "marketing"), ask(&below, "ads")], ["depends", "allow"]);
}

#[test]
fn facts_per_purpose_are_taken_for_the_purpose_of_the_question() {
    let policy = policy(&shop("use email for marketing when consent"));
    let purposes = FactValue::purposes(["newsletter", "ads"], NONE);
    let facts = policy.facts_builder().with("consent", purposes).unwrap().build();
    assert_eq!(verdict(&policy, "use email for marketing", &facts), Verdict::Depends);
    assert_eq!(verdict(&policy, "use email for newsletter", &facts), Verdict::Allow);
}

#[test]
fn duties_of_statements_that_are_not_no_are_kept() {
    let policy = policy(&shop(
        "use email for login then deidentify
         use email for login when verified then notify retain 5 days",
    ));
    let duties = |facts: &Facts| {
        let question = question("use email for login");
        let decision = policy.ask(&question, facts);
        (decision.duties().collect::<Vec<_>>().join(" "), decision.retain_days())
    };
    let facts = |value: bool| policy.facts_builder().with("verified", value).unwrap().build();
    assert_eq!(duties(Facts::none()), ("deidentify notify".to_owned(), Some(5)));
    assert_eq!(duties(&facts(false)), ("deidentify".to_owned(), None));
}

#[test]
fn a_fact_that_the_policy_does_not_know_is_refused() {
    let policy = policy(&shop(""));
    assert!(
        policy
            .facts_builder()
            .with("verifed", true)
            .unwrap_err()
            .to_string()
            .contains("`verified`")
    );
    assert!(policy.facts_builder().with("age", true).unwrap_err().to_string().contains("number"));
    assert!(policy.facts_builder().with("age", f64::NAN).is_err());
    assert!(
        policy.facts_builder().with("region", "mars").unwrap_err().to_string().contains("`eu`")
    );
    let nowhere = FactValue::purposes(["nowhere"], NONE);
    assert!(policy.facts_builder().with("consent", nowhere).is_err());
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn all_files_share_one_set_of_names_and_are_read_once() {
    let files = Memory::new()
        .with("root.why", "policy p import \"a/x.why\" import \"a/y.why\" use email for login")
        .with("a/x.why", "import \"../b.why\" category email")
        .with("a/y.why", "import \"../b.why\"")
        .with("b.why", "purpose login");
    let policy = Policy::compile(&Model::from_loader(&files, "root.why").unwrap()).unwrap();
    assert!(policy.may_use("email", "login"));
}

#[test]
fn a_root_file_has_one_header() {
    let codes = |text: &str| -> Vec<Code> {
        Policy::from_str(text)
            .err()
            .map(|d| d.iter().map(|d| d.code()).collect())
            .unwrap_or_default()
    };
    assert_eq!(codes("category a"), [Code::NoHeader]);
    assert_eq!(codes("policy p policy q"), [Code::BadHeader]);
    assert_eq!(codes("policy p { versoin \"1\" }"), [Code::BadHeader]);
}

// ── Expectations ────────────────────────────────────────────────────────────────────────────────

#[test]
fn expectations_hold_for_every_node_of_their_sets() {
    let failures = |expectation: &str| {
        let text = shop(&format!(
            "use contact for login  use email for ads when consent and age >= 18 expect {{ {expectation} }}"
        ));
        let files = Memory::new().with("p.why", format!("policy p {text}"));
        let model = Model::from_loader(&files, "p.why").unwrap();
        let found = Policy::compile(&model).unwrap().check_expectations(&model);
        found.iter().map(|d| d.message().to_owned()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(failures("allow use contact for login"), "");
    assert_eq!(failures("deny collect * by * for *  deny share * with *"), "");
    assert_eq!(failures("depends use email for ads"), "");
    assert_eq!(failures("allow use email for ads given consent = yes, age = 18"), "");
    assert_eq!(failures("deny use email for ads given consent = no"), "");
    assert_eq!(
        failures("allow use *, contact for login"),
        "expected allow, but `use device for service.login` is deny"
    );
    assert_eq!(failures("deny use email for ads").lines().count(), 1);
}
