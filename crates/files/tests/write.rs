//! All-or-nothing writing: inputs are never destroyed, failures leave nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::fs;
use std::io::Write;
use std::path::Path;

use photophone_files::{Existing, FileError, Outputs, Stage, bytes_digest, write_beside_then_rename};

fn write(path: &Path, inputs: &[&Path], text: &[u8]) -> Result<(), FileError> {
    write_beside_then_rename(path, inputs, |writer| {
        writer.write_all(text).map_err(|source| FileError::Write { path: path.to_owned(), source })
    })
}

/// Adds a file of some text to the outputs of a work.
fn add(outputs: &mut Outputs, path: &Path, text: &[u8]) -> Result<(), FileError> {
    outputs.write(path, |writer| {
        writer.write_all(text).map_err(|source| FileError::Write { path: path.to_owned(), source })
    })
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_failure_keeps_the_old_file_and_leaves_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.txt");
    write(&path, &[], b"old").unwrap();
    let failed = write_beside_then_rename(&path, &[], |writer| {
        writer.write_all(b"half of the new").unwrap();
        Err::<(), _>(FileError::Empty { path: path.clone(), expected: "a test" })
    });
    assert!(matches!(failed, Err(FileError::Empty { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["out.txt"]);
    write(&path, &[], b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(folder.path()), ["out.txt"]);
}

#[test]
fn a_missing_folder_and_a_folder_as_output_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("no/out.txt"), folder.path().to_owned()] {
        let error = write(&path, &[], b"text").unwrap_err();
        assert!(matches!(error, FileError::Write { .. }), "{error}");
        assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn an_input_is_recognised_by_another_path() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.txt");
    fs::write(&input, b"precious").unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let error = write(&folder.path().join("sub/../in.txt"), &[Path::new("other"), &input], b"x").unwrap_err();
    assert!(matches!(error, FileError::Overwrites { .. }), "{error}");
    assert_eq!(fs::read(&input).unwrap(), b"precious");
}

#[test]
fn several_outputs_get_their_names_together() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["one", "two", "three"].map(|name| folder.path().join(name));
    fs::write(&paths[0], b"old").unwrap();
    let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
    for path in &paths {
        outputs.plan(path).unwrap();
        assert_eq!(names(folder.path()), ["one"]);
    }
    for path in &paths {
        add(&mut outputs, path, b"new").unwrap();
        assert_eq!(fs::read(&paths[0]).unwrap(), b"old");
    }
    outputs.commit().unwrap();
    assert_eq!(names(folder.path()), ["one", "three", "two"]);
    assert!(paths.iter().all(|path| fs::read(path).unwrap() == b"new"));
}

/// The last of three names becomes a folder after the outputs were checked: the others get back what they replaced.
#[test]
fn where_one_output_fails_the_others_are_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["old", "fresh", "blocked"].map(|name| folder.path().join(name));
    fs::write(&paths[0], b"old").unwrap();
    let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
    for path in &paths {
        add(&mut outputs, path, b"new").unwrap();
    }
    fs::create_dir(&paths[2]).unwrap();
    let error = outputs.commit().unwrap_err();
    assert!(matches!(&error, FileError::Write { path, .. } if *path == paths[2]), "{error}");
    assert_eq!(names(folder.path()), ["blocked", "old"]);
    assert_eq!(fs::read(&paths[0]).unwrap(), b"old");
}

#[test]
fn a_file_that_exists_is_refused_even_if_it_came_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let mut outputs = Outputs::new(Existing::Refuse, &Stage::default());
    add(&mut outputs, &one, b"new").unwrap();
    add(&mut outputs, &two, b"new").unwrap();
    fs::write(&two, b"somebody's").unwrap();
    let error = outputs.commit().unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
    assert!(error.to_string().contains("`force`"), "{error}");
    assert_eq!(names(folder.path()), ["two"]);
    assert_eq!(fs::read(&two).unwrap(), b"somebody's");
    let error = Outputs::new(Existing::Refuse, &Stage::default()).plan(&two).unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
}

#[test]
fn a_read_only_file_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    fs::write(&path, b"old").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = write(&path, &[], b"new").unwrap_err();
    assert!(matches!(error, FileError::ReadOnly { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["kept"]);
}

#[test]
fn two_outputs_are_two_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
    outputs.plan(&folder.path().join("one")).unwrap();
    let error = outputs.plan(&folder.path().join("sub/../one")).unwrap_err();
    assert!(matches!(error, FileError::SameOutput { .. }), "{error}");
}

