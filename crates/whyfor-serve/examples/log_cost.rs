//! What a decision costs with a log and without, by ids and by names, in turns in one run.
//!
//!     cargo run --release -p whyfor-serve --example log_cost [SECONDS]
//!
//! Requests of 1, 10 and 1,000 decisions. The figures are the least of many turns: what disturbs a machine only adds. A log that
//! writes is slower than requests that do nothing but decide, so its queue is full and most decisions are dropped; a second
//! figure is that of a queue that has room.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use whyfor::{Act, CategoryId, Facts, Policy, PurposeId, Question};
use whyfor_serve::{
    BytesSource, DecisionLog, Entry, JsonLines, Live, LogOptions, PolicyStore, Sink, SinkError,
    Trust,
};

const DECISIONS: usize = 3_000;
const SIZES: [usize; 3] = [1, 10, 1000];

struct Ids {
    categories: Vec<CategoryId>,
    purposes: Vec<PurposeId>,
}

/// Takes what it is given.
struct Nothing;

impl Sink for Nothing {
    fn write(&mut self, _: &[Entry]) -> Result<(), SinkError> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(10.0), |text| text.parse::<f64>())?;
    let text: String = (0..200)
        .map(|at| format!("category c{at}\npurpose p{at}\nuse c{at} for p{at}\n"))
        .collect();
    let policy = Arc::new(Policy::from_str(&format!("policy shop\n{text}"))?);
    let shop = PolicyStore::new().add("shop", BytesSource::new(policy), Trust::unsigned())?;
    let readers = shop.names(|policy| {
        let (categories, purposes) = (policy.categories(), policy.purposes());
        Ok(Ids {
            categories: categories.map(|(id, _)| id).collect(),
            purposes: purposes.map(|(id, _)| id).collect(),
        })
    })?;
    let live = readers.snapshot();
    let names: Vec<(String, String)> =
        (0..200).map(|at| (format!("c{at}"), format!("p{}", at % 7 * 20))).collect();

    let folder = tempfile::tempdir()?;
    let writing = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    let room = NonZeroUsize::MIN.saturating_add(50_000_000);
    let roomy = DecisionLog::new(Nothing, LogOptions { capacity: room, ..LogOptions::default() })?;
    for size in SIZES {
        let mut least = [[f64::INFINITY; 3]; 2];
        let until = Instant::now() + Duration::from_secs_f64(seconds / 3.0);
        while Instant::now() < until {
            let logs = [None, Some(&writing), Some(&roomy)];
            for (at, log) in logs.into_iter().enumerate() {
                least[0][at] = least[0][at].min(by_ids(&live, log, size));
                least[1][at] = least[1][at].min(by_names(&live, &names, log, size));
                logs.into_iter().flatten().for_each(DecisionLog::flush);
            }
        }
        for (how, [without, full, room]) in ["ids", "names"].into_iter().zip(least) {
            println!(
                "{size:>5} decisions a request, by {how:<5}: {without:6.2} ns; with a log {full:6.2} ns ({:.2}×, +{:.1}); with room \
                 {room:6.2} ns ({:.2}×, +{:.1})",
                full / without,
                full - without,
                room / without,
                room - without
            );
        }
    }
    println!("{:?}", writing.status());
    Ok(())
}

/// Nanoseconds for a decision.
fn by_ids(live: &Live<Ids>, log: Option<&DecisionLog>, size: usize) -> f64 {
    let Ids { categories, purposes } = live.names();
    let questions = || categories.iter().zip(purposes.iter().cycle().step_by(3)).cycle();
    let mut questions = questions();
    let started = Instant::now();
    for _ in 0..DECISIONS / size {
        let questions = questions.by_ref().take(size);
        match log {
            None => questions.for_each(|(category, purpose)| {
                let decision = live.policy().decide(Act::Use, *category, *purpose, Facts::none());
                black_box(decision.is_allowed());
            }),
            Some(log) => {
                let mut request = log.context(live.version());
                questions.for_each(|(category, purpose)| {
                    let decision = request.decide(Act::Use, *category, *purpose, Facts::none());
                    black_box(decision.is_allowed());
                });
            }
        }
    }
    started.elapsed().as_nanos() as f64 / (DECISIONS / size * size) as f64
}

fn by_names(
    live: &Live<Ids>,
    names: &[(String, String)],
    log: Option<&DecisionLog>,
    size: usize,
) -> f64 {
    let mut questions = names.iter().cycle();
    let started = Instant::now();
    for _ in 0..DECISIONS / size {
        let questions = questions.by_ref().take(size);
        match log {
            None => questions.for_each(|(field, purpose)| {
                let question = Question::usage(field, purpose);
                black_box(live.policy().ask(&question, Facts::none()).is_allowed());
            }),
            Some(log) => {
                let mut request = log.context(live.version());
                questions.for_each(|(field, purpose)| {
                    let question = Question::usage(field, purpose);
                    black_box(request.ask(&question, Facts::none()).is_allowed());
                });
            }
        }
    }
    started.elapsed().as_nanos() as f64 / (DECISIONS / size * size) as f64
}
