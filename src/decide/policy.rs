//! The policy: where it comes from, the names it resolves, and the questions it answers.

use super::Verdict;
use super::decision::{About, Decision};
use super::digest::Digest;
use super::evaluate::{KnownFacts, term};
use super::facts::Facts;
use super::marks::Marks;
use super::question::{
    Act, CategoryId, Field, MethodId, PurposeId, Question, RecipientId, Refusal,
};
use crate::table::once::Seen;
use crate::table::tables::{ALLOW, AMBIGUOUS, CONDITIONAL, SIMPLE};
use crate::table::{ArtifactError, Image, NO_NODE, Tables};
use crate::words::Hierarchy;
use std::path::{Path, PathBuf};

self_cell::self_cell!(
    /// The tables borrow from the image beside them.
    struct Inner {
        owner: Image,
        #[covariant]
        dependent: Tables,
    }
);

/// A compiled policy: immutable, shared by threads without locks or reference counts.
///
/// It is made from text, from a `Model` or from an artifact, with the same answers. Every answer reads flat
/// tables: its cost does not depend on the number of statements.
pub struct Policy {
    inner: Inner,
    /// What identifies the policy's atoms to [`Facts`]; never 0.
    tag: u64,
    marks: Marks,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy")
            .field("name", &self.name())
            .field("digest", &self.digest())
            .finish()
    }
}

/// Why a policy cannot be loaded from a file.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The policy's text has mistakes, or expectations of it fail.
    #[cfg(feature = "compile")]
    #[error(transparent)]
    Policy(#[from] crate::Diagnostics),
    /// The artifact cannot be read.
    #[error("`{}`: {source}", crate::printable(&path.display().to_string()))]
    Artifact {
        /// As given.
        path: PathBuf,
        /// Why not.
        source: ArtifactError,
    },
}

impl LoadError {
    fn artifact(path: &Path, source: ArtifactError) -> Self {
        Self::Artifact { path: path.to_owned(), source }
    }
}

// ── Where it comes from ─────────────────────────────────────────────────────────────────────────

impl Policy {
    /// Compiles a model without checking its expectations: for editors and reports, which show the ones that fail
    /// beside the rest ([`check_expectations`](Self::check_expectations)). A program that serves the policy
    /// calls [`compile_verified`](Self::compile_verified).
    ///
    /// 100,000 statements take about a second.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let policy = whyfor::Policy::compile(&model)?;
    /// assert!(policy.check_expectations(&model).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The tables would exceed a limit; see `limits.rs`.
    #[cfg(feature = "compile")]
    pub fn compile(model: &crate::Model) -> Result<Self, crate::Diagnostics> {
        Self::compile_with(model, None)
    }

    /// As [`compile`](Self::compile), with the given layout of the cells: for tests that every layout gives the
    /// same answers.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// use whyfor::{Policy, reference::Layout};
    /// let policy = Policy::compile_as(&model, Layout::Lines)?;
    /// assert!(policy.may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    #[cfg(feature = "tools")]
    pub fn compile_as(
        model: &crate::Model,
        layout: crate::reference::Layout,
    ) -> Result<Self, crate::Diagnostics> {
        Self::compile_with(model, Some(layout))
    }

    #[cfg(feature = "compile")]
    fn compile_with(
        model: &crate::Model,
        layout: Option<crate::table::compile::Layout>,
    ) -> Result<Self, crate::Diagnostics> {
        let image = crate::table::compile::compile(model, layout)?;
        // The compiler writes whole images; if it did not, that would be reported as any other failure.
        Self::from_image(image)
            .map_err(|error| crate::table::compile::refuse(model, &error.to_string()))
    }

    /// Whether a regular file starts as an artifact does. False if it cannot be read. A pipe or a device is not
    /// read: false.
    ///
    /// ```
    /// use whyfor::Policy;
    /// assert!(!Policy::is_artifact("examples/shop.why"));
    /// ```
    #[must_use]
    pub fn is_artifact(path: impl AsRef<Path>) -> bool {
        Image::is_in(path.as_ref())
    }

