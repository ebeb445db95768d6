//! Outputs through the command: nothing that exists is lost, and several outputs come together or not at all.

mod common;

use common::{Folder, tones, wav_float};

#[test]
fn the_two_commands_of_the_readme_keep_the_recording() {
    let folder = Folder::with_picture();
    let recording = folder.bytes("t.wav");
    folder.succeed(&["recover", "t.png"]);
    assert!(folder.bytes("t.wav") == recording);
    assert!(folder.bytes("t.recovered.wav").starts_with(b"RIFF"));
    folder.succeed(&["recover", "t.phase.npy"]);
    assert!(folder.bytes("t.phase.recovered.wav").starts_with(b"RIFF"));
}

#[test]
fn what_exists_is_refused_without_force() {
    let folder = Folder::with_picture();
    folder.put("own.wav", b"somebody's work");
    folder.put("own.json", b"somebody's work");
    folder.put("other.phase.npy", b"somebody's work");
    folder.put("third.recipe.toml", b"somebody's work");
    for (arguments, name) in [
        (&["draw", "t.wav"][..], "t.png"),
        (&["draw", "t.wav", "-o", "other.png"], "other.phase.npy"),
        (&["draw", "t.wav", "-o", "third.png"], "third.recipe.toml"),
        (&["recover", "t.png", "-o", "own.wav"], "own.wav"),
        (&["recover", "t.png", "-o", "x.wav", "--report", "own.json"], "own.json"),
        (&["recover", "t.png", "-o", "x.wav", "--overlay", "own.json"], "own.json"),
        (&["inspect", "t.png", "--overlay", "own.json"], "own.json"),
        (&["compare", "t.wav", "t.wav", "--plot", "own.json"], "own.json"),
    ] {
        let said = folder.refused(arguments);
        assert!(said.contains(name) && said.contains("exists already") && said.contains("--force"), "{said}");
    }
    folder.succeed(&["recover", "t.png", "-o", "own.wav", "--report", "own.json", "--force"]);
    assert!(folder.bytes("own.wav").starts_with(b"RIFF") && folder.bytes("own.json").starts_with(b"{"));
    folder.succeed(&["inspect", "t.png", "--overlay", "own.json", "--force"]);
    folder.succeed(&["compare", "t.wav", "t.wav", "--plot", "own.json", "--force"]);
    folder.succeed(&["draw", "t.wav", "-o", "other.png", "--force"]);
    assert!(folder.bytes("other.phase.npy") == folder.bytes("t.phase.npy"));
    folder.succeed(&["draw", "t.wav", "--palette", "gray", "--force"]);
}

#[test]
fn what_belongs_to_the_picture_is_no_output_even_with_force() {
    let folder = Folder::with_picture();
    for name in ["t.png", "t.phase.npy", "t.recipe.toml"] {
        for arguments in
            [["recover", "t.png", "--report", name, "--force"], ["inspect", "t.png", "--overlay", name, "--force"]]
        {
            let said = folder.refused(&arguments);
            assert!(said.contains(name) && said.contains("is an input"), "{said}");
        }
    }
}

#[test]
fn every_output_is_checked_before_the_work() {
    let folder = Folder::with_picture();
    std::fs::create_dir(folder.path("sub")).expect("a folder");
    std::fs::create_dir(folder.path("y.phase.npy")).expect("a folder");
    for (arguments, words) in [
        (&["recover", "t.png", "--report", "sub"][..], ["sub", "it is a folder"]),
        (&["recover", "t.png", "--overlay", "sub", "--force"], ["sub", "it is a folder"]),
        (&["recover", "t.png", "--report", "nowhere/x.json"], ["nowhere/x.json", "cannot be written"]),
        (&["draw", "t.wav", "-o", "nowhere/x.png"], ["nowhere/x.png", "cannot be written"]),
        (&["draw", "t.wav", "-o", "y.png", "--force"], ["y.phase.npy", "it is a folder"]),
        (&["recover", "nowhere/t.png"], ["nowhere/t.png", "cannot be read"]),
    ] {
        let said = folder.refused(arguments);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(!said.contains(".photophone-"), "{said}");
    }
}

#[test]
fn a_picture_and_its_phase_survive_when_they_cannot_both_be_replaced() {
    let folder = Folder::with_picture();
    std::fs::remove_file(folder.path("t.phase.npy")).expect("removed");
    std::fs::create_dir(folder.path("t.phase.npy")).expect("a folder");
    let said = folder.refused(&["draw", "t.wav", "--force"]);
    assert!(said.contains("t.phase.npy"), "{said}");
}

