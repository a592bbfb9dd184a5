//! A log of decisions: what it says, what it never says, and that it counts every one.

#![cfg(feature = "log")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use whyfor::{Act, Facts, Policy, Question, ReasonKind, Verdict};
use whyfor_serve::{
    BytesSource, DecisionLog, Entry, JsonLines, LivePolicy, LogFolderError, LogOptions,
    LoggedDecision, PolicyStore, Sink, SinkError, TextFiles, Trust, Version, WhenFull,
};

const TEXT: &str = "policy shop \"Shop\" { closed }
category contact { email phone } category health
method form purpose login purpose ads
fact consent fact age: number
field \"*_mail\" is email
field \"*_both\" is phone field \"both_*\" is health
collect email by form for login
use contact for login
use email for ads when consent and age >= 18
never use health for ads
end
";

/// What a sink was given.
#[derive(Clone, Default)]
struct Kept {
    entries: Arc<Mutex<Vec<Entry>>>,
    policies: Arc<AtomicU64>,
    fails: Arc<AtomicBool>,
    panics: Arc<AtomicBool>,
    unwanted: Option<Verdict>,
}

impl Sink for Kept {
    fn keep(&mut self, _: &Version) -> Result<(), SinkError> {
        self.policies.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn wants(&self, verdict: Verdict) -> bool {
        self.unwanted != Some(verdict)
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
        assert!(!self.panics.load(Ordering::Relaxed), "CANARY");
        if self.fails.load(Ordering::Relaxed) {
            return Err("the disk is full".into());
        }
        self.entries.lock().unwrap().extend_from_slice(entries);
        Ok(())
    }
}

impl Kept {
    fn decisions(&self) -> Vec<LoggedDecision> {
        let entries = self.entries.lock().unwrap();
        let decision = |entry: &Entry| match entry {
            Entry::Decision(decision) => Some(decision.clone()),
            _ => None,
        };
        entries.iter().filter_map(decision).collect()
    }

