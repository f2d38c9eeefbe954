//! Progress bars, for work that takes longer than a blink, and the wish to stop it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::plain::plain;
use crate::watch::{Interrupted, Stage, Watch};

/// Bars are drawn at most this often a second, and not at all for shorter work.
const DRAWS_PER_SECOND: u8 = 10;

/// All bars of a run; clones share them.
#[derive(Debug, Clone)]
pub struct Bars {
    multi: MultiProgress,
    stop: Arc<AtomicBool>,
}

impl Bars {
    /// Bars on stderr when that is a terminal and they are wanted, else none.
    pub fn new(wanted: bool) -> Self {
        let target = if wanted {
            ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            multi: MultiProgress::with_draw_target(target),
            stop: Arc::default(),
        }
    }

    /// What a handler sets to stop all work.
    pub fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Takes the bars off the terminal while `print` prints.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.multi.suspend(print)
    }

    /// A watch over the work on an archive.
    pub fn watch(&self, archive: &str) -> impl Watch {
        Bar {
            bars: self.clone(),
            archive: plain(archive).into_owned(),
            shown: Mutex::new(None),
        }
    }
}

struct Bar {
    bars: Bars,
    archive: String,
    shown: Mutex<Option<ProgressBar>>,
}

impl Bar {
    fn with<T>(&self, act: impl FnOnce(&mut Option<ProgressBar>) -> T) -> T {
        act(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watch for Bar {
    fn begin(&self, stage: Stage, total: u64) {
        let doing = match stage {
            Stage::Read => "reading",
            Stage::Write => "writing",
            Stage::Check => "checking",
        };
        let style = "{prefix} {wide_bar:.cyan/dim} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden())
            .with_prefix(format!("{doing} {}", self.archive));
        // The template is a constant; should it ever be wrong, the default style serves.
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        let bar = self.bars.multi.add(bar);
        bar.enable_steady_tick(Duration::from_millis(250));
        self.with(|slot| *slot = Some(bar));
    }

    fn advance(&self, bytes: u64) -> Result<(), Interrupted> {
        self.with(|slot| {
            if let Some(bar) = slot {
                bar.inc(bytes);
            }
        });
        if self.bars.stop.load(Ordering::Relaxed) {
            Err(Interrupted)
        } else {
            Ok(())
        }
    }

    fn end(&self) {
        self.with(|slot| {
            if let Some(bar) = slot.take() {
                bar.finish_and_clear();
                self.bars.multi.remove(&bar);
            }
        });
    }
}
