//! `flowlift history merge`: other histories become part of this one.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::answer::{Trouble, json};
use super::place::{self, HistoryPlace};
use crate::cli::context::Context;
use crate::cli::options::Format;
use crate::exit::Exit;
use crate::history::{HistoryError, Merged};
use crate::output::FileRole;
use crate::sanitize::sanitize;

/// Take in the tasks of other histories; the same task twice is one task
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Histories of other machines or users
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Serialize)]
struct Takings {
    files: Vec<Taken>,
}

#[derive(Serialize)]
struct Taken {
    path: String,
    #[serde(flatten)]
    merged: Merged,
}

impl Merge {
    /// Adds the other histories to the files of the run.
    pub(super) fn add(&self, context: &Context) -> Result<(), Exit> {
        let mut files = self.files.iter();
        files.try_for_each(|file| place::add(context, FileRole::OtherHistory, file))
    }

    pub(super) fn answer(&self, place: &HistoryPlace) -> Result<String, Trouble> {
        let history = place.open()?;
        let merge = |file: &PathBuf| {
            Ok(Taken {
                path: file.to_string_lossy().into_owned(),
                merged: history.merge(file)?,
            })
        };
        let files = self.files.iter().map(merge);
        let files = files.collect::<Result<Vec<_>, HistoryError>>()?;
        Ok(match self.format {
            Format::Json => json(&Takings { files }),
            Format::Table => files.iter().map(Taken::line).collect(),
        })
    }
}

impl Taken {
    fn line(&self) -> String {
        let Merged {
            added,
            updated,
            known,
        } = self.merged;
        let path = sanitize(&self.path);
        format!("{path}: {added} added, {updated} brought up to date, {known} known already\n")
    }
}
