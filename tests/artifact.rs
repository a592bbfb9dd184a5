//! Artifacts: the same answers, the same bytes everywhere, and a clear error for whatever is none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unsafe_code,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use whyfor::{ArtifactError, Facts, Policy, Question, Reason};

/// With everything in it that an image has a section for.
const TEXT: &str = r#"policy shop "Shop" { version "1" controller "Example" }
tag sensitive
category contact "Contact" { email "Email" phone #sensitive }  category device also contact { ip }
method provided  purpose service { login }  purpose ads also service
recipient partners
fact consent per purpose  fact region: one of eu, us  fact age: number
duty notify
field "*_email" except "no_email" is email
section account "Account" {
    collect contact by provided for login
    use email for ads when consent and (age >= 18 or region in (eu)) then notify retain 30 days
}
never share * with partners
"#;

fn policy() -> Policy {
    Policy::from_source(TEXT).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("whyfor-artifact-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_artifact_answers_all_that_the_source_does_reasons_included() {
    let (source, artifact) = (policy(), Policy::from_bytes(policy().as_bytes()).unwrap());
    assert_eq!(source.digest(), artifact.digest());
    let facts = |policy: &Policy| policy.facts().with("consent", true).unwrap().build();
    let (known, known_too) = (facts(&source), facts(&artifact));
    for question in [
        Question::usage("work_email", "ads"),
        Question::collect("contact", "provided", "login"),
        Question::share("email", "partners", "login"),
        Question::usage("emial", "login"),
        Question::usage("phone", "ads"),
    ] {
        let describe = |policy: &Policy, facts: &Facts| {
            let decision = policy.ask(&question, facts);
            let duties: Vec<&str> = decision.duties().collect();
            format!(
                "{:?} {duties:?} {:?} {:?} {:?}",
                decision.verdict(),
                decision.retain_days(),
                decision.missing(),
                decision.reasons()
            )
        };
        assert_eq!(describe(&source, &known), describe(&artifact, &known_too));
    }
    let question = Question::usage("email", "ads");
    let Reason::Permit(statement) = artifact.ask(&question, &known_too).reasons().remove(0) else {
        panic!("a permit decided");
    };
    assert_eq!(
        (statement.file, statement.line, statement.section),
        ("policy.why", 11, Some("account"))
    );
    assert!(statement.text.starts_with("use email for ads when"));
}

#[test]
fn the_same_policy_has_the_same_bytes() {
    assert_eq!(policy().as_bytes(), policy().as_bytes());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v2.whyc");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, policy().as_bytes()).unwrap();
    }
    // Written by an earlier build: it still loads, and today's build still writes it.
    let earlier = Policy::open(&golden).unwrap();
    assert_eq!(earlier.digest(), policy().digest());
    assert_eq!(earlier.as_bytes(), policy().as_bytes());
}

#[test]
fn another_meaning_has_another_digest() {
    let other = Policy::from_source(&TEXT.replace("30 days", "31 days")).unwrap();
    assert_ne!(other.digest(), policy().digest());
}

#[test]
fn an_artifact_that_is_cut_off_anywhere_is_refused() {
    let policy = policy();
    let bytes = policy.as_bytes();
    for length in 0..bytes.len() {
        let error = Policy::from_bytes(&bytes[..length]).unwrap_err();
        assert!(
            matches!(error, ArtifactError::Foreign | ArtifactError::Length { .. }),
            "{length}: {error}"
        );
    }
    let longer = [bytes, &[0]].concat();
    assert!(matches!(Policy::from_bytes(&longer).unwrap_err(), ArtifactError::Length { .. }));
}

#[test]
fn an_artifact_with_any_bit_flipped_is_refused() {
    let policy = policy();
    let mut bytes = policy.as_bytes().to_vec();
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Policy::from_bytes(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(Policy::from_bytes(&bytes).is_ok());
}

#[test]
fn a_foreign_file_and_a_newer_one_are_told_apart() {
    assert!(matches!(
        Policy::from_bytes(b"policy p category a").unwrap_err(),
        ArtifactError::Foreign
    ));
    let mut newer = policy().as_bytes().to_vec();
    newer[8] += 1;
    let error = Policy::from_bytes(&newer).unwrap_err();
    assert!(error.to_string().contains("format 3, and this version reads 2"), "{error}");
}

/// What the checksum cannot find: bytes that were made to fit it.
#[test]
fn a_forged_artifact_never_panics() {
    let mut state = 1u64;
    let mut random = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize % bound
    };
    let originals = in_every_layout();
    let mut opened = 0;
    for round in 0..4000 {
        let mut bytes = originals[round % originals.len()].clone();
        for _ in 0..1 + random(4) {
            let at = 64 + random(bytes.len() - 64);
            bytes[at] = random(256) as u8;
        }
        let crc = crc32(&bytes[16..]);
        bytes[12..16].copy_from_slice(&crc.to_le_bytes());
        let Ok(forged) = Policy::from_bytes(&bytes) else { continue };
        opened += 1;
        let facts = forged.facts().with("consent", true).map(|f| f.build()).unwrap_or_default();
        for field in ["contact", "email", "work_email", "no_email", "unknown_field_name"] {
            for purpose in ["login", "ads", "service"] {
                for question in [
                    Question::usage(field, purpose),
                    Question::collect(field, "provided", purpose),
                    Question::share(field, "partners", purpose),
                ] {
                    let decision = forged.ask(&question, &facts);
                    let _ = (decision.duties().count(), decision.retain_days(), decision.missing());
                    let _ = decision.reasons();
                }
            }
        }
        let _ =
            (forged.categories().count(), forged.fact_infos().count(), forged.statements().count());
    }
    assert!(opened > 1000);
}

#[cfg(feature = "reference")]
fn in_every_layout() -> Vec<Vec<u8>> {
    use whyfor::reference::Layout;
    let files = whyfor::Memory::new().with("policy.why", TEXT);
    let model = whyfor::Model::load(&files, "policy.why").unwrap();
    [
        Layout::Cells,
        Layout::KindsAndCells,
        Layout::KindsAndLines,
        Layout::Lines,
        Layout::NarrowLines,
    ]
    .map(|layout| Policy::compile_as(&model, layout).unwrap().as_bytes().to_vec())
    .into()
}

#[cfg(not(feature = "reference"))]
fn in_every_layout() -> Vec<Vec<u8>> {
    vec![policy().as_bytes().to_vec()]
}

/// CRC-32 by its definition, a bit at a time.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    })
}

