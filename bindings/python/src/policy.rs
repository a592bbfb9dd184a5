//! The class `Policy`: questions by names.
//!
//! A field is data, and an unknown one is denied. A purpose, method or recipient is part of the
//! program, and an unknown one is an error.

use crate::answer::{Answer, answer};
use crate::answers::{Answers, Pairs};
use crate::arguments::{self, Text};
use crate::columns::Names;
use crate::contents::{self, FactRow, FieldRow, NodeRow};
use crate::errors::{self, DiagnosticRow};
use crate::facts::{self, Facts, Stated};
use crate::load::Image;
use crate::residuals::{self, Place, Residuals};
use crate::rows;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use pyo3_arrow::input::AnyArray;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use whyfor::{Act, Diagnostics, NamedAct, Question, ReasonKind};
use whyfor_data::RowFacts;

/// A compiled policy: immutable, and shared by threads without locks.
#[pyclass(subclass, frozen, eq, hash, weakref, module = "whyfor._core")]
pub(crate) struct Policy {
    policy: Arc<whyfor::Policy>,
    warnings: Arc<Diagnostics>,
    /// The policy's digest in hexadecimal.
    digest: String,
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.policy.digest() == other.policy.digest()
    }
}

impl Hash for Policy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.policy.digest().hash(state);
    }
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (image: "Image | Policy"))]
    fn new(image: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(policy) = image.cast::<Self>() {
            let Self { policy, warnings, digest } = policy.get();
            let (policy, warnings) = (Arc::clone(policy), Arc::clone(warnings));
            return Ok(Self { policy, warnings, digest: digest.clone() });
        }
        let Ok(image) = image.cast::<Image>() else {
            return Err(PyTypeError::new_err(
                "a policy is made by whyfor.load, whyfor.loads or Policy.from_bytes",
            ));
        };
        let Image { policy, warnings } = image.get();
        let digest = policy.digest().to_string();
        Ok(Self { policy: Arc::clone(policy), warnings: Arc::clone(warnings), digest })
    }

    /// Whether a field may be used for a purpose.
    ///
    /// A true answer may come with duties: `ask` and `Decision.permit` tell which.
    /// False for a field that the policy does not know; raises `UnknownNameError` for an unknown purpose.
    /// False if it depends on facts that are not stated.
    #[pyo3(signature = (field, *, purpose, facts=None))]
    fn may_use(
        &self,
        py: Python<'_>,
        field: Text<'_, arguments::Field>,
        purpose: Text<'_, arguments::Purpose>,
        facts: Option<facts::Argument<'_, '_>>,
    ) -> PyResult<bool> {
        if facts.is_none() && self.policy.may_use(&field, &purpose) {
            return Ok(true);
        }
        self.may(py, Act::Use, &field, &purpose, facts)
    }

    /// Whether a field may be collected by a method for a purpose; without a method, or with `"*"`, by any. See
    /// `may_use`.
    #[pyo3(signature = (field, *, method=None, purpose, facts=None))]
    fn may_collect(
        &self,
        py: Python<'_>,
        field: Text<'_, arguments::Field>,
        method: Option<Text<'_, arguments::Method>>,
        purpose: Text<'_, arguments::Purpose>,
        facts: Option<facts::Argument<'_, '_>>,
    ) -> PyResult<bool> {
        let method = named(method.as_deref());
        if facts.is_none()
            && method.is_some_and(|method| self.policy.may_collect(&field, method, &purpose))
        {
            return Ok(true);
        }
        self.may(py, Act::Collect(method), &field, &purpose, facts)
    }

    /// Whether a field may be shared with a recipient for a purpose; without a recipient, or with `"*"`, with any. See
    /// `may_use`.
    #[pyo3(signature = (field, *, recipient=None, purpose, facts=None))]
    fn may_share(
        &self,
        py: Python<'_>,
        field: Text<'_, arguments::Field>,
        recipient: Option<Text<'_, arguments::Recipient>>,
        purpose: Text<'_, arguments::Purpose>,
        facts: Option<facts::Argument<'_, '_>>,
    ) -> PyResult<bool> {
        let recipient = named(recipient.as_deref());
        if facts.is_none()
            && recipient.is_some_and(|name| self.policy.may_share(&field, name, &purpose))
        {
            return Ok(true);
        }
        self.may(py, Act::Share(recipient), &field, &purpose, facts)
    }

    /// The parts of a decision: verdict, duties, terms, missing facts, reasons.
    #[pyo3(signature = (act, field, *, purpose, method=None, recipient=None, facts=None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn _ask(
        &self,
        py: Python<'_>,
        act: Text<'_, arguments::Act>,
        field: Text<'_, arguments::Field>,
        purpose: Text<'_, arguments::Purpose>,
        method: Option<Text<'_, arguments::Method>>,
        recipient: Option<Text<'_, arguments::Recipient>>,
        facts: Option<facts::Argument<'_, '_>>,
    ) -> PyResult<Answer> {
        let act = self::act(py, &act, method.as_deref(), recipient.as_deref())?;
        self.check(py, act, &purpose)?;
        let facts = Stated::new(&self.policy, facts.as_ref())?;
        Ok(answer(
            &self.policy,
            &self.policy.ask(&Question { act, field: &field, purpose: &purpose }, facts.get()),
        ))
    }

    /// A decision for each row. `party` is the method or recipient, or None for any; a column is a string for all rows,
    /// an Arrow column, a list of strings, or a pair of codes and a list of strings. `places` and `columns` are the facts
    /// that each row has.
    #[pyo3(signature = (
        act, field, party, purpose, facts, verdicts, places=Vec::new(),
        columns: "Mapping[str, object]"=BTreeMap::new()
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python's layer names them")]
    fn _decide(
        &self,
        py: Python<'_>,
        act: Text<'_, arguments::Act>,
        field: &Bound<'_, PyAny>,
        party: Option<&Bound<'_, PyAny>>,
        purpose: &Bound<'_, PyAny>,
        facts: Option<facts::Argument<'_, '_>>,
        verdicts: bool,
        places: Vec<Place>,
        columns: BTreeMap<String, AnyArray>,
    ) -> PyResult<Answers> {
        let (act, party_name) = match &*act {
            "use" => (Act::Use, ""),
            "collect" => (Act::Collect(()), "method"),
            "share" => (Act::Share(()), "recipient"),
            other => return Err(errors::act(py, other)),
        };
        let field = names("field", field)?;
        let purpose = names("purpose", purpose)?;
        let party = party.map(|party| names(party_name, party)).transpose()?;
        let party = party.filter(|party| !matches!(party, Names::One(name) if name == EVERY));
        // A single name is part of the program and may be misspelt; names in a column are data.
        self.check_one(py, &act, party.as_ref(), &purpose)?;
        let row_facts = residuals::row_facts(columns)?;
        let lengths = [
            ("field", field.length()),
            (party_name, party.as_ref().and_then(Names::length)),
            ("purpose", purpose.length()),
            ("facts", row_facts.as_ref().map(RowFacts::rows)),
        ];
        let mut rows: Option<(&str, usize)> = None;
        for (name, length) in lengths {
            let Some(length) = length else { continue };
            match rows {
                Some((first, rows)) if rows != length => {
                    return Err(PyValueError::new_err(format!(
                        "argument '{name}' has {length} rows, and '{first}' has {rows}"
                    )));
                }
                Some(_) => {}
                None => rows = Some((name, length)),
            }
        }
        let Some((_, rows)) = rows else {
            return Err(PyTypeError::new_err(
                "no argument is a column; `ask` decides a single question",
            ));
        };
        let facts = Stated::new(&self.policy, facts.as_ref())?;
        let asked = rows::Asked {
            act,
            field: &field,
            party: party.as_ref(),
            purpose: &purpose,
            facts: facts.get(),
        };
        let Some(row_facts) = row_facts else {
            let codes = py.detach(|| rows::decide(&self.policy, &asked, rows));
            return Ok(Answers::new(codes, verdicts));
        };
        let columns = residuals::columns(&self.policy, &places)
            .map_err(|error| errors::column(py, &self.policy, &error))?;
        let codes = py.detach(|| rows::decide_with(&self.policy, &asked, &columns, &row_facts));
        Ok(Answers::new(codes, verdicts))
    }

    /// What remains of questions once the facts in columns are read. Each question is the categories of which all must
    /// be allowed.
    #[pyo3(signature = (act, questions, party, purpose, facts, places, salt))]
    #[allow(clippy::too_many_arguments, reason = "Python's layer names them")]
    fn _residuals(
        &self,
        py: Python<'_>,
        act: Text<'_, arguments::Act>,
        questions: Vec<Vec<String>>,
        party: Option<String>,
        purpose: String,
        facts: Option<facts::Argument<'_, '_>>,
        places: Vec<Place>,
        salt: Vec<u8>,
    ) -> PyResult<Residuals> {
        let facts = Stated::new(&self.policy, facts.as_ref())?;
        let (method, recipient) = match &*act {
            "share" => (None, party.as_deref()),
            _ => (party.as_deref(), None),
        };
        let act = self::act(py, &act, method, recipient)?;
        self.check(py, act, &purpose)?;
        let columns = residuals::columns(&self.policy, &places)
            .map_err(|error| errors::column(py, &self.policy, &error))?;
        let (purpose, facts) = (&*purpose, facts.get());
        let decisions = questions.iter().map(|fields| {
            let ask = |field| self.policy.ask(&Question { act, field, purpose }, facts);
            fields.iter().map(|field| ask(field.as_str())).collect()
        });
        Residuals::of(&columns, decisions, salt)
    }

    /// The masks of duties: the duty's name, the mask's.
    #[pyo3(signature = ())]
    fn _masks(&self) -> Vec<(String, &'static str)> {
        let duties = self.policy.duties();
        let masks =
            duties.filter_map(|duty| Some((duty.to_owned(), self.policy.mask_of(duty)?.as_str())));
        masks.collect()
    }

    /// Which of these field names are allowed for which of these purposes. With `some`, a question without a method or
    /// recipient is about some instead of any.
    #[pyo3(signature = (act, fields, purposes, party, facts, some))]
    #[allow(clippy::too_many_arguments, reason = "Python's layer names them")]
    fn _pairs(
        &self,
        py: Python<'_>,
        act: Text<'_, arguments::Act>,
        fields: Vec<String>,
        purposes: Vec<String>,
        party: Option<String>,
        facts: Option<facts::Argument<'_, '_>>,
        some: bool,
    ) -> PyResult<Pairs> {
        let facts = Stated::new(&self.policy, facts.as_ref())?;
        let (method, recipient) = match &*act {
            "share" => (None, party.as_deref()),
            _ => (party.as_deref(), None),
        };
        let act = self::act(py, &act, method, recipient)?;
        for purpose in &purposes {
            self.check(py, act, purpose)?;
        }
        let facts = facts.get();
        let acts = if some && party.is_none() { self.some(act) } else { vec![act] };
        let pairs = py.detach(|| {
            let mut pairs = Vec::new();
            for field in &fields {
                for purpose in &purposes {
                    let mut questions =
                        acts.iter().map(|act| Question { act: *act, field, purpose });
                    if questions.any(|question| self.policy.ask(&question, facts).is_allowed()) {
                        pairs.push((field.clone(), purpose.clone()));
                    }
                }
            }
            pairs
        });
        Ok(Pairs::new(pairs))
    }

    /// Every name written in the policy, and its `field` statements: patterns, exceptions, the paths of the
    /// categories.
    #[pyo3(signature = ())]
    fn _field_names(&self) -> (Vec<String>, Vec<FieldRow>) {
        (self.policy.field_names(), contents::fields(&self.policy))
    }

    /// States facts once, for many questions.
    #[pyo3(signature = (stated))]
    fn _state(&self, stated: facts::Argument<'_, '_>) -> PyResult<Facts> {
        Facts::of(&self.policy, &stated)
    }

    /// The paths of a field's categories; empty if the policy does not know it or its name is ambiguous.
    #[pyo3(signature = (field))]
    fn _categories_of(&self, field: Text<'_, arguments::Field>) -> Vec<String> {
        let field = self.policy.field(&field);
        let paths =
            field.map(|field| self.policy.paths(&field).into_iter().map(str::to_owned).collect());
        paths.unwrap_or_default()
    }

    /// Whether a name is an ending of several categories' paths.
    #[pyo3(signature = (field))]
    fn _is_ambiguous(&self, field: Text<'_, arguments::Field>) -> bool {
        let refusal = self.policy.field(&field).err();
        refusal.is_some_and(|refusal| refusal.kind() == ReasonKind::AmbiguousField)
    }

    /// The names that stand for categories, ambiguous ones included.
    #[pyo3(signature = (names))]
    fn _known(&self, py: Python<'_>, names: Vec<String>) -> Vec<String> {
        let known = |name: &String| match self.policy.field(name) {
            Ok(_) => true,
            Err(refusal) => refusal.kind() == ReasonKind::AmbiguousField,
        };
        py.detach(|| names.into_iter().filter(known).collect())
    }

    /// The nodes of a hierarchy: path, label, depth, whether it is a leaf.
    #[pyo3(signature = (hierarchy))]
    fn _nodes(&self, hierarchy: Text<'_, arguments::Hierarchy>) -> PyResult<Vec<NodeRow>> {
        contents::nodes(&self.policy, &hierarchy).ok_or_else(|| {
            PyValueError::new_err(format!("no hierarchy is named `{}`", &*hierarchy))
        })
    }

    /// The declared facts: name, label, kind, choices, bounds, labels of the choices.
    #[pyo3(signature = ())]
    fn _facts(&self) -> Vec<FactRow> {
        contents::facts(&self.policy)
    }

    /// The names and labels of the legal bases, in declaration order.
    #[pyo3(signature = ())]
    fn _bases(&self) -> Vec<(String, String)> {
        self.policy.bases().map(|(name, label)| (name.to_owned(), label.to_owned())).collect()
    }

    /// The names and labels of the events, by name.
    #[pyo3(signature = ())]
    fn _events(&self) -> Vec<(String, String)> {
        self.policy.events().map(|(name, label)| (name.to_owned(), label.to_owned())).collect()
    }

    /// The warnings from compiling the policy.
    #[pyo3(signature = ())]
    fn _warnings(&self) -> Vec<DiagnosticRow> {
        errors::rows(&self.warnings)
    }

    /// The artifact: what `Policy.from_bytes` reads and `whyfor compile` writes.
    #[pyo3(signature = ())]
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.policy.as_bytes())
    }

    /// The policy's name.
    #[getter]
    fn name(&self) -> &str {
        self.policy.name()
    }

    /// The policy's label; may be empty.
    #[getter]
    fn label(&self) -> &str {
        self.policy.label()
    }

    /// The policy's version; may be empty.
    #[getter]
    fn version(&self) -> &str {
        self.policy.version()
    }

    /// The controller; may be empty.
    #[getter]
    fn controller(&self) -> &str {
        self.policy.controller()
    }

    /// The day from which the policy is in effect, as `2026-12-31`; may be empty.
    #[getter]
    fn effective(&self) -> &str {
        self.policy.effective()
    }

    /// The language of the labels, as a code such as `de`; may be empty.
    #[getter]
    fn language(&self) -> &str {
        self.policy.language()
    }

    /// Whom to write to; may be empty.
    #[getter]
    fn contact(&self) -> &str {
        self.policy.contact()
    }

    /// Where the list is published; may be empty.
    #[getter]
    fn url(&self) -> &str {
        self.policy.url()
    }

    /// The SHA-256 of the policy's tables in hexadecimal: log it with each decision.
    #[getter]
    fn digest(&self) -> &str {
        &self.digest
    }
}

