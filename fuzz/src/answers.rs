//! Everything that a policy can be asked. What it answers is not looked at: a forged policy may answer
//! anything. It must answer at all, and soon.

use whyfor::{Act, Decision, FactError, FactKind, FactValue, Facts, Policy, Question};

/// Numbers that look random and are the same every time (xorshift, Marsaglia 2003).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a bound, or 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 16) as usize % bound.max(1)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len())).copied()
    }
}

/// Names to ask by, besides those that a policy lists itself.
const NAMES: &[&str] = &[
    "",
    "a",
    "b",
    "c",
    "d",
    "f",
    "m",
    "r",
    "x",
    "y",
    "z",
    "my_b",
    "contact",
    "email",
    "contact.email",
    "phone",
    "mobile_subscriber_identity_number",
    "device",
    "health",
    "heart_rate",
    "identifiers_of_hardware",
    "work_email",
    "home_email",
    "no_email",
    "x_1_email",
    "users.email",
    "my_phone_number",
    "old_telephone.number",
    "address_line1",
    "raw_a.b",
    "a_b_x",
    "provided",
    "observed",
    "automatic",
    "login",
    "service",
    "marketing",
    "ads",
    "research",
    "profiling",
    "partners",
    "agencies",
    "courier",
    "consent",
    "objection",
    "verified",
    "region",
    "eu",
    "br",
    "age",
    "level",
    "deidentify",
    "notify",
    "emial",
    "É",
];

/// Asks a policy everything once, and some questions among very many.
pub fn ask(policy: &Policy, questions: usize, random: &mut Random) {
    list(policy);
    let stated = state(policy, random);
    let facts: Vec<&Facts> = std::iter::once(Facts::none()).chain(&stated).collect();
    let own = policy.field_names();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let long = "a".repeat(1024);
    let names: Vec<&str> = NAMES.iter().copied().chain([long.as_str()]).collect();
    for _ in 0..questions {
        let name = |random: &mut Random| match random.pick(&own) {
            Some(name) if random.below(4) == 0 => name,
            _ => random.pick(&names).unwrap_or(""),
        };
        let facts = random.pick(&facts).unwrap_or(Facts::none());
        ask_by_names(policy, [name(random), name(random), name(random)], facts);
        ask_by_ids(policy, facts, random);
    }
    ask_columns(policy, &names, &facts);
}

fn list(policy: &Policy) {
    let header = [policy.name(), policy.label(), policy.version(), policy.controller()];
    let _ =
        (header.len(), policy.digest().to_string(), format!("{policy:?}"), policy.table_shape());
    let _ = policy.as_bytes().len();
    for (_, node) in policy.categories() {
        let _ = (node.path.len(), node.label.len(), node.depth, node.is_leaf);
    }
    let _ = (policy.methods().count(), policy.purposes().count(), policy.recipients().count());
    let _ = (policy.duties().count(), policy.statements().count());
    for statement in policy.field_statements() {
        let _ = (policy.paths(&statement.field).len(), statement.patterns.len());
    }
}

/// Facts stated in several ways; what fails to be stated says what could have been meant.
fn state(policy: &Policy, random: &mut Random) -> Vec<Facts> {
    let infos: Vec<_> = policy.facts().collect();
    let purposes: Vec<&str> = policy.purposes().map(|(_, node)| node.path).take(50).collect();
    let mut stated: Vec<Facts> = Vec::new();
    for round in 0..3 {
        let old = stated.pop().unwrap_or_default();
        let again = old.clone();
        let mut facts = policy.facts_builder_from(old).cleared();
        let mut failed: Vec<FactError> = Vec::new();
        let (yes, no) = (random.pick(&purposes), random.pick(&purposes));
        let (yes, no) = ([yes.unwrap_or("x")], [no.unwrap_or("marketing"), "ads"]);
        let unknown = NAMES.iter().filter(|_| round == 0).map(|name| (*name, None));
        for (name, info) in infos.iter().map(|info| (info.name, Some(info))).chain(unknown) {
            let choice = info.and_then(|info| random.pick(&info.choices)).unwrap_or("eu");
            let bound = info.and_then(|info| random.pick(&info.bounds)).unwrap_or(20.0);
            // Of a fact that is known, values of its kind and at times another; of other names, all.
            for (kind, value) in [
                (FactKind::YesNo, FactValue::YesNo(round == 1)),
                (FactKind::PerPurpose, FactValue::YesNo(round == 2)),
                (FactKind::PerPurpose, FactValue::purposes(yes, no)),
                (FactKind::Choice, FactValue::from(choice)),
                (FactKind::Number, FactValue::Number(bound)),
            ] {
                let takes = info.is_none_or(|info| info.kind == kind || random.below(5) == 0);
                if takes && random.below(5) != 0 {
                    failed.extend(facts.set(name, value).err());
                }
            }
        }
        for error in failed.iter().take(20) {
            let _ = (error.to_string(), policy.fact_candidates(error));
        }
        stated.extend([again, facts.build()]);
    }
    stated
}

