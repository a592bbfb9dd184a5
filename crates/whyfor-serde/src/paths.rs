//! The paths that were decided, as a tree: each is decided once for a view.
//!
//! Fields of structs are found by the place where they stood last time and the address of their name, so a value of a
//! known type costs no hash. Keys of maps are chosen by others: their number is bounded, and a path that is not
//! remembered is decided again.

use crate::limits::MAX_PATHS;
use crate::report::{Line, Report, Why};
use crate::scope::Scope;
use std::collections::HashMap;
use std::sync::Arc;

/// A path in the tree. 0 is the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PathId(u32);

impl PathId {
    pub(crate) const ROOT: Self = Self(0);

    fn index(self) -> usize {
        self.0 as usize
    }

    /// The path, if it means the same path and has the same ruling for the whole call; else the root, which has not:
    /// whether it may do without a name depends on its value.
    #[inline(always)]
    pub(crate) fn lasting(self) -> Self {
        if self.index() < MAX_PATHS { self } else { Self::ROOT }
    }
}

/// The last step of a path.
#[derive(Debug)]
enum Step {
    Root,
    /// A field of a struct, or a variant of an enum: the program's words.
    Static(&'static str),
    /// A key of a map: data.
    Key(Box<str>),
}

/// Whether the values at a path may pass.
#[derive(Debug, Clone)]
pub(crate) enum Ruling {
    Pass,
    /// The root has no name.
    Nameless,
    Withhold(Arc<Line>),
}

#[derive(Debug)]
struct Place {
    step: Step,
    parent: PathId,
    /// The caller says that the step is structure: it is left out of the path that is asked.
    is_structural: bool,
    /// Fields, in the order in which they were seen first.
    fields: Vec<PathId>,
    ruling: Option<Ruling>,
    /// The call that counted it last, and its line in that call's report.
    counted: (u64, u32),
}

impl Place {
    fn new(step: Step, parent: PathId) -> Self {
        Self {
            step,
            parent,
            is_structural: false,
            fields: Vec::new(),
            ruling: None,
            counted: (0, 0),
        }
    }

    fn name(&self) -> &str {
        match &self.step {
            Step::Root => "",
            Step::Static(name) => name,
            Step::Key(name) => name,
        }
    }
}

/// The tree.
#[derive(Debug)]
pub(crate) struct Paths {
    places: Vec<Place>,
    keys: HashMap<(PathId, Box<str>), PathId>,
    /// Which call this is.
    call: u64,
}

impl Default for Paths {
    fn default() -> Self {
        let root = Place::new(Step::Root, PathId::ROOT);
        Self { places: vec![root], keys: HashMap::new(), call: 0 }
    }
}

impl Paths {
    /// Starts another call, with a report of its own.
    pub(crate) fn start(&mut self) {
        self.call += 1;
    }

    /// Whether the tree is small enough to be kept after a call that failed somewhere.
    pub(crate) fn is_worth_keeping(&self) -> bool {
        self.places.len() <= 2 * MAX_PATHS
    }

    /// The path of a field, if it is the one that stood in this place last time.
    #[inline(always)]
    pub(crate) fn next_field(
        &self,
        parent: PathId,
        name: &'static str,
        next: usize,
    ) -> Option<PathId> {
        let id = *self.places.get(parent.index())?.fields.get(next)?;
        self.is_called(id, name).then_some(id)
    }

    /// The path of a field that stands elsewhere, or was never seen. `next` becomes the place of the one after it.
    #[cold]
    #[inline(never)]
    pub(crate) fn field(
        &mut self,
        scope: &Scope<'_>,
        parent: PathId,
        name: &'static str,
        next: &mut usize,
    ) -> PathId {
        let fields = self.places.get(parent.index()).map(|place| place.fields.as_slice());
        let fields = fields.unwrap_or_default();
        if let Some(at) = fields.iter().position(|id| self.is_called(*id, name)) {
            *next = at + 1;
            return fields[at];
        }
        let id = self.push(scope, Step::Static(name), parent);
        if let Some(place) = self.places.get_mut(parent.index()) {
            place.fields.push(id);
            *next = place.fields.len();
        }
        id
    }

    #[inline(always)]
    fn is_called(&self, id: PathId, name: &'static str) -> bool {
        match self.places.get(id.index()).map(|place| &place.step) {
            Some(Step::Static(own)) => std::ptr::eq(*own, name) || *own == name,
            _ => false,
        }
    }

    /// The path of a key, and what to [`release`](Self::release) when the value at it is done.
    pub(crate) fn key(&mut self, scope: &Scope<'_>, parent: PathId, name: &str) -> (PathId, Mark) {
        let key = (parent, Box::from(name));
        if let Some(id) = self.keys.get(&key) {
            return (*id, Mark(usize::MAX));
        }
        let mark = self.places.len();
        let id = self.push(scope, Step::Key(Box::from(name)), parent);
        if mark >= MAX_PATHS {
            return (id, Mark(mark));
        }
        self.keys.insert(key, id);
        (id, Mark(usize::MAX))
    }

