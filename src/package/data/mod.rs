//! `data.xml`: all metadata of a package, read once as a stream.
//!
//! What is kept is the chain from an app to its permissions, each link with the bytes it stands at.
//! Everything else, known or not, is passed over and so stays as it is. [`kind`] says what an item
//! is, one builder for each kind what is kept of it ([`app`], [`automation`], [`content`],
//! [`security`]), and [`collect`] where that goes.

mod app;
mod automation;
mod collect;
mod content;
mod item;
mod kind;
mod lists;
mod model;
mod named;
mod read;
mod security;
mod slot;

pub use lists::{ItemLocation, ListCounts};
pub use model::{
    App, Automation, Connection, Data, Grant, Link, ProjectToken, Registration, Role, Secured,
    SecuredId, Token, User,
};
pub use named::Named;
pub use read::read;
