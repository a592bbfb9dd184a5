//! Eight threads read while versions come and go: each answer is one that a published version gives.
//!
//! The length of each test is 2 s, or the seconds in WHYFOR_TORN_SECONDS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{Names, answers, names, policy, rename_over, text};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use whyfor::Policy;
use whyfor_serve::{BytesSource, FileSource, PolicyStore, Readers, Trust};

const READERS: usize = 8;

fn length() -> Duration {
    let seconds = std::env::var("WHYFOR_TORN_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(2))
}

/// Asks in eight threads while `change` is called. In each version exactly one of two questions is allowed, and its ids are
/// others than in the version before: so an answer of two versions shows.
fn read_during(readers: &Readers<Names>, mut change: impl FnMut(u64)) {
    let (ends, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    let versions = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..READERS)
            .map(|_| {
                scope.spawn(|| {
                    let (mut reader, mut last, mut versions) = (readers.reader(), 0, 0);
                    while !ends.load(Ordering::Relaxed) {
                        let live = reader.get();
                        let answers = answers(live);
                        assert!(answers[0] != answers[1], "a torn answer: {answers:?}");
                        assert!(live.generation() >= last, "an older version came back");
                        versions += u64::from(live.generation() != last);
                        last = live.generation();
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                    versions
                })
            })
            .collect();
        let started = Instant::now();
        let mut round = 0;
        while started.elapsed() < length() && threads.iter().all(|thread| !thread.is_finished()) {
            change(round);
            round += 1;
            std::thread::sleep(Duration::from_millis(1));
        }
        ends.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
    });
    assert!(versions > 2 * READERS as u64, "{versions} versions were seen");
    assert!(asked.load(Ordering::Relaxed) > 1000);
}

/// The nth version: its ids are others than in the one before.
fn nth(n: u64) -> String {
    let more: String = (0..n % 7).map(|at| format!("category aa{at}\npurpose aa{at}\n")).collect();
    text(if n.is_multiple_of(2) { "login" } else { "ads" })
        .replace("category email", &(more + "category email"))
}

#[test]
fn no_answer_is_torn_while_policies_that_were_built_before_are_swapped() {
    let built: Vec<_> = (0..14).map(|n| Arc::new(Policy::from_str(&nth(n)).unwrap())).collect();
    let source = Arc::new(BytesSource::new(policy("login")));
    let store = PolicyStore::new();
    let shop = store.add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    read_during(&names(&shop), |round| {
        source.set(Arc::clone(&built[round as usize % built.len()]));
        shop.reload().unwrap();
    });
}

#[test]
fn no_answer_is_torn_while_files_are_replaced_cut_off_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    rename_over(&path, nth(0));
    let store = PolicyStore::new();
    let shop = store.add("shop", FileSource::new(&path), Trust::unsigned()).unwrap();
    let mut good = 0;
    read_during(&names(&shop), |round| {
        let whole = nth(round);
        let _ = std::fs::remove_dir(&path);
        match round % 6 {
            0 | 3 => rename_over(&path, &whole),
            1 => std::fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
            2 => std::fs::write(&path, "").unwrap(),
            4 => std::fs::remove_file(&path).unwrap(),
            _ => std::fs::create_dir(&path).unwrap(),
        }
        let is_good = shop.reload().is_ok();
        assert_eq!(is_good, matches!(round % 6, 0 | 3), "round {round}");
        good += u64::from(is_good);
    });
    assert_eq!(shop.snapshot().generation(), good);
}
