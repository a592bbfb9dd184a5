//! Arguments that are texts. What is none is told by the argument's name.

use crate::errors;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{Borrowed, PyTypeInfo};
use std::marker::PhantomData;

/// The text of the argument that `A` names.
pub(crate) struct Text<'a, A>(pub(crate) &'a str, PhantomData<A>);

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
        Ok(Self(object.extract()?, PhantomData))
    }
}
