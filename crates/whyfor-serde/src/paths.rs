//! The paths that were decided, as a tree: each is decided once for a view.
//!
//! Fields of structs are found by the place where they stood last time and the address of their name, so a value of a
//! known type costs no hash. Keys of maps are chosen by others: their number is bounded, and a path that is not
//! remembered is decided again. What a path means follows from its last step and the meaning of what it is in, which is
//! kept while a call runs.

use crate::limits::{MAX_PATH, MAX_PATHS};
use crate::report::{Line, Report, Why};
use crate::rule::Trail;
use crate::scope::{Answer, Categories, Scope, Structure};
use std::cell::Cell;
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
    /// Structure is left out of the path that is asked.
    structure: Structure,
    /// Whether the last step is the program's word or the policy's, once that was asked.
    is_spelt_out: Cell<Option<bool>>,
    /// Fields, in the order in which they were seen first.
    fields: Vec<PathId>,
    keys: Option<Box<Keys>>,
    /// A value with parts was here.
    has_parts: bool,
    /// The last call in which every value without parts may pass; 0 for a path with parts.
    direct: u64,
    /// The map in which it occurred last.
    map: u64,
    ruling: Ruling,
    /// The last call for which the ruling holds: the greatest number if it does not depend on facts.
    until: u64,
    /// What is asked with the facts of each call, with the path to be shown.
    by_facts: Option<Box<(String, Categories)>>,
    /// The call that counted it last, and its line in that call's report.
    counted: (u64, u32),
}

/// The keys below a path, in the order in which they were seen first.
#[derive(Debug, Default)]
struct Keys {
    order: Vec<PathId>,
    /// Where each is in the order.
    places: HashMap<Box<str>, usize>,
}

impl Place {
    fn new(step: Step, parent: PathId) -> Self {
        Self {
            step,
            parent,
            structure: Structure::No,
            is_spelt_out: Cell::new(None),
            fields: Vec::new(),
            keys: None,
            has_parts: false,
            direct: 0,
            map: 0,
            ruling: Ruling::Nameless,
            until: 0,
            by_facts: None,
            counted: (0, 0),
        }
    }

    fn is_structural(&self) -> bool {
        self.structure != Structure::No
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
    /// What the paths of containers mean, as far as this call decided parts of them.
    trails: Vec<Option<Arc<Trail>>>,
    /// How many maps were read.
    maps: u64,
    /// Which call this is.
    call: u64,
}

impl Default for Paths {
    fn default() -> Self {
        let root = Place::new(Step::Root, PathId::ROOT);
        Self { places: vec![root], trails: Vec::new(), maps: 0, call: 0 }
    }
}

impl Paths {
    /// Starts another call, with a report of its own.
    pub(crate) fn start(&mut self) {
        self.call += 1;
    }

