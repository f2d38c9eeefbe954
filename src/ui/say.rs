//! What a command says when it is over: data on stdout, errors on stderr.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use super::Bars;
use super::events::SAID;
use crate::sanitize::sanitize;

/// Columns of a table that does not go to a terminal.
const DEFAULT_WIDTH: u16 = 100;
/// Columns below which a table cannot be read.
const LEAST_WIDTH: u16 = 60;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Waits until somebody who sees the terminal has had a look: its window closes with the program.
pub(crate) fn wait_for_a_look() {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        let asked = anstream::stderr().write_all(b"\npress Enter to close this window\n");
        // Whoever cannot be asked has gone.
        let _ = asked.and_then(|()| io::stdin().read_line(&mut String::new()));
    }
}

/// Speaks for the commands.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    bars: Bars,
}

impl Voice {
    /// A voice that does not tear `bars`.
    pub(crate) const fn new(bars: Bars) -> Self {
        Self { bars }
    }

    /// The bars it speaks beside.
    pub(crate) const fn bars(&self) -> &Bars {
        &self.bars
    }

    /// How wide a table may be: as the terminal, or as `COLUMNS` says where there is none.
    #[expect(
        clippy::unused_self,
        reason = "it is the voice that knows its terminal"
    )]
    pub(crate) fn width(&self) -> u16 {
        let terminal = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
        let told = || std::env::var("COLUMNS").ok()?.parse().ok();
        let width = terminal.map(|(width, _)| width.0).or_else(told);
        width.map_or(DEFAULT_WIDTH, |width| width.max(LEAST_WIDTH))
    }

    /// Data, as it is. Nobody left to read it is no error.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(crate) fn data(&self, text: &str) -> io::Result<()> {
        self.stream(|out| out.write_all(text.as_bytes()))
    }

    /// A diff, in the colours of one.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(crate) fn diff(&self, text: &str) -> io::Result<()> {
        self.stream(|out| {
            for line in text.lines() {
                let style = match line.as_bytes() {
                    [b'-', ..] => AnsiColor::Red.on_default(),
                    [b'+', ..] => AnsiColor::Green.on_default(),
                    [b'@', ..] => AnsiColor::Cyan.on_default(),
                    _ => Style::new(),
                };
                writeln!(out, "{style}{line}{style:#}")?;
            }
            Ok(())
        })
    }

    /// Data that is too much to be held as a text.
    ///
    /// # Errors
    /// Those of `content`, and when stdout cannot be written.
    pub(crate) fn stream(
        &self,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let written = self.bars.suspend(|| {
            let mut out = BufWriter::with_capacity(1 << 16, anstream::stdout().lock());
            content(&mut out)?;
            out.flush()
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// An error about `subject`, and what to do about it.
    pub(crate) fn error(&self, subject: Option<&str>, message: &str, help: Option<&str>) {
        tracing::error!(target: SAID, archive = subject, "{message}");
        let subject = subject
            .map(|subject| format!("{}: ", sanitize(subject)))
            .unwrap_or_default();
        let message = sanitize(message);
        let mut text = format!("{ERROR}error{ERROR:#}: {subject}{message}\n");
        if let Some(help) = help {
            text += &format!("\n  {HELP}help{HELP:#}: {}\n", sanitize(help));
        }
        // Where stderr is gone there is nobody to tell.
        self.bars.suspend(|| {
            let _ = anstream::stderr().lock().write_all(text.as_bytes());
        });
    }
}
