//! Many files: each as if it were alone, a failure no end, and what was done not done again.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Folder, tones, wav_float};
use serde_json::Value;

/// Sounds in folders: three that can be drawn, one that is cut off, and what is no sound.
fn sounds() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("in/deep")).expect("a folder");
    for (number, name) in ["in/a.wav", "in/deep/b.wav", "in/c.wav"].iter().enumerate() {
        folder.put(name, &wav_float(&tones()[..6000 + 500 * number]));
    }
    let whole = wav_float(&tones()[..4000]);
    folder.put("in/cut.wav", &whole[..9000]);
    folder.put("in/notes.txt", b"no sound");
    folder.put("in/.hidden.wav", &whole);
    folder
}

/// The rows of a report by the names of their inputs.
fn rows(folder: &Folder, report: &str) -> BTreeMap<String, Value> {
    let text = String::from_utf8(folder.bytes(report)).expect("text");
    let rows = text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON"));
    rows.map(|row: Value| (row["input"].as_str().expect("a name").to_owned(), row)).collect()
}

fn statuses(folder: &Folder, report: &str) -> Vec<(String, String)> {
    let text = |row: Value| row["status"].as_str().expect("a status").to_owned();
    rows(folder, report).into_iter().map(|(name, row)| (name, text(row))).collect()
}

