//! Progress where there is no terminal to draw on: a plain line now and then, so that a log of a
//! long run shows that it lives.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanDuration};

/// How often there is a line. Shorter work has none.
const EVERY: Duration = Duration::from_secs(30);

/// The lines of one stretch of work.
#[derive(Debug)]
pub(super) struct Lines {
    what: String,
    total: u64,
    done: u64,
    began: Instant,
    next: Duration,
}

impl Lines {
    pub(super) fn new(what: String, total: u64) -> Self {
        Self {
            what,
            total,
            done: 0,
            began: Instant::now(),
            next: EVERY,
        }
    }

    /// `bytes` more are done.
    pub(super) fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        let passed = self.began.elapsed();
        if passed >= self.next {
            self.next = passed + EVERY;
            let line = line(&self.what, self.done, self.total, passed);
            // Where stderr is gone there is nobody to tell.
            let _ = anstream::stderr().lock().write_all(line.as_bytes());
        }
    }
}

/// `writing a.fsconfig: 12 GiB of 98 GiB, 410 MiB/s, 4 minutes left`
fn line(what: &str, done: u64, total: u64, passed: Duration) -> String {
    let (of_done, of_total) = (HumanBytes(done), HumanBytes(total));
    let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = u64::try_from(u128::from(done) * 1000 / u128::from(millis)).unwrap_or(u64::MAX);
    let left = total.saturating_sub(done).checked_div(rate);
    let left =
        left.map(|seconds| format!(", {} left", HumanDuration(Duration::from_secs(seconds))));
    let rate = HumanBytes(rate);
    format!(
        "{what}: {of_done} of {of_total}, {rate}/s{}\n",
        left.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long_still() {
        let said = line("writing a", 3 << 30, 9 << 30, Duration::from_secs(30));
        assert_eq!(
            said,
            "writing a: 3.00 GiB of 9.00 GiB, 102.40 MiB/s, 60 seconds left\n"
        );
    }

    #[test]
    fn work_that_stands_still_has_no_end_in_sight() {
        let said = line("reading a", 0, 9 << 30, Duration::from_secs(30));
        assert_eq!(said, "reading a: 0 B of 9.00 GiB, 0 B/s\n");
    }
}
