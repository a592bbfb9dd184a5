//! A policy that a test can replace, and the parts of a request.

#![allow(dead_code, reason = "each test file uses some of them")]

use http::request::Parts;
use std::sync::Arc;
use whyfor_serve::{BytesSource, LivePolicy, PolicyStore, TextFiles, Trust};

/// The text of a policy. Email may be used for the newsletter with consent, and with a duty.
pub(crate) fn text(more: &str) -> TextFiles {
    let text = format!(
        "policy shop
        category contact {{ email phone }} category allergies
        purpose login purpose newsletter
        fact consent per purpose
        duty deidentify
        use contact for newsletter when consent then deidentify
        {more}
        end"
    );
    TextFiles::new("shop.why", text)
}

/// A policy in a store, and what gives its next version.
pub(crate) fn shop() -> (LivePolicy, Arc<BytesSource>) {
    let source = Arc::new(BytesSource::new(text("use email for login")));
    let shop = PolicyStore::new().add("shop", Arc::clone(&source), Trust::unsigned()).unwrap();
    (shop, source)
}

/// What an outer layer knows of the person who asks.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) agreed_to: &'static str,
}

/// The parts of a request with a session.
pub(crate) fn parts_of(agreed_to: &'static str) -> Parts {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.extensions.insert(Session { agreed_to });
    parts
}
