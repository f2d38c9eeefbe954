//! Progress of work that takes longer than a blink: bars on a terminal, now and then a line where
//! there is none, and the wish to stop it.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::lines::Lines;
use crate::sanitize::sanitize;
use crate::watch::{Interrupted, Stage, Watch};

/// Bars are drawn at most this often a second, and not at all for shorter work.
const DRAWS_PER_SECOND: u8 = 10;
/// How often the time that is left is told anew, even where nothing moves.
const TICK: Duration = Duration::from_millis(250);
/// Of an archive and of all together. ASCII, for the consoles of Windows.
const STYLE: &str = "{prefix} [{wide_bar}] {bytes} of {total_bytes} {bytes_per_sec} {eta}";
/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Bars,
    Lines,
    Nothing,
}

/// All bars of a run; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Bars {
    multi: MultiProgress,
    manner: Progress,
    /// Of several archives together.
    all: Arc<Mutex<Option<All>>>,
    stop: Arc<AtomicBool>,
}

#[derive(Debug)]
struct All {
    bar: ProgressBar,
    archives: usize,
    done: usize,
}

impl Bars {
    /// Bars on stderr when that is a terminal, lines when it is not; nothing where not wanted.
    pub(crate) fn new(wanted: bool) -> Self {
        let (manner, target) = if !wanted {
            (Progress::Nothing, ProgressDrawTarget::hidden())
        } else if io::stderr().is_terminal() {
            let target = ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND);
            (Progress::Bars, target)
        } else {
            (Progress::Lines, ProgressDrawTarget::hidden())
        };
        Self {
            multi: MultiProgress::with_draw_target(target),
            manner,
            all: Arc::default(),
            stop: Arc::default(),
        }
    }

    /// What a handler sets to stop all work.
    pub(crate) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Takes the bars off the terminal while `print` prints.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.multi.suspend(print)
    }

    /// So many archives of so many bytes in all are about to be worked on. One alone needs no total.
    pub(crate) fn expect(&self, archives: usize, bytes: u64) {
        if archives < 2 {
            return;
        }
        let bar = self.bar(bytes, format!("0 of {archives} archives"));
        *self.all() = Some(All {
            bar,
            archives,
            done: 0,
        });
    }

    /// All archives are through.
    pub(crate) fn done(&self) {
        if let Some(all) = self.all().take() {
            all.bar.finish_and_clear();
            self.multi.remove(&all.bar);
        }
    }

    /// A watch over the work on something.
    pub(crate) fn watch(&self, what: &str) -> impl Watch {
        self.part(what, 0)
    }

    /// A watch over the work on an archive of `size` bytes, which count towards the total.
    pub(crate) fn part(&self, archive: &str, size: u64) -> impl Watch {
        Bar {
            bars: self.clone(),
            archive: sanitize(archive).into_owned(),
            size,
            state: Mutex::default(),
        }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Option<All>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bar(&self, total: u64, prefix: String) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden())
            .with_prefix(prefix);
        // The template is a constant; should it ever be wrong, the default style serves.
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style.progress_chars("=> "));
        }
        let bar = self.multi.add(bar);
        if self.manner == Progress::Bars {
            bar.enable_steady_tick(TICK);
        }
        bar
    }
}

struct Bar {
    bars: Bars,
    archive: String,
    size: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    shown: Option<ProgressBar>,
    lines: Option<Lines>,
    /// Whether the stage that is under way counts towards the total.
    counts: bool,
    /// What was counted towards the total.
    counted: u64,
}

impl Bar {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watch for Bar {
    fn begin(&self, stage: Stage, total: u64) {
        let doing = match stage {
            Stage::Read => "reading",
            Stage::Write => "writing",
            Stage::Check => "checking",
        };
        let what = format!("{doing} {}", self.archive);
        let shown =
            (self.bars.manner == Progress::Bars).then(|| self.bars.bar(total, what.clone()));
        let lines = (self.bars.manner == Progress::Lines).then(|| Lines::new(what, total));
        self.with(|state| {
            state.shown = shown;
            state.lines = lines;
            state.counts = stage == Stage::Write;
        });
    }

    fn advance(&self, bytes: u64) -> Result<(), Interrupted> {
        self.with(|state| {
            if let Some(bar) = &state.shown {
                bar.inc(bytes);
            }
            if let Some(lines) = &mut state.lines {
                lines.advance(bytes);
            }
            let counts = bytes.min(self.size.saturating_sub(state.counted));
            if state.counts && counts > 0 {
                state.counted += counts;
                if let Some(all) = &*self.bars.all() {
                    all.bar.inc(counts);
                }
            }
        });
        if self.bars.stop.load(Ordering::Relaxed) {
            Err(Interrupted)
        } else {
            Ok(())
        }
    }

    fn end(&self) {
        self.with(|state| {
            state.lines = None;
            if let Some(bar) = state.shown.take() {
                bar.finish_and_clear();
                self.bars.multi.remove(&bar);
            }
        });
    }
}

impl Drop for Bar {
    /// The archive is through, however far it got.
    fn drop(&mut self) {
        let left = self.with(|state| self.size.saturating_sub(state.counted));
        if self.size == 0 {
            return;
        }
        if let Some(all) = &mut *self.bars.all() {
            all.done += 1;
            all.bar.inc(left);
            all.bar
                .set_prefix(format!("{} of {} archives", all.done, all.archives));
        }
    }
}