impl Policy {
    /// Answers with facts, and a no that may be due to a misspelt name.
    #[cold]
    fn may(
        &self,
        py: Python<'_>,
        act: NamedAct<'_>,
        field: &str,
        purpose: &str,
        facts: Option<facts::Argument<'_, '_>>,
    ) -> PyResult<bool> {
        // About any, nothing was asked yet.
        if facts.is_some() || matches!(act, Act::Collect(None) | Act::Share(None)) {
            let facts = Stated::new(&self.policy, facts.as_ref())?;
            if self.policy.ask(&Question { act, field, purpose }, facts.get()).is_allowed() {
                return Ok(true);
            }
        }
        self.check(py, act, purpose)?;
        Ok(false)
    }

    /// Checks that single names next to columns are known.
    fn check_one(
        &self,
        py: Python<'_>,
        act: &Act<(), ()>,
        party: Option<&Names>,
        purpose: &Names,
    ) -> PyResult<()> {
        let policy = &*self.policy;
        let party = match (act, party) {
            (Act::Collect(()), Some(Names::One(method))) => policy.method(method).map(drop),
            (Act::Share(()), Some(Names::One(recipient))) => policy.recipient(recipient).map(drop),
            _ => Ok(()),
        };
        let purpose = match purpose {
            Names::One(purpose) => policy.purpose(purpose).map(drop),
            Names::Rows(_) => Ok(()),
        };
        party.and(purpose).map_err(|refusal| errors::name(py, policy, &refusal))
    }

