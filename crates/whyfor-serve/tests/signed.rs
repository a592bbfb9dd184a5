//! Signed policies: by whom, for which name, and never older than before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{Signer, allows, files, policy};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use whyfor_serve::{
    AddError, BytesSource, Content, Failure, FailureKind, FileSource, LivePolicy, PolicyStore,
    PublicKey, Sequences, SignatureError, Signed, Trust, TrustedComment, TrustedCommentError,
};

// Made by the program minisign 0.11: a key, and signatures of `an artifact`.
const KEY: &str = "untrusted comment: minisign public key 27C0F5EA0CDD18C5
RWTFGN0M6vXAJ+k4IDP1NReVQbmyfGKhkJ2sJXfacGitHfHwtveQodBg
";
const PREHASHED: &str = "untrusted comment: signature from minisign secret key
RUTFGN0M6vXAJ84RPdP8qRpEnzQhRkh32N9F99tf8209Nz4mpFWds6DrJsVPuIFBdmAtPxXyTKY5172TDuswE+Cq6The+pcD0gY=
trusted comment: timestamp:1790000000\tfile:a\tname:shop\tsequence:7
bfANgyRKMh3SO1i/wbz4G+ICScwvmeJjANWTHnypZ3MJ7DqQnqMZf+9auYCcGdeYLScC4y+KvAPqhIv0PcWDCA==
";
const LEGACY: &str = "untrusted comment: signature from minisign secret key
RWTFGN0M6vXAJzMt1gFf2cfMRezDK1mcvFjl5EZeBn5hXg0QEaWWBfBDrMeyI+YMzG32s5Ctzq5OLaQ9yn5wB+CNY5lQGKpmRgI=
trusted comment: name:shop\tsequence:7
0F3vpS7T4gNSJLckrFti7D4lt3Ys2MnwHurDDs6yEbkorOHjCsGSNh3009j4N0jzNQa+kSa5jXfeizMVQQMIAw==
";

fn refused(added: Result<LivePolicy, AddError>) -> Failure {
    match added.unwrap_err() {
        AddError::Refused(failure) => failure,
        other => panic!("{other}"),
    }
}

fn add(content: Content, trust: &Trust) -> Result<LivePolicy, AddError> {
    PolicyStore::new().add("shop", BytesSource::new(content), trust.clone())
}

fn trust(signer: &Signer) -> Trust {
    Trust::keys([signer.key.clone()], Sequences::in_memory())
}

fn with_signature(signature: String) -> Content {
    Content::Artifact { bytes: policy("login").as_bytes().into(), signature: Some(signature) }
}

// ── The format ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_signature_by_the_program_minisign_is_verified() {
    let key: PublicKey = KEY.parse().unwrap();
    let signed = Signed::verify(b"an artifact", PREHASHED, std::slice::from_ref(&key)).unwrap();
    assert_eq!((signed.comment().name(), signed.comment().sequence()), ("shop", 7));
    assert_eq!(*signed.key(), key);
}

#[test]
fn other_bytes_and_every_changed_character_of_a_signature_are_refused() {
    let keys = [KEY.parse().unwrap()];
    assert_eq!(Signed::verify(b"an artefact", PREHASHED, &keys), Err(SignatureError::Forged));
    let first_line = PREHASHED.find('\n').unwrap();
    for at in first_line..PREHASHED.trim_end().len() {
        let mut changed = PREHASHED.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(Signed::verify(b"an artifact", &changed, &keys).is_err(), "{at}: {changed}");
    }
    for at in 0..PREHASHED.trim_end().len() {
        assert!(
            Signed::verify(b"an artifact", &PREHASHED[..at], &keys).is_err(),
            "cut off at {at}"
        );
    }
}

#[test]
fn a_forged_comment_is_refused() {
    let keys = [KEY.parse().unwrap()];
    let newer = PREHASHED.replace("sequence:7", "sequence:8");
    assert_eq!(Signed::verify(b"an artifact", &newer, &keys), Err(SignatureError::Forged));
}

#[test]
fn a_signature_without_a_hash_is_refused() {
    let keys = [KEY.parse().unwrap()];
    assert_eq!(Signed::verify(b"an artifact", LEGACY, &keys), Err(SignatureError::Legacy));
}

