//! The names of a policy: what each means, where it is declared, and where it is used.
//!
//! For editors and other tools that read a policy while it is being written. Any text has an [`Index`]: broken parts
//! have no names, and do not affect the names around them. It decides nothing; numbers come from the model, which
//! exists only if there are no errors.
//!
//! - `symbol`: symbols and their occurrences;
//! - `collect`: from tokens to symbols and their occurrences;
//! - `expected`: what may stand at a place, for completion;
//! - `outline`: what a file consists of;
//! - `rename`: another name for a symbol, if nothing else changes its meaning.

mod collect;
mod expected;
mod outline;
mod rename;
mod symbol;

use crate::diagnostic::Diagnostics;
use crate::model::{Model, StatementKind, Tree};
use crate::source::{FileId, Loader, Sources};
use crate::syntax::KnownPieces;
use crate::words::Hierarchy;
pub use expected::{Expected, expected};
pub use outline::{Entry, TokenKind, outline, outline_of, token_kinds};
pub use rename::RenameError;
pub use symbol::{Occurrence, Symbol, SymbolId, SymbolKind};

/// What a statement is about, in numbers of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extent {
    /// `permits`, `forbids` or `adds duties to`.
    pub does: &'static str,
    /// `collect`, `use` or `share`.
    pub act: &'static str,
    /// How many categories.
    pub categories: usize,
    /// How many declared methods or recipients; one for `use`.
    pub parties: usize,
    /// Whether it is about methods or recipients that are not declared, too.
    pub any_party: bool,
    /// How many purposes.
    pub purposes: usize,
}

/// The model of a policy without errors, or the hierarchies and the tags of another.
#[derive(Debug)]
enum Read {
    Whole(Box<Model>),
    Broken(Box<([Tree; 4], Tree)>),
}

impl Read {
    fn trees(&self) -> &[Tree; 4] {
        match self {
            Self::Whole(model) => &model.trees,
            Self::Broken(trees) => &trees.0,
        }
    }

    fn tags(&self) -> &Tree {
        match self {
            Self::Whole(model) => &model.tags.tree,
            Self::Broken(trees) => &trees.1,
        }
    }
}

/// Every name of a policy.
#[derive(Debug)]
pub struct Index {
    diagnostics: Diagnostics,
    read: Read,
    symbols: Vec<Symbol>,
    /// By place.
    occurrences: Vec<Occurrence>,
    known: KnownPieces,
}

impl Index {
    /// Reads the policy whose root file is `root`, and all that it imports. O(length of the files)
    /// plus the cost of [`Model::from_loader`].
    ///
    /// ```
    /// use whyfor::{Memory, symbols::Index};
    /// let text = "policy shop category email purpose login use email for login use";
    /// let index = Index::load(&Memory::new().with("shop.why", text), "shop.why");
    /// let file = index.file("shop.why").unwrap();
    /// let email = index.at(file, text.rfind("email").unwrap()).unwrap();
    /// assert_eq!(index.symbol(email.symbol).name, "email");
    /// assert_eq!(index.occurrences_of(email.symbol).count(), 2);
    /// assert!(index.diagnostics().has_errors()); // the last `use`
    /// ```
    #[must_use]
    pub fn load(loader: &dyn Loader, root: &str) -> Self {
        Self::read(loader, root, &KnownPieces::default())
    }

    /// As [`load`](Self::load), for a policy that has changed since. Unchanged items are not parsed again.
    ///
    /// ```
    /// use whyfor::{Memory, symbols::Index};
    /// let old = Index::load(&Memory::new().with("a.why", "policy a\ncategory b\n"), "a.why");
    /// let now = old.again(&Memory::new().with("a.why", "policy a\ncategory c\n"), "a.why");
    /// assert_eq!(now.symbols().count(), 2);
    /// ```
    #[must_use]
    pub fn again(&self, loader: &dyn Loader, root: &str) -> Self {
        Self::read(loader, root, &self.known)
    }

    fn read(loader: &dyn Loader, root: &str, before: &KnownPieces) -> Self {
        let (mut files, known) = crate::model::load_again(loader, root, before);
        let marks: Vec<_> =
            files.list.iter_mut().map(|f| (f.id, std::mem::take(&mut f.marks))).collect();
        let (read, diagnostics) = match crate::model::resolve_or_trees(files) {
            Ok(model) => {
                let warnings = model.warnings();
                (Read::Whole(Box::new(model)), warnings)
            }
            Err(broken) => {
                let (diagnostics, trees, tags) = *broken;
                (Read::Broken(Box::new((trees, tags))), diagnostics)
            }
        };
        let (trees, tags) = (read.trees(), read.tags());
        let (symbols, occurrences) = collect::collect(diagnostics.sources(), &marks, trees, tags);
        Self { diagnostics, read, symbols, occurrences, known }
    }