    /// The decisions that the log says are lost.
    fn lost(&self) -> u64 {
        let entries = self.entries.lock().unwrap();
        entries
            .iter()
            .map(|entry| if let Entry::Lost(lost) = entry { lost.dropped } else { 0 })
            .sum()
    }
}

fn shop(text: &str) -> (LivePolicy, Arc<BytesSource>) {
    let source = Arc::new(BytesSource::new(TextFiles::new("shop.why", text)));
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    (shop, source)
}

fn log(options: LogOptions) -> (DecisionLog, Kept) {
    let kept = Kept::default();
    (DecisionLog::new(kept.clone(), options).unwrap(), kept)
}

fn assert_all_are_counted(log: &DecisionLog) {
    let status = log.status();
    let sum = status.written + status.dropped + status.sampled + status.queued;
    assert_eq!(status.asked, sum, "{status:?}");
}

/// One decision by names, as it is logged.
fn logged(question: &Question<'_>, facts: impl FnOnce(&Policy) -> Facts) -> LoggedDecision {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    let live = shop.snapshot();
    let facts = facts(live.policy());
    let verdict = log.context(live.version()).ask(question, &facts).verdict();
    log.flush();
    let [decision] = &kept.decisions()[..] else { panic!("one decision") };
    assert_eq!((decision.verdict, decision.policy.as_str()), (verdict, "shop"));
    assert_eq!(decision.digest, live.policy().digest());
    decision.clone()
}

#[test]
fn an_allow_has_its_paths_and_statements() {
    let decision = logged(&Question::collect("work_mail", "form", "login"), |_| Facts::default());
    assert_eq!(decision.categories, ["contact.email"]);
    assert_eq!(
        (decision.party.as_deref(), decision.purpose.as_deref()),
        (Some("form"), Some("login"))
    );
    assert_eq!((decision.verdict, decision.reason), (Verdict::Allow, Some(ReasonKind::Permit)));
    assert_eq!(decision.statements, [0]);
}

#[test]
fn a_depends_has_the_facts_that_are_missing() {
    let facts = |policy: &Policy| policy.facts_builder().with("consent", true).unwrap().build();
    let decision = logged(&Question::usage("email", "ads"), facts);
    assert_eq!((decision.verdict, decision.missing), (Verdict::Depends, vec!["age".to_owned()]));
    assert_eq!(decision.statements, [2]);
}

#[test]
fn a_deny_has_what_forbids_it_or_that_nothing_permits_it() {
    let decision = logged(&Question::usage("health", "ads"), |_| Facts::default());
    assert_eq!((decision.reason, decision.statements), (Some(ReasonKind::Never), vec![3]));
    let decision = logged(&Question::usage("phone", "ads"), |_| Facts::default());
    assert_eq!((decision.reason, decision.statements), (Some(ReasonKind::NoPermit), vec![]));
    let age = |policy: &Policy| policy.facts_builder().with("age", 17).unwrap().build();
    let decision = logged(&Question::usage("email", "ads"), age);
    assert_eq!((decision.reason, decision.statements), (Some(ReasonKind::UnmetPermit), vec![2]));
}

#[test]
fn a_field_of_several_categories_is_one_decision_with_all_of_them() {
    let decision = logged(&Question::usage("both_both", "login"), |_| Facts::default());
    assert_eq!(decision.categories, ["contact.phone", "health"]);
    assert_eq!((decision.verdict, decision.reason), (Verdict::Deny, Some(ReasonKind::NoPermit)));
}

#[test]
fn names_that_the_policy_does_not_know_are_hashed_and_the_others_are_not() {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    let live = shop.snapshot();
    let mut request = log.context(live.version());
    let fields = ["ada@example.org", "bob@example.org", "ada@example.org"];
    for field in fields {
        request.ask(&Question::collect(field, "form", "login"), Facts::none());
    }
    request.ask(&Question::collect("email", "post", "CANARY"), Facts::none());
    drop(request);
    log.flush();
    let decisions = kept.decisions();
    assert!(!format!("{decisions:?}").contains("example.org"));
    assert!(!format!("{decisions:?}").contains("CANARY"));
    let hash = |at: usize| &decisions[at].unknown[0].hash;
    assert!(hash(0) == hash(2) && hash(0) != hash(1));
    assert_eq!(decisions[0].party.as_deref(), Some("form"));
    assert_eq!(decisions[0].purpose.as_deref(), Some("login"));
    assert_eq!(decisions[0].reason, Some(ReasonKind::UnknownField));
    assert_eq!(decisions[3].categories, ["contact.email"]);
    assert_eq!((&decisions[3].party, &decisions[3].purpose), (&None, &None));
    assert_eq!(decisions[3].unknown.len(), 2);
    assert_eq!(log.counts().unknown_names.into_values().collect::<Vec<_>>(), [4]);
}

#[test]
fn ids_of_another_policy_are_logged_without_names() {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    let other =
        Policy::from_str("policy other  category email  purpose login  use email for login")
            .unwrap();
    let (email, login) = (other.category("email").unwrap(), other.purpose("login").unwrap());
    let live = shop.snapshot();
    log.context(live.version()).decide(Act::Use, email, login, Facts::none());
    log.flush();
    let [decision] = &kept.decisions()[..] else { panic!("one decision") };
    assert_eq!(decision.reason, Some(ReasonKind::ForeignId));
    assert!(decision.categories.is_empty() && decision.purpose.is_none());
    assert_eq!(log.counts().foreign_ids.into_values().collect::<Vec<_>>(), [1]);
}

#[test]
fn fields_of_the_request_are_those_of_its_later_decisions() {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    let (live, question) = (shop.snapshot(), Question::usage("email", "login"));
    let mut request = log.context(live.version());
    request.ask(&question, Facts::none());
    let mut request = request.with("request", "1").with("request", "2").with("trace", "3");
    request.ask(&question, Facts::none());
    drop(request);
    log.flush();
    let contexts: Vec<_> = kept.decisions().into_iter().map(|decision| decision.context).collect();
    assert!(contexts[0].is_empty());
    assert_eq!(
        contexts[1].iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
        ["request=2", "trace=3"]
    );
}

#[test]
fn a_decision_is_explained_by_the_version_that_made_it() {
    let ((shop, source), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    let old = shop.snapshot();
    let mut request = log.context(old.version());
    request.ask(&Question::usage("phone", "login"), Facts::none());
    source.set(TextFiles::new(
        "shop.why",
        TEXT.replace("use contact for login", "use email for login"),
    ));
    shop.reload().unwrap();
    let new = shop.snapshot();
    log.context(new.version()).ask(&Question::usage("phone", "login"), Facts::none());
    drop(request);
    log.flush();
    let decisions = kept.decisions();
    let of = |live: &whyfor_serve::Live| {
        let digest = live.policy().digest();
        decisions.iter().find(|decision| decision.digest == digest).unwrap()
    };
    assert_eq!((of(&old).verdict, &of(&old).statements), (Verdict::Allow, &vec![1]));
    assert_eq!((of(&new).verdict, of(&new).reason), (Verdict::Deny, Some(ReasonKind::NoPermit)));
    assert_eq!(kept.policies.load(Ordering::Relaxed), 2);
}

#[test]
fn what_is_logged_is_what_was_answered() {
    // Facts of over 64 comparisons take the long way.
    let many: String = (0..100).map(|n| format!("use phone for ads when age == {n}\n")).collect();
    let text = TEXT.replace("end\n", &format!("{many}end\n"));
    let ((shop, _), (log, kept)) = (shop(&text), log(LogOptions::default()));
    let live = shop.snapshot();
    let mut expected = Vec::new();
    let mut request = log.context(live.version());
    for age in 0..120 {
        let facts = live.policy().facts_builder().with("age", age).unwrap().build();
        let decision = request.ask(&Question::usage("phone", "ads"), &facts);
        let reasons = decision.reasons();
        let statements = reasons.iter().filter_map(|reason| reason.statement());
        expected.push((decision.verdict(), statements.map(|s| s.index()).collect::<Vec<_>>()));
    }
    drop(request);
    log.flush();
    let decisions = kept.decisions();
    let logged = decisions.into_iter().map(|decision| (decision.verdict, decision.statements));
    assert_eq!(logged.collect::<Vec<_>>(), expected);
    assert!(expected[7].0 == Verdict::Allow && expected[110].0 == Verdict::Deny);
}

fn ask_often(log: &DecisionLog, shop: &LivePolicy, requests: usize, questions: usize) {
    for _ in 0..requests {
        let live = shop.snapshot();
        let mut request = log.context(live.version());
        for at in 0..questions {
            let purpose = if at % 2 == 0 { "login" } else { "ads" };
            request.ask(&Question::usage("phone", purpose), Facts::none());
        }
    }
}

#[test]
fn every_decision_is_written_or_counted_as_dropped() {
    let options = LogOptions { capacity: NonZeroUsize::new(100).unwrap(), ..LogOptions::default() };
    let ((shop, _), (log, kept)) = (shop(TEXT), log(options));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| ask_often(&log, &shop, 500, 150));
        }
        for _ in 0..1000 {
            assert_all_are_counted(&log);
        }
    });
    log.flush();
    let status = log.status();
    assert_all_are_counted(&log);
    assert_eq!((status.asked, status.queued), (4 * 500 * 150, 0));
    assert!(status.dropped > 0, "{status:?}");
    assert_eq!(kept.decisions().len() as u64, status.written);
    assert_eq!(kept.lost(), status.dropped);
    assert_eq!(log.counts().decisions.values().sum::<u64>(), status.asked);
}

