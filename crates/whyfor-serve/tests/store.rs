//! A store: names that are resolved in each version, statuses, events, and code of the program that fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{allows, answers, files, names, policy, text};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use whyfor_serve::{
    AddError, BytesSource, Content, Event, Failure, FailureKind, LivePolicy, PolicyStore, Reloaded,
    Source, TextFiles, Trust,
};

fn added(content: impl Into<Content>) -> (PolicyStore, Arc<BytesSource>, LivePolicy) {
    let (store, source) = (PolicyStore::new(), Arc::new(BytesSource::new(content)));
    let shop = store.add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    (store, source, shop)
}

fn kind(failed: Result<Reloaded, Failure>) -> FailureKind {
    failed.unwrap_err().kind()
}

// ── Versions ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_reader_sees_the_new_version_with_its_names_after_a_reload() {
    let (_store, source, shop) = added(files("login"));
    let mut reader = names(&shop).reader();
    assert_eq!((answers(reader.get()), reader.get().generation()), ([true, false], 1));
    // The ids of the new version are others.
    source.set(TextFiles::new(
        "shop.why",
        text("ads").replace("category email", "category aaa category email"),
    ));
    assert_eq!(answers(reader.get()), [true, false], "nothing is taken before a reload");
    assert_eq!(shop.reload(), Ok(Reloaded::Changed { generation: 2 }));
    assert_eq!((answers(reader.get()), reader.get().generation()), ([false, true], 2));
}

#[test]
fn a_snapshot_stays_what_it_was() {
    let (_store, source, shop) = added(files("login"));
    let readers = names(&shop);
    let before = readers.snapshot();
    source.set(files("ads"));
    shop.reload().unwrap();
    assert_eq!(answers(&before), [true, false]);
    assert_eq!(answers(&readers.snapshot()), [false, true]);
}

#[test]
fn a_version_without_a_name_that_the_code_uses_is_refused_and_not_served() {
    let (_store, source, shop) = added(files("login"));
    let readers = names(&shop);
    source
        .set(TextFiles::new("shop.why", text("login").replace("purpose ads", "purpose marketing")));
    let failure = shop.reload().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Names);
    assert!(failure.to_string().contains("ads"), "{failure}");
    assert_eq!(answers(&readers.snapshot()), [true, false]);
    assert_eq!(shop.snapshot().generation(), 1, "readers without names see no other version");
}

#[test]
fn names_that_nobody_reads_any_more_are_not_asked_for() {
    let (_store, source, shop) = added(files("login"));
    drop(names(&shop));
    source
        .set(TextFiles::new("shop.why", text("login").replace("purpose ads", "purpose marketing")));
    assert!(shop.reload().is_ok());
}

#[test]
fn names_are_resolved_as_long_as_one_reader_is_left() {
    let (_store, source, shop) = added(files("login"));
    let mut reader = names(&shop).reader();
    source.set(files("ads"));
    shop.reload().unwrap();
    assert_eq!(answers(reader.get()), [false, true]);
}

#[test]
fn names_that_are_not_there_are_an_error_at_once() {
    let (_store, _source, shop) = added(files("login"));
    let failed = shop.names(|policy| Ok(policy.category("shoe_size")?));
    assert_eq!(failed.unwrap_err().kind(), FailureKind::Names);
}

#[test]
fn the_same_content_and_the_same_meaning_are_no_new_version() {
    let (_store, source, shop) = added(files("login"));
    assert_eq!(shop.reload(), Ok(Reloaded::Unchanged));
    source.set(TextFiles::new("shop.why", text("login") + "// a comment\n"));
    assert_eq!(shop.reload(), Ok(Reloaded::Unchanged));
    assert_eq!(shop.snapshot().generation(), 1);
}

#[test]
fn a_first_version_that_is_not_taken_adds_no_policy() {
    let store = PolicyStore::new();
    let failed = store.add(
        "shop",
        BytesSource::new(TextFiles::new("shop.why", "nonsense")),
        Trust::unsigned(),
    );
    assert!(
        matches!(failed, Err(AddError::Refused(failure)) if failure.kind() == FailureKind::Mistakes)
    );
    assert!(store.policy("shop").is_none());
}

