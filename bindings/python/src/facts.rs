//! Stated facts: a mapping, read by the kinds that the policy declares; prepared or passed to a
//! call.

use crate::errors;
use pyo3::exceptions::PyValueError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping, PyString, PyTuple};
use pyo3::{Borrowed, PyTypeInfo, type_hint_identifier, type_hint_subscript, type_hint_union};
use std::sync::OnceLock;
use whyfor::{FactKind, FactValue, Policy};

/// From here on, floats are whole, and not every whole number is a float.
const LAST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Facts of one policy, stated once and used for many questions. `Policy.facts` makes them.
///
/// Pickled with the digest of their policy; they cannot be used with another.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Facts {
    values: Vec<(String, Value)>,
    /// The policy's digest.
    digest: [u8; 32],
    /// The facts in the policy's form: set at once, or on first use after unpickling.
    facts: OnceLock<whyfor::Facts>,
}

impl Facts {
    pub(crate) fn of(policy: &Policy, stated: &Argument<'_, '_>) -> PyResult<Self> {
        let values = read(policy, &stated.0)?;
        let facts = OnceLock::from(state(stated.0.py(), policy, &values)?);
        Ok(Self { values, digest: *policy.digest().as_bytes(), facts })
    }

    /// The facts in the policy's form.
    fn stated(&self, py: Python<'_>, policy: &Policy) -> PyResult<&whyfor::Facts> {
        if self.digest != *policy.digest().as_bytes() {
            return Err(PyValueError::new_err(
                "argument 'facts': these facts were stated for another policy; state them with \
                 `facts` of this one",
            ));
        }
        match self.facts.get() {
            Some(facts) => Ok(facts),
            None => {
                let facts = state(py, policy, &self.values)?;
                Ok(self.facts.get_or_init(|| facts))
            }
        }
    }
}

#[pymethods]
impl Facts {
    /// Pickled as the stated values.
    #[pyo3(signature = () -> "tuple[object, ...]")]
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let again = py.import("whyfor._core")?.getattr("restated")?;
        let stated = (PyBytes::new(py, &self.digest), self.values.clone());
        (again, stated).into_pyobject(py)
    }
}

/// The pickled facts. The policy checks them on first use.
#[pyfunction]
#[pyo3(signature = (digest, values))]
pub(crate) fn restated(digest: [u8; 32], values: Vec<(String, Value)>) -> Facts {
    Facts { values, digest, facts: OnceLock::new() }
}

/// A stated fact, in the kind that its policy declares.
#[derive(Clone, FromPyObject, IntoPyObject)]
pub(crate) enum Value {
    YesNo(bool),
    Number(f64),
    Choice(String),
    /// A number that a float cannot hold, as digits: the policy rejects it.
    Written(String),
    /// The purposes where it holds, and where it does not.
    Purposes(Vec<String>, Vec<String>),
}

/// The argument `facts` of a call: prepared facts, or a mapping.
pub(crate) struct Argument<'a, 'py>(Borrowed<'a, 'py, PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for Argument<'a, 'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        <Facts as PyTypeInfo>::TYPE_HINT,
        type_hint_subscript!(
            type_hint_identifier!("collections.abc", "Mapping"),
            type_hint_identifier!("builtins", "str"),
            type_hint_identifier!("whyfor._contents", "FactValue")
        )
    );

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(object)) // read later, with the policy
    }
}

/// The facts of a call.
pub(crate) enum Stated<'py> {
    Nothing,
    Prepared(Bound<'py, Facts>),
    Here(whyfor::Facts),
}

impl<'py> Stated<'py> {
    pub(crate) fn new(policy: &Policy, facts: Option<&Argument<'_, 'py>>) -> PyResult<Self> {
        let Some(Argument(facts)) = facts else { return Ok(Self::Nothing) };
        let py = facts.py();
        let Ok(prepared) = facts.cast::<Facts>() else {
            return state(py, policy, &read(policy, facts)?).map(Self::Here);
        };
        prepared.get().stated(py, policy)?;
        Ok(Self::Prepared(prepared.to_owned()))
    }

    pub(crate) fn get(&self) -> &whyfor::Facts {
        match self {
            Self::Nothing => whyfor::Facts::none(),
            Self::Prepared(facts) => facts.get().facts.get().unwrap_or(whyfor::Facts::none()),
            Self::Here(facts) => facts,
        }
    }
}

/// Reads a mapping of facts by the kinds that the policy declares.
fn read(policy: &Policy, stated: &Bound<'_, PyAny>) -> PyResult<Vec<(String, Value)>> {
    let Ok(mapping) = stated.cast::<PyMapping>() else {
        return Err(errors::argument("facts", stated, "a mapping of facts or prepared facts"));
    };
    let kinds: Vec<(&str, FactKind)> = policy.facts().map(|f| (f.name, f.kind)).collect();
    let mut values = Vec::new();
    for item in mapping.items()?.iter() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(name) = name.cast::<PyString>() else {
            return Err(errors::argument("facts", &name, "the name of a fact"));
        };
        let name = name.to_str()?;
        let kind = kinds.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        values.push((name.to_owned(), value_of(name, kind, &value)?));
    }
    Ok(values)
}

