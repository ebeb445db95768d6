//! Ctrl-C: the command says so, leaves with 1 and writes nothing.
#![cfg(unix)]

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use common::Folder;

/// The phase comes through a pipe, which opens on this side once the command has opened it: by then Ctrl-C is
/// caught, and the solver cannot have begun.
#[test]
fn an_interrupted_recovery_writes_nothing() {
    let folder = Folder::with_picture();
    let phase = folder.bytes("t.phase.npy");
    let before = folder.all();
    let pipes = Folder::new();
    let pipe = pipes.path("phase");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let child = Command::new(env!("CARGO_BIN_EXE_photophone"))
        .current_dir(folder.path("."))
        .args(["recover", "t.png", "-o", "x.wav", "--report", "x.json", "--phase"])
        .arg(&pipe)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut writer = std::fs::File::options().write(true).open(&pipe).expect("the command reads the phase");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill starts").success());
    writer.write_all(&phase).expect("the command reads on");
    drop(writer);
    let output = child.wait_with_output().expect("the command ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.trim_end(), "error: interrupted; nothing was written");
    assert_eq!(folder.all(), before);
}
