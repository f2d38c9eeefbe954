//! What is handed to people: a page and a letter for each app owner, and a page of everything that
//! leads to them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use askama::Template;
use jiff::Zoned;

use super::file_name::file_names;
use super::html::{Audience, day, write_page};
use super::owners::owners;
use super::{AuditedApp, AuditedArchive};
use crate::report::Fix;
use crate::sorted::naturally;

/// The page of everything.
const INDEX: &str = "index";

/// A file to be handed to someone. What is in it is made when it is written.
pub struct Handout<'a> {
    /// Its name, which every system takes.
    pub name: String,
    content: Content<'a>,
}

enum Content<'a> {
    /// The page of everything, with the names of the owners' own files.
    Everything(Vec<String>),
    Page(&'a str),
    Letter(&'a str),
}

/// All that is handed out.
pub struct Handouts<'a> {
    archives: &'a [AuditedArchive],
    now: &'a Zoned,
    by_owner: Vec<ByOwner<'a>>,
}

/// What of an archive is whose.
struct ByOwner<'a> {
    apps: BTreeMap<&'a str, Vec<&'a AuditedApp>>,
    fixes: BTreeMap<&'a str, Vec<&'a Fix>>,
}

impl<'a> Handouts<'a> {
    /// Of audited archives, made `now`.
    pub fn new(archives: &'a [AuditedArchive], now: &'a Zoned) -> Self {
        Self {
            archives,
            now,
            by_owner: archives.iter().map(ByOwner::of).collect(),
        }
    }

    /// The page of everything, then a page and a letter for each app owner. All names differ, on any
    /// disk.
    pub fn files(&self) -> Vec<Handout<'a>> {
        let of_apps = self.by_owner.iter().flat_map(|it| it.apps.keys().copied());
        let distinct: BTreeSet<&str> = of_apps.collect();
        let mut owners: Vec<_> = distinct.into_iter().collect();
        owners.sort_by(|a, b| naturally(a, b));
        let files = file_names(owners.iter().map(|owner| named(owner)), &[INDEX]);
        let own = owners.into_iter().zip(&files).flat_map(|(owner, file)| {
            [
                (format!("{file}.html"), Content::Page(owner)),
                (format!("{file}.txt"), Content::Letter(owner)),
            ]
        });
        let own: Vec<_> = own.collect();
        let everything = (format!("{INDEX}.html"), Content::Everything(files));
        let all = std::iter::once(everything).chain(own);
        all.map(|(name, content)| Handout { name, content })
            .collect()
    }

    /// Writes one of them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, handout: &Handout<'_>, out: &mut dyn Write) -> io::Result<()> {
        match &handout.content {
            Content::Everything(files) => {
                write_page(out, self.archives, self.now, &Audience::Engineer(files))
            }
            Content::Page(owner) => write_page(out, &self.parts(owner), self.now, &Audience::Owner),
            Content::Letter(owner) => {
                let parts = self.parts(owner);
                let parts: Vec<_> = parts.iter().collect();
                let when = day(self.now);
                match owners(&parts, &when).first() {
                    Some(owner) => owner.letter().write_into(out),
                    None => Ok(()),
                }
            }
        }
    }

    /// What of each archive is an owner's; nothing of one that holds none of his apps.
    fn parts(&self, owner: &str) -> Vec<AuditedArchive> {
        let all = self.archives.iter().zip(&self.by_owner);
        all.filter_map(|(archive, by_owner)| part(archive, by_owner, owner))
            .collect()
    }
}

impl<'a> ByOwner<'a> {
    fn of(archive: &'a AuditedArchive) -> Self {
        let (mut apps, mut fixes) = (BTreeMap::new(), BTreeMap::new());
        for app in &archive.apps {
            let of_owner: &mut Vec<_> = apps.entry(&*app.owner).or_default();
            of_owner.push(app);
        }
        for fix in &archive.fixes {
            for owner in &fix.share_with {
                let of_owner: &mut Vec<_> = fixes.entry(&**owner).or_default();
                of_owner.push(fix);
            }
        }
        Self { apps, fixes }
    }
}

/// What apps without an owner are filed under.
fn named(owner: &str) -> &str {
    if owner.is_empty() { "no owner" } else { owner }
}

/// What of an archive is an owner's; none where nothing is.
fn part(archive: &AuditedArchive, by_owner: &ByOwner<'_>, owner: &str) -> Option<AuditedArchive> {
    let apps = by_owner.apps.get(owner)?.iter().copied();
    let apps: Vec<AuditedApp> = apps.cloned().collect();
    let fixes = by_owner.fixes.get(owner).into_iter().flatten().copied();
    Some(AuditedArchive {
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
