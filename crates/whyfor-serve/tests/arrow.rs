//! A log as streams of Arrow.

#![cfg(feature = "arrow")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use common::files;
use std::fs::File;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use whyfor::{Facts, Question};
use whyfor_serve::{
    ArrowStream, BytesSource, DecisionLog, LivePolicy, LogOptions, PolicyStore, Trust,
};

fn shop() -> LivePolicy {
    PolicyStore::new().add("shop", BytesSource::new(files("login")), Trust::unsigned()).unwrap()
}

fn ask(log: &DecisionLog, shop: &LivePolicy, count: usize) {
    let live = shop.snapshot();
    let mut request = log.context(live.version()).with("request", "r-17");
    for at in 0..count {
        let (field, purpose) =
            [("email", "login"), ("email", "ads"), ("ada@example.org", "login")][at % 3];
        request.ask(&Question::usage(field, purpose), Facts::none());
    }
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    StreamReader::try_new(File::open(path).unwrap(), None).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_stream_has_a_row_for_each_decision_and_its_columns() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), shop());
    let log =
        DecisionLog::new(ArrowStream::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    ask(&log, &shop, 3);
    log.flush();
    // It can be read before it has ended.
    let path = folder.path().join("decisions.arrows");
    let before = batches(&path);
    drop(log);
    let [batch] = &batches(&path)[..] else { panic!("one batch") };
    assert_eq!(&before[0], batch);
    let text = |column: &str, row: usize| {
        let column = batch.column_by_name(column).unwrap().as_string::<i32>();
        column.is_valid(row).then(|| column.value(row).to_owned())
    };
    let rows = [0, 1, 2].map(|row| {
        [text("purpose", row), text("verdict", row), text("reason", row)].map(Option::unwrap)
    });
    assert_eq!(
        rows,
        [
            ["login", "allow", "permit"],
            ["ads", "deny", "no_permit"],
            ["login", "deny", "unknown_field"]
        ]
    );
    let list = |column: &str, row: usize| {
        batch.column_by_name(column).unwrap().as_list::<i32>().value(row)
    };
    assert_eq!(list("categories", 0).as_string::<i32>().value(0), "email");
    assert_eq!(list("statements", 0).as_primitive::<UInt32Type>().values(), &[0]);
    assert!(list("unknown", 2).as_string::<i32>().value(0).starts_with("category:"));
    let context = batch.column_by_name("context").unwrap().as_map().value(1);
    assert_eq!(context.column(1).as_string::<i32>().value(0), "r-17");
    assert!(folder.path().join(format!("policies/{}.whyc", shop.status().digest)).exists());
}

#[test]
fn what_is_lost_is_a_row_with_a_count() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), shop());
    let options = LogOptions { capacity: NonZeroUsize::new(1).unwrap(), ..LogOptions::default() };
    let log = DecisionLog::new(ArrowStream::new(folder.path()).unwrap(), options).unwrap();
    for _ in 0..2000 {
        ask(&log, &shop, 3);
    }
    log.flush();
    let status = log.status();
    drop(log);
    let batches = batches(&folder.path().join("decisions.arrows"));
    let dropped = batches.iter().flat_map(|batch| {
        batch.column_by_name("dropped").unwrap().as_primitive::<UInt64Type>().iter().flatten()
    });
    assert_eq!(dropped.sum::<u64>(), status.dropped);
    assert!(status.dropped > 0);
}

#[test]
fn each_process_and_each_full_file_has_a_stream_of_its_own_and_no_row_is_lost() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), shop());
    for _ in 0..2 {
        let sink =
            ArrowStream::new(folder.path()).unwrap().rotate_at(NonZeroU64::new(40_000).unwrap());
        let log = DecisionLog::new(sink, LogOptions::default()).unwrap();
        for _ in 0..10 {
            ask(&log, &shop, 90);
            log.flush();
        }
    }
    let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = entries.filter(|path| path.is_file()).collect();
    assert!(files.len() > 2, "{files:?}");
    let rows = files.iter().flat_map(|file| batches(file)).map(|batch| batch.num_rows());
    assert_eq!(rows.sum::<usize>(), 2 * 10 * 90);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_status() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), shop());
    std::os::unix::fs::symlink("/dev/full", folder.path().join("decisions.arrows")).unwrap();
    let log =
        DecisionLog::new(ArrowStream::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    ask(&log, &shop, 9);
    log.flush();
    assert_eq!((log.status().written, log.status().dropped), (0, 9));
    assert!(log.status().last_error.unwrap().contains("No space left"));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_moved_is_followed_by_a_stream_of_its_own() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), shop());
    let [path, aside] = ["decisions.arrows", "aside"].map(|name| folder.path().join(name));
    let log =
        DecisionLog::new(ArrowStream::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    for at in 0..2 {
        ask(&log, &shop, 3);
        log.flush();
        if at == 0 {
            std::fs::rename(&path, &aside).unwrap();
        }
    }
    let rows = |path: &Path| batches(path).iter().map(RecordBatch::num_rows).sum::<usize>();
    assert_eq!((rows(&aside), rows(&path)), (3, 3));
}
