//! What `Reader::get` costs: processor time of eight threads, while nothing changes and while a policy is swapped every
//! millisecond, in turns in one run.
//!
//!     cargo run --release -p whyfor-serve --example get [SECONDS]
//!
//! The policies are built before, and kept: what compiling and freeing cost is not what readers pay.

use std::error::Error;

#[cfg(unix)]
fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(20.0), |text| text.parse::<f64>())?;
    measure::run(std::time::Duration::from_secs_f64(seconds))
}

#[cfg(not(unix))]
fn main() -> Result<(), Box<dyn Error>> {
    Err("the processor time of a thread is read as Unix systems give it".into())
}

#[cfg(unix)]
mod measure {
    use rustix::time::{ClockId, clock_gettime};
    use std::error::Error;
    use std::hint::black_box;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};
    use whyfor::{Act, CategoryId, Facts, Policy, PurposeId};
    use whyfor_serve::{BytesSource, LivePolicy, PolicyStore, Readers, Trust};

    const READERS: usize = 8;
    /// Turns of each kind: their order changes, so that what slows the machine slows both.
    const TURNS: u32 = 10;
    const AT_ONCE: u32 = 1000;

    struct Names {
        email: CategoryId,
        login: PurposeId,
    }

    /// What a thread does again and again.
    #[derive(Clone, Copy)]
    enum Work {
        Get,
        GetAndDecide,
    }

    pub(super) fn run(length: Duration) -> Result<(), Box<dyn Error>> {
        let built = (0..16).map(policy).collect::<Result<Vec<_>, _>>()?;
        let source = Arc::new(BytesSource::new(Arc::clone(&built[0])));
        let shop = PolicyStore::new().add("shop", Arc::clone(&source), Trust::unsigned())?;
        let readers = shop.names(|policy| {
            Ok(Names { email: policy.category("email")?, login: policy.purpose("login")? })
        })?;
        for (what, work) in [("get", Work::Get), ("get and decide", Work::GetAndDecide)] {
            let turn = length / (2 * 2 * TURNS);
            let (mut quiet, mut swapped, mut swaps) = (Vec::new(), Vec::new(), 0);
            for round in 0..TURNS {
                for with_swaps in [round.is_multiple_of(2), !round.is_multiple_of(2)] {
                    let swapping = with_swaps.then_some((&*source, &shop, built.as_slice()));
                    let (cost, count) = one_turn(&readers, work, turn, swapping);
                    if with_swaps { &mut swapped } else { &mut quiet }.push(cost);
                    swaps += count;
                }
            }
            let [quiet, swapped] = [median(quiet), median(swapped)];
            println!(
                "{what}: {quiet:.3} ns of processor time; {swapped:.3} ns with {swaps} swaps; ratio {:.3}",
                swapped / quiet
            );
        }
        Ok(())
    }

    /// A policy of a realistic size, whose ids are others than in the one before.
    fn policy(n: usize) -> Result<Arc<Policy>, Box<dyn Error>> {
        let more: String = (0..200 + n)
            .map(|at| format!("category c{at}\npurpose p{at}\nuse c{at} for p{at}\n"))
            .collect();
        let text =
            format!("policy shop\n{more}category email\npurpose login\nuse email for login\n");
        Ok(Arc::new(Policy::from_str(&text)?))
    }

    type Swapping<'s> = (&'s BytesSource, &'s LivePolicy, &'s [Arc<Policy>]);

    /// Nanoseconds of processor time for each call, and the swaps meanwhile.
    fn one_turn(
        readers: &Readers<Names>,
        work: Work,
        length: Duration,
        swapping: Option<Swapping<'_>>,
    ) -> (f64, u64) {
        let ends = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..READERS).map(|_| scope.spawn(|| read(readers, work, &ends))).collect();
            let (started, mut swaps) = (Instant::now(), 0);
            while started.elapsed() < length {
                std::thread::sleep(Duration::from_millis(1));
                if let Some((source, shop, built)) = swapping {
                    source.set(Arc::clone(&built[swaps as usize % built.len()]));
                    swaps += u64::from(shop.reload().is_ok());
                }
            }
            ends.store(true, Ordering::Relaxed);
            let (mut time, mut calls) = (0.0, 0.0);
            for (spent, count) in threads.into_iter().filter_map(|thread| thread.join().ok()) {
                time += spent;
                calls += count;
            }
            (time / calls, swaps)
        })
    }

    /// Nanoseconds of processor time, and calls.
    fn read(readers: &Readers<Names>, work: Work, ends: &AtomicBool) -> (f64, f64) {
        let (mut reader, mut calls) = (readers.reader(), 0.0);
        let before = processor_time();
        while !ends.load(Ordering::Relaxed) {
            for _ in 0..AT_ONCE {
                match work {
                    Work::Get => {
                        black_box(reader.get());
                    }
                    Work::GetAndDecide => {
                        let live = reader.get();
                        let Names { email, login } = *live.names();
                        let (email, login) = (black_box(email), black_box(login));
                        let decision = live.policy().decide(Act::Use, email, login, Facts::none());
                        black_box(decision.is_allowed());
                    }
                }
            }
            calls += f64::from(AT_ONCE);
        }
        (processor_time() - before, calls)
    }

    fn processor_time() -> f64 {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
    }

    fn median(mut values: Vec<f64>) -> f64 {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }
}
