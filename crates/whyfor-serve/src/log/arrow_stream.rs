//! A log as streams of Arrow in a folder, for data frames.

use super::entry::{Entry, LoggedDecision};
use super::files::{LogFiles, LogFolderError};
use super::sink::{Sink, SinkError};
use crate::version::Version;
use arrow_array::builder::{
    ListBuilder, MapBuilder, StringBuilder, TimestampMillisecondBuilder, UInt32Builder,
    UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// A sink that writes Arrow's streaming format into a folder, as `decisions.arrows`: pandas, polars and DuckDB read it by
/// `pyarrow.ipc.open_stream`. The policies that decided are kept beside it.
///
/// Each batch is written whole or not at all, so that a stream whose process was killed is read up to its last batch. A new
/// process begins a new file. Columns are the members of a line of [`JsonLines`](crate::JsonLines); lost decisions are rows
/// with a count in `dropped`.
pub struct ArrowStream {
    files: LogFiles,
    /// The stream of the current file, once it has begun.
    stream: Option<StreamWriter<Vec<u8>>>,
}

impl ArrowStream {
    /// Writes into this folder, which is made if it is not there. Earlier files stay.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let sink = whyfor_serve::ArrowStream::new(folder.path())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The folder cannot be written to, or another log is written there.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, LogFolderError> {
        Ok(Self { files: LogFiles::open(folder.into(), "arrows")?, stream: None })
    }

    /// As [`JsonLines::rotate_at`](crate::JsonLines::rotate_at).
    #[must_use]
    pub fn rotate_at(mut self, bytes: NonZeroU64) -> Self {
        self.files.rotate_at = bytes.get();
        self
    }

    /// As [`JsonLines::keep_files`](crate::JsonLines::keep_files).
    #[must_use]
    pub fn keep_files(mut self, count: usize) -> Self {
        self.files.keep_files = Some(count);
        self
    }

    /// Ends the stream of the current file, and puts the file aside.
    fn end(&mut self) -> Result<(), SinkError> {
        if let Some(mut stream) = self.stream.take() {
            stream.finish()?;
            self.files.append(&std::mem::take(stream.get_mut()))?;
        }
        self.files.rotate()
    }

    /// Appends a batch; a file begins with the schema.
    fn append(&mut self, batch: &RecordBatch) -> Result<(), SinkError> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(StreamWriter::try_new(Vec::new(), &batch.schema())?),
        };
        stream.write(batch)?;
        let bytes = std::mem::take(stream.get_mut());
        let appended = self.files.append(&bytes);
        if appended.is_err() {
            self.stream = None; // the next batch begins another file, unless this one is empty
        }
        appended
    }
}

impl Sink for ArrowStream {
    fn keep(&mut self, version: &Version) -> Result<(), SinkError> {
        self.files.keep(version)
    }

    fn has_kept(&self, version: &Version) -> bool {
        self.files.has_kept(version)
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
        let batch = batch(entries)?;
        if self.files.has_moved()? {
            self.stream = None; // a file begins with the schema
        }
        let is_of_another_stream = self.stream.is_none() && self.files.length()? > 0;
        if is_of_another_stream || self.files.is_full(batch.get_array_memory_size())? {
            self.end()?;
        }
        self.append(&batch)
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        self.files.flush()
    }
}

impl Drop for ArrowStream {
    fn drop(&mut self) {
        if let Some(mut stream) = self.stream.take()
            && stream.finish().is_ok()
        {
            let _ = self.files.append(stream.get_ref()); // readers do without the end
        }
    }
}

impl std::fmt::Debug for ArrowStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArrowStream").field("files", &self.files).finish_non_exhaustive()
    }
}

/// The columns of a batch.
#[derive(Default)]
struct Columns {
    time: TimestampMillisecondBuilder,
    dropped: UInt64Builder,
    policy: StringBuilder,
    digest: StringBuilder,
    act: StringBuilder,
    categories: ListBuilder<StringBuilder>,
    party: StringBuilder,
    purpose: StringBuilder,
    verdict: StringBuilder,
    reason: StringBuilder,
    statements: ListBuilder<UInt32Builder>,
    missing: ListBuilder<StringBuilder>,
    unknown: ListBuilder<StringBuilder>,
    shadow: StringBuilder,
    shadow_digest: StringBuilder,
    context: Option<MapBuilder<StringBuilder, StringBuilder>>,
}

