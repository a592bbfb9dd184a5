//! What a view costs, beside `serde_json` alone, in one run.
//!
//! `cargo run --release -p whyfor-serde --example cost`

#![allow(clippy::expect_used, reason = "a measurement fails by panicking")]

use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::Instant;
use whyfor::{Act, Facts, Policy};
use whyfor_serde::PolicyExt;

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

/// A policy in which the first `allowed` fields may be used.
fn policy(allowed: usize) -> Policy {
    let categories: String = FIELDS.iter().map(|field| format!("category {field}\n")).collect();
    let text = format!(
        "policy cost\n{categories}method form  purpose support
         use {} for support  collect {} by form for support",
        FIELDS[..allowed].join(", "),
        FIELDS.join(", ")
    );
    Policy::from_str(&text).expect("it compiles")
}

/// The median of the rounds, in nanoseconds a call.
fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
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
    let (all, some) = (policy(FIELDS.len()), policy(20));
    let of_all = all.view(Act::Use, "support", Facts::none());
    let of_some = some.view(Act::Use, "support", Facts::none());
    let intake = all.intake(Act::Collect, "form", "support");
    assert_eq!(of_all.to_json(&value).expect("it is shown").bytes(), plain_text);
    assert_eq!(FIELDS.len(), 30);

    if std::env::args().nth(1).as_deref() == Some("view") {
        // For a profiler.
        (0..1_000_000).for_each(|_| drop(black_box(of_all.to_json(black_box(&value)))));
        return;
    }
    let mut rounds: [Vec<f64>; 6] = Default::default();
    for _ in 0..ROUNDS {
        let figures = [
            timed(|| drop(black_box(serde_json::to_vec(black_box(&value))))),
            timed(|| drop(black_box(of_all.to_json(black_box(&value))))),
            timed(|| drop(black_box(of_some.to_json(black_box(&value))))),
            timed(|| {
                let view = all.view(Act::Use, "support", Facts::none());
                drop(black_box(view.to_json(black_box(&value))));
            }),
            timed(|| drop(black_box(serde_json::from_slice::<Profile>(black_box(&plain_text))))),
            timed(|| drop(black_box(intake.from_json::<Profile>(black_box(&plain_text))))),
        ];
        rounds.iter_mut().zip(figures).for_each(|(all, figure)| all.push(figure));
    }
    let [plain, whole, part, cold, read, taken] = rounds.map(median);
    let line = |what: &str, time: f64, beside: f64| {
        println!("{what:<58} {time:>8.0} ns {:>6.2}×", time / beside);
    };
    line("serde_json::to_vec, 30 fields", plain, plain);
    line("view.to_json, all fields allowed", whole, plain);
    line("view.to_json, 20 of 30 allowed", part, plain);
    line("a new view for each value, all allowed", cold, plain);
    line("serde_json::from_slice, 30 fields", read, read);
    line("intake.from_json, all fields allowed", taken, read);
}
