//! Cells that answer a question instead of naming something: that there is nothing, and whether data must be given.

/// What stands in a cell that says that there is nothing.
const NOTHING: [&str; 20] = [
    "none",
    "n/a",
    "na",
    "n.a.",
    "not applicable",
    "nil",
    "no",
    "nothing",
    "-",
    "–",
    "—",
    "--",
    "/",
    "無",
    "无",
    "不适用",
    "否",
    "keine",
    "keiner",
    "aucun",
];

/// Whether a cell says that there is nothing.
pub(crate) fn is_nothing(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '。']).to_lowercase();
    NOTHING.contains(&text.as_str()) || text == "n.a"
}

/// Whether a cell says that data must be given, or may be left out.
pub(crate) fn is_required(text: &str) -> Option<bool> {
    let text = text.trim().trim_end_matches(['.', '。']).to_lowercase();
    let yes = [
        "yes",
        "y",
        "required",
        "mandatory",
        "necessary",
        "true",
        "x",
        "✓",
        "✔",
        "是",
        "必填",
        "必需",
        "必须",
        "必要",
    ];
    let no = [
        "no",
        "n",
        "optional",
        "voluntary",
        "not required",
        "false",
        "-",
        "否",
        "选填",
        "可选",
        "非必填",
        "非必要",
    ];
    match (yes.contains(&text.as_str()), no.contains(&text.as_str())) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// What a bracket says of an item that a person may leave out.
pub(crate) const OPTIONAL: [&str; 5] = ["optional", "voluntary", "选填", "可选", "非必填"];
