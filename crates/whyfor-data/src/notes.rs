//! Why a column is shown or left out, in words: lines for comments and messages.

use whyfor::{Condition, ConditionalTerms, Decision, Policy, Reason, Verdict};

/// The policy that a view is of.
pub(crate) fn policy(policy: &Policy) -> String {
    let version = match policy.version() {
        "" => String::new(),
        version => format!(", version {version}"),
    };
    line(&format!("policy {}{version}, digest {}", policy.name(), policy.digest()))
}

/// When a category is shown, by which statements, and with which duties.
pub(crate) fn shown(category: &str, decision: &Decision<'_>) -> Vec<String> {
    let residual = decision.residual();
    let mut lines = vec![match &residual {
        Condition::Yes => format!("{category}, always"),
        when => format!("{category}, where {when}"),
    }];
    lines.extend(statements(decision));
    for terms in decision.conditional_terms() {
        // What is known of shown rows is not said again.
        let always = terms.when == Condition::Yes || terms.when == residual;
        lines.extend(duties(decision, &terms, always));
    }
    lines.dedup();
    lines.iter().map(|text| line(text)).collect()
}

/// Why no row shows a category.
pub(crate) fn left_out(category: &str, decision: &Decision<'_>) -> Vec<String> {
    let mut lines = vec![match decision.verdict() {
        Verdict::Deny => format!("{category}, never"),
        _ => format!(
            "{category}, {}: `{}` is neither stated nor in a column that every row could have",
            decision.residual(),
            decision.missing().join("`, `")
        ),
    }];
    lines.extend(statements(decision));
    lines.iter().map(|text| line(text)).collect()
}

fn statements<'a>(decision: &'a Decision<'_>) -> impl Iterator<Item = String> + 'a {
    let verdict = decision.verdict();
    decision.reasons().into_iter().map(move |reason| described(&reason, verdict))
}

fn described(reason: &Reason<'_>, verdict: Verdict) -> String {
    let message = reason.message(verdict);
    let Some(statement) = reason.statement() else { return message };
    let because = match statement.because {
        "" => String::new(),
        because => format!(", because {because}"),
    };
    format!("{}: {message}{because}", statement.place())
}

fn duties<'a>(
    decision: &'a Decision<'_>,
    terms: &'a ConditionalTerms<'_>,
    always: bool,
) -> impl Iterator<Item = String> + 'a {
    let rows = match always {
        true => String::new(),
        false => format!(", but where this is no: {}", terms.when),
    };
    terms.duties.iter().map(move |duty| match decision.policy().mask_of(duty) {
        Some(mask) => format!("duty {duty}, mask {mask}{rows}"),
        None => format!("duty {duty}, for the program to fulfil{rows}"),
    })
}

/// A text that cannot leave the line it is in. A backslash at the end would take the next line into a comment of Spark.
fn line(text: &str) -> String {
    let text = whyfor::printable(text);
    match text.ends_with('\\') {
        true => format!("{text}."),
        false => text.into_owned(),
    }
}
