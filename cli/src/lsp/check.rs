//! The thread that verifies expectations: the tables may take longer to compile than a keystroke.

use crossbeam_channel::{Receiver, Sender, unbounded};
use std::path::PathBuf;
use std::sync::Arc;
use whyfor::symbols::Index;
use whyfor::{Diagnostics, Policy};

/// A policy to verify. Of several for the same root the last one counts.
pub(crate) struct Task {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
}

/// What verifying found: expectations that fail, or what keeps the tables from being compiled.
pub(crate) struct Verified {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
    pub(crate) found: Diagnostics,
}

/// The thread; it ends when it is dropped.
pub(crate) struct Checker {
    pub(crate) tasks: Sender<Task>,
    pub(crate) verified: Receiver<Verified>,
}

impl Checker {
    pub(crate) fn start() -> Self {
        let (tasks, todo) = unbounded::<Task>();
        let (done, verified) = unbounded();
        std::thread::spawn(move || {
            while let Ok(first) = todo.recv() {
                let mut waiting = vec![first];
                waiting.extend(todo.try_iter());
                for (at, task) in waiting.iter().enumerate() {
                    let is_old = waiting[at + 1..].iter().any(|later| later.root == task.root);
                    if is_old {
                        continue;
                    }
                    let Some(found) = verify(&task.index) else { continue };
                    let (root, index) = (task.root.clone(), task.index.clone());
                    if done.send(Verified { root, index, found }).is_err() {
                        return;
                    }
                }
            }
        });
        Self { tasks, verified }
    }
}

fn verify(index: &Index) -> Option<Diagnostics> {
    let model = index.model()?;
    Some(match Policy::compile(model) {
        Ok(policy) => policy.check_expectations(model),
        Err(diagnostics) => diagnostics,
    })
}
