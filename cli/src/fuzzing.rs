//! Checks promises that the commands make for all inputs. The fuzz targets in `fuzz/` call these
//! functions; `tests/fuzzed.rs` runs the saved inputs.

use crate::batch::answer_all;
use crate::import::{self, suggest};
use crate::notice::check;
use crate::notice::labels::Labels;
use crate::notice::read::{self, Markup};
use crate::notice::view::View;
use crate::notice::words::Words;
use crate::output::answer::AnswerWriter;
use std::sync::OnceLock;
use whyfor::{Memory, Model, Policy};

/// A function that takes the fuzzer's bytes and panics if a promise is broken.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[("batch", batch), ("page", page)];

/// A policy with facts of every kind, and with ambiguous names.
const TEXT: &str = r#"policy shop "Shop"
    category contact "Contact details" { email "Email address"  phone "Phone number" #sensitive }
    category work { email }
    tag sensitive "Sensitive"
    method provided "Provided by the user"
    purpose service "Providing the service" { login "Signing in" }
    purpose ads "Advertising"
    recipient partners "Partners"
    fact verified
    fact consent per purpose
    fact region: one of eu, us, `no`
    fact age: number
    duty deidentify "Remove direct identifiers first"
    field "*_email" is contact.email, work.email
    section account "Account registration" {
        collect contact by provided for login retain 30 days
        use contact.email for ads when consent and age >= 18 and region is not us then deidentify
    }
    share work with partners for ads when verified
    never use #sensitive for ads"#;

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let files = Memory::new().with("shop.why", TEXT);
        Model::from_loader(&files, "shop.why").unwrap_or_else(|errors| unreachable!("{errors}"))
    })
}

fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY
        .get_or_init(|| Policy::compile(model()).unwrap_or_else(|errors| unreachable!("{errors}")))
}

/// Questions in JSON lines: each gets an answer or an error as a line of JSON, and the result says
/// whether there was an error.
pub fn batch(input: &[u8]) {
    let writer = AnswerWriter::new(policy(), true, false);
    let mut output = Vec::new();
    let all = answer_all(&writer, std::io::BufReader::new(input), &mut output);
    let all = all.unwrap_or_else(|_| unreachable!("memory can be read and written"));
    let text = String::from_utf8(output).unwrap_or_else(|error| unreachable!("{error}"));
    let mut errors = 0;
    for line in text.lines() {
        let answer: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| unreachable!("{error}: {line}"));
        errors += usize::from(answer["error"].is_string());
        assert!(answer["error"].is_string() != answer["decision"].is_string(), "{line}");
    }
    assert_eq!(all, errors == 0, "{text}");
    let start = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    let asked = start.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    assert_eq!(text.lines().count(), asked.count(), "{text}");
}

/// A published page: it is compared with a policy, and its draft can be formatted.
pub fn page(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let words = Words::default();
    let notice = whyfor::notice::Notice::of(model());
    let view = View::new(&notice, &Labels::own(policy(), &notice, None));
    for markup in [Markup::Markdown, Markup::Html] {
        let _ = check::check(&view, &text, markup);
    }
    let page = read::parse(&text, Markup::Markdown).and_then(|parsed| read::read(&parsed, &words));
    let Ok(page) = page else { return };
    let _ = suggest::words(&suggest::labels(&page));
    if let Some(draft) = import::page(&page, &words, "page.md") {
        let laid_out = whyfor::format::format("page.why", &draft.text);
        assert!(laid_out.is_ok(), "{}", draft.text);
    }
}