#[test]
fn no_key_and_another_key_trust_nothing() {
    assert_eq!(Signed::verify(b"an artifact", PREHASHED, &[]), Err(SignatureError::OtherKey));
    let other = Signer::new().key;
    assert_eq!(Signed::verify(b"an artifact", PREHASHED, &[other]), Err(SignatureError::OtherKey));
}

#[test]
fn what_is_no_key_is_an_error() {
    let line = KEY.lines().nth(1).unwrap();
    assert_eq!(line.parse::<PublicKey>().unwrap().to_string(), line);
    for text in [
        "",
        "RW",
        &line[..55],
        &format!("{line}=="),
        "untrusted comment: x",
        &format!("{KEY}{line}"),
    ] {
        assert!(text.parse::<PublicKey>().is_err(), "{text:?}");
    }
}

#[test]
fn a_comment_names_one_policy_and_one_sequence() {
    let parsed = |text: &str| text.parse::<TrustedComment>();
    assert_eq!(parsed("sequence:18446744073709551615\tname:a shop").unwrap().sequence(), u64::MAX);
    // A file name with spaces imitates no part.
    assert_eq!(parsed("file:x name:evil\tname:shop\tsequence:1").unwrap().name(), "shop");
    for (text, error) in [
        ("", TrustedCommentError::Missing("name")),
        ("name:shop", TrustedCommentError::Missing("sequence")),
        ("name:shop sequence:7", TrustedCommentError::Missing("sequence")),
        ("name:a\tname:b\tsequence:7", TrustedCommentError::Twice("name")),
        ("name:a\tsequence:7\tsequence:7", TrustedCommentError::Twice("sequence")),
        ("name:a\tsequence:", TrustedCommentError::Sequence),
        ("name:a\tsequence:+7", TrustedCommentError::Sequence),
        ("name:a\tsequence:-7", TrustedCommentError::Sequence),
        ("name:a\tsequence:18446744073709551616", TrustedCommentError::Sequence),
    ] {
        assert_eq!(parsed(text), Err(error), "{text:?}");
    }
    assert!(matches!(parsed("name:\tsequence:7"), Err(TrustedCommentError::Name(_))));
}

// ── What is asked of a version ──────────────────────────────────────────────────────────────────

#[test]
fn a_signed_artifact_is_served_and_says_by_whom() {
    let signer = Signer::new();
    let shop = add(signer.artifact(&policy("login"), "shop", 7), &trust(&signer)).unwrap();
    assert!(allows(&shop, "login"));
    assert_eq!(shop.status().sequence, Some(7));
    assert_eq!(*shop.snapshot().version().signed().unwrap().key(), signer.key);
}

#[test]
fn only_signed_artifacts_are_taken_where_a_signature_is_asked_for() {
    let trust = trust(&Signer::new());
    let artifact = Content::Artifact { bytes: policy("login").as_bytes().into(), signature: None };
    for content in [artifact, files("login").into(), policy("login").into()] {
        assert_eq!(refused(add(content, &trust)).kind(), FailureKind::Unsigned);
    }
}

#[test]
fn a_signature_is_verified_before_anything_is_parsed() {
    let signer = Signer::new();
    let [ours, other] = [&signer, &Signer::new()].map(|signer| Content::Artifact {
        bytes: (*b"no artifact").into(),
        signature: Some(signer.sign(b"no artifact", "name:shop\tsequence:7")),
    });
    assert_eq!(refused(add(ours, &trust(&signer))).kind(), FailureKind::Artifact);
    assert_eq!(refused(add(other, &trust(&signer))).kind(), FailureKind::Signature);
}

#[test]
fn a_policy_that_is_signed_for_another_name_is_refused() {
    let signer = Signer::new();
    let failure = refused(add(signer.artifact(&policy("login"), "clinic", 7), &trust(&signer)));
    assert_eq!(failure.kind(), FailureKind::OtherName);
    assert!(failure.to_string().contains("`clinic`"), "{failure}");
}

#[test]
fn a_signature_without_a_name_is_refused() {
    let signer = Signer::new();
    let signature = signer.sign(policy("login").as_bytes(), "timestamp:1790000000\tfile:shop.whyc");
    assert_eq!(
        refused(add(with_signature(signature), &trust(&signer))).kind(),
        FailureKind::Signature
    );
}

