//! The command line.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use whyfor::ActKind;

const EXIT_STATUS: &str = "\
Exit status:
  0  allowed, or nothing to complain about
  1  denied, or there are findings
  2  wrong usage, a file that cannot be read or written, a policy with errors
  3  it depends on facts that are not stated";

/// Which personal data may be collected, used or shared, for which purpose, and why.
///
/// A policy is a `.why` file or a compiled `.whyc` artifact; every command takes either. `-` reads
/// a policy without imports from standard input.
#[derive(Debug, Parser)]
#[command(name = "whyfor", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// Only on a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Ask(Ask),
    Batch(Batch),
    Matrix(Matrix),
    Fields(Fields),
    Purposes(Purposes),
    Compile(Compile),
    Fmt(Fmt),
    Lint(Lint),
    Diff(Diff),
    Test(Test),
    Notice(Notice),
    #[command(subcommand)]
    Import(Import),
    /// Serve an editor: the language server, over standard input and output.
    Lsp,
    Explain(Explain),
    Completions(Completions),
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// For people.
    Text,
    /// One object with every message, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows next to the lines.
    Github,
}

impl DiagnosticFormat {
    /// Whether it is printed file by file.
    pub(crate) fn is_text(self) -> bool {
        self == Self::Text
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people.
    Text,
    /// One JSON object, for programs.
    Json,
}

/// The acts, with help for each.
fn acts() -> impl TypedValueParser<Value = ActKind> {
    let act = |act: ActKind, help: &'static str| PossibleValue::new(act.as_str()).help(help);
    PossibleValuesParser::new([
        act(ActKind::Collect, "Collecting, by a method"),
        act(ActKind::Use, "Using"),
        act(ActKind::Share, "Sharing, with a recipient"),
    ])
    .try_map(|word| word.parse::<ActKind>())
}

/// Ask one question: the verdict, why, and what would change it.
///
/// Example:
///   whyfor ask policies/drun.why use email --for login
///   whyfor ask policies/drun.why collect ip_address --by automatic --for billing
///   whyfor ask shop.why use email --for newsletter --fact consent=marketing --fact age=20
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXIT_STATUS)]
pub(crate) struct Ask {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What is done with the data.
    #[arg(value_parser = acts())]
    pub(crate) act: ActKind,

    /// A category, or the name of a real column or key.
    pub(crate) field: String,

    #[command(flatten)]
    pub(crate) party: Party,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Party {
    /// By which method; with `collect`.
    #[arg(long, value_name = "METHOD")]
    pub(crate) by: Option<String>,

    /// With which recipient; with `share`.
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) with: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// A fact: `verified=yes`, `age=20`, `region=eu`. For a fact per purpose, `consent=marketing`
    /// where it holds and `consent!=marketing` where it does not. State each fact once.
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    pub(crate) facts: Vec<String>,
}

/// Answer questions in JSON lines: one on standard input, one answer on standard output.
///
/// A question:
///   {"act":"collect","field":"email","by":"provided","for":"login","facts":{"age":17}}
/// An answer:
///   {"decision":"allow","duties":[],"retain_days":null,"missing":[],"reasons":[…]}
/// An invalid line gives {"error":"…","line":N}, and exit status 2 at the end.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Batch {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// Which reasons to give.
    #[arg(long, value_enum, default_value_t = Reasons::All)]
    pub(crate) reasons: Reasons,

    /// Write the policy's digest into every answer.
    #[arg(long)]
    pub(crate) digest: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reasons {
    /// All of them.
    All,
    /// None.
    None,
}

