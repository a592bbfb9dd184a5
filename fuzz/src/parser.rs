//! Texts of policies: each compiles or is refused with messages that can be shown, in time that its length
//! bounds. What compiles is linted, and is the same when it is read back.

use super::clock;
use std::time::Duration;
use whyfor::{Diagnostics, Memory, Model, Policy, lint};

/// A text as long as the fuzzer makes them takes some milliseconds; a sanitizer makes it many times as many.
const LIMIT: Duration = Duration::from_secs(5);

/// Reads the bytes as a policy.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    clock::within(LIMIT, "a text", || {
        let files = Memory::new().with("policy.why", text.as_ref()).with("part.why", PART);
        match Model::from_loader(&files, "policy.why") {
            Ok(model) => compile(&model),
            Err(found) => show(&found, &text),
        }
    });
}

/// What a text may import.
const PART: &str = "category part { a b #t } tag t method m purpose q recipient r duty d";

fn compile(model: &Model) {
    let text = model.sources().files().first().map_or("", |source| source.text());
    show(&model.warnings(), text);
    let Ok(policy) = Policy::compile(model) else { return };
    let again = Policy::from_artifact(policy.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.digest(), policy.digest());
    if let Ok(found) = lint::lint(model, &lint::Options::default()) {
        show(&found, text);
    }
}

/// Shows messages in both ways, and makes what they would mend.
fn show(found: &Diagnostics, text: &str) {
    let _ = (found.render(false), found.render(true));
    for diagnostic in found.iter() {
        assert!(!diagnostic.message().is_empty());
        let Some(fix) = diagnostic.fix() else { continue };
        for (span, _) in &fix.edits {
            let length = found.sources().file(span.file).text().len();
            assert!(span.start <= span.end && span.end as usize <= length, "{}", text);
        }
    }
}
