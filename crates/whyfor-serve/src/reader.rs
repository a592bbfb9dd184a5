//! How code reads a live policy: `Readers` to share, a `Reader` for each thread or task.

use crate::live::Live;
use crate::published::Published;
use arc_swap::{ArcSwap, Cache};
use std::fmt;
use std::sync::Arc;

/// Makes readers of one policy with one kind of names. Clone it, or share it between threads.
///
/// Its names are resolved in each new version as long as it or a reader of it lives.
pub struct Readers<N = ()> {
    published: Arc<Published<N>>,
}

/// Reads a live policy in one thread or task.
///
/// It keeps the version that it gave last, and with it the memory of that policy, until the next
/// [`get`](Self::get). A reader that rests for long is better made anew.
pub struct Reader<N = ()> {
    cache: Cache<Arc<ArcSwap<Live<N>>>, Arc<Live<N>>>,
    /// Names are resolved for readers that live.
    published: Arc<Published<N>>,
}

impl<N: Send + Sync + 'static> Readers<N> {
    pub(crate) fn new(published: Arc<Published<N>>) -> Self {
        Self { published }
    }

    /// A reader for one thread or task.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let emails = shop.names(|policy| Ok(policy.category("email")?))?;
    /// let mut reader = emails.reader();
    /// std::thread::spawn(move || println!("{:?}", reader.get().names()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reader(&self) -> Reader<N> {
        Reader {
            cache: Cache::new(Arc::clone(&self.published.current)),
            published: Arc::clone(&self.published),
        }
    }

    /// The newest version, for as long as it is kept: for a request that must see one version from its start to its end.
    ///
    /// Costs some tens of nanoseconds.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let emails = shop.names(|policy| Ok(policy.category("email")?))?;
    /// let live = emails.snapshot();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Arc<Live<N>> {
        self.published.current.load_full()
    }
}

impl<N: Send + Sync + 'static> Reader<N> {
    /// The newest version with its names. Policy and names are of the same version.
    ///
    /// One relaxed load and a comparison if nothing has changed; otherwise it takes the new version and gives the old
    /// one back, whose memory is freed by whoever gives it back last. It never waits and takes no lock.
    ///
    /// ```
    /// use whyfor::{Act, Facts};
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let names = shop.names(|policy| Ok((policy.category("email")?, policy.purpose("login")?)))?;
    /// let mut reader = names.reader();
    /// let live = reader.get();
    /// let (email, login) = *live.names();
    /// assert!(live.policy().decide(Act::Use, email, login, Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn get(&mut self) -> &Live<N> {
        // A relaxed load of the pointer only tells whether it changed: the cached version was taken with acquire, and
        // its address is not given to another while it is kept. A changed pointer is loaded anew, with acquire.
        arc_swap::cache::Access::load(&mut self.cache)
    }

    /// The newest version, for as long as it is kept: for a request that must see one version from its start to its end.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let mut reader = shop.reader();
    /// let live = reader.snapshot();
    /// assert_eq!(live.generation(), reader.get().generation());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snapshot(&mut self) -> Arc<Live<N>> {
        Arc::clone(self.cache.load())
    }
}

impl<N> Clone for Readers<N> {
    fn clone(&self) -> Self {
        Self { published: Arc::clone(&self.published) }
    }
}

impl<N> Clone for Reader<N> {
    fn clone(&self) -> Self {
        Self { cache: self.cache.clone(), published: Arc::clone(&self.published) }
    }
}

impl<N> fmt::Debug for Readers<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let live = self.published.current.load();
        f.debug_struct("Readers").field("version", live.version()).finish_non_exhaustive()
    }
}

impl<N> fmt::Debug for Reader<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let live = self.published.current.load();
        f.debug_struct("Reader").field("newest", live.version()).finish_non_exhaustive()
    }
}
