//! Answers as JSON, with the same members in `ask --format json` and in `batch`.

use std::cell::Cell;
use std::io::Write;
use whyfor::{Act, Decision, FactError, NamedAct, Policy, Reason, ReasonKind, Statement, Verdict};

/// Most unknown names for which similar names are searched, as each search reads all names of a
/// policy.
const NEAR_NAMES: u32 = 1000;

/// Writes answers; each statement is serialised once.
pub(crate) struct AnswerWriter<'p> {
    places: Vec<String>,
    with_reasons: bool,
    /// How many more searches for similar names are allowed.
    near_names_left: Cell<u32>,
    digest: Option<String>,
    policy: &'p Policy,
}

impl<'p> AnswerWriter<'p> {
    pub(crate) fn new(policy: &'p Policy, with_reasons: bool, with_digest: bool) -> Self {
        let places = if with_reasons { policy.statements().map(place).collect() } else { vec![] };
        let digest = with_digest.then(|| policy.digest().to_string());
        Self { places, with_reasons, near_names_left: Cell::new(NEAR_NAMES), digest, policy }
    }

    /// One answer, without a line break.
    pub(crate) fn write(&self, decision: &Decision<'_>, act: NamedAct<'_>, out: &mut Vec<u8>) {
        self.start(decision.verdict().as_str(), out);
        out.extend(b",\"duties\":[");
        let mut duties: Vec<&str> = decision.duties().collect();
        duties.sort_unstable();
        list(out, &duties);
        out.extend(b"],\"retain_days\":");
        match decision.retain_days() {
            Some(days) => drop(write!(out, "{days}")),
            None => out.extend(b"null"),
        }
        if decision.verdict() != Verdict::Deny {
            terms(decision, act, out);
        }
        out.extend(b",\"missing\":[");
        list(out, &decision.missing());
        out.push(b']');
        if self.with_reasons {
            out.extend(b",\"reasons\":[");
            for (i, reason) in decision.reasons().iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                self.reason(reason, act, out);
            }
            out.push(b']');
        }
        out.push(b'}');
    }

    /// The answer to a question with an unknown fact: deny.
    pub(crate) fn refuse(&self, error: &FactError, out: &mut Vec<u8>) {
        self.start("deny", out);
        out.extend(b",\"duties\":[],\"retain_days\":null,\"missing\":[]");
        if self.with_reasons {
            let is_near = error.kind() == ReasonKind::UnknownPurpose;
            let candidates = self.candidates(is_near, || self.policy.fact_candidates(error));
            out.extend(b",\"reasons\":[");
            refused(error.kind(), error.name(), &candidates, out);
            out.push(b']');
        }
        out.push(b'}');
    }

    fn start(&self, verdict: &str, out: &mut Vec<u8>) {
        out.extend(b"{\"decision\":\"");
        out.extend(verdict.as_bytes());
        out.push(b'"');
        if let Some(digest) = &self.digest {
            out.extend(b",\"digest\":\"");
            out.extend(digest.as_bytes());
            out.push(b'"');
        }
    }

    fn reason(&self, reason: &Reason<'_>, act: NamedAct<'_>, out: &mut Vec<u8>) {
        match reason {
            Reason::Permit(s) | Reason::Never(s) | Reason::Unmet(s) => {
                out.extend(b"{\"kind\":\"");
                out.extend(reason.kind().as_str().as_bytes());
                out.extend(b"\",");
                match self.places.get(s.index()) {
                    Some(place) => out.extend(place.as_bytes()),
                    None => out.extend(place(*s).as_bytes()),
                }
            }
            Reason::NoPermit { category, party, purpose } => {
                out.extend(b"{\"kind\":\"no_permit\",\"category\":");
                text(out, category);
                if let Some(party) = party {
                    let key = if matches!(act, Act::Share(_)) { "recipient" } else { "method" };
                    drop(write!(out, ",\"{key}\":"));
                    text(out, party);
                }
                out.extend(b",\"purpose\":");
                text(out, purpose);
                out.push(b'}');
            }
            Reason::Refused(refusal) => {
                let find = || self.policy.candidates(refusal);
                let candidates = self.candidates(!refusal.is_ambiguous(), find);
                refused(refusal.kind(), refusal.name(), &candidates, out);
            }
            _ => drop(write!(out, "{{\"kind\":\"{}\"}}", reason.kind())),
        }
    }

    fn candidates(&self, are_near: bool, find: impl FnOnce() -> Vec<String>) -> Vec<String> {
        if !are_near {
            return find();
        }
        let Some(left) = self.near_names_left.get().checked_sub(1) else { return Vec::new() };
        self.near_names_left.set(left);
        find()
    }

    pub(crate) fn policy(&self) -> &'p Policy {
        self.policy
    }
}

/// What only an allow or a depends has.
fn terms(decision: &Decision<'_>, act: NamedAct<'_>, out: &mut Vec<u8>) {
    let mut bases: Vec<&str> = decision.bases().collect();
    bases.sort_unstable();
    out.extend(b",\"bases\":[");
    list(out, &bases);
    drop(write!(out, "],\"unbased\":{},\"retain\":", decision.is_unbased()));
    drop(super::json::compact(out, &decision.retain()));
    out.extend(b",\"retain_at_least\":");
    drop(super::json::compact(out, &decision.retain_at_least()));
    if matches!(act, Act::Collect(_)) {
        drop(write!(out, ",\"optional\":{}", decision.is_optional()));
    }
}

fn refused(kind: ReasonKind, name: &str, candidates: &[String], out: &mut Vec<u8>) {
    drop(write!(out, "{{\"kind\":\"{kind}\",\"name\":"));
    text(out, name);
    out.extend(b",\"candidates\":[");
    list(out, &candidates.iter().map(String::as_str).collect::<Vec<_>>());
    out.extend(b"]}");
}

/// The end of a reason that names a statement.
fn place(statement: Statement<'_>) -> String {
    let mut out = b"\"file\":".to_vec();
    text(&mut out, statement.file);
    drop(write!(out, ",\"line\":{},\"section\":", statement.line));
    match statement.section {
        Some(section) => text(&mut out, section),
        None => out.extend(b"null"),
    }
    out.push(b'}');
    String::from_utf8(out).unwrap_or_default()
}

fn list(out: &mut Vec<u8>, names: &[&str]) {
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        text(out, name);
    }
}

/// Writes a JSON string. Writing into memory cannot fail.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    drop(super::json::compact(out, &text));
}
