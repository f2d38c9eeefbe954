//! What is handed to people: a page and a letter for each app owner, and a page of everything that
//! leads to them.

use std::collections::BTreeSet;

use jiff::Zoned;

use super::file_name::file_names;
use super::html::{Reader, page};
use super::{AuditedApp, AuditedArchive};
use crate::sorted::naturally;

/// The page of everything.
const INDEX: &str = "index";

/// A file to be handed to someone.
#[derive(Debug)]
pub struct Handout {
    /// Its name, which every system takes.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// The page of everything, then a page and a letter for each app owner, made `now`. All names
/// differ, on any disk.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn handouts(archives: &[AuditedArchive], now: &Zoned) -> askama::Result<Vec<Handout>> {
    let apps = archives.iter().flat_map(|archive| &archive.apps);
    let owners: BTreeSet<&str> = apps.map(|app| &*app.owner).collect();
    let mut owners = Vec::from_iter(owners);
    owners.sort_by(|a, b| naturally(a, b));
    let files = file_names(owners.iter().map(|owner| named(owner)), &[INDEX]);
    let (index, _) = page(archives, now, &Reader::Engineer(&files))?;
    let mut handouts = vec![Handout {
        name: format!("{INDEX}.html"),
        text: index,
    }];
    for (owner, file) in owners.into_iter().zip(&files) {
        let parts: Vec<_> = archives.iter().filter_map(|it| part(it, owner)).collect();
        let (text, letter) = page(&parts, now, &Reader::Owner)?;
        handouts.push(Handout {
            name: format!("{file}.html"),
            text,
        });
        handouts.push(Handout {
            name: format!("{file}.txt"),
            text: letter,
        });
    }
    Ok(handouts)
}

/// What apps without an owner are filed under.
fn named(owner: &str) -> &str {
    if owner.is_empty() { "no owner" } else { owner }
}

/// What of an archive is an owner's; none where nothing is.
fn part(archive: &AuditedArchive, owner: &str) -> Option<AuditedArchive> {
    let apps = archive.apps.iter().filter(|app| *app.owner == *owner);
    let apps: Vec<AuditedApp> = apps.cloned().collect();
    let fixes = archive.fixes.iter();
    let fixes = fixes.filter(|fix| fix.share_with.iter().any(|user| **user == *owner));
    (!apps.is_empty()).then(|| AuditedArchive {
        path: archive.path.clone(),
        key: archive.key.clone(),
        description: archive.description.clone(),
        form: archive.form,
        is_current: archive.is_current,
        error: None,
        answer: archive.answer.clone(),
        fixes: fixes.cloned().collect(),
        apps,
        rows: Vec::new(),
    })
}
