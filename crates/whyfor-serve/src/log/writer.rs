//! The thread that writes a log: it looks reasons up and calls the sink.

use super::chunk::{Chunk, Differs, Refused, Row};
use super::entry::{Entry, LoggedDecision, LoggedShadow, Lost, UnknownName};
use super::queue::{Queue, Work};
use super::shared::Shared;
use super::sink::{Sink, SinkError};
use crate::version::Version;
use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use whyfor::{Act, DecisionRecord, Digest, Field, Policy, Reason, Verdict};

/// How long what is written may wait for a flush, which can take a disk milliseconds.
const LONGEST_UNSAFE: Duration = Duration::from_secs(1);

/// Entries that are made before they are written: enough to share a call of the system.
const AT_ONCE: usize = 256;

/// Digests of kept policies that are remembered. More versions are kept again, which does no harm.
const MOST_KEPT: usize = 4096;

/// Writes until the log is closed and nothing is left.
pub(super) fn run(shared: &Shared, sink: Box<dyn Sink>) {
    let _closes = Closes(&shared.queue);
    let mut writer = Writer::new(shared, sink);
    // What was written and is not flushed since, and from when on it is to be.
    let mut flush_at = None;
    let mut flushes = 0;
    loop {
        let Work { chunks, dropped, flush, is_last } = shared.queue.take(flush_at.is_none());
        if dropped > 0 {
            writer.report_dropped(dropped);
        }
        if dropped > 0 || !chunks.is_empty() {
            flush_at.get_or_insert_with(|| Instant::now() + LONGEST_UNSAFE);
        }
        chunks.iter().for_each(|chunk| writer.chunk(chunk));
        writer.write();
        shared.keep_memory(chunks.into_iter().map(|chunk| chunk.rows));
        let is_due = flush_at.is_some_and(|at| Instant::now() >= at);
        if is_due || is_last || flush != flushes {
            writer.call(Call::Flush, |sink| sink.flush());
            (flush_at, flushes) = (None, flush);
        }
        shared.queue.flushed(flush);
        if is_last {
            return;
        }
    }
}

/// Closes the queue when the writer ends, even by a panic: nobody waits for a writer that is gone.
struct Closes<'q>(&'q Queue);

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What the sink is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Write,
    Keep,
    Flush,
}

struct Writer<'s> {
    shared: &'s Shared,
    sink: Box<dyn Sink>,
    /// The calls that failed the last time, and why. Only the same call clears it: a disk that is too full to write on can
    /// be flushed.
    failing: BTreeMap<Call, String>,
    /// The policies that the sink has kept.
    kept: HashSet<Digest>,
    /// Those of them that are there, as the sink said since it wrote last.
    seen: HashSet<Digest>,
    entries: Vec<Entry>,
}

impl<'s> Writer<'s> {
    fn new(shared: &'s Shared, sink: Box<dyn Sink>) -> Self {
        let (failing, entries) = (BTreeMap::new(), Vec::new());
        let (kept, seen) = (HashSet::new(), HashSet::new());
        Self { shared, sink, failing, kept, seen, entries }
    }

    /// Calls the sink; whether it worked. A panic of it is a failure like any other.
    fn call(
        &mut self,
        what: Call,
        call: impl FnOnce(&mut dyn Sink) -> Result<(), SinkError>,
    ) -> bool {
        let sink = self.sink.as_mut();
        let error = match catch_unwind(AssertUnwindSafe(|| call(sink).map_err(|e| e.to_string()))) {
            Ok(result) => result.err(),
            Err(_) => Some("the sink panicked".to_owned()),
        };
        let worked = error.is_none();
        match error {
            Some(error) => self.failing.insert(what, error),
            None => self.failing.remove(&what),
        };
        self.shared.queue.sink_did(worked, self.failing.values().next());
        worked
    }

    fn report_dropped(&mut self, dropped: u64) {
        let lost = [Entry::Lost(Lost { time: SystemTime::now(), dropped })];
        if !self.call(Call::Write, |sink| sink.write(&lost)) {
            self.shared.queue.still_unreported(dropped);
        }
    }