    /// The act by every method or with every recipient that has nothing below it; by any if none is declared.
    fn some<'a>(&'a self, act: NamedAct<'a>) -> Vec<NamedAct<'a>> {
        let policy = &*self.policy;
        let acts: Vec<NamedAct<'a>> = match act {
            Act::Use => Vec::new(),
            Act::Collect(_) => {
                let leaves = policy.methods().filter(|(_, node)| node.is_leaf);
                leaves.map(|(_, node)| Act::Collect(Some(node.path))).collect()
            }
            Act::Share(_) => {
                let leaves = policy.recipients().filter(|(_, node)| node.is_leaf);
                leaves.map(|(_, node)| Act::Share(Some(node.path))).collect()
            }
        };
        if acts.is_empty() { vec![act] } else { acts }
    }

    /// Checks that the names in a question are known.
    fn check(&self, py: Python<'_>, act: NamedAct<'_>, purpose: &str) -> PyResult<()> {
        let policy = &*self.policy;
        policy
            .act(act)
            .and_then(|_| policy.purpose(purpose))
            .map(drop)
            .map_err(|refusal| errors::name(py, policy, &refusal))
    }
}

/// A question in the words of the language: `collect email by provided for login`.
#[pyfunction]
#[pyo3(signature = (act, field, method, recipient, purpose))]
pub(crate) fn question(
    py: Python<'_>,
    act: Text<'_, arguments::Act>,
    field: &Bound<'_, PyString>,
    method: Option<&Bound<'_, PyString>>,
    recipient: Option<&Bound<'_, PyString>>,
    purpose: &Bound<'_, PyString>,
) -> PyResult<String> {
    // A column's name may be text that is not Unicode.
    let [method, recipient] = [method, recipient].map(|name| name.map(|n| n.to_string_lossy()));
    let (field, purpose) = (field.to_string_lossy(), purpose.to_string_lossy());
    let act = self::act(py, &act, method.as_deref(), recipient.as_deref())?;
    Ok(Question { act, field: &field, purpose: &purpose }.to_string())
}

