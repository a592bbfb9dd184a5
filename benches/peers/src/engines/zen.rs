//! `zen-engine`: a compiled decision table, indexed and row by row.
//!
//! Compiling a graph gives each table an index: for each column a map from a string to the set of rows
//! whose cell lists it. Without tracing, a question intersects those sets and evaluates no cell. What
//! remains is one walk over the rows, so few rows with many strings are the fastest table there is.
//! [`ZenKeys`] has as few rows as the engine bears, and one column with the keys of all triples spread over
//! them; [`ZenRows`] is the table that people would draw, a row for each rule.
//!
//! The graph has two nodes, an input and the table: the engine builds it anew for each evaluation, so every
//! node costs. The future is ready at once, as nothing in the graph waits.

use serde_json::{Map, Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::{Engine, key};
use crate::ready::ready;
use crate::world::{Asked, Question, World};

const INDEXED_ROWS: usize = 8; // a table with fewer rows gets no index
const KEYS_IN_A_ROW: usize = 4_096; // its parser takes a list by recursion, and 70,000 overflow the stack

/// A few rows that list every permitted key.
pub struct ZenKeys(Decision);

/// A row a rule, and a column each for category, method and purpose.
pub struct ZenRows(Decision);

impl Engine for ZenKeys {
    const NAME: &'static str = "zen, table of keys";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let permitted = world.permitted();
        let keys_in_a_row = permitted.len().div_ceil(INDEXED_ROWS).clamp(1, KEYS_IN_A_ROW);
        let rows = permitted.chunks(keys_in_a_row).map(|row| vec![keys(row, world)]);
        Self(table(&["key"], rows.collect()))
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let key = key(&asked.category, &asked.method, &asked.purpose);
        allowed(&self.0, &[("key", &key)])
    }
}

impl Engine for ZenRows {
    const NAME: &'static str = "zen, table row per rule";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let rows = world.rules.iter().map(|rule| {
            vec![
                names(&rule.categories, &world.categories),
                names(&rule.methods, &world.methods),
                names(&rule.purposes, &world.purposes),
            ]
        });
        Self(table(&["category", "method", "purpose"], rows.collect()))
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        let Asked { category, method, purpose } = asked;
        let inputs = [("category", &**category), ("method", method), ("purpose", purpose)];
        allowed(&self.0, &inputs)
    }
}

fn allowed(decision: &Decision, inputs: &[(&'static str, &str)]) -> bool {
    let context = Variable::empty_object();
    for (field, value) in inputs {
        context.dot_insert(field, Variable::String((*value).into()));
    }
    // No row that hits gives null, which has no fields.
    ready(decision.evaluate(context)).is_ok_and(|response| response.result.dot("allowed").is_some())
}

/// Compiles a table of these input columns; the cells of a row are in the order of the columns.
fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Decision {
    let inputs: Vec<Value> =
        columns.iter().map(|field| json!({"id": field, "name": field, "field": field})).collect();
    let rules: Vec<Value> = rows.into_iter().map(|cells| rule(columns, cells)).collect();
    let graph = json!({
        "nodes": [
            {"id": "question", "name": "question", "type": "inputNode", "content": {}},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first",
                "inputs": inputs,
                "outputs": [{"id": "allowed", "name": "allowed", "field": "allowed"}],
                "rules": rules,
            }},
        ],
        "edges": [{"id": "edge", "sourceId": "question", "targetId": "table"}],
    });
    let mut graph: GraphContent = serde_json::from_value(graph).expect("the graph is valid");
    graph.compile();
    Decision::from(graph)
}

fn rule(columns: &[&str], cells: Vec<String>) -> Value {
    let mut rule = Map::new();
    for (column, cell) in columns.iter().zip(cells) {
        rule.insert((*column).to_owned(), cell.into());
    }
    rule.insert("allowed".to_owned(), "true".into());
    rule.into()
}

/// A cell that lists the keys of these triples.
fn keys(triples: &[Question], world: &World) -> String {
    let keys = triples.iter().map(|&question| {
        let Asked { category, method, purpose } = world.asked(question);
        key(&category, &method, &purpose)
    });
    cell(keys)
}

/// A cell that lists these names.
fn names(places: &[u32], names: &[String]) -> String {
    cell(places.iter().map(|&place| &names[place as usize]))
}

fn cell(strings: impl Iterator<Item = impl std::fmt::Display>) -> String {
    let quoted: Vec<String> = strings.map(|string| format!("\"{string}\"")).collect();
    quoted.join(", ")
}
