//! Parse, run, exit; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    flowlift::cli::run().into()
}
