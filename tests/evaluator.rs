//! The evaluator's promises: no allocation, no locks, any number of threads, ids and facts of another
//! policy deny, and nothing that an asker chooses makes it slow or large.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unsafe_code,
    reason = "tests"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use whyfor::{Act, FactError, Facts, NotPermitted, Policy, Question, Reason, Verdict};

/// Counts the allocations of each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is handed to the system's allocator; counting touches nothing of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    work();
    COUNT.with(Cell::get) - before
}

fn policy() -> Policy {
    Policy::from_str(
        r#"policy p
        category contact { email phone }  method provided  recipient partners
        purpose service { login }  purpose marketing { ads }
        fact consent per purpose  fact age: number  duty notify
        field "*_email" is email
        collect contact by provided for login
        use email for ads when consent and age >= 18 then notify retain 9 days"#,
    )
    .unwrap()
}

#[test]
fn plain_facts_allocate_nothing_and_lists_of_purposes_once() {
    let purposes: String = (0..10_000).map(|number| format!(" r{number}")).collect();
    let text = format!(
        "policy p fact adult fact age: number fact consent per purpose fact region: one of eu, us
         category c purpose p {{ p1 p2 }} purpose q {{{purposes} }}
         use c for p when adult and age > 5 and consent and region is eu"
    );
    let policy = Policy::from_str(&text).unwrap();
    let mut facts = Facts::default();
    let plain = || {
        let builder = policy.facts_builder().with("adult", true)?.with("age", 20)?;
        Ok::<_, FactError>(builder.with("region", "eu")?.with("consent", true)?.build())
    };
    assert_eq!(allocations(|| facts = plain().unwrap()), 0);
    assert!(policy.ask(&Question::usage("c", "p"), &facts).is_allowed());
    let lists = |facts: &mut Facts| {
        let mut builder = policy.facts_builder_from(std::mem::take(facts));
        builder.set_purposes("consent", &["p1"], &["p2", "q"]).unwrap();
        *facts = builder.build();
    };
    assert_eq!(allocations(|| lists(&mut facts)), 1);
    assert_eq!(allocations(|| lists(&mut facts)), 0, "its memory is used again");
    assert!(policy.ask(&Question::usage("c", "p1"), &facts).is_allowed());
    assert!(!policy.ask(&Question::usage("c", "p2"), &facts).is_allowed());
}

#[test]
fn a_decision_allocates_nothing() {
    let policy = policy();
    let facts =
        policy.facts_builder().with("consent", true).unwrap().with("age", 20).unwrap().build();
    let (email, ads) = (policy.category("email").unwrap(), policy.purpose("ads").unwrap());
    let count = allocations(|| {
        assert!(policy.may_collect("email", "provided", "login"));
        assert!(!policy.may_use("work_email", "ads"));
        assert!(policy.may_use("work_email", "login"));
        assert!(!policy.may_use("no such field", "ads"));
        let decision = policy.decide(Act::Use, email, ads, &facts);
        assert_eq!(decision.verdict(), Verdict::Allow);
        assert_eq!(decision.duties().count(), 1);
        assert_eq!(decision.retain_days(), Some(9));
        let question = Question::usage("contact.email", "ads");
        assert!(policy.ask(&question, &facts).is_allowed());
        assert!(!policy.ask(&Question::usage("unknown", "unknown"), &facts).is_allowed());
        let mut bits = [0u64; 1];
        policy.decide_all(Act::Use, &[email; 3], &[ads; 3], &facts, &mut bits);
        assert_eq!(bits[0], 0b111);
    });
    assert_eq!(count, 0);
}

#[test]
fn a_policy_is_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let policy = policy();
    shared(&policy);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10_000).for_each(|_| assert!(policy.may_use("email", "login"))));
        }
    });
}

#[test]
fn ids_and_facts_of_another_policy_deny() {
    let (one, other) = (policy(), Policy::from_str(
        "policy q category a { b c } purpose x { y } fact consent per purpose use * for * when consent",
    ).unwrap());
    let (category, purpose) = (other.category("b").unwrap(), other.purpose("y").unwrap());
    assert_eq!(one.decide(Act::Use, category, purpose, Facts::none()).verdict(), Verdict::Deny);
    let facts = one.facts_builder().with("consent", true).unwrap().build();
    assert_eq!(other.decide(Act::Use, category, purpose, &facts).verdict(), Verdict::Depends);
    let own = other.facts_builder().with("consent", true).unwrap().build();
    assert_eq!(other.decide(Act::Use, category, purpose, &own).verdict(), Verdict::Allow);
}

