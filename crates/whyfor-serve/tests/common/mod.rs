//! Policies and keys that the tests share.

#![allow(dead_code, reason = "each test file uses some of them")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use whyfor::{Act, CategoryId, Facts, Policy, PurposeId};
use whyfor_serve::{Content, Live, LivePolicy, PublicKey, Readers, TextFiles};

/// A text that allows the use of emails for this purpose, and not for the other: `login` or `ads`.
pub(crate) fn text(purpose: &str) -> String {
    format!(
        "policy shop {{ closed }}\ncategory email\npurpose login\npurpose ads\nuse email for {purpose}\nend\n"
    )
}

pub(crate) fn files(purpose: &str) -> TextFiles {
    TextFiles::new("shop.why", text(purpose))
}

pub(crate) fn policy(purpose: &str) -> Arc<Policy> {
    Arc::new(Policy::from_str(&text(purpose)).unwrap())
}

/// What is served allows.
pub(crate) fn allows(shop: &LivePolicy, purpose: &str) -> bool {
    shop.snapshot().policy().may_use("email", purpose)
}

/// A path that is renamed onto another, as editors and `whyfor compile` replace a file.
pub(crate) fn rename_over(path: &Path, bytes: impl AsRef<[u8]>) {
    let new = path.with_extension("new");
    std::fs::write(&new, bytes).unwrap();
    std::fs::rename(&new, path).unwrap();
}

/// Waits until something is so. The time only bounds a test that fails.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A key that signs.
pub(crate) struct Signer {
    pair: minisign::KeyPair,
    pub(crate) key: PublicKey,
}

impl Signer {
    pub(crate) fn new() -> Self {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let key = pair.pk.to_base64().parse().unwrap();
        Self { pair, key }
    }

    /// The signature with this trusted comment.
    pub(crate) fn sign(&self, bytes: &[u8], comment: &str) -> String {
        minisign::sign(None, &self.pair.sk, bytes, Some(comment), None).unwrap().into_string()
    }

    /// A signed artifact.
    pub(crate) fn artifact(&self, policy: &Policy, name: &str, sequence: u64) -> Content {
        let bytes = policy.as_bytes();
        let signature = self.sign(bytes, &format!("name:{name}\tsequence:{sequence}"));
        Content::Artifact { bytes: bytes.into(), signature: Some(signature) }
    }
}

/// The names of the questions that the tests ask by ids.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) email: CategoryId,
    pub(crate) login: PurposeId,
    pub(crate) ads: PurposeId,
}

pub(crate) fn names(shop: &LivePolicy) -> Readers<Names> {
    let resolve = |policy: &Policy| {
        Ok(Names {
            email: policy.category("email")?,
            login: policy.purpose("login")?,
            ads: policy.purpose("ads")?,
        })
    };
    shop.names(resolve).unwrap()
}

/// The answers of one version: whether emails may be used to log in, and for ads. Asked by ids and by names.
pub(crate) fn answers(live: &Live<Names>) -> [bool; 2] {
    let Names { email, login, ads } = live.names();
    [(*login, "login"), (*ads, "ads")].map(|(purpose, name)| {
        let decision = live.policy().decide(Act::Use, *email, purpose, Facts::none());
        assert_eq!(decision.is_allowed(), live.policy().may_use("email", name));
        decision.is_allowed()
    })
}
