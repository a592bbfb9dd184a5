//! The commands for published lists: `notice`, `import`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Write the published list from a policy, or compare a published page with the policy.
///
/// Sections, types of data, methods, purposes, recipients, conditions, duties and retention, in the
/// policy's order and words; `--layout` arranges them. `--check` takes the published page, in Markdown or
/// HTML: order, commas and "and" do not matter, content does. What is hidden on the page does not count;
/// what cannot be compared is a difference.
///
/// Example:
///   whyfor notice policies/drun.why > list.md
///   whyfor notice policies/drun.why --format html --labels policies/drun.zh.yaml > list.html
///   whyfor notice policies/drun.why --layout table --language de > record.md
///   whyfor notice policies/drun.why --check list.md
///   whyfor notice policies/drun.why --check list.html --layout table
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Notice {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// The language of the words around the labels; without it, that of the labels file or of the
    /// policy's header, or English.
    #[arg(long, value_enum)]
    pub(crate) language: Option<NoticeLanguage>,

    /// How the list is arranged.
    #[arg(long, value_enum, default_value_t = NoticeLayout::Sections)]
    pub(crate) layout: NoticeLayout,

    /// Labels and words in another language.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,

    /// Compare this published page, Markdown or HTML, with the policy: exit status 1 where they differ.
    #[arg(long, value_name = "PAGE", conflicts_with = "template")]
    pub(crate) check: Option<PathBuf>,

    /// Render with your own template (Jinja); it is given what `--format json` shows.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = NoticeFormat::Markdown)]
    pub(crate) format: NoticeFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoticeLanguage {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// German.
    De,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoticeLayout {
    /// By the policy's sections.
    Sections,
    /// One table of processing activities, as article 30 of the GDPR asks for.
    Table,
    /// By recipient, with what is shared with each.
    Recipients,
    /// A chart of categories that are collected, as California's rules ask for.
    California,
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
///
/// A draft is a start to edit. It compiles, permits only what was read, and marks in comments what
/// was guessed and what was not understood. Exit status 1: no data or no purpose was read.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    List(ImportList),
    Csv(ImportCsv),
    Apple(ImportApple),
    Google(ImportGoogle),
    Fides(ImportFides),
    Dpv(ImportDpv),
}

/// Draft a policy from a published list in Markdown or HTML.
///
/// The list has headings, and below them labelled items, paragraphs or tables: types of data,
/// method, purpose, recipients and more. What has no label that is known becomes a comment.
/// Labels are those of `whyfor notice` in English, Chinese or German, whichever the page has most of.
///
/// Example:
///   whyfor import list policies/drun.md > draft.why
///   whyfor notice draft.why --check policies/drun.md
///
/// If the labels differ from those of `whyfor notice`, name them in a file, `--labels words.yaml`:
///   words: { collected: [Data we collect, Sensitive data], method: How, purpose: Why }
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ImportList {
    /// The published list.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// A labels file with the list's own words for types, method, purpose and so on.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,
}

/// Draft a policy from a record of processing activities in CSV.
///
/// A row for each activity, with columns such as "Processing activity", "Categories of personal
/// data", "Purpose of processing", "Lawful basis", "Recipients" and "Retention period".
#[derive(Debug, Args)]
pub(crate) struct ImportCsv {
    /// The record.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,

    /// A labels file with the record's own headings.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) labels: Option<PathBuf>,
}

/// Draft a policy from Apple's privacy manifest of an app.
#[derive(Debug, Args)]
pub(crate) struct ImportApple {
    /// The manifest.
    #[arg(value_name = "PrivacyInfo.xcprivacy")]
    pub(crate) file: PathBuf,
}

/// Draft a policy from the exported data safety form of Google Play.
#[derive(Debug, Args)]
pub(crate) struct ImportGoogle {
    /// The export.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
}

/// Draft a policy from Fides manifests of systems and datasets.
#[derive(Debug, Args)]
pub(crate) struct ImportFides {
    /// The manifests.
    #[arg(value_name = "FILE.yml", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// Write the purposes and data categories of the Data Privacy Vocabulary, to import into a policy.
#[derive(Debug, Args)]
pub(crate) struct ImportDpv {
    /// The vocabulary and its extensions, as JSON-LD or CSV.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}