/// Releases of one policy that differ in their version alone.
fn release(version: usize, nodes: usize) -> Policy {
    let mut text = format!("policy p {{ version \"{version}\" }} method m recipient r\n");
    for i in 0..nodes {
        text.push_str(&format!("category c{i} purpose u{i} use c{i} for u{}\n", i * 7 % nodes));
    }
    Policy::from_str(&text).unwrap()
}

#[test]
fn an_id_of_another_release_never_allows() {
    const NODES: usize = 60;
    let releases: Vec<Policy> = (0..40).map(|version| release(version, NODES)).collect();
    for old in &releases {
        let categories: Vec<_> = old.categories().map(|(id, _)| id).collect();
        let purposes: Vec<_> = old.purposes().map(|(id, _)| id).collect();
        for new in releases.iter().filter(|new| new.digest() != old.digest()) {
            for category in &categories {
                for purpose in &purposes {
                    let decision = new.decide(Act::Use, *category, *purpose, Facts::none());
                    assert_eq!(decision.verdict(), Verdict::Deny);
                }
            }
        }
    }
}

#[test]
fn one_foreign_id_denies_whichever_it_is_and_the_reason_says_so() {
    let text = "category a purpose x method m recipient r use a for x collect a by m for x \
                share a with r for x duty d require d retain 9 days to use a for x";
    let [own, other] =
        ["p", "q"].map(|name| Policy::from_str(&format!("policy {name} {text}")).unwrap());
    let ids = |policy: &Policy| {
        (policy.category("a").unwrap(), policy.purpose("x").unwrap(), policy.method("m").unwrap())
    };
    let recipient = |policy: &Policy| policy.recipient("r").unwrap();
    let ((a, x, m), (fa, fx, fm)) = (ids(&own), ids(&other));
    let (share, foreign_share) = (Act::Share(recipient(&own)), Act::Share(recipient(&other)));
    for (act, category, purpose) in [
        (Act::Use, fa, x),
        (Act::Use, a, fx),
        (Act::Use, fa, fx),
        (Act::Collect(fm), a, x),
        (Act::Collect(m), fa, x),
        (Act::Collect(m), a, fx),
        (foreign_share, a, x),
        (share, fa, x),
    ] {
        let decision = own.decide(act, category, purpose, Facts::none());
        assert_eq!(decision.verdict(), Verdict::Deny);
        assert_eq!(decision.reasons(), [Reason::ForeignId]);
        assert_eq!(decision.reasons()[0].kind().as_str(), "foreign_id");
        assert_eq!((decision.duties().count(), decision.retain_days()), (0, None));
        let mut bits = [0];
        own.decide_all(act, &[a, category], &[x, purpose], Facts::none(), &mut bits);
        assert_eq!(bits[0] & 2, 0);
    }
    for act in [Act::Use, Act::Collect(m), share] {
        assert!(own.decide(act, a, x, Facts::none()).is_allowed());
    }
}

#[test]
fn a_field_of_another_policy_denies_and_has_no_paths() {
    let text = "category a category b purpose x use * for x field \"*_1\" is a field \"k_*\" is b";
    let [own, other] =
        ["p", "q"].map(|name| Policy::from_str(&format!("policy {name} {text}")).unwrap());
    let (field, purpose) = (other.field("k_1").unwrap(), own.purpose("x").unwrap());
    let decision = own.decide_field(Act::Use, &field, purpose, Facts::none());
    assert_eq!((decision.verdict(), decision.reasons()), (Verdict::Deny, vec![Reason::ForeignId]));
    assert!(own.paths(&field).is_empty());
    assert_eq!(other.paths(&field), ["a", "b"]);
}

#[test]
fn expectations_of_another_model_are_one_error() {
    let text =
        "category a { b } purpose x use a for x expect { allow use b for x deny use a for x }";
    let files = whyfor::Memory::new().with("p.why", format!("policy p {text}"));
    let model = whyfor::Model::from_loader(&files, "p.why").unwrap();
    for other in
        ["", "category a", "category a { b } purpose x", "category a { b c } purpose x purpose y"]
    {
        let policy = Policy::from_str(&format!("policy q {other}")).unwrap();
        let found = policy.check_expectations(&model);
        assert_eq!(found.len(), 1, "{found}");
        assert!(found.to_string().contains("was not compiled from the model"), "{found}");
    }
    assert_eq!(Policy::compile(&model).unwrap().check_expectations(&model).len(), 1);
}

