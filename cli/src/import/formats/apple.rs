//! The privacy manifest of an app, `PrivacyInfo.xcprivacy`: a property list that says which data the
//! app collects, what for, and whether it is linked to the person or used for tracking.

use super::{ImportError, label_of, name_of};
use crate::import::doubts;
use crate::import::record::{Count, Data, Datum, Document, Entry, Methods, Record, Section};
use crate::import::split::{Label, Types};
use crate::notice::words::{Language, Words};
use plist::{Dictionary, Value};
use whyfor::{Act, StatementKind};

/// Longest manifest in bytes: real ones have some thousands. Values in each other are dropped by
/// recursion, which this and the stack bound.
const MOST_BYTES: usize = 1 << 20;
/// Enough for as many values in each other as so many bytes can hold.
const STACK: usize = 256 << 20;

const TYPE: &str = "NSPrivacyCollectedDataType";
const PURPOSE: &str = "NSPrivacyCollectedDataTypePurpose";
const LINKED: &str = "Linked to the person";
const TRACKING: &str = "Used for tracking";

/// Apple's groups of the types.
const GROUPS: [(&str, &[&str]); 10] = [
    (
        "Contact info",
        &["Name", "EmailAddress", "PhoneNumber", "PhysicalAddress", "OtherUserContactInfo"],
    ),
    ("Health and fitness", &["Health", "Fitness"]),
    ("Financial info", &["PaymentInfo", "CreditInfo", "OtherFinancialInfo"]),
    ("Location", &["PreciseLocation", "CoarseLocation"]),
    (
        "User content",
        &[
            "EmailsOrTextMessages",
            "PhotosorVideos",
            "AudioData",
            "GameplayContent",
            "CustomerSupport",
            "OtherUserContent",
        ],
    ),
    ("Identifiers", &["UserID", "DeviceID"]),
    ("Usage data", &["ProductInteraction", "AdvertisingData", "OtherUsageData"]),
    ("Diagnostics", &["CrashData", "PerformanceData", "OtherDiagnosticData"]),
    ("Surroundings", &["EnvironmentScanning"]),
    ("Body", &["Hands", "Head"]),
];

/// The records of a manifest.
pub(in crate::import) fn document(text: &str, source: &str) -> Result<Document, ImportError> {
    if text.len() > MOST_BYTES {
        let message = format!("over {MOST_BYTES} bytes: it is no privacy manifest");
        return Err(ImportError::Format(message));
    }
    let read = || -> Result<Document, ImportError> {
        let value = Value::from_reader_xml(text.as_bytes())
            .map_err(|error| ImportError::Format(format!("it is no property list: {error}")))?;
        let manifest = value.as_dictionary().ok_or_else(wrong)?;
        manifest_of(manifest, source)
    };
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        let reader =
            reader.map_err(|error| ImportError::Format(format!("it cannot be read: {error}")))?;
        reader.join().unwrap_or_else(|_| Err(wrong()))
    })
}

fn wrong() -> ImportError {
    let message =
        "it is no privacy manifest: that is a dictionary with `NSPrivacyCollectedDataTypes`";
    ImportError::Format(message.to_owned())
}

fn manifest_of(manifest: &Dictionary, source: &str) -> Result<Document, ImportError> {
    let words = &Words::of(Some(Language::English)); // Apple's keys are English
    let types = match manifest.get("NSPrivacyCollectedDataTypes") {
        None => return Err(wrong()),
        Some(types) => types.as_array().ok_or_else(wrong)?,
    };
    let mut count = Count::default();
    let mut entries = Vec::new();
    for value in types {
        count.all += 1;
        match value.as_dictionary().and_then(|entry| record(entry, words)) {
            Some(record) => {
                count.read += usize::from(record.doubts.is_empty());
                entries.push(Entry::Record(Box::new(record)));
            }
            None => entries.push(Entry::Note(format!("not understood: {}", shown(value)))),
        }
    }
    let mut notes = Vec::new();
    for (key, value) in manifest.iter().filter(|(key, _)| *key != "NSPrivacyCollectedDataTypes") {
        if value.as_array().is_none_or(|list| !list.is_empty()) {
            notes.push(format!("the manifest says: {key}: {}", shown(value)));
        }
    }
    let title = "Data that the app collects".to_owned();
    Ok(Document {
        source: source.to_owned(),
        title: "Privacy manifest".to_owned(),
        notes,
        sections: vec![Section { title, entries, ..Section::default() }],
        count,
        methods: Methods::Any,
        ..Document::default()
    })
}

