//! What there is to say about an archive while it is worked on: at once where it is the only one,
//! else kept until it is its turn, so that the words about one archive stand together.

use std::path::Path;

use super::Context;
use super::context::help;
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use crate::history::HistoryError;
use crate::ui::FINDINGS;

/// Says or keeps words.
pub(super) struct Messages<'a> {
    context: &'a Context,
    kept: Option<Vec<Message>>,
}

/// One of them.
pub(super) enum Message {
    Found(String, Finding),
    Stopped {
        /// None where the line itself names it.
        archive: Option<String>,
        line: String,
        help: Option<String>,
    },
    Unrecorded(HistoryError),
}

impl<'a> Messages<'a> {
    /// Says them as they come.
    pub(super) const fn at_once(context: &'a Context) -> Self {
        Self {
            context,
            kept: None,
        }
    }

    /// Keeps them for [`Messages::speak`].
    pub(super) const fn kept(context: &'a Context) -> Self {
        Self {
            context,
            kept: Some(Vec::new()),
        }
    }

    /// Says what was found, and gives back what stopped the work, which is said when all is over.
    pub(super) fn speak(self) -> Vec<Message> {
        let kept = self.kept.into_iter().flatten();
        let (found, stopped): (Vec<_>, _) =
            kept.partition(|word| matches!(word, Message::Found(..)));
        for word in found {
            word.say(self.context);
        }
        stopped
    }

    /// A finding.
    pub(super) fn found(&mut self, archive: &str, finding: &Finding) {
        match &mut self.kept {
            Some(kept) => kept.push(Message::Found(archive.to_owned(), finding.clone())),
            None => announce(archive, finding),
        }
    }

    /// What stopped the work on an archive, and the exit it leads to.
    pub(super) fn stopped(&mut self, archive: &Path, error: &Error) -> Exit {
        self.say(Message::Stopped {
            archive: (!error.names(archive)).then(|| archive.to_string_lossy().into_owned()),
            line: error.line(),
            help: help(archive, error),
        });
        error.exit()
    }

    /// Why the end of a task is not recorded, and the exit that leads to.
    pub(super) fn unrecorded(&mut self, error: HistoryError) -> Exit {
        self.say(Message::Unrecorded(error));
        Exit::Failed
    }

    fn say(&mut self, word: Message) {
        match &mut self.kept {
            Some(kept) => kept.push(word),
            None => word.say(self.context),
        }
    }
}

impl Message {
    /// Says it.
    pub(super) fn say(self, context: &Context) {
        match self {
            Self::Found(archive, finding) => announce(&archive, &finding),
            Self::Stopped {
                archive,
                line,
                help,
            } => context
                .voice
                .error(archive.as_deref(), &line, help.as_deref()),
            Self::Unrecorded(error) => {
                context.history_error(&error);
            }
        }
    }
}

/// Makes a finding an event.
fn announce(archive: &str, finding: &Finding) {
    let (code, app) = (finding.code(), finding.app_name());
    match finding.level() {
        Level::Inform => {
            tracing::info!(target: FINDINGS, archive, app, code, "{}", finding.message());
        }
        Level::Warn => {
            tracing::warn!(target: FINDINGS, archive, app, code, "{}", finding.message());
        }
    }
}
