//! What a policy contains: its header, its vocabulary, its facts, and the sizes of its tables.

use super::Policy;
use super::question::{Act, CategoryId, Field, MethodId, NamedAct, NodeId, PurposeId, RecipientId};
use crate::table::ids;
use crate::words::{FactKind, Hierarchy, Mask};

/// A node of a hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Node<'a> {
    /// The dotted path of its declaration. As a reference it names this node. As the name of a field it can stand for
    /// more categories, if a `field` statement maps it too.
    pub path: &'a str,
    /// Its label, or an empty text.
    pub label: &'a str,
    /// How many nodes are above it, along its declaration.
    pub depth: usize,
    /// Whether nothing is below it.
    pub is_leaf: bool,
}

/// A fact that the policy declares.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FactInfo<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its label, or an empty text.
    pub label: &'a str,
    /// What it takes.
    pub kind: FactKind,
    /// The choices of a choice.
    pub choices: Vec<&'a str>,
    /// The label of each choice, or an empty text.
    pub choice_labels: Vec<&'a str>,
    /// What a number is compared with, in ascending order.
    pub bounds: Vec<f64>,
}

/// A `field` statement: which names it maps, and to which categories.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldStatement<'a> {
    /// Its patterns: `*` is any run of characters but `.`, `**` any run, `?` one character but `.`;
    /// letters match without ASCII case.
    pub patterns: Vec<&'a str>,
    /// Patterns of names that it does not map.
    pub except: Vec<&'a str>,
    /// What it maps them to.
    pub field: Field,
}

