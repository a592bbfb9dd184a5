//! The labels that the list of a policy has.

use crate::notice::part::Part;
use crate::notice::read::{HeaderEntry, KnownLabels, More, Role};
use crate::notice::view::View;
use crate::notice::words::Words;
use whyfor::{Act, StatementKind};

/// What a line may be about, besides types.
const PARTS: [Part; 16] = [
    Part::Optional,
    Part::Method,
    Part::Recipients,
    Part::Purpose,
    Part::Basis,
    Part::Condition,
    Part::Duties,
    Part::Retention,
    Part::RecipientDuties,
    Part::RecipientRetention,
    Part::Reason,
    Part::See,
    Part::Category,
    Part::Subject,
    Part::Transfers,
    Part::Sale,
];

/// The labels of a page that says what a list does. What names a row of a table names a section, unless the list is
/// such a table itself.
pub(super) fn labels(view: &View) -> KnownLabels<'_> {
    let words = &view.words;
    let mut list: Vec<(&str, Role)> = Vec::new();
    for kind in [StatementKind::Permit, StatementKind::Never, StatementKind::Require] {
        for act in [Act::Collect(()), Act::Use, Act::Share(())] {
            list.push((words.types(kind, &act), Role::Part(Part::Types, Some((kind, act)))));
        }
    }
    list.extend(PARTS.iter().map(|part| (words.of_part(*part), Role::Part(*part, None))));
    let mut columns = view.sections.iter().flat_map(|section| &section.columns);
    list.push(match columns.any(|column| column.part == Part::Activity) {
        true => (&words.activity, Role::Part(Part::Activity, None)),
        false => (&words.activity, Role::More(More::Scenario)),
    });
    list.push((&words.scenario, Role::More(More::Scenario)));
    list.push((&words.required, Role::More(More::Required)));
    list.extend(header(words).map(|(word, entry)| (word, Role::More(More::Header(entry)))));
    KnownLabels::with(words, &list)
}

fn header(words: &Words) -> impl Iterator<Item = (&str, HeaderEntry)> {
    let words = [&words.controller, &words.version, &words.effective, &words.contact, &words.url];
    let entries = [
        HeaderEntry::Controller,
        HeaderEntry::Version,
        HeaderEntry::Effective,
        HeaderEntry::Contact,
        HeaderEntry::Url,
    ];
    words.into_iter().map(String::as_str).zip(entries)
}