    /// Reads an artifact into memory. The first 64 bytes say whether it is one and how long it is; the rest is
    /// read only then.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// # let path = std::env::temp_dir().join(format!("whyfor-open-{}.whyc", std::process::id()));
    /// use whyfor::Policy;
    /// std::fs::write(&path, policy.as_bytes())?;
    /// assert_eq!(Policy::open(&path)?.digest(), policy.digest());
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It cannot be read, is not a regular file, is of another version, cut off, damaged or malformed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let policy = Image::read(path).and_then(Self::from_image);
        policy.map_err(|error| LoadError::artifact(path, error))
    }

    /// Copies an artifact from memory.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Policy;
    /// assert_eq!(Policy::from_artifact(policy.as_bytes())?.digest(), policy.digest());
    /// assert!(Policy::from_artifact(b"something else").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is of another version, cut off, damaged or malformed.
    pub fn from_artifact(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Self::from_image(Image::from_bytes(bytes)?)
    }

    /// Maps an artifact into memory: its pages are shared with every process that does the same.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// # let path = std::env::temp_dir().join(format!("whyfor-map-{}.whyc", std::process::id()));
    /// use whyfor::Policy;
    /// std::fs::write(&path, policy.as_bytes())?;
    /// // SAFETY: nobody else knows the file.
    /// let mapped = unsafe { Policy::map(&path)? };
    /// assert_eq!(mapped.digest(), policy.digest());
    /// # drop(mapped);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Safety
    /// The file must not change or shrink while the policy lives: a question would then end the process with a
    /// signal. Renaming a new file onto it is fine: the policy keeps the old one. `whyfor compile` always
    /// writes that way; `cp` and `rsync --inplace` do not. If others replace the file, [`open`](Self::open) it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[allow(unsafe_code, reason = "passes on the caller's promise")]
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        // SAFETY: the caller promises what `Image::map` asks for.
        let image = unsafe { Image::map(path) };
        image.and_then(Self::from_image).map_err(|error| LoadError::artifact(path, error))
    }

    fn from_image(image: Image) -> Result<Self, ArtifactError> {
        let digest = image.digest();
        let tag = u64::from_le_bytes(*digest.first_chunk().unwrap_or(&[0; 8])) | 1;
        let inner = Inner::try_new(image, |image| Tables::open(image))?;
        Ok(Self { inner, tag, marks: Marks::of(&digest) })
    }

    /// The artifact: what [`from_artifact`](Self::from_artifact) and [`open`](Self::open) read. O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(whyfor::Policy::from_artifact(policy.as_bytes())?.name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.inner.borrow_owner().bytes()
    }

    /// Identifies the policy. O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// println!("decided by policy {:.12}", policy.digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::new(self.inner.borrow_owner().digest())
    }

    #[inline]
    pub(crate) fn tables(&self) -> &Tables<'_> {
        self.inner.borrow_dependent()
    }

    pub(super) fn tag(&self) -> u64 {
        self.tag
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }
}

// ── Questions ───────────────────────────────────────────────────────────────────────────────────

impl Policy {
    /// Whether a field may be used for a purpose, with no fact stated.
    ///
    /// **A yes can owe duties**, such as `deidentify`: [`ask`](Self::ask) and
    /// [`Decision::permit`] say which. Unknown and ambiguous names are a no. Allocates nothing.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.may_use("email", "login"));
    /// assert!(!policy.may_use("email", "newsletter")); // it depends on facts
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn may_use(&self, field: &str, purpose: &str) -> bool {
        let Some(purpose) = self.class(Hierarchy::Purpose, purpose) else { return false };
        self.may(0, field, purpose)
    }

