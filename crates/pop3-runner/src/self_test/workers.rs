//! Many runs side by side, each on a thread of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does the work for each item, on so many threads; the results in the order of
/// the items.
///
/// # Panics
/// When the work does.
pub(super) fn each<T: Sync, R: Send>(workers: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    let result = work(item);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// How much of the work is done.
pub(super) struct Progress<'p> {
    done: AtomicUsize,
    of: usize,
    tell: &'p (dyn Fn(usize, usize) + Sync),
}

impl<'p> Progress<'p> {
    pub(super) fn new(of: usize, tell: &'p (dyn Fn(usize, usize) + Sync)) -> Self {
        Self { done: AtomicUsize::new(0), of, tell }
    }

    pub(super) fn one_more(&self) {
        (self.tell)(self.done.fetch_add(1, Ordering::Relaxed) + 1, self.of);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        for workers in [0, 1, 3, 200] {
            assert_eq!(each(workers, &items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
        assert!(each(4, &[], |item: &usize| *item).is_empty());
    }
}
