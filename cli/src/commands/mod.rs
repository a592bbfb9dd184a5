//! One file for each command.

pub(crate) mod ask;
pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod explain;
mod facts;
mod findings;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod inverse;
pub(crate) mod keygen;
pub(crate) mod lint;
pub(crate) mod log;
pub(crate) mod matrix;
pub(crate) mod notice;
mod question;
pub(crate) mod residual;
pub(crate) mod sign;
pub(crate) mod test;
pub(crate) mod verify;
pub(crate) mod view;
