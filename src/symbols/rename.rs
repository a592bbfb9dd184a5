//! Another name for a symbol.
//!
//! Whether a name would collide with another is not worked out: the policy is renamed on a copy and
//! read again, and every other name must still mean what it meant.

use super::{Index, SymbolId, SymbolKind};
use crate::diagnostic::{Diagnostics, Severity};
use crate::printable::printable;
use crate::source::Span;

/// Why a symbol was not renamed.
#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    /// The new name is not valid.
    #[error("`{}` is no name: a name is a letter, a digit or `_`, then letters, digits, `_` and `-`", printable(.0))]
    NoName(String),
    /// Some name would mean something else afterwards.
    #[error("`{}` would make another name mean something else, or nothing", printable(.0))]
    Collides(String),
}

impl Index {
    /// The places to replace, and by what, so that a symbol has another last name. A reserved word is
    /// put into backquotes. Costs what loading the policy again does.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// let (places, name) = index.rename(email, "mail")?;
    /// assert_eq!((places.len(), name.as_str()), (4, "mail"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `new` is not a name, or another name of the policy would change its meaning.
    pub fn rename(&self, symbol: SymbolId, new: &str) -> Result<(Vec<Span>, String), RenameError> {
        let new = new.trim_matches('`');
        let written = crate::syntax::name_as_written(new)
            .ok_or_else(|| RenameError::NoName(new.to_owned()))?;
        let places: Vec<Span> = self.occurrences_of(symbol).map(|o| o.span).collect();
        let edits: Vec<_> = places.iter().map(|place| (*place, written.clone())).collect();
        let renamed =
            self.sources().edited(&edits).map(|files| self.again(&files, self.sources().root()));
        match renamed.is_some_and(|renamed| self.means_the_same_as(&renamed, symbol, new)) {
            true => Ok((places, written)),
            false => Err(RenameError::Collides(new.to_owned())),
        }
    }

    /// Whether each name of another policy means what the name at its place means in this one, which
    /// has `symbol` in place of `new`.
    fn means_the_same_as(&self, other: &Self, symbol: SymbolId, new: &str) -> bool {
        let errors = |diagnostics: &Diagnostics| {
            diagnostics.iter().filter(|d| d.severity() == Severity::Error).count()
        };
        let mut meanings = vec![None; self.symbols.len()];
        self.occurrences.len() == other.occurrences.len()
            && self.symbols.len() == other.symbols.len()
            && errors(&self.diagnostics) == errors(&other.diagnostics)
            && self.occurrences.iter().zip(&other.occurrences).all(|(old, now)| {
                let meaning = meanings[old.symbol.0 as usize].get_or_insert(now.symbol);
                *meaning == now.symbol
                    && old.declares == now.declares
                    && (old.symbol != symbol || last_name(&other.symbol(now.symbol).name) == new)
                    && self.symbol(old.symbol).kind == other.symbol(now.symbol).kind
            })
            && is_injective(&meanings)
    }

    /// Whether a symbol can be renamed. Nothing refers to a policy by its name, so that cannot be.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert!(index.can_be_renamed(email));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn can_be_renamed(&self, symbol: SymbolId) -> bool {
        self.symbol(symbol).kind != SymbolKind::Policy
    }
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is_injective(meanings: &[Option<SymbolId>]) -> bool {
    let mut all: Vec<SymbolId> = meanings.iter().flatten().copied().collect();
    all.sort_unstable();
    all.windows(2).all(|pair| pair[0] != pair[1])
}
