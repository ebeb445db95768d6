//! One execution, watched: panics, time and memory.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use tempfile::TempDir;

use crate::MEMORY;
use crate::targets::Target;

/// Time from which an execution counts as hanging.
const MOST_TIME: Duration = Duration::from_secs(2);

/// Memory, in bytes, from which an execution takes too much.
const MOST_BYTES: usize = 1_000_000_000;

/// Seconds of processor time after which an execution is given up, with all that follow.
const GIVEN_UP_SECS: u64 = 120;

/// Files kept of each kind of fault and target.
const MOST_KEPT: usize = 20;

/// What came of an execution. Memory is in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done or refused, with the memory it took.
    Fine(usize),
    /// The same; a decoder of another crate panicked behind its guard.
    Caught(usize),
    /// A panic that got out, or one of this project's own code.
    Panic,
    /// Longer than two seconds.
    Hang(Duration),
    /// Over a gigabyte.
    Memory(usize),
}

impl Verdict {
    pub(crate) fn is_fault(self) -> bool {
        !matches!(self, Self::Fine(_) | Self::Caught(_))
    }
}

/// Panics seen since they were last asked for: the place, and whether a guard caught it.
type Panics = Arc<Mutex<Vec<(String, bool)>>>;

/// Runs targets.
pub(crate) struct Executor {
    artifacts: PathBuf,
    folder: TempDir,
    panics: Panics,
    watched: Arc<Watched>,
}

/// The execution at hand, for the thread that watches.
#[derive(Default)]
struct Watched {
    /// Seconds of processor time, and one, at which this execution began; 0 between two.
    begun: AtomicU64,
    input: Mutex<(String, Vec<u8>)>,
}

impl Executor {
    /// `artifacts` is where inputs that show a fault are kept.
    pub(crate) fn new(artifacts: PathBuf) -> Self {
        let panics = Panics::default();
        let seen = Arc::clone(&panics);
        set_hook(Box::new(move |panic| {
            let place = panic.location().map_or_else(String::new, ToString::to_string);
            let caught = photophone::files::is_guarded() && !place.starts_with("crates/");
            let payload = panic.payload();
            let said = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
            locked(&seen).push((format!("{place}: {}", said.unwrap_or_default()), caught));
        }));
        let watched = Arc::new(Watched::default());
        watch(Arc::clone(&watched), artifacts.clone());
        // In memory where the system has a place for that: a disk takes milliseconds for each small file.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap_or_else(|error| {
            println!("no temporary folder: {error}");
            std::process::exit(1)
        });
        Self { artifacts, folder, panics, watched }
    }

    /// Runs a target on an input; what came of it, in words.
    pub(crate) fn execute(&mut self, target: &Target, input: &[u8]) -> (Verdict, String) {
        let (verdict, outcome) = self.execute_once(target, input);
        if matches!(verdict, Verdict::Hang(_)) {
            // The machine may have been busy with something else.
            return self.execute_once(target, input);
        }
        (verdict, outcome)
    }

    fn execute_once(&mut self, target: &Target, input: &[u8]) -> (Verdict, String) {
        *locked(&self.watched.input) = (target.name.to_owned(), input.to_vec());
        self.watched.begun.store(now_secs(), Ordering::Relaxed);
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        let result = catch_unwind(AssertUnwindSafe(|| (target.run)(self.folder.path(), input)));
        let time = wall.elapsed().min(cpu.elapsed());
        let bytes = MEMORY.peak_usage().saturating_sub(before);
        self.watched.begun.store(0, Ordering::Relaxed);
        let panics = std::mem::take(&mut *locked(&self.panics));
        let escaped = panics.iter().find(|(_, caught)| !caught);
        match (result, escaped) {
            (Ok(outcome), None) if time > MOST_TIME => (Verdict::Hang(time), outcome),
            (Ok(outcome), None) if bytes > MOST_BYTES => (Verdict::Memory(bytes), outcome),
            (Ok(outcome), None) if !panics.is_empty() => (Verdict::Caught(bytes), outcome),
            (Ok(outcome), None) => (Verdict::Fine(bytes), outcome),
            (_, Some((place, _))) => (Verdict::Panic, place.clone()),
            (Err(_), None) => (Verdict::Panic, "a panic without a place".to_owned()),
        }
    }

    /// Keeps an input; where it lies, unless there are enough of its kind.
    pub(crate) fn keep(&self, kind: &'static str, target: &Target, input: &[u8]) -> Option<PathBuf> {
        keep(&self.artifacts, kind, target.name, input)
    }
}

fn keep(artifacts: &std::path::Path, kind: &str, target: &str, input: &[u8]) -> Option<PathBuf> {
    std::fs::create_dir_all(artifacts).ok()?;
    let place = |n: usize| artifacts.join(format!("{target}-{kind}-{n}"));
    let free = (0..MOST_KEPT).map(place).find(|path| !path.exists())?;
    std::fs::write(&free, input).ok()?;
    Some(free)
}

/// A lock that a panic elsewhere does not take away.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds of processor time that this process has had, and one: a busy machine is no hang.
fn now_secs() -> u64 {
    ProcessTime::now().as_duration().as_secs() + 1
}

/// Ends the process, its input kept, where an execution never ends.
fn watch(watched: Arc<Watched>, artifacts: PathBuf) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let begun = watched.begun.load(Ordering::Relaxed);
            if begun > 0 && now_secs() > begun + GIVEN_UP_SECS {
                let (target, input) = locked(&watched.input).clone();
                let place = keep(&artifacts, "endless", &target, &input);
                println!("{target}: given up after {GIVEN_UP_SECS} s; the input is {place:?}");
                std::process::exit(1);
            }
        }
    });
}
