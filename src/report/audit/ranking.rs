//! What several archives come to, and which of them need someone most.

use std::collections::BTreeSet;

use super::{AuditedArchive, Impact};
use crate::finding::counted;
use crate::plan::Impacts;
use crate::report::columns::columns;
use crate::report::table::and_more;
use crate::report::{Answer, Detail};
use crate::sanitize::sanitize;
use crate::target::Form;

/// Those that need someone, what matters most first, then all of them in figures; in at most `width`
/// columns.
pub fn ranking(archives: &[AuditedArchive], detail: Detail, width: u16) -> String {
    let needs_someone = |it: &&AuditedArchive| it.answer.impacts().greatest() > Impact::None;
    let mut ranked: Vec<_> = archives.iter().filter(needs_someone).collect();
    // Stable: what matters equally stays in order.
    ranked.sort_by_key(|it| {
        let Impacts { action, check, .. } = it.answer.impacts();
        std::cmp::Reverse((action, check))
    });
    let shown = detail.of(ranked.len());
    let rows: Vec<_> = ranked.iter().take(shown).map(|it| row(it)).collect();
    let mut text = format!("ALL {} ARCHIVES\n", archives.len());
    if !rows.is_empty() {
        text.push('\n');
        text += &columns(["ARCHIVE", "BREAK", "ASK", "READY"], &rows, width.into());
        text += &and_more(ranked.len().saturating_sub(shown), "archive");
    }
    let all = archives.iter();
    let all = all.fold(Answer::default(), |all, it| all.with(&it.answer));
    text += &all.figures();
    for sentence in restores(archives) {
        text += &format!("{sentence}\n");
    }
    text + &audited(archives)
}

/// What is known of a restore of the archives that would be upgraded, a sentence for each form.
pub(super) fn restores<'a>(
    archives: impl IntoIterator<Item = &'a AuditedArchive>,
) -> BTreeSet<&'static str> {
    let forms = archives.into_iter().filter_map(|archive| archive.form);
    forms.map(Form::sentence).collect()
}

fn row(archive: &AuditedArchive) -> [String; 4] {
    let Impacts {
        action,
        check,
        none,
    } = archive.answer.impacts();
    let [action, check, none] = [action, check, none].map(|n| n.to_string());
    [sanitize(&archive.path).into_owned(), action, check, none]
}

/// `374 archives: 372 audited, 2 not`
fn audited(archives: &[AuditedArchive]) -> String {
    let refused = archives.iter().filter(|it| it.error.is_some()).count();
    let all = counted(archives.len(), "archive");
    match refused {
        0 => format!("{all} audited\n"),
        _ => format!(
            "{all}: {} audited, {refused} not\n",
            archives.len() - refused
        ),
    }
}
