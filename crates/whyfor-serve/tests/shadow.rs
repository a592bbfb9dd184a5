//! A candidate beside the live policy: it never answers, and no disagreement is missed.

#![cfg(feature = "shadow")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::until;
use std::sync::{Arc, Mutex};
use whyfor::{Act, ActKind, Policy, Question, Verdict};
use whyfor_serve::{
    BytesSource, DecisionLog, Entry, LivePolicy, LogOptions, LoggedDecision, PolicyStore, Shadow,
    ShadowResult, Sink, SinkError, TextFiles, Trust,
};

const NAMES: &str = "policy shop { closed }
category contact { email phone } category health
method form method api recipient partner
purpose login purpose ads { newsletter banner }
fact consent per purpose fact age: number
duty deidentify
field \"*_mail\" is email
";

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<LoggedDecision>>>);

impl Sink for Kept {
    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
        let decisions = entries.iter().filter_map(|entry| match entry {
            Entry::Decision(decision) => Some(decision.clone()),
            _ => None,
        });
        self.0.lock().unwrap().extend(decisions);
        Ok(())
    }
}

/// A service with a live policy and a candidate.
struct Service {
    shop: LivePolicy,
    next: LivePolicy,
    sources: [Arc<BytesSource>; 2],
    shadow: Shadow,
    log: DecisionLog,
    kept: Kept,
}

fn text(statements: &str) -> TextFiles {
    TextFiles::new("shop.why", format!("{NAMES}{statements}\nend\n"))
}

impl Service {
    fn new(live: &str, candidate: &str) -> Self {
        let store = PolicyStore::new();
        let sources =
            [live, candidate].map(|statements| Arc::new(BytesSource::new(text(statements))));
        let add =
            |name, at: usize| store.add(name, Arc::clone(&sources[at]), Trust::unsigned()).unwrap();
        let (shop, next) = (add("shop", 0), add("next", 1));
        let shadow = Shadow::new(&shop, &next).unwrap();
        let kept = Kept::default();
        let log = DecisionLog::new(kept.clone(), LogOptions::default()).unwrap();
        Self { shop, next, sources, shadow, log, kept }
    }

    /// Asks with these facts stated.
    fn ask(&self, question: &Question<'_>, facts: &[(&str, i64)]) -> Verdict {
        let live = self.shop.snapshot();
        let mut request = self.shadow.request(self.log.context(live.version()));
        let facts =
            request.facts(facts.iter().map(|(name, value)| (*name, (*value).into()))).unwrap();
        request.ask(question, &facts).verdict()
    }

    fn logged(&self) -> Vec<LoggedDecision> {
        self.log.flush();
        self.kept.0.lock().unwrap().clone()
    }
}

#[test]
fn only_questions_that_may_differ_are_asked_twice_and_the_live_policy_answers() {
    let service = Service::new(
        "use contact for login use email for newsletter when age >= 18",
        "use contact for login use email for newsletter when age >= 16 use health for login",
    );
    let newsletter = Question::usage("email", "newsletter");
    assert_eq!(service.ask(&Question::usage("email", "login"), &[]), Verdict::Allow);
    assert_eq!(service.shadow.status().evaluated, 0);
    assert_eq!(service.ask(&newsletter, &[("age", 17)]), Verdict::Deny);
    assert_eq!(service.ask(&newsletter, &[("age", 17)]), Verdict::Deny);
    assert_eq!(service.ask(&newsletter, &[("age", 20)]), Verdict::Allow);
    assert_eq!(service.ask(&Question::usage("health", "login"), &[]), Verdict::Deny);
    let status = service.shadow.status();
    assert_eq!(status.evaluated, 4);
    let [one, two] = &status.disagreements[..] else { panic!("{status:?}") };
    assert_eq!(
        (one.count(), one.shadow_allowed, one.example.as_str()),
        (2, 2, "use contact.email for ads.newsletter")
    );
    assert!(one.change.contains("age >= 16"), "{}", one.change);
    assert!(one.first <= one.last);
    assert_eq!((two.shadow_allowed, two.change.as_str()), (1, "now allowed: use health for login"));
}

