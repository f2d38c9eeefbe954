//! Events as they happen: to people on stderr, to programs as JSON lines in a file.

use std::io::{self, Write};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::fmt::{self, FmtContext, FormatEvent, FormatFields, MakeWriter, format};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use super::Bars;
use crate::json::write_made_line;
use crate::output::EventLog;
use crate::sanitize::sanitize;

/// The target of events that are findings: a result shows them together, so that each by itself is
/// said only where more is wanted.
pub(crate) const FINDINGS: &str = "findings";

/// The target of events that are said on stderr by themselves, with what can be done.
pub(super) const SAID: &str = "said";

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Only errors.
    Quiet,
    /// Warnings too; from one on, what is for the record, and then what happens inside.
    Verbose(u8),
}

impl Verbosity {
    /// Whether an event is said.
    fn says(self, event: &Metadata<'_>) -> bool {
        let is_shown_elsewhere = self == Self::Verbose(0) && event.target() == FINDINGS;
        *event.level() <= self.most() && !is_shown_elsewhere && event.target() != SAID
    }

    const fn most(self) -> LevelFilter {
        match self {
            Self::Quiet => LevelFilter::ERROR,
            Self::Verbose(0) => LevelFilter::WARN,
            Self::Verbose(1) => LevelFilter::INFO,
            Self::Verbose(2) => LevelFilter::DEBUG,
            Self::Verbose(_) => LevelFilter::TRACE,
        }
    }
}

/// Where events go.
#[derive(Debug)]
pub(crate) struct Events {
    /// How much goes to stderr.
    pub verbosity: Verbosity,
    /// Takes every event from INFO on as a line of JSON.
    pub log_file: Option<Arc<EventLog>>,
}

impl Events {
    /// Sends the events of the whole process there, from now on.
    pub(crate) fn install(self, bars: &Bars) {
        let people = fmt::layer()
            .event_format(Plainly)
            .with_writer(Beside(bars.clone()))
            .with_filter(
                filter_fn(move |event| self.verbosity.says(event))
                    .with_max_level_hint(self.verbosity.most()),
            );
        let subscriber = tracing_subscriber::registry().with(people);
        // Fails only where a subscriber is there already, which then serves. An absent layer would want
        // every event made.
        let _ = match self.log_file {
            None => tracing::subscriber::set_global_default(subscriber),
            Some(file) => {
                let programs = fmt::layer().json().flatten_event(true).with_target(false);
                let programs = programs
                    .with_writer(Added(file))
                    .with_filter(LevelFilter::INFO);
                tracing::subscriber::set_global_default(subscriber.with(programs))
            }
        };
    }
}

/// `warning: archive: app: message [code]`
struct Plainly;

impl<S, N> FormatEvent<S, N> for Plainly
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: format::Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let (style, word) = match *event.metadata().level() {
            Level::ERROR => (AnsiColor::Red.on_default().bold(), "error"),
            Level::WARN => (AnsiColor::Yellow.on_default().bold(), "warning"),
            Level::INFO => (Style::new().bold(), "inform"),
            Level::DEBUG => (Style::new().dimmed(), "debug"),
            Level::TRACE => (Style::new().dimmed(), "trace"),
        };
        let mut fields = Fields::default();
        event.record(&mut fields);
        write!(writer, "{style}{word}{style:#}: ")?;
        for part in [&fields.archive, &fields.app].into_iter().flatten() {
            write!(writer, "{}: ", sanitize(part))?;
        }
        write!(writer, "{}", sanitize(&fields.message))?;
        if let Some(code) = fields.code {
            write!(writer, " [{code}]")?;
        }
        writeln!(writer)
    }
}

/// The fields of an event that are shown.
#[derive(Default)]
struct Fields {
    message: String,
    archive: Option<String>,
    app: Option<String>,
    code: Option<String>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = Some(value.to_owned());
        match field.name() {
            "archive" => self.archive = value,
            "app" => self.app = value,
            "code" => self.code = value,
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}

/// Adds to the log file.
struct Added(Arc<EventLog>);

impl<'a> MakeWriter<'a> for Added {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// Every event is written at once; what a terminal would hide is an escape, as in all JSON.
impl Write for &Added {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let mut line = Vec::with_capacity(event.len());
        write_made_line(&mut line, event)?;
        (&*self.0).write_all(&line)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes to stderr without tearing the bars.
struct Beside(Bars);

impl<'a> MakeWriter<'a> for Beside {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl Write for &Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .suspend(|| anstream::stderr().lock().write_all(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
