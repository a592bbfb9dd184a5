//! Numbers for recorders of `metrics`, and events for subscribers of `tracing`.

#![cfg(all(feature = "metrics", feature = "shadow", feature = "tracing"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{files, text};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use whyfor::{Facts, Question};
use whyfor_serve::{
    BytesSource, DecisionLog, JsonLines, LogOptions, Metrics, PolicyStore, TracingSink, Trust,
};

/// Keeps every series by its name and labels.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Kept {
    fn series(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }

    fn get(&self, name: &str) -> u64 {
        self.0.lock().unwrap().get(name).unwrap_or_else(|| panic!("{name}")).load(Ordering::Relaxed)
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.series(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.series(key))
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn a_report_has_what_was_decided_reloaded_and_lost() {
    let (store, folder) = (PolicyStore::new(), tempfile::tempdir().unwrap());
    let source = Arc::new(BytesSource::new(files("login")));
    let shop = store.add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    let log =
        DecisionLog::new(JsonLines::new(folder.path()).unwrap(), LogOptions::default()).unwrap();
    let (recorder, mut metrics) = (Kept::default(), Metrics::default());
    let ask = |field: &str, count: usize| {
        let live = shop.snapshot();
        let mut request = log.context(live.version());
        for _ in 0..count {
            request.ask(&Question::usage(field, "login"), Facts::none());
        }
    };
    let allows = "whyfor_decisions_total{policy=shop,act=use,purpose=login,verdict=allow}";
    for round in 1..=2 {
        ask("email", 70);
        ask("ada@example.org", 3);
        log.flush();
        metrics::with_local_recorder(&recorder, || metrics.report(&store, Some(&log)));
        assert_eq!(recorder.get(allows), 70 * round);
        assert_eq!(recorder.get("whyfor_unknown_names_total{policy=shop}"), 3 * round);
        assert_eq!(recorder.get("whyfor_log_written_total{}"), 73 * round);
        assert_eq!(recorder.get("whyfor_reload_failures_total{policy=shop}"), round - 1);
        source.set(whyfor_serve::TextFiles::new("shop.why", "policy"));
        shop.reload().unwrap_err();
    }
    // The counts of a version that is gone stay.
    source.set(files("ads"));
    shop.reload().unwrap();
    ask("email", 5);
    log.flush();
    metrics::with_local_recorder(&recorder, || metrics.report(&store, Some(&log)));
    assert_eq!(recorder.get(allows), 140);
    assert_eq!(
        recorder.get("whyfor_decisions_total{policy=shop,act=use,purpose=login,verdict=deny}"),
        11
    );
    assert_eq!(f64::from_bits(recorder.get("whyfor_version_generation{policy=shop}")), 2.0);
    let names: Vec<String> = recorder.0.lock().unwrap().keys().cloned().collect();
    assert!(!names.concat().contains("email"), "{names:?}");
}

#[test]
fn a_report_of_a_shadow_has_what_was_asked_twice_and_how_it_differed() {
    let store = PolicyStore::new();
    let add = |name, purpose| {
        store.add(name, BytesSource::new(files(purpose)), Trust::unsigned()).unwrap()
    };
    let (shop, next) = (add("shop", "login"), add("next", "ads"));
    let shadow = whyfor_serve::Shadow::new(&shop, &next).unwrap();
    let log = DecisionLog::new(TracingSink::default(), LogOptions::default()).unwrap();
    let (recorder, mut metrics, live) = (Kept::default(), Metrics::default(), shop.snapshot());
    for round in 1..=2 {
        let mut request = shadow.request(log.context(live.version()));
        let facts = request.facts([]).unwrap();
        for purpose in ["login", "ads", "login"] {
            request.ask(&Question::usage("email", purpose), &facts);
        }
        metrics::with_local_recorder(&recorder, || metrics.report_shadow(&shadow));
        assert_eq!(recorder.get("whyfor_shadow_evaluated_total{policy=shop}"), 3 * round);
        let of = |result: &str| {
            recorder
                .get(&format!("whyfor_shadow_disagreements_total{{policy=shop,result={result}}}"))
        };
        assert_eq!(["shadow_allowed", "shadow_denied", "other"].map(of), [round, 2 * round, 0]);
    }
}

/// Keeps events as text.
#[derive(Clone)]
struct Told {
    level: Level,
    events: Arc<Mutex<Vec<String>>>,
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

impl Subscriber for Told {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "whyfor::decision" && *metadata.level() <= self.level
    }
    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(format!("{} ", event.metadata().level()));
        event.record(&mut fields);
        self.events.lock().unwrap().push(fields.0);
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn events_are_made_only_of_the_answers_that_a_subscriber_wants() {
    let told = Told { level: Level::INFO, events: Arc::default() };
    tracing::subscriber::set_global_default(told.clone()).unwrap(); // events come from another thread
    let source = BytesSource::new(whyfor_serve::TextFiles::new("shop.why", text("login")));
    let shop = PolicyStore::new().add("shop", source, Trust::unsigned()).unwrap();
    let log = DecisionLog::new(TracingSink::default(), LogOptions::default()).unwrap();
    let live = shop.snapshot();
    let mut request = log.context(live.version()).with("request", "r-17");
    for purpose in ["login", "ads", "login"] {
        request.ask(&Question::usage("email", purpose), Facts::none());
    }
    drop(request);
    log.flush();
    assert_eq!((log.status().written, log.status().sampled), (1, 2));
    let mut request = log.context(live.version()).with("request", "r-18");
    request.ask(&Question::usage("ada@example.org", "login"), Facts::none());
    drop(request);
    log.flush();
    let events = told.events.lock().unwrap();
    // The subscriber is that of other tests' logs too.
    let own: Vec<&String> = events.iter().filter(|event| event.contains("r-17")).collect();
    let [event] = own[..] else { panic!("{events:?}") };
    for part in
        ["INFO", "verdict=deny", "categories=\"email\"", "purpose=\"ads\"", "no_permit", "r-17"]
    {
        assert!(event.contains(part), "{part}: {event}");
    }
    let unknown = events.iter().find(|event| event.contains("r-18")).expect("the second request");
    assert!(unknown.contains("unknown=\"category:"), "{unknown}");
    assert!(!unknown.contains("example.org"), "{unknown}");
}
