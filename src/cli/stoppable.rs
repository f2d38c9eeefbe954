//! Work that ends within a second of being asked to, wherever it is.
//!
//! As a rule it looks at its watch, stops and cleans up. What does not get to look, because it is
//! deep in a computation or because nobody takes what it writes, is left where it is: its unfinished files
//! are removed, and the process ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::exit::Exit;
use crate::output;

/// How long work may take to stop by itself.
const GRACE: Duration = Duration::from_millis(700);
/// The stack of a program's first thread on most systems.
const STACK: usize = 8 << 20;

/// What happens while work is under way.
enum Event {
    Ended(Exit),
    Asked,
}

/// Does `work`, which is told by `stop` when the user wants it to end.
pub(super) fn run(stop: Arc<AtomicBool>, work: impl FnOnce() -> Exit + Send + 'static) -> Exit {
    let (tell, events) = channel();
    let asked = tell.clone();
    // Without a handler the default one ends the process, which leaves a temporary file at worst.
    let _ = ctrlc::set_handler(move || {
        stop.store(true, Ordering::Relaxed);
        let _ = asked.send(Event::Asked);
    });
    let builder = thread::Builder::new().stack_size(STACK);
    let worker = builder.spawn(move || {
        // Whoever waits is told of a panic too, which has been said by then.
        let exit = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::Failed);
        let _ = tell.send(Event::Ended(exit));
    });
    let Ok(worker) = worker else {
        return Exit::Failed;
    };
    if let Ok(Event::Ended(exit)) = events.recv() {
        // Its threads may still have something to put away.
        let _ = worker.join();
        return exit;
    }
    ended(&events).unwrap_or_else(|| {
        output::abandon();
        Exit::Interrupted
    })
}

/// How work ended that was asked to stop; none where it has to be left.
fn ended(events: &Receiver<Event>) -> Option<Exit> {
    match events.recv_timeout(GRACE) {
        Ok(Event::Ended(exit)) => Some(exit),
        // Asked twice, a user does not want to wait.
        Ok(Event::Asked) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_panics_ends_and_is_a_failure() {
        let exit = run(Arc::default(), || std::panic::resume_unwind(Box::new(())));
        assert_eq!(exit, Exit::Failed);
    }
}
