//! What is left after kills, races, full disks and folders that may not be written to.
//!
//! A small campaign by default; `cargo xtask survive` asks for a large one by the environment, and copies the table
//! that is printed here.
#![cfg(unix)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::TAU;
use std::fmt;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Folder, RATE_HZ, wav_float};

/// The user that may write nothing, where the tests run as root: nobody.
const NOBODY: u32 = 65_534;

/// How many kills or pairs: a number in the environment, else a few.
fn count(variable: &str, few: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// What was found after the runs of one kind.
#[derive(Default)]
struct Tally {
    runs: usize,
    /// Runs that ended while they were writing, which a new temporary file tells.
    writing: usize,
    temporaries: BTreeSet<String>,
    half_files: usize,
    mixed_pairs: usize,
    mixed_accepted: usize,
    inputs_hurt: usize,
}

impl Tally {
    fn check(&self) {
        assert_eq!((self.half_files, self.mixed_accepted, self.inputs_hurt), (0, 0, 0), "{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { runs, writing, half_files, mixed_pairs, mixed_accepted, inputs_hurt, .. } = self;
        write!(f, "{runs} | {writing} | {half_files} | {mixed_pairs} | {mixed_accepted} | {inputs_hurt} |")
    }
}

/// Numbers that are the same in every campaign (Marsaglia 2003, xorshift64).
struct Random(u64);

impl Random {
    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A folder with two sounds, the picture of one of them, and the sound recovered from it.
struct Trial {
    folder: Folder,
    sounds: BTreeMap<&'static str, Vec<u8>>,
    /// Picture, phase, recipe and recovered sound of each sound.
    made: BTreeMap<&'static str, [Vec<u8>; 4]>,
}

const SOUNDS: [&str; 2] = ["a.wav", "b.wav"];
const MADE: [&str; 4] = ["song.png", "song.phase.npy", "song.recipe.toml", "song.recovered.wav"];

/// How many of these `draw` makes.
const DRAWN: usize = 3;

const RECOVER: [&str; 5] = ["recover", "song.png", "--inverse", "linear", "--force"];

impl Trial {
    fn new() -> Self {
        let folder = Folder::new();
        let (mut sounds, mut made) = (BTreeMap::new(), BTreeMap::new());
        for (name, hz) in SOUNDS.into_iter().zip([110.0, 180.0]) {
            let sample = |i: u32| (TAU * hz * f64::from(i) / f64::from(RATE_HZ)).sin() as f32 / 4.0;
            sounds.insert(name, wav_float(&(0..RATE_HZ / 2).map(sample).collect::<Vec<_>>()));
            folder.put(name, &sounds[name]);
            folder.succeed(&["draw", name, "-o", "song.png", "--force"]);
            folder.succeed(&RECOVER);
            made.insert(name, MADE.map(|file| folder.bytes(file)));
        }
        Self { folder, sounds, made }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photophone"));
        command.current_dir(self.folder.path(".")).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn draw(&self, sound: &str) -> Command {
        self.command(&["draw", sound, "-o", "song.png", "--force"])
    }

    /// How long a command takes, kills aside.
    fn duration(&self, arguments: &[&str]) -> Duration {
        let start = Instant::now();
        self.folder.succeed(arguments);
        start.elapsed()
    }

    fn temporaries(&self) -> BTreeSet<String> {
        self.folder.all().into_keys().filter(|name| name.starts_with(".photophone-")).collect()
    }

    /// Looks at what a run has left.
    fn look(&self, tally: &mut Tally) {
        tally.runs += 1;
        let left = self.temporaries();
        tally.writing += usize::from(!left.is_subset(&tally.temporaries));
        tally.temporaries = left;
        tally.inputs_hurt += SOUNDS.iter().filter(|name| self.folder.bytes(name) != self.sounds[*name]).count();
        // Of which sound each file is; of none where half of it was written or it is gone.
        let of = |file: usize| {
            let found = std::fs::read(self.folder.path(MADE[file])).unwrap_or_default();
            SOUNDS.into_iter().find(|name| self.made[name][file] == found)
        };
        tally.half_files += (0..MADE.len()).filter(|&file| of(file).is_none()).count();
        if of(0) != of(1) {
            tally.mixed_pairs += 1;
            let accepted = self.command(&["recover", "song.png", "-o", "mixed.wav", "--force"]).status();
            tally.mixed_accepted += usize::from(accepted.expect("the command starts").success());
            self.folder.succeed(&["draw", "a.wav", "-o", "song.png", "--force"]);
        }
    }
}

/// Kills `draw` and `recover` at random times, half of them about the end, where files are written.
fn kills(count: usize) -> Tally {
    let (trial, mut random, mut tally) = (Trial::new(), Random(0x9e37_79b9_7f4a_7c15), Tally::default());
    let draw = trial.duration(&["draw", "a.wav", "-o", "song.png", "--force"]);
    let recover = trial.duration(&RECOVER);
    for number in 0..count {
        let (mut command, takes) = match number % 4 {
            0 => (trial.draw("a.wav"), draw),
            2 => (trial.draw("b.wav"), draw),
            _ => (trial.command(&RECOVER), recover),
        };
        let share = if number % 8 < 4 { random.share() } else { 0.7 + 0.4 * random.share() };
        let mut child = command.spawn().expect("the command starts");
        std::thread::sleep(takes.mul_f64(share));
        child.kill().expect("killed, or ended before");
        child.wait().expect("a child");
        trial.look(&mut tally);
    }
    // What was killed has left files, which go with the next run; a pair that was mixed is made whole by it.
    trial.folder.succeed(&["draw", "a.wav", "-o", "song.png", "--force"]);
    assert!(trial.temporaries().is_empty(), "{:?}", trial.temporaries());
    tally
}

/// Draws two sounds to one name at once.
fn pairs(count: usize) -> Tally {
    let (trial, mut tally) = (Trial::new(), Tally::default());
    for _ in 0..count {
        let children = SOUNDS.map(|sound| trial.draw(sound).spawn().expect("the command starts"));
        for mut child in children {
            assert!(child.wait().expect("a child").success());
        }
        trial.look(&mut tally);
    }
    tally
}

/// Draws two sounds at once to a name that is free: one of them gets it.
fn new_pairs(count: usize) -> Tally {
    let (trial, mut tally) = (Trial::new(), Tally::default());
    for _ in 0..count {
        for file in &MADE[..DRAWN] {
            std::fs::remove_file(trial.folder.path(file)).expect("removed");
        }
        let draw = |sound| trial.command(&["draw", sound, "-o", "song.png"]).spawn().expect("the command starts");
        let children = SOUNDS.map(draw);
        let done = children.map(|mut child| child.wait().expect("a child").success());
        assert!(done[0] != done[1], "{done:?}");
        trial.look(&mut tally);
    }
    tally
}

/// Draws and recovers where files can have so many bytes at most: as on a full disk, from none to all.
fn full_disk() -> Tally {
    let (trial, mut tally) = (Trial::new(), Tally::default());
    for blocks in 0..24 {
        for command in ["draw b.wav -o song.png --force", "recover song.png --inverse linear --force"] {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {command}");
            let mut shell = Command::new("sh");
            shell.current_dir(trial.folder.path(".")).args(["-c", &script, env!("CARGO_BIN_EXE_photophone")]);
            let before = trial.folder.all();
            let output = shell.output().expect("sh starts");
            assert!(output.status.success() || trial.folder.all() == before, "{script}");
            trial.look(&mut tally);
        }
    }
    tally
}

/// Draws and recovers in a folder that may not be written to.
fn read_only_folder() -> Tally {
    let (trial, mut tally) = (Trial::new(), Tally::default());
    let folder = trial.folder.path(".");
    let before = trial.folder.all();
    // Root may write anywhere, so the command runs as nobody there, from a place that nobody may read.
    let program = Folder::new();
    let copy = copied(&program, Path::new(env!("CARGO_BIN_EXE_photophone")));
    let is_root = std::fs::metadata(&copy).expect("the copy").uid() == 0;
    set_mode(&folder, 0o555);
    for arguments in [&["draw", "b.wav", "-o", "song.png", "--force"][..], &RECOVER, &["draw", "b.wav"]] {
        let mut command = Command::new(&copy);
        command.current_dir(&folder).args(arguments);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().expect("the command starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        // Nobody's rights end at the old file already.
        let told = stderr.contains("ermission denied") || (is_root && stderr.contains("read-only"));
        assert!(told && !stderr.contains(".photophone-"), "{stderr}");
        assert!(trial.folder.all() == before);
        trial.look(&mut tally);
    }
    set_mode(&folder, 0o755);
    tally
}

fn copied(folder: &Folder, program: &Path) -> PathBuf {
    let copy = folder.path("photophone");
    std::fs::copy(program, &copy).expect("a copy");
    set_mode(&folder.path("."), 0o755);
    copy
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("permissions");
}

#[test]
fn nothing_is_lost() {
    let trials = [
        ("`kill -9` during draw and recover", kills(count("PHOTOPHONE_KILLS", 20))),
        ("two draws to one name at once, `--force`", pairs(count("PHOTOPHONE_PAIRS", 5))),
        ("two draws to one new name at once", new_pairs(count("PHOTOPHONE_PAIRS", 5))),
        ("full disk", full_disk()),
        ("read-only folder", read_only_folder()),
    ];
    let heading = "| trial | runs | ended while writing | half files | mixed pairs | of these accepted | inputs hurt |";
    let rows = trials.iter().map(|(name, tally)| format!("| {name} | {tally}\n"));
    let table = format!("{heading}\n|---|---|---|---|---|---|---|\n{}", rows.collect::<String>());
    std::io::stdout().write_all(table.as_bytes()).expect("printed");
    for (_, tally) in &trials {
        tally.check();
    }
}
