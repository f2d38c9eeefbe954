//! An answer, or why there is none.

use std::io;

use serde::Serialize;

use crate::history::HistoryError;
use crate::history::export::ExportError;

/// Why there is no answer.
pub(super) enum Trouble {
    History(HistoryError),
    Usage(String),
    Unheard(io::Error),
}

impl From<HistoryError> for Trouble {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<ExportError> for Trouble {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::History(error) => Self::History(error),
            ExportError::Write(error) => Self::Unheard(error),
        }
    }
}

pub(super) fn json(content: &impl Serialize) -> String {
    pretty(&Document {
        schema_version: 1,
        content,
    })
}

/// Nothing that is written here can fail: all keys are texts.
pub(super) fn pretty(content: &impl Serialize) -> String {
    crate::json::pretty(content).unwrap_or_default()
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    content: &'a T,
}