fn ask_by_names(policy: &Policy, [field, party, purpose]: [&str; 3], facts: &Facts) {
    let _ = policy.may_use(field, purpose);
    let _ = policy.may_collect(field, party, purpose);
    let _ = policy.may_share(field, party, purpose);
    for question in [
        Question::usage(field, purpose),
        Question::collect(field, party, purpose),
        Question::share(field, party, purpose),
    ] {
        look_at(&policy.ask(&question, facts));
    }
    let refusals = [
        policy.field(field).map(|field| policy.paths(&field).len()).err(),
        policy.category(field).err(),
        policy.method(party).err(),
        policy.purpose(purpose).err(),
        policy.recipient(party).err(),
    ];
    for refusal in refusals.into_iter().flatten() {
        let _ = (refusal.to_string(), refusal.kind().as_str(), policy.candidates(&refusal));
    }
    if let (Ok(field), Ok(purpose)) = (policy.field(field), policy.purpose(purpose)) {
        let decision = policy.decide_field(Act::Use, &field, purpose, facts);
        look_at(&decision);
        let _ = format!("{decision:?}");
    }
}

fn ask_by_ids(policy: &Policy, facts: &Facts, random: &mut Random) {
    let categories = policy.categories().count();
    let category = policy.categories().nth(random.below(categories));
    let purposes = policy.purposes().count();
    let purpose = policy.purposes().nth(random.below(purposes));
    let (Some((category, _)), Some((purpose, _))) = (category, purpose) else { return };
    let methods = policy.methods().count();
    let method = policy.methods().nth(random.below(methods)).map(|(id, _)| Act::Collect(id));
    let recipients = policy.recipients().count();
    let recipient = policy.recipients().nth(random.below(recipients)).map(|(id, _)| Act::Share(id));
    for act in [Some(Act::Use), method, recipient].into_iter().flatten() {
        look_at(&policy.decide(act, category, purpose, facts));
        let mut bits = [0; 2];
        policy.decide_all(act, &[category; 65], &[purpose; 65], facts, &mut bits);
    }
}

fn look_at(decision: &Decision<'_>) {
    let _ = (decision.verdict().as_str(), decision.is_allowed(), decision.retain_days());
    let _ = (decision.duties().count(), decision.permit(&["notify"]).is_ok());
    let _ = decision.missing().len();
    let _ = (decision.residual(), decision.points().len(), decision.conditional_terms().len());
    for reason in decision.reasons() {
        let _ = (reason.kind(), reason.message(decision.verdict()));
    }
}

fn ask_columns(policy: &Policy, names: &[&str], facts: &[&Facts]) {
    let facts = facts.last().copied().unwrap_or(Facts::none());
    let codes: Vec<u8> = (0..130).collect();
    let mut bits = [0; 3];
    policy.column(Act::Use, names, "ads", facts).select(&codes, &mut bits);
    policy.column(Act::Collect(Some("provided")), names, "login", facts).select(&codes, &mut bits);
    let pairs =
        policy.pair_column(Act::Share(Some("partners")), &names[..20], &names[30..40], facts);
    pairs.select(&codes, &codes, &mut bits);
}