    /// Whether a field may be collected by a method for a purpose, with no fact stated.
    ///
    /// **A yes can owe duties**, such as `deidentify`: [`ask`](Self::ask) and
    /// [`Decision::permit`] say which. Unknown and ambiguous names are a no. Allocates nothing.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.may_collect("email", "provided", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn may_collect(&self, field: &str, method: &str, purpose: &str) -> bool {
        let Some(method) = self.class(Hierarchy::Method, method) else { return false };
        let Some(purpose) = self.class(Hierarchy::Purpose, purpose) else { return false };
        self.may(method, field, purpose)
    }

    /// Whether a field may be shared with a recipient for a purpose, with no fact stated.
    ///
    /// **A yes can owe duties**, such as `deidentify`: [`ask`](Self::ask) and
    /// [`Decision::permit`] say which. Unknown and ambiguous names are a no. Allocates nothing.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.may_share("phone", "courier", "delivery"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn may_share(&self, field: &str, recipient: &str, purpose: &str) -> bool {
        let Some(recipient) = self.class(Hierarchy::Recipient, recipient) else { return false };
        let Some(purpose) = self.class(Hierarchy::Purpose, purpose) else { return false };
        self.may(recipient, field, purpose)
    }

    #[inline(always)]
    fn may(&self, plane: u32, field: &str, column: u32) -> bool {
        // With no fact stated, a condition denies unless it always holds, which compiling has found out.
        match self.class(Hierarchy::Category, field) {
            Some(row) => self.kind_of(plane, row, column) == ALLOW,
            None => self.may_by_pattern(plane, field, column),
        }
    }

    /// Whether patterns map a name, and every category that they map it to is allowed.
    #[cold]
    #[inline(never)]
    fn may_by_pattern(&self, plane: u32, field: &str, column: u32) -> bool {
        let (mut any, mut all) = (false, true);
        self.each_by_pattern(field, |category| {
            any = true;
            all &= self.kind_of(plane, category.class, column) == ALLOW;
        });
        any && all
    }

    /// The class of a name. The class of an ambiguous name is outside every table, so it denies.
    #[inline(always)]
    fn class(&self, hierarchy: Hierarchy, name: &str) -> Option<u32> {
        self.tables().name(hierarchy, name).map(|value| (value >> 32) as u32)
    }

    /// Decides a question by names. Unknown and ambiguous names deny; the reasons say which.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::share("phone", "courier", "login"), Facts::none());
    /// assert!(!decision.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn ask<'a>(&'a self, question: &Question<'a>, facts: &'a Facts) -> Decision<'a> {
        let field = self.field_or_category(question.field);
        let purpose = self.purpose_named(question.purpose);
        let act = match question.act {
            Act::Use => Ok(Act::Use),
            Act::Collect(method) => self.method_named(method).map(Act::Collect),
            Act::Share(recipient) => self.recipient_named(recipient).map(Act::Share),
        };
        match (act, field, purpose) {
            (Ok(act), Ok(FieldOrCategory::Category(category)), Ok(purpose)) => {
                self.decide(act, category, purpose, facts)
            }
            (Ok(act), Ok(FieldOrCategory::Field(field)), Ok(purpose)) => {
                self.decide_field(act, &field, purpose, facts)
            }
            (act, field, purpose) => Decision {
                policy: self,
                facts,
                verdict: Verdict::Deny,
                about: About::Refused([field.err(), act.err(), purpose.err()]),
            },
        }
    }

    /// Decides a question by resolved ids: the hot path, a few dependent loads.
    ///
    /// An id of another policy, or of another version of this one, denies; the reasons say so.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let (email, login) = (policy.category("email")?, policy.purpose("login")?); // once
    /// assert!(policy.decide(Act::Use, email, login, Facts::none()).is_allowed()); // often
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn decide<'a>(
        &'a self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> Decision<'a> {
        let verdict = self.verdict(act, category, purpose, facts);
        let about = About::Asked { act, purpose, category, more: Vec::new() };
        Decision { policy: self, facts, verdict, about }
    }

    /// Decides a question about all categories of a field.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let (field, login) = (policy.field("work_email")?, policy.purpose("login")?);
    /// assert!(policy.decide_field(Act::Use, &field, login, Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decide_field<'a>(
        &'a self,
        act: Act,
        field: &Field,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> Decision<'a> {
        // A field has at least one category.
        let nothing =
            (&CategoryId { node: NO_NODE, class: NO_NODE, policy: self.marks.category }, &[][..]);
        let (category, more) = field.0.split_first().unwrap_or(nothing);
        let mut decision = self.decide(act, *category, purpose, facts);
        if !more.is_empty() {
            decision.about =
                About::Asked { act, purpose, category: *category, more: more.to_vec() };
            decision.verdict = decision.least();
        }
        decision
    }

    /// The class of an act.
    #[inline]
    fn plane(act: Act) -> u32 {
        match act {
            Act::Use => 0,
            Act::Collect(method) => method.class,
            Act::Share(recipient) => recipient.class,
        }
    }

    /// The verdict by resolved ids: the whole of most decisions.
    #[inline(always)]
    fn verdict(
        &self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
        facts: &Facts,
    ) -> Verdict {
        let sum = self.marks.place(act, category, purpose);
        if let Some(cell) = self.tables().cell_at(sum) {
            if cell & CONDITIONAL == 0 {
                return certain(cell);
            }
            return self.by_facts(cell, purpose, facts);
        }
        let line = |act, category: CategoryId| category.class.wrapping_add(Self::plane(act));
        let kind = match self.tables().kind_at(sum) {
            Some(kind) => kind,
            None if self.marks.are_foreign(act, category, purpose) => return Verdict::Deny,
            None => self.tables().kind_in_line(line(act, category), purpose.class),
        };
        if kind & CONDITIONAL == 0 {
            return certain(kind);
        }
        self.by_facts_in_line(line(act, category), purpose, facts)
    }

    /// The verdict of a cell that depends on facts: most conditions are one term in the first word.
    #[inline(always)]
    fn by_facts(&self, cell: u32, purpose: PurposeId, facts: &Facts) -> Verdict {
        if cell & 3 != SIMPLE {
            return self.by_terms(cell, purpose, facts);
        }
        let Some(masks) = self.tables().masks_of(cell) else { return Verdict::Deny };
        term(masks, facts.first_word_of(self.tag, purpose.node))
    }

    /// The verdict of a cell with any other condition.
    #[inline(never)]
    fn by_terms(&self, cell: u32, purpose: PurposeId, facts: &Facts) -> Verdict {
        self.known(facts, purpose.node).conditional(cell)
    }

    /// The verdict of a conditional cell in a table of lines.
    #[inline(never)]
    fn by_facts_in_line(&self, line: u32, purpose: PurposeId, facts: &Facts) -> Verdict {
        self.by_facts(self.tables().cell(line, purpose.class), purpose, facts)
    }

    /// The cell by ids of this policy.
    pub(super) fn cell(&self, act: Act, category: CategoryId, purpose: PurposeId) -> u32 {
        self.tables().cell(category.class.wrapping_add(Self::plane(act)), purpose.class)
    }

    /// The kind of the cell of classes.
    #[inline(always)]
    fn kind_of(&self, plane: u32, row: u32, column: u32) -> u32 {
        let line = row.wrapping_add(plane);
        let sum = u64::from(line) + u64::from(column);
        let tables = self.tables();
        let cell = tables.cell_at(sum).or_else(|| tables.kind_at(sum));
        cell.unwrap_or_else(|| tables.kind_in_line(line, column)) & 3
    }

    #[inline]
    pub(super) fn known<'a>(&'a self, facts: &'a Facts, purpose: u32) -> KnownFacts<'a> {
        KnownFacts::new(self.tables(), facts.of(self.tag), purpose)
    }

    /// The value of a condition by its number in the model.
    #[cfg(feature = "tools")]
    pub(crate) fn condition(&self, facts: &Facts, purpose: PurposeId, id: u32) -> Verdict {
        self.known(facts, purpose.node).condition(id)
    }
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────

