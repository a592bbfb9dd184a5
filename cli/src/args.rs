//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_STATUS: &str = "\
Exit status:
  0  allowed, or nothing to complain about
  1  denied, or something was found
  2  wrong usage, a file that cannot be read or written, a policy with mistakes
  3  it depends on facts that are not stated";

/// Which personal data may be collected, used or shared, for which purpose, and why.
///
/// A policy is a `.why` file, or a `.whyc` artifact that was compiled from one; every command takes
/// either. `-` is standard input: a policy that imports nothing.
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
    /// On a terminal alone.
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

/// Check policies: compile them, warn, and verify their `expect` blocks.
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

    /// How to show what was found.
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
    /// Workflow commands, which GitHub shows beside the lines.
    Github,
}

impl DiagnosticFormat {
    /// Whether it is shown file by file.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActName {
    /// Collecting, by a method.
    Collect,
    /// Using.
    Use,
    /// Sharing, with a recipient.
    Share,
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
    #[arg(value_enum)]
    pub(crate) act: ActName,

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
    /// A fact: `verified=yes`, `age=20`, `region=eu`; of a fact per purpose where it holds,
    /// `consent=marketing`, or where it does not, `consent!=marketing`. Each is stated once.
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    pub(crate) facts: Vec<String>,
}

/// Answer questions in JSON lines: one on standard input, one answer on standard output.
///
/// A question:
///   {"act":"collect","field":"email","by":"provided","for":"login","facts":{"age":17}}
/// An answer:
///   {"decision":"allow","duties":[],"retain_days":null,"missing":[],"reasons":[…]}
/// A line that is no question gives {"error":"…","line":N}, and exit status 2 at the end.
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
    #[arg(long, value_enum, default_value_t = ActName::Use)]
    pub(crate) act: ActName,

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
    /// A page of its own.
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
    #[arg(long, value_enum, default_value_t = ActName::Use)]
    pub(crate) act: ActName,

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
/// Its `expect` blocks must hold. The file is written whole or not at all, and is none that the policy was
/// read from.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// Where to write the artifact; `-` is standard output.
    #[arg(short, long, value_name = "FILE.whyc")]
    pub(crate) output: PathBuf,
}

/// Lay policies out: one layout for everyone, every comment kept, the meaning untouched.
///
/// Lines end as most lines of the file do. A file with mistakes in its syntax is not touched. The names of the files that changed are printed.
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

    /// Write nothing, name the files that are not laid out; exit status 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing, show what would change; exit status 1 if something would.
    #[arg(long)]
    pub(crate) diff: bool,
}

/// Compare two policies: every decision that changed, and the statements that did it.
///
/// A change is written as a statement; names stand for all that is below them. Conditions, duties and
/// retentions are compared under all values of the facts. Exit status 1 says that something is allowed
/// that was not, with fewer duties, or for longer.
///
/// Example:
///   whyfor diff old.why new.why
///   whyfor diff --git main policies/drun.why
///   whyfor diff --git origin/main --format markdown policies/drun.why > comment.md
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Diff {
    /// The old policy and the new one; with `--git` the new one alone.
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
    /// A page of its own.
    Html,
}

/// Run tests of policies: questions and expected answers in YAML files.
///
/// A file names its policy and has single questions and tables. The policy's `expect` blocks must
/// hold too. `--coverage` names every statement that no test and no expectation would miss.
/// Exit status 1 says that a test or an expectation failed, or that too little is covered.
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
    /// The files of tests.
    #[arg(required = true, value_name = "FILE.yaml")]
    pub(crate) files: Vec<PathBuf>,

    /// Run only the tests that have this in their name.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) filter: String,

    /// Name the statements that no test and no expectation would miss.
    #[arg(long)]
    pub(crate) coverage: bool,

    /// Exit with status 1 if less than this share of a policy's statements would be missed.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) fail_under: Option<f64>,

    /// Also show the tests that passed.
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// How to show what came out.
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
    /// Coverage as a page.
    Html,
}

/// Find what a policy says that its author likely did not mean.
///
/// Statements that change no decision, conditions that can never be yes, sensitive data that a
/// wide selection takes in, names that nothing uses, and more: `whyfor explain` lists the codes;
/// those of the linter begin with W07. A finding is allowed in its place by a comment before it:
///   // whyfor: allow(W0708) the reason
/// Findings are warnings and leave the exit status 0; those that are denied are errors and make it 1.
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

    /// Tell findings of this code as errors; `all` means every code.
    #[arg(long, value_name = "CODE")]
    pub(crate) deny: Vec<String>,

    /// Tell findings of this code as warnings, even if all are denied or allowed.
    #[arg(long, value_name = "CODE")]
    pub(crate) warn: Vec<String>,

    /// Do not tell findings of this code, even if all are denied.
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,

    /// The tags that mark sensitive data, in place of `sensitive` and `special`.
    #[arg(long, value_name = "TAG")]
    pub(crate) sensitive: Vec<String>,

    /// Write the fixes that keep every decision into the files.
    ///
    /// A file is changed only if every policy that reads it finds the same there and keeps its
    /// decisions, duties and retention: those that are named, and every `*.why` with a header in the
    /// file's folder and in the folders above. If one of these cannot be read or has mistakes, the file
    /// stays as it is, and so does one with several names (hard links). What is not fixed is told.
    #[arg(long)]
    pub(crate) fix: bool,

    /// How to show what was found.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
    pub(crate) format: DiagnosticFormat,
}

/// Write the published list from a policy, or compare the page that is published with it.
///
/// Sections, types of data, methods, purposes, recipients, conditions, duties and retention, in the
/// policy's order and words. `--check` takes the published page as it is, in Markdown: how it is laid
/// out and joined by "and" and commas does not matter, what it says does.
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

    /// Write it by a template of your own (Jinja): it is given what `--format json` shows.
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
    /// A page of its own.
    Html,
    /// One JSON object, for programs.
    Json,
}

/// Draft a policy from what there is already.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    List(ImportList),
}

/// Draft a policy from a published list in Markdown.
///
/// The list has headings, and below them items, paragraphs or tables that are labelled: types of data,
/// method, purpose. The draft compiles and is a start to edit; comments say what was guessed.
///
/// Example:
///   whyfor import list policies/drun.md > draft.why
///   whyfor notice draft.why --check policies/drun.md
///
/// Labels that are not those of `whyfor notice` are named in a file, `--labels words.yaml`:
///   words: { collected: Data we collect, method: How, purpose: Why }
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ImportList {
    /// The published list.
    #[arg(value_name = "FILE.md")]
    pub(crate) file: PathBuf,

    /// A labels file with the words by which the list calls types, method and purpose.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,
}

/// Explain a diagnostic code, such as E0201.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code; without one, all codes are listed.
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
