//! The model of a whole policy.

use super::condition::Conditions;
use super::fact::Fact;
use super::node_set::NodeSet;
use super::selection::{SetId, Sets};
use super::statement::{Basis, Declared, Duty, Expectation, Field, Section, Statement};
use super::tags::Tags;
use super::tree::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Sources};
use crate::syntax::tree::{self, File};
use crate::words::Hierarchy;
use std::sync::OnceLock;

/// A whole policy with every name resolved: what the tables are compiled from.
///
/// ```
/// use whyfor::{Memory, Model};
/// let files = Memory::new().with("shop.why", r#"
///     policy shop
///     category email  method provided  purpose login
///     collect email by provided for login
/// "#);
/// let model = Model::from_loader(&files, "shop.why")?;
/// assert_eq!(model.statement_count(), 1);
/// # Ok::<(), whyfor::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Model {
    pub(crate) sources: Sources,
    /// See [`Model::files`].
    pub(super) files: OnceLock<Vec<File>>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// See [`Model::is_ended`].
    pub(super) is_ended: bool,
    pub(crate) header: Header,
    pub(crate) trees: [Tree; 4],
    pub(crate) sets: Sets,
    pub(crate) facts: Vec<Fact>,
    pub(crate) tags: Tags,
    pub(crate) duties: Vec<Duty>,
    pub(crate) bases: Vec<Basis>,
    pub(crate) events: Vec<Declared>,
    pub(crate) conditions: Conditions,
    pub(crate) sections: Vec<Section>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) fields: Vec<Field>,
    pub(crate) expectations: Vec<Expectation>,
}

/// The `policy` header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) version: String,
    pub(crate) controller: String,
    pub(crate) effective: String,
    pub(crate) language: String,
    pub(crate) contact: String,
    pub(crate) url: String,
}

impl Model {
    /// What compiles but is likely not meant.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert!(model.warnings().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        Diagnostics::new(self.sources.clone(), self.warnings.clone())
    }

    /// The files that the policy was read from, the root file first.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert_eq!(model.sources().files()[0].path(), "shop.why");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether every file ends with `end`, so that none was cut off unnoticed. In a policy that says `closed` this
    /// is so; of others, a program that reads files while they are replaced can ask it.
    ///
    /// ```
    /// use whyfor::Model;
    /// assert!(Model::from_str("policy shop category email end")?.is_ended());
    /// assert!(!Model::from_str("policy shop category email")?.is_ended());
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// How many permits, nevers and requires there are.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert_eq!(model.statement_count(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statement_count(&self) -> usize {
        self.statements.len()
    }

    /// How many expectations there are.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// assert_eq!(model.expectation_count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn expectation_count(&self) -> usize {
        self.expectations.len()
    }

    /// The syntax trees of the files, by their ids.
    ///
    /// A model that an editor loaded keeps them. Others drop them, because with 100,000 statements they take 100 MB
    /// while the tables are compiled, and most programs do not need them. Then the first call parses the files again.
    pub(crate) fn files(&self) -> &[File] {
        self.files.get_or_init(|| {
            let files = self.sources.files().iter().zip(0..);
            files.map(|(source, id)| crate::syntax::parse(FileId(id), source.text()).0).collect()
        })
    }

    /// The syntax trees of all statements, in the order of `statements`.
    pub(crate) fn written(&self) -> Vec<&tree::Statement> {
        let mut written: Vec<_> = self.files().iter().flat_map(File::all_statements).collect();
        written.sort_by_key(|statement| statement.span); // as `resolve` sorts them
        written
    }

    pub(crate) fn tree(&self, hierarchy: Hierarchy) -> &Tree {
        &self.trees[hierarchy as usize]
    }

    pub(crate) fn set(&self, id: SetId) -> &NodeSet {
        self.sets.get(id)
    }
}
