//! The table of `BENCHMARKS.md` from the last run of the bench: `cargo run --release --bin report`, with
//! `-- --write FILE` between the file's `<!-- speed:begin -->` and `<!-- speed:end -->`.

use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// What is shown: our work, and what it is measured beside, each by its name in the bench.
const ROWS: &[(&str, &str, &str, &str)] = &[
    (
        "a decision by ids, `use`",
        "ids/use",
        "ids/bare bitset",
        "a bare bitset read by the same numbers",
    ),
    ("a decision by ids, `collect`", "ids/collect", "ids/bare bitset", "the same bitset"),
    (
        "the same under a condition with four facts",
        "ids/under four facts",
        "ids/unconditional",
        "the same policy without the condition",
    ),
    (
        "`use` by two names",
        "names/use",
        "names/use: by hand",
        "two foldhash tables and a bitset, by hand",
    ),
    (
        "`collect` by three names",
        "names/collect",
        "names/collect: by hand",
        "three foldhash tables and a bitset, by hand",
    ),
    (
        "a field that one of 10,000 patterns maps",
        "names/a field that one of 10,000 patterns maps",
        "",
        "",
    ),
    ("stating three plain facts", "facts/three plain facts", "", ""),
    (
        "the same in a policy with 10,000 purposes",
        "facts/three plain facts, 10,000 purposes",
        "facts/three plain facts",
        "few purposes",
    ),
    ("stating the purposes that a person agreed to and refused", "facts/two lists of consents", "", ""),
    (
        "a row of a `u16` column, 60,000 values",
        "columns/u16, 60,000 values",
        "columns/plain gather of u16",
        "the best plain loop",
    ),
    (
        "a row of a `u8` column, 200 values",
        "columns/u8, 200 values",
        "columns/plain gather of u16",
        "the same loop",
    ),
    (
        "a row of a `u16` column, 200 values",
        "columns/u16, 200 values",
        "columns/plain gather of u16",
        "the same loop",
    ),
    (
        "by ids, 100,000 statements, 2,000 × 200 nodes",
        "growth, 2,000 × 200 nodes/ids/100000",
        "growth, 2,000 × 200 nodes/ids/100",
        "100 statements",
    ),
    (
        "by names, 100,000 statements, 2,000 × 200 nodes",
        "growth, 2,000 × 200 nodes/names/100000",
        "growth, 2,000 × 200 nodes/names/100",
        "100 statements",
    ),
    (
        "by ids, 100,000 statements, 20,000 × 2,000 nodes",
        "growth, 20,000 × 2,000 nodes/ids/100000",
        "growth, 20,000 × 2,000 nodes/ids/100",
        "100 statements",
    ),
    (
        "by names, 100,000 statements, 20,000 × 2,000 nodes",
        "growth, 20,000 × 2,000 nodes/names/100000",
        "growth, 20,000 × 2,000 nodes/names/100",
        "100 statements",
    ),
    (
        "compiling 1,000 statements, 400 × 100 nodes",
        "compile, 20,000 × 2,000 nodes/1000, of 400 × 100 nodes",
        "",
        "",
    ),
    (
        "compiling 100,000 statements, 20,000 × 2,000 nodes",
        "compile, 20,000 × 2,000 nodes/100000",
        "",
        "",
    ),
    (
        "compiling 100,000 statements over taxonomies, 339 × 499 × 692 nodes",
        "compile, 20,000 × 2,000 nodes/100000, of 339 × 499 × 692 nodes",
        "",
        "",
    ),
    ("mapping its artifact and deciding", "load 100,000 statements/map, and decide", "", ""),
    ("a decision by ids, every core at work", "threads/2", "threads/1", "one core at work"),
    ("laying out 100,000 lines of `policies/drun.why`", "authors/format policies", "", ""),
    ("laying out 100,000 generated statements, 8.4 MB", "authors/format statements", "", ""),
    ("`diff` of 10,000 statements", "authors/diff", "authors/compile", "compiling one of the two"),
    ("`lint` of 10,000 statements", "authors/lint", "authors/compile", "compiling them"),
    (
        "coverage of 10,000 statements by 1,024 questions",
        "authors/coverage",
        "authors/compile",
        "compiling them",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/criterion");
    let mut measured = BTreeMap::new();
    collect(&folder, &mut measured)?;
    let table = table(&measured);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => print!("{table}"),
        ["--write", file] => write(Path::new(file), &table)?,
        _ => return Err("usage: report [--write FILE]".into()),
    }
    Ok(())
}

/// Nanoseconds for each element, or for the whole where there are none, by the bench's name.
fn collect(folder: &Path, measured: &mut BTreeMap<String, f64>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        if !path.ends_with("new") {
            collect(&path, measured)?;
            continue;
        }
        let read = |name: &str| -> Result<Value, Box<dyn Error>> {
            Ok(serde_json::from_str(&std::fs::read_to_string(path.join(name))?)?)
        };
        let (bench, estimates) = (read("benchmark.json")?, read("estimates.json")?);
        let name = bench["title"].as_str().or(bench["full_id"].as_str()).unwrap_or_default();
        let elements = bench["throughput"]["Elements"].as_f64().unwrap_or(1.0);
        let median = estimates["median"]["point_estimate"].as_f64().unwrap_or(0.0);
        measured.insert(name.to_owned(), median / elements);
    }
    Ok(())
}

fn table(measured: &BTreeMap<String, f64>) -> String {
    let mut table = String::from("| work | time | beside | ratio |\n|---|---:|---|---:|\n");
    for (label, ours, other, beside) in ROWS {
        let Some(ours) = measured.get(*ours) else { continue };
        let (beside, ratio) = match measured.get(*other) {
            Some(other) => (format!("{beside}, {}", time(*other)), format!("{:.2}×", ours / other)),
            None => (String::new(), String::new()),
        };
        table.push_str(&format!("| {label} | {} | {beside} | {ratio} |\n", time(*ours)));
    }
    table
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        0.0..0.1 => format!("{:.0} ps", nanoseconds * 1e3),
        0.1..10.0 => format!("{nanoseconds:.2} ns"),
        10.0..1e3 => format!("{nanoseconds:.1} ns"),
        1e3..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        1e6..1e9 => format!("{:.1} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}

fn write(file: &Path, table: &str) -> Result<(), Box<dyn Error>> {
    const BEGIN: &str = "<!-- speed:begin -->";
    const END: &str = "<!-- speed:end -->";
    let text = std::fs::read_to_string(file)?;
    let (Some(begin), Some(end)) = (text.find(BEGIN), text.find(END)) else {
        return Err(format!("`{}` has no {BEGIN} … {END}", file.display()).into());
    };
    let text = format!("{}{BEGIN}\n{table}{}", &text[..begin], &text[end..]);
    std::fs::write(file, text)?;
    Ok(())
}