#[test]
fn a_key_is_rotated_while_both_are_trusted() {
    let [old, new] = [Signer::new(), Signer::new()];
    let source = Arc::new(BytesSource::new(old.artifact(&policy("login"), "shop", 7)));
    let both = Trust::keys([old.key.clone(), new.key.clone()], Sequences::in_memory());
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), both).unwrap();
    source.set(new.artifact(&policy("ads"), "shop", 8));
    shop.reload().unwrap();
    assert!(allows(&shop, "ads"));
    assert_eq!(*shop.snapshot().version().signed().unwrap().key(), new.key);
    // Then the old one is not trusted any more.
    let failure = refused(add(old.artifact(&policy("login"), "shop", 9), &trust(&new)));
    assert_eq!(failure.kind(), FailureKind::Signature);
}

// ── Not older ───────────────────────────────────────────────────────────────────────────────────

/// A store that was just started, with its state in this file.
fn started(file: &Path, signer: &Signer, content: Content) -> Result<LivePolicy, AddError> {
    add(content, &Trust::keys([signer.key.clone()], Sequences::file(file)))
}

#[test]
fn an_older_version_is_refused_while_the_service_runs() {
    let signer = Signer::new();
    let source = Arc::new(BytesSource::new(signer.artifact(&policy("login"), "shop", 7)));
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), trust(&signer)).unwrap();
    source.set(signer.artifact(&policy("ads"), "shop", 6));
    assert_eq!(shop.reload().unwrap_err().kind(), FailureKind::Older);
    assert!(allows(&shop, "login"));
}

#[test]
fn an_older_version_is_refused_before_it_is_parsed() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    started(&state, &signer, signer.artifact(&policy("ads"), "shop", 8)).unwrap();
    let signature = signer.sign(b"no artifact", "name:shop\tsequence:7");
    let content = Content::Artifact { bytes: (*b"no artifact").into(), signature: Some(signature) };
    assert_eq!(refused(started(&state, &signer, content)).kind(), FailureKind::Older);
}

#[test]
fn an_older_version_is_refused_after_a_restart() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    started(&state, &signer, signer.artifact(&policy("ads"), "shop", 8)).unwrap();
    let failure = refused(started(&state, &signer, signer.artifact(&policy("login"), "shop", 7)));
    assert_eq!(failure.kind(), FailureKind::Older);
    assert!(started(&state, &signer, signer.artifact(&policy("ads"), "shop", 8)).is_ok());
}

#[test]
fn a_sequence_is_not_used_for_two_policies() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    started(&state, &signer, signer.artifact(&policy("ads"), "shop", 8)).unwrap();
    let failure = refused(started(&state, &signer, signer.artifact(&policy("login"), "shop", 8)));
    assert_eq!(failure.kind(), FailureKind::Older);
}

#[test]
fn the_sequence_of_one_policy_says_nothing_of_another() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let trust = Trust::keys([signer.key.clone()], Sequences::file(folder.path().join("sequences")));
    let store = PolicyStore::new();
    for (name, sequence) in [("shop", 8), ("clinic", 1)] {
        let content = signer.artifact(&policy("login"), name, sequence);
        store.add(name, BytesSource::new(content), trust.clone()).unwrap();
    }
    assert_eq!(store.status().iter().map(|s| s.sequence).collect::<Vec<_>>(), [Some(1), Some(8)]);
}

#[test]
fn a_version_that_is_not_served_raises_no_sequence() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    let trust = Trust::keys([signer.key.clone()], Sequences::file(&state));
    let source = Arc::new(BytesSource::new(signer.artifact(&policy("login"), "shop", 7)));
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), trust).unwrap();
    let readers = shop.names(|policy| Ok(policy.category("email")?)).unwrap();
    let without = whyfor::Policy::from_str("policy shop category phone end").unwrap();
    source.set(signer.artifact(&without, "shop", 9));
    assert_eq!(shop.reload().unwrap_err().kind(), FailureKind::Names);
    source.set(signer.artifact(&policy("ads"), "shop", 8));
    shop.reload().unwrap();
    assert!(readers.snapshot().policy().may_use("email", "ads"));
}

