//! Proves that edits of `project.yml` change what they are meant to change: the document is parsed
//! before and after, and the two are compared event by event.

use std::ops::Range;

use saphyr_parser::{Event, Parser};

use super::text::content;
use crate::edit::{Edit, Edits};

/// Edits, and what they are meant to do.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) edits: Vec<Edit>,
    /// Events that are not there any more, in order.
    pub(super) gone: Vec<Range<usize>>,
    /// An event whose value is another.
    pub(super) replaced: Option<(usize, String)>,
}

/// Whether the edited document says what `change` means and is the same in everything else.
pub(super) fn holds(text: &str, change: &Change) -> bool {
    let Some(edited) = edited(text, change) else {
        return false;
    };
    let mut gone = change.gone.clone();
    gone.sort_by_key(|range| range.start);
    let mut gone = gone.into_iter().peekable();
    let before = Parser::new_from_str(content(text)).enumerate();
    let kept = before.filter_map(|(number, event)| {
        while gone.next_if(|range| range.end <= number).is_some() {}
        let is_gone = gone.peek().is_some_and(|range| range.contains(&number));
        (!is_gone).then(|| event.ok().map(|(event, _)| meant(event, number, change)))
    });
    let after = Parser::new_from_str(content(&edited)).map(|event| event.ok().map(|it| it.0));
    kept.eq(after)
}

/// The event with this number as it is to be.
fn meant<'a>(event: Event<'a>, number: usize, change: &'a Change) -> Event<'a> {
    match (event, &change.replaced) {
        (Event::Scalar(_, style, anchor, tag), Some((at, value))) if *at == number => {
            Event::Scalar(value.as_str().into(), style, anchor, tag)
        }
        (event, _) => event,
    }
}

fn edited(text: &str, change: &Change) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let edits = Edits::new(change.edits.clone()).ok()?;
    edits.apply(text.as_bytes(), &mut out).ok()?;
    String::from_utf8(out).ok()
}
