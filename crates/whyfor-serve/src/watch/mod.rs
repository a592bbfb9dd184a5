//! Reloads policies when their files change.
//!
//! - `folders`: which folders a file is reached through;
//! - `signal`: wakes the watching thread, after a pause in the events;
//! - `watched`: the folders that are watched now;
//! - `watcher`: the thread.
//!
//! An event only says that it is time to look. What counts is the digest of what is read, so an event too many does nothing,
//! and one too few is made up for by polling. The folders are watched, not the files: editors and Kubernetes put a new file
//! or link in the place of the old one.

mod folders;
mod options;
mod signal;
mod watched;
mod watcher;

pub use options::Watching;
pub use watcher::{WatchError, Watcher};
