//! What is said to the person: five lines, everything, or nothing.

mod common;

use common::Folder;

fn said(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.run(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    stderr
}

#[test]
fn a_recover_says_five_lines_or_all_or_nothing() {
    let folder = Folder::with_picture();
    let short = said(&folder, &["recover", "t.png", "-o", "a.wav"]);
    let names: Vec<&str> = short.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["is", "assumed", "result", "try", "wrote"], "{short}");
    assert!(short.contains("84 x 44 cells") && short.contains("a.wav") && short.contains("1.00 s"), "{short}");
    let all = said(&folder, &["recover", "t.png", "-o", "b.wav", "--verbose"]);
    assert!(all.lines().count() > 20 && all.contains("loudness unchanged, peak"), "{all}");
    assert_eq!(said(&folder, &["recover", "t.png", "-o", "c.wav", "-q"]), "");
    assert_eq!(folder.bytes("a.wav"), folder.bytes("c.wav"));
}

#[test]
fn a_warning_is_said_beside_the_five_lines() {
    let folder = Folder::with_picture();
    std::fs::remove_file(folder.path("t.phase.npy")).expect("removed");
    let short = said(&folder, &["recover", "t.png", "-o", "a.wav"]);
    assert!(short.contains("WARNING") && short.contains("t.phase.npy"), "{short}");
    assert!(short.contains("--phase FILE"), "{short}");
}

#[test]
fn help_begins_with_what_it_does_and_examples() {
    let folder = Folder::new();
    let help = folder.succeed(&["--help"]);
    let first: Vec<&str> = help.lines().take(5).collect();
    assert!(first[0].contains("back into sound"), "{help}");
    assert!(first.iter().any(|line| line.contains("photophone recover song.png")), "{help}");
    let tuning = |command: &str| {
        let help = folder.succeed(&[command, "--help"]);
        help.lines().find(|line| line.contains("--tuning")).expect("a tuning").to_owned()
    };
    assert!(tuning("recover").contains("auto") && !tuning("draw").contains("auto"));
}

#[test]
fn a_megabyte_is_not_echoed() {
    let folder = Folder::new();
    let long = "7".repeat(100_000);
    folder.put("r.toml", format!("hop = \"{}\"\n", "x".repeat(1_000_000)).as_bytes());
    folder.put("x.wav", b"RIFF");
    for (arguments, code) in [
        (["draw", "x.wav", "--palette", &long], 2),
        (["draw", "x.wav", "--levels", &long], 2),
        (["recover", "x.png", "--recipe", "r.toml"], 1),
        (["recover", &long, "--sr", "44100"], 1),
    ] {
        let output = folder.run(&arguments);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        assert!((20..2000).contains(&output.stderr.len()), "{} bytes", output.stderr.len());
    }
}
