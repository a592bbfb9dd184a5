//! `whyfor lint --fix`: applies the linter's fixes.
//!
//! A fix is applied only if every policy that reads the file has the same finding and keeps every
//! decision, duty and retention. This is checked before any file is written; fixes that are not
//! applied are reported.

use crate::files;
use crate::output::{BOLD, report};
use crate::readers::{ReaderPolicy, Readers};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use whyfor::lint::{FixError, Fixed, Options, edited, keeps, lint};
use whyfor::{Diagnostics, Fix, Model, Policy, Span};

/// A change to a file: start and end byte, and the new text.
pub(crate) type Edit = (PathBuf, u32, u32, String);
/// The changes of one fix.
pub(crate) type Edits = Vec<Edit>;

/// Why nothing was fixed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FixingError {
    #[error("`--fix` writes into files, and cannot fix standard input or a pipe")]
    Stream,
    #[error("{0}")]
    Mistakes(Diagnostics),
    /// The policies that read a file are unknown.
    #[error("{0}")]
    Readers(String),
    #[error("nothing was fixed: in `{}` {error}", path.display())]
    Refused { path: PathBuf, error: FixError },
    #[error(
        "nothing was fixed: `{}`: it has changed meanwhile, or starts with a byte order mark",
        path.display()
    )]
    Changed { path: PathBuf },
    #[error("cannot read a file to fix: {0}")]
    Read(#[source] std::io::Error),
    #[error("cannot write the fixes: {0}")]
    Write(#[source] std::io::Error),
}

/// Applies the fixes for these policies.
///
/// # Errors
/// A file cannot be read or written, or has changed meanwhile; or the fixes together would change a
/// decision of some policy. Then nothing is fixed.
pub(crate) fn fix(paths: &[PathBuf], options: &Options) -> Result<(), FixingError> {
    let load = |path: &Path| ReaderPolicy::load(path);
    let mut fixing =
        Fixing { readers: Readers::new(&load), wanted: Wanted { options, fixes: BTreeMap::new() } };
    let mut wanted: BTreeSet<Edits> = BTreeSet::new();
    for path in paths {
        if files::is_stream(path) {
            return Err(FixingError::Stream);
        }
        // Artifacts and unreadable files are reported when they are linted.
        if Policy::is_artifact(path) {
            continue;
        }
        let Ok(policy) = ReaderPolicy::load(path) else { continue };
        wanted.extend(fixing.wanted.of(&policy)?.clone());
        fixing.readers.add(policy);
    }
    let mut refused: BTreeMap<(PathBuf, String), usize> = BTreeMap::new();
    let mut agreed: BTreeSet<Edits> = BTreeSet::new();
    for edits in wanted {
        match fixing.refusal(&edits)? {
            None => drop(agreed.insert(edits)),
            Some(refusal) => *refused.entry(refusal).or_default() += 1,
        }
    }
    let written = fixing.write(&agreed);
    for ((file, why), count) in refused {
        let (file, findings) = (file.display(), findings(count));
        report!("{BOLD}not fixed{BOLD:#} {findings} in {file}: {why}");
    }
    written
}

struct Fixing<'o> {
    readers: Readers<'o>,
    wanted: Wanted<'o>,
}

/// The fixes found for each policy.
struct Wanted<'o> {
    options: &'o Options,
    fixes: BTreeMap<PathBuf, BTreeSet<Edits>>,
}

impl Wanted<'_> {
    /// The fixes for a policy; none if it has errors, which are reported elsewhere.
    fn of(&mut self, policy: &ReaderPolicy) -> Result<&BTreeSet<Edits>, FixingError> {
        use std::collections::btree_map::Entry;
        let entry = match self.fixes.entry(policy.path.clone()) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(entry) => entry,
        };
        let mut fixes = BTreeSet::new();
        if let Some(model) = policy.model() {
            let found = lint(model, self.options).map_err(FixingError::Mistakes)?;
            let found = found.iter().filter_map(whyfor::Diagnostic::fix);
            fixes.extend(found.map(|fix| edits(policy, model, fix)));
        }
        Ok(entry.insert(fixes))
    }
}

