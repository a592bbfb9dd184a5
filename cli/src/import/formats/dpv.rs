//! The Data Privacy Vocabulary: its purposes and its categories of personal data, as names for a
//! policy to import. It is read as JSON-LD in its expanded form, or as CSV, as it is published.

use super::rows::rows;
use super::{ImportError, label_of, name_of};
use crate::import::record::{Count, Document, Kind, Methods};
use crate::import::split::Label;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most terms: the vocabulary and all of its extensions have some thousands.
const MOST_TERMS: usize = 20_000;
/// What marks data that needs more protection.
const SPECIAL: &str = "Special category of personal data";

/// A term.
#[derive(Debug, Default)]
struct Term {
    label: Option<String>,
    /// The addresses of its types and of the terms above it.
    types: Vec<String>,
    above: Vec<String>,
}

type Terms = BTreeMap<String, Term>;

/// The names of a vocabulary.
pub(in crate::import) fn document(texts: &[String], source: &str) -> Result<Document, ImportError> {
    let mut terms = Terms::new();
    for text in texts {
        match text.trim_start_matches('\u{feff}').trim_start().starts_with(['[', '{']) {
            true => from_json(text, &mut terms)?,
            false => from_csv(text, &mut terms)?,
        }
    }
    if terms.len() > MOST_TERMS {
        return Err(ImportError::Format(format!("over {MOST_TERMS} terms")));
    }
    let mut vocabulary = Vec::new();
    let mut count = Count { all: terms.len(), ..Count::default() };
    for (kind, roots) in
        [(Kind::Purpose, &["Purpose"][..]), (Kind::Category, &["PersonalData", "Data"])]
    {
        let own = of_kind(&terms, roots);
        count.read += own.len();
        vocabulary.extend(hierarchy(&terms, &own, kind));
    }
    if vocabulary.is_empty() {
        let message = "it has no purposes and no personal data of the Data Privacy Vocabulary, as \
                       JSON-LD or CSV";
        return Err(ImportError::Format(message.to_owned()));
    }
    let others = count.all - count.read.min(count.all);
    let notes = vec![
        format!("{} purposes and categories; {others} other terms are left out.", count.read),
        "To use them: `import \"this file\"`.".to_owned(),
    ];
    Ok(Document {
        source: source.to_owned(),
        title: "Data Privacy Vocabulary".to_owned(),
        notes,
        vocabulary,
        methods: Methods::Any,
        ..Document::default()
    })
}

