//! Both archives side by side: entries, their content, what they mean, and their digests.

use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use super::difference::{DifferenceKind, Differences};
use super::digest::Judged;
use super::entries::ComparedEntries;
use super::sides::Sides;
use super::zip::{Unreadable, Zip};
use super::{content, digest, entries, meaning};
use crate::archive::Source;
use crate::error::Error;
use crate::package::Package;
use crate::plan::{Options, Plan};
use crate::watch::Watch;

/// What a check of both archives found.
pub(super) struct Checked {
    pub(super) counted: ComparedEntries,
    pub(super) found: Differences,
    pub(super) remarks: Vec<String>,
    pub(super) digests: [Judged; 2],
}

type Side<'a, P> = (&'a Source, P);

/// Compares the archives, and what they mean, where the upgraded one could be `loaded`; their digests are taken
/// meanwhile.
pub(super) fn check(
    (before, package): Side<'_, &Package>,
    (after, loaded): Side<'_, Option<&Package>>,
    plan: &Plan,
    options: Options,
    watch: &dyn Watch,
    mut found: Differences,
) -> Result<Checked, Error> {
    thread::scope(|scope| {
        // Without a thread the digest is taken when it is asked for.
        let digest = |source: &Source| {
            let path = source.path().to_owned();
            let started =
                thread::Builder::new().spawn_scoped(scope, move || digest::judged(&path, watch));
            (source.path().to_owned(), started.ok())
        };
        let digests = [before, after].map(digest);
        let zips = compare_zips(before, after.path(), plan, watch, &mut found);
        let (counted, remarks) = match zips {
            Err(error) if error.is::<Unreadable>(|it| it.path == after.path()) => {
                found.add(DifferenceKind::ArchiveChanged, "archive", error.line());
                Default::default()
            }
            zips => zips?,
        };
        if let Some(loaded) = loaded {
            let sides = Sides {
                source: (before, package),
                upgraded: (after, loaded),
                plan,
                options,
            };
            meaning::compare(&sides, &mut found)?;
        }
        let [source, upgraded] =
            digests.map(
                |(path, started)| match started.map(ScopedJoinHandle::join) {
                    Some(Ok(judged)) => judged,
                    _ => digest::judged(&path, watch),
                },
            );
        Ok(Checked {
            counted,
            found,
            remarks,
            digests: [source?, upgraded?],
        })
    })
}

/// Compares the archives as the second reader has them. Remarks come with the counts.
fn compare_zips(
    source: &Source,
    upgraded: &Path,
    plan: &Plan,
    watch: &dyn Watch,
    found: &mut Differences,
) -> Result<(ComparedEntries, Vec<String>), Error> {
    let (before, after) = (Zip::open(source.path())?, Zip::open(upgraded)?);
    let is_rewritten = |name: &[u8]| {
        let mut documents = plan.edits.keys();
        documents.any(|document| document.name().as_bytes() == name)
    };
    let counted = entries::compare(&before, &after, &is_rewritten, watch, found)?;
    let remarks = content::check(source, &after, &plan.edits, watch, found)?;
    Ok((counted, remarks))
}
