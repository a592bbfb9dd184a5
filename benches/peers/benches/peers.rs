//! Times every engine on the same questions.
//!
//! An engine is prepared and examined when its benchmark is first run, so a filter on the command line
//! (`cargo bench -- drun/cel`) prepares nothing else. One iteration is a round of questions; Criterion is told
//! how many, and prints the time of one as the inverse of its throughput.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::LazyCell;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use peers::engines::Engine;
use peers::engines::casbin::{CasbinLinks, CasbinRules};
use peers::engines::cedar::{CedarEntities, CedarPolicies};
use peers::engines::cel::Cel;
use peers::engines::foldhash::FoldhashTables;
use peers::engines::hashmap::StdHashMap;
use peers::engines::regorus::Regorus;
use peers::engines::whyfor::{WhyforIds, WhyforNames};
use peers::engines::zen::{ZenKeys, ZenRows};
use peers::exam::Exam;
use peers::world::World;

const SEED: u64 = 2026;
const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

fn main() -> ExitCode {
    if Backtrace::capture().status() != BacktraceStatus::Disabled {
        eprintln!(
            "unset RUST_BACKTRACE (and RUST_LIB_BACKTRACE): with it, errors that an engine makes and drops on its \
             way capture a backtrace, which slows regorus up to fivefold"
        );
        return ExitCode::FAILURE;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let drun = LazyCell::new(|| Exam::new(World::drun()));
    time_all(&mut criterion, "drun", World::drun().rules.len(), &drun);
    for rules in SIZES {
        let exam = LazyCell::new(|| Exam::new(World::generated(rules, SEED)));
        time_all(&mut criterion, &format!("generated/{rules}"), rules, &exam);
    }
    criterion.final_summary();
    ExitCode::SUCCESS
}

/// Every engine over one exam, which is written when the first of them needs it.
fn time_all<F: FnOnce() -> Exam>(
    criterion: &mut Criterion,
    name: &str,
    rules: usize,
    exam: &LazyCell<Exam, F>,
) {
    let mut group = criterion.benchmark_group(name);
    time::<WhyforIds>(&mut group, rules, exam);
    time::<WhyforNames>(&mut group, rules, exam);
    time::<FoldhashTables>(&mut group, rules, exam);
    time::<StdHashMap>(&mut group, rules, exam);
    time::<Cel>(&mut group, rules, exam);
    time::<Regorus>(&mut group, rules, exam);
    time::<CasbinLinks>(&mut group, rules, exam);
    time::<CasbinRules>(&mut group, rules, exam);
    time::<CedarEntities>(&mut group, rules, exam);
    time::<CedarPolicies>(&mut group, rules, exam);
    time::<ZenKeys>(&mut group, rules, exam);
    time::<ZenRows>(&mut group, rules, exam);
    group.finish();
}

fn time<E: Engine>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    rules: usize,
    exam: &LazyCell<Exam, impl FnOnce() -> Exam>,
) {
    let round = E::round(rules);
    let slow = round < 64; // a question takes a millisecond or more
    group
        .throughput(Throughput::Elements(round as u64))
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(if slow { 4 } else { 2 }))
        .sample_size(if slow { 10 } else { 20 });
    let mut examined = None;
    let mut start = 0;
    group.bench_function(E::NAME, |bencher| {
        let examined = examined.get_or_insert_with(|| exam.examine::<E>());
        let engine = &mut examined.engine;
        bencher.iter(|| {
            let questions = &examined.questions[start..start + round];
            start = (start + round) % examined.questions.len();
            questions.iter().filter(|question| engine.ask(black_box(question))).count()
        });
    });
}