#[test]
fn a_state_file_that_is_damaged_or_unreadable_takes_nothing() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    started(&state, &signer, signer.artifact(&policy("ads"), "shop", 8)).unwrap();
    let good = fs::read_to_string(&state).unwrap();
    let add = || started(&state, &signer, signer.artifact(&policy("ads"), "shop", 9));
    for text in ["", "nonsense", &good[..good.len() / 2], &good.replacen('8', "3", 1)] {
        fs::write(&state, text).unwrap();
        assert_eq!(refused(add()).kind(), FailureKind::State, "{text:?}");
        assert_eq!(fs::read_to_string(&state).unwrap(), text, "it stays for the operator to see");
    }
    fs::remove_file(&state).unwrap();
    fs::create_dir(&state).unwrap();
    assert_eq!(refused(add()).kind(), FailureKind::State, "a folder");
    fs::remove_dir(&state).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", &state).unwrap();
        assert_eq!(refused(add()).kind(), FailureKind::State, "a link to nowhere");
        fs::remove_file(&state).unwrap();
    }
    let elsewhere = folder.path().join("not mounted/sequences");
    let content = signer.artifact(&policy("ads"), "shop", 9);
    assert_eq!(refused(started(&elsewhere, &signer, content)).kind(), FailureKind::State);
}

#[test]
fn a_state_file_that_is_lost_does_not_forget_what_this_process_took() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    let trust = Trust::keys([signer.key.clone()], Sequences::file(&state));
    let source = Arc::new(BytesSource::new(signer.artifact(&policy("ads"), "shop", 8)));
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), trust).unwrap();
    fs::remove_file(&state).unwrap();
    source.set(signer.artifact(&policy("login"), "shop", 7));
    assert_eq!(shop.reload().unwrap_err().kind(), FailureKind::Older);
}

#[test]
fn the_least_sequence_holds_without_any_state() {
    let signer = Signer::new();
    let trust = trust(&signer).least_sequence(7);
    let add = |sequence| add(signer.artifact(&policy("login"), "shop", sequence), &trust);
    assert_eq!(refused(add(6)).kind(), FailureKind::Older);
    assert!(add(7).is_ok());
}

#[test]
fn stores_that_share_a_state_file_forget_no_sequence_of_each_other() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let state = folder.path().join("sequences");
    let policy = policy("login");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (state, signer, policy) = (&state, &signer, &policy);
            scope.spawn(move || {
                let name = format!("shop {thread}");
                let trust = Trust::keys([signer.key.clone()], Sequences::file(state));
                let content = |sequence| signer.artifact(policy, &name, sequence);
                let source = Arc::new(BytesSource::new(content(1)));
                let shop = PolicyStore::new().add(&name, Arc::clone(&source), trust).unwrap();
                for sequence in 2..=5 {
                    source.set(content(sequence));
                    shop.reload().unwrap();
                }
            });
        }
    });
    for thread in 0..8 {
        let name = format!("shop {thread}");
        let trust = Trust::keys([signer.key.clone()], Sequences::file(&state));
        let source = BytesSource::new(signer.artifact(&policy, &name, 4));
        let failed = refused(PolicyStore::new().add(&name, source, trust));
        assert_eq!(failed.kind(), FailureKind::Older, "{name}");
    }
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_signature_is_the_file_beside_the_artifact() {
    let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
    let path = folder.path().join("shop.whyc");
    let signature_path = folder.path().join("shop.whyc.minisig");
    let policy = policy("login");
    fs::write(&path, policy.as_bytes()).unwrap();
    let add = || PolicyStore::new().add("shop", FileSource::new(&path), trust(&signer));
    assert_eq!(refused(add()).kind(), FailureKind::Unsigned);
    fs::write(&signature_path, signer.sign(policy.as_bytes(), "name:shop\tsequence:7")).unwrap();
    assert!(allows(&add().unwrap(), "login"));
    fs::write(&signature_path, b"\xff\xfe").unwrap();
    assert_eq!(refused(add()).kind(), FailureKind::Signature);
    fs::remove_file(&signature_path).unwrap();
    fs::create_dir(&signature_path).unwrap();
    assert_eq!(refused(add()).kind(), FailureKind::Unreadable);
}
