//! The background thread: verifies expectations, and lints after a pause in typing.

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use whyfor::symbols::Index;
use whyfor::{Diagnostics, Policy, lint};

/// Pause before expectations are verified, longer than between two letters of a word.
const PAUSE: Duration = Duration::from_millis(200);
/// Pause before linting, which takes longer and cannot be interrupted.
const LONGER_PAUSE: Duration = Duration::from_millis(500);

/// A policy has changed. Of several tasks for one root, the last one counts.
pub(crate) struct Task {
    pub(crate) root: PathBuf,
    /// The policy to check; `None` if it has errors, so that nothing is checked until the next change.
    pub(crate) index: Option<Arc<Index>>,
}

/// The result for a policy.
pub(crate) struct Checked {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
    pub(crate) result: CheckResult,
}

pub(crate) enum CheckResult {
    /// The failed expectations, or the errors that prevent compiling the tables.
    Verified(Diagnostics),
    /// The linter's findings.
    Linted(Diagnostics),
}

/// The thread's channels; the thread ends when this is dropped.
pub(crate) struct Checker {
    pub(crate) tasks: Sender<Task>,
    pub(crate) checked: Receiver<Checked>,
}

impl Checker {
    /// # Errors
    /// No thread can be started.
    pub(crate) fn start() -> io::Result<Self> {
        let (tasks, todo) = unbounded();
        let (done, checked) = unbounded();
        std::thread::Builder::new().spawn(move || check_all(&todo, &done))?;
        Ok(Self { tasks, checked })
    }
}

/// Checks policies until the channel is closed.
fn check_all(todo: &Receiver<Task>, done: &Sender<Checked>) {
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
                // The checks of the last version would compete with the next keystroke for a core.
                to_lint.remove(&task.root);
                match task.index {
                    Some(index) => to_verify.insert(task.root, index),
                    None => to_verify.remove(&task.root),
                };
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        // Only one, then accept new tasks again.
        let checked = if let Some((root, index)) = to_verify.pop_first() {
            let verified = verify(&index).map(CheckResult::Verified);
            to_lint.insert(root.clone(), index.clone());
            verified.map(|result| Checked { root, index, result })
        } else if let Some((root, index)) = to_lint.pop_first() {
            lint(&index).map(|found| Checked { root, index, result: CheckResult::Linted(found) })
        } else {
            None
        };
        if checked.is_some_and(|checked| done.send(checked).is_err()) {
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

/// `None` if the policy does not compile, which was reported already.
fn lint(index: &Index) -> Option<Diagnostics> {
    lint::lint(index.model()?, &lint::Options::default()).ok()
}
