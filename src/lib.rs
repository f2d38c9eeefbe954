//! Carries the permissions of FME Flow apps over to 2026.1, offline.
//!
//! Data goes one way, and the modules are listed in that order:
//! bytes → [`archive`] → package → plan → migrate → archive again.

pub mod archive;
pub mod edit;
pub mod finding;
pub mod flow;
pub mod limits;
pub mod package;
pub mod plan;
pub mod target;
pub mod watch;
pub mod workspace;