fn batch(entries: &[Entry]) -> Result<RecordBatch, SinkError> {
    let mut columns = Columns::default();
    for entry in entries {
        match entry {
            Entry::Decision(decision) => columns.decision(decision)?,
            Entry::Lost(lost) => {
                columns.time.append_value(milliseconds(lost.time));
                columns.dropped.append_value(lost.dropped);
                columns.nothing_more()?;
            }
        }
    }
    Ok(columns.finish()?)
}

fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl Columns {
    fn decision(&mut self, decision: &LoggedDecision) -> Result<(), ArrowError> {
        self.time.append_value(milliseconds(decision.time));
        self.dropped.append_null();
        self.policy.append_value(&decision.policy);
        self.digest.append_value(decision.digest.to_string());
        self.act.append_value(decision.act.as_str());
        self.categories.append_value(decision.categories.iter().map(Some));
        self.party.append_option(decision.party.as_ref());
        self.purpose.append_option(decision.purpose.as_ref());
        self.verdict.append_value(decision.verdict.as_str());
        self.reason.append_option(decision.reason.map(|reason| reason.as_str()));
        let statements = decision.statements.iter().map(|number| u32::try_from(*number).ok());
        self.statements.append_value(statements);
        self.missing.append_value(decision.missing.iter().map(Some));
        let unknown = decision.unknown.iter();
        self.unknown
            .append_value(unknown.map(|name| Some(format!("{}:{}", name.hierarchy, name.hash))));
        let shadow = decision.shadow.as_ref();
        self.shadow.append_option(shadow.map(|shadow| shadow.result.as_str()));
        self.shadow_digest.append_option(shadow.map(|shadow| shadow.digest.to_string()));
        let context = self.context();
        for (name, value) in &decision.context {
            context.keys().append_value(name);
            context.values().append_value(value);
        }
        context.append(true)
    }

    /// Nulls, of a row that is no decision.
    fn nothing_more(&mut self) -> Result<(), ArrowError> {
        let texts = [
            &mut self.policy,
            &mut self.digest,
            &mut self.act,
            &mut self.party,
            &mut self.purpose,
            &mut self.verdict,
            &mut self.reason,
            &mut self.shadow,
            &mut self.shadow_digest,
        ];
        texts.into_iter().for_each(StringBuilder::append_null);
        [&mut self.categories, &mut self.missing, &mut self.unknown]
            .into_iter()
            .for_each(ListBuilder::append_null);
        self.statements.append_null();
        self.context().append(false)
    }

    fn context(&mut self) -> &mut MapBuilder<StringBuilder, StringBuilder> {
        self.context.get_or_insert_with(|| {
            MapBuilder::new(None, StringBuilder::new(), StringBuilder::new())
        })
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let context = self.context().finish();
        let time = self.time.finish().with_timezone("UTC");
        let columns: [(&str, ArrayRef); 16] = [
            ("time", Arc::new(time)),
            ("dropped", Arc::new(self.dropped.finish())),
            ("policy", Arc::new(self.policy.finish())),
            ("digest", Arc::new(self.digest.finish())),
            ("act", Arc::new(self.act.finish())),
            ("categories", Arc::new(self.categories.finish())),
            ("party", Arc::new(self.party.finish())),
            ("purpose", Arc::new(self.purpose.finish())),
            ("verdict", Arc::new(self.verdict.finish())),
            ("reason", Arc::new(self.reason.finish())),
            ("statements", Arc::new(self.statements.finish())),
            ("missing", Arc::new(self.missing.finish())),
            ("unknown", Arc::new(self.unknown.finish())),
            ("shadow", Arc::new(self.shadow.finish())),
            ("shadow_digest", Arc::new(self.shadow_digest.finish())),
            ("context", Arc::new(context)),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
    }
}