/// The verdict of a cell that does not depend on facts.
#[inline(always)]
fn certain(cell: u32) -> Verdict {
    // The result is unpredictable: a select, not a branch.
    if cell & ALLOW == 0 { Verdict::Deny } else { Verdict::Allow }
}

/// The resolved name of a field, without an allocation for one category.
enum FieldOrCategory {
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

    fn field_or_category<'n>(&self, name: &'n str) -> Result<FieldOrCategory, Refusal<'n>> {
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

    fn each_by_pattern(&self, name: &str, mut visit: impl FnMut(CategoryId)) {
        self.tables().fields_by_pattern(name, |node, class| {
            visit(CategoryId { node, class, policy: self.marks.category });
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
        Ok(CategoryId { node, class, policy: self.marks.category })
    }

    #[inline]
    fn method_named<'n>(&self, name: &'n str) -> Result<MethodId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Method, name)?;
        Ok(MethodId { node, class, policy: self.marks.party })
    }

    #[inline]
    fn purpose_named<'n>(&self, name: &'n str) -> Result<PurposeId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Purpose, name)?;
        Ok(PurposeId { node, class, policy: self.marks.purpose })
    }

    #[inline]
    fn recipient_named<'n>(&self, name: &'n str) -> Result<RecipientId, Refusal<'n>> {
        let (node, class) = self.resolve(Hierarchy::Recipient, name)?;
        Ok(RecipientId { node, class, policy: self.marks.party })
    }

    #[inline(always)]
    fn resolve<'n>(&self, hierarchy: Hierarchy, name: &'n str) -> Result<(u32, u32), Refusal<'n>> {
        let refusal = |ambiguous| Refusal { hierarchy, ambiguous, name: name.into() };
        match self.tables().name(hierarchy, name) {
            Some(value) if value & AMBIGUOUS == 0 => Ok((value as u32, (value >> 32) as u32)),
            Some(value) => Err(refusal(Some(value as u32))),
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
    /// let refusal = policy.purpose("newsleter").unwrap_err();
    /// assert_eq!(policy.candidates(&refusal), ["marketing.newsletter"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn candidates(&self, refusal: &Refusal<'_>) -> Vec<String> {
        let (tables, hierarchy) = (self.tables(), refusal.hierarchy);
        let path = |node: u32| tables.path(hierarchy, node);
        match refusal.ambiguous {
            Some(list) => {
                let nodes = tables.list(list).iter().take(tables.count(hierarchy) as usize);
                nodes.map(|node| path(*node).to_owned()).collect()
            }
            None => crate::names::nearest(&refusal.name, (0..tables.count(hierarchy)).map(path)),
        }
    }
}
