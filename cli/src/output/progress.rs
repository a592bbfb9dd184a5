//! Progress for people: only on a terminal, and only if standard output goes elsewhere.

use super::streams;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// Shorter work shows no progress.
const DELAY: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(100);

/// A bar, or a counter if `count` is unknown.
pub(crate) fn bar(count: Option<u64>, template: &str) -> ProgressBar {
    let target = match streams::errors_are_seen() && !streams::stdout().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(count, target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Shows a message while it is held, after a delay.
pub(crate) struct Working(Option<(Sender<()>, JoinHandle<()>)>);

impl Working {
    pub(crate) fn on(what: impl Into<String>) -> Self {
        if !streams::errors_are_seen() {
            return Self(None);
        }
        let what = whyfor::printable(&what.into()).into_owned();
        let (done, ended) = std::sync::mpsc::channel();
        let shown = std::thread::Builder::new().spawn(move || {
            let goes_on = |time| ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if goes_on(DELAY) {
                let spinner = ProgressBar::new_spinner().with_message(what);
                while goes_on(TICK) {
                    spinner.tick();
                }
                spinner.finish_and_clear();
            }
        });
        Self(shown.ok().map(|shown| (done, shown))) // without a thread nothing is shown
    }
}

impl Drop for Working {
    /// Clears the message from the screen.
    fn drop(&mut self) {
        if let Some((done, shown)) = self.0.take() {
            drop(done);
            let _ = shown.join(); // only the screen can fail
        }
    }
}