/// A column, or a name for all rows.
fn names(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<Names> {
    match value.cast::<PyTuple>() {
        Ok(coded) => {
            let (codes, values): (Bound<'_, PyAny>, Bound<'_, PyList>) = coded.extract()?;
            Names::of_codes(argument, &codes, &values)
        }
        Err(_) => Names::of(argument, value),
    }
}

/// In place of a method or recipient: every one, declared or not.
const EVERY: &str = "*";

/// The method or recipient, if one is named. `None` is about any.
fn named(party: Option<&str>) -> Option<&str> {
    party.filter(|name| *name != EVERY)
}

/// The act with its method or recipient. Without one it is about any.
fn act<'a>(
    py: Python<'_>,
    word: &str,
    method: Option<&'a str>,
    recipient: Option<&'a str>,
) -> PyResult<NamedAct<'a>> {
    let misplaced = |argument: &str, act: &str| {
        Err(PyTypeError::new_err(format!("argument '{argument}' goes with the act '{act}' alone")))
    };
    match (word, method, recipient) {
        ("use", None, None) => Ok(Act::Use),
        ("collect", method, None) => Ok(Act::Collect(named(method))),
        ("share", None, recipient) => Ok(Act::Share(named(recipient))),
        ("use" | "share", Some(_), _) => misplaced("method", "collect"),
        ("use" | "collect", _, Some(_)) => misplaced("recipient", "share"),
        _ => Err(errors::act(py, word)),
    }
}
