//! What is stated: a mapping of facts, read by the kinds that the policy declares; prepared or on a call.

use crate::errors;
use pyo3::exceptions::PyValueError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};
use pyo3::{Borrowed, PyTypeInfo, type_hint_identifier, type_hint_subscript, type_hint_union};
use whyfor::{Digest, FactKind, FactValue, Policy};

/// From here on, what a float holds is whole, and not every whole number is held.
const LAST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Facts of one policy, stated once and used for many questions. `Policy.facts` makes them.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Facts {
    facts: whyfor::Facts,
    /// The policy's.
    digest: Digest,
}

impl Facts {
    pub(crate) fn of(policy: &Policy, stated: &Argument<'_, '_>) -> PyResult<Self> {
        Ok(Self { facts: state(policy, &stated.0)?, digest: policy.digest() })
    }
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
        Ok(Self(object)) // read when the policy is at hand
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
        let Ok(prepared) = facts.cast::<Facts>() else {
            return state(policy, facts).map(Self::Here);
        };
        if prepared.get().digest != policy.digest() {
            return Err(PyValueError::new_err(
                "argument 'facts': these facts were stated for another policy; state them with \
                 `facts` of this one",
            ));
        }
        Ok(Self::Prepared(prepared.to_owned()))
    }

    pub(crate) fn get(&self) -> &whyfor::Facts {
        match self {
            Self::Nothing => whyfor::Facts::none(),
            Self::Prepared(facts) => &facts.get().facts,
            Self::Here(facts) => facts,
        }
    }
}

fn state(policy: &Policy, stated: &Bound<'_, PyAny>) -> PyResult<whyfor::Facts> {
    let Ok(mapping) = stated.cast::<PyMapping>() else {
        return Err(errors::argument("facts", stated, "a mapping of facts or prepared facts"));
    };
    let mut builder = policy.facts();
    let kinds: Vec<(&str, FactKind)> = policy.fact_infos().map(|f| (f.name, f.kind)).collect();
    for item in mapping.items()?.iter() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(name) = name.cast::<PyString>() else {
            return Err(errors::argument("facts", &name, "the name of a fact"));
        };
        let name = name.to_str()?;
        let kind = kinds.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        set(policy, &mut builder, name, kind, &value)?;
    }
    Ok(builder.build())
}

/// States one fact. Of a fact that is not declared, the builder says so whatever its value.
fn set(
    policy: &Policy,
    builder: &mut whyfor::FactsBuilder<'_>,
    name: &str,
    kind: Option<FactKind>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let wrong = |wanted: &str| errors::argument(&format!("facts['{name}']"), value, wanted);
    let py = value.py();
    let mut put = |value: FactValue<'_>| {
        builder.set(name, value).map_err(|error| errors::fact(py, policy, &error))
    };
    match kind {
        None => put(FactValue::YesNo(false)),
        Some(FactKind::YesNo) => {
            put(FactValue::YesNo(value.extract().map_err(|_| wrong("True or False"))?))
        }
        Some(FactKind::Number) => {
            // Python takes True for 1, and a text that looks like a number is none.
            if value.extract::<bool>().is_ok() || value.is_instance_of::<PyString>() {
                return Err(wrong("a number"));
            }
            // A whole number, of numpy's too, is read by its digits: none is rounded.
            if let Ok(whole) = value.call_method0("__index__") {
                return put(FactValue::Written(&digits(name, &whole)?));
            }
            let number = value.extract::<f64>().map_err(|_| wrong("a number"))?;
            if !number.is_finite() {
                let message = format!("argument 'facts['{name}']': {number} is no finite number");
                return Err(PyValueError::new_err(message));
            }
            // Others may hold more digits: `decimal`, `fractions`.
            if number.abs() >= LAST_EXACT && !value.eq(number)? {
                return put(FactValue::Written(&value.str()?.to_cow()?));
            }
            put(FactValue::Number(number))
        }
        Some(FactKind::Choice) => {
            let choice = value.cast::<PyString>().map_err(|_| wrong("the name of a choice"))?;
            put(FactValue::Choice(choice.to_str()?))
        }
        Some(FactKind::PerPurpose) => {
            if let Ok(everywhere) = value.extract::<bool>() {
                return put(FactValue::YesNo(everywhere));
            }
            let lists = value
                .cast::<PyMapping>()
                .map_err(|_| wrong("True, False or {'yes': [purposes], 'no': [purposes]}"))?;
            let (yes, no) = lists_of(name, lists)?;
            let yes: Vec<&str> = yes.iter().map(String::as_str).collect();
            let no: Vec<&str> = no.iter().map(String::as_str).collect();
            put(FactValue::Purposes { yes: &yes, no: &no })
        }
    }
}

/// The digits of a whole number; more than Python writes are more than fit.
fn digits(name: &str, whole: &Bound<'_, PyAny>) -> PyResult<String> {
    let digits = whole.str().map_err(|_| {
        PyValueError::new_err(format!("argument 'facts['{name}']': the number is too large"))
    })?;
    Ok(digits.to_cow()?.into_owned())
}

/// The purposes of a fact per purpose: where it holds and where it does not.
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
        // A text is iterable, letter by letter.
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
