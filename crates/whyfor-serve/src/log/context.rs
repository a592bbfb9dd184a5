//! What a request decides through.

use super::chunk::{CHUNK, Chunk, Differs, Refused, Row};
use super::shared::Shared;
use crate::version::Version;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::SystemTime;
use whyfor::{
    Act, CategoryId, Decision, Facts, Field, Policy, PurposeId, Question, Reason, ReasonKind,
    Verdict,
};

/// Decides for one request, and logs each decision: made by [`DecisionLog::context`](crate::DecisionLog::context).
///
/// It asks as [`Policy`] does, and remembers some words of each answer. When it is dropped, they are queued for the log's
/// own thread; earlier if there are many. Make one for each request, and for each thread or task of it.
#[derive(Debug)]
pub struct Context<'v> {
    log: &'v Shared,
    version: &'v Arc<Version>,
    policy: &'v Policy,
    time: SystemTime,
    fields: Option<Arc<Vec<(&'static str, String)>>>,
    rows: Vec<Row>,
    /// Decisions that are counted and not written.
    sampled: Vec<Row>,
    /// Some decisions are left out.
    is_sampled: bool,
    /// Of the numbers that choose samples.
    seed: u64,
}

impl<'v> Context<'v> {
    pub(super) fn new(log: &'v Shared, version: &'v Arc<Version>, seed: u64) -> Self {
        Self {
            log,
            version,
            policy: version.policy(),
            time: SystemTime::now(),
            fields: None,
            rows: Vec::new(),
            sampled: Vec::new(),
            is_sampled: [log.options.allows, log.options.denials] != [NonZeroU32::MIN; 2],
            seed,
        }
    }

