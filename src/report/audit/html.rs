//! An audit as one page.
use super::AuditedArchive;

/// Placeholder.
pub fn html(_archives: &[AuditedArchive]) -> String {
    String::new()
}
