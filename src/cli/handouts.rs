//! Writes what is handed to app owners into a folder: all of it, or nothing where a name is taken.

use std::path::Path;

use super::Context;
use super::destination::write;
use crate::exit::Exit;
use crate::finding::counted;
use crate::output::{FileAccess, FileRole, NewFile, OutputError, Overwrite, TempOutput};
use crate::report::audit::{AuditedArchive, Handout, Handouts};
use crate::sanitize::sanitize;

/// Writes them, and shows a `summary` of what they say, and where they are.
pub(super) fn hand_out(
    context: &Context,
    folder: &Path,
    overwrite: Overwrite,
    archives: &[AuditedArchive],
    summary: &str,
) -> Exit {
    let now = context.clock.now();
    let handouts = Handouts::new(archives, &now);
    let files = handouts.files();
    match write_all(context, folder, overwrite, &handouts, &files) {
        Ok(()) => {
            let shown = folder.join("index.html");
            let (shown, owners) = (shown.to_string_lossy(), files.len() / 2);
            let said = format!(
                "{summary}\nwritten to {}, with a page and a text for {}\n",
                sanitize(&shown),
                counted(owners, "app owner")
            );
            context.show(&said)
        }
        Err(error) => context.unwritten(&error),
    }
}

fn write_all(
    context: &Context,
    folder: &Path,
    overwrite: Overwrite,
    handouts: &Handouts<'_>,
    files: &[Handout<'_>],
) -> Result<(), OutputError> {
    let files: Vec<_> = files
        .iter()
        .map(|handout| (folder.join(&handout.name), handout))
        .collect();
    let target = |path| NewFile {
        path,
        role: FileRole::Report,
        overwrite,
        access: FileAccess::Default,
    };
    // Each is tried before the first is written.
    for (path, _) in &files {
        TempOutput::create(&context.files, target(path))?;
    }
    for (path, handout) in &files {
        let file = TempOutput::create(&context.files, target(path))?;
        write(file, |out| handouts.write(handout, out))?;
    }
    Ok(())
}
