//! What the linter says of statements is so by the reference interpreter, and its fixes keep every
//! decision.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests"
)]

mod common;

use common::{Asked, Choices, Party, World, model};
use proptest::prelude::*;
use std::collections::BTreeSet;
use whyfor::lint::{Level, Options, fix, lint};
use whyfor::reference::{self, Stated, StatedFacts};
use whyfor::{Code, Diagnostic, Diagnostics, Limit, Memory, Model, Severity, Unit};

fn choices() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
    (prop::collection::vec(any::<u16>(), 0..200), prop::collection::vec(any::<u16>(), 400))
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(200),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// All questions by paths.
fn universe(world: &World) -> Vec<Asked> {
    let mut parties = vec![Party::Use];
    let any_or = |names: &[String]| -> Vec<Option<String>> {
        names.iter().cloned().map(Some).chain([None]).collect()
    };
    parties.extend(any_or(&world.methods).into_iter().map(Party::Collect));
    parties.extend(any_or(&world.recipients).into_iter().map(Party::Share));
    let mut all = Vec::new();
    for field in &world.categories {
        for party in &parties {
            for purpose in &world.purposes {
                let (field, purpose) = (field.clone(), purpose.clone());
                all.push(Asked { party: party.clone(), field, purpose });
            }
        }
    }
    all
}

/// The number of facts of a world.
const FACTS: usize = 5;

/// Facts of which each has any of the values that the worlds' conditions tell apart.
fn facts(choices: &mut Choices<'_>, purpose: &str) -> StatedFacts {
    let mut facts = StatedFacts::new();
    let mut state = |name: &str, value: Option<Stated>| {
        facts.extend(value.map(|value| (name.to_owned(), value)));
    };
    let yes_no = [None, Some(Stated::YesNo(true)), Some(Stated::YesNo(false))];
    state("verified", choices.pick(&yes_no).clone());
    for name in ["consent", "objected"] {
        let (yes, no) = match choices.below(3) {
            0 => continue,
            1 => (vec![purpose.to_owned()], vec![]),
            _ => (vec![], vec![purpose.to_owned()]),
        };
        state(name, Some(Stated::Purposes { yes, no }));
    }
    let regions = [None, Some("eu"), Some("us"), Some("cn")];
    state("region", choices.pick(&regions).map(|region| Stated::Choice(region.to_owned())));
    let age = choices.below(14);
    state("age", (age > 0).then(|| Stated::Number(13.5 + age as f64 / 2.0)));
    facts
}

/// Whether two models answer some of the questions differently, each under so many random facts.
fn differ(models: [&Model; 2], asked: &[Asked], times: usize, choices: &mut Choices<'_>) -> bool {
    let mut random = 0u64;
    (0..times).any(|_| {
        asked.iter().any(|asked| {
            // The choices of the case, then numbers without end.
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(choices.below(1 << 15) as u64 + 1);
            let list: Vec<u16> = (0..6).map(|i| (random >> (8 + 8 * i)) as u16).collect();
            let facts = facts(&mut Choices::new(&list), &asked.purpose);
            let [a, b] = models.map(|model| reference::decide(model, &asked.question(), &facts));
            a != b
        })
    })
}

/// The lines of the findings of these codes.
fn lines(found: &Diagnostics, codes: &[Code]) -> BTreeSet<u32> {
    let of = found.iter().filter(|finding| codes.contains(&finding.code()));
    of.map(|finding| found.sources().position(finding.primary().unwrap().span).line).collect()
}