fn from_json(text: &str, terms: &mut Terms) -> Result<(), ImportError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| ImportError::Format(format!("it is no JSON-LD: {error}")))?;
    let nodes = match &value {
        Value::Array(nodes) => nodes,
        Value::Object(object) => match object.get("@graph") {
            Some(Value::Array(nodes)) => nodes,
            _ => {
                return Err(ImportError::Format(
                    "it is no JSON-LD with a list of terms".to_owned(),
                ));
            }
        },
        _ => return Err(ImportError::Format("it is no JSON-LD with a list of terms".to_owned())),
    };
    for node in nodes {
        let Some(id) = node.get("@id").and_then(Value::as_str) else { continue };
        let term = terms.entry(id.to_owned()).or_default();
        if let Some(Value::Array(types)) = node.get("@type") {
            term.types.extend(types.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        let Value::Object(properties) = node else { continue };
        for (property, values) in properties {
            let Value::Array(values) = values else { continue };
            match ending(property) {
                "broader" | "subClassOf" => {
                    let ids = values.iter().filter_map(|value| value.get("@id")?.as_str());
                    term.above.extend(ids.map(str::to_owned));
                }
                "prefLabel" | "label" if term.label.is_none() => {
                    let is_english = |value: &&Value| {
                        value.get("@language").is_none_or(|language| language == "en")
                    };
                    let label = values.iter().find(is_english).and_then(|v| v.get("@value"));
                    term.label = label.and_then(Value::as_str).map(str::to_owned);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn from_csv(text: &str, terms: &mut Terms) -> Result<(), ImportError> {
    let rows = rows(text)?;
    let Some(((_, heads), rest)) = rows.split_first() else { return Ok(()) };
    let column = |names: &[&str]| {
        heads.iter().position(|head| names.contains(&head.to_lowercase().as_str()))
    };
    let (Some(id), label) = (column(&["iri"]), column(&["label"])) else {
        let message = "it is no CSV of the Data Privacy Vocabulary: it has no column `iri`";
        return Err(ImportError::Format(message.to_owned()));
    };
    let types = column(&["dpvtype"]);
    let above = [column(&["hasbroader", "broader"]), column(&["subclassof"])];
    for (_, row) in rest {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", String::as_str);
        let list = |at| cell(at).split([';', ',']).map(|id| id.trim().to_owned());
        let list = |at| list(at).filter(|id| !id.is_empty());
        if cell(Some(id)).is_empty() {
            continue;
        }
        let term = terms.entry(cell(Some(id)).to_owned()).or_default();
        term.label = Some(cell(label).to_owned()).filter(|label| !label.is_empty());
        term.types.extend(list(types));
        term.above.extend(above.into_iter().flat_map(list));
    }
    Ok(())
}

/// The end of an address: `Purpose` of `https://w3id.org/dpv#Purpose`.
fn ending(address: &str) -> &str {
    address.rsplit(['#', '/', ':']).next().unwrap_or(address)
}

/// The terms below these roots, which are not among them.
fn of_kind<'t>(terms: &'t Terms, roots: &[&str]) -> HashSet<&'t str> {
    let is_root = |address: &str| roots.contains(&ending(address));
    let mut own: HashSet<&str> = HashSet::new();
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut pending: Vec<&str> = Vec::new();
    for (id, term) in terms {
        if is_root(id) {
            continue;
        }
        if term.types.iter().chain(&term.above).any(|address| is_root(address)) {
            pending.push(id);
        }
        for above in &term.above {
            below.entry(above).or_default().push(id);
        }
    }
    while let Some(id) = pending.pop() {
        if own.insert(id) {
            pending.extend(below.get(id).into_iter().flatten());
        }
    }
    own
}

/// The nodes of a hierarchy, parents first. A term below several is below the first of them, and has
/// the others as further parents.
fn hierarchy(terms: &Terms, own: &HashSet<&str>, kind: Kind) -> Vec<(Kind, Label, Vec<String>)> {
    let parents = |id: &str| -> Vec<&str> {
        let mut above: Vec<&str> = Vec::new();
        for parent in &terms[id].above {
            if own.contains(parent.as_str()) && !above.contains(&parent.as_str()) {
                above.push(parent);
            }
        }
        above
    };
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut taken: HashSet<String> = HashSet::new();
    let all: Vec<&str> = terms.keys().map(String::as_str).filter(|id| own.contains(id)).collect();
    for id in &all {
        let name = name_of(ending(id));
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name}_{number}");
            number += 1;
        }
        names.insert(id, unique);
    }
    let mut paths: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut nodes = Vec::new();
    for id in &all {
        let path = path(id, &parents, &mut paths);
        let ids: Vec<String> = path.iter().map(|id| names[id].clone()).collect();
        let groups = path.iter().map(|id| label(terms, id)).collect();
        let parent = path.iter().rev().nth(1).copied();
        let mut also = Vec::new();
        for other in parents(id) {
            // A circle has no further parents.
            if Some(other) == parent || above(other, &parents).contains(id) {
                continue;
            }
            let path = self::path(other, &parents, &mut paths);
            let path = path.iter().map(|id| whyfor::symbols::written(&names[id]));
            also.push(path.collect::<Vec<_>>().join("."));
        }
        let tags = match is_special(terms, id, &parents) {
            true if kind == Kind::Category => vec![SPECIAL.to_owned()],
            _ => Vec::new(),
        };
        let text = label(terms, id);
        nodes.push((kind, Label { path: ids, groups, tags, ..Label::of(&text) }, also));
    }
    nodes
}

/// Most terms above each other; the vocabulary has under ten.
const MOST_DEEP: usize = 40;

/// The terms from the root to this one, by the first parent of each; a circle ends it.
fn path<'t>(
    id: &'t str,
    parents: &impl Fn(&str) -> Vec<&'t str>,
    paths: &mut HashMap<&'t str, Vec<&'t str>>,
) -> Vec<&'t str> {
    if let Some(path) = paths.get(id) {
        return path.clone();
    }
    let mut path = vec![id];
    while let Some(parent) = path.last().and_then(|last| parents(last).first().copied()) {
        if path.contains(&parent) || path.len() > MOST_DEEP {
            break;
        }
        path.push(parent);
    }
    path.reverse();
    paths.insert(id, path.clone());
    path
}

/// All terms above a term.
fn above<'t>(id: &'t str, parents: &impl Fn(&str) -> Vec<&'t str>) -> HashSet<&'t str> {
    let mut all: HashSet<&str> = HashSet::new();
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        if all.insert(id) {
            pending.extend(parents(id));
        }
    }
    all
}

fn is_special<'t>(terms: &'t Terms, id: &'t str, parents: &impl Fn(&str) -> Vec<&'t str>) -> bool {
    above(id, parents).iter().any(|id| {
        let term = &terms[*id];
        let names =
            std::iter::once(*id).chain(term.types.iter().chain(&term.above).map(String::as_str));
        names.map(ending).any(|name| name == "SpecialCategoryPersonalData")
    })
}

fn label(terms: &Terms, id: &str) -> String {
    terms[id].label.clone().unwrap_or_else(|| label_of(ending(id)))
}