#[test]
fn policies_with_equal_digests_take_each_others_ids() {
    let [one, same] = [7, 7].map(|version| release(version, 3));
    let (category, purpose) = (one.category("c1").unwrap(), one.purpose("u1").unwrap());
    assert!(same.decide(Act::Use, category, purpose, Facts::none()).is_allowed());
}

#[test]
fn the_reasons_of_an_unknown_name_do_not_walk_the_policy() {
    let mut text = String::from("policy p purpose x category g {");
    (0..2_000).for_each(|i| text.push_str(&format!(" customer_attribute_{i}")));
    let policy = Policy::from_str(&(text + "} use * for x")).unwrap();
    let question = Question::usage("customer_atribute_7", "x");
    let decision = policy.ask(&question, Facts::none());
    // Comparing with a name allocates: one list of reasons is all there may be.
    assert!(allocations(|| assert_eq!(decision.reasons().len(), 1)) <= 2);
    let reasons = decision.reasons();
    let [Reason::Refused(refusal)] = &reasons[..] else { panic!("it is unknown") };
    assert_eq!(policy.candidates(refusal)[0], "g.customer_attribute_7");
}

#[test]
fn permit_succeeds_only_if_every_duty_is_fulfilled() {
    let policy = Policy::from_str(
        "policy p  category a  purpose x  purpose y  fact v  duty d  duty e
         use a for x then d, e  use a for y when v",
    )
    .unwrap();
    let of = |purpose| policy.ask(&Question::usage("a", purpose), Facts::none());
    // A question lives as long as its decision, so each is asked where it is needed.
    let permit = |purpose: &'static str, done: &[&str]| of(purpose).permit(done);
    assert_eq!(permit("x", &["d", "e"]), Ok(()));
    assert_eq!(permit("x", &["e", "other", "d"]), Ok(()));
    assert_eq!(permit("x", &["d"]), Err(NotPermitted::Duties(vec!["e".to_owned()])));
    assert_eq!(permit("x", &[]), Err(NotPermitted::Duties(vec!["d".to_owned(), "e".to_owned()])));
    assert_eq!(permit("y", &["d", "e"]), Err(NotPermitted::Verdict(Verdict::Depends)));
    assert_eq!(permit("z", &["d", "e"]), Err(NotPermitted::Verdict(Verdict::Deny)));
}

#[test]
fn hostile_field_names_are_only_unknown() {
    let mut text = String::from("policy p category a purpose x use a for x\n");
    for i in 0..300 {
        text.push_str(&format!("field \"**a*a*b{i}*\", \"*a?a*{i}\" is a\n"));
    }
    let policy = Policy::from_str(&text).unwrap();
    for name in [
        "a".repeat(1024),
        "a".repeat(10_000_000),
        ".".repeat(1024),
        "\0".repeat(500),
        "é".repeat(512),
        "a.".repeat(512),
        String::new(),
    ] {
        assert!(!policy.may_use(&name, "x"));
        assert!(policy.field(&name).is_err());
    }
    assert!(policy.may_use("xxaxaxb7x", "x"));
}

#[test]
fn columns_in_registers_and_in_memory_agree_for_every_type_and_length() {
    let allowed: Vec<bool> = (0..256).map(|i| i * 7 % 5 < 2).collect();
    for values in [0, 1, 200, 256] {
        let column = whyfor::Column::new(allowed[..values].to_vec());
        for length in [0usize, 1, 63, 64, 65, 127, 128, 1000] {
            let codes: Vec<u32> =
                (0..length as u32).map(|i| i.wrapping_mul(2_654_435_761) >> 20).collect();
            let expected = |mask: u32| -> Vec<u64> {
                codes
                    .chunks(64)
                    .map(|chunk| {
                        chunk.iter().enumerate().fold(0, |word, (i, code)| {
                            let code = (code & mask) as usize;
                            word | u64::from(code < values && allowed[code]) << i
                        })
                    })
                    .collect()
            };
            let words = length.div_ceil(64);
            let mut out = vec![0u64; words];
            column.select(&codes, &mut out);
            assert_eq!(out, expected(u32::MAX));
            column.select(&codes.iter().map(|c| *c as u16).collect::<Vec<_>>(), &mut out);
            assert_eq!(out, expected(0xFFFF));
            column.select(&codes.iter().map(|c| *c as u8).collect::<Vec<_>>(), &mut out);
            assert_eq!(out, expected(0xFF));
        }
    }
}

