//! What FME Flow put into the ZIP, as a model with byte positions. No file is opened here: the
//! documents come in as readers.

mod error;
pub mod xml;

pub use error::{Document, PackageError};
