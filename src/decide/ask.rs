//! Questions: a decision by names, by ids, by fields.
//!
//! The hot path is [`Policy::decide`]: one or two loads, and a few masks where facts matter.

use super::Verdict;
use super::decision::{About, Decision};
use super::evaluate::term;
use super::facts::Facts;
use super::policy::Policy;
use super::question::{Act, CategoryId, Field, PurposeId, Question, Refusal, note};
use super::resolve::FieldOrCategory;
use super::survey::conditional;
use crate::table::schema::{ALLOW, CONDITIONAL, SIMPLE};
use crate::words::Hierarchy;

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
        let Some(purpose) = self.class_or_note(Hierarchy::Purpose, purpose) else { return false };
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
        let Some(method) = self.class_or_note(Hierarchy::Method, method) else { return false };
        let Some(purpose) = self.class_or_note(Hierarchy::Purpose, purpose) else { return false };
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
        let Some(recipient) = self.class_or_note(Hierarchy::Recipient, recipient) else {
            return false;
        };
        let Some(purpose) = self.class_or_note(Hierarchy::Purpose, purpose) else { return false };
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
        if !any {
            note(Hierarchy::Category, field);
        }
        any && all
    }

    /// The class of a name; an unknown one is noted.
    #[inline(always)]
    fn class_or_note(&self, hierarchy: Hierarchy, name: &str) -> Option<u32> {
        let class = self.class(hierarchy, name);
        if class.is_none() {
            note(hierarchy, name);
        }
        class
    }

    /// The class of a name. The class of an ambiguous name is outside every table, so it denies.
    #[inline(always)]
    fn class(&self, hierarchy: Hierarchy, name: &str) -> Option<u32> {
        self.tables().name(hierarchy, name).map(|value| value.class().0)
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
        let act = self.act_named(question.act);
        match (act, field, purpose) {
            (Ok(act), Ok(FieldOrCategory::Category(category)), Ok(purpose)) => {
                self.decide(act, category, purpose, facts)
            }
            (Ok(act), Ok(FieldOrCategory::Field(field)), Ok(purpose)) => {
                self.decide_field(act, &field, purpose, facts)
            }
            (act, field, purpose) => {
                let refusals = [field.err(), act.err(), purpose.err()];
                refusals.iter().flatten().for_each(Refusal::note);
                let about = About::Refused(refusals);
                Decision { policy: self, facts, verdict: Verdict::Deny, about }
            }
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
        let nothing = (
            &CategoryId { node: u32::MAX, class: u32::MAX, policy: self.marks().category },
            &[][..],
        );
        let (category, more) = field.0.split_first().unwrap_or(nothing);
        let mut decision = self.decide(act, *category, purpose, facts);
        if !more.is_empty() {
            decision.about =
                About::Asked { act, purpose, category: *category, more: more.to_vec() };
            decision.verdict = decision.least();
        }
        decision
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
        let sum = self.marks().place(act, category, purpose);
        if let Some(cell) = self.tables().cell_at(sum) {
            if cell & CONDITIONAL == 0 {
                return certain(cell);
            }
            return self.by_facts(cell, purpose, facts);
        }
        let line = |act: Act, category: CategoryId| category.class.wrapping_add(act.plane());
        let kind = match self.tables().kind_at(sum) {
            Some(kind) => kind,
            None if self.marks().are_foreign(act, category, purpose) => return Verdict::Deny,
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
        term(masks, facts.first_word_of(self.tag(), purpose.node))
    }

    /// The verdict of a cell with any other condition.
    #[inline(never)]
    fn by_terms(&self, cell: u32, purpose: PurposeId, facts: &Facts) -> Verdict {
        conditional(self.known(facts, purpose.node), cell)
    }

    /// The verdict of a conditional cell in a table of lines.
    #[inline(never)]
    fn by_facts_in_line(&self, line: u32, purpose: PurposeId, facts: &Facts) -> Verdict {
        self.by_facts(self.tables().cell(line, purpose.class), purpose, facts)
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
}

/// The verdict of a cell that does not depend on facts.
#[inline(always)]
fn certain(cell: u32) -> Verdict {
    // The result is unpredictable: a select, not a branch.
    if cell & ALLOW == 0 { Verdict::Deny } else { Verdict::Allow }
}