#[test]
fn a_column_of_many_values_and_pairs_of_columns_agree_with_single_questions() {
    let many = whyfor::Column::new((0..70_000).map(|i| i % 3 == 0));
    let codes: Vec<u32> = (0..500).map(|i| i * 997 % 90_000).collect();
    let mut out = vec![0u64; 8];
    many.select(&codes, &mut out);
    for (i, code) in codes.iter().enumerate() {
        assert_eq!(out[i / 64] >> (i % 64) & 1 == 1, *code < 70_000 && code % 3 == 0);
    }
    let policy = policy();
    let (fields, purposes) = (["email", "phone", "unknown"], ["login", "ads"]);
    let pairs = policy.pair_column(Act::Use, &fields, &purposes, Facts::none());
    let first: Vec<u8> = (0..24).map(|i| i % 4).collect();
    let second: Vec<u16> = (0..24).map(|i| i / 4 % 3).collect();
    pairs.select(&first, &second, &mut out);
    for (i, (a, b)) in first.iter().zip(&second).enumerate() {
        let expected = match (fields.get(usize::from(*a)), purposes.get(usize::from(*b))) {
            (Some(field), Some(purpose)) => policy.may_use(field, purpose),
            _ => false,
        };
        assert_eq!(out[0] >> i & 1 == 1, expected);
    }
}

#[test]
fn a_policy_that_would_take_for_ever_is_refused() {
    // 2,000 overlapping statements over 4,000 categories, each pair of which differs: a table of a
    // square size, and statements that all overlap.
    let mut text = String::from("policy p\n");
    for i in 0..4_000 {
        text.push_str(&format!("category c{i} purpose p{i}\n"));
    }
    for i in 0..4_000 {
        text.push_str(&format!("use * except c{i} for * except p{i}\n"));
    }
    let error = Policy::from_str(&text).unwrap_err();
    assert!(error.to_string().contains("E0401"), "{error}");
}

/// What is told of as many statements in a section as there are categories, purposes and recipients.
fn told_of_too_much(count: usize, statement: impl Fn(usize) -> String) -> String {
    let mut text = String::from("policy p\n");
    (0..count).for_each(|i| text += &format!("category c{i} purpose p{i} recipient r{i}\n"));
    text += "section vendors {\n";
    (0..count).for_each(|i| text += &format!("{}\n", statement(i)));
    Policy::from_str(&(text + "}\nuse c1 for p1\n")).unwrap_err().to_string()
}

#[test]
fn a_policy_over_a_limit_is_told_which_by_how_much_and_where() {
    let overlaps = told_of_too_much(2_000, |i| format!("use * except c{i} for * except p{i}"));
    for part in [
        "its statements overlap in too many ways: over 67,108,864 words of outcomes, the limit, in ",
        " of 2,000 categories: up to ",
        " times what fits\n    --> policy.why:2003:1\n",
        "this covers the most: 1,999 categories × 1,999 purposes",
        "over half of what statements cover is in the section `vendors`",
        "split it into several policies",
    ] {
        assert!(overlaps.contains(part), "{part}: {overlaps}");
    }
    let lines = told_of_too_much(3_000, |i| format!("share c{i} with r{i} for p{i}"));
    for part in [
        "too many categories differ in too many methods and recipients: 9,00",
        " lines, and at most 8,388,608 fit\n    --> policy.why:3003:1\n",
        "this covers the most: 1 category × 1 recipient × 1 purpose",
    ] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
}

#[test]
fn the_names_that_a_policy_spells_out_and_its_field_statements_can_be_listed() {
    let policy = Policy::from_str(
        r#"policy p category contact { email phone } category a category ab category abc { abcd }
           category device { model_performance_indicators } category shop { phone }
           field "Users.Email", "*_mail" except "no_mail" is contact.email
           field "billing" is contact.email, a"#,
    )
    .unwrap();
    assert_eq!(
        policy.field_names(),
        [
            "Users.Email",
            "a",
            "ab",
            "abc",
            "abc.abcd",
            "abcd",
            "billing",
            "contact",
            "contact.email",
            "contact.phone",
            "device",
            "device.model_performance_indicators",
            "email",
            "model_performance_indicators",
            "phone",
            "shop",
            "shop.phone",
            "users.email",
        ]
    );
    let statements: Vec<_> = policy.field_statements().collect();
    assert_eq!(statements[0].patterns, ["Users.Email", "*_mail"]);
    assert_eq!(statements[0].except, ["no_mail"]);
    assert_eq!(policy.paths(&statements[0].field), ["contact.email"]);
    assert_eq!(statements[1].patterns, ["billing"]);
    assert_eq!(policy.paths(&statements[1].field), ["contact.email", "a"]);
}
