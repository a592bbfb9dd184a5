//! Names in questions: what they mean, and what an unknown one could have meant.

use super::policy::Policy;
use super::question::{
    Act, CategoryId, Field, MethodId, NamedAct, PurposeId, RecipientId, Refusal,
};
use crate::table::ids::{ListAt, NodeId};
use crate::table::once::Seen;
use crate::table::schema::NameValue;
use crate::words::Hierarchy;

/// The resolved name of a field, without an allocation for one category.
pub(super) enum FieldOrCategory {
    Category(CategoryId),
    Field(Field),
}

impl Policy {
    /// Resolves the name of a field: a reference to a category, or what `field` patterns map.
    ///
    /// O(length) for names that the policy spells out; else O(length of the name), for each pattern
    /// that shares its letters.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let field = policy.field("work_email")?;
    /// assert_eq!(policy.paths(&field), ["contact.email"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    pub fn field(&self, name: &str) -> Result<Field, Refusal<'static>> {
        match self.field_or_category(name) {
            Ok(FieldOrCategory::Category(category)) => Ok(Field(vec![category])),
            Ok(FieldOrCategory::Field(field)) => Ok(field),
            Err(refusal) => Err(refusal.into_owned()),
        }
    }

    pub(super) fn field_or_category<'n>(
        &self,
        name: &'n str,
    ) -> Result<FieldOrCategory, Refusal<'n>> {
        let refusal = match self.category_named(name) {
            Ok(category) => return Ok(FieldOrCategory::Category(category)),
            Err(refusal) => refusal,
        };
        let (mut found, mut seen) = (Vec::new(), Seen::default());
        self.each_by_pattern(name, |category| {
            if seen.add(u64::from(category.class) << 32 | u64::from(category.node)) {
                found.push(category);
            }
        });
        match found.as_slice() {
            [] => Err(refusal),
            [one] => Ok(FieldOrCategory::Category(*one)),
            _ => Ok(FieldOrCategory::Field(Field(found))),
        }
    }

    pub(super) fn each_by_pattern(&self, name: &str, mut visit: impl FnMut(CategoryId)) {
        self.tables().fields_by_pattern(name, |node, class| {
            visit(CategoryId { node: node.0, class: class.0, policy: self.marks().category });
        });
    }

    /// Resolves a name that the policy spells out: a reference to a category, or a `field` pattern
    /// without wildcards.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.category("email")?, policy.category("contact.email")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn category(&self, name: &str) -> Result<CategoryId, Refusal<'static>> {
        self.category_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves a reference to a method.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let provided = policy.method("provided")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn method(&self, name: &str) -> Result<MethodId, Refusal<'static>> {
        self.method_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves the method or recipient of an act; without one, it is about any.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Act;
    /// assert_eq!(policy.act(Act::Collect(Some("provided")))?, Act::Collect(policy.method("provided")?));
    /// assert_eq!(policy.act(Act::Collect(None))?, Act::Collect(policy.any_method()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn act(&self, act: NamedAct<'_>) -> Result<Act, Refusal<'static>> {
        self.act_named(act).map_err(Refusal::into_owned)
    }

    /// As [`act`](Self::act), with a refusal that borrows the name.
    #[inline]
    pub(super) fn act_named<'n>(&self, act: NamedAct<'n>) -> Result<Act, Refusal<'n>> {
        match act {
            Act::Use => Ok(Act::Use),
            Act::Collect(None) => Ok(Act::Collect(self.any_method())),
            Act::Collect(Some(method)) => self.method_named(method).map(Act::Collect),
            Act::Share(None) => Ok(Act::Share(self.any_recipient())),
            Act::Share(Some(recipient)) => self.recipient_named(recipient).map(Act::Share),
        }
    }

    /// Any method: a question about it is about all methods, declared or not.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let (email, login) = (policy.category("email")?, policy.purpose("login")?);
    /// let decision = policy.decide(Act::Collect(policy.any_method()), email, login, Facts::none());
    /// assert!(!decision.is_allowed()); // it names the methods
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn any_method(&self) -> MethodId {
        let tables = self.tables();
        let (node, class) = (tables.count(Hierarchy::Method), tables.description().any_method);
        MethodId { node, class: class.0, policy: self.marks().party }
    }

    /// Any recipient: a question about it is about all recipients, declared or not.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let (email, login) = (policy.category("email")?, policy.purpose("login")?);
    /// let decision = policy.decide(Act::Share(policy.any_recipient()), email, login, Facts::none());
    /// assert!(!decision.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn any_recipient(&self) -> RecipientId {
        let tables = self.tables();
        let (node, class) =
            (tables.count(Hierarchy::Recipient), tables.description().any_recipient);
        RecipientId { node, class: class.0, policy: self.marks().party }
    }

    /// Resolves a reference to a purpose.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let login = policy.purpose("login")?;
    /// assert!(policy.purpose("world_domination").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn purpose(&self, name: &str) -> Result<PurposeId, Refusal<'static>> {
        self.purpose_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves a reference to a recipient.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let courier = policy.recipient("courier")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn recipient(&self, name: &str) -> Result<RecipientId, Refusal<'static>> {
        self.recipient_named(name).map_err(Refusal::into_owned)
    }

    #[inline]
    fn category_named<'n>(&self, name: &'n str) -> Result<CategoryId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Category, name)?;
        Ok(CategoryId { node, class, policy: self.marks().category })
    }

    #[inline]
    pub(super) fn method_named<'n>(&self, name: &'n str) -> Result<MethodId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Method, name)?;
        Ok(MethodId { node, class, policy: self.marks().party })
    }

    #[inline]
    pub(super) fn purpose_named<'n>(&self, name: &'n str) -> Result<PurposeId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Purpose, name)?;
        Ok(PurposeId { node, class, policy: self.marks().purpose })
    }

    #[inline]
    pub(super) fn recipient_named<'n>(&self, name: &'n str) -> Result<RecipientId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Recipient, name)?;
        Ok(RecipientId { node, class, policy: self.marks().party })
    }

    #[inline(always)]
    fn resolve<'n>(&self, hierarchy: Hierarchy, name: &'n str) -> Result<(u32, u32), Refusal<'n>> {
        let refusal = |ambiguous| Refusal { hierarchy, ambiguous, name: name.into() };
        match self.tables().name(hierarchy, name).map(NameValue::node) {
            Some(Ok((node, class))) => Ok((node.0, class.0)),
            Some(Err(candidates)) => Err(refusal(Some(candidates.0))),
            None => Err(refusal(None)),
        }
    }

    /// What a refused name could have meant: the paths that end with an ambiguous name, or names like an unknown
    /// one. O(nodes of the hierarchy); allocates.
    ///
    /// A decision does not compute them: otherwise a client that chooses the names in questions could choose the
    /// cost of a log of reasons.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let refusal = policy.purpose("newslettr").unwrap_err();
    /// assert_eq!(policy.candidates(&refusal), ["marketing.newsletter"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn candidates(&self, refusal: &Refusal<'_>) -> Vec<String> {
        let (tables, hierarchy) = (self.tables(), refusal.hierarchy);
        let path = |node: u32| tables.path(hierarchy, NodeId(node));
        // What the name means here: the refusal may be another version's.
        match self.resolve(hierarchy, &refusal.name) {
            Ok((node, _)) => vec![path(node).to_owned()],
            Err(Refusal { ambiguous: Some(list), .. }) => {
                let nodes = tables.list(ListAt(list)).iter().take(tables.count(hierarchy) as usize);
                nodes.map(|node| path(*node).to_owned()).collect()
            }
            Err(_) => crate::names::nearest(&refusal.name, (0..tables.count(hierarchy)).map(path)),
        }
    }
}
