//! What the environment says: addresses, files, and the token of the staff.

use std::env;
use std::path::PathBuf;

pub struct Config {
    /// Where customers and staff are answered: `SHOP_ADDRESS`.
    pub address: String,
    /// Where operators are answered, `/metrics` and `/status`: `SHOP_OPERATIONS`. Keep it inside.
    pub operations: String,
    /// The policy: `SHOP_POLICY`.
    pub policy: PathBuf,
    /// A candidate, which is asked beside the policy and never answers: `SHOP_CANDIDATE`.
    pub candidate: Option<PathBuf>,
    /// The folder of the log of decisions: `SHOP_LOG`.
    pub log: PathBuf,
    /// Customers from before, with what they agreed to: `SHOP_CUSTOMERS`.
    pub customers: Option<PathBuf>,
    /// The token of the staff: `SHOP_STAFF_TOKEN`. Without one there is no staff.
    pub staff_token: Option<String>,
}

impl Config {
    pub fn from_environment() -> Self {
        let text = |name, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
        Self {
            address: text("SHOP_ADDRESS", "127.0.0.1:8080"),
            operations: text("SHOP_OPERATIONS", "127.0.0.1:9090"),
            policy: text("SHOP_POLICY", "policy/shop.why").into(),
            candidate: env::var_os("SHOP_CANDIDATE").map(PathBuf::from),
            log: text("SHOP_LOG", "log").into(),
            customers: env::var_os("SHOP_CUSTOMERS").map(PathBuf::from),
            staff_token: env::var("SHOP_STAFF_TOKEN").ok().filter(|token| !token.is_empty()),
        }
    }
}
