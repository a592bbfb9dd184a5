//! Random policies: statements of all kinds in sections.

use super::Dice;
use super::names::{Hierarchy, Style};
use whyfor::symbols::quoted;

const TERMS: &str = r#"
tag country "Country" published { us "United States"  de "Germany" }
tag subject "Data subjects" published { customer "Customers"  staff "Employees" }
fact agreed "The person agreed"
fact objected per purpose "The person objected"
fact region "Region": one of eu "European Union", us "United States"
basis contract "Contract" basis tax_law "Tax law" basis interest "Legitimate interest (Art. 6)"
basis consent "Consent" when agreed basis balance "Balance" unless objected
event closing "Closing" event withdrawal "Withdrawal of consent" event gone "Deletion of the account"
duty encrypt "Encryption" duty tell "Tell the person" duty strip "Remove direct identifiers"
"#;

const TITLES: [&str; 6] =
    ["Account", "Retention", "Paid services", "Sicherheit", "支付", "Login 2"];
const REASONS: [&str; 3] = ["Bills name them", "Tax law asks", "安全需要"];

/// A policy of random statements.
pub(crate) struct World {
    style: Style,
    categories: Hierarchy,
    methods: Hierarchy,
    purposes: Hierarchy,
    recipients: Hierarchy,
    /// Roots with parts that are named by themselves, for each hierarchy.
    alone: [Vec<usize>; 4],
}

/// The text of a policy.
pub(crate) fn policy(dice: &mut Dice, style: Style) -> String {
    let mut world = World {
        style,
        categories: Hierarchy::new(dice, "category", style),
        methods: Hierarchy::new(dice, "method", style),
        purposes: Hierarchy::new(dice, "purpose", style),
        recipients: Hierarchy::new(dice, "recipient", style),
        alone: Default::default(),
    };
    let sensitive = match style {
        Style::Plain => "tag sensitive \"Sensitive\"",
        Style::Any => "tag sensitive \"Sensitive\" published",
    };
    let mut text = format!("policy p \"List\" {{ version \"1\" }}\n{sensitive}{TERMS}");
    let all = [&world.categories, &world.methods, &world.purposes, &world.recipients];
    all.iter().for_each(|hierarchy| text += &hierarchy.declarations());
    for section in 0..1 + dice.below(3) {
        let because = match dice.once_in(3) {
            true => " because \"What we need, so that you can sign in.\"",
            false => "",
        };
        let title = quoted(TITLES[dice.below(TITLES.len())]);
        text += &format!("section s{section} {title}{because} {{\n");
        for _ in 0..1 + dice.below(3) {
            text += &format!("    {}\n", world.statement(dice));
        }
        text += "}\n";
    }
    if dice.once_in(4) {
        text += &format!("{}\n", world.statement(dice));
    }
    text + &world.groups()
}

impl World {
    fn statement(&mut self, dice: &mut Dice) -> String {
        if self.style == Style::Any && dice.once_in(4) {
            return self.limit(dice);
        }
        let mut text = match dice.below(8) {
            0..4 => format!("collect {} by {}", self.collected(dice), self.list(dice, 1)),
            4 | 5 => format!("use {}", self.list(dice, 0)),
            6 => format!("share {} with {}", self.list(dice, 0), self.list(dice, 3)),
            _ => {
                let purposes = self.list(dice, 2);
                let then = if dice.once_in(3) { " then encrypt, strip" } else { "" };
                return format!("use collected for {purposes}{then}");
            }
        };
        text += &format!(" for {}", self.list(dice, 2));
        if self.style == Style::Any {
            text += condition(dice);
        }
        if dice.once_in(2) {
            text += &format!(" on {}", bases(dice, self.style));
        }
        text += ["", "", " then encrypt", " then encrypt, tell", " then encrypt, tell, strip"]
            [dice.below(5)];
        if dice.once_in(2) {
            text += &format!(" retain {}", limits(dice));
        }
        if dice.once_in(5) {
            let reason = REASONS[dice.below(REASONS.len())];
            text += &format!(" because \"{reason}\" see \"https://example.com/a?b=c_d\"");
        }
        text
    }

