//! One call: the paths, the plan of the first pass, the report, the first error.
//!
//! The first pass walks a value without a format. It decides every value and writes a [`Token`] for it, so that the second
//! pass can announce true lengths and leave containers out of which nothing would remain. The second pass decides every
//! value again: it uses the plan for lengths, never as a permission.

use crate::memory::{Kept, Remembered};
use crate::paths::{Mark, PathId, Ruling};
use crate::problem::{Bad, Error, Problem};
use crate::report::Report;
use crate::scope::Scope;
use crate::token::Token;
use crate::treatment::{Fate, Layout, Treatment};
use std::cell::RefCell;
use whyfor::{Facts, Policy};

#[derive(Debug)]
pub(crate) struct Walk<'v> {
    remembered: &'v Remembered,
    policy: &'v Policy,
    facts: &'v Facts,
    pub(crate) treatment: Treatment<'v>,
    pub(crate) is_human_readable: bool,
    kept: Box<Kept>,
    report: RefCell<Report>,
    failure: RefCell<Option<Error>>,
    #[cfg(feature = "json")]
    is_called_off: std::cell::Cell<bool>,
}

impl<'v> Walk<'v> {
    /// Starts a call with what earlier ones left.
    ///
    /// # Errors
    /// The policy does not know a name that the program asks with.
    pub(crate) fn new(
        remembered: &'v Remembered,
        policy: &'v Policy,
        facts: &'v Facts,
        treatment: Treatment<'v>,
        is_human_readable: bool,
    ) -> Result<Self, Error> {
        let mut kept = remembered.memory.take(&remembered.asked, policy)?;
        kept.paths.get_mut().start();
        kept.plan.get_mut().clear();
        Ok(Self {
            remembered,
            policy,
            facts,
            treatment,
            is_human_readable,
            kept,
            report: RefCell::default(),
            failure: RefCell::default(),
            #[cfg(feature = "json")]
            is_called_off: std::cell::Cell::new(false),
        })
    }

    /// Stops an attempt to do without the first pass: the value at a path has parts.
    #[cfg(feature = "json")]
    pub(crate) fn call_off(&self, id: PathId) {
        self.is_called_off.set(true);
        self.kept.paths.borrow_mut().has_parts(id);
    }

    #[cfg(feature = "json")]
    pub(crate) fn is_called_off(&self) -> bool {
        self.is_called_off.get()
    }

    /// Starts again, as if nothing was walked.
    #[cfg(feature = "json")]
    pub(crate) fn restart(&mut self) {
        self.kept.paths.get_mut().start();
        self.kept.plan.get_mut().clear();
        *self.report.get_mut() = Report::default();
        *self.failure.get_mut() = None;
        self.is_called_off.set(false);
    }

    /// Leaves what the next call can use, and gives the report, and what went wrong.
    pub(crate) fn finish(self) -> (Report, Option<Error>) {
        self.remembered.memory.keep(self.kept);
        (self.report.into_inner(), self.failure.into_inner())
    }

