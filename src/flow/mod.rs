//! FME Flow's own words: what the tool talks about, free of any file format.

mod app;
mod grant;
mod permission;
mod resource;
mod time;
mod version;

pub use app::{AppKind, AppRef, Identifier};
pub use grant::{Carried, CarriedResource, Dropped};
pub use permission::{Category, ItemPermissions, Permissions, Union};
pub use resource::{folder_of, resources_in};
pub use time::ServerTime;
pub use version::{Build, Schema};
