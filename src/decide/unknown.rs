//! Names that were asked and that the policy does not know, for tests that look for them.
//!
//! Names are noted only where one was refused, in builds with the feature `testing`, and while a thread records.

use crate::words::ReasonKind;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The kinds of the refusals, and the names.
pub(crate) type Names = BTreeSet<(ReasonKind, String)>;

thread_local! {
    /// One for each recording of this thread.
    static RECORDINGS: RefCell<Vec<Rc<RefCell<Names>>>> = const { RefCell::new(Vec::new()) };
}

/// Starts a recording of this thread.
pub(crate) fn start() -> Rc<RefCell<Names>> {
    let names = Rc::new(RefCell::default());
    RECORDINGS.with_borrow_mut(|all| all.push(Rc::clone(&names)));
    names
}

/// Ends it.
pub(crate) fn end(names: &Rc<RefCell<Names>>) {
    RECORDINGS.with_borrow_mut(|all| all.retain(|other| !Rc::ptr_eq(other, names)));
}

/// Notes a name.
#[cold]
pub(super) fn note(kind: ReasonKind, name: &str) {
    RECORDINGS.with_borrow(|all| {
        for names in all {
            names.borrow_mut().insert((kind, name.to_owned()));
        }
    });
}