    /// Adds a field to each decision of this request from now on, such as the number of the request: no personal data.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// let live = shop.snapshot();
    /// let request = log.context(live.version()).with("request", "r-17").with("trace", "4bf92f35");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hand_over(); // what was decided before does not have it
        let fields = Arc::make_mut(self.fields.get_or_insert_default());
        fields.retain(|(other, _)| *other != name);
        fields.push((name, value.into()));
        self
    }

    /// The policy that it asks.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// let live = shop.snapshot();
    /// let request = log.context(live.version());
    /// let facts = request.policy().facts_builder().with("consent", true)?.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn policy(&self) -> &'v Policy {
        self.policy
    }

    /// Decides by ids, as [`Policy::decide`], and logs it.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// use whyfor::{Act, Facts};
    /// let names = shop.names(|policy| Ok((policy.category("email")?, policy.purpose("login")?)))?;
    /// let live = names.snapshot();
    /// let (email, login) = *live.names();
    /// let mut request = log.context(live.version());
    /// assert!(request.decide(Act::Use, email, login, Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn decide<'a>(
        &mut self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy.decide(act, category, purpose, facts);
        self.note(&decision, None);
        decision
    }

    /// Decides about all categories of a field, as [`Policy::decide_field`], and logs it as one decision.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// use whyfor::{Act, Facts};
    /// let live = shop.snapshot();
    /// let mut request = log.context(live.version());
    /// let (field, login) = (request.policy().field("work_email")?, request.policy().purpose("login")?);
    /// assert!(request.decide_field(Act::Use, &field, login, Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_field<'a>(
        &mut self,
        act: Act,
        field: &Field,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy.decide_field(act, field, purpose, facts);
        self.note(&decision, None);
        decision
    }

    /// Decides by names, as [`Policy::ask`], and logs it. A name that the policy does not know is logged as a hash.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// use whyfor::{Facts, Question};
    /// let live = shop.snapshot();
    /// let mut request = log.context(live.version());
    /// assert!(request.ask(&Question::usage("email", "login"), Facts::none()).is_allowed());
    /// assert!(!request.ask(&Question::usage("ada@example.org", "login"), Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn ask<'a>(&mut self, question: &Question<'a>, facts: &'a Facts) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy.ask(question, facts);
        self.note_asked(question, &decision, None);
        decision
    }

    /// The version that it asks.
    #[cfg(feature = "shadow")]
    pub(crate) fn version(&self) -> &'v Arc<Version> {
        self.version
    }

    /// Logs a decision by names, and how a candidate differs.
    #[inline(always)]
    pub(crate) fn note_asked(
        &mut self,
        question: &Question<'_>,
        decision: &Decision<'_>,
        differs: Option<Differs>,
    ) {
        match decision.record() {
            Some(record) => self.push(|| Row::Decided(record), decision.verdict(), differs),
            None => {
                let row = self.refused(question, decision);
                self.push(|| row, Verdict::Deny, differs);
            }
        }
    }

    /// Logs a decision by ids, which have no names that could be unknown.
    #[inline(always)]
    pub(crate) fn note(&mut self, decision: &Decision<'_>, differs: Option<Differs>) {
        if let Some(record) = decision.record() {
            self.push(|| Row::Decided(record), decision.verdict(), differs);
        }
    }

    /// `row` is called where it is kept: a decision is not copied on the way.
    #[inline(always)]
    fn push(&mut self, row: impl FnOnce() -> Row, verdict: Verdict, differs: Option<Differs>) {
        if self.is_sampled || differs.is_some() {
            return self.push_rarely(row(), verdict, differs);
        }
        if self.rows.len() == self.rows.capacity() {
            self.make_room();
        }
        self.rows.extend(std::iter::once_with(row));
    }

    /// Of samples, and of answers from which a candidate differs: these are never left out.
    #[cold]
    fn push_rarely(&mut self, row: Row, verdict: Verdict, differs: Option<Differs>) {
        let one_in = match verdict {
            Verdict::Allow => self.log.options.allows,
            _ => self.log.options.denials,
        };
        let row = match differs {
            Some(differs) => Row::Shadowed(Box::new((row, differs))),
            None if self.is_chosen(one_in) => row,
            None => return self.leave_out(row),
        };
        if self.rows.len() == self.rows.capacity() {
            self.make_room();
        }
        self.rows.push(row);
    }

    /// Makes room for a decision: memory of chunks that were written, or more memory, or a new chunk.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        match self.rows.capacity() {
            0 => self.rows = self.log.memory(),
            capacity if capacity < CHUNK => self.rows.reserve_exact(3 * capacity),
            _ => {
                self.hand_over();
                self.rows = self.log.memory();
            }
        }
    }

    fn leave_out(&mut self, row: Row) {
        self.sampled.push(row);
        if self.sampled.len() >= CHUNK {
            self.hand_over();
        }
    }

    /// One in so many, at random: the generator of Knuth's MMIX, of which the upper bits are used.
    fn is_chosen(&mut self, one_in: NonZeroU32) -> bool {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33).is_multiple_of(u64::from(one_in.get()))
    }

    /// A question with names that the policy does not know.
    #[cold]
    fn refused(&self, question: &Question<'_>, decision: &Decision<'_>) -> Row {
        let policy = self.policy;
        let (act, purpose) = (question.act.kind(), policy.purpose(question.purpose));
        let party = question.act.party().flatten();
        let party = party.and_then(|party| match question.act {
            Act::Collect(_) => policy.path(policy.method(party).ok()?),
            Act::Share(_) => policy.path(policy.recipient(party).ok()?),
            Act::Use => None,
        });
        let field = policy.field(question.field).ok();
        let categories = field.map(|field| {
            let paths = policy.paths(&field);
            paths.into_iter().map(str::to_owned).collect()
        });
        let mut reason = ReasonKind::UnknownField;
        let mut unknown = Vec::new();
        for (at, reason_of_name) in decision.reasons().iter().enumerate() {
            if at == 0 {
                reason = reason_of_name.kind();
            }
            if let Reason::Refused(refusal) = reason_of_name {
                unknown.push((refusal.hierarchy(), self.log.hash(refusal.name())));
            }
        }
        let path = |id: PurposeId| policy.path(id).unwrap_or_default().to_owned();
        let refused = Refused {
            act,
            categories: categories.unwrap_or_default(),
            party: party.map(str::to_owned),
            purpose: purpose.ok().map(|id| (id, path(id))),
            reason,
            unknown,
        };
        Row::Refused(Box::new(refused))
    }

    /// Queues what was decided so far.
    #[cold]
    #[inline(never)]
    fn hand_over(&mut self) {
        if !self.sampled.is_empty() {
            self.log.leave_out(self.version, &self.sampled);
            self.sampled.clear();
        }
        if self.rows.is_empty() {
            return;
        }
        let chunk = Chunk {
            version: Arc::clone(self.version),
            time: self.time,
            fields: self.fields.clone(),
            rows: std::mem::take(&mut self.rows),
        };
        self.log.push(chunk);
    }
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        self.hand_over();
    }
}
