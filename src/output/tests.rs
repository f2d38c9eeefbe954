//! The unfinished file and its end: a name, or nothing. And which paths mean one file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::leftovers::TEMP_SUFFIX;
use super::{FileAccess, FileRole, Files, NewFile, OutputError, Overwrite, TempOutput};

/// A folder with a source in it.
fn scene() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.fsproject");
    fs::write(&source, "source").unwrap();
    (folder, source)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn create<'a>(
    files: &'a Files,
    path: &'a Path,
    overwrite: Overwrite,
) -> Result<TempOutput<'a>, OutputError> {
    let target = NewFile {
        path,
        role: FileRole::Report,
        overwrite,
        access: FileAccess::Default,
    };
    let mut output = TempOutput::create(files, target)?;
    output.sink().out.write_all(b"new").unwrap();
    Ok(output)
}

fn commit(output: TempOutput<'_>) -> Result<(), OutputError> {
    output.sync()?.commit()
}

#[test]
fn a_committed_file_has_its_name_and_leaves_nothing_else() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("target.fsproject"));
    let output = create(&files, &target, Overwrite::Refused).unwrap();
    let temp = output.path().file_name().unwrap().to_str().unwrap();
    assert!(
        temp.starts_with(".target.fsproject.") && temp.ends_with(TEMP_SUFFIX),
        "{temp}"
    );
    assert!(!target.exists());
    commit(output).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
    let expected = ["source.fsproject", "target.fsproject"];
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn a_file_that_is_dropped_leaves_nothing() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("target"));
    drop(create(&files, &target, Overwrite::Refused).unwrap());
    assert_eq!(names(folder.path()), ["source.fsproject"]);
}

#[test]
fn an_existing_target_is_an_error_before_and_after_writing() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("target"));
    let output = create(&files, &target, Overwrite::Refused).unwrap();
    fs::write(&target, "old").unwrap();
    let error = commit(output).unwrap_err();
    assert!(matches!(error, OutputError::Exists { .. }), "{error}");
    let error = create(&files, &target, Overwrite::Refused).unwrap_err();
    assert!(matches!(error, OutputError::Exists { .. }), "{error}");
    assert_eq!(fs::read(&target).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["source.fsproject", "target"]);
}

#[test]
fn an_existing_target_is_replaced_when_that_is_allowed() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("target"));
    fs::write(&target, "old").unwrap();
    // More than once: the system has another number for it each time.
    for _ in 0..3 {
        commit(create(&files, &target, Overwrite::Allowed).unwrap()).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }
}

#[test]
fn a_folder_that_does_not_exist_is_a_failed_write_of_the_target() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("absent/target"));
    let error = create(&files, &target, Overwrite::Refused).unwrap_err();
    let expected = format!("cannot write {}", target.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_name_as_long_as_file_systems_allow_has_room_for_the_temporary_one() {
    let (folder, _) = scene();
    let (files, target) = (Files::default(), folder.path().join("ä".repeat(127)));
    commit(create(&files, &target, Overwrite::Refused).unwrap()).unwrap();
    assert!(target.exists());
}

#[test]
fn only_what_is_a_regular_file_is_ever_replaced() {
    let (folder, source) = scene();
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "other systems have fewer kinds")
    )]
    let mut others = vec![folder.path().join("folder"), folder.path().join("new/")];
    fs::create_dir(&others[0]).unwrap();
    #[cfg(unix)]
    {
        others.push(folder.path().join("link"));
        std::os::unix::fs::symlink(&source, others.last().unwrap()).unwrap();
        others.push(folder.path().join("dangling"));
        std::os::unix::fs::symlink("nowhere", others.last().unwrap()).unwrap();
        others.push(folder.path().join("socket"));
        std::os::unix::net::UnixListener::bind(others.last().unwrap()).unwrap();
    }
    let before = names(folder.path());
    for other in others {
        for overwrite in [Overwrite::Allowed, Overwrite::Refused] {
            let files = Files::default();
            let error = create(&files, &other, overwrite).unwrap_err();
            assert!(matches!(error, OutputError::NotRegular { .. }), "{error}");
        }
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read(source).unwrap(), b"source");
}

fn clash(first: (FileRole<'_>, &Path), second: (FileRole<'_>, &Path)) -> Option<String> {
    let files = Files::default();
    files.add(first.0, first.1).unwrap();
    files
        .add(second.0, second.1)
        .err()
        .map(|error| error.to_string())
}

