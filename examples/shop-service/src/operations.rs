//! For operators, on an address of their own: numbers and states. Messages about a broken policy quote its text, so they
//! are not for customers.

use crate::shop::Shop;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use whyfor_serve::{Disagreement, LogStatus, Metrics, ShadowStatus, Status};

pub fn routes(shop: Arc<Shop>) -> Router {
    Router::new().route("/metrics", get(metrics)).route("/status", get(status)).with_state(shop)
}

/// What counts for a scraper.
pub struct Recorder {
    handle: PrometheusHandle,
    metrics: Mutex<Metrics>,
}

impl Recorder {
    /// Makes it the recorder of the facade `metrics`, so that other crates count there too.
    pub fn install() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new().install_recorder()?;
        Ok(Self { handle, metrics: Mutex::default() })
    }

    fn render(&self, shop: &Shop) -> String {
        let mut metrics = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        metrics.report(&shop.policy.store, Some(&shop.log));
        shop.policy.shadow.iter().for_each(|shadow| metrics.report_shadow(shadow));
        self.handle.render()
    }
}

async fn metrics(State(shop): State<Arc<Shop>>) -> String {
    shop.recorder.render(&shop)
}

async fn status(State(shop): State<Arc<Shop>>) -> Json<ServiceStatus> {
    let policies = shop.policy.store.status().into_iter().map(PolicyStatus::from).collect();
    let shadow = shop.policy.shadow.as_ref().map(|shadow| shadow.status().into());
    Json(ServiceStatus { policies, log: shop.log.status().into(), shadow })
}

#[derive(Serialize)]
struct ServiceStatus {
    policies: Vec<PolicyStatus>,
    log: Log,
    /// What a candidate would have answered.
    shadow: Option<Candidate>,
}

#[derive(Serialize)]
struct Candidate {
    digest: String,
    evaluated: u64,
    /// Why it is not known where it differs.
    failure: Option<String>,
    disagreements: Vec<Place>,
}

/// A place where the candidate disagreed.
#[derive(Serialize)]
struct Place {
    change: String,
    shadow_allowed: u64,
    shadow_denied: u64,
    other: u64,
    example: String,
}

impl From<ShadowStatus> for Candidate {
    fn from(status: ShadowStatus) -> Self {
        Self {
            digest: status.candidate.to_string(),
            evaluated: status.evaluated,
            failure: status.failure.map(|failure| failure.to_string()),
            disagreements: status.disagreements.into_iter().map(Place::from).collect(),
        }
    }
}

impl From<Disagreement> for Place {
    fn from(disagreement: Disagreement) -> Self {
        let Disagreement { change, shadow_allowed, shadow_denied, other, example, .. } =
            disagreement;
        Self { change, shadow_allowed, shadow_denied, other, example }
    }
}

#[derive(Serialize)]
struct PolicyStatus {
    name: String,
    digest: String,
    generation: u64,
    served_for_seconds: u64,
    failures_in_a_row: u64,
    /// Why the last attempt to take a newer version failed. The version above is served meanwhile.
    last_error: Option<String>,
}

impl From<Status> for PolicyStatus {
    fn from(status: Status) -> Self {
        Self {
            digest: status.digest.to_string(),
            generation: status.generation,
            served_for_seconds: status.since.elapsed().map_or(0, |age| age.as_secs()),
            failures_in_a_row: status.failures_in_a_row,
            last_error: status.last_error.map(|error| error.to_string()),
            name: status.name,
        }
    }
}

#[derive(Serialize)]
struct Log {
    asked: u64,
    written: u64,
    dropped: u64,
    sampled: u64,
    queued: u64,
    last_error: Option<String>,
}

impl From<LogStatus> for Log {
    fn from(status: LogStatus) -> Self {
        let LogStatus { asked, written, dropped, sampled, queued, last_error, .. } = status;
        Self { asked, written, dropped, sampled, queued, last_error }
    }
}
