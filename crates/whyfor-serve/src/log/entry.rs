//! What a log says.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::time::SystemTime;
use whyfor::{ActKind, Digest, Hierarchy, ReasonKind, Verdict};

/// One entry of a log, and one line of [`JsonLines`](crate::JsonLines).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "nearly all entries are decisions")]
pub enum Entry {
    /// A decision.
    Decision(LoggedDecision),
    /// Decisions that are not in the log.
    Lost(Lost),
}

/// A decision as it is logged. It has names of the policy and of the program, and no values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LoggedDecision {
    /// When the request began to decide.
    #[serde(with = "rfc_3339")]
    pub time: SystemTime,
    /// The policy's name in the store.
    pub policy: String,
    /// The version that decided.
    pub digest: Digest,
    /// What was to be done.
    pub act: ActKind,
    /// The categories that the field stands for; none if the policy does not know it.
    pub categories: Vec<String>,
    /// The method or recipient, if one was named and the policy knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The purpose, if the policy knows it.
    pub purpose: Option<String>,
    /// The answer.
    pub verdict: Verdict,
    /// Why, in a word: the kind of the first reason.
    pub reason: Option<ReasonKind>,
    /// The statements that say so, by their numbers in the policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<usize>,
    /// The facts that were not stated and matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The names that the policy does not know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownName>,
    /// What a candidate answers, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<LoggedShadow>,
    /// What the program adds, such as the number of the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
}

/// A name that the policy does not know, or that means several things. It may be a key that a client chose, so it is
/// hashed by a key that is made when the log is: the same name has the same hash until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UnknownName {
    /// What it should be.
    pub hierarchy: Hierarchy,
    /// 16 hexadecimal digits.
    pub hash: String,
}

/// The answer of a candidate that differs from the live policy's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LoggedShadow {
    /// Its answer.
    pub result: ShadowResult,
    /// The version of the candidate.
    pub digest: Digest,
}

/// The answer of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShadowResult {
    /// It allows, or allows with other duties.
    ShadowAllowed,
    /// It denies.
    ShadowDenied,
    /// It depends on facts that are not stated.
    ShadowDepends,
}

impl ShadowResult {
    /// As in JSON: `shadow_allowed`, `shadow_denied`, `shadow_depends`.
    ///
    /// ```
    /// assert_eq!(whyfor_serve::ShadowResult::ShadowDenied.as_str(), "shadow_denied");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ShadowAllowed => "shadow_allowed",
            Self::ShadowDenied => "shadow_denied",
            Self::ShadowDepends => "shadow_depends",
        }
    }
}

impl From<Verdict> for ShadowResult {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::ShadowAllowed,
            Verdict::Deny => Self::ShadowDenied,
            Verdict::Depends => Self::ShadowDepends,
        }
    }
}

/// Decisions that were made and are not in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lost {
    /// When this was written.
    #[serde(with = "rfc_3339")]
    pub time: SystemTime,
    /// How many, since the entry before this one that says so.
    pub dropped: u64,
}

/// Times as `2026-11-27T16:43:12.120Z`.
mod rfc_3339 {
    use super::{Deserialize, Deserializer, Serializer, SystemTime};

    pub(super) fn serialize<S: Serializer>(
        time: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_rfc3339_millis(*time))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}
