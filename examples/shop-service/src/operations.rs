//! For operators, on an address of their own: numbers and states. Messages about a broken policy quote its text, so they
//! are not for customers.

use crate::shop::Shop;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use whyfor_serve::{DecisionLog, LogStatus, Metrics, PolicyStore, Status};

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

    fn render(&self, store: &PolicyStore, log: &DecisionLog) -> String {
        let mut metrics = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        metrics.report(store, Some(log));
        self.handle.render()
    }
}

async fn metrics(State(shop): State<Arc<Shop>>) -> String {
    shop.recorder.render(&shop.policy.store, &shop.log)
}

async fn status(State(shop): State<Arc<Shop>>) -> Json<ServiceStatus> {
    let policies = shop.policy.store.status().into_iter().map(PolicyStatus::from).collect();
    Json(ServiceStatus { policies, log: shop.log.status().into() })
}

#[derive(Serialize)]
struct ServiceStatus {
    policies: Vec<PolicyStatus>,
    log: Log,
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
