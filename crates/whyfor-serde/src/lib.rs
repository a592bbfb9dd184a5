//! Only what the purpose allows leaves, or comes in.

mod hash;
mod intake;
mod key;
mod limits;
mod memory;
mod paths;
mod policy_ext;
mod problem;
#[cfg(feature = "json")]
mod raw;
mod report;
mod rule;
mod scalars;
mod scope;
mod spelling;
mod treatment;
mod view;
mod walk;

pub use hash::{HashKey, ShortKey};
pub use intake::{Intake, Read, Reading, Taken};
pub use policy_ext::PolicyExt;
pub use problem::{Error, Problem};
pub use report::{Report, Why, Withheld};
pub use spelling::Spelling;
pub use treatment::{Instead, Layout};
#[cfg(feature = "json")]
pub use view::Json;
pub use view::{View, Visible};
