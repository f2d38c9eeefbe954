//! `data.xml`: all metadata of a package, read once as a stream.
//!
//! What is kept is the chain from an app to its permissions, each link with the bytes it stands at.
//! Everything else, known or not, is passed over and so stays as it is.

mod collect;
mod item;
mod model;
mod open;
mod read;
mod repeat;
mod tree;

pub use model::{
    App, Connection, Data, Grant, Link, ProjectToken, Registration, Role, Secured, SecuredId,
    Token, User,
};
pub use read::read;
pub use tree::{Place, Tree};
