//! Manifests of Fides, in YAML: systems, whose privacy declarations say which data is used for what,
//! and datasets, whose fields have categories. Keys of the taxonomy are paths: `user.contact.email`.

use super::label_of;
use crate::import::doubts;
use crate::import::names::is_letter;
use crate::import::periods;
use crate::import::record::{Data, Datum, Document, Entry, Kind, Methods, Record, Section};
use crate::import::split::{self, Label, Types};
use crate::notice::answers::is_nothing;
use crate::notice::words::Words;
use crate::yaml::{Node, Wrong};
use whyfor::{Act, StatementKind};

/// What is read of a manifest. A document may consist of several.
#[derive(Debug, Default)]
pub(in crate::import) struct Manifests {
    document: Document,
}

/// Keys that say nothing about data, and have no comment.
const SILENT: [&str; 12] = [
    "fides_key",
    "name",
    "description",
    "organization_fides_key",
    "meta",
    "fides_meta",
    "system_type",
    "tags",
    "parent_key",
    "title",
    "is_default",
    "active",
];

impl Manifests {
    pub(in crate::import) fn new(source: &str) -> Self {
        let document = Document {
            source: source.to_owned(),
            title: "Fides manifests".to_owned(),
            methods: Methods::Any,
            ..Document::default()
        };
        Self { document }
    }

    pub(in crate::import) fn done(self) -> Document {
        self.document
    }

    /// Reads a manifest.
    pub(in crate::import) fn read(&mut self, node: Node, words: &Words) -> Result<(), Wrong> {
        let mut is_known = false;
        let line = node.line;
        for (key, value) in node.entries("a manifest is a mapping, such as `system: […]`")? {
            match key.text.as_str() {
                "system" => {
                    is_known = true;
                    for system in items(value)? {
                        self.system(system, words)?;
                    }
                }
                "dataset" => {
                    is_known = true;
                    for dataset in items(value)? {
                        self.dataset(dataset)?;
                    }
                }
                "data_category" | "data_use" => {
                    is_known = true;
                    let kind = match key.text.as_str() {
                        "data_use" => Kind::Purpose,
                        _ => Kind::Category,
                    };
                    for item in items(value)? {
                        self.taxonomy(item, kind);
                    }
                }
                other => self.document.notes.push(format!("not understood: `{other}`")),
            }
        }
        match is_known {
            true => Ok(()),
            false => {
                let message = "it is no Fides manifest: it has no `system`, `dataset`, \
                               `data_category` or `data_use`";
                Err(Wrong { line, message: message.to_owned() })
            }
        }
    }

    /// A category or a use of one's own.
    fn taxonomy(&mut self, item: Node, kind: Kind) {
        let text = |key: &str| item.scalar_of(key).map(|scalar| scalar.text.clone());
        match text("fides_key") {
            Some(key) => {
                let label = text("name").unwrap_or_else(|| label_of(last(&key)));
                self.document.vocabulary.push((kind, at(&key, &label), Vec::new()));
            }
            None => {
                self.document.notes.push("not understood: a term without `fides_key`".to_owned())
            }
        }
    }

    fn system(&mut self, system: Node, words: &Words) -> Result<(), Wrong> {
        let text = |key: &str| system.scalar_of(key).map(|scalar| scalar.text.clone());
        let title = text("name").or_else(|| text("fides_key")).unwrap_or_default();
        let mut section = Section { title, ..Section::default() };
        let mut limits: Vec<String> = Vec::new();
        for (key, value) in system.entries("a system is a mapping")? {
            match key.text.as_str() {
                key @ ("active" | "processes_personal_data")
                    if value.clone().yes_no("").is_ok_and(|value| !value) =>
                {
                    limits.push(format!("{key}: {}", shown(&value)));
                }
                "privacy_declarations" => {
                    for declaration in items(value)? {
                        self.document.count.all += 1;
                        let records = declared(declaration, words)?;
                        let is_read = records.iter().all(|record| record.doubts.is_empty());
                        self.document.count.read += usize::from(is_read);
                        let records = records.into_iter().map(|r| Entry::Record(Box::new(r)));
                        section.entries.extend(records);
                    }
                }
                _ if says_nothing(&value) => {}
                key if SILENT.contains(&key) => limits.extend(limit(key, &value, words)),
                key => {
                    let note = format!("the manifest says: {key}: {}", shown(&value));
                    section.entries.push(Entry::Note(note));
                }
            }
        }
        for entry in &mut section.entries {
            if let Entry::Record(record) = entry {
                record.doubts.extend(limits.iter().cloned());
            }
        }
        self.document.sections.push(section);
        Ok(())
    }