impl Policy {
    /// The policy's name.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.tables().slice(self.tables().description().name)
    }

    /// The policy's label, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.label(), "Shop personal information list");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn label(&self) -> &str {
        self.tables().slice(self.tables().description().label)
    }

    /// The policy's version, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.version(), "2.1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn version(&self) -> &str {
        self.tables().slice(self.tables().description().version)
    }

    /// The controller, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.controller(), "Shop Ltd");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn controller(&self) -> &str {
        self.tables().slice(self.tables().description().controller)
    }

    /// The day from which the policy is in effect, as `2026-12-31`, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p { effective \"2026-12-31\" }").unwrap();
    /// assert_eq!(policy.effective(), "2026-12-31");
    /// ```
    #[must_use]
    pub fn effective(&self) -> &str {
        self.tables().slice(self.tables().description().effective)
    }

    /// The language of the policy's labels as a code of BCP 47, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p { language \"de\" }").unwrap();
    /// assert_eq!(policy.language(), "de");
    /// ```
    #[must_use]
    pub fn language(&self) -> &str {
        self.tables().slice(self.tables().description().language)
    }

    /// Whom to write to, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p { contact \"privacy@example.com\" }").unwrap();
    /// assert_eq!(policy.contact(), "privacy@example.com");
    /// ```
    #[must_use]
    pub fn contact(&self) -> &str {
        self.tables().slice(self.tables().description().contact)
    }

    /// Where the list is published, or an empty text.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p { url \"https://example.com/data\" }").unwrap();
    /// assert_eq!(policy.url(), "https://example.com/data");
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        self.tables().slice(self.tables().description().url)
    }

    /// All categories, each before what is declared in it.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let paths: Vec<&str> = policy.categories().map(|(_, node)| node.path).collect();
    /// assert_eq!(paths, ["contact", "contact.email", "contact.phone", "allergies"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn categories(&self) -> impl Iterator<Item = (CategoryId, Node<'_>)> {
        self.nodes(Hierarchy::Category).map(|(node, class, info)| {
            (CategoryId { node, class, policy: self.marks().category }, info)
        })
    }

    /// The paths of a field's categories, each once, in the order of their declaration. O(categories of the
    /// field). Empty for a field of another policy.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.paths(&policy.field("work_email")?), ["contact.email"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn paths(&self, field: &Field) -> Vec<&str> {
        let mut nodes = self.nodes_of(field);
        nodes.sort_unstable();
        nodes.dedup();
        nodes
            .into_iter()
            .map(|node| self.tables().path(Hierarchy::Category, ids::NodeId(node)))
            .collect()
    }

    /// The path of a category, a method, a purpose or a recipient. `None` for an id of another policy, and for the
    /// id of several categories, which a `field` statement can map a name to: [`paths`](Self::paths) lists them.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.path(policy.category("email")?), Some("contact.email"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn path(&self, id: impl Into<NodeId>) -> Option<&str> {
        let (hierarchy, node, policy, own) = match id.into() {
            NodeId::Category(id) => {
                (Hierarchy::Category, id.node, id.policy, self.marks().category)
            }
            NodeId::Method(id) => (Hierarchy::Method, id.node, id.policy, self.marks().party),
            NodeId::Purpose(id) => (Hierarchy::Purpose, id.node, id.policy, self.marks().purpose),
            NodeId::Recipient(id) => (Hierarchy::Recipient, id.node, id.policy, self.marks().party),
        };
        let is_node = policy == own && node < self.tables().count(hierarchy);
        is_node.then(|| self.tables().path(hierarchy, ids::NodeId(node)))
    }

    /// An act with the path of its method or recipient; without one, it is about any. `None` for an id of another policy.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Act;
    /// let act = Act::Collect(policy.method("provided")?);
    /// assert_eq!(policy.named_act(act), Some(Act::Collect(Some("provided"))));
    /// assert_eq!(policy.named_act(Act::Share(policy.any_recipient())), Some(Act::Share(None)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn named_act(&self, act: Act) -> Option<NamedAct<'_>> {
        match act {
            Act::Use => Some(Act::Use),
            Act::Collect(method) => self.owns(method).then(|| Act::Collect(self.path(method))),
            Act::Share(recipient) => self.owns(recipient).then(|| Act::Share(self.path(recipient))),
        }
    }

    /// Whether an id belongs to this policy: any other policy denies every question with it. O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let other = whyfor::Policy::from_str("policy other  category email")?;
    /// assert!(policy.owns(policy.category("email")?));
    /// assert!(!policy.owns(other.category("email")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn owns(&self, id: impl Into<NodeId>) -> bool {
        let marks = self.marks();
        match id.into() {
            NodeId::Category(id) => id.policy == marks.category,
            NodeId::Purpose(id) => id.policy == marks.purpose,
            NodeId::Method(id) => id.policy == marks.party,
            NodeId::Recipient(id) => id.policy == marks.party,
        }
    }

    /// The numbers of a field's categories in the model.
    pub(crate) fn nodes_of(&self, field: &Field) -> Vec<u32> {
        let own = field.0.iter().filter(|category| category.policy == self.marks().category);
        own.flat_map(|category| self.tables().categories_of(ids::NodeId(category.node))).collect()
    }

    /// Every name of a field that the policy spells out, in alphabetical order: the ends of all paths,
    /// ambiguous ones too, and patterns without wildcards. Any other name is unknown, or only
    /// [`field_statements`](Self::field_statements) map it. O(names × log names).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let names = policy.field_names();
    /// assert_eq!(names, ["allergies", "contact", "contact.email", "contact.phone", "email", "phone"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn field_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tables().field_names().collect();
        names.sort_unstable();
        names
    }

    /// The `field` statements, for programs that map names themselves. If several match a name, the categories of
    /// all count.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let statement = policy.field_statements().next().expect("there is one");
    /// assert_eq!(statement.patterns, ["*_email"]);
    /// assert_eq!(policy.paths(&statement.field), ["contact.email"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn field_statements(&self) -> impl Iterator<Item = FieldStatement<'_>> {
        self.tables().field_statements().map(|([patterns, except], node, class)| {
            let category =
                CategoryId { node: node.0, class: class.0, policy: self.marks().category };
            FieldStatement { patterns, except, field: Field(vec![category]) }
        })
    }

    /// All methods, each before what is declared in it.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.methods().any(|(_, node)| node.path == "provided"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn methods(&self) -> impl Iterator<Item = (MethodId, Node<'_>)> {
        self.nodes(Hierarchy::Method)
            .map(|(node, class, info)| (MethodId { node, class, policy: self.marks().party }, info))
    }

    /// All purposes, each before what is declared in it.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let leaves = policy.purposes().filter(|(_, node)| node.is_leaf);
    /// let paths: Vec<&str> = leaves.map(|(_, node)| node.path).collect();
    /// assert_eq!(paths, ["service.login", "service.delivery", "marketing.newsletter"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn purposes(&self) -> impl Iterator<Item = (PurposeId, Node<'_>)> {
        self.nodes(Hierarchy::Purpose).map(|(node, class, info)| {
            (PurposeId { node, class, policy: self.marks().purpose }, info)
        })
    }

    /// All recipients, each before what is declared in it.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.recipients().any(|(_, node)| node.label == "Courier"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn recipients(&self) -> impl Iterator<Item = (RecipientId, Node<'_>)> {
        self.nodes(Hierarchy::Recipient).map(|(node, class, info)| {
            (RecipientId { node, class, policy: self.marks().party }, info)
        })
    }

    fn nodes(&self, hierarchy: Hierarchy) -> impl Iterator<Item = (u32, u32, Node<'_>)> {
        let tables = self.tables();
        (0..tables.count(hierarchy)).map(move |id| {
            let record = tables.node(hierarchy, ids::NodeId(id));
            let path = tables.slice(record.path);
            let depth = record.parent.some().map_or(0, |_| path.matches('.').count());
            let is_leaf = record.ranges.some().is_none() && record.end.0 == id + 1;
            let node = Node { path, label: tables.slice(record.label), depth, is_leaf };
            (id, record.class.0, node)
        })
    }

    /// All facts, in the order of their declaration.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::FactKind;
    /// let kinds: Vec<FactKind> = policy.facts().map(|fact| fact.kind).collect();
    /// assert_eq!(kinds, [FactKind::PerPurpose, FactKind::Choice, FactKind::Number]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn facts(&self) -> impl Iterator<Item = FactInfo<'_>> {
        let tables = self.tables();
        tables.facts().iter().map(move |fact| {
            let kind = FactKind::of(fact);
            let atoms = if kind == FactKind::Number { tables.atoms(fact) } else { &[] };
            let mut bounds: Vec<f64> =
                atoms.iter().map(|atom| f64::from_bits(atom.operand)).collect();
            bounds.sort_by(f64::total_cmp);
            bounds.dedup();
            FactInfo {
                name: tables.slice(fact.name),
                label: tables.slice(fact.label),
                kind,
                choices: tables.named(tables.choices(fact)).map(|(name, _)| name).collect(),
                choice_labels: tables.named(tables.choices(fact)).map(|(_, label)| label).collect(),
                bounds,
            }
        })
    }

    /// The names of all duties, in the order of their declaration.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.duties().eq(["deidentify"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn duties(&self) -> impl Iterator<Item = &str> {
        let tables = self.tables();
        tables.named(tables.sections.duty_names).map(|(name, _)| name)
    }

    /// What masks the data where a duty is owed; `None` if the program fulfils it, or there is no such duty. O(duties).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p duty pseudonymise mask \"sha-256-global\" duty notify").unwrap();
    /// use whyfor::Mask;
    /// assert_eq!(policy.mask_of("pseudonymise"), Some(Mask::Sha256Global));
    /// assert_eq!(policy.mask_of("notify"), None);
    /// ```
    #[must_use]
    pub fn mask_of(&self, duty: &str) -> Option<Mask> {
        let bit = self.duties().position(|name| name == duty)?;
        self.tables().masks(1 << bit)
    }

    /// The names and labels of all legal bases, in the order of their declaration.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p basis contract \"Performance of a contract\"").unwrap();
    /// assert!(policy.bases().eq([("contract", "Performance of a contract")]));
    /// ```
    pub fn bases(&self) -> impl Iterator<Item = (&str, &str)> {
        let tables = self.tables();
        tables.named(tables.sections.basis_names)
    }

    /// The names and labels of all events, by name.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p event withdrawal \"Withdrawal of consent\"").unwrap();
    /// assert!(policy.events().eq([("withdrawal", "Withdrawal of consent")]));
    /// ```
    pub fn events(&self) -> impl Iterator<Item = (&str, &str)> {
        let tables = self.tables();
        tables.named(tables.sections.event_names)
    }

    /// The sizes of the tables: category classes, planes (`use`, and the classes of methods and
    /// recipients), purpose classes, stored cells.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let [categories, planes, purposes, cells] = policy.table_shape();
    /// assert!(cells <= categories * planes * purposes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn table_shape(&self) -> [usize; 4] {
        self.tables().shape()
    }
}
