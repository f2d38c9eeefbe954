//! What every page has: its own style and script, and a policy that allows nothing else.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

/// As a browser reads it: whatever a checkout makes of line ends, they are line feeds.
pub(super) fn embedded(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What the policy calls a script or a style by.
pub(super) fn digest(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// A policy that forbids any network and any style but `style`.
pub(super) fn policy_without_script(style: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src '{}'; base-uri 'none'; form-action 'none'",
        digest(style)
    )
}
