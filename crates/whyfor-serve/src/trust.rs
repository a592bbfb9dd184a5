//! What the caller trusts: nothing is taken unsigned by default.

use crate::sequence::Sequences;
use crate::signature::PublicKey;

/// What is asked of each version before it is served. There is no default: a program says whether it takes unsigned
/// policies.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(crate) signers: Option<Signers>,
    pub(crate) least_sequence: u64,
    pub(crate) may_lack_end: bool,
}

/// Whose signatures count.
#[derive(Debug, Clone)]
pub(crate) struct Signers {
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) sequences: Sequences,
}

impl Trust {
    /// Takes what one of these keys signed, for this name, and not older than what was taken before. Only artifacts can
    /// be signed: a text is refused.
    ///
    /// To rotate a key, trust the old and the new one until all policies are signed by the new one. Without any key,
    /// every version is refused.
    ///
    /// ```no_run
    /// # use whyfor_serve::{FileSource, PolicyStore, Sequences, Trust};
    /// # let store = PolicyStore::new();
    /// let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse()?;
    /// let trust = Trust::keys([key], Sequences::file("/var/lib/shop/sequences"));
    /// let shop = store.add("shop", FileSource::new("policies/shop.whyc"), trust)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keys(keys: impl IntoIterator<Item = PublicKey>, sequences: Sequences) -> Self {
        let signers = Signers { keys: keys.into_iter().collect(), sequences };
        Self { signers: Some(signers), least_sequence: 0, may_lack_end: false }
    }

    /// Takes policies that nobody signed: whoever can write the files decides.
    ///
    /// ```
    /// let trust = whyfor_serve::Trust::unsigned();
    /// ```
    #[must_use]
    pub fn unsigned() -> Self {
        Self { signers: None, least_sequence: 0, may_lack_end: false }
    }

    /// Also takes texts whose files do not all end with `end`. Such a file can be cut off after any statement, while it
    /// is written, and compile: a `never` may be missing then. Replace such files only by renaming.
    ///
    /// ```
    /// use whyfor_serve::{BytesSource, PolicyStore, TextFiles, Trust};
    /// let open = || BytesSource::new(TextFiles::new("shop.why", "policy shop category email"));
    /// let store = PolicyStore::new();
    /// assert!(store.add("shop", open(), Trust::unsigned()).is_err());
    /// assert!(store.add("shop", open(), Trust::unsigned().without_end()).is_ok());
    /// ```
    #[must_use]
    pub fn without_end(mut self) -> Self {
        self.may_lack_end = true;
        self
    }

    /// Refuses signed versions with a lower sequence, whatever was taken before.
    ///
    /// ```
    /// use whyfor_serve::{Sequences, Trust};
    /// let trust = Trust::keys([], Sequences::in_memory()).least_sequence(7);
    /// ```
    #[must_use]
    pub fn least_sequence(mut self, least: u64) -> Self {
        self.least_sequence = least;
        self
    }
}
