//! The act of a question from `--act`, `--by` and `--with`.

use crate::args::Party;
use crate::exit::Failure;
use crate::output::perhaps;
use whyfor::{Act, ActKind, NamedAct, Policy, Refusal};

/// In place of a method or recipient: every one, declared or not.
const EVERY: &str = "*";

/// The act with its method or recipient. Without one, or with `*`, it is about any.
pub(super) fn named(act: ActKind, party: &Party) -> Result<NamedAct<'_>, Failure> {
    fn name(name: &Option<String>) -> Option<&str> {
        name.as_deref().filter(|name| *name != EVERY)
    }
    match (act, &party.by, &party.with) {
        (ActKind::Use, None, None) => Ok(Act::Use),
        (ActKind::Collect, method, None) => Ok(Act::Collect(name(method))),
        (ActKind::Share, None, recipient) => Ok(Act::Share(name(recipient))),
        (_, Some(_), _) => Err(Failure::Usage("`--by` goes with `collect` alone".to_owned())),
        _ => Err(Failure::Usage("`--with` goes with `share` alone".to_owned())),
    }
}

/// As [`named`], with the method or recipient found in the policy; `None` if none is given, which means some.
pub(super) fn resolved(
    policy: &Policy,
    act: ActKind,
    party: &Party,
) -> Result<Option<Act>, Failure> {
    let named = named(act, party)?;
    if act != ActKind::Use && party.by.is_none() && party.with.is_none() {
        return Ok(None);
    }
    policy.act(named).map(Some).map_err(|refusal| refused(policy, &refusal))
}

/// The failure for a name that the policy does not have, with similar ones.
pub(super) fn refused(policy: &Policy, refusal: &Refusal<'_>) -> Failure {
    Failure::Usage(perhaps::refusal(policy, refusal))
}
