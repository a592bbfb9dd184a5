//! The act of a question from `--act`, `--by` and `--with`.

use crate::args::Party;
use crate::exit::Failure;
use crate::output::perhaps;
use whyfor::{Act, ActKind, Policy, Refusal};

/// The act with its method or recipient, which must be given.
pub(super) fn whole(act: ActKind, party: &Party) -> Result<Act<&str, &str>, Failure> {
    match partial(act, party)? {
        Some(act) => Ok(act),
        None => Err(Failure::Usage(match act {
            ActKind::Collect => "`collect` needs `--by METHOD`".to_owned(),
            _ => "`share` needs `--with RECIPIENT`".to_owned(),
        })),
    }
}

/// The act with its method or recipient; `None` if omitted, which means any.
pub(super) fn partial(act: ActKind, party: &Party) -> Result<Option<Act<&str, &str>>, Failure> {
    match (act, party.by.as_deref(), party.with.as_deref()) {
        (ActKind::Use, None, None) => Ok(Some(Act::Use)),
        (ActKind::Collect, method, None) => Ok(method.map(Act::Collect)),
        (ActKind::Share, None, recipient) => Ok(recipient.map(Act::Share)),
        (_, Some(_), _) => Err(Failure::Usage("`--by` goes with `collect` alone".to_owned())),
        _ => Err(Failure::Usage("`--with` goes with `share` alone".to_owned())),
    }
}

/// As [`partial`], with the method or recipient found in the policy.
pub(super) fn resolved(
    policy: &Policy,
    act: ActKind,
    party: &Party,
) -> Result<Option<Act>, Failure> {
    let act = match partial(act, party)? {
        None => return Ok(None),
        Some(Act::Use) => Ok(Act::Use),
        Some(Act::Collect(name)) => policy.method(name).map(Act::Collect),
        Some(Act::Share(name)) => policy.recipient(name).map(Act::Share),
    };
    act.map(Some).map_err(|refusal| refused(policy, &refusal))
}

/// The failure for a name that the policy does not have, with similar ones.
pub(super) fn refused(policy: &Policy, refusal: &Refusal<'_>) -> Failure {
    Failure::Usage(perhaps::refusal(policy, refusal))
}
