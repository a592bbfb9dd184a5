//! The commands for authors: `check`, `compile`, `fmt`, `lint`, `diff`, `test`.

use super::shared::DiagnosticFormat;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Check policies: compile them, report warnings, and verify their `expect` blocks.
///
/// Example:
///   whyfor check policies/drun.why
///   whyfor check --format sarif policies/*.why > findings.sarif
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Check {
    /// The policies.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How to show the findings.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
    pub(crate) format: DiagnosticFormat,
}

/// Compile a policy into an artifact, which loads in about a millisecond.
///
/// Its `expect` blocks must hold. The file is written completely or not at all, and never over a
/// file that the policy was read from.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// Where to write the artifact; `-` is standard output.
    #[arg(short, long, value_name = "FILE.whyc")]
    pub(crate) output: PathBuf,
}

/// Format policies: one layout for everyone, every comment kept, the meaning unchanged.
///
/// Line endings follow the majority in the file. A file with syntax errors is not changed. The
/// names of the changed files are printed.
///
/// Example:
///   whyfor fmt policies/*.why
///   whyfor fmt --check --diff policies/*.why
///   whyfor fmt - < draft.why
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Fmt {
    /// The files; `-` reads standard input and writes standard output.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Write nothing, print the files that are not formatted; exit status 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing, show what would change; exit status 1 if anything would.
    #[arg(long)]
    pub(crate) diff: bool,
}

/// Compare two policies: every decision that changed, and the statements that changed it.
///
/// A change is written as a statement; a name stands for everything below it. Conditions, duties,
/// retention and legal bases are compared for all values of the facts. Labels, titles and other
/// texts that changed are told in a part of their own. Exit status 1 means that the new policy allows
/// something that was not allowed, with fewer duties, for longer or with less of a legal basis;
/// `--fail-on` chooses.
///
/// Example:
///   whyfor diff old.why new.why
///   whyfor diff --git main policies/drun.why
///   whyfor diff --git origin/main --format markdown policies/drun.why > comment.md
///   whyfor diff --git main --fail-on permissive,wording policies/drun.why
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Diff {
    /// The old policy and the new one; with `--git` only the new one.
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Compare with the same file at this revision, its imports too.
    #[arg(long, value_name = "REV")]
    pub(crate) git: Option<String>,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    /// Which changes give exit status 1.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "permissive",
        value_name = "WHAT"
    )]
    pub(crate) fail_on: Vec<FailOn>,
}

/// What a change must be for exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// More is allowed, with fewer duties, for longer, or with less of a legal basis.
    Permissive,
    /// A label, a title or another text changed that readers of the policy see.
    Wording,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// Every change with every name, for programs.
    Json,
    /// A standalone page.
    Html,
}

/// Run tests of policies: questions and expected answers in YAML files.
///
/// A file names its policy and contains single questions and tables. The policy's `expect` blocks
/// must hold too. `--coverage` lists every statement that could be removed without a test or
/// expectation failing. Exit status 1 means that a test or an expectation failed, or that coverage
/// is too low.
///
/// A file:
///   policy: shop.why
///   tests:
///     - ask: use email for login
///       expect: allow
///     - table: collect by provided
///       purposes: [login, ads]
///       fields: { email: [allow, deny], phone: deny }
///
/// Example:
///   whyfor test policies/drun.test.yaml
///   whyfor test policies/*.test.yaml --coverage --fail-under 90
///   whyfor test policies/drun.test.yaml --format junit > report.xml
///   whyfor test policies/drun.test.yaml --format html > coverage.html
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Test {
    /// The test files.
    #[arg(required = true, value_name = "FILE.yaml")]
    pub(crate) files: Vec<PathBuf>,

    /// Run only the tests whose names contain this text.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) filter: String,

    /// List the statements that could be removed without a test or expectation failing.
    #[arg(long)]
    pub(crate) coverage: bool,

    /// Exit with status 1 if less than this share of a policy's statements is covered.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) fail_under: Option<f64>,

    /// Also show the tests that passed.
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// How to show the results.
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    pub(crate) format: TestFormat,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("it is a number from 0 to 100".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people.
    Text,
    /// One JSON object, for programs.
    Json,
    /// JUnit's XML, for CI services.
    Junit,
    /// Coverage as an HTML page.
    Html,
}

/// Find what the author of a policy likely did not mean.
///
/// Statements that change no decision, conditions that can never hold, sensitive data inside a wide
/// selection, unused names, and more: `whyfor explain` lists the codes; those of the linter begin
/// with W07. A comment before a finding allows it there:
///   // whyfor: allow(W0708) the reason
/// Findings are warnings, with exit status 0; denied ones are errors, with exit status 1.
///
/// Example:
///   whyfor lint policies/drun.why
///   whyfor lint --deny all --allow W0710 policies/*.why
///   whyfor lint --fix shop.why
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Lint {
    /// The policies.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Report findings of this code as errors; `all` means every code.
    #[arg(long, value_name = "CODE")]
    pub(crate) deny: Vec<String>,

    /// Report findings of this code as warnings, even if `all` is denied or allowed.
    #[arg(long, value_name = "CODE")]
    pub(crate) warn: Vec<String>,

    /// Do not report findings of this code, even if `all` is denied.
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,

    /// The tags that mark sensitive data, instead of `sensitive` and `special`.
    #[arg(long, value_name = "TAG")]
    pub(crate) sensitive: Vec<String>,

    /// Apply the fixes that keep every decision.
    ///
    /// A file is changed only if every policy that reads it has the same finding and keeps its
    /// decisions, duties and retention: the named policies, and every `*.why` with a header in the
    /// file's folder and the folders above. A file stays as it is if one of these policies cannot
    /// be read or has errors, or if the file has several names (hard links). Findings that were not
    /// fixed are reported.
    #[arg(long)]
    pub(crate) fix: bool,

    /// How to show the findings.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
    pub(crate) format: DiagnosticFormat,
}