#[test]
fn a_name_is_taken_once_and_is_a_name() {
    let (store, _source, _shop) = added(files("login"));
    let add = |name: &str| store.add(name, BytesSource::new(files("ads")), Trust::unsigned());
    assert!(matches!(add("shop"), Err(AddError::Taken(name)) if name == "shop"));
    for name in ["", " shop", "a\tb", "a\u{1b}[31m", &"a".repeat(256)] {
        assert!(matches!(add(name), Err(AddError::Name(_))), "{name:?}");
    }
    assert!(allows(&store.policy("shop").unwrap(), "login"));
}

#[test]
fn a_policy_that_was_removed_is_kept_by_its_readers() {
    let (store, _source, shop) = added(files("login"));
    assert!(store.remove("shop"));
    assert!(store.policy("shop").is_none() && allows(&shop, "login"));
}

// ── What is not taken ───────────────────────────────────────────────────────────────────────────

#[test]
fn a_version_is_refused_for_what_is_wrong_with_it() {
    let mistakes = text("login").replace("use email", "use mail");
    let fails = text("login").replace("end\n", "expect { allow use email for ads }\nend\n");
    let cut_off = text("login").replace("end\n", "");
    let no_end = cut_off.replace("{ closed }", "");
    let imports = text("login").replace("end\n", "import \"none.why\"\nend\n");
    let cases = [
        (mistakes, FailureKind::Mistakes),
        (fails, FailureKind::Expectations),
        (cut_off, FailureKind::NoEnd),
        (no_end, FailureKind::NoEnd),
        (imports, FailureKind::Unreadable),
        (String::new(), FailureKind::Mistakes),
    ];
    for (text, expected) in cases {
        let (_store, source, shop) = added(files("ads"));
        source.set(TextFiles::new("shop.why", text.clone()));
        assert_eq!(kind(shop.reload()), expected, "{text}");
        assert!(allows(&shop, "ads") && !allows(&shop, "login"), "{text}");
    }
}

#[test]
fn an_artifact_is_taken_whole_or_not_at_all() {
    let policy = policy("login");
    let whole = policy.as_bytes();
    let artifact = |bytes: &[u8]| Content::Artifact { bytes: bytes.into(), signature: None };
    let (_store, source, shop) = added(files("ads"));
    for length in [0, 1, 63, 64, whole.len() / 2, whole.len() - 1] {
        source.set(artifact(&whole[..length]));
        assert_eq!(kind(shop.reload()), FailureKind::Artifact, "{length} bytes");
    }
    let mut damaged = whole.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    source.set(artifact(&damaged));
    assert_eq!(kind(shop.reload()), FailureKind::Artifact);
    assert!(allows(&shop, "ads"));
    source.set(artifact(whole));
    assert!(shop.reload().is_ok() && allows(&shop, "login"));
}

#[test]
fn the_words_of_a_failure_are_safe_to_show_and_bounded() {
    let (_store, source, shop) = added(files("ads"));
    let many: String = (0..20_000).map(|n| format!("use \u{1b}[31mmissing{n} for ads\n")).collect();
    source.set(TextFiles::new("shop.why", format!("policy shop\n{many}")));
    let failure = shop.reload().unwrap_err().to_string();
    assert!(failure.len() < 17 << 10 && failure.ends_with("and more"), "{}", failure.len());
    assert!(!failure.contains('\u{1b}'));
}

// ── Status and events ───────────────────────────────────────────────────────────────────────────

#[test]
fn a_status_counts_failures_until_something_good_is_found() {
    let (_store, source, shop) = added(files("login"));
    let first = shop.status();
    assert_eq!((first.generation, first.failures_in_a_row, first.last_error), (1, 0, None));
    source.set(TextFiles::new("shop.why", "nonsense"));
    for count in 1..=3 {
        let failure = shop.reload().unwrap_err();
        let status = shop.status();
        assert_eq!((status.failures_in_a_row, status.last_error), (count, Some(failure)));
        assert_eq!((status.generation, status.digest), (1, first.digest));
        assert_eq!(status.since, first.since);
        assert!(status.last_attempt >= first.last_attempt);
    }
    source.set(files("login"));
    assert_eq!(shop.reload(), Ok(Reloaded::Unchanged), "the one that is served already");
    let status = shop.status();
    assert_eq!((status.generation, status.failures_in_a_row, status.last_error), (1, 0, None));
}

