//! Several archives at once, shown in the order they were given.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// More archives at once gain little: by then the disk is the limit, or the digests have the cores.
const MOST: usize = 4;

/// As many jobs as asked for, else one for each core, up to four.
pub(super) fn jobs(asked: Option<NonZero<usize>>) -> usize {
    asked.map_or_else(
        || thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST)),
        NonZero::get,
    )
}

/// Works on the items, `jobs` at once, and takes the results in the items' order, each as soon as
/// it is its turn. Once a result is one to stop at, no further item is begun.
pub(super) fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    stops: impl Fn(&R) -> bool + Sync,
    mut take: impl FnMut(R),
) {
    if jobs.min(items.len()) <= 1 {
        for item in items {
            let result = work(item);
            let stop = stops(&result);
            take(result);
            if stop {
                return;
            }
        }
        return;
    }
    let next = AtomicUsize::new(0);
    let (give, results) = channel();
    let worker = |give: Sender<(usize, R)>| {
        let (next, work, stops) = (&next, &work, &stops);
        move || loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else {
                return;
            };
            let result = work(item);
            if stops(&result) {
                next.store(items.len(), Ordering::Relaxed);
            }
            if give.send((number, result)).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            scope.spawn(worker(give.clone()));
        }
        drop(give);
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&turn) {
                take(result);
                turn += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_whoever_is_done_first() {
        // The first item waits for the last.
        let all = Barrier::new(2);
        let work = |item: &u32| {
            if matches!(item, 0 | 9) {
                all.wait();
            }
            *item
        };
        let items: Vec<u32> = (0..10).collect();
        let mut taken = Vec::new();
        in_order(&items, 2, work, |_| false, |item| taken.push(item));
        assert_eq!(taken, items);
    }

    #[test]
    fn nothing_is_begun_after_a_result_to_stop_at() {
        let items: Vec<u32> = (0..100).collect();
        for jobs in [1, 3] {
            let mut taken = Vec::new();
            let work = |item: &u32| *item;
            in_order(&items, jobs, work, |i| *i == 3, |i| taken.push(i));
            // What others had begun by then is finished, and nothing is left out in between.
            assert!(taken.len() >= 4, "{taken:?}");
            assert!(jobs > 1 || taken.len() == 4, "{taken:?}");
            assert_eq!(taken, items.get(..taken.len()).unwrap());
        }
    }
}
