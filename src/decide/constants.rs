//! Names as constants: code that is compiled with a policy cannot misspell its names.
//!
//! `whyfor-build` writes a module with a constant for each category, method, purpose and recipient. A constant is not an
//! id: it belongs to the vocabulary that the code was compiled with, and an id to one version of a policy. [`Ids`] has
//! the ids of all constants in a policy that was loaded. Each is resolved by its name once.

use super::Policy;
use super::question::{CategoryId, MethodId, PurposeId, RecipientId, Refusal};
use crate::printable::printable;
use crate::words::Hierarchy;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;

/// The names of the policy that code was compiled with. `whyfor-build` implements it for each policy; constants of
/// different policies have different types.
pub trait Vocabulary: 'static {
    /// The policy's name.
    const POLICY: &'static str;
    /// The paths of its categories, in the order of their declaration.
    const CATEGORIES: &'static [&'static str];
    /// The paths of its methods.
    const METHODS: &'static [&'static str];
    /// The paths of its purposes.
    const PURPOSES: &'static [&'static str];
    /// The paths of its recipients.
    const RECIPIENTS: &'static [&'static str];
}

/// The ids of a vocabulary's names in one policy.
///
/// ```
/// use whyfor::{Act, CategoryName, Facts, Ids, Policy, PurposeName, Vocabulary};
/// // `whyfor-build` writes this part.
/// enum Shop {}
/// impl Vocabulary for Shop {
///     const POLICY: &'static str = "shop";
///     const CATEGORIES: &'static [&'static str] = &["contact.email"];
///     const METHODS: &'static [&'static str] = &[];
///     const PURPOSES: &'static [&'static str] = &["service.login"];
///     const RECIPIENTS: &'static [&'static str] = &[];
/// }
/// const EMAIL: CategoryName<Shop> = CategoryName::new(0);
/// const LOGIN: PurposeName<Shop> = PurposeName::new(0);
///
/// let policy = Policy::from_path("examples/shop.why")?;
/// let ids = Ids::resolve(&policy)?;
/// assert!(policy.decide(Act::Use, ids[EMAIL], ids[LOGIN], Facts::none()).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A constant of another policy is a mistake that the compiler finds:
///
/// ```compile_fail,E0277
/// # use whyfor::{CategoryName, Ids, Vocabulary};
/// # fn f<A: Vocabulary, B: Vocabulary>(ids: Ids<A>, other: CategoryName<B>) {
/// let _ = ids[other];
/// # }
/// ```
pub struct Ids<V> {
    categories: Box<[CategoryId]>,
    methods: Box<[MethodId]>,
    purposes: Box<[PurposeId]>,
    recipients: Box<[RecipientId]>,
    vocabulary: PhantomData<fn() -> V>,
}

/// Why a policy does not have the names that the code uses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdsError {
    /// It is another policy.
    OtherPolicy {
        /// The policy that the code was compiled with.
        expected: String,
        /// The name of this one.
        found: String,
    },
    /// Some names are gone, or are ambiguous now. They are listed as they are refused.
    Names(Vec<Refusal<'static>>),
}

impl fmt::Display for IdsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPolicy { expected, found } => write!(
                f,
                "the code was compiled with the policy `{}`, and this is `{}`",
                printable(expected),
                printable(found)
            ),
            Self::Names(refusals) => {
                f.write_str("the code uses names that this policy does not have: ")?;
                let (shown, more) = refusals.split_at(refusals.len().min(MOST_SHOWN));
                let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
                f.write_str(&shown.join("; "))?;
                match more.len() {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
        }
    }
}

impl std::error::Error for IdsError {}

/// Names that a message lists.
const MOST_SHOWN: usize = 5;

impl<V: Vocabulary> Ids<V> {
    /// The ids of all names. O(names).
    ///
    /// ```
    /// # use whyfor::{CategoryName, Ids, Policy, Vocabulary};
    /// # enum Shop {}
    /// # impl Vocabulary for Shop {
    /// #     const POLICY: &'static str = "shop";
    /// #     const CATEGORIES: &'static [&'static str] = &["contact.email"];
    /// #     const METHODS: &'static [&'static str] = &[];
    /// #     const PURPOSES: &'static [&'static str] = &[];
    /// #     const RECIPIENTS: &'static [&'static str] = &[];
    /// # }
    /// let older = Policy::from_str("policy shop category contact")?;
    /// assert!(Ids::<Shop>::resolve(&older).is_err());
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// It is a policy of another name, or lacks a name: the code is to be compiled with it first.
    pub fn resolve(policy: &Policy) -> Result<Self, IdsError> {
        let (ids, refusals) = Self::resolve_known(policy)?;
        if refusals.is_empty() { Ok(ids) } else { Err(IdsError::Names(refusals)) }
    }