#[test]
fn events_tell_of_versions_failures_and_recoveries_in_their_order() {
    let store = PolicyStore::new();
    let events = store.subscribe(16);
    let source = Arc::new(BytesSource::new(files("login")));
    let shop = store.add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    let good = shop.snapshot().version().digest();
    source.set(TextFiles::new("shop.why", "nonsense"));
    shop.reload().unwrap_err();
    source.set(files("login"));
    shop.reload().unwrap();
    source.set(files("ads"));
    shop.reload().unwrap();
    let told: Vec<String> = std::iter::from_fn(|| events.next_now())
        .map(|event| match event {
            Event::Served(change) => {
                let old = change.old().map(|old| old.digest() == good);
                format!("{:?} {}", old, change.new_version().generation())
            }
            Event::Refused { failure, .. } => failure.kind().as_str().to_owned(),
            Event::Recovered { name } => format!("{name} recovered"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["None 1", "mistakes", "shop recovered", "Some(true) 2"]);
}

#[test]
fn a_queue_that_is_full_drops_events_and_counts_them() {
    let (store, source, shop) = added(files("login"));
    source.set(TextFiles::new("shop.why", "nonsense"));
    let (events, gone) = (store.subscribe(2), store.subscribe(2));
    drop(gone); // nobody reads them
    for _ in 0..5 {
        shop.reload().unwrap_err();
    }
    assert_eq!((events.missed(), std::iter::from_fn(|| events.next_now()).count()), (3, 2));
}

#[test]
fn a_queue_of_any_size_is_bounded() {
    let (store, source, shop) = added(files("login"));
    let events = store.subscribe(usize::MAX);
    source.set(files("ads"));
    shop.reload().unwrap();
    assert!(matches!(events.next_now(), Some(Event::Served(_))));
}

#[cfg(feature = "diff")]
#[test]
fn an_event_tells_what_changed_between_two_texts() {
    let (store, source, shop) = added(files("login"));
    let events = store.subscribe(16);
    source.set(files("ads"));
    shop.reload().unwrap();
    source.set(policy("login"));
    shop.reload().unwrap();
    let changes: Vec<_> = std::iter::from_fn(|| events.next_now())
        .filter_map(|event| match event {
            Event::Served(change) => Some(change),
            _ => None,
        })
        .collect();
    assert_eq!(changes[0].diff().unwrap().unwrap().count(), 2, "one is allowed, one no longer");
    assert!(changes[1].diff().unwrap_err().to_string().contains("not compiled from text"));
}

// ── Code of the program ─────────────────────────────────────────────────────────────────────────

/// A source that runs some code first.
struct Calling<F>(F, Arc<BytesSource>);

impl<F: Fn() + Send + Sync> Source for Calling<F> {
    fn read(&self) -> Result<Content, Failure> {
        (self.0)();
        self.1.read()
    }
}

#[test]
fn code_that_panics_is_a_failure_of_that_version() {
    let panics = Arc::new(AtomicBool::new(false));
    let (store, bytes) = (PolicyStore::new(), Arc::new(BytesSource::new(files("login"))));
    let now = Arc::clone(&panics);
    let source = Calling(move || assert!(!now.load(Ordering::Relaxed)), Arc::clone(&bytes));
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    let now = Arc::clone(&panics);
    let resolve = move |_: &whyfor::Policy| {
        assert!(!now.load(Ordering::Relaxed));
        Ok(())
    };
    let readers = shop.names(resolve).unwrap();
    panics.store(true, Ordering::Relaxed);
    assert_eq!(kind(shop.reload()), FailureKind::Panicked);
    panics.store(false, Ordering::Relaxed);
    bytes.set(files("ads"));
    assert_eq!(shop.reload(), Ok(Reloaded::Changed { generation: 2 }));
    assert!(readers.snapshot().policy().may_use("email", "ads"));
}

#[test]
fn no_lock_is_held_while_code_of_the_program_is_called() {
    let store = PolicyStore::new();
    let bytes = Arc::new(BytesSource::new(files("login")));
    // The source asks the store for the policy and its status, adds and removes another, and subscribes, while the
    // policy is being reloaded. With a lock held this would never end.
    let inner = store.clone();
    let source = Calling(
        move || {
            let Some(shop) = inner.policy("shop") else { return };
            let _ = (shop.status(), shop.snapshot(), inner.status(), inner.subscribe(1));
            let _ = inner.add("other", BytesSource::new(files("ads")), Trust::unsigned());
            inner.remove("other");
        },
        Arc::clone(&bytes),
    );
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    let inner = shop.clone();
    let readers = shop.names(move |_| Ok((inner.status().generation, inner.snapshot()))).unwrap();
    bytes.set(files("ads"));
    assert_eq!(shop.reload(), Ok(Reloaded::Changed { generation: 2 }));
    assert_eq!(readers.snapshot().names().0, 1, "it was resolved before the version was served");
}

#[test]
fn names_that_are_dropped_may_ask_the_store() {
    struct Asks(LivePolicy, Arc<Mutex<Vec<u64>>>);
    impl Drop for Asks {
        fn drop(&mut self) {
            self.1.lock().unwrap().push(self.0.status().generation);
        }
    }
    let (_store, source, shop) = added(files("login"));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (inner, told) = (shop.clone(), Arc::clone(&seen));
    let readers = shop.names(move |_| Ok(Asks(inner.clone(), Arc::clone(&told)))).unwrap();
    source.set(files("ads"));
    shop.reload().unwrap();
    assert_eq!(*seen.lock().unwrap(), [2]);
    drop(readers);
}

#[test]
fn names_that_panic_where_they_are_dropped_are_a_failure_of_their_version() {
    struct Breaks(Arc<AtomicBool>);
    impl Drop for Breaks {
        fn drop(&mut self) {
            assert!(!self.0.load(Ordering::Relaxed));
        }
    }
    let (_store, source, shop) = added(files("login"));
    let breaks = Arc::new(AtomicBool::new(true));
    let now = Arc::clone(&breaks);
    let readers = shop.names(move |_| Ok(Breaks(Arc::clone(&now)))).unwrap();
    let others = shop.names(|policy| Ok(policy.category("email")?)).unwrap();
    // The names of the first readers are resolved, and dropped when those of the second are not there.
    source.set(TextFiles::new("shop.why", "policy shop category phone end"));
    assert_eq!(kind(shop.reload()), FailureKind::Panicked);
    assert_eq!(shop.status().failures_in_a_row, 1);
    breaks.store(false, Ordering::Relaxed);
    assert_eq!(kind(shop.reload()), FailureKind::Names);
    drop((readers, others));
}

#[test]
fn a_reading_that_was_overtaken_does_not_replace_a_newer_one() {
    let store = PolicyStore::new();
    let bytes = Arc::new(BytesSource::new(files("login")));
    let turns = Arc::new(AtomicBool::new(false));
    struct Slow(Arc<BytesSource>, Arc<AtomicBool>, PolicyStore);
    impl Source for Slow {
        fn read(&self) -> Result<Content, Failure> {
            let content = self.0.read()?;
            if self.1.swap(false, Ordering::Relaxed) {
                // While this reading is under way, another one reads what is newer, and is served.
                self.0.set(files("ads"));
                self.2.policy("shop").unwrap().reload().unwrap();
            }
            Ok(content)
        }
    }
    let source = Slow(Arc::clone(&bytes), Arc::clone(&turns), store.clone());
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    bytes.set(TextFiles::new(
        "shop.why",
        text("login").replace("category email", "category email category old"),
    ));
    turns.store(true, Ordering::Relaxed);
    assert_eq!(shop.reload(), Ok(Reloaded::Unchanged), "it read again, and found what is served");
    assert!(allows(&shop, "ads") && shop.snapshot().policy().category("old").is_err());
}

#[test]
fn names_that_are_added_during_a_reload_are_asked_of_its_version() {
    let store = PolicyStore::new();
    let bytes = Arc::new(BytesSource::new(files("login")));
    let kept = Arc::new(Mutex::new(None));
    let (inner, keep) = (store.clone(), Arc::clone(&kept));
    let source = Calling(
        move || {
            if let Some(shop) = inner.policy("shop") {
                let mut kept = keep.lock().unwrap();
                let _ = kept.get_or_insert_with(|| names(&shop));
            }
        },
        Arc::clone(&bytes),
    );
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    bytes.set(files("ads"));
    shop.reload().unwrap();
    let readers = kept.lock().unwrap().take().unwrap();
    assert_eq!(answers(&readers.snapshot()), [false, true]);
}
