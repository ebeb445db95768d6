//! The browser is opened with a file that sends it to the page.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes a page that leads to `link`, readable by this user alone.
///
/// Every user of a computer sees the arguments of all processes: the link itself must not be one.
pub(crate) fn redirect_file(folder: &Path, link: &str) -> io::Result<PathBuf> {
    let path = folder.join("open.html");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=referrer content=no-referrer>\
         <meta http-equiv=refresh content=\"0;url={link}\"><title>Photophone</title><a href=\"{link}\">Photophone</a>\n"
    );
    options.open(&path)?.write_all(page.as_bytes())?;
    Ok(path)
}

/// Asks the system to show a file in the browser; gives whether there is somebody to ask.
pub(crate) fn open(path: &Path) -> bool {
    let program: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["cmd", "/C", "start", ""]
    } else {
        &["xdg-open"]
    };
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_leads_to_the_link_and_is_the_users_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = redirect_file(folder.path(), "http://127.0.0.1:9/#t=00ff").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("url=http://127.0.0.1:9/#t=00ff"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