fn linted(model: &Model) -> Diagnostics {
    lint(model, &Options::default()).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn statements_that_change_nothing_are_those_without_which_the_reference_answers_the_same((world, more) in choices()) {
        let mut world = World::new(&mut Choices::new(&world));
        // A category that a pattern gives further ones cannot be asked about by its name alone.
        world.declarations.retain(|declaration| !declaration.starts_with("field"));
        let (whole, mut choices) = (world.model(), Choices::new(&more));
        let idle = lines(&linted(&whole), &[Code::ChangesNothing, Code::Forbidden]);
        let asked = universe(&world);
        for at in 0..world.statements.len() {
            let mut less = world.clone();
            let statement = less.statements.remove(at);
            let line = (2 + world.declarations.len() + at) as u32;
            let is_idle = idle.contains(&line);
            // Of many facts some show that a statement matters; of those that do not, none does.
            let times = if is_idle { 8 } else { 3000 };
            // A `never` is a promise, told only where another one says the same.
            if statement.starts_with("never") && !is_idle {
                continue;
            }
            let differs = differ([&whole, &less.model()], &asked, times, &mut choices);
            prop_assert_eq!(differs, !is_idle, "`{}` of\n{}", statement, world.text());
        }
    }

    #[test]
    fn fixes_keep_every_decision((world, more) in choices()) {
        let mut world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&more);
        // Statements again, so that there is something to fix.
        for _ in 0..2 {
            let again = choices.pick(&world.statements).clone();
            world.statements.push(again);
        }
        let whole = world.model();
        let mut now = world.model();
        let asked = universe(&world);
        // What is left may be put right in turn: in the end nothing is.
        loop {
            let found = linted(&now);
            let fixed = fix(&now, &found);
            prop_assert!(fixed.is_ok(), "{:?} of\n{}", fixed, world.text());
            let Ok(fixed) = fixed else { break };
            prop_assert_eq!(found.iter().any(|finding| finding.fix().is_some()), !fixed.is_empty());
            let Some(file) = fixed.into_iter().next() else { break };
            let less = model(&Memory::new().with("w.why", file.text));
            prop_assert!(less.statement_count() < now.statement_count());
            prop_assert!(!differ([&whole, &less], &asked, 8, &mut choices));
            now = less;
        }
    }
}

/// Whether a question is about one point: nothing is below what it names.
fn is_about_one_point(world: &World, asked: &Asked) -> bool {
    let text = world.declarations.join("\n");
    let is_leaf = |names: &[String], name: &String| {
        let below = format!("{name}.");
        !names.iter().any(|other| other.starts_with(&below))
            && !text.contains(&format!("also {name}"))
    };
    let of_party = match &asked.party {
        Party::Use => true,
        Party::Collect(method) => method.as_ref().is_some_and(|m| is_leaf(&world.methods, m)),
        Party::Share(recipient) => {
            recipient.as_ref().is_some_and(|r| is_leaf(&world.recipients, r))
        }
    };
    of_party && is_leaf(&world.categories, &asked.field) && is_leaf(&world.purposes, &asked.purpose)
}

