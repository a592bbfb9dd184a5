//! A policy with every name resolved: vocabularies, sets of nodes, conditions, statements, fields and expectations.
//!
//! Takes the syntax trees of all files and returns a [`Model`] or diagnostics. It does not compute decisions: the
//! tables and the reference interpreter both read the model, and share nothing else.
//!
//! The data:
//! - `policy`: the model itself and its header;
//! - `tree`, `references`: one hierarchy, in which a node may have several parents, and how names find its nodes;
//! - `node_set`: sets of nodes as ranges;
//! - `tags`: tags and their groups;
//! - `fact`, `statement`: facts, duties, bases, events, statements, sections, fields, expectations.
//!
//! How it is made:
//! - `load`: reads the root file and its imports;
//! - `vocabulary`: builds a hierarchy from its declarations;
//! - `declarations`: the header, duties, bases, events and facts;
//! - `selection`, `condition`: the two small languages inside a statement;
//! - `clauses`: the duties, bases and events that statements refer to;
//! - `resolve`: from trees to the model;
//! - `shown`: messages that several of these give.

mod clauses;
mod condition;
mod declarations;
mod fact;
mod load;
mod node_set;
mod policy;
mod references;
mod resolve;
mod selection;
mod shown;
mod statement;
mod tags;
mod tree;
mod vocabulary;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Loader, Memory, RootFile, Sources};
pub(crate) use crate::words::{ActKind, Hierarchy, StatementKind};
pub(crate) use condition::Resolver as ConditionResolver;
pub(crate) use condition::{AtomId, ConditionId, Formula, Test};
pub(crate) use fact::{Choice, Domain, Fact};
pub(crate) use load::load_again;
pub(crate) use node_set::NodeSet;
pub(crate) use policy::Header;
pub use policy::Model;
pub(crate) use references::{Found, References};
pub(crate) use resolve::resolve_or_trees;
pub(crate) use selection::SetId;
pub(crate) use statement::{
    Basis, Declared, Duty, EventId, Expectation, Field, Given, Reach, RetainLimit, Statement,
};
pub(crate) use tree::{Node, Tree};

impl Model {
    /// Reads the policy whose root file is `root`, and all that it imports.
    ///
    /// O(length of the files), and for each selection O(size of its set).
    ///
    /// ```
    /// use whyfor::{Memory, Model};
    /// let files = Memory::new().with("shop.why", "policy shop category email");
    /// let model = Model::from_loader(&files, "shop.why")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in every file, not just the first.
    pub fn from_loader(loader: &dyn Loader, root: &str) -> Result<Self, Diagnostics> {
        resolve::resolve(load::load(loader, root))
    }

    /// Reads the text of one file that imports nothing.
    ///
    /// ```
    /// let model = whyfor::Model::from_str("policy shop category email")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in it, not just the first.
    #[allow(
        clippy::should_implement_trait,
        reason = "so that it needs no import; the trait is there too"
    )]
    pub fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::from_loader(&Memory::new().with("policy.why", text), "policy.why")
    }

    /// Reads the policy in a file; its folder is the root folder of its imports, as [`RootFile`] says.
    ///
    /// ```
    /// let model = whyfor::Model::from_path("examples/shop.why")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in every file, not just the first.
    pub fn from_path(path: impl AsRef<std::path::Path>) -> Result<Self, Diagnostics> {
        let path = path.as_ref();
        let unreadable = |why: &str| {
            let message = format!("cannot read `{}`: {why}", path.display());
            let diagnostic = Diagnostic::without_place(Code::ImportUnreadable, message);
            Diagnostics::new(Sources::default(), vec![diagnostic])
        };
        if let Err(error) = path.metadata() {
            return Err(unreadable(&load::reason(&error)));
        }
        for _ in 0..MOST_READINGS {
            let root = RootFile::new(path).map_err(|error| unreadable(&error.to_string()))?;
            let model = Self::from_loader(&root, root.name());
            if !root.has_moved() {
                return model;
            }
        }
        Err(unreadable("the link to it was turned each time while it was read"))
    }
}

impl std::str::FromStr for Model {
    type Err = Diagnostics;

    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::from_str(text)
    }
}

/// A link changes when a policy is replaced; after this many attempts that is finished.
const MOST_READINGS: usize = 3;
