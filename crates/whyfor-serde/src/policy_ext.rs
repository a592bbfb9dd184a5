//! The methods that policies gain.

use crate::intake::Intake;
use crate::memory::{Held, Remembered};
use crate::view::View;
use whyfor::{Facts, NamedAct, Policy};

/// Views and intakes of a [`Policy`], for one request or a script. A service keeps a [`Prepared`](crate::Prepared) for each purpose instead.
pub trait PolicyExt {
    /// What may be seen of values when they are used for a purpose, or shared for it.
    ///
    /// A misspelt purpose, method or recipient is an error of every call of the view.
    fn view<'a>(&'a self, act: NamedAct<'a>, purpose: &'a str, facts: &'a Facts) -> View<'a>;

    /// What may be taken in by a method for a purpose: `act` is `Act::Collect`.
    ///
    /// A misspelt purpose or method is an error of every call of the intake.
    fn intake<'a>(
        &'a self,
        act: impl FnOnce(Option<&'a str>) -> NamedAct<'a>,
        method: &'a str,
        purpose: &'a str,
    ) -> Intake<'a>;
}

impl PolicyExt for Policy {
    fn view<'a>(&'a self, act: NamedAct<'a>, purpose: &'a str, facts: &'a Facts) -> View<'a> {
        View::new(Held::Own(Remembered::new(act, purpose)), self, facts)
    }

    fn intake<'a>(
        &'a self,
        act: impl FnOnce(Option<&'a str>) -> NamedAct<'a>,
        method: &'a str,
        purpose: &'a str,
    ) -> Intake<'a> {
        Intake::new(Held::Own(Remembered::new(act(Some(method)), purpose)), self, Facts::none())
    }
}