#[test]
fn a_file_is_read_or_mapped_and_keeps_its_answers_when_replaced() {
    let folder = folder("map");
    let (path, next) = (folder.join("p.whyc"), folder.join("next.whyc"));
    std::fs::write(&path, policy().as_bytes()).unwrap();
    let read = Policy::open(&path).unwrap();
    // SAFETY: nobody else knows the folder, and the file is replaced by renaming alone.
    let mapped = unsafe { Policy::map(&path) }.unwrap();
    let other = Policy::from_source("policy empty category email purpose login").unwrap();
    std::fs::write(&next, other.as_bytes()).unwrap();
    std::fs::rename(&next, &path).unwrap();
    for policy in [&read, &mapped] {
        assert!(policy.may_collect("email", "provided", "login"));
        assert_eq!(policy.policy_name(), "shop");
    }
    assert_eq!(Policy::open(&path).unwrap().policy_name(), "empty");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_empty_a_missing_and_a_foreign_file_are_refused_by_map_and_open() {
    let folder = folder("bad");
    let empty = folder.join("empty.whyc");
    std::fs::write(&empty, b"").unwrap();
    let text = folder.join("text.whyc");
    std::fs::write(&text, b"policy p").unwrap();
    for path in [&empty, &text] {
        // SAFETY: nobody else knows the folder.
        assert!(matches!(unsafe { Policy::map(path) }.unwrap_err(), ArtifactError::Foreign));
        assert!(matches!(Policy::open(path).unwrap_err(), ArtifactError::Foreign));
    }
    assert!(matches!(Policy::open(folder.join("none")).unwrap_err(), ArtifactError::Io(_)));
    std::fs::remove_dir_all(folder).unwrap();
}