/// States facts in the policy's form.
fn state(py: Python<'_>, policy: &Policy, values: &[(String, Value)]) -> PyResult<whyfor::Facts> {
    let mut builder = policy.facts_builder();
    for (name, value) in values {
        let value = match value {
            Value::YesNo(value) => FactValue::YesNo(*value),
            Value::Number(value) => FactValue::Number(*value),
            Value::Choice(value) => FactValue::from(value.as_str()),
            Value::Written(digits) => FactValue::written(digits),
            Value::Purposes(yes, no) => FactValue::purposes(yes, no),
        };
        builder.set(name, value).map_err(|error| errors::fact(py, policy, &error))?;
    }
    Ok(builder.build())
}

/// Reads one fact. The policy reports an undeclared fact for any value.
fn value_of(name: &str, kind: Option<FactKind>, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    let wrong = |wanted: &str| errors::argument(&format!("facts['{name}']"), value, wanted);
    match kind {
        None => Ok(Value::YesNo(false)),
        Some(FactKind::YesNo) => {
            value.extract().map(Value::YesNo).map_err(|_| wrong("True or False"))
        }
        Some(FactKind::Number) => {
            // True is an int in Python, and a numeric string is not a number.
            if value.extract::<bool>().is_ok() || value.is_instance_of::<PyString>() {
                return Err(wrong("a number"));
            }
            // Whole numbers, including numpy's, are read by their digits, so none is rounded.
            if let Ok(whole) = value.call_method0("__index__") {
                return match whole.extract::<f64>() {
                    Ok(number) if whole.eq(number)? => Ok(Value::Number(number)),
                    _ => Ok(Value::Written(digits(name, &whole)?)),
                };
            }
            let number = value.extract::<f64>().map_err(|_| wrong("a number"))?;
            if !number.is_finite() {
                let message =
                    format!("argument 'facts['{name}']': {number} is not a finite number");
                return Err(PyValueError::new_err(message));
            }
            // `decimal` and `fractions` may hold more digits.
            if number.abs() >= LAST_EXACT && !value.eq(number)? {
                return Ok(Value::Written(value.str()?.to_cow()?.into_owned()));
            }
            Ok(Value::Number(number))
        }
        Some(FactKind::Choice) => {
            let choice = value.cast::<PyString>().map_err(|_| wrong("the name of a choice"))?;
            Ok(Value::Choice(choice.to_str()?.to_owned()))
        }
        Some(FactKind::PerPurpose) => {
            if let Ok(everywhere) = value.extract::<bool>() {
                return Ok(Value::YesNo(everywhere));
            }
            let lists = value
                .cast::<PyMapping>()
                .map_err(|_| wrong("True, False or {'yes': [purposes], 'no': [purposes]}"))?;
            let (yes, no) = lists_of(name, lists)?;
            Ok(Value::Purposes(yes, no))
        }
    }
}

/// The digits of a whole number. More than Python prints exceed the range anyway.
fn digits(name: &str, whole: &Bound<'_, PyAny>) -> PyResult<String> {
    let digits = whole.str().map_err(|_| {
        PyValueError::new_err(format!("argument 'facts['{name}']': the number is too large"))
    })?;
    Ok(digits.to_cow()?.into_owned())
}

/// The purposes of a fact per purpose: where it holds, and where it does not.
fn lists_of(name: &str, lists: &Bound<'_, PyMapping>) -> PyResult<(Vec<String>, Vec<String>)> {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for item in lists.items()?.iter() {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let list = match key.cast::<PyString>().ok().map(|key| key.to_str()).transpose()? {
            Some("yes") => &mut yes,
            Some("no") => &mut no,
            _ => {
                let message = format!(
                    "argument 'facts['{name}']': {} is neither 'yes' nor 'no'",
                    key.repr()?
                );
                return Err(PyValueError::new_err(message));
            }
        };
        let wrong = |value: &Bound<'_, PyAny>, wanted| {
            errors::argument(&format!("facts['{name}']"), value, wanted)
        };
        // A string is iterable too, letter by letter.
        if value.is_instance_of::<PyString>() {
            return Err(wrong(&value, "a list of purposes"));
        }
        for purpose in value.try_iter().map_err(|_| wrong(&value, "a list of purposes"))? {
            let purpose = purpose?;
            let purpose =
                purpose.cast::<PyString>().map_err(|_| wrong(&purpose, "the name of a purpose"))?;
            list.push(purpose.to_str()?.to_owned());
        }
    }
    Ok((yes, no))
}
