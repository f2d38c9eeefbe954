//! Work that is done ahead, in a thread of its own, for whoever takes its results one after the other:
//! a large document is read while what was read before is understood.
//!
//! What was taken is filled anew, in turn, so memory stays as it is, and is the same in every run. A small
//! piece of work, one that makes a single result, needs no thread.

use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Builder};

/// How many results are filled in turn, besides the one that is used.
const IN_TURN: usize = 3;

/// Bytes of stack of the thread: it calls nothing deep, and address space may be scarce.
const STACK: usize = 512 << 10;

/// Makes a result of what was one before; false if it is the last.
type Make<'a, T> = dyn FnMut(&mut T) -> bool + Send + 'a;

/// The results, in order.
pub(crate) struct Ahead<'a, T> {
    first: Option<T>,
    rest: Rest<'a, T>,
}

/// Where those after the first come from.
enum Rest<'a, T> {
    Nowhere,
    Thread {
        results: Receiver<T>,
        spent: Sender<T>,
    },
    /// The system has no thread left.
    Here(&'a Mutex<Make<'a, T>>),
}

/// Runs `make` in a thread of its own, until it says that no more will come or nobody takes them, while
/// `take` takes what it made.
pub(crate) fn ahead<T: Default + Send, R>(
    make: impl FnMut(&mut T) -> bool + Send,
    take: impl FnOnce(Ahead<'_, T>) -> R,
) -> R {
    let thread = Builder::new().name("ahead".into()).stack_size(STACK);
    ahead_in(thread, make, take)
}

fn ahead_in<T: Default + Send, R>(
    thread: Builder,
    mut make: impl FnMut(&mut T) -> bool + Send,
    take: impl FnOnce(Ahead<'_, T>) -> R,
) -> R {
    let mut first = T::default();
    let goes_on = make(&mut first);
    let first = Some(first);
    if !goes_on {
        let rest = Rest::Nowhere;
        return take(Ahead { first, rest });
    }
    let make: &Mutex<Make<'_, T>> = &Mutex::new(make);
    thread::scope(|scope| {
        let (ready, results) = channel();
        let (spent, again) = channel();
        for _ in 0..IN_TURN {
            // Whoever takes them is there.
            let _ = spent.send(T::default());
        }
        let work = move || {
            let mut make = make.lock().unwrap_or_else(PoisonError::into_inner);
            while let Ok(mut next) = again.recv() {
                let goes_on = make(&mut next);
                if ready.send(next).is_err() || !goes_on {
                    break;
                }
            }
            drop(ready);
            // What comes back after the last is let go where it was made, whoever is faster.
            again.into_iter().for_each(drop);
        };
        let rest = match thread.spawn_scoped(scope, work) {
            Ok(_) => Rest::Thread { results, spent },
            Err(_) => Rest::Here(make),
        };
        take(Ahead { first, rest })
    })
}

impl<T> Ahead<'_, T> {
    /// Puts the next result in the place of one that is done with; false if there is none.
    pub(crate) fn next(&mut self, place: &mut T) -> bool {
        if let Some(first) = self.first.take() {
            *place = first;
            return true;
        }
        match &mut self.rest {
            Rest::Nowhere => false,
            Rest::Thread { results, spent } => {
                let Ok(next) = results.recv() else {
                    return false;
                };
                // After the last nobody fills it.
                let _over = spent.send(std::mem::replace(place, next));
                true
            }
            Rest::Here(make) => {
                let goes_on = make.lock().unwrap_or_else(PoisonError::into_inner)(place);
                if !goes_on {
                    self.rest = Rest::Nowhere;
                }
                true
            }
        }
    }
}

impl<T> fmt::Debug for Ahead<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that is made where the last says `last`, taken until `enough`.
    fn made(thread: Builder, last: usize, enough: usize) -> Vec<usize> {
        let mut count = 0;
        let make = |next: &mut usize| {
            count += 1;
            *next = count;
            count < last
        };
        ahead_in(thread, make, |mut results| {
            let (mut taken, mut place) = (Vec::new(), 0);
            while taken.len() < enough && results.next(&mut place) {
                taken.push(place);
            }
            taken
        })
    }

    #[test]
    fn results_come_in_order_and_end_with_the_last() {
        for last in [1, 2, 3, 100] {
            let expected: Vec<_> = (1..=last).collect();
            assert_eq!(made(Builder::new(), last, usize::MAX), expected);
        }
    }

    #[test]
    fn whoever_takes_no_more_is_not_waited_for() {
        assert_eq!(made(Builder::new(), usize::MAX, 3), [1, 2, 3]);
    }

    #[test]
    fn where_the_system_has_no_thread_left_the_work_is_done_all_the_same() {
        let none = Builder::new().stack_size(usize::MAX / 4);
        assert_eq!(made(none, 5, usize::MAX), [1, 2, 3, 4, 5]);
    }
}