/// The record of a type; `None` if it has none.
fn record(entry: &Dictionary, words: &Words) -> Option<Record> {
    let name = entry.get(TYPE)?.as_string()?;
    let mut doubts = Vec::new();
    let mut label = match name.strip_prefix(TYPE).filter(|name| !name.is_empty()) {
        Some(name) => category(name),
        None => {
            doubts.push(format!("{TYPE}: {name}"));
            Label::of(name)
        }
    };
    let mut notes = Vec::new();
    for (key, value) in entry {
        match (key.as_str(), value.as_boolean()) {
            (TYPE | "NSPrivacyCollectedDataTypePurposes", _) => {}
            ("NSPrivacyCollectedDataTypeLinked", Some(true)) => label.tags.push(LINKED.to_owned()),
            ("NSPrivacyCollectedDataTypeTracking", Some(true)) => {
                label.tags.push(TRACKING.to_owned());
            }
            (
                "NSPrivacyCollectedDataTypeLinked" | "NSPrivacyCollectedDataTypeTracking",
                Some(false),
            ) => {}
            (key, _) => {
                let text = shown(value);
                match doubts::may_limit(key, &text, words) {
                    true => doubts.push(format!("{key}: {text}")),
                    false => notes.push(format!("not understood: {key}: {text}")),
                }
            }
        }
    }
    let purposes = entry.get("NSPrivacyCollectedDataTypePurposes").and_then(Value::as_array);
    let types = Types { group: None, items: vec![label] };
    let data = Data::Listed(vec![Datum { types, optional: false }]);
    let mut record = Record::new(StatementKind::Permit, Act::Collect(()), data);
    for purpose in purposes.into_iter().flatten() {
        match purpose.as_string().and_then(|text| text.strip_prefix(PURPOSE)) {
            Some(name) if !name.is_empty() => {
                record.purposes.push(Label::at(&[&name_of(name)], &label_of(name)));
            }
            _ => notes.push(format!("not understood: a purpose: {}", shown(purpose))),
        }
    }
    if record.purposes.is_empty() {
        doubts.push("the manifest states no purpose for it".to_owned());
    }
    Some(Record { notes, doubts, ..record })
}

/// The category of a type, in Apple's group.
fn category(name: &str) -> Label {
    let own = name_of(name);
    match GROUPS.iter().find(|(_, types)| types.contains(&name)) {
        Some((group, _)) => {
            let label = Label::at(&[&name_of(group), &own], &label_of(name));
            Label { groups: vec![(*group).to_owned()], ..label }
        }
        None => Label::at(&[&own], &label_of(name)),
    }
}

/// A value for a comment.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(value) => if *value { "yes" } else { "no" }.to_owned(),
        Value::Array(list) => {
            let list: Vec<String> = list.iter().take(MOST_SHOWN).map(scalar).collect();
            list.join(", ")
        }
        other => scalar(other),
    }
}

/// Most values of a list in a comment.
const MOST_SHOWN: usize = 20;

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(value) => if *value { "yes" } else { "no" }.to_owned(),
        Value::Dictionary(dictionary) => {
            let texts = dictionary.values().flat_map(|value| match value {
                Value::String(text) => vec![text.as_str()],
                Value::Array(list) => list.iter().filter_map(Value::as_string).collect(),
                _ => vec![],
            });
            texts.take(MOST_SHOWN).collect::<Vec<_>>().join(" ")
        }
        _ => "…".to_owned(),
    }
}
