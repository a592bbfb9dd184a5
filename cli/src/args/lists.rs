//! The commands for published lists: `notice`, `import`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Write the published list from a policy, or compare a published page with the policy.
///
/// Sections, types of data, methods, purposes, recipients, conditions, duties and retention, in the
/// policy's order and words; `--layout` arranges them. `--check` takes the published page in Markdown:
/// order, commas and "and" do not matter, content does.
///
/// Example:
///   whyfor notice policies/drun.why > list.md
///   whyfor notice policies/drun.why --format html --labels policies/drun.zh.yaml > list.html
///   whyfor notice policies/drun.why --layout table --language de > record.md
///   whyfor notice policies/drun.why --check list.md
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
