//! What a policy says, with every name resolved: the vocabularies, sets of nodes, conditions,
//! statements, fields and expectations.
//!
//! Takes the syntax trees of all files, gives a [`Model`] or diagnostics. Knows nothing of how
//! decisions are computed: the tables and the reference interpreter both read the model, and nothing
//! else is common to them.
//!
//! - `load`: the root file and its imports;
//! - `vocabulary`: the four hierarchies, in which a node may have several parents;
//! - `node_set`: sets of nodes as ranges;
//! - `declarations`: the header, tags, duties and facts;
//! - `resolve`: from trees to the model;
//! - `selection`, `condition`: the two little languages inside of a statement.

mod condition;
mod declarations;
mod load;
mod node_set;
mod resolve;
mod selection;
mod vocabulary;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Loader, Memory, RootFile, Sources, Span};
use crate::words::Verdict;
pub(crate) use crate::words::{ActKind, Hierarchy, StatementKind};
pub(crate) use condition::Resolver as ConditionResolver;
pub(crate) use condition::{AtomId, ConditionId, Conditions, Formula, Test};
pub(crate) use load::load_again;
pub(crate) use node_set::NodeSet;
pub(crate) use resolve::resolve_or_trees;
pub(crate) use selection::{SetId, Sets};
pub(crate) use vocabulary::{Found, References, Tree};

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
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) header: Header,
    pub(crate) trees: [Tree; 4],
    pub(crate) sets: Sets,
    pub(crate) facts: Vec<Fact>,
    pub(crate) duties: Vec<String>,
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
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: FactKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKind {
    YesNo,
    PerPurpose,
    Choice(Vec<String>),
    Number,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) title: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) act: ActKind,
    pub(crate) categories: SetId,
    /// Those of them that it would cover if nothing were collected.
    pub(crate) named: SetId,
    /// Methods or recipients; the empty set of no hierarchy where the act has none.
    pub(crate) parties: Option<SetId>,
    pub(crate) purposes: SetId,
    /// `when` and not `unless`.
    pub(crate) condition: ConditionId,
    /// A bit for each duty.
    pub(crate) duties: u64,
    pub(crate) retain_days: Option<u32>,
    pub(crate) section: Option<u32>,
    pub(crate) span: Span,
}

/// The points of an act that a statement covers, among those of its categories and purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Nothing,
    /// With these methods or recipients.
    Parties(SetId),
    /// With every method or recipient.
    All,
}

impl Statement {
    /// The central rule of the language: every permit permits use; `never use` and `require … to use` reach every
    /// act. Beside that, a statement reaches its own act.
    pub(crate) fn reaches(&self, act: ActKind) -> Reach {
        let is_by_use = match self.kind {
            StatementKind::Permit => act == ActKind::Use,
            StatementKind::Never | StatementKind::Require => self.act == ActKind::Use,
        };
        match self.parties {
            _ if is_by_use => Reach::All,
            _ if self.act != act => Reach::Nothing,
            None => Reach::All,
            Some(set) => Reach::Parties(set),
        }
    }

    /// Whether it is a permit to collect: what these cover is what `collected` stands for.
    pub(crate) fn collects(&self) -> bool {
        self.kind == StatementKind::Permit && self.act == ActKind::Collect
    }
}

/// A `field` statement.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) patterns: Vec<String>,
    pub(crate) except: Vec<String>,
    /// Sorted, each once.
    pub(crate) categories: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) verdict: Verdict,
    pub(crate) act: ActKind,
    pub(crate) categories: SetId,
    /// Those of them that it would be about if nothing were collected.
    pub(crate) named: SetId,
    pub(crate) parties: Option<SetId>,
    pub(crate) purposes: SetId,
    pub(crate) given: Vec<(u32, Given)>,
    pub(crate) span: Span,
}

/// What an expectation states of a fact; of a fact per purpose, for every purpose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Given {
    YesNo(bool),
    Choice(u32),
    Number(f64),
}

impl Model {
    /// Reads the policy whose root file is `root`, and all that it imports.
    ///
    /// O(length of the files) but for selections, which take the size of the sets they denote.
    ///
    /// # Errors
    /// Every mistake in every file, not just the first.
    pub fn from_loader(loader: &dyn Loader, root: &str) -> Result<Self, Diagnostics> {
        resolve::resolve(load::load(loader, root))
    }

    /// Reads the text of one file that imports nothing.
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
    /// # Errors
    /// Every mistake in every file, not just the first.
    pub fn from_path(path: impl AsRef<std::path::Path>) -> Result<Self, Diagnostics> {
        let path = path.as_ref();
        let unreadable = |why: &str| {
            let message = format!("cannot read `{}`: {why}", path.display());
            let diagnostic = Diagnostic::without_place(Code::ImportUnreadable, message);
            Diagnostics::new(Sources::default(), vec![diagnostic])
        };
        for _ in 0..MOST_READINGS {
            let root = RootFile::new(path).map_err(|error| unreadable(&error.to_string()))?;
            let model = Self::from_loader(&root, root.name());
            if !root.has_moved() {
                return model;
            }
        }
        Err(unreadable("the link to it was turned each time while it was read"))
    }

    /// What compiles but is likely not meant.
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        Diagnostics::new(self.sources.clone(), self.warnings.clone())
    }

    /// The files that the policy was read from, the root file first.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// How many permits, nevers and requires there are.
    #[must_use]
    pub fn statement_count(&self) -> usize {
        self.statements.len()
    }

    /// How many expectations there are.
    #[must_use]
    pub fn expectation_count(&self) -> usize {
        self.expectations.len()
    }

    pub(crate) fn tree(&self, hierarchy: Hierarchy) -> &Tree {
        &self.trees[hierarchy as usize]
    }

    pub(crate) fn set(&self, id: SetId) -> &NodeSet {
        self.sets.get(id)
    }
}

impl std::str::FromStr for Model {
    type Err = Diagnostics;

    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::from_str(text)
    }
}

/// So many members of a circle, or meanings of a name, are shown.
const MOST_SHOWN: usize = 8;
/// A link is turned when a policy is replaced, and that is done by then.
const MOST_READINGS: usize = 3;

/// A circle as text: `a > b > a`, shortened where it is long.
fn circle<'a>(members: impl ExactSizeIterator<Item = &'a str> + Clone) -> String {
    let gap = (members.len() > MOST_SHOWN).then_some("…");
    let shown = members.clone().take(MOST_SHOWN).chain(gap).chain(members.take(1));
    shown.collect::<Vec<_>>().join(" > ")
}
