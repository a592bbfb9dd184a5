//! Reads logs. Decisions that are alike in everything but time and request are counted as one kind, so that memory is
//! bounded by what a policy can be asked, not by the log.

use crate::files::{self, FileError};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use whyfor_serve::{Entry, LoggedDecision};

/// Most bytes of a line. A decision has some hundred.
const MOST_LINE: u64 = 1 << 20;
/// Most places of unreadable lines that are shown.
const MOST_PLACES: usize = 5;

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("no log is in `{0}`: it has no file `decisions.jsonl` or `decisions.….jsonl`")]
    NoLog(String),
}

/// Decisions that are alike.
#[derive(Debug, Serialize)]
pub(crate) struct Alike {
    /// One of them.
    #[serde(flatten)]
    pub(crate) decision: LoggedDecision,
    pub(crate) count: u64,
}

/// What logs say.
#[derive(Debug, Default)]
pub(crate) struct Log {
    kinds: BTreeMap<String, Alike>,
    /// The times of the first and the last decision.
    pub(crate) span: Option<(SystemTime, SystemTime)>,
    /// Decisions that the log says it has lost.
    pub(crate) lost: u64,
    /// Lines that are none of a log.
    pub(crate) unread: u64,
    /// The first of them: file and line.
    pub(crate) unread_places: Vec<String>,
    /// The folders of the logs.
    pub(crate) folders: Vec<PathBuf>,
}

impl Log {
    /// Reads files and folders.
    ///
    /// # Errors
    /// One cannot be read, or a folder has no log.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, LogError> {
        let mut log = Self::default();
        for path in paths {
            if !path.is_dir() {
                if let Some(folder) = path.parent().filter(|_| !files::is_stream(path)) {
                    log.folders.push(folder.to_owned());
                }
                log.file(path)?;
                continue;
            }
            let files = files_of(path)?;
            if files.is_empty() {
                return Err(LogError::NoLog(files::shown_name(path)));
            }
            log.folders.push(path.clone());
            files.iter().try_for_each(|file| log.file(file))?;
        }
        Ok(log)
    }

    /// The kinds of decisions, the most frequent first.
    pub(crate) fn kinds(&self) -> Vec<&Alike> {
        let mut kinds: Vec<&Alike> = self.kinds.values().collect();
        kinds.sort_by_key(|alike| std::cmp::Reverse(alike.count));
        kinds
    }

    fn file(&mut self, path: &Path) -> Result<(), LogError> {
        let name = files::shown_name(path);
        let failed = |error| FileError::System { doing: format!("cannot read `{name}`"), error };
        let mut lines = BufReader::with_capacity(1 << 16, files::open(path)?);
        let mut line = Vec::new();
        for number in 1_u64.. {
            if !next_line(&mut lines, &mut line).map_err(failed)? {
                return Ok(());
            }
            match serde_json::from_slice(&line) {
                Ok(Entry::Decision(decision)) => self.add(decision),
                Ok(Entry::Lost(lost)) => self.lost = self.lost.saturating_add(lost.dropped),
                _ if line.trim_ascii().is_empty() => {}
                _ => {
                    self.unread += 1;
                    if self.unread_places.len() < MOST_PLACES {
                        self.unread_places.push(format!("{name}:{number}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, mut decision: LoggedDecision) {
        let time = decision.time;
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
        decision.time = SystemTime::UNIX_EPOCH;
        decision.context.clear();
        // A hash is another one after each start of the service.
        decision.unknown.iter_mut().for_each(|name| name.hash.clear());
        let key = serde_json::to_string(&decision).unwrap_or_default(); // cannot fail in memory
        decision.time = time;
        self.kinds.entry(key).or_insert(Alike { decision, count: 0 }).count += 1;
    }
}

/// The files of a log, in the order in which they were written.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let shown = files::shown_name(folder);
    let failed = |error| FileError::System { doing: format!("cannot read `{shown}`"), error };
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("decisions.") && name.ends_with(".jsonl") && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable(); // the current one, without a number, is the last: `j` comes after digits
    Ok(files)
}

/// Reads one line, without its end; whether there was one. Of a line that is too long only the start is kept, which is
/// no JSON.
fn next_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if from.by_ref().take(MOST_LINE).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') {
        from.skip_until(b'\n')?;
    }
    Ok(true)
}