    fn scope(&self) -> Scope<'_> {
        let Self { remembered, policy, facts, kept, .. } = self;
        Scope { policy, facts, asked: &remembered.asked, resolved: &kept.resolved }
    }

    #[inline(always)]
    pub(crate) fn field(&self, parent: PathId, name: &'static str, next: &mut usize) -> PathId {
        if let Some(path) = self.kept.paths.borrow().next_field(parent, name, *next) {
            *next += 1;
            return path;
        }
        self.kept.paths.borrow_mut().field(&self.scope(), parent, name, next)
    }

    /// The path of the field that stood here last time, if every value without parts may pass there.
    #[cfg(feature = "json")]
    #[inline(always)]
    pub(crate) fn next_direct(
        &self,
        parent: PathId,
        name: &'static str,
        next: usize,
    ) -> Option<PathId> {
        self.kept.paths.borrow().next_direct(parent, name, next)
    }

    /// Whether every value without parts may pass at a path, and none with parts was there.
    #[cfg(feature = "json")]
    pub(crate) fn is_direct(&self, id: PathId) -> bool {
        let mut paths = self.kept.paths.borrow_mut();
        !paths.is_with_parts(id) && matches!(paths.ruling(&self.scope(), id), Ruling::Pass)
    }

    /// The path of a key; `next` as in [`field`](Self::field).
    #[inline]
    pub(crate) fn key(&self, parent: PathId, name: &str, next: &mut usize) -> (PathId, Mark) {
        if let Some(path) = self.kept.paths.borrow().next_key(parent, name, *next) {
            *next += 1;
            return (path, Mark::NONE);
        }
        self.kept.paths.borrow_mut().key(&self.scope(), parent, name, next)
    }

    /// A number for a map that is read, for [`is_repeated`](Self::is_repeated).
    pub(crate) fn map(&self) -> u64 {
        self.kept.paths.borrow_mut().map()
    }

    /// Whether a remembered path was met before in a map.
    pub(crate) fn is_repeated(&self, id: PathId, map: u64) -> bool {
        self.kept.paths.borrow_mut().is_repeated(id, map)
    }

    pub(crate) fn release(&self, mark: Mark) {
        self.kept.paths.borrow_mut().release(mark);
    }

    pub(crate) fn is_spelt_out(&self, id: PathId) -> bool {
        self.kept.paths.borrow().is_spelt_out(&self.scope(), id)
    }

    /// Records what went wrong at a path, if nothing did before.
    #[cold]
    pub(crate) fn fail(&self, id: PathId, problem: impl Into<Bad>) -> Bad {
        let problem = problem.into();
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            let paths = self.kept.paths.borrow();
            let mut error = Error::new(paths.shown(&self.scope(), id), Problem::clone(&problem));
            error.sent = paths.sent(&self.scope(), id);
            *failure = Some(error);
        }
        problem
    }

    /// The text of what went wrong.
    #[cold]
    pub(crate) fn message(&self) -> String {
        self.failure.borrow().as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// What happens to a value without parts. An empty value has nothing in it that could need a name.
    #[inline(always)]
    pub(crate) fn fate(&self, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        if self.kept.paths.borrow().passes(id) {
            return Ok(Fate::Show);
        }
        self.fate_by_ruling(id, is_empty)
    }

    #[inline(never)]
    fn fate_by_ruling(&self, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        match self.kept.paths.borrow_mut().ruling(&self.scope(), id) {
            Ruling::Pass => Ok(Fate::Show),
            Ruling::Nameless if is_empty => Ok(Fate::Show),
            Ruling::Nameless => Err(Problem::Nameless.into()),
            Ruling::Withhold(line) => Ok(self.treatment.of_withheld(line.why.is_known())),
        }
    }

    /// Why a withheld value may not pass.
    pub(crate) fn problem(&self, id: PathId) -> Problem {
        match self.kept.paths.borrow_mut().ruling(&self.scope(), id) {
            Ruling::Withhold(line) => line.why.problem(),
            Ruling::Pass | Ruling::Nameless => Problem::Nameless,
        }
    }

    /// The number of tokens.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.kept.plan.borrow().len()
    }

    /// Decides a value without parts in the first pass, and counts it if it is withheld.
    #[inline(always)]
    pub(crate) fn leaf(&self, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        let fate = self.fate(id, is_empty)?;
        let mut plan = self.kept.plan.borrow_mut();
        let next = u32::try_from(plan.len() + 1).unwrap_or(0);
        plan.push(Token { next, count: 0, fate, path: id.lasting() });
        drop(plan);
        if fate != Fate::Show {
            self.withhold(id, fate)?;
        }
        Ok(fate)
    }

    /// The same for a container that turned out to be empty, or to stand for a value without parts: then it counts one.
    pub(crate) fn leaf_at(&self, at: usize, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        let fate = self.fate(id, is_empty)?;
        self.close(at, u32::from(!is_empty), fate);
        if fate != Fate::Show {
            self.withhold(id, fate)?;
        }
        Ok(fate)
    }

    #[cold]
    fn withhold(&self, id: PathId, fate: Fate) -> Result<(), Bad> {
        let mut paths = self.kept.paths.borrow_mut();
        if let Ruling::Withhold(line) = paths.ruling(&self.scope(), id).clone() {
            paths.count(id, &line, &mut self.report.borrow_mut());
        }
        match (fate, self.treatment.layout) {
            (Fate::Drop, Layout::Positional | Layout::Ordered) => Err(Problem::Withheld.into()),
            _ => Ok(()),
        }
    }

    /// A value that cannot be read is left out.
    pub(crate) fn unreadable(&self, id: PathId) -> Result<Fate, Bad> {
        let at = self.open(0)?;
        self.close(at, 0, Fate::Drop);
        let line = self.kept.paths.borrow().unreadable(&self.scope(), id);
        self.report.borrow_mut().add(&line);
        match self.treatment.layout {
            Layout::Named => Ok(Fate::Drop),
            Layout::Positional | Layout::Ordered => Err(Problem::Withheld.into()),
        }
    }

    /// The same of a value with parts; its path is noted as one with parts.
    #[inline]
    pub(crate) fn open_at(&self, id: PathId, depth: usize) -> Result<usize, Bad> {
        if !self.kept.paths.borrow().is_with_parts(id) {
            self.kept.paths.borrow_mut().has_parts(id);
        }
        self.open(depth)
    }

    /// Refuses a value below too many others.
    #[inline]
    pub(crate) fn check_depth(&self, depth: usize) -> Result<(), Bad> {
        if depth < crate::limits::MAX_DEPTH { Ok(()) } else { Err(Problem::TooDeep.into()) }
    }

    /// Starts the token of a value; its parts follow.
    #[inline]
    pub(crate) fn open(&self, depth: usize) -> Result<usize, Bad> {
        self.check_depth(depth)?;
        let mut plan = self.kept.plan.borrow_mut();
        plan.push(Token { next: 0, count: 0, fate: Fate::Drop, path: PathId::ROOT });
        Ok(plan.len() - 1)
    }

    /// Ends it.
    #[inline]
    pub(crate) fn close(&self, at: usize, count: u32, fate: Fate) {
        let mut plan = self.kept.plan.borrow_mut();
        // A plan of four billion values: the second pass finds that the plan is another value's, and stops.
        let next = u32::try_from(plan.len()).unwrap_or(0);
        if let Some(token) = plan.get_mut(at) {
            *token = Token { next, count, fate, path: PathId::ROOT };
        }
    }

    /// The fate of a value that the first pass is done with.
    #[inline]
    pub(crate) fn fate_at(&self, at: usize) -> Fate {
        self.kept.plan.borrow().get(at).map_or(Fate::Drop, |token| token.fate)
    }

    /// Leaves out a value that the first pass is done with.
    pub(crate) fn drop_at(&self, at: usize) {
        if let Some(token) = self.kept.plan.borrow_mut().get_mut(at) {
            token.fate = Fate::Drop;
        }
    }

    /// What the first pass found out about a value.
    #[inline]
    pub(crate) fn token(&self, at: usize) -> Result<Token, Bad> {
        self.kept.plan.borrow().get(at).copied().ok_or_else(|| Bad::from(Problem::Changed))
    }
}