    /// Ends it: what only one call needs is forgotten.
    pub(crate) fn end(&mut self) {
        self.trails.clear();
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

    /// The path of a field, if it is the one that stood in this place last time, and values without parts may pass.
    #[cfg(feature = "json")]
    #[inline(always)]
    pub(crate) fn next_direct(
        &self,
        parent: PathId,
        name: &'static str,
        next: usize,
    ) -> Option<PathId> {
        let id = *self.places.get(parent.index())?.fields.get(next)?;
        let place = self.places.get(id.index())?;
        match place.step {
            Step::Static(own) if place.direct >= self.call => {
                (std::ptr::eq(own, name) || own == name).then_some(id)
            }
            _ => None,
        }
    }

    /// Notes that a value with parts is at a path.
    pub(crate) fn has_parts(&mut self, id: PathId) {
        if let Some(place) = self.places.get_mut(id.index()) {
            place.has_parts = true;
            place.direct = 0;
        }
    }

    /// Whether that was noted.
    #[inline]
    pub(crate) fn is_with_parts(&self, id: PathId) -> bool {
        self.places.get(id.index()).is_some_and(|place| place.has_parts)
    }

    /// A number that no other map has.
    pub(crate) fn map(&mut self) -> u64 {
        self.maps += 1;
        self.maps
    }

    /// Whether a path occurs again in a map.
    pub(crate) fn is_repeated(&mut self, id: PathId, map: u64) -> bool {
        let Some(place) = self.places.get_mut(id.index()) else { return true };
        std::mem::replace(&mut place.map, map) == map
    }

    /// The path of a key, if it is the one that stood in this place last time.
    #[inline]
    pub(crate) fn next_key(&self, parent: PathId, name: &str, next: usize) -> Option<PathId> {
        let keys = self.places.get(parent.index())?.keys.as_ref()?;
        let id = *keys.order.get(next)?;
        match &self.places.get(id.index())?.step {
            Step::Key(own) => (**own == *name).then_some(id),
            Step::Root | Step::Static(_) => None,
        }
    }

    /// The path of a key that stands elsewhere, or was never seen, and what to [`release`](Self::release) when the value
    /// at it is done. `next` becomes the place of the one after it.
    pub(crate) fn key(
        &mut self,
        scope: &Scope<'_>,
        parent: PathId,
        name: &str,
        next: &mut usize,
    ) -> (PathId, Mark) {
        let keys = self.places.get(parent.index()).and_then(|place| place.keys.as_ref());
        let at = keys.and_then(|keys| keys.places.get(name).copied());
        if let Some((at, id)) = at.and_then(|at| Some((at, *keys?.order.get(at)?))) {
            *next = at + 1;
            return (id, Mark::NONE);
        }
        let mark = self.places.len();
        let id = self.push(scope, Step::Key(Box::from(name)), parent);
        if mark >= MAX_PATHS {
            return (id, Mark(mark));
        }
        if let Some(place) = self.places.get_mut(parent.index()) {
            let keys = place.keys.get_or_insert_default();
            keys.places.insert(Box::from(name), keys.order.len());
            keys.order.push(id);
            *next = keys.order.len();
        }
        (id, Mark::NONE)
    }

    /// Forgets a path that there was no room for, and all below it.
    #[inline]
    pub(crate) fn release(&mut self, mark: Mark) {
        self.places.truncate(mark.0);
        self.trails.truncate(mark.0);
    }

    fn push(&mut self, scope: &Scope<'_>, step: Step, parent: PathId) -> PathId {
        // Four billion places do not fit into memory.
        let id = PathId(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        let mut place = Place::new(step, parent);
        place.structure = scope.structure(place.name(), || {
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
        if let Some(known) = place.is_spelt_out.get() {
            return known;
        }
        let is_spelt_out = match &place.step {
            Step::Root | Step::Static(_) => true,
            Step::Key(name) => {
                place.is_structural() || scope.is_spelt_out(name) || self.is_known_path(scope, id)
            }
        };
        place.is_spelt_out.set(Some(is_spelt_out));
        is_spelt_out
    }

    /// Whether the policy spells out the whole path.
    fn is_known_path(&self, scope: &Scope<'_>, id: PathId) -> bool {
        let steps = self.names(scope, id, |place| !place.is_structural());
        let length: usize = steps.iter().map(|step| step.len() + 1).sum();
        length <= MAX_PATH && scope.is_spelt_out(&steps.join("."))
    }

    /// Whether it was decided that the values at a path may pass.
    #[inline(always)]
    pub(crate) fn passes(&self, id: PathId) -> bool {
        let place = self.places.get(id.index());
        place.is_some_and(|at| at.until >= self.call && matches!(at.ruling, Ruling::Pass))
    }

    /// Whether the values at a path may pass; decided once, or once a call if it depends on facts.
    #[inline]
    pub(crate) fn ruling(&mut self, scope: &Scope<'_>, id: PathId) -> &Ruling {
        if self.places.get(id.index()).is_some_and(|place| place.until < self.call) {
            self.rule(scope, id);
        }
        self.places.get(id.index()).map_or(&Ruling::Nameless, |place| &place.ruling)
    }

    #[cold]
    fn rule(&mut self, scope: &Scope<'_>, id: PathId) {
        let Some(place) = self.places.get(id.index()) else { return };
        let mut by_facts = None;
        let ruling = match &place.by_facts {
            Some(asked) => by_facts_of_call(scope, asked),
            None => match self.lasting_answer(scope, id) {
                None => Ruling::Nameless,
                Some(Answer::Pass) => Ruling::Pass,
                Some(Answer::Withhold(why, categories)) => {
                    let path = self.shown(scope, id);
                    Ruling::Withhold(Arc::new(Line { path, why, categories }))
                }
                Some(Answer::ByFacts(categories)) => {
                    let asked = by_facts.insert(Box::new((self.shown(scope, id), categories)));
                    by_facts_of_call(scope, asked)
                }
            },
        };
        let call = self.call;
        if let Some(place) = self.places.get_mut(id.index()) {
            place.by_facts = place.by_facts.take().or(by_facts);
            place.until = if place.by_facts.is_some() { call } else { u64::MAX };
            let is_direct = matches!(ruling, Ruling::Pass) && !place.has_parts;
            place.direct = if is_direct { place.until } else { 0 };
            place.ruling = ruling;
        }
    }

    /// What the policy says of a path, as far as facts do not matter; `None` if it has no name. A key that is structure
    /// wherever it stands says something of what it is in, so that must be allowed.
    fn lasting_answer(&mut self, scope: &Scope<'_>, id: PathId) -> Option<Answer> {
        let structure = self.places.get(id.index()).map_or(Structure::No, |place| place.structure);
        if structure == Structure::Here {
            return Some(Answer::Pass);
        }
        let trail = self.new_trail(scope, id);
        match structure {
            Structure::Everywhere if trail.is_empty() => Some(Answer::Pass),
            _ => (!trail.is_empty()).then(|| scope.answer(&trail)),
        }
    }

    /// What a path means, without what is structure in it.
    fn new_trail(&mut self, scope: &Scope<'_>, id: PathId) -> Arc<Trail> {
        let place = self.places.get(id.index()).filter(|_| id != PathId::ROOT);
        let Some(&Place { parent, .. }) = place else {
            let start = Trail::default();
            return Arc::new(
                scope.root().map_or(start.clone(), |name| start.step(scope.names(), name)),
            );
        };
        let around = self.trail(scope, parent);
        match self.places.get(id.index()) {
            Some(place) if !place.is_structural() => {
                Arc::new(around.step(scope.names(), place.name()))
            }
            _ => around,
        }
    }

    /// The same of a container, kept for its other parts. It calls itself as often as there are levels.
    fn trail(&mut self, scope: &Scope<'_>, id: PathId) -> Arc<Trail> {
        if let Some(Some(trail)) = self.trails.get(id.index()) {
            return Arc::clone(trail);
        }
        let trail = self.new_trail(scope, id);
        if self.trails.len() <= id.index() {
            self.trails.resize_with(id.index() + 1, || None);
        }
        if let Some(kept) = self.trails.get_mut(id.index()) {
            *kept = Some(Arc::clone(&trail));
        }
        trail
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

fn by_facts_of_call(scope: &Scope<'_>, (path, categories): &(String, Categories)) -> Ruling {
    match scope.refusal(categories) {
        None => Ruling::Pass,
        Some(why) => {
            let (path, categories) = (path.clone(), categories.paths.clone());
            Ruling::Withhold(Arc::new(Line { path, why, categories }))
        }
    }
}

/// The number of paths before one for which there was no room.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(crate) struct Mark(usize);

impl Mark {
    /// Of a path that is remembered: nothing is to be released.
    pub(crate) const NONE: Self = Self(usize::MAX);

    /// Whether the path is remembered.
    pub(crate) fn is_none(self) -> bool {
        self.0 == usize::MAX
    }
}
