//! Questions of one request.

use crate::denied::Denied;
use whyfor::{Act, CategoryId, Decision, Facts, Field, Policy, PurposeId, Question};
use whyfor_serve::Context;
#[cfg(feature = "shadow")]
use whyfor_serve::{BothFacts, ShadowRequest};

/// Asks for one request, with its facts, and logs each decision: made by
/// [`RequestPolicy::decisions`](crate::RequestPolicy::decisions).
///
/// The log takes them when this is dropped, at one time: use one for several questions of a handler.
#[derive(Debug)]
pub struct Decisions<'r> {
    asked: Asked<'r>,
    facts: &'r Facts,
}

#[derive(Debug)]
enum Asked<'r> {
    Logged(Context<'r>),
    /// The layer has no log.
    Unlogged(&'r Policy),
    #[cfg(feature = "shadow")]
    Shadowed(ShadowRequest<'r>, &'r BothFacts),
}

impl<'r> Decisions<'r> {
    pub(crate) fn logged(context: Context<'r>, facts: &'r Facts) -> Self {
        Self { asked: Asked::Logged(context), facts }
    }

    pub(crate) fn unlogged(policy: &'r Policy, facts: &'r Facts) -> Self {
        Self { asked: Asked::Unlogged(policy), facts }
    }

    #[cfg(feature = "shadow")]
    pub(crate) fn shadowed(request: ShadowRequest<'r>, facts: &'r BothFacts) -> Self {
        Self { asked: Asked::Shadowed(request, facts), facts: facts.live() }
    }

    /// Decides by names, as [`Policy::ask`].
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Question;
    /// let mut decisions = request.decisions();
    /// let fields = ["email", "phone"];
    /// let may = fields.map(|field| decisions.ask(&Question::usage(field, "login")).is_allowed());
    /// assert_eq!(may, [true, true]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn ask<'a>(&mut self, question: &Question<'a>) -> Decision<'a>
    where
        'r: 'a,
    {
        match &mut self.asked {
            Asked::Logged(context) => context.ask(question, self.facts),
            Asked::Unlogged(policy) => policy.ask(question, self.facts),
            #[cfg(feature = "shadow")]
            Asked::Shadowed(request, facts) => request.ask(question, facts),
        }
    }

    /// Decides by ids, as [`Policy::decide`]. The ids are those of the request's
    /// [`names`](crate::RequestPolicy::names).
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// let names = shop.names(|policy| Ok((policy.category("email")?, policy.purpose("login")?)))?;
    /// # let request = WhyforLayer::new(names).request(&parts);
    /// let (email, login) = *request.names();
    /// assert!(request.decisions().decide(whyfor::Act::Use, email, login).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn decide(&mut self, act: Act, category: CategoryId, purpose: PurposeId) -> Decision<'r> {
        match &mut self.asked {
            Asked::Logged(context) => context.decide(act, category, purpose, self.facts),
            Asked::Unlogged(policy) => policy.decide(act, category, purpose, self.facts),
            #[cfg(feature = "shadow")]
            Asked::Shadowed(request, facts) => request.decide(act, category, purpose, facts),
        }
    }

    /// Decides about all categories of a field, as [`Policy::decide_field`].
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// let names = shop.names(|policy| Ok((policy.field("work_email")?, policy.purpose("login")?)))?;
    /// # let request = WhyforLayer::new(names).request(&parts);
    /// let (column, login) = request.names();
    /// assert!(request.decisions().decide_field(whyfor::Act::Use, column, *login).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_field(&mut self, act: Act, field: &Field, purpose: PurposeId) -> Decision<'r> {
        match &mut self.asked {
            Asked::Logged(context) => context.decide_field(act, field, purpose, self.facts),
            Asked::Unlogged(policy) => policy.decide_field(act, field, purpose, self.facts),
            #[cfg(feature = "shadow")]
            Asked::Shadowed(request, facts) => request.decide_field(act, field, purpose, facts),
        }
    }

    /// Goes on only if the policy allows it, and the caller fulfils every duty that comes with it.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Question;
    /// let mut decisions = request.decisions();
    /// decisions.permit(&Question::usage("email", "login"), &[])?;
    /// assert!(decisions.permit(&Question::usage("allergies", "login"), &[]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is not allowed, or owes a duty that is not in `fulfilled`.
    pub fn permit(&mut self, question: &Question<'_>, fulfilled: &[&str]) -> Result<(), Denied> {
        let question = *question;
        Ok(self.ask(&question).permit(fulfilled)?)
    }
}
