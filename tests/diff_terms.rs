//! What `diff` tells of legal bases, limits on retention, optional data, and questions that name no method or recipient.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::Model;
use whyfor::diff::{Change, Diff, diff};

const SHOP: &str = "policy w
category contact { email phone }
method provided  method observed
purpose login  purpose ads
recipient partners { courier }  recipient press
fact consent per purpose
duty notify
basis contract  basis agreed when consent
event deletion
";

fn between(old: &str, new: &str) -> Diff {
    let [old, new] = [old, new].map(|text| {
        Model::from_str(&format!("{SHOP}{text}")).unwrap_or_else(|error| panic!("{error}"))
    });
    diff(&old, &new).unwrap()
}

/// The changes, and whether one is more permissive.
#[track_caller]
fn told(old: &str, new: &str, expected: &[&str], is_more_permissive: bool) {
    let diff = between(old, new);
    let shown: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(shown, expected);
    assert_eq!(diff.is_more_permissive(), is_more_permissive, "{diff:#?}");
}

#[track_caller]
fn one(diff: &Diff) -> &Change {
    let [change] = diff.changes() else { panic!("{diff:#?}") };
    change
}

#[test]
fn duties_limits_and_bases_are_told_as_a_policy_writes_them() {
    let diff = between(
        "use email for login",
        "use email for login then notify retain 30 days after deletion, 2 years on contract",
    );
    assert_eq!(
        one(&diff).to_string(),
        "other duties: use email for login then notify retain 2 years, 30 days after deletion on contract"
    );
    assert_eq!(one(&diff).before.to_string(), "allowed without a legal basis");
}

#[test]
fn each_limit_is_compared_with_that_from_the_same_start_in_the_same_units() {
    let longer = |old: &str, new: &str| {
        let [old, new] =
            [old, new].map(|limits| format!("use email for login on contract{limits}"));
        between(&old, &new).is_more_permissive()
    };
    for (old, new, is_longer) in [
        (" retain 30 days", " retain 31 days", true),
        (" retain 5 weeks", " retain 34 days", false),
        (" retain 14 days", " retain 2 weeks", false),
        (" retain 1 year", " retain 11 months", false),
        (" retain 1 year", " retain 365 days", true), // the calendar has no limit any more
        (" retain until deletion", " retain 1 hour after deletion", true),
        (" retain 1 day after deletion", " retain until deletion", false),
        (" retain 1 day after deletion", " retain 1 day", true),
        (" retain 1 day", "", true),
        ("", " retain at least 1 day", false),
        (" retain at least 1 day", "", false),
    ] {
        assert_eq!(longer(old, new), is_longer, "{old} {new}");
    }
}

#[test]
fn data_that_must_be_kept_for_another_time_is_a_change() {
    told(
        "use email for login on contract retain at least 1 year",
        "use email for login on contract retain at least 2 years",
        &["other duties: use email for login retain at least 2 years on contract"],
        false,
    );
}

#[test]
fn losing_a_legal_basis_is_told_as_more_permissive() {
    told(
        "use email for login on contract",
        "use email for login",
        &["other legal bases: use email for login without a legal basis"],
        true,
    );
    told(
        "use email for login",
        "use email for login on contract",
        &["other legal bases: use email for login on contract"],
        false,
    );
    told(
        "use email for login on contract\nuse email for login when consent",
        "use email for login on contract, agreed",
        &["other legal bases: use email for login on contract; on agreed if consent"],
        false,
    );
}

#[test]
fn data_that_is_required_wherever_it_is_allowed_is_not_told_as_optional() {
    let old = "collect optional phone by provided for ads on contract";
    for condition in ["when consent", "when consent or consent and not consent"] {
        let diff = between(old, &format!("{old}\ncollect email by provided for login {condition}"));
        let after = one(&diff).after.to_string();
        assert!(after.starts_with("allowed when consent"), "{after}");
        assert!(!after.contains("optional"), "{after}");
    }
}

