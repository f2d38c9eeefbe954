//! `flowlift verify`: proves an upgraded archive against its source.

use std::path::PathBuf;

use jiff::civil::DateTime;

use super::Context;
use super::options::{Format, ShapeArgs};
use crate::exit::Exit;
use crate::flow::ServerTime;
use crate::output::FileRole;
use crate::report::{verdict_json, verdict_text};
use crate::verify::{AsOf, verify};

/// Prove an upgraded archive against its source
///
/// Judges by other means than those the archive was made with: entries are compared byte by byte
/// and unpacked by a second ZIP reader, documents may differ by the planned edits only, no trace of a
/// retired token may be left, and each app's permissions must be exactly those its token was granted.
/// Exits with 1 when something differs, and with 3 or 4 when an archive cannot be read. Needs
/// about 100 bytes of memory per entry.
///
/// What an upgraded archive should be depends on the options of its migration: give the same ones;
/// only its form is told by its stamps.
/// It depends on the time of the migration too, because an app whose token had expired is switched
/// off; that time is derived from the apps, within what they leave open, unless --as-of says it.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// The archive that was migrated
    source: PathBuf,
    /// What the migration made of it
    upgraded: PathBuf,
    #[command(flatten)]
    shape: ShapeArgs,
    /// When the migration ran, such as 2026-11-21T12:00:00; its task log says so [default: derived]
    #[arg(long, value_name = "TIME")]
    as_of: Option<DateTime>,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

impl Verify {
    pub(super) fn run(&self, context: &Context) -> Exit {
        for archive in [&self.source, &self.upgraded] {
            if let Err(exit) = context.add(FileRole::Archive, archive) {
                return exit;
            }
        }
        if let Err(exit) = self.shape.load(context) {
            return exit;
        }
        if let Err(exit) = context.begin() {
            return exit;
        }
        let shown = self.upgraded.to_string_lossy();
        let voice = &context.voice;
        let watch = voice.bars().watch(&shown);
        let as_of = self
            .as_of
            .map_or(AsOf::Derived, |time| AsOf::Time(ServerTime(time)));
        let judged = verify(
            &self.source,
            &self.upgraded,
            self.shape.options(),
            self.shape.form(),
            as_of,
            &context.clock,
            &watch,
        );
        let verdict = match judged {
            Ok(verdict) => verdict,
            Err(error) => {
                let is_named = error.names(&self.source) || error.names(&self.upgraded);
                let shown = (!is_named).then_some(&*shown);
                voice.error(shown, &error.line(), error.help());
                return error.exit();
            }
        };
        for remark in &verdict.remarks {
            tracing::warn!(archive = &*shown, "{remark}");
        }
        let text = match self.format {
            Format::Json => match verdict_json(&verdict) {
                Ok(text) => text,
                Err(error) => {
                    voice.error(None, &format!("cannot write JSON: {error}"), None);
                    return Exit::Failed;
                }
            },
            Format::Table => verdict_text(&verdict, context.detail),
        };
        if let Err(error) = voice.data(&text) {
            voice.error(None, &format!("cannot write the result: {error}"), None);
            return Exit::Failed;
        }
        if verdict.is_good() {
            Exit::Done
        } else {
            Exit::No
        }
    }
}
