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
        "ja",
        "pflicht",
        "pflichtangabe",
        "pflichtfeld",
        "erforderlich",
        "verpflichtend",
        "notwendig",
        "是",
        "必填",
        "必需",
        "必须",
        "必要",
    ];
    let no = [
        "no",
        "n",
        "not required",
        "false",
        "-",
        "nein",
        "nicht erforderlich",
        "keine pflichtangabe",
        "否",
        "非必须",
        "非必要",
    ];
    let is_no = no.contains(&text.as_str()) || OPTIONAL.contains(&text.as_str());
    match (yes.contains(&text.as_str()), is_no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// What a bracket says of an item that a person may leave out.
pub(crate) const OPTIONAL: [&str; 18] = [
    "optional",
    "voluntary",
    "freiwillig",
    "freiwillige angabe",
    "fakultativ",
    "facultatif",
    "facultative",
    "facultatifs",
    "optionnel",
    "选填",
    "可选",
    "可不填",
    "自愿",
    "自愿提供",
    "自愿填写",
    "非必填",
    "非必选",
    "非必需",
];
