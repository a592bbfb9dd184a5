//! Only what the purpose allows leaves, or comes in: values of [serde](https://docs.rs/serde) behind a
//! [whyfor](https://docs.rs/whyfor) policy.
//!
//! ```
//! use serde::Serialize;
//! use whyfor::{Act, Facts, Policy};
//! use whyfor_serde::PolicyExt;
//!
//! #[derive(Serialize)]
//! struct Customer {
//!     id: u64,
//!     email: String,
//!     allergies: Vec<String>,
//! }
//!
//! let policy = Policy::from_path("../../examples/shop.why")?;
//! let customer = Customer { id: 7, email: "ada@example.org".into(), allergies: vec!["nuts".into()] };
//!
//! let view = policy.view(Act::Use, "login", Facts::none()).structural(["id"]);
//! let json = view.to_json(&customer)?;
//! assert_eq!(json.text(), r#"{"id":7,"email":"ada@example.org"}"#);
//! assert_eq!(json.report().to_string(), "`allergies`: denied\n");
//!
//! // The other way round: what may not be collected is refused before a value is built.
//! let sign_up = policy.intake(Act::Collect, "provided", "login");
//! let sent = br#"{"email": "ada@example.org", "allergies": ["nuts"]}"#;
//! let error = sign_up.from_json::<serde_json::Value>(sent).unwrap_err();
//! assert_eq!(error.to_string(), "`allergies`: the policy does not allow it (line 1, column 49)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Once for a service, once for a request
//!
//! `policy.view` and `policy.intake` are for one use. A service prepares each purpose once and uses it for every request, with
//! the facts of that request and the policy that is live then:
//!
//! ```
//! # use whyfor::Policy;
//! # let policy = Policy::from_path("../../examples/shop.why")?;
//! # let facts = policy.facts_builder().with("consent", true)?.build();
//! # #[derive(serde::Serialize, serde::Deserialize, Default, PartialEq, Debug)]
//! # #[serde(default)]
//! # struct Customer { id: u64, email: String, allergies: String }
//! # let ada = || Customer { id: 7, email: "ada@example.org".into(), ..Customer::default() };
//! # let customer = Customer { allergies: "nuts".into(), ..ada() };
//! # let body = br#"{"email":"ada@example.org"}"#;
//! use whyfor::Act;
//! use whyfor_serde::{Layout, Prepared};
//!
//! let account = Prepared::new(Act::Use, "login").structural(["id", "items"]);    // once
//! account.check(&policy)?;                                   // its names: also after a reload
//!
//! let view = account.view(&policy, &facts);                  // for each request
//! let json = view.to_json(&customer)?;                       // without what the purpose may not see
//! println!("{}", json.report());                             // `allergies`: denied
//! let yaml = serde_yaml::to_string(&view.layout(Layout::Named).serialize(&customer))?;
//!
//! let sign_up = Prepared::new(Act::Collect(Some("provided")), "login");           // once
//! let customer = sign_up.intake(&policy, &facts).from_json::<Customer>(body)?.value; // or an error, before anything is built
//! # assert_eq!(customer, Customer { id: 0, ..ada() });
//! # assert_eq!(json.text(), r#"{"id":7,"email":"ada@example.org"}"#);
//! # assert_eq!(json.report().to_string(), "`allergies`: denied\n");
//! # assert_eq!(yaml, "id: 7\nemail: ada@example.org\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Prepared`] remembers what does not depend on facts, by the digest of the policy that said it. A [`View`] wraps any value that
//! implements `Serialize`; the result goes to any serializer. An [`Intake`] reads any format that describes itself.
//!
//! **When not to use it.** It sees names, not meanings: a text that quotes an email address is a text. It does not
//! hide how long an answer took or, with masks, that there was something to hide. Rows and columns of data frames have
//! better tools.
//!
//! # The path of a value
//!
//! Names of fields, keys of maps and names of variants with contents are the steps of a path: what a format of names writes as
//! a key. Lists, tuples, options and newtypes add nothing. So the same JSON is decided alike, whatever type it comes
//! from. The rule is that of the parts of nested columns in the Python package:
//!
//! - A value has the categories of its path, `customer.email`, and of the paths of everything that it is in, but for a group
//!   that a closer category is below. If one of these paths means something, their ends count too: an `ssn` in `events` is
//!   one of the `events` and an `ssn`. **All must be allowed.**
//! - The end of an unknown path does not count: `email` in a `stranger` that the policy does not know may be anyone's. Say what it
//!   is by [`View::meaning`], or that `stranger` is only an envelope by [`View::structural`].
//! - A key with dots is one step, and at the root it is asked by its own name.
//! - A name is asked as it is written and in `snake_case` ([`Spelling`]). What all spellings mean must be allowed. An ambiguous name
//!   is denied.
//! - An allow that owes a duty is none until [`View::fulfilling`] names it.
//! - The tag of an enum is a field like any other to `serde`: name it by [`View::structural`].
//! - A text, a number or a list of them that is the whole value has no path: an error, until [`View::named`] gives it one.
//! - An empty list, an empty map and a null are values: they say that there is nothing. Raw JSON is looked into.
//! - What a format passes through `serde` under a private name is what it stands for: a number of `serde_json` with
//!   `arbitrary_precision`, a date of `toml`, a value with a tag of `ciborium`.
//!
//! # What is withheld
//!
//! A value that the policy does not know is left out. One that it denies is left out, or replaced as [`Instead`] says. A container
//! of which nothing remains is left out, so that its length says nothing. In a list of which something remains, an
//! item of which nothing does is a null: the others keep their places.
//!
//! **Formats that count or order fields.** Where a field is left out of bincode, postcard, CSV or MessagePack's arrays, every later
//! value is read under another name, without an error. Nothing tells a serializer what its format does, so the
//! caller says so by [`Layout`]; the default leaves nothing out. There, a field is masked by a value that can be read in
//! its place, or the call is an error. Lengths that are announced are true.
//!
//! **No error, report or mask has a denied value in it.** Messages of a value's own `Serialize` or `Deserialize` may quote
//! the value, so they are dropped. A key of a map may be data, `{"ada@example.org": 1}`; it is shown as `*` unless the
//! policy spells it out.
//!
//! # Cost
//!
//! [`View::to_json`] writes a struct while it decides it, so that 30 plain fields take about as long as with `serde_json` alone. Fields
//! with parts, other values and other formats are walked twice: once to decide and count, once to write. That takes about twice
//! the time of the format alone. An intake reads twice, which takes some 2.7 times as long as `serde_json`.
//!
//! These are the figures of a [`Prepared`]. A path costs about a microsecond when it occurs first, so `policy.view` for each value costs
//! some thirty times as much. A path whose answer depends on facts is asked once in each call. `cargo run --release -p whyfor-serde
//! --example cost` measures all of this. A plan takes 16 bytes for each value while a call runs; some thousand paths are
//! remembered, however many keys clients choose.
//!
//! # Features
//! - `json` (default): [`View::to_json`], [`Intake::from_json`], and raw JSON is looked into. Without it, raw JSON cannot be read.

mod asked;
mod hash;
mod intake;
mod key;
mod limits;
mod memory;
mod paths;
mod policy_ext;
mod prepared;
mod private;
mod problem;
#[cfg(feature = "json")]
mod raw;
mod report;
mod rule;
mod scalars;
mod scope;
mod spelling;
mod token;
mod treatment;
mod view;
mod walk;

pub use hash::{HashKey, ShortKey};
pub use intake::{Intake, Read, Reading, Taken};
pub use policy_ext::PolicyExt;
pub use prepared::Prepared;
pub use problem::{Error, Problem};
pub use report::{Report, Why, Withheld};
pub use spelling::Spelling;
pub use treatment::{Instead, Layout};
#[cfg(feature = "json")]
pub use view::Json;
pub use view::{View, Visible};
