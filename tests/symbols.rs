//! The names of a policy as an editor sees them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::Memory;
use whyfor::symbols::{Index, Occurrence, RenameError, SymbolKind, expected, outline, outline_of};

const SHOP: &str = r#"policy shop "Shop list" { version "1" }
import "more.why"
tag sensitive "Sensitive"
category contact "Contact" { email "Email"  phone #sensitive }
category work { email "Work email"  office also contact }
method provided  purpose service { login  billing }  recipient partners { courier }
fact consent per purpose "Agreed"  fact region: one of eu, us "Where"
duty deidentify "Remove identifiers"
field "*_email" is contact.email
section account "Account" {
    collect contact by provided for service.login when consent
    use contact.email except #sensitive for login unless region is eu then deidentify
}
share * with courier for billing when region in (eu, us)
never use #sensitive for billing
expect { allow use office for login given region = us, consent = yes }
"#;
const MORE: &str = "category extra { note }\nuse note for login\nuse work.email for billing\n";

fn index(shop: &str, more: &str) -> Index {
    Index::load(&Memory::new().with("shop.why", shop).with("more.why", more), "shop.why")
}

fn shop() -> Index {
    let index = index(SHOP, MORE);
    assert!(index.diagnostics().is_empty(), "{}", index.diagnostics());
    index
}

/// The name at the `nth` place (from 0) where `text` stands in shop.why.
#[track_caller]
fn at(index: &Index, text: &str, nth: usize) -> Occurrence {
    let file = index.file("shop.why").unwrap();
    let source = index.sources().files()[0].text();
    let offset = source.match_indices(text).nth(nth).expect(text).0;
    index.at(file, offset + 1).unwrap_or_else(|| panic!("no name at {text} {nth}"))
}

#[track_caller]
fn means(index: &Index, text: &str, nth: usize, kind: SymbolKind, name: &str) {
    let symbol = index.symbol(at(index, text, nth).symbol);
    assert_eq!((symbol.kind, symbol.name.as_str()), (kind, name), "{text} {nth}");
}

#[test]
fn a_name_means_what_it_is_declared_as() {
    let index = shop();
    for (text, nth, kind, name) in [
        ("shop", 0, SymbolKind::Policy, "shop"),
        ("email", 0, SymbolKind::Category, "contact.email"),
        ("email", 1, SymbolKind::Category, "work.email"),
        ("contact", 1, SymbolKind::Category, "contact"),
        ("contact.email", 0, SymbolKind::Category, "contact"),
        ("provided", 1, SymbolKind::Method, "provided"),
        ("login", 1, SymbolKind::Purpose, "service.login"),
        ("service.login", 0, SymbolKind::Purpose, "service"),
        ("courier", 1, SymbolKind::Recipient, "partners.courier"),
        ("consent", 1, SymbolKind::Fact, "consent"),
        ("region is", 0, SymbolKind::Fact, "region"),
        ("eu then", 0, SymbolKind::Choice, "region.eu"),
        ("us, consent", 0, SymbolKind::Choice, "region.us"),
        ("deidentify", 1, SymbolKind::Duty, "deidentify"),
        ("account", 0, SymbolKind::Section, "account"),
    ] {
        means(&index, text, nth, kind, name);
    }
    means(&index, "sensitive for login", 0, SymbolKind::Tag, "sensitive");
}

#[test]
fn labels_are_those_of_the_declarations() {
    let index = shop();
    let label = |name: &str| {
        let all: Vec<_> = index.symbols().filter(|(_, s)| s.name == name).collect();
        assert_eq!(all.len(), 1, "{name}");
        all[0].1.label.clone()
    };
    for (name, expected) in [
        ("shop", "Shop list"),
        ("sensitive", "Sensitive"),
        ("contact.email", "Email"),
        ("consent", "Agreed"),
        ("region", "Where"),
        ("region.us", ""),
        ("deidentify", "Remove identifiers"),
        ("account", "Account"),
    ] {
        assert_eq!(label(name), expected, "{name}");
    }
}

#[test]
fn numbers_come_from_the_model() {
    let index = shop();
    let contact = at(&index, "contact", 0).symbol;
    assert_eq!(index.below(contact), Some(3)); // email, phone, and office by `also`
    assert_eq!(index.statements(contact), Some([2, 0, 0]));
    assert_eq!(index.patterns(at(&index, "email", 0).symbol), ["*_email"]);
    assert_eq!(index.below(at(&index, "consent", 0).symbol), None);
    let file = index.file("shop.why").unwrap();
    let extent = index.extent(file, SHOP.find("collect contact").unwrap()).unwrap();
    assert_eq!((extent.does, extent.act), ("permits", "collect"));
    assert_eq!((extent.categories, extent.parties, extent.purposes), (4, 1, 1));
    let extent = index.extent(file, SHOP.find("never").unwrap()).unwrap();
    assert_eq!((extent.does, extent.categories, extent.purposes), ("forbids", 1, 1));
}

#[test]
fn a_broken_statement_takes_no_name_from_the_others() {
    let whole = shop();
    for broken in ["use email fro login\n", "collect contact by\n", "use\n", "category {\n", "“\n"]
    {
        let index = index(&format!("{SHOP}{broken}"), MORE);
        assert!(index.diagnostics().has_errors(), "{broken}");
        for occurrence in whole.occurrences_in(whole.file("shop.why").unwrap()) {
            let now = index.at(occurrence.span.file, occurrence.span.start as usize + 1);
            let now = now.unwrap_or_else(|| panic!("{broken}: {occurrence:?}"));
            assert_eq!(index.symbol(now.symbol), whole.symbol(occurrence.symbol), "{broken}");
        }
    }
}

#[test]
fn the_shortest_reference_is_given() {
    let index = shop();
    let references: Vec<&str> =
        index.references(SymbolKind::Category).into_iter().map(|(_, text)| text).collect();
    for text in ["contact.email", "work.email", "phone", "office", "note", "contact"] {
        assert!(references.contains(&text), "{references:?}");
    }
    assert!(!references.contains(&"email"), "it names several");
}

#[test]
fn a_rename_replaces_every_place_in_every_file() {
    let index = shop();
    for (text, nth, new, written, places) in [
        ("work", 0, "job", "job", 2),
        ("login", 0, "sign_in", "sign_in", 5),
        ("sensitive", 0, "special", "special", 4),
        ("region", 0, "place", "place", 4),
        ("us \"Where\"", 0, "other", "other", 3),
        ("deidentify", 0, "邮箱", "邮箱", 2),
        ("phone", 0, "use", "`use`", 1),
        ("contact", 0, "person", "person", 5),
    ] {
        let (spans, by) = index.rename(at(&index, text, nth).symbol, new).unwrap();
        assert_eq!((spans.len(), by.as_str()), (places, written), "{text}");
    }
}

#[test]
fn a_rename_that_would_change_another_name_is_refused() {
    let index = shop();
    for (text, nth, new) in [
        ("phone", 0, "email"),    // a sibling has it
        ("office", 0, "contact"), // where it is used it would name the other
        ("login", 0, "billing"),  // a sibling has it
        ("work", 0, "contact"),   // joined with another root
        ("work", 0, "extra"),     // joined with a root of the other file, without any error
        ("consent", 0, "region"), // another fact
        ("eu", 0, "us"),          // another choice
    ] {
        let renamed = index.rename(at(&index, text, nth).symbol, new);
        assert!(matches!(renamed, Err(RenameError::Collides(_))), "{text}: {renamed:?}");
    }
    for new in ["", "a b", "1st", "a.b", "#x", "a`b", "a\u{FE0F}", "\u{3164}"] {
        let renamed = index.rename(at(&index, "phone", 0).symbol, new);
        assert!(matches!(renamed, Err(RenameError::NoName(_))), "{new}");
    }
}

#[test]
fn what_may_stand_at_a_place_is_what_the_grammar_takes_there() {
    let names = |text: &str| expected(text, text.len()).names;
    for (text, kind) in [
        ("use ", Some(SymbolKind::Category)),
        ("use a, ", Some(SymbolKind::Category)),
        ("use a except (b & con", Some(SymbolKind::Category)),
        ("collect a by ", Some(SymbolKind::Method)),
        ("share a with p, ", Some(SymbolKind::Recipient)),
        ("use a for ", Some(SymbolKind::Purpose)),
        ("use a for b when ", Some(SymbolKind::Fact)),
        ("use a for b when not c and (d or ", Some(SymbolKind::Fact)),
        ("use a for b when region is ", Some(SymbolKind::Choice)),
        ("use a for b when region in (eu, ", Some(SymbolKind::Choice)),
        ("use a for b then ", Some(SymbolKind::Duty)),
        ("require ", Some(SymbolKind::Duty)),
        ("use #", None),
        ("field \"x\" is ", Some(SymbolKind::Category)),
        ("purpose a also ", Some(SymbolKind::Purpose)),
        ("section s { use a for b\n collect c by ", Some(SymbolKind::Method)),
        ("expect { allow use a for ", Some(SymbolKind::Purpose)),
        ("expect { allow use a for b given ", Some(SymbolKind::Fact)),
        ("expect { allow use a for b given region = ", Some(SymbolKind::Choice)),
        ("category ", None),
        ("use a for b // use ", None),
        ("tag a \"use ", None),
    ] {
        if text != "use #" {
            assert_eq!(names(text), kind, "{text}");
        }
        let later = format!("{text}\n\nuse x for y\n");
        assert_eq!(expected(&later, text.len()), expected(text, text.len()), "{text}");
    }
    assert_eq!(names("use #"), Some(SymbolKind::Tag));
    let choice = expected("fact a: number use a for b when region is e", 43);
    assert_eq!((choice.fact.as_str(), choice.range), ("region", 42..43));
}

#[test]
fn what_is_before_the_item_changes_nothing() {
    let befores = [
        "",
        "policy p\nuse a for b\n",
        "category c { // {\n  d \"}\"\n}\n",
        "section s {\nuse a for b\n}\n",
        "broken {\n}\n",
        "never\nuse a\nrequire a to\nuse b\n",
    ];
    for text in ["use ", "collect a by ", "never\nuse a for ", "section s {\nuse ", "expect {\n"] {
        let alone = expected(text, text.len());
        for before in befores {
            let whole = format!("{before}{text}");
            let found = expected(&whole, whole.len());
            assert_eq!((found.names, &found.words), (alone.names, &alone.words), "{whole}");
        }
    }
}

#[test]
fn the_words_that_may_stand_at_a_place_are_those_that_mean_something_there() {
    for (text, words) in [
        ("collect a ", &["by", "for", "when", "unless", "then", "retain", "except"][..]),
        ("share a for b ", &["with", "when", "unless", "then", "retain", "except"]),
        ("use a for b when c ", &["unless", "then", "retain", "is", "in", "not", "and", "or"]),
        ("never use a ", &["for", "when", "unless", "except"]),
        ("require d to use a for b ", &["when", "unless", "except"]),
        ("use ", &["collected"]),
        ("use a except ", &[]),
        ("use a for ", &[]),
        ("never use ", &[]),
        ("collect ", &[]),
        ("use a for b retain 3 ", &["days"]),
        ("never ", &["collect", "use", "share"]),
        ("require a ", &["retain", "to"]),
        ("fact a: ", &["one of", "number"]),
        ("fact a ", &["per purpose"]),
        ("expect { ", &["allow", "deny", "depends"]),
        ("expect { allow ", &["collect", "use", "share"]),
        ("expect {\n ", &["allow", "deny", "depends"]),
        ("section s {\n ", &["collect", "use", "share", "never", "require"]),
        ("category a { b ", &["also"]),
        ("category a { b \"B\" ", &["also", "open"]),
        ("use a for b // ", &[]),
    ] {
        let mut found = expected(text, text.len()).words;
        let mut words = words.to_vec();
        if text == "expect { " {
            words.clear(); // not the first on its line
        }
        found.sort_unstable();
        words.sort_unstable();
        assert_eq!(found, words, "{text}");
    }
    let start = expected("policy shop\n", 12).words;
    assert!(start.contains(&"category") && start.contains(&"use"), "{start:?}");
}

#[test]
fn the_outline_is_the_file_in_its_own_order() {
    let entries = outline(SHOP);
    let words: Vec<&str> = entries.iter().map(|entry| entry.word.as_str()).collect();
    assert_eq!(words[..5], ["policy", "import", "tag", "category", "category"]);
    let contact = &entries[3];
    assert_eq!(contact.label, "Contact");
    assert!(SHOP[contact.range.clone()].ends_with("#sensitive }"));
    let (kind, name) = contact.children[0].declares.clone().unwrap();
    assert_eq!((kind, &SHOP[name]), (SymbolKind::Category, "email"));
    let section = entries.iter().find(|entry| entry.word == "section").unwrap();
    assert_eq!(section.children.len(), 2);
    assert!(SHOP[section.children[1].range.clone()].ends_with("then deidentify"));
}

#[test]
fn the_outline_of_some_words_is_that_part_of_the_whole() {
    let text = format!("{SHOP}\n  import \"x.why\" use a for\nimport \"{{.why\" // import\n{SHOP}");
    for words in [&["import", "policy"][..], &["expect"], &["section", "field"], &["nothing"]] {
        let mut whole = outline(&text);
        whole.retain(|entry| words.contains(&entry.word.as_str()));
        assert_eq!(outline_of(&text, words), whole, "{words:?}");
    }
}