#[test]
fn a_disagreement_is_in_the_log_beside_the_live_answer() {
    let service = Service::new(
        "use email for login use phone for login",
        "use phone for login then deidentify",
    );
    service.ask(&Question::usage("email", "login"), &[]);
    service.ask(&Question::usage("phone", "login"), &[]);
    service.ask(&Question::usage("health", "login"), &[]);
    let logged = service.logged();
    let shadow = |at: usize| logged[at].shadow.as_ref().map(|shadow| shadow.result);
    assert_eq!((logged[0].verdict, shadow(0)), (Verdict::Allow, Some(ShadowResult::ShadowDenied)));
    assert_eq!((logged[1].verdict, shadow(1)), (Verdict::Allow, Some(ShadowResult::ShadowAllowed))); // with a duty
    assert_eq!((logged[2].verdict, shadow(2)), (Verdict::Deny, None));
    assert_eq!(
        logged[0].shadow.as_ref().unwrap().digest,
        service.next.snapshot().policy().digest()
    );
    let json = serde_json::to_string(&logged[0]).unwrap();
    assert!(json.contains(r#""shadow":{"result":"shadow_denied","digest":""#), "{json}");
    let status = service.shadow.status();
    assert_eq!(
        status.disagreements.iter().map(|seen| (seen.shadow_denied, seen.other)).max(),
        Some((1, 0))
    );
}

#[test]
fn names_that_mean_something_else_are_asked_twice() {
    let service =
        Service::new("use email for login", "use email for login field \"*_tel\" is email");
    assert_eq!(service.ask(&Question::usage("work_tel", "login"), &[]), Verdict::Deny);
    let [seen] = &service.shadow.status().disagreements[..] else { panic!("one") };
    assert_eq!((seen.shadow_allowed, seen.example.as_str()), (1, "use (unknown)"));
    assert!(!format!("{:?}", service.logged()).contains("work_tel"));
}

#[test]
fn a_candidate_that_declares_more_is_not_asked_about_names_that_mean_the_same() {
    let same = "use email for login";
    let service = Service::new(same, &format!("{same} duty encrypt category postal"));
    for field in ["email", "work_mail", "health"] {
        service.ask(&Question::usage(field, "login"), &[]);
    }
    assert_eq!(service.shadow.status().evaluated, 0);
    // The live policy does not know it, and the candidate may.
    service.ask(&Question::usage("postal", "login"), &[]);
    assert_eq!(service.shadow.status().evaluated, 1);

    let service = Service::new(same, &format!("{same} duty encrypt"));
    service.ask(&Question::usage("postal", "login"), &[]);
    assert_eq!(service.shadow.status().evaluated, 0);
}

#[test]
fn every_question_of_two_random_policies_is_asked_twice_if_the_answers_differ() {
    let statements = [
        "use email for login",
        "collect contact by form for ads then deidentify",
        "share phone with partner for banner when consent",
        "never use health for ads when age < 18",
        "use health for newsletter when age >= 16",
        "collect health for login",
        "never use phone for login",
    ];
    let (mut twice, mut differing) = (0, 0);
    for round in 0..100_u32 {
        let chosen = |seed: u32| -> String {
            let bits = seed.wrapping_mul(2_654_435_761) >> 13;
            let all = statements.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            all.map(|(_, statement)| format!("{statement}\n")).collect()
        };
        let service = Service::new(&chosen(2 * round + 1), &chosen(2 * round + 2));
        let (live, next) = (service.shop.snapshot(), service.next.snapshot());
        let mut request = service.shadow.request(service.log.context(live.version()));
        let facts = request.facts([("age", 17.into())]).unwrap();
        let of = |policy: &Policy| policy.facts_builder().with("age", 17).unwrap().build();
        let [of_live, of_next] = [live.policy(), next.policy()].map(of);
        let mut expected = 0;
        for question in questions(live.policy()) {
            let (field, act, purpose) = &question;
            let question = Question { act: act.map_to_names(), field, purpose };
            let [one, other] =
                [live.policy().ask(&question, &of_live), next.policy().ask(&question, &of_next)];
            let duties = |decision: &whyfor::Decision<'_>| {
                decision.duties().map(str::to_owned).collect::<Vec<_>>()
            };
            expected +=
                u64::from(one.verdict() != other.verdict() || duties(&one) != duties(&other));
            assert_eq!(request.ask(&question, &facts).verdict(), one.verdict());
            // By ids the same.
            let ids = live.policy();
            let act = match question.act {
                Act::Use => Act::Use,
                Act::Collect(None) => Act::Collect(ids.any_method()),
                Act::Collect(Some(method)) => Act::Collect(ids.method(method).unwrap()),
                Act::Share(None) => Act::Share(ids.any_recipient()),
                Act::Share(Some(recipient)) => Act::Share(ids.recipient(recipient).unwrap()),
            };
            let (category, purpose) = (ids.category(field).unwrap(), ids.purpose(purpose).unwrap());
            assert_eq!(request.decide(act, category, purpose, &facts).verdict(), one.verdict());
        }
        let status = service.shadow.status();
        let seen: u64 = status.disagreements.iter().map(|seen| seen.count()).sum();
        assert_eq!(seen, 2 * expected, "{status:?}");
        twice += status.evaluated;
        differing += seen;
    }
    assert!(differing > 300 && twice < 3 * differing, "{differing} of {twice}");
}

/// An act by names.
struct NamedAct(ActKind, Option<&'static str>);

impl NamedAct {
    fn map_to_names(&self) -> whyfor::NamedAct<'static> {
        match self.0 {
            ActKind::Use => Act::Use,
            ActKind::Collect => Act::Collect(self.1),
            ActKind::Share => Act::Share(self.1),
        }
    }
}

fn questions(policy: &Policy) -> Vec<(String, NamedAct, String)> {
    let acts = [
        (ActKind::Use, None),
        (ActKind::Collect, None),
        (ActKind::Collect, Some("form")),
        (ActKind::Collect, Some("api")),
        (ActKind::Share, None),
        (ActKind::Share, Some("partner")),
    ];
    let mut all = Vec::new();
    for (_, category) in policy.categories() {
        for (_, purpose) in policy.purposes() {
            for (kind, party) in acts {
                all.push((
                    category.path.to_owned(),
                    NamedAct(kind, party),
                    purpose.path.to_owned(),
                ));
            }
        }
    }
    all
}

#[test]
fn a_reload_of_either_is_compared_anew() {
    let service = Service::new("use email for login", "use email for login");
    service.sources[1].set(text("use email for login use phone for login"));
    service.next.reload().unwrap();
    let candidate = service.next.snapshot().policy().digest();
    until("the new candidate is compared", || service.shadow.status().candidate == candidate);
    service.ask(&Question::usage("phone", "login"), &[]);
    assert_eq!(service.shadow.status().disagreements.len(), 1);
    // The counts are those of two versions.
    service.sources[0].set(text("use email for login use phone for login"));
    service.shop.reload().unwrap();
    let live = service.shop.snapshot().policy().digest();
    until("the new live version is compared", || service.shadow.status().live == live);
    service.ask(&Question::usage("phone", "login"), &[]);
    assert_eq!(
        (service.shadow.status().disagreements.len(), service.shadow.status().evaluated),
        (0, 0)
    );
}

#[test]
fn artifacts_are_asked_twice_always_and_the_status_says_why() {
    let store = PolicyStore::new();
    let policy = |statements: &str| {
        Arc::new(Policy::from_str(&format!("{NAMES}{statements}\nend\n")).unwrap())
    };
    let add = |name, statements| {
        store.add(name, BytesSource::new(policy(statements)), Trust::unsigned()).unwrap()
    };
    let (shop, next) = (add("shop", "use email for login"), add("next", "use phone for login"));
    let shadow = Shadow::new(&shop, &next).unwrap();
    let log = DecisionLog::new(Kept::default(), LogOptions::default()).unwrap();
    let live = shop.snapshot();
    let mut request = shadow.request(log.context(live.version()));
    let facts = request.facts([]).unwrap();
    for field in ["email", "phone", "health"] {
        request.ask(&Question::usage(field, "login"), &facts);
    }
    let status = shadow.status();
    assert!(status.failure.unwrap().to_string().contains("was not compiled from text"));
    assert_eq!(status.evaluated, 3);
    let [seen] = &status.disagreements[..] else { panic!("one place") };
    assert_eq!((seen.shadow_allowed, seen.shadow_denied), (1, 1));
}

#[test]
fn facts_that_the_candidate_does_not_have_are_unstated_in_it() {
    let store = PolicyStore::new();
    let add = |name, text: &str| {
        let source = BytesSource::new(TextFiles::new("p.why", format!("{text}\nend\n")));
        store.add(name, source, Trust::unsigned()).unwrap()
    };
    let shop = add(
        "shop",
        "policy p category email purpose ads fact age: number use email for ads when age >= 18",
    );
    let next = add(
        "next",
        "policy p category email purpose ads fact consent use email for ads when consent",
    );
    let shadow = Shadow::new(&shop, &next).unwrap();
    let log = DecisionLog::new(Kept::default(), LogOptions::default()).unwrap();
    let live = shop.snapshot();
    let mut request = shadow.request(log.context(live.version()));
    assert!(request.facts([("ages", 3.into())]).is_err());
    let facts = request.facts([("age", 20.into())]).unwrap();
    assert!(request.ask(&Question::usage("email", "ads"), &facts).is_allowed());
    let facts = request.facts([]).unwrap();
    assert_eq!(request.ask(&Question::usage("email", "ads"), &facts).missing(), ["age"]);
    assert_eq!(shadow.status().disagreements[0].shadow_denied, 1);
}

#[test]
fn facts_that_only_the_candidate_has_are_stated_for_it() {
    let store = PolicyStore::new();
    let add = |name, condition: &str| {
        let text = format!("policy p category email purpose ads {condition}\nend\n");
        store.add(name, BytesSource::new(TextFiles::new("p.why", text)), Trust::unsigned()).unwrap()
    };
    let shop = add("shop", "use email for ads");
    let next = add("next", "fact consent use email for ads when consent");
    let shadow = Shadow::new(&shop, &next).unwrap();
    let log = DecisionLog::new(Kept::default(), LogOptions::default()).unwrap();
    let live = shop.snapshot();
    let mut request = shadow.request(log.context(live.version()));
    let facts = request.facts([("consent", true.into())]).unwrap();
    assert!(request.ask(&Question::usage("email", "ads"), &facts).is_allowed());
    assert_eq!(shadow.status().evaluated, 1);
    assert!(shadow.status().disagreements.is_empty(), "both allow with this consent");
    assert!(request.facts([("consent", 3.into())]).is_err(), "neither takes a number");
}
