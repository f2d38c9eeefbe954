//! The one integration test binary: linking once is what keeps the tests fast.
#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in what it calls as well"
)]

mod audit;
mod batch;
mod browser;
mod calibrate;
mod canary;
mod cases;
mod commands;
mod compare;
mod counts;
mod docs;
mod empty;
mod expected;
mod explain;
mod faults;
mod fixtures;
mod handouts;
mod help;
mod hidden;
mod history;
mod hostile;
mod inspect;
mod judgement;
mod kept;
mod limits;
mod long_names;
mod mistaken;
mod mutations;
mod needs;
mod outputs;
mod random;
mod reader;
mod readiness;
mod real;
mod restore;
mod schema;
mod secrets;
mod sharing;
mod stopped;
#[path = "../support/mod.rs"]
mod support;
mod syscalls;
mod transcripts;
mod upgraded;
mod verify;
mod workspace;