#[test]
fn a_log_that_blocks_loses_nothing() {
    let options = LogOptions {
        capacity: NonZeroUsize::new(10).unwrap(),
        when_full: WhenFull::Block,
        ..LogOptions::default()
    };
    let ((shop, _), (log, kept)) = (shop(TEXT), log(options));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| ask_often(&log, &shop, 50, 70));
        }
    });
    log.flush();
    assert_all_are_counted(&log);
    assert_eq!((log.status().written, log.status().dropped), (4 * 50 * 70, 0));
    assert_eq!(kept.decisions().len(), 4 * 50 * 70);
}

#[test]
fn samples_are_of_allows_and_denials_are_written_unless_asked() {
    let options = LogOptions { allows: NonZeroU32::new(10).unwrap(), ..LogOptions::default() };
    let ((shop, _), (log, kept)) = (shop(TEXT), log(options));
    ask_often(&log, &shop, 100, 200);
    log.flush();
    let (allows, denials): (Vec<_>, Vec<_>) =
        kept.decisions().into_iter().partition(|decision| decision.verdict == Verdict::Allow);
    assert_eq!(denials.len(), 10_000);
    assert!((800..1200).contains(&allows.len()), "{}", allows.len());
    assert_eq!(log.status().sampled, 10_000 - allows.len() as u64);
    assert_all_are_counted(&log);
    assert_eq!(log.counts().decisions.into_values().collect::<Vec<_>>(), [10_000, 10_000]);

    let options = LogOptions { denials: NonZeroU32::MAX, ..LogOptions::default() };
    let (log, kept) = self::log(options);
    ask_often(&log, &shop, 10, 200);
    log.flush();
    assert!(kept.decisions().iter().all(|decision| decision.verdict == Verdict::Allow));
    assert_all_are_counted(&log);
}