    /// As [`resolve`](Self::resolve), for code that goes on without some names: a name that is gone gets an id that
    /// denies every question, and is reported.
    ///
    /// ```
    /// # use whyfor::{CategoryName, Ids, Policy, Vocabulary};
    /// # enum Shop {}
    /// # impl Vocabulary for Shop {
    /// #     const POLICY: &'static str = "shop";
    /// #     const CATEGORIES: &'static [&'static str] = &["contact.email"];
    /// #     const METHODS: &'static [&'static str] = &[];
    /// #     const PURPOSES: &'static [&'static str] = &[];
    /// #     const RECIPIENTS: &'static [&'static str] = &[];
    /// # }
    /// let older = Policy::from_str("policy shop category contact")?;
    /// let (ids, refusals) = Ids::<Shop>::resolve_known(&older).expect("it is the shop's");
    /// assert_eq!(refusals[0].name(), "contact.email");
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// It is a policy of another name.
    pub fn resolve_known(policy: &Policy) -> Result<(Self, Vec<Refusal<'static>>), IdsError> {
        if policy.name() != V::POLICY {
            let (expected, found) = (V::POLICY.to_owned(), policy.name().to_owned());
            return Err(IdsError::OtherPolicy { expected, found });
        }
        let mut refusals = Vec::new();
        let ids = Self {
            categories: ids(V::CATEGORIES, &mut refusals, |name| policy.category(name)),
            methods: ids(V::METHODS, &mut refusals, |name| policy.method(name)),
            purposes: ids(V::PURPOSES, &mut refusals, |name| policy.purpose(name)),
            recipients: ids(V::RECIPIENTS, &mut refusals, |name| policy.recipient(name)),
            vocabulary: PhantomData,
        };
        Ok((ids, refusals))
    }
}

/// An id that is beyond every table.
trait Denied: Copy + 'static {
    const DENIED: Self;
}

fn ids<I: Denied>(
    names: &[&str],
    refusals: &mut Vec<Refusal<'static>>,
    resolve: impl Fn(&str) -> Result<I, Refusal<'static>>,
) -> Box<[I]> {
    let mut id = |name: &&str| {
        resolve(name).unwrap_or_else(|refusal| {
            refusals.push(refusal);
            I::DENIED
        })
    };
    names.iter().map(&mut id).collect()
}

/// A name of each hierarchy, its id, and how `Ids` holds it.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident $id:ident $ids:ident $all:ident $hierarchy:ident,)*) => {$(
        $(#[$doc])*
        pub struct $name<V>(u32, PhantomData<fn() -> V>);

        impl<V: Vocabulary> $name<V> {
            /// The name with this number in the vocabulary: for modules that `whyfor-build` writes.
            ///
            /// ```
            /// # use whyfor::{CategoryName, Ids, Policy, Vocabulary};
            /// # enum Shop {}
            /// # impl Vocabulary for Shop {
            /// #     const POLICY: &'static str = "shop";
            /// #     const CATEGORIES: &'static [&'static str] = &["contact.email"];
            /// #     const METHODS: &'static [&'static str] = &[];
            /// #     const PURPOSES: &'static [&'static str] = &[];
            /// #     const RECIPIENTS: &'static [&'static str] = &[];
            /// # }
            /// const EMAIL: CategoryName<Shop> = CategoryName::new(0);
            /// ```
            #[must_use]
            pub const fn new(number: u32) -> Self {
                Self(number, PhantomData)
            }

            /// The path that the policy declares; empty if the vocabulary has no such number.
            ///
            /// ```
            /// # use whyfor::{CategoryName, Ids, Policy, Vocabulary};
            /// # enum Shop {}
            /// # impl Vocabulary for Shop {
            /// #     const POLICY: &'static str = "shop";
            /// #     const CATEGORIES: &'static [&'static str] = &["contact.email"];
            /// #     const METHODS: &'static [&'static str] = &[];
            /// #     const PURPOSES: &'static [&'static str] = &[];
            /// #     const RECIPIENTS: &'static [&'static str] = &[];
            /// # }
            /// assert_eq!(CategoryName::<Shop>::new(0).path(), "contact.email");
            /// assert_eq!(CategoryName::<Shop>::new(1).path(), "");
            /// ```
            #[must_use]
            pub fn path(self) -> &'static str {
                V::$all.get(self.0 as usize).copied().unwrap_or_default()
            }
        }

        impl<V> Clone for $name<V> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<V> Copy for $name<V> {}

        impl<V: Vocabulary> fmt::Debug for $name<V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} `{}`", Hierarchy::$hierarchy, printable(self.path()))
            }
        }

        impl<V: Vocabulary> fmt::Display for $name<V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.path())
            }
        }

        impl Denied for $id {
            const DENIED: Self = Self { node: u32::MAX, class: 1 << 31, policy: 0 };
        }

        impl<V> Index<$name<V>> for Ids<V> {
            type Output = $id;

            /// One load. The id of a number that the vocabulary lacks denies.
            #[inline]
            fn index(&self, name: $name<V>) -> &$id {
                self.$ids.get(name.0 as usize).unwrap_or(&$id::DENIED)
            }
        }
    )*};
}

names! {
    /// A category that the code names. [`Ids`] has its id.
    CategoryName CategoryId categories CATEGORIES Category,
    /// A method that the code names. [`Ids`] has its id.
    MethodName MethodId methods METHODS Method,
    /// A purpose that the code names. [`Ids`] has its id.
    PurposeName PurposeId purposes PURPOSES Purpose,
    /// A recipient that the code names. [`Ids`] has its id.
    RecipientName RecipientId recipients RECIPIENTS Recipient,
}

impl<V: Vocabulary> fmt::Debug for Ids<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ids").field("policy", &V::POLICY).finish_non_exhaustive()
    }
}

/// Includes the module that `whyfor-build` has written for a policy: `whyfor::include_policy!(pub mod shop);`
///
/// The module's name is the file's: `whyfor_build::compile("policies/shop.why")?.emit()?` in `build.rs` writes `shop`.
#[macro_export]
macro_rules! include_policy {
    ($(#[$attribute:meta])* $visibility:vis mod $name:ident) => {
        $(#[$attribute])*
        #[allow(dead_code, missing_docs, non_upper_case_globals, non_snake_case, unreachable_pub, rustdoc::all, clippy::all, clippy::panic, clippy::pedantic)]
        $visibility mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
        }
    };
}