    /// Lets the sink keep the policy of a version, unless it has it. What is kept may be removed while the service runs.
    fn keep(&mut self, version: &Version) {
        let digest = version.digest();
        if self.seen.contains(&digest) {
            return;
        }
        let sink = &self.sink;
        let is_there = self.kept.contains(&digest)
            && catch_unwind(AssertUnwindSafe(|| sink.has_kept(version))).unwrap_or(false);
        if !is_there && !self.call(Call::Keep, |sink| sink.keep(version)) {
            return;
        }
        if self.kept.len() >= MOST_KEPT {
            self.kept.clear();
        }
        self.kept.insert(digest);
        self.seen.insert(digest);
    }

    fn chunk(&mut self, chunk: &Chunk) {
        let version = &chunk.version;
        self.keep(version);
        let tally = self.shared.tally.of(version);
        chunk.rows.iter().for_each(|row| tally.add(row));
        let mut unwanted = 0;
        for row in &chunk.rows {
            let verdict = row.verdict();
            let sink = &self.sink;
            if catch_unwind(AssertUnwindSafe(|| sink.wants(verdict))).unwrap_or(true) {
                self.entries.push(Entry::Decision(entry(chunk, row)));
            } else {
                unwanted += 1;
            }
        }
        if unwanted > 0 {
            self.shared.queue.done(unwanted, |status| &mut status.sampled);
        }
        if self.entries.len() >= AT_ONCE {
            self.write();
        }
    }

    fn write(&mut self) {
        self.seen.clear();
        if self.entries.is_empty() {
            return;
        }
        let entries = std::mem::take(&mut self.entries);
        let count = entries.len() as u64;
        if self.call(Call::Write, |sink| sink.write(&entries)) {
            self.shared.queue.done(count, |status| &mut status.written);
        } else {
            self.shared.queue.done(count, |status| &mut status.dropped);
            self.shared.queue.still_unreported(count);
        }
        self.entries = entries;
        self.entries.clear();
    }
}

fn entry(chunk: &Chunk, row: &Row) -> LoggedDecision {
    let version = &chunk.version;
    let logged = match row {
        Row::Decided(record) => decided(chunk.time, version, record),
        Row::Refused(question) => refused(chunk.time, version, question),
        Row::Shadowed(both) => {
            let (row, Differs { verdict, digest }) = &**both;
            let shadow = LoggedShadow { result: (*verdict).into(), digest: *digest };
            return LoggedDecision { shadow: Some(shadow), ..entry(chunk, row) };
        }
    };
    let fields = chunk.fields.iter().flat_map(|fields| fields.iter());
    let context = fields.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    LoggedDecision { context, ..logged }
}

fn decided(time: SystemTime, version: &Arc<Version>, record: &DecisionRecord) -> LoggedDecision {
    let policy: &Policy = version.policy();
    let facts = record.facts();
    let decision = policy.recall(record, &facts);
    let reasons = decision.reasons();
    let statements = reasons.iter().filter_map(Reason::statement);
    let fields: Vec<Field> = record.categories().map(Field::from).collect();
    let mut categories: Vec<String> =
        fields.iter().flat_map(|field| policy.paths(field)).map(str::to_owned).collect();
    categories.sort_unstable();
    categories.dedup();
    let party = policy.named_act(record.act()).and_then(Act::party).flatten();
    LoggedDecision {
        time,
        policy: version.name().to_owned(),
        digest: version.digest(),
        act: record.act().kind(),
        categories,
        party: party.map(str::to_owned),
        purpose: policy.path(record.purpose()).map(str::to_owned),
        verdict: record.verdict(),
        reason: reasons.first().map(Reason::kind),
        statements: statements.map(|statement| statement.index()).collect(),
        missing: decision.missing().into_iter().map(str::to_owned).collect(),
        unknown: Vec::new(),
        shadow: None,
        context: BTreeMap::new(),
    }
}

fn refused(time: SystemTime, version: &Arc<Version>, question: &Refused) -> LoggedDecision {
    let unknown = question.unknown.iter();
    let unknown = unknown.map(|(hierarchy, hash)| UnknownName {
        hierarchy: *hierarchy,
        hash: format!("{hash:016x}"),
    });
    LoggedDecision {
        time,
        policy: version.name().to_owned(),
        digest: version.digest(),
        act: question.act,
        categories: question.categories.clone(),
        party: question.party.clone(),
        purpose: question.purpose.as_ref().map(|(_, path)| path.clone()),
        verdict: Verdict::Deny,
        reason: Some(question.reason),
        statements: Vec::new(),
        missing: Vec::new(),
        unknown: unknown.collect(),
        shadow: None,
        context: BTreeMap::new(),
    }
}
