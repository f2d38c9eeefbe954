//! Carries the permissions of FME Flow apps over to 2026.1, offline.
//!
//! Up to FME Flow 2025.2 an app reaches Connections and Resources through the permissions of its
//! API token. 2026.1 has no app tokens. This crate reads a backup or a project, decides what
//! becomes of every app, and writes an upgraded archive in which every other byte is as it was.
//!
//! Data goes one way: bytes → [`archive`] (ZIP) → [`package`] (FME's documents) → [`plan()`](plan::plan)
//! (pure) → [`migrate`] (effects) → [`archive`] → [`history`]; [`report`] shows all of it. Two ideas
//! carry everything: documents are edited, not rewritten ([`edit`]); and there is one plan, so that
//! what is said beforehand and what is done cannot disagree.
//!
//! What a plan drops, as a program sees it:
//!
//! ```
//! use std::path::Path;
//!
//! use flowlift::clock::Clock;
//! use flowlift::migrate::prepare;
//! use flowlift::plan::Options;
//! use flowlift::watch::Unwatched;
//!
//! let archive = Path::new("fixtures/city.fsconfig");
//! let prepared = prepare(archive, Options::default(), &Clock::System, &Unwatched)?;
//! for app in &prepared.plan.apps {
//!     for dropped in &app.dropped {
//!         println!("{}: {}", app.name, dropped.permissions);
//!     }
//! }
//! # Ok::<(), flowlift::error::Error>(())
//! ```
//!
//! The program itself is [`cli`], behind the feature of that name, which is on by default.
//!
//! In reading order: [`flow`] (the domain's nouns), [`edit`], [`archive`], [`package`],
//! [`workspace`], [`load`](mod@load), [`finding`], [`target`], [`profile`], [`plan`](mod@plan), [`output`],
//! [`verify`](mod@verify), [`migrate`](mod@migrate), [`history`], [`inspect`], [`readiness`](mod@readiness), [`compare`](mod@compare), [`calibrate`](mod@calibrate), [`report`]; then what supports them.

#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests write what they like")
)]

pub(crate) mod ahead;
pub mod archive;
pub mod calibrate;
#[cfg(feature = "cli")]
pub mod cli;
pub mod clock;
pub mod compare;
pub mod edit;
pub mod error;
pub mod exit;
pub mod finding;
pub mod flow;
pub mod history;
pub mod inspect;
pub(crate) mod io_error;
pub(crate) mod json;
pub mod limits;
pub mod load;
pub mod migrate;
pub mod output;
pub mod package;
pub mod plan;
pub mod profile;
pub mod readiness;
pub mod report;
pub(crate) mod sanitize;
#[cfg(feature = "cli")]
pub(crate) mod search;
#[cfg(feature = "cli")]
pub(crate) mod shell;
pub(crate) mod sorted;
pub mod target;
#[cfg(feature = "cli")]
pub(crate) mod ui;
pub mod verify;
pub mod watch;
pub mod workspace;
