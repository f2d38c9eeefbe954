//! `flowlift man`: the manual, for machines that have `man`.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Context, definition};
use crate::exit::Exit;

/// Print the man page, or write those of all commands
///
/// The man pages say what help says. The Debian package installs them by itself.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let Some(folder) = &self.out_dir else {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(definition()).render(&mut page);
            let shown = rendered.and_then(|()| context.voice.data(&String::from_utf8_lossy(&page)));
            return context.shown(shown);
        };
        match write_all(folder) {
            Ok(()) => Exit::Done,
            Err(error) => {
                let folder = folder.to_string_lossy();
                let message = format!("cannot write the man pages: {error}");
                let help = Some("check that the folder can be written to");
                context.voice.error(Some(&folder), &message, help);
                Exit::Failed
            }
        }
    }
}

fn write_all(folder: &Path) -> io::Result<()> {
    fs_err::create_dir_all(folder)?;
    clap_mangen::generate_to(definition(), folder)
}
