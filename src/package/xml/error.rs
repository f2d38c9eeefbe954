//! Errors, each with its place.

/// Why a document cannot be read, and where.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// The document breaks a rule of XML.
    #[error("byte {at}: {what}")]
    Malformed {
        /// Byte position.
        at: u64,
        /// The rule, without a word of the document.
        what: String,
    },
    /// The reader failed.
    #[error(transparent)]
    Read(std::io::Error),
}

pub(super) fn malformed<T>(at: u64, what: impl Into<String>) -> Result<T, XmlError> {
    let what = what.into();
    Err(XmlError::Malformed { at, what })
}
