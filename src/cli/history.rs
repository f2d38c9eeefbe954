//! `flowlift history`: what was done to which archive.

mod answer;
mod export;
mod list;
mod log;
mod lost;
mod merge;
mod place;
mod show;
mod which;

use clap::{Args, Subcommand};

use super::Context;
use crate::exit::Exit;
use answer::Trouble;
pub(super) use place::HistoryPlace;

/// Say what was migrated, and what became of every permission
///
/// Every run of migrate is recorded: who migrated which archive when, how it ended, its log, and
/// each permission that was carried or dropped. An id may be shortened as long as it names one task.
#[derive(Debug, Args)]
pub(super) struct HistoryCommand {
    #[command(subcommand)]
    question: Question,
    #[command(flatten)]
    place: HistoryPlace,
}

#[derive(Debug, Subcommand)]
enum Question {
    List(list::List),
    Show(show::Show),
    Log(log::Log),
    Lost(lost::Lost),
    Export(export::Export),
    Merge(merge::Merge),
}

impl HistoryCommand {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let mut added = self.place.add(context);
        if let Question::Merge(merge) = &self.question {
            added = added.and_then(|()| merge.add(context));
        }
        if let Err(exit) = added.and_then(|()| context.begin()) {
            return exit;
        }
        let answer = match &self.question {
            Question::List(list) => list.answer(context, &self.place),
            Question::Show(show) => show.answer(context, &self.place),
            Question::Log(log) => log.answer(&self.place),
            Question::Lost(lost) => lost.answer(context, &self.place),
            Question::Export(export) => export.answer(context, &self.place),
            Question::Merge(merge) => merge.answer(&self.place),
        };
        match answer {
            Ok(text) => context.show(&text),
            Err(Trouble::History(error)) => context.history_error(&error),
            Err(Trouble::Usage(message)) => {
                context.voice.error(None, &message, None);
                Exit::Usage
            }
            Err(Trouble::Unheard(error)) => context.shown(Err(error)),
        }
    }
}
