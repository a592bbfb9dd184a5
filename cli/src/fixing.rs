//! `whyfor lint --fix`: what the linter found, put right in the files.
//!
//! A fix is made only if every policy that reads the file finds the same there and keeps every decision, duty
//! and retention. All of that is known before any file is written; a fix that is not made is told.

use crate::exit::Failure;
use crate::files;
use crate::output::{BOLD, tell};
use crate::readers::{Found, Readers, real};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use whyfor::lint::{FixError, Fixed, Options, edited, keeps, lint};
use whyfor::{Fix, Model, Policy, Span};

/// A change to a file: where the bytes start and end that it is about, and what is to stand there.
pub(crate) type Edit = (PathBuf, u32, u32, String);
/// The changes of one fix.
pub(crate) type Edits = Vec<Edit>;

/// Puts right what is found in these policies.
///
/// # Errors
/// A file cannot be read or written, or has changed meanwhile; or the fixes together would change what some
/// policy decides. Nothing is fixed then.
pub(crate) fn fix(paths: &[PathBuf], options: &Options) -> Result<(), Failure> {
    let load = |path: &Path| Found::load(path);
    let mut fixing =
        Fixing { readers: Readers::new(&load), wanted: Wanted { options, fixes: BTreeMap::new() } };
    let mut wanted: BTreeSet<Edits> = BTreeSet::new();
    for path in paths {
        if files::is_stream(path) {
            let message = "`--fix` writes into files, and what is read from a stream is none";
            return Err(Failure::Usage(message.to_owned()));
        }
        // What is no text, or cannot be read, is told when it is looked at.
        if Policy::is_artifact(path) {
            continue;
        }
        let Ok(policy) = Found::load(path) else { continue };
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
        tell!("{BOLD}not fixed{BOLD:#} {findings} in {file}: {why}");
    }
    written
}

struct Fixing<'o> {
    readers: Readers<'o>,
    wanted: Wanted<'o>,
}

/// The fixes that each policy was found to want.
struct Wanted<'o> {
    options: &'o Options,
    fixes: BTreeMap<PathBuf, BTreeSet<Edits>>,
}

impl Wanted<'_> {
    /// The fixes of what is found in a policy; none if it has mistakes, which are told elsewhere.
    fn of(&mut self, policy: &Found) -> Result<&BTreeSet<Edits>, Failure> {
        use std::collections::btree_map::Entry;
        let entry = match self.fixes.entry(policy.path.clone()) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(entry) => entry,
        };
        let mut fixes = BTreeSet::new();
        if let Some(model) = policy.model() {
            let found = lint(model, self.options).map_err(Failure::Policy)?;
            let found = found.iter().filter_map(whyfor::Diagnostic::fix);
            fixes.extend(found.map(|fix| edits(policy, model, fix)));
        }
        Ok(entry.insert(fixes))
    }
}

impl Fixing<'_> {
    /// In which file a fix is not made, and why; `None` if all agree to it.
    fn refusal(&mut self, edits: &Edits) -> Result<Option<(PathBuf, String)>, Failure> {
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
                    let why = format!("`{path}` reads it too, and needs what would go");
                    return Ok(Some((file.clone(), why)));
                }
            }
        }
        Ok(None)
    }

    /// Writes the fixes, if every policy that reads one of the files keeps its answers.
    fn write(&mut self, agreed: &BTreeSet<Edits>) -> Result<(), Failure> {
        let edits: BTreeSet<&Edit> = agreed.iter().flatten().collect();
        let files: BTreeSet<&PathBuf> = edits.iter().map(|(file, ..)| file).collect();
        let mut readers: BTreeSet<usize> = BTreeSet::new();
        for file in &files {
            readers.extend(self.readers.of(file).map_err(Failure::Usage)?);
        }
        let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
        for number in readers {
            let policy = self.readers.policy(number);
            let Some(model) = policy.model() else { continue };
            let not_fixed = |error: FixError| match error {
                FixError::Mistakes(diagnostics) => Failure::Policy(diagnostics),
                other => {
                    let path = policy.path.display();
                    Failure::Usage(format!("nothing was fixed: in `{path}` {other}"))
                }
            };
            let changed = changed(policy, model, &edits).map_err(not_fixed)?;
            keeps(model, &changed).map_err(not_fixed)?;
            for Fixed { path, text } in changed {
                let at = model.sources().files().iter().position(|file| file.path() == path);
                let place = at.and_then(|at| policy.files.get(at)).cloned().unwrap_or_default();
                texts.insert(place, text);
            }
            unchanged(policy, model, &files)?;
        }
        if texts.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = texts.keys().map(|path| path.display().to_string()).collect();
        let texts: Vec<(PathBuf, String)> = texts.into_iter().collect();
        files::replace_all(&texts).map_err(Failure::io("cannot write what is fixed"))?;
        let findings = findings(agreed.len());
        tell!("{BOLD}fixed{BOLD:#} {findings} in {}", names.join(", "));
        Ok(())
    }
}

/// Whether every policy that reads one of the files, beside the one that is `fixed`, keeps every decision, duty
/// and retention with these changes.
///
/// # Errors
/// Why the changes are not to be made.
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

/// The changes of a fix that was found in a policy.
pub(crate) fn edits(policy: &Found, model: &Model, fix: &Fix) -> Edits {
    let edit = |(span, text): &(Span, String)| {
        (place(policy, model, *span), span.start, span.end, text.clone())
    };
    fix.edits.iter().map(edit).collect()
}

/// Where the file of a place is.
fn place(policy: &Found, model: &Model, span: Span) -> PathBuf {
    let path = model.sources().file(span.file).path();
    let at = model.sources().files().iter().position(|file| file.path() == path);
    at.and_then(|at| policy.files.get(at)).cloned().unwrap_or_else(|| real(Path::new(path)))
}

/// The files of a policy with those of the edits that are about them. One that it reads by two names has
/// the edits in both.
fn changed(policy: &Found, model: &Model, edits: &BTreeSet<&Edit>) -> Result<Vec<Fixed>, FixError> {
    let mut here: Vec<(Span, String)> = Vec::new();
    for (id, place) in policy.files.iter().enumerate() {
        for (_, start, end, text) in edits.iter().filter(|(file, ..)| file == place) {
            let span = model.sources().span(id, *start as usize..*end as usize);
            here.extend(span.map(|span| (span, text.clone())));
        }
    }
    edited(model, &here)
}

/// Whether the files are still as they were read; else what somebody else wrote would be lost.
/// One that is to be written has no byte order mark, which would be lost as well.
fn unchanged(policy: &Found, model: &Model, to_write: &BTreeSet<&PathBuf>) -> Result<(), Failure> {
    const MARK: &[u8] = "\u{FEFF}".as_bytes();
    for (source, path) in model.sources().files().iter().zip(&policy.files) {
        let now = std::fs::read(path).map_err(Failure::io("cannot read what is to be fixed"))?;
        let text = if to_write.contains(path) { None } else { now.strip_prefix(MARK) };
        if text.unwrap_or(&now) != source.text().as_bytes() {
            let why = "it has changed meanwhile, or starts with a byte order mark";
            let message = format!("nothing was fixed: `{}`: {why}", path.display());
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}
