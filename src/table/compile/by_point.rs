//! What was computed for points, which are numbered from 0 on.

/// A value for some of the points. 8 bytes a point for what takes 4.
pub(super) struct ByPoint<T>(Vec<Option<T>>);

impl<T: Copy> ByPoint<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn get(&self, point: u32) -> Option<T> {
        self.0.get(point as usize).copied().flatten()
    }

    pub(super) fn insert(&mut self, point: u32, value: T) {
        let at = point as usize;
        if at >= self.0.len() {
            self.0.resize(at + 1, None);
        }
        self.0[at] = Some(value);
    }
}
