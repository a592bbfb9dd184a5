//! The shop's data, in memory: customers, their sessions, and what they agreed to.

use crate::consents::Consents;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub type CustomerId = u64;

/// Everything that the shop knows of a customer. It is never sent as it is: a view decides what leaves.
#[derive(Clone, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    #[serde(flatten)]
    pub person: Person,
    #[serde(default)]
    pub orders: Vec<Order>,
}

/// What a customer says when signing up.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub age: Option<u8>,
    pub city: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    pub product: String,
    pub cents: u64,
}

/// A customer from before, as the file has it.
#[derive(Deserialize)]
struct Earlier {
    token: String,
    consents: Consents,
    customer: Customer,
}

#[derive(Default)]
pub struct Customers {
    data: Mutex<Data>,
}

#[derive(Default)]
struct Data {
    customers: BTreeMap<CustomerId, Customer>,
    consents: HashMap<CustomerId, Consents>,
    tokens: HashMap<String, CustomerId>,
}

impl Customers {
    /// Those of a file.
    pub fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let earlier: Vec<Earlier> = serde_json::from_slice(&std::fs::read(path)?)?;
        let mut data = Data::default();
        for Earlier { token, consents, customer } in earlier {
            data.tokens.insert(token, customer.id);
            data.consents.insert(customer.id, consents);
            data.customers.insert(customer.id, customer);
        }
        Ok(Self { data: Mutex::new(data) })
    }

    /// Adds a customer, who has agreed to nothing yet.
    pub fn add(&self, token: String, person: Person) -> CustomerId {
        let mut data = self.data();
        let id = data.customers.last_key_value().map_or(1, |(last, _)| last + 1);
        data.tokens.insert(token, id);
        data.customers.insert(id, Customer { id, person, orders: Vec::new() });
        id
    }

    pub fn get(&self, id: CustomerId) -> Option<Customer> {
        self.data().customers.get(&id).cloned()
    }

    pub fn all(&self) -> Vec<Customer> {
        self.data().customers.values().cloned().collect()
    }

    /// Whose token it is, with what they agreed to.
    pub fn by_token(&self, token: &str) -> Option<(CustomerId, Consents)> {
        let data = self.data();
        let id = *data.tokens.get(token)?;
        Some((id, data.consents.get(&id).cloned().unwrap_or_default()))
    }

    pub fn agree(&self, id: CustomerId, consents: Consents) {
        self.data().consents.insert(id, consents);
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        // Each change is one insertion at a time: what a panic left is whole.
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