    fn dataset(&mut self, dataset: Node) -> Result<(), Wrong> {
        let name = dataset.scalar_of("fides_key").map_or("", |scalar| &scalar.text).to_owned();
        for (key, value) in dataset.entries("a dataset is a mapping")? {
            match key.text.as_str() {
                "collections" => {
                    for collection in items(value)? {
                        self.fields(collection, "", 0)?;
                    }
                }
                key if SILENT.contains(&key) || says_nothing(&value) => {}
                key => {
                    let note = format!("the dataset `{name}` says: {key}: {}", shown(&value));
                    self.document.notes.push(note);
                }
            }
        }
        Ok(())
    }

    /// A collection or a field, with the fields below it.
    fn fields(&mut self, field: Node, above: &str, depth: usize) -> Result<(), Wrong> {
        let line = field.line;
        let name = field.scalar_of("name").map(|scalar| scalar.text.clone());
        let name = name.ok_or_else(|| Wrong {
            line,
            message: "a collection and a field have a `name`".to_owned(),
        })?;
        let path = if above.is_empty() { name } else { format!("{above}.{name}") };
        for (key, value) in field.entries("a collection and a field are mappings")? {
            match key.text.as_str() {
                "data_categories" if !value.is_null() => {
                    let texts = value.texts("`data_categories` is a list of keys")?;
                    let labels = texts.iter().map(|key| at(key, &label_of(last(key)))).collect();
                    // What a collection says holds for all of its fields.
                    let pattern = if depth == 0 { format!("{path}.**") } else { path.clone() };
                    self.field(pattern, labels);
                }
                "fields" if !value.is_null() => {
                    for field in items(value)? {
                        self.fields(field, &path, depth + 1)?;
                    }
                }
                key if SILENT.contains(&key) || says_nothing(&value) => {}
                key => {
                    let note = format!("the field `{path}` says: {key}: {}", shown(&value));
                    self.document.notes.push(note);
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, pattern: String, labels: Vec<Label>) {
        self.document.count.all += 1;
        let name = pattern.strip_suffix(".**").unwrap_or(&pattern);
        // These would mean more fields than this one.
        if labels.is_empty() || name.contains(['*', '?']) || name.trim().is_empty() {
            self.document.notes.push(format!("not understood: the field `{pattern}`"));
            return;
        }
        self.document.count.read += 1;
        self.document.fields.push((pattern, labels));
    }
}

/// The records of a privacy declaration.
fn declared(declaration: Node, words: &Words) -> Result<Vec<Record>, Wrong> {
    let mut fields = Declaration::default();
    for (key, value) in declaration.entries("a privacy declaration is a mapping")? {
        fields.take(&key.text, value, words)?;
    }
    if !fields.is_shared && (fields.third_parties.is_some() || !fields.shared.is_empty()) {
        let named = fields.third_parties.iter().chain(&fields.shared);
        let named = named.map(String::as_str).collect::<Vec<_>>().join(", ");
        fields.notes.push(format!("the manifest says that nothing is shared, and names {named}"));
    }
    let datum = |key: &String| Datum {
        types: Types { group: None, items: vec![at(key, &label_of(last(key)))] },
        optional: false,
    };
    let data = fields.categories.iter().map(datum).collect();
    let mut record = Record::new(StatementKind::Permit, Act::Use, Data::Listed(data));
    record.purposes = fields.uses.iter().map(|key| at(key, &label_of(last(key)))).collect();
    record.subjects = fields.subjects.iter().map(|key| Label::of(&label_of(key))).collect();
    for basis in &fields.bases {
        record.add_bases(basis, &[vec![Label::of(basis)]], words);
    }
    record.notes = fields.notes;
    record.doubts = fields.doubts;
    if let Some(period) = &fields.period {
        match periods::limit(period, words) {
            Some(limit) => record.limits.push(limit),
            None => {
                let note = format!("not understood, write it as `retain`: {period}");
                record.notes.push(note);
            }
        }
    }
    if !record.has_data() {
        record.doubts.push("the declaration has no `data_categories`".to_owned());
    }
    if record.purposes.is_empty() {
        record.doubts.push("the declaration has no `data_use`".to_owned());
    }
    let mut records = vec![record.clone()];
    if fields.is_shared {
        let shared = fields.shared.iter().map(datum).collect();
        let mut share = Record { act: Act::Share(()), data: Data::Listed(shared), ..record };
        share.notes = Vec::new();
        share.limits = Vec::new();
        let parties = fields.third_parties.unwrap_or_else(|| "Third parties".to_owned());
        share.recipients = split::recipients(&parties, words);
        let doubt = match is_nothing(&parties) {
            true => Some("it names nobody".to_owned()),
            false => doubts::doubt(&parties, words),
        };
        share.doubts.extend(doubt.map(|doubt| format!("third_parties: {parties} ({doubt})")));
        if !share.has_data() {
            share.doubts.push("the declaration has no `shared_categories`".to_owned());
        }
        records.push(share);
    }
    Ok(records)
}

/// What a text that is otherwise left out says, if it may limit what the rest permits.
fn limit(key: &str, value: &Node, words: &Words) -> Option<String> {
    let shown = shown(value);
    let doubt = doubts::doubt(&shown, words)?;
    if [doubts::COLON, doubts::NOTHING].contains(&doubt.as_str()) {
        return None; // a text of its own names nothing that is permitted
    }
    Some(format!("{key}: {shown} ({doubt})"))
}

#[derive(Debug, Default)]
struct Declaration {
    categories: Vec<String>,
    uses: Vec<String>,
    subjects: Vec<String>,
    bases: Vec<String>,
    period: Option<String>,
    is_shared: bool,
    third_parties: Option<String>,
    shared: Vec<String>,
    notes: Vec<String>,
    doubts: Vec<String>,
}

impl Declaration {
    fn take(&mut self, key: &str, value: Node, words: &Words) -> Result<(), Wrong> {
        match key {
            _ if value.is_null() => {}
            "data_categories" => self.categories = keys(value)?,
            "data_use" => self.uses = keys(value)?,
            "data_subjects" => self.subjects = keys(value)?,
            "shared_categories" => self.shared = keys(value)?,
            "legal_basis_for_processing" | "special_category_legal_basis" => {
                self.bases.push(value.text("a legal basis is a text")?);
            }
            "retention_period" => self.period = Some(value.text("a period is a text")?),
            "data_shared_with_third_parties" => {
                self.is_shared =
                    value.yes_no("`data_shared_with_third_parties` is true or false")?;
            }
            "third_parties" => self.third_parties = Some(value.text("it is a text")?),
            // Only data in this form is used, and a policy has no word for that.
            "data_qualifier" => {
                let text = value.text("`data_qualifier` is a key")?;
                if !text.ends_with(".identified") && text != "identified" {
                    self.doubts.push(format!("data_qualifier: {text}"));
                }
            }
            _ if says_nothing(&value) => {}
            _ if SILENT.contains(&key) => self.doubts.extend(limit(key, &value, words)),
            _ => {
                let shown = shown(&value);
                // Only the key of a flag can limit; its value is yes or no.
                let said = if value.clone().yes_no("").is_ok() { "" } else { &shown };
                match doubts::may_limit(key, said, words) {
                    true => self.doubts.push(format!("{key}: {shown}")),
                    false => self.notes.push(format!("not understood: {key}: {shown}")),
                }
            }
        }
        Ok(())
    }
}

/// A key or a list of keys. Of subjects, each may be a mapping with a name.
fn keys(value: Node) -> Result<Vec<String>, Wrong> {
    let what = "it is a key or a list of keys";
    if !value.is_list() {
        return Ok(vec![value.text(what)?]);
    }
    value
        .list(what)?
        .into_iter()
        .map(|item| match item.scalar_of("name").map(|name| name.text.clone()) {
            Some(name) => Ok(name),
            None => item.text(what),
        })
        .collect()
}

fn items(value: Node) -> Result<Vec<Node>, Wrong> {
    if value.is_null() {
        return Ok(Vec::new());
    }
    value.list("it is a list")
}

/// The node of a key, which is a path.
fn at(key: &str, label: &str) -> Label {
    let names: Vec<String> = key.split('.').map(identifier).collect();
    let groups = key.split('.').map(label_of).collect();
    Label { groups, path: names, ..Label::of(label) }
}

/// A part of a key as a name. Different parts have different names: what a name cannot have is written as its number.
fn identifier(part: &str) -> String {
    let written = |c: char| match is_letter(c) || matches!(c, '_' | '-') {
        true => c.to_string(),
        false => format!("_u{:x}_", u32::from(c)),
    };
    match part.chars().map(written).collect::<String>() {
        name if name.is_empty() => "unnamed".to_owned(),
        name => name,
    }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Whether a value is empty.
fn says_nothing(value: &Node) -> bool {
    value.is_null() || value.clone().list("").is_ok_and(|list| list.is_empty())
}

/// A value for a comment.
fn shown(value: &Node) -> String {
    if let Some(scalar) = value.scalar() {
        return scalar.text.clone();
    }
    match value.clone().list("") {
        Ok(list) => {
            let texts = list.iter().map(|item| item.scalar().map_or("…", |scalar| &scalar.text));
            texts.take(20).collect::<Vec<_>>().join(", ")
        }
        Err(_) => "…".to_owned(),
    }
}