/// Whether a name in another case is another file is the folder's to say.
#[test]
fn names_that_differ_by_case_are_what_the_folder_takes_them_for() {
    let folder = tempfile::tempdir().unwrap();
    let (lower, upper) = (folder.path().join("one"), folder.path().join("ONE"));
    let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
    outputs.plan(&lower).unwrap();
    let refused = outputs.plan(&upper).is_err();
    fs::write(&lower, b"").unwrap();
    assert_eq!(refused, upper.exists());
}

#[test]
fn an_abandoned_work_leaves_nothing_and_puts_nothing_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, path) = (Stage::default(), folder.path().join("out"));
    let mut outputs = Outputs::new(Existing::Replace, &stage);
    add(&mut outputs, &path, b"new").unwrap();
    assert!(!stage.abandon());
    assert!(names(folder.path()).is_empty());
    let error = outputs.commit().unwrap_err();
    assert!(matches!(error, FileError::Abandoned), "{error}");
    assert!(names(folder.path()).is_empty());
}

/// Sixteen threads write pairs to the same two names: what is there at last is one thread's.
#[test]
fn pairs_written_at_once_are_not_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    std::thread::scope(|scope| {
        for number in 0..16 {
            let (one, two) = (&one, &two);
            scope.spawn(move || {
                let text = [number; 100];
                let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
                add(&mut outputs, one, &text).unwrap();
                add(&mut outputs, two, &text).unwrap();
                outputs.commit().unwrap();
            });
        }
    });
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
    assert_eq!(names(folder.path()), ["one", "two"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn an_input_is_recognised_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in.txt");
        fs::write(&input, b"precious").unwrap();
        let (soft, hard) = (folder.path().join("soft"), folder.path().join("hard"));
        symlink(&input, &soft).unwrap();
        fs::hard_link(&input, &hard).unwrap();
        for output in [&soft, &hard] {
            let error = write(output, &[&input], b"x").unwrap_err();
            assert!(matches!(error, FileError::Overwrites { .. }), "{error}");
        }
        assert_eq!(fs::read(&input).unwrap(), b"precious");
    }

    #[test]
    fn a_link_is_followed_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, b"old").unwrap();
        symlink(&target, &link).unwrap();
        write(&link, &[], b"new").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_link_to_nothing_is_followed_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let link = folder.path().join("link");
        symlink("sub/target", &link).unwrap();
        write(&link, &[], b"new").unwrap();
        assert_eq!(fs::read(folder.path().join("sub/target")).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        let error = write(&circle, &[], b"new").unwrap_err();
        assert!(error.to_string().contains("circle of links"), "{error}");
    }

    #[test]
    fn two_outputs_that_are_one_file_by_a_link_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let [file, soft, hard, fresh, dangling] =
            ["file", "soft", "hard", "fresh", "dangling"].map(|name| folder.path().join(name));
        fs::write(&file, b"old").unwrap();
        symlink(&file, &soft).unwrap();
        fs::hard_link(&file, &hard).unwrap();
        symlink(&fresh, &dangling).unwrap();
        for (one, other) in [(&file, &soft), (&file, &hard), (&soft, &hard), (&fresh, &dangling)] {
            let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
            outputs.plan(one).unwrap();
            let error = outputs.plan(other).unwrap_err();
            assert!(matches!(error, FileError::SameOutput { .. }), "{error}");
        }
    }

    #[test]
    fn permissions_are_those_of_any_new_file_or_of_the_replaced_one() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (plain, path) = (folder.path().join("plain"), folder.path().join("out"));
        fs::write(&plain, b"").unwrap();
        write(&path, &[], b"new").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write(&path, &[], b"newer").unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt;
        write(Path::new("/dev/null"), &[], b"text").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        if Path::new("/dev/full").exists() {
            let error = write(Path::new("/dev/full"), &[], b"text").unwrap_err();
            assert!(matches!(error, FileError::Write { .. }), "{error}");
        }
    }
}

#[test]
fn an_own_file_is_replaced_where_others_are_refused_and_digests_are_of_what_is_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let (result, record) = (folder.path().join("result"), folder.path().join("record"));
    fs::write(&record, b"of before").unwrap();
    let mut outputs = Outputs::new(Existing::Refuse, &Stage::default());
    outputs.plan_own(&record).unwrap();
    add(&mut outputs, &result, b"new").unwrap();
    let digests = outputs.digests().unwrap();
    assert_eq!(digests, [(result.clone(), bytes_digest(b"new"))]);
    add(&mut outputs, &record, b"of now").unwrap();
    outputs.commit().unwrap();
    assert_eq!((fs::read(&result).unwrap(), fs::read(&record).unwrap()), (b"new".to_vec(), b"of now".to_vec()));
    let mut again = Outputs::new(Existing::Refuse, &Stage::default());
    again.plan_own(&record).unwrap();
    assert!(matches!(again.plan(&result), Err(FileError::Exists { .. })));
}
