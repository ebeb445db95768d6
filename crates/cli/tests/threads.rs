//! The command where the system gives it no thread.

mod common;

use assert_cmd::Command;
use common::Folder;

/// A stack that no address space has room for: starting a thread fails as it does at a limit of processes.
const NO_ROOM: &str = "70368744177664";

#[test]
fn where_no_thread_can_be_started_work_goes_on_and_the_result_is_the_same() {
    let folder = Folder::with_picture();
    folder.succeed(&["recover", "t.png", "-o", "threads.wav"]);
    for arguments in [["draw", "t.wav", "-o", "alone.png"], ["recover", "t.png", "-o", "alone.wav"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photophone"));
        let alone = command.current_dir(folder.path(".")).env("RUST_MIN_STACK", NO_ROOM).args(arguments).output();
        let alone = alone.expect("the command starts");
        assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    }
    assert_eq!(folder.bytes("alone.wav"), folder.bytes("threads.wav"));
    assert_eq!(folder.bytes("alone.phase.npy"), folder.bytes("t.phase.npy"));
}