#[test]
fn what_the_sink_does_not_want_is_counted_as_sampled() {
    let (shop, _) = shop(TEXT);
    let kept = Kept { unwanted: Some(Verdict::Allow), ..Kept::default() };
    let log = DecisionLog::new(kept.clone(), LogOptions::default()).unwrap();
    ask_often(&log, &shop, 1, 10);
    log.flush();
    assert_eq!((log.status().written, log.status().sampled), (5, 5));
    assert_eq!(kept.decisions().len(), 5);
}

#[test]
fn a_sink_that_fails_or_panics_is_a_status_and_its_losses_are_told() {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    for broken in [&kept.fails, &kept.panics] {
        broken.store(true, Ordering::Relaxed);
        let before = log.status().dropped;
        ask_often(&log, &shop, 1, 10);
        log.flush();
        let status = log.status();
        assert_eq!(status.dropped, before + 10);
        assert!(status.failures_in_a_row > 0);
        let error = status.last_error.unwrap();
        assert!(error == "the disk is full" || error == "the sink panicked", "{error}");
        broken.store(false, Ordering::Relaxed);
        ask_often(&log, &shop, 1, 10);
        log.flush();
        assert_eq!((log.status().last_error, log.status().failures_in_a_row), (None, 0));
        assert_eq!(kept.lost(), before + 10);
        assert_all_are_counted(&log);
    }
}

#[test]
fn a_log_that_is_dropped_writes_what_waits() {
    let ((shop, _), (log, kept)) = (shop(TEXT), log(LogOptions::default()));
    ask_often(&log, &shop, 10, 10);
    drop(log);
    assert_eq!(kept.decisions().len(), 100);
}

fn lines(path: &Path) -> Vec<Entry> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn lines_of_json_are_rotated_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, _) = shop(TEXT);
    let sink = JsonLines::new(folder.path()).unwrap().rotate_at(NonZeroU64::new(100_000).unwrap());
    let options = LogOptions { when_full: WhenFull::Block, ..LogOptions::default() };
    let log = DecisionLog::new(sink, options).unwrap();
    ask_often(&log, &shop, 20, 100);
    drop(log);
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    assert!(files.len() > 3, "{files:?}");
    assert!(files.iter().all(|file| file.metadata().unwrap().len() <= 150_000));
    assert_eq!(files.iter().map(|file| lines(file).len()).sum::<usize>(), 2000);

    let sink = JsonLines::new(folder.path()).unwrap();
    let sink = sink.rotate_at(NonZeroU64::new(50_000).unwrap()).keep_files(2);
    let log = DecisionLog::new(sink, LogOptions::default()).unwrap();
    ask_often(&log, &shop, 20, 100);
    drop(log);
    let files = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().is_file());
    assert_eq!(files.count(), 3);
}

