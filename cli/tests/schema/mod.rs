//! Whether a value is as a JSON Schema says.
//!
//! It knows the keywords that our schemas and SARIF's have, and no others: one that it does not know fails the
//! test. The validator that others use looks at our schemas in the tests of the Python package; here it would
//! be half of the build.

use serde_json::{Map, Value};

pub(crate) fn valid(value: &Value, schema: &Value) -> bool {
    part(value, schema, schema)
}

fn part(value: &Value, schema: &Value, root: &Value) -> bool {
    let Some(keywords) = schema.as_object() else { return schema.as_bool().unwrap() };
    keywords.iter().all(|(keyword, rule)| holds(value, keyword, rule, keywords, root))
}

fn holds(
    value: &Value,
    keyword: &str,
    rule: &Value,
    all: &Map<String, Value>,
    root: &Value,
) -> bool {
    let fits = |rule: &&Value| part(value, rule, root);
    let length = |least: fn(u64, u64) -> bool, is: Option<usize>| {
        is.is_none_or(|is| least(is as u64, rule.as_u64().unwrap()))
    };
    let list = || rule.as_array().unwrap();
    match keyword {
        "$schema" | "$id" | "$defs" | "definitions" | "title" | "description" | "default" => true,
        "$ref" => {
            let place = rule.as_str().unwrap().strip_prefix('#').unwrap();
            part(value, root.pointer(place).unwrap(), root)
        }
        "type" => match rule {
            Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
            kind => is_of(value, kind),
        },
        "enum" => list().contains(value),
        "anyOf" => list().iter().any(|rule| fits(&rule)),
        "oneOf" => list().iter().filter(fits).count() == 1,
        "required" => value.as_object().is_none_or(|object| {
            list().iter().all(|key| object.contains_key(key.as_str().unwrap()))
        }),
        "properties" => value.as_object().is_none_or(|object| {
            let known = |(key, value)| rule.get(key).is_none_or(|rule| part(value, rule, root));
            object.iter().all(known)
        }),
        "additionalProperties" => value.as_object().is_none_or(|object| {
            let known = all.get("properties");
            let mut more =
                object.iter().filter(|(key, _)| known.is_none_or(|p| p.get(key).is_none()));
            more.all(|(_, value)| part(value, rule, root))
        }),
        "items" => value.as_array().is_none_or(|list| list.iter().all(|one| part(one, rule, root))),
        "uniqueItems" => value.as_array().is_none_or(|list| {
            let is_first = |(at, one): (usize, &Value)| !list[..at].contains(one);
            !rule.as_bool().unwrap() || list.iter().enumerate().all(is_first)
        }),
        "minItems" => length(|is, least| is >= least, value.as_array().map(Vec::len)),
        "minProperties" => length(|is, least| is >= least, value.as_object().map(Map::len)),
        "minLength" => {
            length(|is, least| is >= least, value.as_str().map(|text| text.chars().count()))
        }
        "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
        "format" => value.as_str().is_none_or(|text| is_formatted(text, rule.as_str().unwrap())),
        "pattern" => value.as_str().is_none_or(|text| is_matched(text, rule.as_str().unwrap())),
        other => panic!("the keyword `{other}`"),
    }
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the type `{other}`"),
    }
}

/// The pattern of a decimal type, the only one.
fn is_matched(text: &str, pattern: &str) -> bool {
    assert_eq!(pattern, r"^decimal\([0-9]{1,2}, *[0-9]{1,2}\)$");
    let is_number = |digits: &str| {
        (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbers = text.strip_prefix("decimal(").and_then(|text| text.strip_suffix(')'));
    let numbers = numbers.and_then(|numbers| numbers.split_once(','));
    numbers.is_some_and(|(all, behind)| is_number(all) && is_number(behind.trim_start_matches(' ')))
}

/// URIs and references by RFC 3986.
fn is_formatted(text: &str, format: &str) -> bool {
    assert!(["uri", "uri-reference"].contains(&format), "the format `{format}`");
    let bytes = text.as_bytes();
    let is_allowed = |(at, byte): (usize, &u8)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(byte),
    };
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let has_scheme = scheme.is_some_and(|scheme| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
    let first = text.split('/').next().unwrap();
    bytes.iter().enumerate().all(is_allowed)
        && (has_scheme || format == "uri-reference" && !first.contains(':'))
}
