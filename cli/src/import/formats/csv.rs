//! A record of processing activities as CSV: a row for each activity.
//!
//! Such records have no fixed headings. Those that templates of authorities use are known; others
//! stand in a labels file.

use super::ImportError;
use super::rows::rows;
use crate::notice::read::{self, Page};
use crate::notice::words::Words;

/// The table as a page.
pub(in crate::import) fn page(text: &str, words: &Words) -> Result<Page, ImportError> {
    Ok(read::rows(&rows(text)?, words))
}

/// The words with the headings of such records, after those of a labels file.
pub(in crate::import) fn words(mut words: Words) -> Words {
    let own = [
        (words.collected.clone(), &DATA[..]),
        (words.purpose.clone(), &PURPOSE[..]),
        (words.recipients.clone(), &RECIPIENTS[..]),
        (words.method.clone(), &METHOD[..]),
        (words.retention.clone(), &RETENTION[..]),
        (words.basis.clone(), &BASIS[..]),
        (words.subject.clone(), &SUBJECT[..]),
        (words.transfers.clone(), &TRANSFERS[..]),
        (words.scenario.clone(), &SCENARIO[..]),
        (words.required.clone(), &REQUIRED[..]),
    ];
    for (word, labels) in own {
        words.read_also(&word, labels);
    }
    words
}

const DATA: [&str; 24] = [
    "Categories of personal data",
    "Personal data",
    "Personal data categories",
    "Data categories",
    "Categories of data",
    "Types of personal data",
    "Types of data",
    "Data types",
    "Data",
    "Data elements",
    "Personal data collected",
    "Personal data processed",
    "Categories of personal information",
    "Personal information",
    "Data collected",
    "Special categories of personal data",
    "Special categories of data",
    "Sensitive data",
    "Kategorien personenbezogener Daten",
    "Datenkategorien",
    "Catégories de données",
    "Catégories de données personnelles",
    "个人信息类型",
    "个人信息种类",
];
const PURPOSE: [&str; 15] = [
    "Purpose",
    "Purpose of processing",
    "Purpose of the processing",
    "Processing purpose",
    "Purpose(s) of processing",
    "Purpose(s)",
    "Purpose of use",
    "Why",
    "Zweck",
    "Zweck der Verarbeitung",
    "Zwecke der Verarbeitung",
    "Finalité",
    "Finalités",
    "处理目的",
    "目的",
];
const RECIPIENTS: [&str; 14] = [
    "Recipient",
    "Categories of recipients",
    "Recipients of personal data",
    "Third parties",
    "Third party",
    "Shared with",
    "Disclosed to",
    "Recipients of the data",
    "Processors",
    "Categories of recipients of personal data",
    "Kategorien von Empfängern",
    "Empfänger",
    "Destinataires",
    "接收方",
];
const METHOD: [&str; 9] = [
    "Source",
    "Source of data",
    "Source of the data",
    "Source of personal data",
    "Source of the personal data",
    "Data source",
    "Method of collection",
    "Datenquelle",
    "来源",
];
const RETENTION: [&str; 13] = [
    "Retention period",
    "Retention schedule",
    "Storage period",
    "Storage duration",
    "Data retention",
    "Time limits for erasure",
    "Time limit for erasure",
    "Envisaged time limits for erasure",
    "Löschfristen",
    "Löschfrist",
    "Durée de conservation",
    "Durées de conservation",
    "保存期限",
];
const BASIS: [&str; 14] = [
    "Legal bases",
    "Lawful basis",
    "Lawful bases",
    "Lawful basis for processing",
    "Legal basis for processing",
    "Legal basis of processing",
    "Article 6 lawful basis",
    "Article 6 lawful basis for processing personal data",
    "Article 9 condition for processing special category data",
    "Legal ground",
    "Legal grounds",
    "Rechtsgrundlage",
    "Base légale",
    "合法性基础",
];
const SUBJECT: [&str; 9] = [
    "Data subject",
    "Categories of data subjects",
    "Data subject categories",
    "Categories of individuals",
    "Individuals",
    "Kategorien betroffener Personen",
    "Betroffene Personen",
    "Personnes concernées",
    "个人信息主体",
];
const TRANSFERS: [&str; 9] = [
    "Third country transfers",
    "International transfers",
    "Transfers to third countries",
    "Data transfers",
    "Third countries",
    "Countries",
    "Country",
    "Übermittlung in Drittländer",
    "Transferts hors UE",
];
const SCENARIO: [&str; 13] = [
    "Processing activity",
    "Processing activities",
    "Name of processing activity",
    "Activity",
    "Name of processing",
    "Business function",
    "Function",
    "Process",
    "Processing",
    "Business process",
    "Verarbeitungstätigkeit",
    "Traitement",
    "处理活动",
];
const REQUIRED: [&str; 5] =
    ["Mandatory", "Required or optional", "Mandatory or optional", "Required/optional", "必填"];
