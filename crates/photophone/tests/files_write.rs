//! All-or-nothing writing: inputs are never destroyed, failures leave nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::fs;
use std::io::Write;
use std::path::Path;

use photophone::Error;
use photophone::files::write_beside_then_rename;

fn write(path: &Path, inputs: &[&Path], text: &[u8]) -> Result<(), Error> {
    write_beside_then_rename(path, inputs, |writer| {
        writer.write_all(text).map_err(|source| Error::Write { path: path.to_owned(), source })
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
        Err::<(), _>(Error::Empty { path: path.clone(), expected: "a test" })
    });
    assert!(matches!(failed, Err(Error::Empty { .. })));
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
        assert!(matches!(error, Error::Write { .. }), "{error}");
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
    assert!(matches!(error, Error::Overwrites { .. }), "{error}");
    assert_eq!(fs::read(&input).unwrap(), b"precious");
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
            assert!(matches!(error, Error::Overwrites { .. }), "{error}");
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
            assert!(matches!(error, Error::Write { .. }), "{error}");
        }
    }
}