    /// The files that were read, the root file first.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// assert_eq!(index.sources().files().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sources(&self) -> &Sources {
        self.diagnostics.sources()
    }

    /// All errors, or if there are none, all warnings.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// assert!(index.diagnostics().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The model, if the policy has no errors.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// assert!(index.model().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn model(&self) -> Option<&Model> {
        match &self.read {
            Read::Whole(model) => Some(model),
            Read::Broken(_) => None,
        }
    }

    /// The file at a path below the root folder, if the policy has it.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// assert!(index.file("shop.why").is_some() && index.file("common.why").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn file(&self, path: &str) -> Option<FileId> {
        let at = self.sources().files().iter().position(|file| file.path() == path)?;
        Some(FileId(at as u32))
    }

    /// All symbols.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn symbols(&self) -> impl Iterator<Item = (SymbolId, &Symbol)> {
        self.symbols.iter().enumerate().map(|(id, symbol)| (SymbolId(id as u32), symbol))
    }

    /// The symbol of an id that this index gave out.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert_eq!(index.symbol(email).label, "Email address");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    /// The name around or directly before a byte offset. O(log names).
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let file = index.file("shop.why").expect("it is the root");
    /// let offset = index.sources().file(file).text().find("email \"").expect("it is declared");
    /// let name = index.at(file, offset).expect("it is a name");
    /// assert!(name.declares);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn at(&self, file: FileId, offset: usize) -> Option<Occurrence> {
        let before = |o: &Occurrence| (o.span.file, o.span.start as usize) <= (file, offset);
        let last = self.occurrences.partition_point(before).checked_sub(1)?;
        let found = self.occurrences[last];
        (found.span.file == file && offset <= found.span.end as usize).then_some(found)
    }

    /// The names in one file, by place.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let file = index.file("shop.why").expect("it is the root");
    /// assert!(index.occurrences_in(file).len() > 20);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn occurrences_in(&self, file: FileId) -> &[Occurrence] {
        let from = self.occurrences.partition_point(|o| o.span.file < file);
        let to = self.occurrences.partition_point(|o| o.span.file <= file);
        &self.occurrences[from..to]
    }

    /// Every place that names a symbol, by file and place.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert_eq!(index.occurrences_of(email).count(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn occurrences_of(&self, symbol: SymbolId) -> impl Iterator<Item = Occurrence> + '_ {
        self.occurrences.iter().copied().filter(move |o| o.symbol == symbol)
    }

    /// The shortest reference that names each node of a kind or each tag, or the names of another kind.
    /// O(nodes × depth).
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// use whyfor::symbols::SymbolKind;
    /// let names: Vec<&str> = index.references(SymbolKind::Category).into_iter().map(|(_, name)| name).collect();
    /// assert_eq!(names, ["contact", "email", "phone", "allergies"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn references(&self, kind: SymbolKind) -> Vec<(SymbolId, &str)> {
        let of_kind = self.symbols().filter(|(_, symbol)| symbol.kind == kind);
        let Some(tree) = self.tree(kind) else {
            return of_kind.map(|(id, symbol)| (id, symbol.name.as_str())).collect();
        };
        let references = tree.references();
        of_kind
            .enumerate()
            .map(|(node, (id, symbol))| {
                let tails = symbol.name.rmatch_indices('.').map(|(at, _)| &symbol.name[at + 1..]);
                let is_it =
                    |tail: &&str| references.find(tail) == crate::model::Found::One(node as u32);
                (id, tails.into_iter().find(is_it).unwrap_or(&symbol.name))
            })
            .collect()
    }

    /// The number of nodes below a node, over all parents, or of tags below a tag. `None` for other symbols.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert_eq!(index.below(email), Some(0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn below(&self, symbol: SymbolId) -> Option<usize> {
        let tree = self.tree(self.symbol(symbol).kind)?;
        Some(count(tree.below(self.number(symbol))) - 1)
    }

    /// The `when` and `unless` of a basis, as written where it is declared.
    ///
    /// ```
    /// use whyfor::{Memory, symbols::Index};
    /// let text = "policy p\nfact consent\nbasis agreed \"Consent\" when consent\n";
    /// let index = Index::load(&Memory::new().with("p.why", text), "p.why");
    /// let (agreed, _) = index.symbols().find(|(_, symbol)| symbol.name == "agreed").expect("it is declared");
    /// assert_eq!(index.condition(agreed), Some("when consent"));
    /// ```
    #[must_use]
    pub fn condition(&self, symbol: SymbolId) -> Option<&str> {
        if self.symbol(symbol).kind != SymbolKind::Basis {
            return None;
        }
        let declared = self.occurrences_of(symbol).find(|occurrence| occurrence.declares)?.span;
        let text = self.sources().file(declared.file).text();
        outline::condition(text, declared.range())
    }

    /// The field patterns that mean a category itself, if the policy has no mistakes.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert_eq!(index.patterns(email), ["*_email"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn patterns(&self, symbol: SymbolId) -> Vec<&str> {
        let (Some(model), Some((Hierarchy::Category, node))) = (self.model(), self.node(symbol))
        else {
            return Vec::new();
        };
        let fields = model.fields.iter().filter(|field| field.categories.contains(&node));
        fields.flat_map(|field| field.patterns.iter().map(String::as_str)).collect()
    }

    /// How many permits, nevers and requires cover a node, if the policy has no mistakes.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let (email, _) = index.symbols().find(|(_, symbol)| symbol.name == "contact.email").expect("it is declared");
    /// assert_eq!(index.statements(email), Some([2, 0, 0])); // permits, nevers, requires
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statements(&self, symbol: SymbolId) -> Option<[usize; 3]> {
        let (model, (hierarchy, node)) = (self.model()?, self.node(symbol)?);
        let mut counts = [0; 3];
        for statement in &model.statements {
            let set = match hierarchy {
                Hierarchy::Category => Some(statement.categories),
                Hierarchy::Purpose => Some(statement.purposes),
                party => statement.parties.filter(|_| statement.act.party() == Some(party)),
            };
            let covers = set.is_some_and(|set| model.set(set).contains(node));
            counts[statement.kind as usize] += usize::from(covers);
        }
        Some(counts)
    }

    /// What the statement around a byte offset is about, if the policy has no mistakes.
    ///
    /// ```
    /// # let root = whyfor::RootFile::new("examples/shop.why")?;
    /// # let index = whyfor::symbols::Index::load(&root, "shop.why");
    /// let file = index.file("shop.why").expect("it is the root");
    /// let offset = index.sources().file(file).text().find("use contact").expect("it is a statement");
    /// assert_eq!(index.extent(file, offset).map(|extent| extent.act), Some("use"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn extent(&self, file: FileId, offset: usize) -> Option<Extent> {
        let model = self.model()?;
        let statement = model.statements.iter().find(|statement| {
            statement.span.file == file && statement.span.range().contains(&offset)
        })?;
        let any = statement.act.party().map(|hierarchy| model.tree(hierarchy).len());
        let parties = statement.parties.map(|set| model.set(set));
        let any_party = parties.zip(any).is_some_and(|(set, any)| set.contains(any));
        Some(Extent {
            does: match statement.kind {
                StatementKind::Permit => "permits",
                StatementKind::Never => "forbids",
                StatementKind::Require => "adds duties to",
            },
            act: statement.act.as_str(),
            categories: count(model.set(statement.categories)),
            parties: parties.map_or(1, count) - usize::from(any_party),
            any_party,
            purposes: count(model.set(statement.purposes)),
        })
    }

    /// The hierarchy and the number of a symbol that is a node.
    fn node(&self, symbol: SymbolId) -> Option<(Hierarchy, u32)> {
        let hierarchy = self.symbol(symbol).kind.hierarchy()?;
        Some((hierarchy, self.number(symbol)))
    }

    /// The hierarchy or the tags that symbols of a kind are nodes of.
    fn tree(&self, kind: SymbolKind) -> Option<&Tree> {
        match kind {
            SymbolKind::Tag => Some(self.read.tags()),
            _ => kind.hierarchy().map(|hierarchy| &self.read.trees()[hierarchy as usize]),
        }
    }

    /// The number of a node or tag in its tree. Those of a tree are in its order, and the trees in the order of
    /// hierarchies, tags last.
    fn number(&self, symbol: SymbolId) -> u32 {
        let trees = self.read.trees();
        let before = self.symbol(symbol).kind.hierarchy().map_or(trees.len(), |h| h as usize);
        symbol.0 - trees[..before].iter().map(Tree::len).sum::<u32>()
    }
}

/// A reference as it is written: each name that is a word of the language in backquotes.
///
/// ```
/// assert_eq!(whyfor::symbols::written("contact.use"), "contact.`use`");
/// ```
#[must_use]
pub fn written(reference: &str) -> String {
    let names = reference.split('.');
    let names = names.map(|name| crate::syntax::name_as_written(name).unwrap_or(name.to_owned()));
    names.collect::<Vec<_>>().join(".")
}

/// A label as it is written, in quotation marks. Characters that a string may not contain are removed, and line
/// breaks become spaces.
///
/// ```
/// assert_eq!(whyfor::symbols::quoted("a \"b\"\u{202E}"), r#""a \"b\"""#);
/// ```
#[must_use]
pub fn quoted(label: &str) -> String {
    let text = crate::syntax::readable(label).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// A text for a comment of one line: characters that a comment may not contain are removed, and line breaks become
/// spaces.
///
/// ```
/// assert_eq!(whyfor::symbols::commented("two\nlines"), "two lines");
/// ```
#[must_use]
pub fn commented(text: &str) -> String {
    crate::syntax::readable(text)
}

fn count(set: &crate::model::NodeSet) -> usize {
    set.ranges().iter().map(|(start, end)| (end - start) as usize).sum()
}
