//! Threads that want to know at once when a policy is added.

use crate::lock::lock;
use std::sync::{Mutex, Weak};

/// A thread that can be woken.
pub(crate) trait Wake: Send + Sync {
    fn wake(&self);
}

#[derive(Default)]
pub(crate) struct Wakers {
    list: Mutex<Vec<Weak<dyn Wake>>>,
}

impl Wakers {
    /// From now on it is woken, as long as it lives.
    pub(crate) fn push(&self, waker: Weak<dyn Wake>) {
        let mut list = lock(&self.list);
        list.retain(|waker| waker.strong_count() > 0);
        list.push(waker);
    }

    pub(crate) fn wake(&self) {
        lock(&self.list).iter().filter_map(Weak::upgrade).for_each(|waker| waker.wake());
    }
}
