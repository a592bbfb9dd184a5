//! One call: the paths, the plan of the first pass, the report, the first error.
//!
//! The first pass walks a value without a format. It decides every value and writes a [`Token`] for it, so that the second
//! pass can announce true lengths and leave containers out of which nothing would remain. The second pass decides every
//! value again: it uses the plan for lengths, never as a permission.

use crate::paths::{Mark, PathId, Paths, Ruling};
use crate::problem::{Bad, Error, Problem};
use crate::report::Report;
use crate::scope::Scope;
use crate::treatment::{Fate, Layout, Treatment};
use std::cell::RefCell;

/// What the first pass found out about a value. Its parts follow it, up to `next`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// The token after its last part.
    pub(crate) next: u32,
    /// Of a struct or map the fields that are written, of a list or tuple all items.
    pub(crate) count: u32,
    pub(crate) fate: Fate,
    /// The path of a value without parts, if its fate is that of every value at this path for the whole call; else the
    /// root.
    pub(crate) path: PathId,
}

#[derive(Debug)]
pub(crate) struct Walk<'v> {
    pub(crate) scope: &'v Scope<'v>,
    pub(crate) treatment: Treatment<'v>,
    pub(crate) is_human_readable: bool,
    paths: RefCell<Paths>,
    plan: RefCell<Vec<Token>>,
    report: RefCell<Report>,
    failure: RefCell<Option<Error>>,
}

impl<'v> Walk<'v> {
    pub(crate) fn new(
        scope: &'v Scope<'v>,
        treatment: Treatment<'v>,
        (mut paths, mut plan): (Paths, Vec<Token>),
        is_human_readable: bool,
    ) -> Self {
        paths.start();
        plan.clear();
        Self {
            scope,
            treatment,
            is_human_readable,
            paths: RefCell::new(paths),
            plan: RefCell::new(plan),
            report: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    /// What the next call can use, the report, and what went wrong.
    pub(crate) fn finish(self) -> ((Paths, Vec<Token>), Report, Option<Error>) {
        let memory = (self.paths.into_inner(), self.plan.into_inner());
        (memory, self.report.into_inner(), self.failure.into_inner())
    }

    #[inline(always)]
    pub(crate) fn field(&self, parent: PathId, name: &'static str, next: &mut usize) -> PathId {
        if let Some(path) = self.paths.borrow().next_field(parent, name, *next) {
            *next += 1;
            return path;
        }
        self.paths.borrow_mut().field(self.scope, parent, name, next)
    }

    pub(crate) fn key(&self, parent: PathId, name: &str) -> (PathId, Mark) {
        self.paths.borrow_mut().key(self.scope, parent, name)
    }

    pub(crate) fn release(&self, mark: Mark) {
        self.paths.borrow_mut().release(mark);
    }

    pub(crate) fn is_spelt_out(&self, id: PathId) -> bool {
        self.paths.borrow().is_spelt_out(self.scope, id)
    }

    /// Records what went wrong at a path, if nothing did before.
    #[cold]
    pub(crate) fn fail(&self, id: PathId, problem: impl Into<Bad>) -> Bad {
        let problem = problem.into();
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            let paths = self.paths.borrow();
            let mut error = Error::new(paths.shown(self.scope, id), Problem::clone(&problem));
            error.sent = paths.sent(self.scope, id);
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
        if self.paths.borrow().passes(id) {
            return Ok(Fate::Show);
        }
        self.fate_by_ruling(id, is_empty)
    }

    #[inline(never)]
    fn fate_by_ruling(&self, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        match self.paths.borrow_mut().ruling(self.scope, id) {
            Ruling::Pass => Ok(Fate::Show),
            Ruling::Nameless if is_empty => Ok(Fate::Show),
            Ruling::Nameless => Err(Problem::Nameless.into()),
            Ruling::Withhold(line) => Ok(self.treatment.of_withheld(line.why.is_known())),
        }
    }

    /// Why a withheld value may not pass.
    pub(crate) fn problem(&self, id: PathId) -> Problem {
        match self.paths.borrow_mut().ruling(self.scope, id) {
            Ruling::Withhold(line) => line.why.problem(),
            Ruling::Pass | Ruling::Nameless => Problem::Nameless,
        }
    }

    /// The number of tokens.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.plan.borrow().len()
    }

    /// Decides a value without parts in the first pass, and counts it if it is withheld.
    #[inline(always)]
    pub(crate) fn leaf(&self, id: PathId, is_empty: bool) -> Result<Fate, Bad> {
        let fate = self.fate(id, is_empty)?;
        let mut plan = self.plan.borrow_mut();
        let next = u32::try_from(plan.len() + 1).unwrap_or(0);
        plan.push(Token { next, count: 0, fate, path: id.lasting() });
        drop(plan);
        if fate != Fate::Show {
            self.withhold(id, fate)?;
        }
        Ok(fate)
    }

    /// The same for a container that turned out to be empty.
    pub(crate) fn leaf_at(&self, at: usize, id: PathId) -> Result<Fate, Bad> {
        let fate = self.fate(id, true)?;
        self.close(at, 0, fate);
        if fate != Fate::Show {
            self.withhold(id, fate)?;
        }
        Ok(fate)
    }

    #[cold]
    fn withhold(&self, id: PathId, fate: Fate) -> Result<(), Bad> {
        let mut paths = self.paths.borrow_mut();
        if let Ruling::Withhold(line) = paths.ruling(self.scope, id).clone() {
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
        let line = self.paths.borrow().unreadable(self.scope, id);
        self.report.borrow_mut().add(&line);
        match self.treatment.layout {
            Layout::Named => Ok(Fate::Drop),
            Layout::Positional | Layout::Ordered => Err(Problem::Withheld.into()),
        }
    }

    /// Starts the token of a value; its parts follow.
    #[inline]
    pub(crate) fn open(&self, depth: usize) -> Result<usize, Bad> {
        if depth >= crate::limits::MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        let mut plan = self.plan.borrow_mut();
        plan.push(Token { next: 0, count: 0, fate: Fate::Drop, path: PathId::ROOT });
        Ok(plan.len() - 1)
    }

    /// Ends it.
    #[inline]
    pub(crate) fn close(&self, at: usize, count: u32, fate: Fate) {
        let mut plan = self.plan.borrow_mut();
        // A plan of four billion values: the second pass finds that the plan is another value's, and stops.
        let next = u32::try_from(plan.len()).unwrap_or(0);
        if let Some(token) = plan.get_mut(at) {
            *token = Token { next, count, fate, path: PathId::ROOT };
        }
    }

    /// The fate of a value that the first pass is done with.
    #[inline]
    pub(crate) fn fate_at(&self, at: usize) -> Fate {
        self.plan.borrow().get(at).map_or(Fate::Drop, |token| token.fate)
    }

    /// Leaves out a value that the first pass is done with.
    pub(crate) fn drop_at(&self, at: usize) {
        if let Some(token) = self.plan.borrow_mut().get_mut(at) {
            token.fate = Fate::Drop;
        }
    }

    /// What the first pass found out about a value.
    #[inline]
    pub(crate) fn token(&self, at: usize) -> Result<Token, Bad> {
        self.plan.borrow().get(at).copied().ok_or_else(|| Bad::from(Problem::Changed))
    }
}
