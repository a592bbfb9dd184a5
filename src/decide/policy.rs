//! The policy: where it comes from, the names it resolves, and the questions it answers.

use super::Verdict;
use super::decision::{About, Decision};
use super::evaluate::{Known, term};
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
/// It is made from text, from a `Model` or from an artifact, and answers the same
/// whichever way. All answers are reads of flat tables; what they cost does not depend on how many
/// statements there are.
pub struct Policy {
    inner: Inner,
    /// What identifies the policy's atoms to [`Facts`]; never 0.
    tag: u64,
    marks: Marks,
}

/// The SHA-256 of a policy's tables: the same meaning from the same files has the same digest on every
/// machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for Digest {
    /// 64 hexadecimal digits; with a precision, as in `{:.12}`, the first of them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        f.write_str(&digits[..f.precision().unwrap_or(64).min(64)])
    }
}

/// A digest is 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct ParseDigestError(());

impl std::str::FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(digits: &str) -> Result<Self, ParseDigestError> {
        let mut bytes = [0; 32];
        let is_hexadecimal = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| ParseDigestError(()))?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| ParseDigestError(()))?;
        }
        if is_hexadecimal { Ok(Self(bytes)) } else { Err(ParseDigestError(())) }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = std::borrow::Cow::<str>::deserialize(deserializer)?;
        digits.parse().map_err(serde::de::Error::custom)
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({self:.12})")
    }
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
    /// Compiles a model, whatever its expectations say: for editors and reports, which show those that fail
    /// beside the rest ([`check_expectations`](Self::check_expectations)). A program that serves the policy
    /// takes [`compile_verified`](Self::compile_verified).
    ///
    /// 100,000 statements take about a second.
    ///
    /// # Errors
    /// The tables would exceed a limit; see `limits.rs`.
    #[cfg(feature = "compile")]
    pub fn compile(model: &crate::Model) -> Result<Self, crate::Diagnostics> {
        Self::compile_with(model, None)
    }

    /// As [`compile`](Self::compile), with the cells stored as said: every layout gives the same
    /// answers, which is what this is for testing.
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

    /// Whether a regular file starts as an artifact does. False if it cannot be read, and of a pipe or a
    /// device, of which nothing is read.
    #[must_use]
    pub fn is_artifact(path: impl AsRef<Path>) -> bool {
        Image::is_in(path.as_ref())
    }

    /// Reads an artifact into memory. The first 64 bytes say whether it is one and how long; only then is
    /// the rest read.
    ///
    /// # Errors
    /// It cannot be read, is no regular file, of another version, cut off, damaged or malformed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let policy = Image::read(path).and_then(Self::from_image);
        policy.map_err(|error| LoadError::artifact(path, error))
    }

    /// Copies an artifact from memory.
    ///
    /// # Errors
    /// It is of another version, cut off, damaged or malformed.
    pub fn from_artifact(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Self::from_image(Image::from_bytes(bytes)?)
    }

    /// Maps an artifact into memory: its pages are shared with every process that does the same.
    ///
    /// # Safety
    /// Nobody may write to the file or cut it off while the policy lives: a question would then end the
    /// process with a signal. Renaming a new file onto it is fine: the policy keeps the old one.
    /// `whyfor compile` always writes that way; `cp` and `rsync --inplace` do not. Where others replace
    /// the file, [`open`](Self::open) it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[allow(unsafe_code, reason = "the caller's promise is handed on")]
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
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.inner.borrow_owner().bytes()
    }

    /// Identifies the policy. O(1).
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(self.inner.borrow_owner().digest())
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
    #[must_use]
    pub fn may_use(&self, field: &str, purpose: &str) -> bool {
        let Some(purpose) = self.class(Hierarchy::Purpose, purpose) else { return false };
        self.may(0, field, purpose)
    }

    /// Whether a field may be collected by a method for a purpose, with no fact stated.
    ///
    /// **A yes can owe duties**, such as `deidentify`: [`ask`](Self::ask) and
    /// [`Decision::permit`] say which. Unknown and ambiguous names are a no. Allocates nothing.
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
    #[must_use]
    pub fn may_share(&self, field: &str, recipient: &str, purpose: &str) -> bool {
        let Some(recipient) = self.class(Hierarchy::Recipient, recipient) else { return false };
        let Some(purpose) = self.class(Hierarchy::Purpose, purpose) else { return false };
        self.may(recipient, field, purpose)
    }

    #[inline(always)]
    fn may(&self, plane: u32, field: &str, column: u32) -> bool {
        // With no fact stated, what depends on facts does not allow, unless some condition holds
        // whatever the facts: and that is told apart when compiling.
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

    /// The class of a name. That of an ambiguous one is beyond every table, and denies.
    #[inline(always)]
    fn class(&self, hierarchy: Hierarchy, name: &str) -> Option<u32> {
        self.tables().name(hierarchy, name).map(|value| (value >> 32) as u32)
    }

    /// Decides a question by names. Unknown and ambiguous names deny; the reasons say which.
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

    /// The verdict by resolved ids: all that most decisions are.
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
    pub(super) fn known<'a>(&'a self, facts: &'a Facts, purpose: u32) -> Known<'a> {
        Known::new(self.tables(), facts.of(self.tag), purpose)
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
    // Which of the two it is cannot be foreseen: a selection, and no branch.
    if cell & ALLOW == 0 { Verdict::Deny } else { Verdict::Allow }
}

/// A name of a field, resolved as far as it costs nothing.
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
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn category(&self, name: &str) -> Result<CategoryId, Refusal<'static>> {
        self.category_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves a reference to a method.
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn method(&self, name: &str) -> Result<MethodId, Refusal<'static>> {
        self.method_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves a reference to a purpose.
    ///
    /// # Errors
    /// The name is unknown or ambiguous.
    #[inline]
    pub fn purpose(&self, name: &str) -> Result<PurposeId, Refusal<'static>> {
        self.purpose_named(name).map_err(Refusal::into_owned)
    }

    /// Resolves a reference to a recipient.
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

    /// What a refused name could have meant: the paths that an ambiguous one ends, or near names of
    /// an unknown one. O(nodes of the hierarchy); allocates.
    ///
    /// A decision does not compute them: a client that chooses the names that are asked about would
    /// choose what a log of reasons costs.
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
