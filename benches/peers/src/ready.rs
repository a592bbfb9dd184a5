//! Takes the value out of a future that never waits.
//!
//! Two peers have an asynchronous face for loaders and adapters that read files. The ones used here work in
//! memory, so their futures are ready at the first poll, and an executor would only add its own cost.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The value of `future`.
///
/// # Panics
///
/// If the future waits for anything.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a future over memory waited"),
    }
}
