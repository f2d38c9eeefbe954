//! What FME Flow put into the ZIP, as a model with byte positions. No file is opened here: the
//! documents come in as readers.

pub mod data;
mod error;
pub mod files_map;
mod names;
pub mod project;
pub mod properties;
pub mod xml;

pub use error::{Document, PackageError};
pub use names::{Key, Keys};
