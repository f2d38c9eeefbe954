//! The door: the only room that knows clap. Words become typed options; what is done with them is
//! said elsewhere.

mod audit;
mod batch;
mod calibrate;
mod command_line;
mod compare;
mod completions;
mod context;
mod destination;
mod examples;
mod explain;
mod explorer;
mod fields;
mod handouts;
mod history;
mod inputs;
mod inspect;
mod jobs;
mod limits;
mod man;
mod messages;
mod migrate;
mod options;
mod plan;
mod profile;
mod reference;
mod stoppable;
mod suggest;
mod verify;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use jiff::Zoned;

use context::Context;

use crate::clock::Clock;
use crate::exit::Exit;
use crate::output::{EventLog, FileRole, Files};
use crate::report::Detail;
use crate::ui::{self, Bars, Events, Verbosity, Voice};
pub use reference::reference;

/// Carry the permissions of FME Flow apps over to 2026.1, offline
///
/// Up to FME Flow 2025.2 an app reaches Connections and Resources through the permissions of its
/// API token. 2026.1 has no app tokens: a restore keeps Connection permissions at best and loses
/// Resource permissions. flowlift reads a backup (.fsconfig) or a project (.fsproject), says what
/// becomes of every app, and writes an upgraded archive and a log. The source is never written to.
#[derive(Debug, Parser)]
#[command(
    name = "flowlift",
    bin_name = "flowlift",
    version,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    general: General,
}

#[derive(Debug, Subcommand)]
enum Command {
    Plan(plan::Plan),
    Migrate(migrate::Migrate),
    Audit(audit::Audit),
    Verify(verify::Verify),
    Compare(compare::Compare),
    Calibrate(calibrate::Calibrate),
    Inspect(inspect::Inspect),
    History(history::HistoryCommand),
    Explain(explain::Explain),
    Completions(completions::Completions),
    Man(man::Man),
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "General options")]
struct General {
    /// Show all apps, and say every finding on stderr; -vv and -vvv also what happens inside
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Say only errors on stderr, and show no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Add every event to a file, a line of JSON each
    #[arg(long, global = true, value_name = "FILE")]
    log_file: Option<PathBuf>,
    #[command(flatten)]
    color: colorchoice_clap::Color,
    /// The time to go by instead of the clock's, in RFC 9557 form
    #[arg(
        long,
        global = true,
        env = "FLOWLIFT_NOW",
        value_name = "TIME",
        hide = true
    )]
    now: Option<Zoned>,
}

/// The command line: help, man pages, completions and the reference all come from here.
fn definition() -> clap::Command {
    examples::with_examples(Cli::command())
}

/// Does what the command line says.
pub fn run() -> Exit {
    let cli = Cli::command();
    let is_command = |word: &OsStr| cli.find_subcommand(word).is_some() || word == "help";
    let explorer::CommandWords { words, wait } = explorer::words(std::env::args_os(), is_command);
    let exit = run_words(words);
    if wait {
        ui::wait_for_a_look();
    }
    exit
}

fn run_words(words: Vec<OsString>) -> Exit {
    let matches = definition().try_get_matches_from(words);
    let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    let Cli { command, general } = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, everything else is a mistake; clap prints both.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
        }
    };
    general.color.write_global();
    let bars = Bars::new(!general.quiet);
    let voice = Voice::new(bars.clone());
    let log_file = general.log_file.map(|path| Arc::new(EventLog::new(path)));
    let verbosity = if general.quiet {
        Verbosity::Quiet
    } else {
        Verbosity::Verbose(general.verbose)
    };
    Events {
        verbosity,
        log_file: log_file.clone(),
    }
    .install(&bars);
    let detail = match general.verbose {
        0 => Detail::Brief,
        _ => Detail::Full,
    };
    stoppable::run(bars.stop(), move || {
        let clock = general.now.map_or(Clock::System, Clock::Stopped);
        let context = Context {
            voice,
            detail,
            clock,
            files: Files::default(),
            log_file,
        };
        if let Some(log) = &context.log_file
            && let Err(exit) = context.add(FileRole::EventLog, log.path())
        {
            return exit;
        }
        let exit = match command {
            Command::Migrate(migrate) => migrate.run(&context),
            Command::Plan(plan) => plan.run(&context),
            Command::Inspect(inspect) => inspect.run(&context),
            Command::Completions(completions) => completions.run(&context, definition()),
            Command::Man(man) => man.run(&context, definition()),
            Command::Verify(verify) => verify.run(&context),
            Command::Compare(compare) => compare.run(&context),
            Command::Calibrate(calibrate) => calibrate.run(&context),
            Command::History(history) => history.run(&context),
            Command::Audit(audit) => audit.run(&context),
            Command::Explain(explain) => explain.run(&context),
        };
        exit.max(context.end())
    })
}
