//! String and path arguments. Type errors name the argument.

use crate::errors;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{Borrowed, PyTypeInfo};
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::PathBuf;

/// The string of the argument that `A` names.
pub(crate) struct Text<'a, A>(&'a str, PhantomData<A>);

impl<A> Deref for Text<'_, A> {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

/// An argument's name.
pub(crate) trait Argument {
    const NAME: &'static str;
}

macro_rules! arguments {
    ($($type:ident = $name:literal),*) => {
        $(
            pub(crate) struct $type;

            impl Argument for $type {
                const NAME: &'static str = $name;
            }
        )*
    };
}

arguments! {
    Act = "act",
    Field = "field",
    Method = "method",
    Purpose = "purpose",
    Recipient = "recipient",
    Source = "text",
    Hierarchy = "hierarchy"
}

impl<'a, 'py, A: Argument> FromPyObject<'a, 'py> for Text<'a, A> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = <PyString as PyTypeInfo>::TYPE_HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance_of::<PyString>() {
            return Err(errors::argument(A::NAME, &object, "a str"));
        }
        Ok(Self(object.extract()?, PhantomData)) // fails for lone surrogates
    }
}

/// The argument `path`.
pub(crate) struct Path(pub(crate) PathBuf);

impl<'a, 'py> FromPyObject<'a, 'py> for Path {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = <PathBuf as FromPyObject<'a, 'py>>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let path = object.extract();
        path.map(Self).map_err(|_| errors::argument("path", &object, "a str or os.PathLike"))
    }
}
