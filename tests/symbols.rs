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
    // A label behind the choices is a warning.
    assert!(!index.diagnostics().has_errors(), "{}", index.diagnostics());
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
    let (_, written) = index.rename(at(&index, "phone", 0).symbol, "1st").unwrap();
    assert_eq!(written, "`1st`");
    for new in ["", "a b", "-st", "a.b", "#x", "a`b", "a\u{FE0F}", "\u{3164}"] {
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
        (
            "collect a ",
            &["by", "for", "when", "unless", "then", "retain", "on", "because", "see", "except"][..],
        ),
        (
            "share a for b ",
            &["with", "when", "unless", "then", "retain", "on", "because", "see", "except"],
        ),
        (
            "use a for b when c ",
            &["unless", "then", "retain", "on", "because", "see", "is", "in", "not", "and", "or"],
        ),
        ("never use a ", &["for", "when", "unless", "because", "see", "except"]),
        ("require d to use a for b ", &["when", "unless", "because", "see", "except"]),
        ("use ", &["collected"]),
        ("use a except ", &[]),
        ("use a for ", &[]),
        ("never use ", &[]),
        ("collect ", &["optional"]),
        ("collect a, ", &["optional"]),
        ("collect a except ", &[]),
        ("collect (a except b), ", &["optional"]),
        ("collect a except (b, ", &[]),
        ("collect (a, ", &[]),
        ("use (a except b), ", &["collected"]),
        ("use a for b retain ", &["at least", "until"]),
        ("use a for b retain 3 ", &["hours", "days", "weeks", "months", "years"]),
        ("use a for b retain at least 3 ", &["hours", "days", "weeks", "months", "years"]),
        (
            "use a for b retain 3 days ",
            &["after", "when", "unless", "then", "on", "because", "see"],
        ),
        ("use a for b retain 3 days, ", &["at least", "until"]),
        ("require retain 3 days ", &["after", "to"]),
        ("use a for b on ", &[]),
        ("use a for b on c ", &["when", "unless", "then", "retain", "because", "see"]),
        ("basis b ", &["when", "unless"]),
        ("basis b when c ", &["unless", "is", "in", "not", "and", "or"]),
        ("event e ", &[]),
        ("tag t ", &["published"]),
        ("tag t \"T\" ", &["published"]),
        ("tag t { u ", &[]),
        ("section s ", &["because"]),
        ("section s \"S\" ", &["because"]),
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

const TERMS: &str = r#"policy terms
tag country "Country" published { us "United States"  de }
tag area { us "In the US" }
category contact { email phone }
method form #country.us
purpose login
recipient courier #country.us  recipient mailer #de
fact consent
fact region: one of eu "European Union", us
basis contract "Performance of a contract"
basis agreed "Consent" when consent // by a form
    unless region is
        us
basis `legal-duty`
event deletion "Deletion of the account"
section account because "You have one" {
    collect email, optional phone by form for login on contract & agreed, `legal-duty`
        retain 2 years, 30 days after deletion because "Tax" see "https://example.com"
}
use #country for login on agreed retain until deletion, at least 1 week after deletion
never share #area.us with #country except #de
"#;

#[track_caller]
fn terms() -> Index {
    let index = Index::load(&Memory::new().with("shop.why", TERMS), "shop.why");
    assert!(!index.diagnostics().has_errors(), "{}", index.diagnostics());
    index
}

#[test]
fn bases_events_choices_and_tags_in_groups_are_found() {
    let index = terms();
    for (text, nth, kind, name, label) in [
        ("contract", 2, SymbolKind::Basis, "contract", "Performance of a contract"),
        ("agreed", 2, SymbolKind::Basis, "agreed", "Consent"),
        ("legal-duty", 1, SymbolKind::Basis, "legal-duty", ""),
        ("deletion", 1, SymbolKind::Event, "deletion", "Deletion of the account"),
        ("deletion", 2, SymbolKind::Event, "deletion", "Deletion of the account"),
        ("eu", 0, SymbolKind::Choice, "region.eu", "European Union"),
        ("country.us", 0, SymbolKind::Tag, "country", "Country"),
        ("us  recipient", 0, SymbolKind::Tag, "country.us", "United States"),
        ("us with", 0, SymbolKind::Tag, "area.us", "In the US"),
        ("de\n", 0, SymbolKind::Tag, "country.de", ""),
    ] {
        means(&index, text, nth, kind, name);
        assert_eq!(index.symbol(at(&index, text, nth).symbol).label, label, "{text}");
    }
    assert_eq!(index.below(at(&index, "country", 0).symbol), Some(2));
    assert_eq!(index.below(at(&index, "deletion", 0).symbol), None);
    let tags: Vec<&str> = index.references(SymbolKind::Tag).into_iter().map(|(_, n)| n).collect();
    assert_eq!(tags, ["country", "country.us", "de", "area", "area.us"]);
}

#[test]
fn the_condition_of_a_basis_is_shown_as_written() {
    let index = terms();
    let condition = |text| index.condition(at(&index, text, 0).symbol);
    let expected = "when consent // by a form\n    unless region is\n        us";
    assert_eq!(condition("agreed"), Some(expected));
    assert_eq!(condition("contract"), None);
    assert_eq!(condition("consent"), None);
}

#[test]
fn bases_events_tags_and_choices_are_renamed_wherever_they_stand() {
    let index = terms();
    for (text, nth, new, written, places) in [
        ("contract", 0, "agreement", "agreement", 2),
        ("agreed", 0, "art-6", "`art-6`", 3),
        ("legal-duty", 0, "duty", "`duty`", 2),
        ("deletion", 0, "closed", "closed", 4),
        ("country", 0, "land", "land", 5),
        ("us \"United", 0, "usa", "usa", 3),
        ("us \"In", 0, "2nd", "`2nd`", 2),
        ("us\nbasis", 0, "usa", "usa", 2),
    ] {
        let (spans, by) = index.rename(at(&index, text, nth).symbol, new).unwrap();
        assert_eq!((spans.len(), by.as_str()), (places, written), "{text}");
    }
    for (text, nth, new) in [
        ("contract", 0, "agreed"),
        ("us \"United", 0, "de"),
        ("area", 0, "country"),
        ("us\nbasis", 0, "eu"),
    ] {
        let renamed = index.rename(at(&index, text, nth).symbol, new);
        assert!(matches!(renamed, Err(RenameError::Collides(_))), "{text}: {renamed:?}");
    }
}

#[test]
fn names_of_bases_events_and_tags_may_stand_where_they_mean_something() {
    for (text, kind) in [
        ("use a for b on ", SymbolKind::Basis),
        ("use a for b on c & ", SymbolKind::Basis),
        ("collect a by m on c & d, ", SymbolKind::Basis),
        ("use a for b retain 3 days after ", SymbolKind::Event),
        ("use a for b retain until ", SymbolKind::Event),
        ("use a for b retain 1 week, at least 2 years after ", SymbolKind::Event),
        ("require retain until ", SymbolKind::Event),
        ("basis b when ", SymbolKind::Fact),
        ("collect optional ", SymbolKind::Category),
        ("collect a, optional ", SymbolKind::Category),
        ("use #country.", SymbolKind::Tag),
        ("recipient a { b #", SymbolKind::Tag),
        ("share a with #", SymbolKind::Tag),
    ] {
        let found = expected(text, text.len());
        assert_eq!(found.names, Some(kind), "{text}");
    }
    let started = "use a for b on `legal-";
    let found = expected(started, started.len());
    assert_eq!((found.names, found.range), (Some(SymbolKind::Basis), 15..started.len()));
    for text in ["event ", "basis ", "tag a { ", "use a for b because \"on "] {
        assert_eq!(expected(text, text.len()).names, None, "{text}");
    }
}

#[test]
fn the_outline_has_bases_events_and_tags_in_groups() {
    let entries = outline(TERMS);
    let country = &entries[1];
    let (kind, name) = country.children[0].declares.clone().unwrap();
    assert_eq!((kind, &TERMS[name]), (SymbolKind::Tag, "us"));
    assert_eq!(country.children[0].label, "United States");
    let basis = entries.iter().find(|entry| entry.label == "Consent").unwrap();
    assert_eq!(
        (basis.word.as_str(), basis.declares.as_ref().unwrap().0),
        ("basis", SymbolKind::Basis)
    );
    assert!(TERMS[basis.range.clone()].ends_with("us"));
    let event = entries.iter().find(|entry| entry.word == "event").unwrap();
    assert_eq!(event.declares.as_ref().unwrap().0, SymbolKind::Event);
    assert!(entries.iter().any(|entry| entry.word == "section" && entry.children.len() == 1));
}

#[test]
fn what_is_read_again_after_each_letter_is_what_is_read_anew() {
    let file = |text: &str| Memory::new().with("shop.why", text);
    let mut index = Index::load(&file(""), "shop.why");
    for (end, _) in TERMS.char_indices().skip(1) {
        let text = &TERMS[..end];
        index = index.again(&file(text), "shop.why");
        let anew = Index::load(&file(text), "shop.why");
        let shown = |index: &Index| {
            let symbols: Vec<_> = index.symbols().map(|(_, symbol)| symbol.clone()).collect();
            let occurrences =
                index.file("shop.why").map(|file| index.occurrences_in(file).to_vec());
            (symbols, occurrences, index.diagnostics().to_string())
        };
        assert_eq!(shown(&index), shown(&anew), "{text}");
    }
}
