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
use whyfor::{ArtifactError, Facts, LoadError, Policy, Question, Reason};

/// With everything in it that an image has a section for.
const TEXT: &str = r#"policy shop "Shop" {
    version "1" controller "Example" effective "2026-12-31" language "en"
    contact "privacy@example.com" url "https://example.com/data"
}
tag sensitive published { health }
category contact "Contact" { email "Email" phone #sensitive }  category device also contact { ip }
method provided  purpose service { login }  purpose ads also service
recipient partners
fact consent per purpose  fact region: one of eu "Europe", us  fact age: number
duty notify  basis contract "Contract"  basis agreed when consent  event deletion
field "*_email" except "no_email" is email
section account "Account" {
    collect email, optional phone by provided for login on contract
        retain 2 years, 30 days after deletion, at least 1 month because "It is needed" see "https://example.com"
    use email for ads when consent and (age >= 18 or region in (eu)) then notify retain 30 days on agreed, contract
}
never share * with partners
"#;

fn policy() -> Policy {
    Policy::from_str(TEXT).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("whyfor-artifact-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_artifact_answers_all_that_the_source_does_reasons_included() {
    let (source, artifact) = (policy(), Policy::from_artifact(policy().as_bytes()).unwrap());
    assert_eq!(source.digest(), artifact.digest());
    let facts = |policy: &Policy| policy.facts_builder().with("consent", true).unwrap().build();
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
                "{:?} {duties:?} {:?} {:?} {:?} {:?}",
                decision.verdict(),
                decision.retain_days(),
                decision.outcome().terms,
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
        ("policy.why", 15, Some("account"))
    );
    assert!(statement.text.starts_with("use email for ads when"));
}

#[test]
fn the_same_policy_has_the_same_bytes() {
    assert_eq!(policy().as_bytes(), policy().as_bytes());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v4.whyc");
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
fn an_artifact_of_an_earlier_version_is_refused_by_its_version() {
    for version in [2, 3] {
        let golden = format!("tests/golden/v{version}.whyc");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
        let error = Policy::open(&golden).unwrap_err().to_string();
        let expected = format!("format {version}, and this version reads 4");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn another_meaning_has_another_digest() {
    let other = Policy::from_str(&TEXT.replace("30 days", "31 days")).unwrap();
    assert_ne!(other.digest(), policy().digest());
}

#[test]
fn an_artifact_that_is_cut_off_anywhere_is_refused() {
    let policy = policy();
    let bytes = policy.as_bytes();
    for length in 0..bytes.len() {
        let error = Policy::from_artifact(&bytes[..length]).unwrap_err();
        assert!(
            matches!(error, ArtifactError::Foreign | ArtifactError::Length { .. }),
            "{length}: {error}"
        );
    }
    let longer = [bytes, &[0]].concat();
    assert!(matches!(Policy::from_artifact(&longer).unwrap_err(), ArtifactError::Length { .. }));
}

#[test]
fn an_artifact_with_any_bit_flipped_is_refused() {
    let policy = policy();
    let mut bytes = policy.as_bytes().to_vec();
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Policy::from_artifact(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(Policy::from_artifact(&bytes).is_ok());
}

#[test]
fn a_foreign_file_and_a_newer_one_are_told_apart() {
    assert!(matches!(
        Policy::from_artifact(b"policy p category a").unwrap_err(),
        ArtifactError::Foreign
    ));
    let mut newer = policy().as_bytes().to_vec();
    newer[8] += 1;
    let error = Policy::from_artifact(&newer).unwrap_err();
    assert!(error.to_string().contains("format 5, and this version reads 4"), "{error}");
}

#[test]
fn a_file_is_read_or_mapped_and_keeps_its_answers_when_replaced() {
    let folder = folder("map");
    let (path, next) = (folder.join("p.whyc"), folder.join("next.whyc"));
    std::fs::write(&path, policy().as_bytes()).unwrap();
    let read = Policy::open(&path).unwrap();
    // SAFETY: nobody else knows the folder, and the file is replaced by renaming alone.
    let mapped = unsafe { Policy::map(&path) }.unwrap();
    let other = Policy::from_str("policy empty category email purpose login").unwrap();
    std::fs::write(&next, other.as_bytes()).unwrap();
    std::fs::rename(&next, &path).unwrap();
    for policy in [&read, &mapped] {
        assert!(policy.may_collect("email", "provided", "login"));
        assert_eq!(policy.name(), "shop");
    }
    assert_eq!(Policy::open(&path).unwrap().name(), "empty");
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
        assert!(matches!(source(unsafe { Policy::map(path) }), ArtifactError::Foreign));
        assert!(matches!(source(Policy::open(path)), ArtifactError::Foreign));
    }
    assert!(matches!(source(Policy::open(folder.join("none"))), ArtifactError::Io(_)));
    std::fs::remove_dir_all(folder).unwrap();
}

/// Why an artifact cannot be loaded.
fn source(loaded: Result<Policy, LoadError>) -> ArtifactError {
    match loaded.unwrap_err() {
        LoadError::Artifact { source, .. } => source,
        other => panic!("{other}"),
    }
}

/// Both ways to load a file.
fn errors(path: &Path) -> [ArtifactError; 2] {
    // SAFETY: the file is refused, and nobody else knows it.
    [source(Policy::open(path)), source(unsafe { Policy::map(path) })]
}

#[test]
fn a_damaged_file_named_as_an_artifact_is_not_taken_for_text() {
    let folder = folder("named");
    let path = folder.join("shop.whyc");
    for bytes in [&b""[..], b"why", b"policy p", &[0xFF; 200]] {
        std::fs::write(&path, bytes).unwrap();
        assert!(Policy::is_artifact(&path));
        assert!(matches!(source(Policy::from_path(&path)), ArtifactError::Foreign), "{bytes:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_error_names_the_file_and_carries_its_source() {
    let error = Policy::open("nowhere/shop.whyc").unwrap_err();
    assert!(error.to_string().starts_with("`nowhere/shop.whyc`: "), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(matches!(source.downcast_ref(), Some(ArtifactError::Io(_))), "{source}");
}

#[test]
fn of_a_file_that_is_too_long_or_too_short_no_more_than_its_header_is_read() {
    let folder = folder("length");
    let path = folder.join("p.whyc");
    let policy = policy();
    let length = policy.as_bytes().len() as u64;
    // Nobody waits while a terabyte is read, and few machines have the memory for it.
    for actual in [1 << 40, length + 1, length - 1] {
        std::fs::write(&path, policy.as_bytes()).unwrap();
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(actual).unwrap();
        for error in errors(&path) {
            assert!(
                matches!(error, ArtifactError::Length { expected, actual: a } if (expected, a) == (length, actual)),
                "{error}"
            );
        }
    }
    // Of something else.
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(errors(&path).iter().all(|error| matches!(error, ArtifactError::Foreign)));
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_nobody_waits_for_it() {
    let folder = folder("special");
    let pipe = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [&pipe, Path::new("/dev/zero"), Path::new("/dev/null"), &folder] {
        for error in errors(path) {
            assert!(matches!(error, ArtifactError::NoFile), "{}: {error}", path.display());
        }
        assert!(!Policy::is_artifact(path));
    }
    // A link to a file is one.
    let (file, link) = (folder.join("p.whyc"), folder.join("link.whyc"));
    std::fs::write(&file, policy().as_bytes()).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(Policy::is_artifact(&link));
    assert_eq!(Policy::open(&link).unwrap().name(), "shop");
    std::fs::remove_dir_all(folder).unwrap();
}

/// An artifact of ten megabytes, which is summed up by several threads.
fn large() -> Policy {
    let label = "x".repeat(10 << 20);
    Policy::from_str(&format!("policy large \"{label}\" category a purpose x use a for x")).unwrap()
}

#[test]
fn damage_is_found_in_every_part_of_a_large_artifact() {
    let mut bytes = large().as_bytes().to_vec();
    assert_eq!(Policy::from_artifact(&bytes).unwrap().name(), "large");
    for part in 0..20 {
        let at = bytes.len() * part / 20 + 100;
        bytes[at] ^= 1;
        assert!(
            matches!(Policy::from_artifact(&bytes).unwrap_err(), ArtifactError::Checksum),
            "{at}"
        );
        bytes[at] ^= 1;
    }
}

/// What the next test runs in a process of its own.
#[test]
fn a_large_artifact_is_loaded() {
    assert_eq!(Policy::from_artifact(large().as_bytes()).unwrap().name(), "large");
}

#[test]
fn where_no_thread_can_be_started_an_artifact_is_loaded_by_one() {
    // A stack for a thread that no machine has: starting one fails.
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_large_artifact_is_loaded", "--test-threads=1"])
        .env("RUST_MIN_STACK", (1u64 << 46).to_string())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}
