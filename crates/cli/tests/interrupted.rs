//! Ctrl-C: every command ends within a second, leaves with 130 and writes nothing.
#![cfg(unix)]

mod common;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::Folder;

/// A second after the signal, and as much again for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(2);

fn start(folder: &Folder, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_photophone"))
        .current_dir(folder.path("."))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts")
}

fn make_pipe(folder: &Folder, name: &str) {
    assert!(Command::new("mkfifo").arg(folder.path(name)).status().expect("mkfifo starts").success());
}

/// Interrupts a command; gives what it said.
fn interrupt(child: Child, what: &[&str]) -> String {
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill starts").success());
    let start = Instant::now();
    let output = child.wait_with_output().expect("the command ends");
    let (took, stderr) = (start.elapsed(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(output.status.code(), Some(130), "{what:?}: {stderr}");
    assert!(took < PATIENCE, "{what:?}: {took:?}");
    stderr
}

/// The phase comes through a pipe, which opens on this side once the command has opened it: by then Ctrl-C is
/// caught. The command waits for what never comes.
#[test]
fn commands_that_wait_for_a_pipe_are_interrupted() {
    let folder = Folder::with_picture();
    let before = folder.all();
    let pipes = Folder::new();
    make_pipe(&pipes, "pipe");
    let pipe = pipes.path("pipe").display().to_string();
    for arguments in [
        &["recover", "t.png", "-o", "x.wav", "--report", "x.json", "--phase", &pipe][..],
        &["recover", &pipe, "-o", "x.wav"],
        &["draw", &pipe, "-o", "x.png"],
        &["inspect", &pipe],
        &["compare", "t.wav", &pipe],
    ] {
        let child = start(&folder, arguments);
        let writer = std::fs::File::options().write(true).open(&pipe).expect("the command reads the pipe");
        let said = interrupt(child, arguments);
        assert_eq!(said.trim_end(), "error: interrupted; nothing was written");
        assert!(folder.all() == before, "{:?}", folder.all().keys());
        drop(writer);
    }
}

/// Nobody reads the pipe that is written to.
#[test]
fn writing_to_a_pipe_is_interrupted() {
    let folder = Folder::with_picture();
    make_pipe(&folder, "out.wav");
    make_pipe(&folder, "out.png");
    for arguments in [&["recover", "t.png", "-o", "out.wav"][..], &["draw", "t.wav", "-o", "out.png"]] {
        let before = folder.all();
        let child = start(&folder, arguments);
        // Time enough to come to the end of the work, where the command waits for a reader.
        std::thread::sleep(Duration::from_secs(2));
        interrupt(child, arguments);
        assert!(folder.all() == before, "{:?}", folder.all().keys());
    }
}

#[test]
fn a_demo_is_interrupted() {
    let folder = Folder::new();
    let mut child = start(&folder, &["demo", "demo"]);
    while !folder.path("demo/original.wav").exists() {
        assert!(child.try_wait().expect("a child").is_none(), "the demo ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    interrupt(child, &["demo"]);
    let left: Vec<_> = std::fs::read_dir(folder.path("demo")).expect("the folder").collect();
    let temporary = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".photophone-");
    assert!(!left.iter().flatten().any(temporary), "{left:?}");
}