    /// Forgets a path that there was no room for, and all below it.
    pub(crate) fn release(&mut self, mark: Mark) {
        self.places.truncate(mark.0);
    }

    fn push(&mut self, scope: &Scope<'_>, step: Step, parent: PathId) -> PathId {
        // Four billion places do not fit into memory.
        let id = PathId(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        let mut place = Place::new(step, parent);
        place.is_structural = scope.is_structural(place.name(), || {
            let mut steps = self.names(scope, parent, |_| true);
            steps.push(place.name());
            steps.join(".")
        });
        self.places.push(place);
        id
    }

    /// The steps to a path, from the root.
    fn names<'s>(
        &'s self,
        scope: &Scope<'s>,
        id: PathId,
        keep: impl Fn(&Place) -> bool,
    ) -> Vec<&'s str> {
        let mut names = Vec::new();
        let mut at = id;
        while at != PathId::ROOT {
            let Some(place) = self.places.get(at.index()) else { break };
            if keep(place) {
                names.push(place.name());
            }
            at = place.parent;
        }
        names.extend(scope.root());
        names.reverse();
        names
    }

    /// The path with every key as it is.
    pub(crate) fn sent(&self, scope: &Scope<'_>, id: PathId) -> String {
        self.names(scope, id, |_| true).join(".")
    }

    /// The path to be shown: a key that the policy does not spell out may be data, and is `*`.
    pub(crate) fn shown(&self, scope: &Scope<'_>, id: PathId) -> String {
        let mut steps: Vec<&str> = Vec::new();
        let mut at = id;
        while at != PathId::ROOT {
            let Some(place) = self.places.get(at.index()) else { break };
            steps.push(if self.is_spelt_out(scope, at) { place.name() } else { "*" });
            at = place.parent;
        }
        steps.extend(scope.root());
        steps.reverse();
        steps.join(".")
    }

    /// Whether the last step of a path is the program's word or the policy's, and not data.
    pub(crate) fn is_spelt_out(&self, scope: &Scope<'_>, id: PathId) -> bool {
        let Some(place) = self.places.get(id.index()) else { return false };
        match &place.step {
            Step::Root | Step::Static(_) => true,
            Step::Key(name) => {
                place.is_structural
                    || scope.is_spelt_out(name)
                    || scope.is_spelt_out(&self.names(scope, id, |p| !p.is_structural).join("."))
            }
        }
    }

    /// Whether it was decided that the values at a path may pass.
    #[inline(always)]
    pub(crate) fn passes(&self, id: PathId) -> bool {
        let ruling = self.places.get(id.index()).and_then(|place| place.ruling.as_ref());
        matches!(ruling, Some(Ruling::Pass))
    }

    /// Whether the values at a path may pass; decided once.
    #[inline]
    pub(crate) fn ruling(&mut self, scope: &Scope<'_>, id: PathId) -> &Ruling {
        if self.places.get(id.index()).is_some_and(|place| place.ruling.is_none()) {
            let ruling = self.rule(scope, id);
            if let Some(place) = self.places.get_mut(id.index()) {
                place.ruling = Some(ruling);
            }
        }
        let place = self.places.get(id.index());
        place.and_then(|place| place.ruling.as_ref()).unwrap_or(&Ruling::Nameless)
    }

    #[cold]
    fn rule(&self, scope: &Scope<'_>, id: PathId) -> Ruling {
        let is_structural = self.places.get(id.index()).is_some_and(|place| place.is_structural);
        if is_structural {
            return Ruling::Pass;
        }
        let steps = self.names(scope, id, |place| !place.is_structural);
        if steps.is_empty() {
            return Ruling::Nameless;
        }
        match scope.refusal(&steps) {
            None => Ruling::Pass,
            Some((why, categories)) => {
                Ruling::Withhold(Arc::new(Line { path: self.shown(scope, id), why, categories }))
            }
        }
    }

    /// A value at the path that cannot be read.
    pub(crate) fn unreadable(&self, scope: &Scope<'_>, id: PathId) -> Arc<Line> {
        let path = self.shown(scope, id);
        Arc::new(Line { path, why: Why::Unreadable, categories: Vec::new() })
    }

    /// Counts a withheld value at a path.
    pub(crate) fn count(&mut self, id: PathId, line: &Arc<Line>, report: &mut Report) {
        let call = self.call;
        let Some(place) = self.places.get_mut(id.index()) else { return };
        if place.counted.0 == call {
            report.add_at(place.counted.1);
        } else if let Some(at) = report.add(line) {
            place.counted = (call, at);
        }
    }
}

/// The number of paths before one for which there was no room.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(crate) struct Mark(usize);
