//! Content that the program sets: from a database, a bucket, a message.

use super::content::{Content, Source};
use crate::failure::Failure;
use crate::lock::lock;
use std::sync::Mutex;

/// Content that the program sets. Keep it in an `Arc`, set the next version, and reload.
///
/// ```
/// use std::sync::Arc;
/// use whyfor_serve::{BytesSource, PolicyStore, TextFiles, Trust};
/// let text = |purpose: &str| {
///     let text = format!("policy shop category email purpose login purpose ads use email for {purpose} end");
///     TextFiles::new("shop.why", text)
/// };
/// let source = Arc::new(BytesSource::new(text("login")));
/// let store = PolicyStore::new();
/// let shop = store.add("shop", Arc::clone(&source), Trust::unsigned())?;
///
/// source.set(text("ads"));
/// shop.reload()?;
/// assert!(shop.snapshot().policy().may_use("email", "ads"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BytesSource {
    content: Mutex<Content>,
}

impl BytesSource {
    /// A source that gives this until something else is set.
    ///
    /// ```
    /// use whyfor_serve::{BytesSource, TextFiles};
    /// let source = BytesSource::new(TextFiles::new("shop.why", "policy shop end"));
    /// ```
    #[must_use]
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: Mutex::new(content.into()) }
    }

    /// Sets the next version. It is taken at the next reload.
    ///
    /// ```
    /// use whyfor_serve::{BytesSource, TextFiles};
    /// let source = BytesSource::new(TextFiles::new("shop.why", "policy shop end"));
    /// source.set(TextFiles::new("shop.why", "policy shop category email end"));
    /// ```
    pub fn set(&self, content: impl Into<Content>) {
        let old = std::mem::replace(&mut *lock(&self.content), content.into());
        drop(old); // outside of the lock: it may be large
    }
}

impl Source for BytesSource {
    fn read(&self) -> Result<Content, Failure> {
        Ok(lock(&self.content).clone())
    }
}