impl Fixing<'_> {
    /// The file in which a fix is not applied, and why; `None` if all readers agree.
    fn refusal(&mut self, edits: &Edits) -> Result<Option<(PathBuf, String)>, FixingError> {
        let files: BTreeSet<&PathBuf> = edits.iter().map(|(file, ..)| file).collect();
        for file in files {
            let readers = match self.readers.of(file) {
                Ok(readers) => readers,
                Err(why) => return Ok(Some((file.clone(), why))),
            };
            for number in readers {
                let policy = self.readers.policy(number);
                if !self.wanted.of(policy)?.contains(edits) {
                    let path = policy.path.display();
                    let why = format!("`{path}` reads it too, and needs what the fix removes");
                    return Ok(Some((file.clone(), why)));
                }
            }
        }
        Ok(None)
    }

    /// Writes the fixes, if every policy that reads one of the files keeps its decisions.
    fn write(&mut self, agreed: &BTreeSet<Edits>) -> Result<(), FixingError> {
        let edits: BTreeSet<&Edit> = agreed.iter().flatten().collect();
        let files: BTreeSet<&PathBuf> = edits.iter().map(|(file, ..)| file).collect();
        let mut readers: BTreeSet<usize> = BTreeSet::new();
        for file in &files {
            readers.extend(self.readers.of(file).map_err(FixingError::Readers)?);
        }
        let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
        for number in readers {
            let policy = self.readers.policy(number);
            let Some(model) = policy.model() else { continue };
            let not_fixed = |error: FixError| match error {
                FixError::Mistakes(diagnostics) => FixingError::Mistakes(diagnostics),
                error => FixingError::Refused { path: policy.path.clone(), error },
            };
            let changed = changed(policy, model, &edits).map_err(not_fixed)?;
            keeps(model, &changed).map_err(not_fixed)?;
            for Fixed { path, text } in changed {
                texts.insert(policy.place(&path), text);
            }
            unchanged(policy, model, &files)?;
        }
        if texts.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = texts.keys().map(|path| path.display().to_string()).collect();
        let texts: Vec<(PathBuf, String)> = texts.into_iter().collect();
        files::replace_all(&texts).map_err(FixingError::Write)?;
        let findings = findings(agreed.len());
        report!("{BOLD}fixed{BOLD:#} {findings} in {}", names.join(", "));
        Ok(())
    }
}

/// Whether every policy other than `fixed` that reads one of the files keeps every decision, duty
/// and retention with these edits.
///
/// # Errors
/// Why the edits must not be made.
pub(crate) fn others_keep(
    readers: &mut Readers<'_>,
    fixed: &Path,
    edits: &Edits,
) -> Result<(), String> {
    let all: BTreeSet<&Edit> = edits.iter().collect();
    let files: BTreeSet<&PathBuf> = edits.iter().map(|(file, ..)| file).collect();
    for file in files {
        for number in readers.of(file)? {
            let policy = readers.policy(number);
            let Some(model) = policy.model().filter(|_| policy.path != fixed) else { continue };
            let kept = changed(policy, model, &all).and_then(|files| keeps(model, &files));
            kept.map_err(|error| format!("`{}` reads it too: {error}", policy.path.display()))?;
        }
    }
    Ok(())
}

fn findings(count: usize) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}

/// The edits of a fix for a policy.
pub(crate) fn edits(policy: &ReaderPolicy, model: &Model, fix: &Fix) -> Edits {
    let edit = |(span, text): &(Span, String)| {
        let file = policy.place(model.sources().file(span.file).path());
        (file, span.start, span.end, text.clone())
    };
    fix.edits.iter().map(edit).collect()
}

/// The files of a policy with the edits applied. A file that is read under two names gets them in
/// both.
fn changed(
    policy: &ReaderPolicy,
    model: &Model,
    edits: &BTreeSet<&Edit>,
) -> Result<Vec<Fixed>, FixError> {
    let mut here: Vec<(Span, String)> = Vec::new();
    for (id, place) in policy.files.iter().enumerate() {
        for (_, start, end, text) in edits.iter().filter(|(file, ..)| file == place) {
            let span = model.sources().span(id, *start as usize..*end as usize);
            here.extend(span.map(|span| (span, text.clone())));
        }
    }
    edited(model, &here)
}

/// Whether the files are as they were read; otherwise another program's changes would be lost. A
/// file to write must not have a byte order mark, which would be lost too.
fn unchanged(
    policy: &ReaderPolicy,
    model: &Model,
    to_write: &BTreeSet<&PathBuf>,
) -> Result<(), FixingError> {
    const MARK: &[u8] = "\u{FEFF}".as_bytes();
    for (source, path) in model.sources().files().iter().zip(&policy.files) {
        let now = std::fs::read(path).map_err(FixingError::Read)?;
        let text = if to_write.contains(path) { None } else { now.strip_prefix(MARK) };
        if text.unwrap_or(&now) != source.text().as_bytes() {
            return Err(FixingError::Changed { path: path.clone() });
        }
    }
    Ok(())
}
