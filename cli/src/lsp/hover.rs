//! What a name means and what a statement covers.

use crate::output::markdown::{code, escape};
use whyfor::FileId;
use whyfor::symbols::{Index, Occurrence};

/// The hover text of a name, as Markdown.
pub(crate) fn name(index: &Index, at: Occurrence) -> String {
    let symbol = index.symbol(at.symbol);
    let mut text = format!("**{}** {}", symbol.kind.as_str(), code(&symbol.name));
    if !symbol.label.is_empty() {
        text += &format!(": {}", escape(&symbol.label));
    }
    let mut lines = Vec::new();
    if let Some(condition) = index.condition(at.symbol) {
        lines.push(code(&condition.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    match index.below(at.symbol) {
        Some(0) => lines.push("nothing is below it".to_owned()),
        Some(below) => lines.push(format!("itself and {below} below it")),
        None => {}
    }
    if let Some([permits, nevers, requires]) = index.statements(at.symbol) {
        let counts = [(permits, "permit"), (nevers, "never"), (requires, "require")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        lines.push(match &counts[..] {
            [] => "no statement covers it".to_owned(),
            counts => format!("covered by {}", counts.join(", ")),
        });
    }
    let patterns = index.patterns(at.symbol);
    if !patterns.is_empty() {
        let patterns: Vec<String> = patterns.iter().map(|pattern| code(pattern)).collect();
        lines.push(format!("fields {}", patterns.join(", ")));
    }
    let uses = index.occurrences_of(at.symbol).filter(|o| !o.declares).count();
    lines.push(match uses {
        0 => "not used in the text".to_owned(),
        1 => "used once in the text".to_owned(),
        uses => format!("used {uses} times in the text"),
    });
    format!("{text}\n\n{}", lines.join("  \n"))
}

/// The number of points that a statement covers, as Markdown.
pub(crate) fn statement(index: &Index, file: FileId, offset: usize) -> Option<String> {
    let extent = index.extent(file, offset)?;
    let count = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    // With any party, all that are not declared are one more point.
    let parties = |one: &str, many: &str| match (extent.parties, extent.any_party) {
        (0, true) => format!("any {one}"),
        (parties, true) => format!("({} and any other)", count(parties, one, many)),
        (parties, false) => count(parties, one, many),
    };
    let mut factors = vec![count(extent.categories, "category", "categories")];
    match extent.act {
        "collect" => factors.push(parties("method", "methods")),
        "share" => factors.push(parties("recipient", "recipients")),
        _ => {}
    }
    factors.push(count(extent.purposes, "purpose", "purposes"));
    let parties = extent.parties + usize::from(extent.any_party);
    let points = extent.categories * parties * extent.purposes;
    Some(format!(
        "This {} `{}` at {points} points: {}.",
        extent.does,
        extent.act,
        factors.join(" × ")
    ))
}
