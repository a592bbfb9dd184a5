//! What one call leaves for the next: the paths that were decided, the room of the plan, the length of the text.

use crate::asked::{Asked, Resolved};
use crate::limits::{MAX_KEPT, MAX_KEPT_PLAN, MAX_RESERVED};
use crate::paths::Paths;
use crate::problem::Error;
use crate::token::Token;
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use whyfor::{Digest, NamedAct, Policy};

/// What one policy answered, for one call at a time.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Of which policy it is.
    digest: Digest,
    pub(crate) resolved: Resolved,
    pub(crate) paths: RefCell<Paths>,
    pub(crate) plan: RefCell<Vec<Token>>,
}

/// Each call takes one and gives it back; calls at the same time take different ones. So nothing is locked while a
/// value's own code runs, and nothing is shared that a call writes to.
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "a call takes one out: a pointer is moved, not all of it")]
pub(crate) struct Memory {
    kept: Mutex<Vec<Box<Kept>>>,
    length: AtomicUsize,
}

impl Memory {
    /// What this policy answered before; nothing of another policy.
    ///
    /// # Errors
    /// The policy does not know a name of what is asked.
    pub(crate) fn take(&self, asked: &Asked, policy: &Policy) -> Result<Box<Kept>, Error> {
        let digest = policy.digest();
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // The last one is the warmest.
        if let Some(at) = all.iter().rposition(|kept| kept.digest == digest) {
            return Ok(all.swap_remove(at));
        }
        drop(all);
        Ok(Box::new(Kept {
            digest,
            resolved: asked.resolve(policy)?,
            paths: RefCell::default(),
            plan: RefCell::default(),
        }))
    }

    pub(crate) fn keep(&self, mut kept: Box<Kept>) {
        if !kept.paths.get_mut().is_worth_keeping() {
            return;
        }
        kept.paths.get_mut().end();
        if kept.plan.get_mut().capacity() > MAX_KEPT_PLAN {
            *kept.plan.get_mut() = Vec::new();
        }
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // The first ones are those of policies that are gone.
        let gone = (all.len() >= MAX_KEPT).then(|| all.remove(0));
        all.push(kept);
        drop(all);
        drop(gone);
    }

    /// The room that a text is likely to need: values of a view are alike.
    #[cfg_attr(not(feature = "json"), allow(dead_code, reason = "for JSON"))]
    pub(crate) fn length(&self) -> usize {
        self.length.load(Ordering::Relaxed).saturating_add(64).min(MAX_RESERVED)
    }

    #[cfg_attr(not(feature = "json"), allow(dead_code, reason = "for JSON"))]
    pub(crate) fn set_length(&self, length: usize) {
        if self.length.load(Ordering::Relaxed) != length {
            self.length.store(length, Ordering::Relaxed);
        }
    }
}

/// What is asked, and what policies answered so far.
#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) asked: Asked,
    pub(crate) memory: Memory,
}

impl Remembered {
    pub(crate) fn new(act: NamedAct<'_>, purpose: &str) -> Self {
        Self { asked: Asked::new(act, purpose), memory: Memory::default() }
    }

    /// Changes what decisions depend on, and forgets them.
    pub(crate) fn changed(mut self, change: impl FnOnce(&mut Asked)) -> Self {
        change(&mut self.asked);
        self.memory = Memory::default();
        self
    }
}

/// With the same settings and an empty memory.
impl Clone for Remembered {
    fn clone(&self) -> Self {
        Self { asked: self.asked.clone(), memory: Memory::default() }
    }
}

/// What a view or an intake is made of: its own, or one that many share.
#[derive(Debug)]
pub(crate) enum Held<'a> {
    Own(Remembered),
    Lent(&'a Remembered),
}

impl Held<'_> {
    #[inline]
    pub(crate) fn get(&self) -> &Remembered {
        match self {
            Self::Own(own) => own,
            Self::Lent(lent) => lent,
        }
    }

    /// Its own, changed: the shared one stays as it is.
    pub(crate) fn changed(self, change: impl FnOnce(&mut Asked)) -> Self {
        let own = match self {
            Self::Own(own) => own,
            Self::Lent(lent) => lent.clone(),
        };
        Self::Own(own.changed(change))
    }
}
