//! Constants of compiled policies: every name has one, and it means the same as the name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Act, Facts, Ids, IdsError, Policy};
use whyfor_build_example::{may_sign_in, odd_names, shop};

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/shop.why");

#[test]
fn the_policy_in_the_program_is_that_of_the_file() {
    let loaded = Policy::from_path(SHOP).unwrap();
    assert_eq!(shop::policy().as_bytes(), loaded.as_bytes());
    assert_eq!(shop::DIGEST, loaded.digest().to_string());
    assert!(may_sign_in(Facts::none()));
}

#[test]
fn a_constant_is_the_name_that_the_policy_declares() {
    use odd_names::{category, duty, fact, method, purpose, recipient};
    let paths = [
        (category::CONTACT, "contact"),
        (category::contact::FIRST_NAME, "contact.first-name"),
        (category::contact::FIRST_NAME_2, "contact.first_name"),
        (category::contact::_2FA, "contact.2fa"),
        (category::contact::EMAIL, "contact.email"),
        (category::EMAIL, "email"),
        (category::r#type::SELF, "type.self"),
        (category::r#type::SELF_2, "type.Self"),
        (category::r#type::r#fn::INNER, "type.fn.inner"),
        (category::微信::号码, "微信.号码"),
        (category::CRATE, "crate"),
        (category::SUPER, "super"),
    ];
    for (constant, path) in paths {
        assert_eq!(constant.path(), path);
        let id = odd_names::ids()[constant];
        assert_eq!(odd_names::policy().path(id), Some(path));
    }
    assert_eq!(method::FORM.path(), "form");
    assert_eq!(purpose::login::ASYNC.path(), "login.async");
    assert_eq!([recipient::A_B, recipient::A_B_2].map(|name| name.path()), ["a-b", "a_b"]);
    assert_eq!((fact::IS_ADULT, duty::FOR), ("is-adult", "for"));
}

#[test]
fn a_reloaded_policy_is_asked_by_constants_too() {
    let text = std::fs::read_to_string(SHOP).unwrap();
    let newer = text.replacen("category contact", "category added\ncategory contact", 1);
    assert_ne!(text, newer);
    let newer = Policy::from_str(&newer).unwrap();
    let ids = Ids::<shop::Names>::resolve(&newer).unwrap();
    let (email, login) = (shop::category::contact::EMAIL, shop::purpose::service::LOGIN);
    assert!(newer.decide(Act::Use, ids[email], ids[login], Facts::none()).is_allowed());
    let old = shop::ids();
    let decision = newer.decide(Act::Use, old[email], old[login], Facts::none());
    assert!(!decision.is_allowed(), "ids of another version");
}

#[test]
fn a_version_without_a_name_is_refused() {
    let renamed = std::fs::read_to_string(SHOP).unwrap().replace("email", "mail");
    let renamed = Policy::from_str(&renamed).unwrap();
    let error = Ids::<shop::Names>::resolve(&renamed).unwrap_err();
    let message = error.to_string();
    assert!(message.ends_with("no field or category is named `contact.email`"), "{message}");

    let (ids, refusals) = Ids::<shop::Names>::resolve_known(&renamed).unwrap();
    assert_eq!(refusals.len(), 1);
    let login = ids[shop::purpose::service::LOGIN];
    let decision =
        renamed.decide(Act::Use, ids[shop::category::contact::EMAIL], login, Facts::none());
    assert!(!decision.is_allowed());
}

#[test]
fn another_policy_is_refused() {
    let error = Ids::<shop::Names>::resolve(odd_names::policy()).unwrap_err();
    let IdsError::OtherPolicy { expected, found } = error else { panic!("{error}") };
    assert_eq!((expected.as_str(), found.as_str()), ("shop", "odd"));
}

#[test]
fn a_number_that_the_vocabulary_lacks_denies() {
    let beyond = whyfor::CategoryName::<shop::Names>::new(1_000);
    let ids = shop::ids();
    assert_eq!(beyond.path(), "");
    let login = ids[shop::purpose::service::LOGIN];
    assert!(!shop::policy().decide(Act::Use, ids[beyond], login, Facts::none()).is_allowed());
}
