//! The duty `deidentify`: a record that does not say whose it is.

use crate::customers::{Customer, Order};
use serde::Serialize;

/// What is shared with the partner in research. Its type says which duties it fulfils, so that code cannot claim a duty for
/// a record that does not.
pub trait Shared: Serialize {
    const FULFILS: &'static [&'static str];

    fn of(customer: Customer) -> Self;
}

/// Without names, addresses and numbers, and with the age in tens of years.
///
/// In a small shop, an age and a city can still be one person's. A real service also counts how many are alike.
#[derive(Serialize)]
pub struct Deidentified {
    age_group: Option<u8>,
    city: Option<String>,
    orders: Vec<Order>,
}

impl Shared for Deidentified {
    const FULFILS: &'static [&'static str] = &["deidentify"];

    fn of(customer: Customer) -> Self {
        let Customer { person, orders, .. } = customer;
        Self { age_group: person.age.map(|age| age / 10 * 10), city: person.city, orders }
    }
}

/// As it is: it fulfils nothing.
impl Shared for Customer {
    const FULFILS: &'static [&'static str] = &[];

    fn of(customer: Customer) -> Self {
        customer
    }
}
