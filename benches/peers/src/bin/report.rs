//! Makes a Markdown table of what Criterion wrote.
//!
//! ```text
//! cargo run --release --bin report                         prints it
//! cargo run --release --bin report -- --write FILE         puts it between the markers in FILE
//! cargo run --release --bin report -- --write-few FILE     puts the rows of `FEW` there
//! ```
//!
//! Both flags may be given together: then both files have the same figures.
//!
//! Criterion keeps a folder for each benchmark: `benchmark.json` names its group and function and says how
//! many questions one iteration asks, `estimates.json` has the times. The median is taken, as whatever else
//! the machine does only ever adds time. Rows come in the order of the drun column, so the table reads from
//! the fastest engine to the slowest whatever the engines are called.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

const COLUMNS: [(&str, &str); 5] = [
    ("drun", "drun"),
    ("generated/100", "100 rules"),
    ("generated/1000", "1,000"),
    ("generated/10000", "10,000"),
    ("generated/100000", "100,000"),
];
const BASE: &str = "whyfor (names)"; // asked by strings, as all peers are
/// The engines of the short table: whyfor, a program without a policy language, the fastest peer, the best known.
const FEW: [&str; 4] = [BASE, "HashMap of string triples", "cel", "cedar, rules as entities"];
const BEGIN: &str = "<!-- peers:begin -->";
const END: &str = "<!-- peers:end -->";

type Failure = Box<dyn Error>;

/// Nanoseconds for one question, by engine and group.
type Times = BTreeMap<String, BTreeMap<String, f64>>;

fn main() -> Result<(), Failure> {
    let mut times = Times::new();
    read(&criterion_folder(), &mut times)?;
    if times.is_empty() {
        return Err("no measurements: run `cargo bench` first".into());
    }
    let whole = table(&times, |_| true);
    let few = table(&times, |engine| FEW.contains(&engine));
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.is_empty() {
        print!("{whole}");
    }
    for pair in arguments.chunks(2) {
        match pair {
            [flag, file] if flag == "--write" => write(Path::new(file), &whole)?,
            [flag, file] if flag == "--write-few" => write(Path::new(file), &few)?,
            _ => return Err("usage: report [--write FILE] [--write-few FILE]".into()),
        }
    }
    Ok(())
}

fn criterion_folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).join("criterion")
}

/// Collects the newest measurement of every benchmark below `folder`.
fn read(folder: &Path, times: &mut Times) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.join("new/estimates.json").is_file() {
            let (engine, group, time) = measurement(&path.join("new"))?;
            times.entry(engine).or_default().insert(group, time);
        } else if path.is_dir() {
            read(&path, times)?;
        }
    }
    Ok(())
}

/// An engine, a group, and the nanoseconds for one question.
fn measurement(folder: &Path) -> Result<(String, String, f64), Failure> {
    let benchmark = json(&folder.join("benchmark.json"))?;
    let estimates = json(&folder.join("estimates.json"))?;
    let text = |field: &str| benchmark[field].as_str().map(str::to_owned);
    let questions = benchmark["throughput"]["Elements"].as_f64();
    let time = estimates["median"]["point_estimate"].as_f64();
    match (text("function_id"), text("group_id"), questions, time) {
        (Some(engine), Some(group), Some(questions), Some(time)) => {
            Ok((engine, group, time / questions))
        }
        _ => Err(format!("{}: not a measurement of this bench", folder.display()).into()),
    }
}

fn json(path: &Path) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// The rows of the engines that are `shown`, in the order of their times.
fn table(times: &Times, shown: impl Fn(&str) -> bool) -> String {
    let mut engines: Vec<_> = times.keys().filter(|engine| shown(engine)).collect();
    engines.sort_by(|one, other| {
        let fastest =
            |engine: &String| COLUMNS.iter().find_map(|(group, _)| times[engine].get(*group));
        let (one, other) = (fastest(one), fastest(other));
        one.partial_cmp(&other).unwrap_or(std::cmp::Ordering::Equal)
    });
    let heads: Vec<&str> = COLUMNS.iter().map(|(_, head)| *head).collect();
    let mut table = format!("| engine | {} |\n", heads.join(" | "));
    table += &format!("|---|{}\n", "---:|".repeat(COLUMNS.len()));
    for engine in engines {
        let cells: Vec<String> =
            COLUMNS.iter().map(|(group, _)| cell(times, engine, group)).collect();
        table += &format!("| {engine} | {} |\n", cells.join(" | "));
    }
    table
        + &format!(
            "\nThe time of one question, and in brackets how many times as long as {BASE} it is.\n"
        )
}

/// The time and, where the engine under test was measured too, how often that goes into it.
fn cell(times: &Times, engine: &str, group: &str) -> String {
    let time_of = |engine: &str| times.get(engine)?.get(group).copied();
    match (time_of(engine), time_of(BASE)) {
        (None, _) => "–".to_owned(),
        (Some(time), Some(base)) if engine != BASE => {
            format!("{} ({}×)", duration(time), significant(time / base, 2))
        }
        (Some(time), _) => duration(time),
    }
}

fn duration(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        below if below < 1e3 => (below, "ns"),
        below if below < 1e6 => (below / 1e3, "µs"),
        rest => (rest / 1e6, "ms"),
    };
    format!("{} {unit}", significant(number, 3))
}

/// A number with so many significant digits, and commas between thousands.
fn significant(number: f64, digits: usize) -> String {
    let before_the_point = if number < 1.0 { 1 } else { number.log10().floor() as usize + 1 };
    if before_the_point < digits {
        return format!("{number:.*}", digits - before_the_point);
    }
    let step = 10_f64.powi(i32::try_from(before_the_point - digits).unwrap_or(0));
    commas(&format!("{:.0}", (number / step).round() * step))
}

fn commas(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Replaces what stands between the markers.
fn write(path: &Path, table: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let marker = |marker: &str| format!("{}: no `{marker}`", path.display());
    let (head, rest) = text.split_once(BEGIN).ok_or_else(|| marker(BEGIN))?;
    let (_, tail) = rest.split_once(END).ok_or_else(|| marker(END))?;
    fs::write(path, format!("{head}{BEGIN}\n{table}{END}{tail}"))?;
    Ok(())
}