#[test]
fn a_file_that_cannot_be_deleted_costs_no_decision_and_is_a_status() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("decisions.000001.jsonl")).unwrap();
    let sink = JsonLines::new(folder.path()).unwrap().rotate_at(NonZeroU64::MIN).keep_files(1);
    let log = DecisionLog::new(sink, LogOptions::default()).unwrap();
    let (shop, _) = shop(TEXT);
    for _ in 0..3 {
        ask_often(&log, &shop, 1, 1);
        log.flush();
    }
    assert_eq!((log.status().asked, log.status().written), (3, 3));
    let error = log.status().last_error.unwrap();
    assert!(error.contains("cannot delete") && error.contains("000001"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_moved_or_removed_is_followed_by_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, _) = shop(TEXT);
    let path = folder.path().join("decisions.jsonl");
    let sink = JsonLines::new(folder.path()).unwrap().rotate_at(NonZeroU64::new(9_000).unwrap());
    let log = DecisionLog::new(sink, LogOptions::default()).unwrap();
    let ask = || {
        ask_often(&log, &shop, 1, 3);
        log.flush();
    };
    ask();
    std::fs::rename(&path, folder.path().join("aside")).unwrap();
    ask();
    assert_eq!((lines(&folder.path().join("aside")).len(), lines(&path).len()), (3, 3));
    std::fs::remove_dir_all(folder.path()).unwrap();
    (0..20).for_each(|_| ask());
    assert_eq!(log.status().last_error, None);
    assert_eq!(log.status().written, 66);
}

#[test]
fn policies_are_kept_beside_the_log_so_that_decisions_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, _) = shop(TEXT);
    let log =
        DecisionLog::new(JsonLines::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    ask_often(&log, &shop, 1, 1);
    drop(log);
    let [Entry::Decision(decision)] = &lines(&folder.path().join("decisions.jsonl"))[..] else {
        panic!("one decision")
    };
    let kept = folder.path().join("policies").join(format!("{}.whyc", decision.digest));
    let policy = Policy::from_artifact(&std::fs::read(kept).unwrap()).unwrap();
    let purpose = decision.purpose.as_deref().unwrap();
    let again = policy.ask(&Question::usage(&decision.categories[0], purpose), Facts::none());
    assert_eq!(again.verdict(), decision.verdict);
}

#[test]
fn policies_that_are_removed_while_the_service_runs_are_kept_again() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, _) = shop(TEXT);
    let policies = folder.path().join("policies");
    let kept = policies.join(format!("{}.whyc", shop.snapshot().version().digest()));
    let log =
        DecisionLog::new(JsonLines::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    let ask = || {
        ask_often(&log, &shop, 1, 1);
        log.flush();
        assert!(Policy::from_artifact(&std::fs::read(&kept).unwrap()).is_ok());
    };
    ask();
    std::fs::remove_dir_all(&policies).unwrap();
    ask();
    std::fs::remove_file(&kept).unwrap();
    ask();
    std::fs::write(&kept, "cut off").unwrap();
    ask();
    std::fs::remove_dir_all(folder.path()).unwrap();
    ask();
}

#[test]
fn a_line_that_was_cut_off_stays_a_line_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("decisions.jsonl");
    std::fs::write(&file, "{\"time\":\"2026").unwrap();
    let (shop, _) = shop(TEXT);
    let log =
        DecisionLog::new(JsonLines::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    ask_often(&log, &shop, 1, 2);
    drop(log);
    let text = std::fs::read_to_string(&file).unwrap();
    let whole = text.lines().filter(|line| serde_json::from_str::<Entry>(line).is_ok());
    assert_eq!((whole.count(), text.lines().count()), (2, 3));
}

#[test]
fn two_logs_do_not_write_to_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = JsonLines::new(folder.path()).unwrap();
    assert!(matches!(JsonLines::new(folder.path()), Err(LogFolderError::InUse(_))));
    drop(first);
    assert!(JsonLines::new(folder.path()).is_ok());
}

/// `/dev/full` takes no byte, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_status_and_what_it_lost_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("decisions.jsonl")).unwrap();
    let (shop, _) = shop(TEXT);
    let log =
        DecisionLog::new(JsonLines::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    ask_often(&log, &shop, 1, 10);
    log.flush();
    let status = log.status();
    assert_eq!((status.written, status.dropped), (0, 10));
    assert!(status.last_error.unwrap().contains("No space left"));
}
