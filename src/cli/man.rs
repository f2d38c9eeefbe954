//! `flowlift man`: the manual, for machines that have `man`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use crate::exit::Exit;
use crate::output::{
    FileAccess, FileRole, NewFile, OutputError, Overwrite, TempOutput, create_folder,
};

/// Print the man page, or write those of all commands
///
/// The man pages say what help says. The Debian package installs them by itself.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Replace pages that exist
    #[arg(long, requires = "out_dir")]
    force: bool,
}

impl Man {
    pub(super) fn run(&self, context: &Context, definition: clap::Command) -> Exit {
        let Some(folder) = &self.out_dir else {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(definition).render(&mut page);
            let shown = rendered.and_then(|()| context.voice.data(&String::from_utf8_lossy(&page)));
            return context.shown(shown);
        };
        match self.write_all(context, definition, folder) {
            Ok(()) => Exit::Done,
            Err(exit) => exit,
        }
    }

    /// A page for each command, none before it is known that all may be written.
    fn write_all(
        &self,
        context: &Context,
        definition: clap::Command,
        folder: &Path,
    ) -> Result<(), Exit> {
        let pages = pages(definition);
        let paths: Vec<_> = pages
            .iter()
            .map(|page| folder.join(page.get_filename()))
            .collect();
        for path in &paths {
            context.add(FileRole::ManPage, path)?;
        }
        context.begin()?;
        let unwritten = |error: &OutputError| context.unwritten(error);
        let made = create_folder(folder);
        made.map_err(|error| unwritten(&OutputError::write(folder, error)))?;
        let outputs = paths.iter().map(|path| {
            let target = NewFile {
                path,
                role: FileRole::ManPage,
                overwrite: Overwrite::when(self.force),
                access: FileAccess::Default,
            };
            TempOutput::create(&context.files, target)
        });
        let outputs: Result<Vec<_>, _> = outputs.collect();
        for (page, output) in pages
            .iter()
            .zip(outputs.map_err(|error| unwritten(&error))?)
        {
            write(page, output).map_err(|error| unwritten(&error))?;
        }
        Ok(())
    }
}

/// The pages of a command and of all that are below it.
fn pages(command: clap::Command) -> Vec<clap_mangen::Man> {
    fn below(command: clap::Command, pages: &mut Vec<clap_mangen::Man>) {
        for command in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            below(command.clone(), pages);
        }
        pages.push(clap_mangen::Man::new(command));
    }
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    below(command, &mut pages);
    pages
}

fn write(page: &clap_mangen::Man, mut output: TempOutput<'_>) -> Result<(), OutputError> {
    let written = page.render(&mut output.sink().out);
    written.map_err(|error| output.failed(error))?;
    output.sync()?.commit()
}