#[test]
fn what_killed_runs_left_goes_with_the_next_run() {
    let folder = Folder::with_picture();
    folder.put(".photophone-aB3xyz", b"half a sound");
    folder.put(".photophone-notes", b"somebody's work");
    folder.succeed(&["recover", "t.png"]);
    let names: Vec<String> = folder.all().into_keys().collect();
    assert_eq!(names, [".photophone-notes", "t.phase.npy", "t.png", "t.recipe.toml", "t.recovered.wav", "t.wav"]);
}

#[test]
fn a_demo_replaces_what_a_demo_wrote_and_nothing_else() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("own")).expect("a folder");
    folder.put("own/original.wav", b"somebody's work");
    let said = folder.refused(&["demo", "own"]);
    assert!(said.contains("original.wav") && said.contains("another folder"), "{said}");
    assert_eq!(folder.bytes("own/original.wav"), b"somebody's work");
    // All that will be written is checked before anything is.
    for name in ["example.png", "dense.phase.npy", "edited.compared.png"] {
        let own = Folder::new();
        std::fs::create_dir(own.path("own")).expect("a folder");
        own.put(&format!("own/{name}"), b"somebody's work");
        let said = own.refused(&["demo", "own"]);
        assert!(said.contains(name), "{said}");
        assert_eq!(std::fs::read_dir(own.path("own")).expect("the folder").count(), 1);
    }
    // A list as a demo leaves it, with the file it tells of: whole, then changed.
    std::fs::create_dir(folder.path("demo")).expect("a folder");
    let wav = wav_float(&tones());
    folder.put("demo/example.png", &wav);
    let listed = format!(
        "# photophone demo replaces the files listed here, unless they have changed since.\n{:08x}.{} example.png\n",
        crc32fast::hash(&wav),
        wav.len() + 1,
    );
    folder.put("demo/files-of-the-demo.txt", listed.as_bytes());
    let said = folder.refused(&["demo", "demo"]);
    assert!(said.contains("example.png") && said.contains("has changed"), "{said}");
    assert!(folder.bytes("demo/example.png") == wav);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_followed_and_seen_through() {
        let folder = Folder::with_picture();
        symlink("x.wav", folder.path("link.wav")).expect("a link");
        let said = folder.refused(&["recover", "t.png", "-o", "x.wav", "--report", "link.wav"]);
        assert!(said.contains("link.wav") && said.contains("two outputs"), "{said}");
        folder.succeed(&["recover", "t.png", "-o", "link.wav"]);
        assert!(folder.bytes("x.wav").starts_with(b"RIFF"));
        assert!(folder.path("link.wav").symlink_metadata().expect("the link").is_symlink());
        // The old picture and phase lie elsewhere, behind links.
        std::fs::create_dir(folder.path("store")).expect("a folder");
        for name in ["t.png", "t.phase.npy"] {
            std::fs::rename(folder.path(name), folder.path(&format!("store/{name}"))).expect("renamed");
            symlink(format!("store/{name}"), folder.path(name)).expect("a link");
        }
        folder.succeed(&["draw", "t.wav", "--palette", "viridis", "--force"]);
        for name in ["t.png", "t.phase.npy"] {
            assert!(folder.path(name).symlink_metadata().expect("the link").is_symlink());
            assert!(folder.bytes(name) == folder.bytes(&format!("store/{name}")));
        }
    }

    #[test]
    fn a_read_only_output_is_refused_even_with_force() {
        let folder = Folder::with_picture();
        std::fs::set_permissions(folder.path("t.phase.npy"), PermissionsExt::from_mode(0o444)).expect("permissions");
        let said = folder.refused(&["draw", "t.wav", "--palette", "gray", "--force"]);
        assert!(said.contains("t.phase.npy") && said.contains("read-only"), "{said}");
    }

    /// A limit on the size of files stands for a full disk: the picture fits, its phase does not.
    #[test]
    fn a_full_disk_keeps_the_old_picture_and_phase() {
        let folder = Folder::with_picture();
        let before = folder.all();
        let output = std::process::Command::new("sh")
            .current_dir(folder.path("."))
            .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" draw t.wav --palette gray --force"])
            .arg(env!("CARGO_BIN_EXE_photophone"))
            .output()
            .expect("sh starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("t.phase.npy: cannot be written"), "{stderr}");
        assert!(folder.all() == before, "{:?}", folder.all().keys());
    }
}
