//! A log as events of `tracing`.

use super::entry::{Entry, LoggedDecision};
use super::sink::{Sink, SinkError};
use tracing::{Level, enabled, event};
use whyfor::Verdict;

const TARGET: &str = "whyfor::decision";

/// A sink that makes an event of each decision, for the subscribers of `tracing`: an allow at the level `DEBUG`, any other
/// answer at `INFO`, and lost decisions at `WARN`. The target is `whyfor::decision`.
///
/// No reasons are looked up for events that nobody wants. Events come from the log's own thread, so they are in no span of the
/// request: give the request a field by [`Context::with`](crate::Context::with).
///
/// ```
/// # use whyfor_serve::*;
/// let log = DecisionLog::new(TracingSink::default(), LogOptions::default())?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct TracingSink;

impl Sink for TracingSink {
    fn wants(&self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Allow => enabled!(target: TARGET, Level::DEBUG),
            _ => enabled!(target: TARGET, Level::INFO),
        }
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
        for entry in entries {
            match entry {
                Entry::Decision(decision) => tell(decision),
                Entry::Lost(lost) => {
                    event!(target: TARGET, Level::WARN, dropped = lost.dropped, "decisions are not logged");
                }
            }
        }
        Ok(())
    }
}

fn tell(decision: &LoggedDecision) {
    let LoggedDecision { policy, digest, act, verdict, statements, missing, context, .. } =
        decision;
    let (categories, statements) = (decision.categories.join(","), format!("{statements:?}"));
    let (missing, context) = (missing.join(","), format!("{context:?}"));
    let (purpose, party) = (decision.purpose.as_deref(), decision.party.as_deref());
    let reason = decision.reason.map(|reason| reason.as_str());
    let unknown = decision.unknown.iter().map(|name| format!("{}:{}", name.hierarchy, name.hash));
    let unknown = unknown.collect::<Vec<_>>().join(",");
    let shadow = decision.shadow.as_ref().map(|shadow| shadow.result.as_str());
    macro_rules! tell {
        ($level:expr) => {
            event!(
                target: TARGET, $level, %policy, %digest, %act, %verdict, categories, purpose, party, reason, statements,
                missing, unknown, shadow, context, "decided"
            )
        };
    }
    match verdict {
        Verdict::Allow => tell!(Level::DEBUG),
        _ => tell!(Level::INFO),
    }
}
