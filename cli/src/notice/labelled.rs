//! How a text of a page is split into its label and the rest.

/// Most bytes of a label.
pub(super) const LONGEST_LABEL: usize = 200;
pub(super) const COLONS: [char; 2] = [':', '：'];

/// A label without its colon, if the text can be one.
pub(super) fn name(text: &str) -> Option<&str> {
    let name = text.trim().trim_end_matches(COLONS).trim();
    (!name.is_empty() && name.len() <= LONGEST_LABEL).then_some(name)
}

/// Splits a text, with the bold text at its start, into its label, if any, and the rest. An unknown
/// label is bold and has a colon.
pub(super) fn split<L>(
    start: &str,
    text: &str,
    known: impl Fn(&str) -> Option<L>,
    other: impl Fn(&str) -> L,
) -> (Option<L>, String) {
    let bold = start.trim();
    let colon = bold.ends_with(COLONS) || text.trim_start().starts_with(COLONS);
    let after_colon = |text: &str| one_line(text.trim_start().trim_start_matches(COLONS));
    if !bold.is_empty() {
        if let Some(label) = known(bold) {
            return (Some(label), after_colon(text));
        }
        if colon {
            return (Some(other(bold.trim_end_matches(COLONS))), after_colon(text));
        }
    }
    let whole = one_line(&format!("{start}{text}"));
    // Not bold, or with stars that Markdown does not accept as bold, as next to an ideograph.
    let cut = whole.split_once(COLONS).and_then(|(head, rest)| {
        // A star at its end alone is the mark of a note.
        let head = if head.trim_start().starts_with(['*', '_']) {
            head.trim_matches(['*', '_', ' '])
        } else {
            head.trim()
        };
        let label = known(head)?;
        Some((label, one_line(rest.trim_start_matches(['*', '_']))))
    });
    match cut {
        Some((label, rest)) => (Some(label), rest),
        None => (None, whole),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
