//! Layout: what is laid out stays as it is when it is laid out again, compiles if the text did, and decides
//! the same.

use super::clock;
use std::time::Duration;
use whyfor::format::{FormatError, format};
use whyfor::{Memory, Model, diff};

/// See `parser`.
const LIMIT: Duration = Duration::from_secs(5);
/// Longer texts are laid out, and not compared by what they decide.
const LONGEST: usize = 4 << 10;

/// Lays the bytes out as a policy.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    clock::within(LIMIT, "a layout", || {
        let laid_out = match format("policy.why", &text) {
            Ok(laid_out) => laid_out,
            Err(FormatError::Syntax(_)) => return,
            Err(other) => panic!("{other}"),
        };
        let again = format("policy.why", &laid_out).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again, laid_out);
        let model =
            |text: &str| Model::from_loader(&Memory::new().with("policy.why", text), "policy.why");
        match (model(&text), model(&laid_out)) {
            (Ok(before), Ok(after)) if text.len() <= LONGEST => {
                if let Ok(found) = diff::diff(&before, &after) {
                    assert!(found.is_empty(), "{laid_out}");
                }
            }
            (before, after) => assert_eq!(before.is_ok(), after.is_ok(), "{laid_out}"),
        }
    });
}
