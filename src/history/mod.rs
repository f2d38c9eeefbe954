//! What was done to which archive, for later: a record that an auditor can ask months afterwards,
//! without the archive.
//!
//! A migration is a *task*. It is written down before it begins, again before its target gets its
//! name, and closed after; so a run that was killed is never taken for one that succeeded. The log
//! of a task is stored line by line, and the same lines make the `.log` file beside the target.
//! Everything lies in one SQLite file that several processes may write at once; `docs/history.md`
//! has its schema.
//!
//! Only names and words for permissions are kept, never a secret.

mod detail;
mod error;
pub mod export;
mod filter;
mod grants;
mod log;
mod merge;
mod older;
mod place;
mod process_lock;
mod query;
mod record;
mod rows;
mod store;
mod task;
pub mod task_log;
mod wait;

pub use detail::{AppDetail, AppRecord, OwnerRecord, TaskDetail};
pub use error::HistoryError;
pub use filter::Filter;
pub use grants::{CONNECTIONS, GrantRecord, RESOURCES};
pub use log::{LogPage, ParsedLine};
pub use merge::Merged;
pub use place::default_place;
pub use record::{Asked, TaskRecord};
pub use store::History;
pub use task::{ArchiveRecord, Task, TaskState};
