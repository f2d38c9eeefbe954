//! The voice: the only room that prints. stdout is data, stderr is for people.

mod bar;
mod events;
mod lines;
mod say;
mod wrap;

pub(crate) use bar::Bars;
pub(crate) use events::{Events, FINDINGS, Verbosity};
pub(crate) use say::{Voice, wait_for_a_look};
pub(crate) use wrap::wrapped;
