//! Room on the disk, kept before anything is written.

use std::fs::File;
use std::io::Write;

use super::build::java;
use super::{OnDisk, on_disk};
use crate::archive::share::blocks::Disk;
use crate::archive::{ArchiveError, ErrorKind, Source};
use crate::package::WANTED;

fn scene() -> (OnDisk, Source, File) {
    let disk = on_disk(&java(&[("data.xml", "content")]));
    let source = Source::open(&disk.path, WANTED).unwrap();
    let file = File::create(disk.folder.path().join("target")).unwrap();
    (disk, source, file)
}

#[test]
fn a_target_that_no_disk_has_room_for_is_an_error_that_says_so() {
    let (disk, source, file) = scene();
    let (target, needed) = (disk.folder.path().join("target"), 1 << 62);
    let prepared = file.prepare(&target, &source.input, needed, &[]);
    let error = prepared.unwrap_err();
    assert!(
        matches!(error, ArchiveError::NoSpace { needed: n, .. } if n == needed),
        "{error}"
    );
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn room_that_is_kept_makes_no_file_longer() {
    let (disk, source, mut file) = scene();
    let target = disk.folder.path().join("target");
    file.prepare(&target, &source.input, 4 << 20, &[]).unwrap();
    file.write_all(b"new").unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"new");
}