    /// A prohibition or a duty. It names a group with its parts: a list says of a closed group not what is in it.
    fn limit(&mut self, dice: &mut Dice) -> String {
        let (data, purposes) = (self.list(dice, 0), self.list(dice, 2));
        let purposes = if dice.once_in(3) { String::new() } else { format!(" for {purposes}") };
        let act = match dice.below(4) {
            0 => format!("collect {data} by {}", self.list(dice, 1)),
            1 => format!("share {data} with {}", self.list(dice, 3)),
            _ => format!("use {data}"),
        };
        let condition = condition(dice);
        match dice.once_in(3) {
            true => format!("require tell retain 30 days to {act}{purposes}{condition}"),
            false => format!("never {act}{purposes}{condition}"),
        }
    }

    /// A selection.
    fn list(&mut self, dice: &mut Dice, number: usize) -> String {
        if dice.once_in(10) {
            return "*".to_owned();
        }
        let hierarchy = [&self.categories, &self.methods, &self.purposes, &self.recipients][number];
        let terms = hierarchy.terms(dice, &mut self.alone[number]);
        let names = terms.concat();
        if self.style == Style::Any && names.len() > 1 && dice.once_in(6) {
            let (except, rest) = names.split_last().unwrap();
            return format!("({} except {except})", rest.join(", "));
        }
        names.join(", ")
    }

    /// The data of a `collect`, some of it perhaps optional.
    fn collected(&mut self, dice: &mut Dice) -> String {
        if !dice.once_in(3) {
            return self.list(dice, 0);
        }
        let terms = self.categories.terms(dice, &mut self.alone[0]);
        let mut names: Vec<String> = Vec::new();
        for term in terms {
            let optional = if dice.once_in(2) { "optional " } else { "" };
            names.extend(term.iter().map(|name| format!("{optional}{name}")));
        }
        names.join(", ")
    }

    /// Statements that name each group of which a part is named by itself: else no list says that it is one.
    fn groups(&mut self) -> String {
        let alone = std::mem::take(&mut self.alone);
        let [categories, methods, purposes, recipients] = alone;
        let mut text = String::new();
        let all = |hierarchy: &Hierarchy, mut roots: Vec<usize>| -> Vec<String> {
            roots.sort_unstable();
            roots.dedup();
            roots.into_iter().map(|root| hierarchy.whole(root).join(", ")).collect()
        };
        let first = |hierarchy: &Hierarchy| hierarchy.whole(0).join(", ");
        let (data, with) = (first(&self.categories), first(&self.recipients));
        let what_for = first(&self.purposes);
        for data in all(&self.categories, categories) {
            text += &format!("use {data} for {what_for}\n");
        }
        for by in all(&self.methods, methods) {
            text += &format!("collect {data} by {by} for {what_for}\n");
        }
        for purposes in all(&self.purposes, purposes) {
            text += &format!("share {data} with {with} for {purposes}\n");
        }
        for with in all(&self.recipients, recipients) {
            text += &format!("share {data} with {with} for {what_for}\n");
        }
        match text.as_str() {
            "" => text,
            _ => format!("section groups \"Groups\" {{\n{text}}}\n"),
        }
    }
}

fn condition(dice: &mut Dice) -> &'static str {
    [
        "",
        "",
        "",
        " when agreed",
        " unless objected",
        " when region is eu and agreed",
        " when region is us unless objected",
    ][dice.below(7)]
}

/// Alternatives of legal bases.
fn bases(dice: &mut Dice, style: Style) -> String {
    const BASES: [&str; 5] = ["contract", "tax_law", "interest", "consent", "balance"];
    let known = if style == Style::Plain { &BASES[..3] } else { &BASES[..] };
    let mut left = dice.some(known, 3);
    let mut alternatives = Vec::new();
    while let Some(first) = left.pop() {
        match left.pop().filter(|_| dice.once_in(2)) {
            Some(second) => alternatives.push(format!("{first} & {second}")),
            None => alternatives.push(first.to_owned()),
        }
    }
    alternatives.join(", ")
}

fn limits(dice: &mut Dice) -> String {
    const LIMITS: [&str; 12] = [
        "1 hour",
        "30 days",
        "2 weeks",
        "1 month",
        "2 years",
        "6 months after closing",
        "until closing",
        "until withdrawal",
        "30 days after gone",
        "at least 1 year",
        "at least 1 month after closing",
        "at least 36 hours",
    ];
    dice.some(&LIMITS, 4).join(", ")
}
