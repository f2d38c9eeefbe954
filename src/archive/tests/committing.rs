//! The unfinished archive and its end: a name, or nothing.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::build::java;
use super::{OnDisk, on_disk};
use crate::archive::share::Disk;
use crate::archive::{ArchiveError, Kind, Overwrite, Pending, Source, TEMP_SUFFIX};

fn source() -> (OnDisk, Source) {
    let disk = on_disk(&java(&[("data.xml", "content")]));
    let source = Source::open(&disk.path).unwrap();
    (disk, source)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn pending(target: &Path, source: &Source, overwrite: Overwrite) -> Pending {
    let mut pending = Pending::create(target, source, overwrite).unwrap();
    pending.sink().out.write_all(b"new").unwrap();
    pending
}

#[test]
fn a_committed_archive_has_its_name_and_leaves_nothing_else() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    let pending = pending(&target, &source, Overwrite::Refused);
    let temp = pending.path().file_name().unwrap().to_str().unwrap();
    assert!(
        temp.starts_with(".target.fsproject.") && temp.ends_with(TEMP_SUFFIX),
        "{temp}"
    );
    assert!(!target.exists());
    pending.commit().unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
    assert_eq!(
        names(disk.folder.path()),
        ["source.fsproject", "target.fsproject"]
    );
}

#[test]
fn an_archive_that_is_dropped_leaves_nothing() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    drop(pending(&target, &source, Overwrite::Refused));
    assert_eq!(names(disk.folder.path()), ["source.fsproject"]);
}

#[test]
fn an_existing_target_is_an_error_before_and_after_writing() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    let pending = pending(&target, &source, Overwrite::Refused);
    fs::write(&target, "old").unwrap();
    let error = pending.commit().unwrap_err();
    assert!(
        matches!(error, ArchiveError::TargetExists { .. }),
        "{error}"
    );
    let error = Pending::create(&target, &source, Overwrite::Refused).unwrap_err();
    assert!(
        matches!(error, ArchiveError::TargetExists { .. }),
        "{error}"
    );
    assert_eq!(fs::read(&target).unwrap(), b"old");
    assert_eq!(
        names(disk.folder.path()),
        ["source.fsproject", "target.fsproject"]
    );
}

#[test]
fn an_existing_target_is_replaced_when_that_is_allowed() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    fs::write(&target, "old").unwrap();
    pending(&target, &source, Overwrite::Allowed)
        .commit()
        .unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
}

#[test]
fn the_source_is_never_the_target() {
    let (disk, source) = source();
    let detour = disk.folder.path().join(".").join("source.fsproject");
    let error = Pending::create(&detour, &source, Overwrite::Allowed).unwrap_err();
    assert!(
        matches!(error, ArchiveError::TargetIsSource { .. }),
        "{error}"
    );
}

#[test]
fn a_folder_that_does_not_exist_is_a_failed_write_of_the_target() {
    let (disk, source) = source();
    let target = disk.folder.path().join("absent").join("target.fsproject");
    let error = Pending::create(&target, &source, Overwrite::Refused).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot write {}", target.display())
    );
}

#[test]
fn a_name_as_long_as_file_systems_allow_has_room_for_the_temporary_one() {
    let (disk, source) = source();
    let target = disk.folder.path().join("ä".repeat(127));
    pending(&target, &source, Overwrite::Refused)
        .commit()
        .unwrap();
    assert!(target.exists());
}

#[cfg(unix)]
#[test]
fn the_target_is_no_more_open_than_the_source() {
    use std::os::unix::fs::PermissionsExt;
    let (disk, _) = source();
    for mode in [0o600, 0o400, 0o640] {
        fs::set_permissions(&disk.path, fs::Permissions::from_mode(mode)).unwrap();
        let source = Source::open(&disk.path).unwrap();
        let target = disk.folder.path().join(format!("{mode:o}"));
        let pending = pending(&target, &source, Overwrite::Refused);
        let bits = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(bits(pending.path()) & !mode, 0);
        pending.commit().unwrap();
        assert_eq!(bits(&target) & !mode, 0);
        assert_eq!(bits(&target) & 0o600, mode & 0o600);
    }
}

#[test]
fn a_target_that_no_disk_has_room_for_is_an_error_that_says_so() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    let pending = pending(&target, &source, Overwrite::Refused);
    let needed = 1 << 62;
    let error = pending.prepare(&source.input, needed, &[]).unwrap_err();
    assert!(
        matches!(error, ArchiveError::NoSpace { needed: n, .. } if n == needed),
        "{error}"
    );
    assert_eq!(error.kind(), Kind::Io);
    drop(pending);
    assert_eq!(names(disk.folder.path()), ["source.fsproject"]);
}

#[test]
fn room_that_is_not_needed_after_all_is_given_back() {
    let (disk, source) = source();
    let target = disk.folder.path().join("target.fsproject");
    let pending = pending(&target, &source, Overwrite::Refused);
    pending.prepare(&source.input, 4 << 20, &[]).unwrap();
    pending.commit().unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let blocks = fs::metadata(&target).unwrap().blocks();
        assert!(blocks * 512 < 1 << 20, "{blocks} blocks");
    }
}
