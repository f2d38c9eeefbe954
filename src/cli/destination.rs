//! Where a report goes, and how it is shown: as asked, else as the name of its file says.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use clap::ValueEnum;

use super::Context;
use crate::exit::Exit;
use crate::output::{FileAccess, FileRole, NewFile, OutputError, Overwrite, TempOutput};
use crate::report::Detail;
use crate::sanitize::sanitize;

/// Columns of a table that goes to a file.
const FILE_WIDTH: u16 = 100;

/// A report that is not written yet: to a file, or to stdout.
pub(super) struct Destination<'a, F> {
    /// How it is shown.
    pub(super) format: F,
    file: Option<TempOutput<'a>>,
}

impl<'a, F: ValueEnum + Copy> Destination<'a, F> {
    /// The file is made at once, so that whether it can be written is known before anything is read.
    pub(super) fn open(
        context: &'a Context,
        asked: Option<F>,
        output: Option<&'a Path>,
        overwrite: Overwrite,
        table: F,
    ) -> Result<Self, Exit> {
        let format = match (asked, output.and_then(Path::extension)) {
            (Some(format), _) => format,
            (None, None) => table,
            (None, Some(ending)) => by_ending(context, &ending.to_string_lossy(), table)?,
        };
        let created = output.map(|path| {
            let target = NewFile {
                path,
                role: FileRole::Report,
                overwrite,
                access: FileAccess::Default,
            };
            TempOutput::create(&context.files, target)
        });
        let created = created.transpose();
        let file = created.map_err(|error| context.unwritten(&error))?;
        Ok(Self { format, file })
    }

    /// How wide a table may be.
    pub(super) fn width(&self, context: &Context) -> u16 {
        match self.file {
            Some(_) => FILE_WIDTH,
            None => context.voice.width(),
        }
    }

    /// How much of it is shown: a file is read at leisure.
    pub(super) fn detail(&self, context: &Context) -> Detail {
        match self.file {
            Some(_) => Detail::Full,
            None => context.detail,
        }
    }

    /// Writes the report while it is made, and shows the summary of one that goes to a file.
    pub(super) fn write(
        self,
        context: &Context,
        report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        summary: impl FnOnce() -> String,
    ) -> Exit {
        let Some(file) = self.file else {
            return context.shown(context.voice.stream(report));
        };
        let written = sanitize(&file.target().to_string_lossy()).into_owned();
        match write(file, report) {
            Ok(()) => context.show(&format!("{}\nwritten to {written}\n", summary())),
            Err(error) => context.unwritten(&error),
        }
    }
}

fn by_ending<F: ValueEnum + Copy>(context: &Context, ending: &str, table: F) -> Result<F, Exit> {
    let ending = ending.to_lowercase();
    let word = match &*ending {
        "txt" => return Ok(table),
        "htm" => "html",
        ending => ending,
    };
    F::from_str(word, true).map_err(|_| {
        let formats = F::value_variants().iter().filter_map(F::to_possible_value);
        let endings: Vec<_> = formats
            .map(|format| match format.get_name() {
                "table" => ".txt".to_owned(),
                name => format!(".{name}"),
            })
            .collect();
        let mistake = format!("no report can be written as .{ending}");
        let help = format!(
            "name a file that ends in one of {}, or say --format; a browser can save the page as PDF",
            endings.join(", ")
        );
        context.voice.error(None, &mistake, Some(&help));
        Exit::Usage
    })
}

/// What belongs together goes to a folder that is there: a name that is none is one mistake, found
/// before anything is done.
pub(super) fn folder_for_all(context: &Context, folder: Option<&Path>) -> Result<(), Exit> {
    let Some(folder) = folder.filter(|folder| !folder.is_dir()) else {
        return Ok(());
    };
    let mistake = format!("--out-dir names no folder: {}", folder.display());
    let help = Some("make it first, or name a folder that is there");
    context.voice.error(None, &mistake, help);
    Err(Exit::Usage)
}

/// A file gets its name only when it is complete.
pub(super) fn write(
    mut output: TempOutput<'_>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), OutputError> {
    let mut out = BufWriter::with_capacity(1 << 16, output.sink().out);
    let written = content(&mut out).and_then(|()| out.flush());
    drop(out);
    written.map_err(|error| output.failed(error))?;
    output.sync()?.commit()
}