/// Show the whole table: categories × purposes.
///
/// Example:
///   whyfor matrix policies/drun.why
///   whyfor matrix policies/drun.why --act collect --by provided
///   whyfor matrix policies/drun.why --format html > matrix.html
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Matrix {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What is done with the data; `collect` and `share` without `--by` and `--with` show the best
    /// verdict over all methods or recipients.
    #[arg(long, value_parser = acts(), default_value = "use")]
    pub(crate) act: ActKind,

    #[command(flatten)]
    pub(crate) party: Party,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = MatrixFormat::Text)]
    pub(crate) format: MatrixFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For a terminal.
    Text,
    /// A row for each category, a column for each purpose.
    Csv,
    /// Every cell with its verdict and duties.
    Json,
    /// A standalone page.
    Html,
    /// A picture.
    Svg,
}

/// List the categories that may be used, collected or shared for a purpose.
///
/// Example:
///   whyfor fields policies/drun.why --for research
///   whyfor fields policies/drun.why --for billing --act collect --by automatic
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Fields {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) inverse: Inverse,
}

/// List the purposes for which a field may be used, collected or shared.
///
/// Example:
///   whyfor purposes policies/drun.why --field email
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Purposes {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// A category, or the name of a real column or key.
    #[arg(long)]
    pub(crate) field: String,

    #[command(flatten)]
    pub(crate) inverse: Inverse,
}

#[derive(Debug, Args)]
pub(crate) struct Inverse {
    /// What is done with the data; `collect` and `share` without `--by` and `--with` take the best
    /// verdict over all methods or recipients.
    #[arg(long, value_parser = acts(), default_value = "use")]
    pub(crate) act: ActKind,

    #[command(flatten)]
    pub(crate) party: Party,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// Also list what is denied.
    #[arg(long)]
    pub(crate) all: bool,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
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
/// A change is written as a statement; a name stands for everything below it. Conditions, duties
/// and retentions are compared for all values of the facts. Exit status 1 means that the new policy
/// allows something that was not allowed, or with fewer duties, or for longer.
///
/// Example:
///   whyfor diff old.why new.why
///   whyfor diff --git main policies/drun.why
///   whyfor diff --git origin/main --format markdown policies/drun.why > comment.md
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

/// Write the published list from a policy, or compare a published page with the policy.
///
/// Sections, types of data, methods, purposes, recipients, conditions, duties and retention, in the
/// policy's order and words. `--check` takes the published page in Markdown: layout, commas and
/// "and" do not matter, content does.
///
/// Example:
///   whyfor notice policies/drun.why > list.md
///   whyfor notice policies/drun.why --format html --labels policies/drun.zh.yaml > list.html
///   whyfor notice policies/drun.why --check list.md
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Notice {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// Labels and words in another language.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,

    /// Compare this published page with the policy: exit status 1 where they differ.
    #[arg(long, value_name = "FILE.md", conflicts_with = "template")]
    pub(crate) check: Option<PathBuf>,

    /// Render with your own template (Jinja); it is given what `--format json` shows.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = NoticeFormat::Markdown)]
    pub(crate) format: NoticeFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoticeFormat {
    /// Markdown; with `--check`, text.
    Markdown,
    /// A standalone page.
    Html,
    /// One JSON object, for programs.
    Json,
}

/// Draft a policy from an existing document.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    List(ImportList),
}

/// Draft a policy from a published list in Markdown.
///
/// The list has headings, and below them labelled items, paragraphs or tables: types of data,
/// method, purpose. The draft compiles; comments mark what was guessed.
///
/// Example:
///   whyfor import list policies/drun.md > draft.why
///   whyfor notice draft.why --check policies/drun.md
///
/// If the labels differ from those of `whyfor notice`, name them in a file, `--labels words.yaml`:
///   words: { collected: Data we collect, method: How, purpose: Why }
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ImportList {
    /// The published list.
    #[arg(value_name = "FILE.md")]
    pub(crate) file: PathBuf,

    /// A labels file with the list's own words for types, method and purpose.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,
}

/// Explain a diagnostic code, such as E0201.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code; lists all codes if omitted.
    pub(crate) code: Option<String>,
}

/// Print completions for a shell.
///
/// Example:
///   whyfor completions bash > ~/.local/share/bash-completion/completions/whyfor
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
