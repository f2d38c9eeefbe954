//! `flowlift history export`: grants for other programs.

use clap::{Args, ValueEnum};

use super::answer::Trouble;
use super::place::HistoryPlace;
use super::which::Which;
use crate::cli::Context;
use crate::history::export::ExportFormat;

/// Export grants: a row for each app, category, item and permission, with its fate
///
/// carried: the app has it in 2026.1. dropped: 2026.1 has no place for it. not-carried: the app's
/// workspace uses the connection, but its token named none.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    which: Which,
    /// How the rows are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Rows,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Rows {
    /// For spreadsheets; what looks like a formula is made text
    #[default]
    Csv,
    /// An object a line
    Jsonl,
}

impl Export {
    /// Says everything while it is read, and nothing in the end.
    pub(super) fn answer(
        &self,
        context: &Context,
        place: &HistoryPlace,
    ) -> Result<String, Trouble> {
        let filter = self.which.filter(&context.clock.now())?;
        let format = match self.format {
            Rows::Csv => ExportFormat::Csv,
            Rows::Jsonl => ExportFormat::JsonLines,
        };
        let mut put = |text: &str| context.voice.data(text);
        place.read()?.export(&filter, format, &mut put)?;
        Ok(String::new())
    }
}
