//! The names of pest's rules in messages such as "expected … or …".

use super::grammar::Rule;

/// The names of rules, each once, in the order of the rules.
pub(super) fn words(rules: &[Rule]) -> Vec<&'static str> {
    let mut words: Vec<&'static str> = Vec::new();
    for rule in rules {
        let word = describe(*rule);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    // Some names together have a shorter one.
    for (parts, whole) in TOGETHER {
        if parts.iter().all(|part| words.contains(part)) {
            words.retain(|word| !parts.contains(word));
            words.push(whole);
        }
    }
    words
}

const TOGETHER: [(&[&str], &str); 3] = [
    (&["`collected`", "`*`", "`#tag`", "a name", "`(`"], "a selection (names, `#tag`, `*` …)"),
    (&["a name", "`not`", "`(`"], "a condition"),
    (&["a name", "a number", "`yes`, `no`"], "a value (a name, a number, `yes` or `no`)"),
];

/// The words as a list: "`a`, `b` or `c`".
pub(super) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

fn describe(rule: Rule) -> &'static str {
    match rule {
        Rule::name
        | Rule::path
        | Rule::node
        | Rule::tag_node
        | Rule::choice_value
        | Rule::assignment => "a name",
        Rule::string => "a text in quotation marks",
        Rule::number => "a number",
        Rule::integer => "a whole number",
        Rule::everything => "`*`",
        Rule::collected | Rule::kw_collected => "`collected`",
        Rule::tag_name => "`#tag`",
        Rule::selection | Rule::union | Rule::intersection => "a selection (names, `#tag`, `*` …)",
        Rule::act => "`collect`, `use` or `share`",
        Rule::verdict => "`allow`, `deny` or `depends`",
        Rule::operator | Rule::comparison => "a comparison",
        Rule::yes_no => "`yes`, `no`",
        Rule::condition | Rule::conjunction | Rule::negation | Rule::test => "a condition",
        Rule::value => "a value",
        Rule::duties => "a duty",
        Rule::part => "`by`, `with` or `for`",
        Rule::header_entry | Rule::word => "an entry such as `version \"…\"`",
        Rule::closed | Rule::kw_closed => "`closed`",
        Rule::open | Rule::children | Rule::tag_nodes => "`{`",
        Rule::colon => "`:`",
        Rule::assign => "`=`",
        Rule::kw_by => "`by`",
        Rule::kw_with => "`with`",
        Rule::kw_for => "`for`",
        Rule::when | Rule::kw_when => "`when`",
        Rule::unless | Rule::kw_unless => "`unless`",
        Rule::then | Rule::kw_then => "`then`",
        Rule::retain | Rule::kw_retain => "`retain`",
        Rule::on | Rule::kw_on => "`on`",
        Rule::bases => "a basis",
        Rule::kw_to => "`to`",
        Rule::kw_is | Rule::equals => "`is`",
        Rule::kw_in | Rule::one_of => "`in`",
        Rule::not | Rule::kw_not => "`not`",
        Rule::kw_and => "`and`",
        Rule::kw_or => "`or`",
        Rule::except | Rule::kw_except => "`except`",
        Rule::kw_also => "`also`",
        Rule::mask | Rule::kw_mask => "`mask`",
        Rule::kw_per | Rule::per_purpose => "`per purpose`",
        Rule::word_purpose => "`purpose`",
        Rule::is_comma => "`,`",
        Rule::is_left => "`(`",
        Rule::is_right => "`)`",
        Rule::kw_one | Rule::choice => "`one of`",
        Rule::kw_of => "`of`",
        Rule::kw_number | Rule::number_kind => "`number`",
        Rule::given | Rule::kw_given => "`given`",
        rule => describe_retention(rule),
    }
}

fn describe_retention(rule: Rule) -> &'static str {
    match rule {
        Rule::unit => "`days`, `months` …",
        Rule::limit | Rule::period => "a period such as `30 days`",
        Rule::until | Rule::kw_until => "`until`",
        Rule::at_least | Rule::kw_at => "`at least`",
        Rule::kw_least => "`least`",
        Rule::after | Rule::kw_after => "`after`",
        _ => "",
    }
}
