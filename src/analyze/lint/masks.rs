//! Masks that hide nothing of the values that a category has.

use super::subject::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Hierarchy;
use crate::words::Mask;

/// Words in names of categories whose values often have no more than four characters.
const SHORT: [&str; 18] = [
    "age",
    "country",
    "currency",
    "cvc",
    "cvv",
    "gender",
    "grade",
    "initials",
    "language",
    "locale",
    "otp",
    "pin",
    "postcode",
    "salutation",
    "sex",
    "year",
    "zip",
    "zipcode",
];

/// Reports each statement whose duty shows four characters of a value that may have no more.
pub(super) fn find(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let categories = model.tree(Hierarchy::Category);
    for (statement, written) in model.statements.iter().zip(&subject.written.statements) {
        for duty in &written.duties {
            let declared = model.duties.iter().find(|one| one.name == duty.text);
            let mask = declared.and_then(|duty| duty.mask);
            let Some(mask @ (Mask::ShowFirst4 | Mask::ShowLast4)) = mask else { continue };
            let mut covered = model.set(statement.categories).iter();
            let Some(short) = covered.find(|node| is_short(categories.path(*node))) else {
                continue;
            };
            let path = categories.path(short);
            let message = format!("`{mask}` shows all of a short value, as of `{path}`");
            findings.push(Diagnostic::new(Code::MaskShowsAll, duty.span, message).help(
                "mask it by `mask-to-fixed-value` or `replace-with-null`, or leave it out of this statement",
            ));
        }
    }
}

fn is_short(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    name.split(['_', '-']).any(|word| SHORT.contains(&word))
}
