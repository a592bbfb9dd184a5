//! What a view costs, beside `serde_json` alone, in one run.
//!
//! `cargo run --release -p whyfor-serde --example cost`

#![allow(clippy::expect_used, reason = "a measurement fails by panicking")]

use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::Instant;
use whyfor::{Act, Facts, Policy};
use whyfor_serde::{Layout, PolicyExt, Prepared};

/// Rounds in turn, so that a slow moment of the machine meets all of them.
const ROUNDS: usize = 400;
/// Calls of a round.
const CALLS: u32 = 250;

/// Thirty fields, as a profile of a customer has them.
macro_rules! profile {
    ($($field:ident: $type:ty = $value:expr),* $(,)?) => {
        #[derive(Serialize, Deserialize)]
        struct Profile { $($field: $type),* }

        fn profile() -> Profile {
            Profile { $($field: $value),* }
        }

        const FIELDS: &[&str] = &[$(stringify!($field)),*];
    };
}

profile! {
    first_name: String = "Ada".into(), last_name: String = "Lovelace".into(),
    email: String = "ada@example.org".into(), phone: String = "+44 20 7946 0000".into(),
    street: String = "12 St James's Square".into(), city: String = "London".into(),
    postcode: String = "SW1Y 4JH".into(), country: String = "GB".into(),
    birthday: String = "1815-12-10".into(), language: String = "en".into(),
    visits: u32 = 1815, orders: u32 = 12, spent: f64 = 1234.5, discount: f64 = 0.25,
    is_member: bool = true, is_blocked: bool = false, points: i64 = -7, rank: u8 = 3,
    shoe_size: Option<u8> = Some(38), hat_size: Option<u8> = None,
    allergies: String = "none".into(), diet: String = "vegetarian".into(),
    company: String = "Analytical Engines Ltd".into(), role: String = "Programmer".into(),
    last_login: String = "2026-01-02T03:04:05Z".into(), last_order: String = "2025-12-24T18:00:00Z".into(),
    referrer: String = "https://example.org/babbage".into(), channel: String = "letter".into(),
    note: String = "Prefers to be written to, never called.".into(), score: f32 = 0.5,
}

/// A policy in which the first `allowed` fields may be used, of which the first `by_facts` need consent.
fn policy(allowed: usize, by_facts: usize) -> Policy {
    let categories: String = FIELDS.iter().map(|field| format!("category {field}\n")).collect();
    let (consented, plain) = FIELDS[..allowed].split_at(by_facts);
    let mut text = format!(
        "policy cost\n{categories}method form  purpose support  fact consent
         use {} for support  collect {} by form for support",
        plain.join(", "),
        FIELDS.join(", ")
    );
    if !consented.is_empty() {
        text += &format!(" use {} for support when consent", consented.join(", "));
    }
    Policy::from_str(&text).expect("it compiles")
}

/// The least of the rounds, in nanoseconds a call: what others do on the machine only adds to it.
fn least(rounds: Vec<f64>) -> f64 {
    rounds.into_iter().fold(f64::INFINITY, f64::min)
}

fn timed(mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn main() {
    let value = profile();
    let plain_text = serde_json::to_vec(&value).expect("it is plain data");
    let (all, some, by_facts) = (policy(30, 0), policy(20, 0), policy(30, 10));
    let facts = by_facts.facts_builder().with("consent", true).expect("it is a fact").build();
    let prepared = [(); 4].map(|()| Prepared::new(Act::Use, "support"));
    let [of_all, of_some, of_facts, of_two] = &prepared;
    let sign_up = Prepared::new(Act::Collect(Some("form")), "support");
    let text_of_all = of_all.view(&all, Facts::none()).to_json(&value).expect("it is shown");
    assert_eq!(text_of_all.bytes(), plain_text);
    assert_eq!(FIELDS.len(), 30);
    let view = |prepared: &Prepared, policy: &Policy, facts: &Facts| {
        drop(black_box(prepared.view(policy, facts).to_json(black_box(&value))));
    };
    let take = || {
        let intake = sign_up.intake(&all, Facts::none());
        drop(black_box(intake.from_json::<Profile>(black_box(&plain_text))));
    };

    match std::env::args().nth(1).as_deref() {
        // For a profiler.
        Some("view") => return (0..1_000_000).for_each(|_| view(of_all, &all, Facts::none())),
        Some("some") => return (0..1_000_000).for_each(|_| view(of_some, &some, Facts::none())),
        Some("facts") => return (0..1_000_000).for_each(|_| view(of_facts, &by_facts, &facts)),
        Some("take") => return (0..300_000).for_each(|_| take()),
        _ => {}
    }
    let mut rounds: [Vec<f64>; 8] = Default::default();
    for _ in 0..ROUNDS {
        let figures = [
            timed(|| drop(black_box(serde_json::to_vec(black_box(&value))))),
            timed(|| view(of_all, &all, Facts::none())),
            timed(|| view(of_some, &some, Facts::none())),
            timed(|| view(of_facts, &by_facts, &facts)),
            timed(|| {
                let view = of_two.view(&all, Facts::none()).layout(Layout::Named);
                drop(black_box(serde_json::to_vec(&view.serialize(black_box(&value)))));
            }),
            timed(|| {
                let view = all.view(Act::Use, "support", Facts::none());
                drop(black_box(view.to_json(black_box(&value))));
            }),
            timed(|| drop(black_box(serde_json::from_slice::<Profile>(black_box(&plain_text))))),
            timed(take),
        ];
        rounds.iter_mut().zip(figures).for_each(|(all, figure)| all.push(figure));
    }
    let [plain, whole, part, conditional, two, cold, read, taken] = rounds.map(least);
    let line = |what: &str, time: f64, beside: f64| {
        println!("{what:<58} {time:>8.0} ns {:>6.2}×", time / beside);
    };
    line("serde_json::to_vec, 30 fields", plain, plain);
    line("a prepared view for each value, all allowed", whole, plain);
    line("a prepared view for each value, 20 of 30 allowed", part, plain);
    line("a prepared view for each value, 10 of 30 by facts", conditional, plain);
    line("the same for any serializer, all allowed", two, plain);
    line("a new view for each value, all allowed", cold, plain);
    line("serde_json::from_slice, 30 fields", read, read);
    line("a prepared intake for each value, all allowed", taken, read);
    let (plain, taken) = deep();
    line("serde_json::from_slice, 100 KB below 60 levels", plain, plain);
    line("a new intake of it, for a path of 60 levels for each value", taken, plain);
}

/// The times of a body that a client made to be slow: as many paths as fit into 100 KB, each as long as may be asked.
fn deep() -> (f64, f64) {
    let leaves: Vec<String> = (0..9000).map(|n| format!("\"k{n:05}\":1")).collect();
    let (open, close) = ("{\"a\":".repeat(60), "}".repeat(60));
    let body = format!("{{\"email\":{open}{{{}}}{close}}}", leaves.join(","));
    let policy = policy(30, 0);
    let once = |call: &dyn Fn() -> bool| {
        let start = Instant::now();
        assert!(call());
        start.elapsed().as_secs_f64() * 1e9
    };
    let plain = || serde_json::from_str::<serde_json::Value>(&body).is_ok();
    let taken = || {
        let intake = policy.intake(Act::Collect, "form", "support");
        intake.from_json::<serde_json::Value>(body.as_bytes()).is_ok()
    };
    let rounds = |call: &dyn Fn() -> bool| least((0..5).map(|_| once(call)).collect());
    (rounds(&plain), rounds(&taken))
}
