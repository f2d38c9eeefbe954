//! `flowlift completions`: lets a shell complete the words of the command line.

use clap::Args;
use clap_complete::Shell;

use super::Context;
use crate::exit::Exit;

/// Print completions for a shell
///
/// Where they go depends on the shell; the examples show the usual places for one user. The Debian
/// package installs them by itself.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, context: &Context, mut definition: clap::Command) -> Exit {
        let name = definition.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut definition, name, &mut script);
        context.show(&String::from_utf8_lossy(&script))
    }
}
