//! What was done to which archive, for later: the task log.

pub mod task_log;
