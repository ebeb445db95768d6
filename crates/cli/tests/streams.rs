//! Standard input and output, pipes and devices through the command.

mod common;

use common::Folder;
use serde_json::Value;

#[test]
fn a_sound_becomes_a_picture_and_a_sound_through_pipes() {
    let folder = Folder::with_picture();
    let drawn = folder.run_fed(&["draw", "-", "-o", "-"], &folder.bytes("t.wav"));
    assert!(drawn.status.success() && drawn.stdout.starts_with(b"\x89PNG"));
    let piped = folder.run_fed(&["draw", "-"], &folder.bytes("t.wav"));
    assert!(piped.stdout == drawn.stdout);
    // A few iterations: what is read and written counts here.
    let few = ["--iterations", "3"];
    let recover = |arguments: &[&str], stdin: &str| {
        folder.run_fed(&[&["recover"], arguments, &few[..]].concat(), &folder.bytes(stdin))
    };
    let sound = recover(&["-", "-o", "-"], "t.png");
    assert!(sound.status.success() && sound.stdout.starts_with(b"RIFF"));
    // The same as through files, where no phase is.
    std::fs::rename(folder.path("t.phase.npy"), folder.path("kept.npy")).expect("renamed");
    folder.succeed(&[&["recover", "t.png", "-o", "file.wav"], &few[..]].concat());
    assert!(sound.stdout == folder.bytes("file.wav"));
    let from_array = recover(&["-", "--length", "22050"], "kept.npy");
    assert!(from_array.status.success() && from_array.stdout.starts_with(b"RIFF"));
    let with_phase = recover(&["t.png", "--phase", "-", "-o", "phase.wav"], "kept.npy");
    assert!(with_phase.status.success());
    let seen = folder.run_fed(&["inspect", "-"], &folder.bytes("t.png"));
    assert!(seen.status.success() && String::from_utf8_lossy(&seen.stdout).contains("84 x 44"));
    let compared = folder.run_fed(&["compare", "-", "t.wav"], &folder.bytes("t.wav"));
    assert!(compared.status.success());
    assert!(!folder.path("-").exists());
}

#[test]
fn the_report_goes_to_standard_output() {
    let folder = Folder::with_picture();
    for arguments in [&["--report", "-"][..], &["--json"]] {
        let printed = folder.succeed(&[&["recover", "t.png", "--force"], arguments].concat());
        let report: Value = serde_json::from_str(&printed).expect("JSON and nothing else");
        assert_eq!(report["input"], "t.png");
    }
    assert!(!folder.path("-").exists());
}

#[test]
fn standard_output_takes_one_output_and_standard_input_gives_one_input() {
    let folder = Folder::with_picture();
    for arguments in [
        &["recover", "t.png", "-o", "-", "--report", "-"][..],
        &["recover", "t.png", "-o", "-", "--json"],
        &["inspect", "t.png", "--overlay", "-"],
        &["compare", "t.wav", "t.wav", "--plot", "-"],
    ] {
        let said = folder.refused(arguments);
        assert!(said.contains("standard output") && said.contains("a file"), "{said}");
    }
    let output = folder.run_fed(&["compare", "-", "-"], &folder.bytes("t.wav"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("named for two inputs"), "{said}");
    for arguments in [&["draw", "-"][..], &["recover", "-"], &["inspect", "-"]] {
        let output = folder.run_fed(arguments, b"");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains("the standard input"), "{said}");
    }
}

#[cfg(unix)]
mod unix {
    use std::process::{Command, Stdio};

    use super::*;

    fn shell(folder: &Folder, script: &str) -> std::process::Output {
        let command = env!("CARGO_BIN_EXE_photophone");
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path(".")).args(["-c", script, command]).stdin(Stdio::null());
        shell.output().expect("sh starts")
    }

    #[test]
    fn a_full_device_is_an_error_and_a_reader_that_left_is_none() {
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let folder = Folder::with_picture();
        let before = folder.all();
        for script in [
            "\"$0\" inspect t.png > /dev/full",
            "\"$0\" inspect t.png --json > /dev/full",
            "\"$0\" compare t.wav t.wav > /dev/full",
            "\"$0\" recover t.png -o x.wav --json > /dev/full",
            "\"$0\" draw t.wav -o - > /dev/full",
            "\"$0\" draw --help > /dev/full",
        ] {
            let output = shell(&folder, script);
            assert_eq!(output.status.code(), Some(1), "{script}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("standard output"), "{script}: {said}");
            assert!(folder.all() == before, "{script}");
        }
        let script = "mkfifo gone; { \"$0\" recover t.png -o - --gain 0; echo $? > code; } | true";
        shell(&folder, script);
        assert_eq!(folder.bytes("code"), b"0\n");
    }

    /// What is open already is written to, whatever its name: the shell's file is not replaced, and nothing in it lost.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_link_to_an_open_file_is_written_through() {
        let folder = Folder::with_picture();
        let script = "ln -s /dev/stdout open.png; { echo before; \"$0\" draw t.wav -o open.png; } >> got";
        assert!(shell(&folder, script).status.success());
        assert!(folder.bytes("got").starts_with(b"before\n\x89PNG"));
        assert!(folder.path("open.png").symlink_metadata().expect("the link").is_symlink());
    }

    /// A device that never ends is refused by its first bytes.
    #[test]
    fn what_never_ends_is_refused_at_once() {
        let folder = Folder::with_picture();
        for script in [
            "\"$0\" recover /dev/zero -o x.wav",
            "\"$0\" recover - -o x.wav < /dev/zero",
            "\"$0\" recover t.png --phase /dev/zero -o x.wav",
            "\"$0\" recover t.png --original /dev/zero -o x.wav",
            "\"$0\" inspect /dev/zero",
            "\"$0\" draw - -o x.png < /dev/zero",
        ] {
            // Little more than the program itself fits.
            let output = shell(&folder, &format!("ulimit -v 400000; {script}"));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{script}: {said}");
            assert!(said.contains("no known kind"), "{script}: {said}");
        }
    }

    #[test]
    fn pipes_with_names_are_read_and_written() {
        let folder = Folder::with_picture();
        let script = "mkfifo in.wav in.npy out.png && cat t.wav > in.wav & sleep 0.1; \
            { cat out.png > got.png & } ; \"$0\" draw in.wav -o out.png && wait && \
            { cat t.phase.npy > in.npy & } && \"$0\" recover in.npy -o back.wav --length 22050";
        let output = shell(&folder, script);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(folder.bytes("got.png").starts_with(b"\x89PNG"));
        assert!(folder.bytes("back.wav").starts_with(b"RIFF"));
    }
}
