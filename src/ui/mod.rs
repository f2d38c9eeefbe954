//! The voice: the only room that prints. stdout is data, stderr is for people.

mod bar;
mod events;
mod lines;
mod say;
mod wrap;

pub use bar::Bars;
pub use events::{Events, Verbosity};
pub use say::{Voice, wait_for_a_look};
pub use wrap::wrapped;