/// Whether data must be kept for longer than it may be, counted from the same start in units of one family.
fn contradicts_itself(answer: &reference::Answer) -> bool {
    let length = |limit: &Limit| {
        limit.period().map_or((None, 0), |period| {
            let (is_calendar, each) = match period.unit() {
                Unit::Hours => (false, 1),
                Unit::Days => (false, 24),
                Unit::Weeks => (false, 7 * 24),
                Unit::Months => (true, 1),
                Unit::Years => (true, 12),
            };
            (Some(is_calendar), u64::from(period.count()) * each)
        })
    };
    answer.retain_at_least.iter().any(|least| {
        answer.retain.iter().filter(|most| most.event() == least.event()).any(|most| {
            let ((family, least), (other, most)) = (length(least), length(most));
            (other.is_none() || family == other) && least > most
        })
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn where_data_must_be_kept_for_longer_than_it_may_be_the_linter_says_so((world, more) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let (model, mut choices) = (world.model(), Choices::new(&more));
        let told = lines(&linted(&model), &[Code::KeptTooLong]);
        let mut random = choices.below(1 << 15) as u64;
        for asked in universe(&world).iter().filter(|asked| is_about_one_point(&world, asked)) {
            for _ in 0..8 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let list: Vec<u16> = (0..6).map(|i| (random >> (8 + 8 * i)) as u16).collect();
                let facts = facts(&mut Choices::new(&list), &asked.purpose);
                // While a fact is unstated, limits come together that exclude each other.
                if facts.len() < FACTS {
                    continue;
                }
                let answer = reference::decide(&model, &asked.question(), &facts);
                let is_found = !told.is_empty() || !contradicts_itself(&answer);
                prop_assert!(is_found, "{:?} of\n{}", asked, world.text());
            }
        }
    }
}

// ── By example ──────────────────────────────────────────────────────────────────────────────────

const SHOP: &str = "policy w
tag sensitive
category contact { email phone #sensitive }
purpose login
fact consent
";

fn shop(text: &str) -> Model {
    model(&Memory::new().with("w.why", format!("{SHOP}{text}")))
}

fn codes(found: &Diagnostics) -> Vec<&'static str> {
    found.iter().map(|finding| finding.code().as_str()).collect()
}

#[test]
fn of_two_statements_that_say_the_same_one_is_removed() {
    let whole = shop("use contact for login when consent\nuse contact for login when consent\n");
    let found = linted(&whole);
    assert_eq!(codes(&found), ["W0701", "W0701"], "{found}");
    let [fixed] = fix(&whole, &found).unwrap().try_into().unwrap();
    assert_eq!(fixed.text, format!("{SHOP}use contact for login when consent\n"));
}

#[test]
fn a_collect_that_alone_makes_something_collected_changes_decisions() {
    let text = "method m\npurpose ads\ncollect email by m for login when consent\nnever collect *\nuse email for login\nuse collected for ads when consent\n";
    let found = linted(&shop(text));
    assert!(lines(&found, &[Code::ChangesNothing, Code::Forbidden]).is_empty(), "{found}");
    // With `collected` in no other statement, it does nothing.
    let text = text.replace("use collected", "use email");
    let found = linted(&shop(&text));
    assert_eq!(lines(&found, &[Code::Forbidden, Code::ChangesNothing]).into_iter().next(), Some(8));
}

#[test]
fn a_permit_that_names_a_basis_only_in_a_question_about_more_is_needed() {
    // While `consent` is unknown, `news` is allowed without the last statement; but the question about `marketing` depends, and
    // names the bases of whatever may permit a part of it.
    let text = "purpose marketing { news }\nbasis agreed when consent\nuse email for news\nuse email for marketing when consent\nuse email for news unless consent on agreed\n";
    let found = linted(&shop(text));
    assert!(lines(&found, &[Code::ChangesNothing]).is_empty(), "{found}");
    // Where nothing is above, it changes nothing.
    let text = text.replace("marketing { news }", "marketing\npurpose news");
    let found = linted(&shop(&text));
    assert_eq!(lines(&found, &[Code::ChangesNothing]), BTreeSet::from([11]), "{found}");
}

#[test]
fn the_require_that_is_shown_silences_a_difference_in_duties() {
    let text = "recipient cloud { storage }\nduty scc\nshare email with cloud for login\nshare email with storage for login then scc retain 30 days\n";
    let found = linted(&shop(text));
    assert!(codes(&found).contains(&"W0709"), "{found}");
    let shown = found.to_string();
    let (_, cure) = shown.split_once("in one place: `").unwrap();
    let (cure, _) = cure.split_once('`').unwrap();
    assert_eq!(
        cure,
        "require scc retain 30 days to share contact.email with cloud.storage for login"
    );
    let found = linted(&shop(&format!("{text}{cure}\n")));
    assert!(!codes(&found).contains(&"W0709"), "{found}");
}

#[test]
fn the_duties_of_recipients_differ_from_no_use() {
    let text = "recipient a\nrecipient b\nduty scc\nmethod m\ncollect email by m for login retain 365 days\nshare email with a for login retain 30 days\nshare email with b for login then scc retain 60 days\n";
    let found = linted(&shop(text));
    assert!(!codes(&found).contains(&"W0709"), "{found}");
}

#[test]
fn a_share_with_a_duty_does_not_say_what_a_use_with_it_says() {
    let twice = "use email for login when consent then scc\n";
    let share = "recipient a\nduty scc\nshare email with a for login then scc\n";
    let whole = shop(&format!("{share}{twice}{twice}"));
    let [fixed] = fix(&whole, &linted(&whole)).unwrap().try_into().unwrap();
    assert_eq!(fixed.text, format!("{SHOP}{share}{twice}"));
}

#[test]
fn a_never_is_a_promise() {
    let text = "category biometric\npurpose ads\nuse email for login when consent\nnever collect biometric\nnever use phone for login\n";
    let found = linted(&shop(text));
    assert!(codes(&found).iter().all(|code| !["W0701", "W0705"].contains(code)), "{found}");
    // Said twice, one of them says nothing more.
    let found = linted(&shop(&format!("{text}never use phone\n")));
    assert_eq!(lines(&found, &[Code::ChangesNothing]), BTreeSet::from([10]), "{found}");
    // With a reason of its own it says more.
    let text = text.replace("phone for login", "phone for login because \"We do not need it\"");
    let found = linted(&shop(&format!("{text}never use phone\n")));
    assert!(!codes(&found).contains(&"W0701"), "{found}");
}

#[test]
fn a_wide_permit_is_none_where_a_never_keeps_a_condition() {
    let wide = "use * for login\n";
    assert!(codes(&linted(&shop(wide))).contains(&"W0708"));
    let kept = "use * for login\nnever use #sensitive for login unless consent\n";
    assert!(!codes(&linted(&shop(kept))).contains(&"W0708"));
    let options = Options::default().sensitive(["secret"]);
    let found = lint(&shop(wide), &options).unwrap();
    assert!(!codes(&found).contains(&"W0708"), "{found}");
}

#[test]
fn a_chosen_tag_that_the_policy_lacks_is_told() {
    let found = lint(&shop(""), &Options::default().sensitive(["sensitiv"])).unwrap();
    let told = found.to_string();
    assert!(told.contains("nothing is sensitive by the tag `sensitiv`"), "{told}");
    assert!(told.contains("did you mean `sensitive`?"), "{told}");
    let found = lint(&shop(""), &Options::default().sensitive(["sensitive"])).unwrap();
    assert!(!found.to_string().contains("nothing is sensitive"), "{found}");
}

#[test]
fn levels_allow_warn_and_deny() {
    let whole =
        shop("use contact for login\nuse email for login\nuse email for login when consent\n");
    let with = |level| {
        let options = Options::default()
            .level(Code::ChangesNothing, level)
            .level(Code::WideSensitive, Level::Allow);
        lint(&whole, &options).unwrap()
    };
    assert_eq!(codes(&with(Level::Warn)), ["W0701", "W0701"]);
    assert!(!with(Level::Warn).has_errors());
    assert_eq!(codes(&with(Level::Allow)), [""; 0]);
    let denied = with(Level::Deny);
    assert!(denied.iter().map(Diagnostic::severity).all(|severity| severity == Severity::Error));
    assert!(denied.to_string().starts_with("error[W0701]"), "{denied}");
}

#[test]
fn a_comment_allows_a_finding_in_its_place_alone() {
    let text = "// whyfor: allow(W0701) said twice on purpose\n\n// about it\nuse contact\n  for login when consent\nuse contact for login when consent\n";
    let found = linted(&shop(text));
    assert_eq!(codes(&found), ["W0701"], "{found}");
    let behind = "use contact for login when consent // whyfor: allow(W0701) twice\nuse contact for login when consent // whyfor: allow(w0701) twice\n";
    assert_eq!(codes(&linted(&shop(behind))), [""; 0]);
    let quoted =
        "duty d \"// whyfor: allow(W0706) no comment\"\nuse contact for login when consent\n";
    assert_eq!(codes(&linted(&shop(quoted))), ["W0706"]);
}

#[test]
fn an_allow_that_allows_nothing_is_told_and_removed() {
    let text = "// whyfor: allow(W0701) nothing\nuse contact for login when consent\n";
    let whole = shop(text);
    let found = linted(&whole);
    assert_eq!(codes(&found), ["W0712"], "{found}");
    let [fixed] = fix(&whole, &found).unwrap().try_into().unwrap();
    assert_eq!(fixed.text, format!("{SHOP}use contact for login when consent\n"));
}

#[test]
fn the_first_list_lets_id_cards_serve_marketing_if_read_literally() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/drun.why");
    let drun = Model::from_path(path).unwrap();
    let found = linted(&drun).to_string();
    let line = "it permits `use identity.id_card for marketing`: ID card, for: Sharing commercial messages, event invitations, and marketing advertisements from us or third parties";
    assert!(found.contains(line), "{found}");
    assert!(
        found.contains(
            "`identity.id_card` is permitted for `identification.real_name_verification` alone"
        ),
        "{found}"
    );
}
