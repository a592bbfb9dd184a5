use crate::exit::{Exit,Failure};
pub(crate) fn fields(_: &crate::args::Fields) -> Result<Exit, Failure> { Ok(Exit::Fine) }
pub(crate) fn purposes(_: &crate::args::Purposes) -> Result<Exit, Failure> { Ok(Exit::Fine) }
