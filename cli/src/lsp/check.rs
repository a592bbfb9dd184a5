//! The thread that does what may take longer than a keystroke: it verifies expectations, and lints once
//! nobody types for a moment.

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use whyfor::symbols::Index;
use whyfor::{Diagnostics, Policy, lint};

/// So long nothing must have changed before expectations are verified: the letters of a word come faster.
const PAUSE: Duration = Duration::from_millis(200);
/// And so long before a policy is linted, which takes longer and cannot be interrupted.
const LONGER_PAUSE: Duration = Duration::from_millis(500);

/// A policy to look at. Of several for the same root the last one counts.
pub(crate) struct Task {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
}

/// What was found in a policy.
pub(crate) struct Found {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// The expectations that fail, or what keeps the tables from being compiled.
    Verified(Diagnostics),
    /// What the linter says.
    Linted(Diagnostics),
}

/// The thread; it ends when this is dropped.
pub(crate) struct Checker {
    pub(crate) tasks: Sender<Task>,
    pub(crate) found: Receiver<Found>,
}

impl Checker {
    /// # Errors
    /// No thread can be started.
    pub(crate) fn start() -> io::Result<Self> {
        let (tasks, todo) = unbounded();
        let (done, found) = unbounded();
        std::thread::Builder::new().spawn(move || look(&todo, &done))?;
        Ok(Self { tasks, found })
    }
}

/// Looks at policies until nobody has any more.
fn look(todo: &Receiver<Task>, done: &Sender<Found>) {
    let mut to_verify: BTreeMap<PathBuf, Arc<Index>> = BTreeMap::new();
    let mut to_lint: BTreeMap<PathBuf, Arc<Index>> = BTreeMap::new();
    loop {
        let next = match (to_verify.is_empty(), to_lint.is_empty()) {
            (false, _) => todo.recv_timeout(PAUSE),
            (true, false) => todo.recv_timeout(LONGER_PAUSE),
            (true, true) => todo.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(task) => {
                to_lint.remove(&task.root);
                to_verify.insert(task.root, task.index);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        // One, and then whoever waits is heard again.
        let what = if let Some((root, index)) = to_verify.pop_first() {
            let verified = verify(&index).map(What::Verified);
            to_lint.insert(root.clone(), index.clone());
            verified.map(|what| Found { root, index, what })
        } else if let Some((root, index)) = to_lint.pop_first() {
            lint(&index).map(|found| Found { root, index, what: What::Linted(found) })
        } else {
            None
        };
        if what.is_some_and(|found| done.send(found).is_err()) {
            return;
        }
    }
}

fn verify(index: &Index) -> Option<Diagnostics> {
    let model = index.model()?;
    Some(match Policy::compile(model) {
        Ok(policy) => policy.check_expectations(model),
        Err(diagnostics) => diagnostics,
    })
}

/// Nothing of a policy that does not compile, which was told already.
fn lint(index: &Index) -> Option<Diagnostics> {
    lint::lint(index.model()?, &lint::Options::default()).ok()
}