#[test]
fn data_that_becomes_optional_is_told() {
    told(
        "collect email by provided for login on contract",
        "collect optional email by provided for login on contract",
        &["other data required: collect email by provided for login on contract optional"],
        false,
    );
}

#[test]
fn data_is_not_said_to_be_required_where_it_is_denied() {
    let required = "collect optional email by provided for login on contract
        collect email by provided for login on contract when consent";
    let diff = between("", &format!("{required} never use email for login when consent"));
    let change = one(&diff);
    assert_eq!(change.after.to_string(), "allowed when not consent on contract optional");
    let diff = between("", required);
    assert_eq!(one(&diff).after.to_string(), "allowed on contract optional unless consent");
}

#[test]
fn the_same_period_in_another_unit_is_no_change_of_a_decision() {
    for (old, new) in [
        ("12 months", "1 year"),
        ("2 weeks", "14 days"),
        ("at least 1 year after deletion", "at least 12 months after deletion"),
    ] {
        let [old, new] =
            [old, new].map(|limit| format!("use email for login on contract retain {limit}"));
        let diff = between(&old, &new);
        assert_eq!((diff.count(), diff.is_more_permissive()), (0, false), "{old} {new}");
        assert_eq!(
            diff.wording().iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                format!("statement `{old}` is no longer published"),
                format!("statement `{new}` is now published"),
            ]
        );
    }
}

#[test]
fn what_changed_for_collecting_and_using_alike_is_told_once() {
    let diff = between("", "collect email by provided, observed for login on contract");
    let change = one(&diff);
    assert_eq!(
        change.to_string(),
        "now allowed: collect and use email by provided, observed for login on contract"
    );
    assert_eq!((diff.count(), change.count(), change.with_use), (3, 3, true));
    // Where use changed otherwise, it is told.
    told(
        "use email for login on contract",
        "collect email by provided for login then notify on contract",
        &[
            "now allowed: collect email by provided for login then notify on contract",
            "other duties: use email for login then notify on contract",
        ],
        true,
    );
}

#[test]
fn a_question_that_names_no_method_is_told_by_itself() {
    let old = "collect email by provided, observed for login on contract";
    told(
        old,
        "collect email for login on contract",
        &["now allowed: collect email for login on contract"],
        true,
    );
    let diff = between(old, "collect email for login on contract");
    assert_eq!(one(&diff).witness.question, "collect contact.email for login");
    told(
        "",
        "share email with * for login on contract",
        &[
            "now allowed: share email with * for login on contract",
            "now allowed: use email for login on contract",
        ],
        true,
    );
}

#[test]
fn the_duties_of_a_recipient_are_told_for_sharing_alone() {
    told(
        "share email with courier for login on contract",
        "share email with courier for login on contract then notify retain 30 days",
        &[
            "other duties: share email with courier for login then notify retain 30 days on contract",
        ],
        false,
    );
}

#[test]
fn labels_stand_beside_names() {
    let [old, new] = ["", "use a for p"].map(|text| {
        Model::from_str(&format!("policy w category a \"Email\" {{ b \"Work\" }} purpose p {text}"))
            .unwrap()
    });
    let diff = diff(&old, &new).unwrap();
    assert_eq!(one(&diff).categories.labels, ["Email"]);
    assert_eq!(one(&diff).purposes.labels, [""]);
}

#[test]
fn a_duty_with_another_mask_is_another_duty() {
    let policy = |mask: &str| {
        let text = format!("duty hide{mask} use email for login then hide on contract");
        Model::from_str(&format!("{SHOP}{text}")).unwrap()
    };
    let (plain, masked) = (policy(""), policy(" mask \"show-last-4\""));
    let diff = diff(&plain, &masked).unwrap();
    assert_eq!(
        one(&diff).to_string(),
        "other duties: use email for login then hide (mask show-last-4) on contract"
    );
    let names: Vec<String> = diff.names().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["duty `hide` was without a mask and is now masked by show-last-4"]);
    assert!(whyfor::diff::diff(&masked, &plain).unwrap().is_more_permissive());
}