#[test]
fn what_is_read_is_never_written_whatever_it_is_called() {
    let (folder, source) = scene();
    fs::create_dir(folder.path().join("sub")).unwrap();
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "other systems have fewer kinds")
    )]
    let mut names = vec![
        source.clone(),
        folder.path().join("./source.fsproject"),
        folder.path().join("sub/../source.fsproject"),
    ];
    #[cfg(unix)]
    {
        let (hard, soft) = (folder.path().join("hard"), folder.path().join("soft"));
        fs::hard_link(&source, &hard).unwrap();
        std::os::unix::fs::symlink(&source, &soft).unwrap();
        let detour = folder.path().join("detour");
        std::os::unix::fs::symlink(folder.path(), &detour).unwrap();
        names.extend([hard, soft, detour.join("source.fsproject")]);
    }
    let archive = (FileRole::Archive, &*source);
    for name in &names {
        let said = clash(archive, (FileRole::Report, name)).unwrap();
        for path in [&source, name] {
            assert!(said.contains(&path.display().to_string()), "{said}");
        }
        assert!(
            clash((FileRole::EventLog, name), archive).is_some(),
            "{name:?}"
        );
        assert_eq!(clash(archive, (FileRole::Archive, name)), None);
    }
}

#[test]
fn two_files_that_do_not_exist_yet_are_told_apart_by_their_folder_and_name() {
    let (folder, source) = scene();
    let at = |name: &str| folder.path().join(name);
    let target = (FileRole::Target(&source), &*at("new"));
    assert!(clash(target, (FileRole::Report, &at("./new"))).is_some());
    assert!(clash(target, (FileRole::Report, &at("other"))).is_none());
    let deep = (FileRole::Target(&source), &*at("gone/deep/new"));
    assert!(clash(deep, (FileRole::Report, &at("gone/./deep/new"))).is_some());
    assert!(clash(deep, (FileRole::Report, &at("gone/deep/other"))).is_none());
    // The same again is what it was.
    assert_eq!(clash(target, target), None);
}

#[test]
fn names_in_another_case_are_one_file_where_the_disk_says_so() {
    let (folder, source) = scene();
    let ignores_case = folder.path().join("SOURCE.FSPROJECT").exists();
    let (lower, upper) = (folder.path().join("neü"), folder.path().join("NEÜ"));
    let said = clash(
        (FileRole::Target(&source), &lower),
        (FileRole::Report, &upper),
    );
    assert_eq!(said.is_some(), ignores_case, "{said:?}");
}

#[test]
fn a_file_that_another_output_has_become_is_not_replaced_by_the_next() {
    let (folder, source) = scene();
    let files = Files::default();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let first = create(&files, &one, Overwrite::Allowed).unwrap();
    let target = NewFile {
        path: &two,
        role: FileRole::Target(&source),
        overwrite: Overwrite::Allowed,
        access: FileAccess::Default,
    };
    let second = TempOutput::create(&files, target).unwrap();
    commit(first).unwrap();
    // As if the disk had taken both names for the same all along.
    fs::hard_link(&one, &two).unwrap();
    let error = commit(second).unwrap_err();
    assert!(matches!(error, OutputError::Clash(_)), "{error}");
    assert_eq!(fs::read(&two).unwrap(), b"new");
}

#[test]
fn names_of_streams_are_no_files() {
    let (folder, _) = scene();
    let mut streams = vec!["-"];
    if cfg!(unix) {
        streams.extend(["/dev/stdin", "/dev/stdout", "/dev/fd/1"]);
    }
    for stream in streams {
        for role in [FileRole::Archive, FileRole::Report] {
            let added = Files::default().add(role, Path::new(stream));
            assert!(
                matches!(added, Err(OutputError::Stream { .. })),
                "{stream}: {added:?}"
            );
        }
    }
    let dash = folder.path().join("-");
    assert!(Files::default().add(FileRole::Report, &dash).is_ok());
}

#[cfg(unix)]
#[test]
fn a_file_is_no_more_open_than_the_one_it_is_like() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, source) = scene();
    for mode in [0o600, 0o400, 0o640] {
        fs::set_permissions(&source, fs::Permissions::from_mode(mode)).unwrap();
        let permissions = fs::metadata(&source).unwrap().permissions();
        let (files, path) = (Files::default(), folder.path().join(format!("{mode:o}")));
        let target = NewFile {
            path: &path,
            role: FileRole::Target(&source),
            overwrite: Overwrite::Refused,
            access: FileAccess::Like(&permissions),
        };
        let output = TempOutput::create(&files, target).unwrap();
        let bits = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(bits(output.path()) & !mode, 0);
        commit(output).unwrap();
        assert_eq!(bits(&path) & !mode, 0);
        assert_eq!(bits(&path) & 0o600, mode & 0o600);
    }
}
