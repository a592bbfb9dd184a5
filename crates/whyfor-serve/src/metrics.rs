//! Numbers about a store and its log, for whatever recorder of the `metrics` facade the program has installed.

use crate::log::{DecisionCounts, DecisionKey, DecisionLog};
use crate::store::PolicyStore;
use metrics::{Counter, Gauge, counter, gauge};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Gives the numbers of a store and a log to the recorder of the [`metrics`] facade.
///
/// | name | kind | labels |
/// |---|---|---|
/// | `whyfor_decisions_total` | counter | `policy`, `act`, `purpose`, `verdict` |
/// | `whyfor_unknown_names_total` | counter | `policy` |
/// | `whyfor_foreign_ids_total` | counter | `policy` |
/// | `whyfor_version_age_seconds` | gauge | `policy` |
/// | `whyfor_version_generation` | gauge | `policy` |
/// | `whyfor_reload_failures_total` | counter | `policy` |
/// | `whyfor_log_written_total`, `…_dropped_total`, `…_sampled_total` | counter | |
/// | `whyfor_log_queued` | gauge | |
/// | `whyfor_shadow_evaluated_total` | counter | `policy` |
/// | `whyfor_shadow_disagreements_total` | counter | `policy`, `result` |
///
/// No label is a field, so the number of series is bounded by the policy. A purpose that the policy does not know is the empty
/// text. Decisions are counted by the log, whether they are written or not.
///
/// ```
/// use whyfor_serve::{DecisionLog, JsonLines, LogOptions, Metrics, PolicyStore};
/// # let folder = tempfile::tempdir()?;
/// # let store = PolicyStore::new();
/// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
/// let mut metrics = Metrics::default(); // once
/// metrics.report(&store, Some(&log)); // whenever the numbers are read
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Metrics {
    decisions: BTreeMap<DecisionKey, Counter>,
    policies: BTreeMap<Arc<str>, OfPolicy>,
    log: Option<OfLog>,
    #[cfg(feature = "shadow")]
    shadows: BTreeMap<Arc<str>, [Counter; 4]>,
}

/// The handles of one policy: bound once, so that a report looks no name up.
struct OfPolicy {
    unknown_names: Counter,
    foreign_ids: Counter,
    age: Gauge,
    generation: Gauge,
    reload_failures: Counter,
}

struct OfLog {
    written: Counter,
    dropped: Counter,
    sampled: Counter,
    queued: Gauge,
}

impl Metrics {
    /// Gives the numbers of now. Call it when a scraper asks, or every few seconds.
    ///
    /// O(policies × purposes with decisions); the first call binds the handles.
    pub fn report(&mut self, store: &PolicyStore, log: Option<&DecisionLog>) {
        for status in store.status() {
            let of = self.policy(&Arc::from(status.name));
            of.age.set(status.since.elapsed().map_or(0.0, |age| age.as_secs_f64()));
            of.generation.set(as_float(status.generation));
            of.reload_failures.absolute(status.failures);
        }
        let Some(log) = log else { return };
        let DecisionCounts { decisions, unknown_names, foreign_ids, .. } = log.counts();
        for (key, count) in decisions {
            let bound = self.decisions.entry(key).or_insert_with_key(bind);
            bound.absolute(count);
        }
        for (policy, count) in unknown_names {
            self.policy(&policy).unknown_names.absolute(count);
        }
        for (policy, count) in foreign_ids {
            self.policy(&policy).foreign_ids.absolute(count);
        }
        let status = log.status();
        let of = self.log.get_or_insert_with(OfLog::bind);
        of.written.absolute(status.written);
        of.dropped.absolute(status.dropped);
        of.sampled.absolute(status.sampled);
        of.queued.set(as_float(status.queued));
    }

    /// The same of a shadow: how many questions were asked twice, and how the answers differed (`shadow_allowed`,
    /// `shadow_denied`, `other`).
    #[cfg(feature = "shadow")]
    pub fn report_shadow(&mut self, shadow: &crate::Shadow) {
        let name: Arc<str> = Arc::from(shadow.name());
        let handles = self.shadows.entry(name).or_insert_with_key(|policy| {
            let disagreements = |result: &'static str| {
                counter!("whyfor_shadow_disagreements_total", "policy" => policy.to_string(), "result" => result)
            };
            [
                counter!("whyfor_shadow_evaluated_total", "policy" => policy.to_string()),
                disagreements("shadow_allowed"),
                disagreements("shadow_denied"),
                disagreements("other"),
            ]
        });
        handles.iter().zip(shadow.totals()).for_each(|(handle, total)| handle.absolute(total));
    }

    fn policy(&mut self, name: &Arc<str>) -> &OfPolicy {
        self.policies.entry(Arc::clone(name)).or_insert_with_key(OfPolicy::bind)
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").field("policies", &self.policies.keys()).finish_non_exhaustive()
    }
}

impl OfPolicy {
    fn bind(policy: &Arc<str>) -> Self {
        let policy = || policy.to_string();
        Self {
            unknown_names: counter!("whyfor_unknown_names_total", "policy" => policy()),
            foreign_ids: counter!("whyfor_foreign_ids_total", "policy" => policy()),
            age: gauge!("whyfor_version_age_seconds", "policy" => policy()),
            generation: gauge!("whyfor_version_generation", "policy" => policy()),
            reload_failures: counter!("whyfor_reload_failures_total", "policy" => policy()),
        }
    }
}

impl OfLog {
    fn bind() -> Self {
        Self {
            written: counter!("whyfor_log_written_total"),
            dropped: counter!("whyfor_log_dropped_total"),
            sampled: counter!("whyfor_log_sampled_total"),
            queued: gauge!("whyfor_log_queued"),
        }
    }
}

fn bind(key: &DecisionKey) -> Counter {
    let DecisionKey { policy, act, purpose, verdict } = key;
    counter!(
        "whyfor_decisions_total",
        "policy" => policy.to_string(),
        "act" => act.as_str(),
        "purpose" => purpose.clone().unwrap_or_default(),
        "verdict" => verdict.as_str()
    )
}

#[expect(clippy::cast_precision_loss, reason = "above 2⁵³, the nearest number is near enough")]
fn as_float(number: u64) -> f64 {
    number as f64
}