/// Every file below a folder but for records, with its bytes.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name == ".photophone" {
        } else if path.is_dir() {
            files.extend(tree(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if let Ok(bytes) = std::fs::read(&path) {
            // A temporary file may be gone by now.
            files.insert(name, bytes);
        }
    }
    files
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Its first bytes are no sound's, so that only its name tells that one was lost.
#[test]
fn a_file_that_only_its_name_calls_a_sound_is_a_row() {
    let folder = sounds();
    folder.put("in/zeros.wav", &[0; 100]);
    let output = folder.run(&["batch", "draw", "in", "-o", "out", "--report", "rows.jsonl"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(rows(&folder, "rows.jsonl")["in/zeros.wav"]["status"], "failed");
}

#[test]
fn a_file_that_fails_is_a_row_and_the_others_are_as_if_alone() {
    let folder = sounds();
    let output = folder.run(&["batch", "draw", "in", "-o", "out", "--hop", "256", "--report", "rows.jsonl"]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("in/cut.wav: is damaged") && said.contains("1 of 4 files failed"), "{said}");
    let rows = rows(&folder, "rows.jsonl");
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["in/a.wav", "in/c.wav", "in/cut.wav", "in/deep/b.wav"]);
    assert_eq!(rows["in/cut.wav"]["status"], "failed");
    assert!(rows["in/cut.wav"]["error"].as_str().is_some_and(|error| error.contains("4000")), "{rows:?}");
    assert_eq!(rows["in/deep/b.wav"]["output"], "out/deep/b.png");
    assert_eq!(rows["in/a.wav"]["sample_rate_hz"], 22_050);
    folder.succeed(&["draw", "in/deep/b.wav", "-o", "b.png", "--hop", "256"]);
    let out = tree(&folder.path("out"));
    let names = ["a", "c", "deep/b"].map(|name| ["phase.npy", "png", "recipe.toml"].map(|end| format!("{name}.{end}")));
    assert_eq!(out.keys().cloned().collect::<Vec<_>>(), names.concat());
    for ending in ["png", "phase.npy", "recipe.toml"] {
        assert_eq!(out[&format!("deep/b.{ending}")], folder.bytes(&format!("b.{ending}")), "{ending}");
    }
    folder.run(&["batch", "draw", "in", "-o", "one", "--hop", "256", "--jobs", "1"]);
    assert!(tree(&folder.path("one")) == out, "results depend on the number of jobs");
}

#[test]
fn what_was_drawn_is_recovered_as_if_alone() {
    let folder = sounds();
    folder.run(&["batch", "draw", "in", "-o", "out", "-q"]);
    let printed =
        folder.succeed(&["batch", "recover", "out", "-o", "heard", "--overlay", "--bits", "24", "--report", "-"]);
    assert_eq!(printed.lines().count(), 3, "phases and recipes are no inputs: {printed}");
    assert!(printed.contains("residual_db") && printed.contains("heard/deep/b.wav"), "{printed}");
    folder.succeed(&["recover", "out/deep/b.png", "-o", "b.wav", "--overlay", "b.overlay.png", "--bits", "24"]);
    let heard = tree(&folder.path("heard"));
    assert_eq!(heard["deep/b.wav"], folder.bytes("b.wav"));
    assert_eq!(heard["deep/b.overlay.png"], folder.bytes("b.overlay.png"));
    assert_eq!(heard.len(), 6);
}

#[test]
fn the_tiles_of_a_long_sound_are_one_input() {
    let folder = sounds();
    let draw = ["batch", "draw", "in/a.wav", "in/c.wav", "-o", "out", "--tile", "0.1"];
    folder.succeed(&draw);
    let out = tree(&folder.path("out"));
    assert!(out.contains_key("a.0001.png") && out.contains_key("a.0003.phase.npy") && !out.contains_key("a.png"));
    folder.succeed(&["draw", "in/a.wav", "-o", "a.png", "--tile", "0.1"]);
    assert_eq!(out["a.0002.png"], folder.bytes("a.0002.png"));
    let printed = folder.succeed(&["batch", "recover", "out", "-o", "heard", "--report", "-"]);
    assert_eq!(tree(&folder.path("heard")).into_keys().collect::<Vec<_>>(), ["a.wav", "c.wav"], "{printed}");
    folder.succeed(&["recover", "a.png", "-o", "a.wav"]);
    assert_eq!(folder.bytes("heard/a.wav"), folder.bytes("a.wav"));
    let again = ["batch", "recover", "out", "-o", "heard", "--resume", "--report", "rows.jsonl"];
    folder.succeed(&again);
    // One tile of several is another.
    folder.put("out/a.0002.png", &out["c.0002.png"]);
    folder.run(&again);
    let rows = statuses(&folder, "rows.jsonl");
    assert!(rows[0].1 != "skipped" && rows[1].1 == "skipped", "{rows:?}");
    assert_eq!(folder.succeed(&[&draw[..], &["--resume", "--report", "-"]].concat()).matches("skipped").count(), 2);
}

#[test]
fn inputs_are_files_patterns_and_lists_and_keep_their_folders_where_told() {
    let folder = sounds();
    folder.succeed(&["batch", "draw", "in/a.wav", "in/**/b.wav", "in/a.wav", "-o", "out"]);
    let pictures = |name: &str| {
        let names = tree(&folder.path(name)).into_keys();
        names.filter(|name| Path::new(name).extension().is_some_and(|end| end == "png")).collect::<Vec<_>>()
    };
    assert_eq!(pictures("out"), ["a.png", "deep/b.png"]);
    let list = b"in/a.wav\r\n\n./in/deep/b.wav\n";
    let output = folder.run_fed(&["batch", "draw", "-", "-o", "named"], list);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(pictures("named"), ["a.png", "b.png"]);
    let output = folder.run_fed(&["batch", "draw", "-", "--base", "in", "-o", "based"], list);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(pictures("based"), ["a.png", "deep/b.png"]);
    for (arguments, found) in [
        (&["batch", "draw", "in/a.wav", "--base", "out", "-o", "x"][..], "not below out"),
        (&["batch", "draw", "in/*.mp3", "-o", "x"], "matches no file"),
        (&["batch", "recover", "in", "-o", "x"], "no files"),
    ] {
        let said = folder.refused(arguments);
        assert!(said.contains(found) && !folder.path("x").exists(), "{said}");
    }
}

#[test]
fn outputs_that_would_be_one_are_refused_before_the_work() {
    let folder = sounds();
    folder.put("in/a.flac", &folder.bytes("in/c.wav"));
    let said = folder.refused(&["batch", "draw", "in", "-o", "out"]);
    assert!(said.contains("in/a.flac and in/a.wav would both be written to out/a.png"), "{said}");
    assert!(!folder.path("out").exists());
    std::fs::rename(folder.path("in/a.flac"), folder.path("in/c.png")).expect("another name");
    let said = folder.refused(&["batch", "draw", "in/c.png", "in/a.wav", "-o", "in"]);
    assert!(said.contains("in/c.png: is an input and would be overwritten"), "{said}");
}

#[test]
fn shards_do_each_file_once() {
    let folder = sounds();
    let mut seen = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        folder.run(&["batch", "draw", "in", "-o", "out", "--shard", shard, "--report", "rows.jsonl", "--force"]);
        seen.extend(statuses(&folder, "rows.jsonl"));
    }
    seen.sort();
    let of = |name: &str, status: &str| (format!("in/{name}.wav"), status.to_owned());
    assert_eq!(seen, [of("a", "done"), of("c", "done"), of("cut", "failed"), of("deep/b", "done")]);
    let output = folder.run(&["batch", "draw", "in", "-o", "out", "--shard", "0/3"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn resuming_skips_what_is_the_same_and_does_what_is_not() {
    let folder = sounds();
    std::fs::remove_file(folder.path("in/cut.wav")).expect("a file");
    let run = |flags: &[&str]| {
        let arguments =
            [&["batch", "draw", "in", "-o", "out", "--report", "rows.jsonl", "--jobs", "2"], flags].concat();
        let output = folder.run(&arguments);
        (output.status.code(), stderr(&output))
    };
    let now = || statuses(&folder, "rows.jsonl").into_iter().map(|(_, status)| status).collect::<Vec<_>>();
    assert_eq!(run(&[]).0, Some(0));
    let first = tree(&folder.path("out"));
    let (code, said) = run(&[]);
    assert!(code == Some(1) && said.contains("rows.jsonl: exists already"), "{said}");
    assert_eq!(run(&["--resume"]).0, Some(0));
    assert_eq!(now(), ["skipped", "skipped", "skipped"]);
    // Another input, another recipe, an output that is gone, and one that has lost its record.
    folder.put("in/c.wav", &wav_float(&tones()[..5000]));
    assert_eq!(run(&["--resume"]).0, Some(0));
    assert_eq!(now(), ["skipped", "done", "skipped"]);
    let second = tree(&folder.path("out"));
    assert!(second["c.png"] != first["c.png"] && second["a.png"] == first["a.png"]);
    assert_eq!(run(&["--resume", "--cell-width", "3"]).0, Some(0));
    assert_eq!(now(), ["done", "done", "done"]);
    assert_eq!(run(&["--resume"]).0, Some(0));
    assert!(tree(&folder.path("out")) == second, "back to the first recipe");
    std::fs::remove_file(folder.path("out/a.phase.npy")).expect("a file");
    std::fs::remove_file(folder.path("out/.photophone/deep/b.png.json")).expect("a record");
    assert_eq!(run(&["--resume"]).0, Some(0));
    assert_eq!(now(), ["done", "skipped", "done"]);
    assert!(tree(&folder.path("out")) == second);
}

#[test]
fn what_a_person_has_changed_is_not_replaced_unless_told() {
    let folder = sounds();
    folder.succeed(&["batch", "draw", "in/a.wav", "in/c.wav", "-o", "out"]);
    let painted = [&folder.bytes("out/a.png")[..], b"painted"].concat();
    folder.put("out/a.png", &painted);
    // Nothing else has changed, so there is nothing to do.
    folder.succeed(&["batch", "draw", "in/a.wav", "in/c.wav", "-o", "out", "--resume"]);
    assert_eq!(folder.bytes("out/a.png"), painted);
    let again = ["batch", "draw", "in/a.wav", "in/c.wav", "-o", "out", "--resume", "--palette", "gray"];
    let output = folder.run(&again);
    assert!(output.status.code() == Some(1) && stderr(&output).contains("out/a.png: exists already"), "{output:?}");
    assert_eq!(folder.bytes("out/a.png"), painted);
    folder.succeed(&[&again[..], &["--force"]].concat());
    assert_ne!(folder.bytes("out/a.png"), painted);
}

#[test]
fn a_side_file_that_changes_is_another_input() {
    let folder = sounds();
    folder.succeed(&["batch", "draw", "in/a.wav", "in/c.wav", "-o", "out"]);
    let arguments =
        ["batch", "recover", "out", "-o", "heard", "--resume", "--report", "rows.jsonl", "--phase", "{}.phase.npy"];
    let now = || statuses(&folder, "rows.jsonl").into_iter().map(|(_, status)| status).collect::<Vec<_>>();
    folder.succeed(&arguments);
    folder.succeed(&arguments);
    assert_eq!(now(), ["skipped", "skipped"]);
    let sound = folder.bytes("heard/a.wav");
    // Only the phase is another's now, of as many bins and frames.
    folder.put("shifted.wav", &wav_float(&tones()[50..6050]));
    folder.succeed(&["draw", "shifted.wav", "-o", "shifted.png"]);
    folder.put("out/a.phase.npy", &folder.bytes("shifted.phase.npy"));
    folder.run(&arguments);
    assert!(now()[0] != "skipped" && now()[1] == "skipped", "{:?}", now());
    assert_eq!(folder.bytes("heard/a.wav") == sound, now()[0] == "failed");
}

#[cfg(unix)]
mod ended {
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    const COUNT: usize = 40;

    fn many() -> Folder {
        let folder = Folder::new();
        std::fs::create_dir(folder.path("in")).expect("a folder");
        for number in 0..COUNT {
            folder.put(&format!("in/{number:02}.wav"), &wav_float(&tones()[number..15_000 + number]));
        }
        folder
    }

    fn start(folder: &Folder) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photophone"));
        let arguments = ["batch", "draw", "in", "-o", "out", "--jobs", "2", "--resume", "--report", "rows.jsonl"];
        let command = command.current_dir(folder.path(".")).args(arguments).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let done = || tree(&folder.path("out")).keys().filter(|name| name.ends_with("png")).count();
        while done() < 4 {
            assert!(child.try_wait().expect("a child").is_none(), "the command ended");
            std::thread::sleep(Duration::from_millis(2));
        }
        child
    }

    fn signal(child: &Child, name: &str) {
        let kill = Command::new("kill").args([name, &child.id().to_string()]).status();
        assert!(kill.expect("kill starts").success());
    }

    /// Of what an ended run has left every file that has its name is whole, and going on makes the rest.
    fn check_rest(folder: &Folder, left: &BTreeMap<String, Vec<u8>>) {
        folder.succeed(&["batch", "draw", "in", "-o", "alone"]);
        let whole = tree(&folder.path("alone"));
        assert!(left.len() < whole.len(), "the command was done before it was ended");
        for (name, bytes) in left.iter().filter(|(name, _)| !name.starts_with('.')) {
            assert!(whole.get(name) == Some(bytes), "{name} is not whole");
        }
        folder.succeed(&["batch", "draw", "in", "-o", "out", "--resume", "--report", "rows.jsonl"]);
        assert!(tree(&folder.path("out")) == whole, "something is left over or missing");
        assert!(statuses(folder, "rows.jsonl").iter().any(|(_, status)| status == "skipped"));
        assert_eq!(rows(folder, "rows.jsonl").len(), COUNT);
    }

    #[test]
    fn a_killed_run_leaves_nothing_half_and_is_gone_on_with() {
        let folder = many();
        let mut child = start(&folder);
        signal(&child, "-KILL");
        child.wait().expect("the command ends");
        let left = tree(&folder.path("out"));
        // As if it had been killed in the middle of a row.
        let report = [&folder.bytes("rows.jsonl")[..], b"{\"input\": \"in/0"].concat();
        folder.put("rows.jsonl", &report);
        folder.succeed(&["batch", "draw", "in", "-o", "out", "--resume", "--report", "rows.jsonl", "--shard", "1/2"]);
        let text = String::from_utf8(folder.bytes("rows.jsonl")).expect("text");
        let halves: Vec<_> = text.lines().filter(|line| serde_json::from_str::<Value>(line).is_err()).collect();
        assert_eq!(halves, ["{\"input\": \"in/0"]);
        folder.put("rows.jsonl", text.replace("{\"input\": \"in/0\n", "").as_bytes());
        check_rest(&folder, &left);
    }

    #[test]
    fn ctrl_c_ends_it_within_a_second_and_it_is_gone_on_with() {
        let folder = many();
        let child = start(&folder);
        signal(&child, "-INT");
        let start = Instant::now();
        let output = child.wait_with_output().expect("the command ends");
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert!(stderr(&output).contains("interrupted; every file that was written is whole"), "{}", stderr(&output));
        let left = tree(&folder.path("out"));
        assert!(!left.keys().any(|name| name.contains(".photophone-")), "{:?}", left.keys());
        check_rest(&folder, &left);
    }
}
