//! Histories of many tasks, or of tasks with many grants, and what it costs to recall them.

use std::path::{Path, PathBuf};

use flowlift::history::export::ExportFormat;
use flowlift::history::{Asked, Filter, History, TaskRecord};
use flowlift::output::Overwrite;
use flowlift::plan::Options;
use flowlift::report::list_table;
use jiff::tz::TimeZone;

use super::axes::Axes;
use super::{clock, migrated, plan};

fn history_of(archive: &Path) -> PathBuf {
    archive.with_file_name("history.sqlite")
}

/// An archive whose history has so many tasks.
pub(super) fn with_tasks(archive: &Path, tasks: u32) {
    Axes::ONE.write(archive);
    let plan = plan(archive).plan;
    let history = History::open(&history_of(archive)).unwrap();
    let clock = clock();
    for _ in 0..tasks {
        let asked = Asked {
            source: archive,
            options: Options::default(),
            overwrite: Overwrite::Refused,
        };
        let mut record = TaskRecord::submit(Some(&history), asked, &clock).unwrap();
        record.nothing_to_do(&plan).unwrap();
    }
}

/// An archive whose history has a task with so many grants.
pub(super) fn with_grants(archive: &Path, connections: u32) {
    let axes = Axes {
        connections,
        ..Axes::ONE
    };
    axes.write(archive);
    migrated(archive);
}

/// Asks the history of an archive for everything, and says how many tasks it has.
pub(super) fn recalled(archive: &Path) -> usize {
    let history = History::read(&history_of(archive)).unwrap();
    let all = Filter::default();
    let tasks = history.tasks(&all).unwrap();
    let ids = history.ids().unwrap();
    drop(list_table(&tasks, &ids, &TimeZone::UTC, 100));
    for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
        let mut put = |rows: &str| {
            assert!(rows.len() < 128 * 1024, "rows are handed on as they come");
            Ok(())
        };
        history.export(&all, format, &mut put).unwrap();
    }
    drop(history.detail(&ids[0]).unwrap());
    tasks.len()
}
