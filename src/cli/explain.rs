//! `flowlift explain`: what a finding means, offline.

use clap::Args;

use super::Context;
use super::suggest::nearest;
use crate::exit::Exit;
use crate::finding::{FindingPage, page, pages};
use crate::sanitize::sanitize;
use crate::ui::wrapped;

/// Say what a finding means, and what can be done about it
///
/// Every finding has a code, such as token-missing, and a number, which the task log shows. The pages
/// are those of docs/findings.md; nothing is fetched from anywhere.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A finding's code, or its number in the task log
    code: String,
}

impl Explain {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let name = self.code.trim().to_lowercase();
        let Some(page) = page(&name) else {
            let message = format!("no finding has the code {:?}", sanitize(&self.code));
            let codes = || pages().map(|page| page.code);
            let help = match nearest(&name, codes()) {
                Some(meant) => format!("did you mean {meant}?"),
                None => format!(
                    "these there are: {}",
                    codes().collect::<Vec<_>>().join(", ")
                ),
            };
            context.voice.error(None, &message, Some(&help));
            return Exit::Usage;
        };
        context.show(&shown(&page, context.voice.width()))
    }
}

fn shown(page: &FindingPage, width: u16) -> String {
    let paragraphs = page.paragraphs();
    let paragraphs = paragraphs.iter().map(|it| wrapped(it, width.into()));
    let text: Vec<String> = paragraphs.collect();
    format!("{}\n\n{}", page.code, text.join("\n"))
}
