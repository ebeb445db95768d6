//! Tasks side by side.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use photophone::Error;
use photophone::batch::{Batch, Row, Task};
use photophone::transform::Threads;

use crate::interrupt::stopped;

/// How often `told` is called where nothing was done.
const TICK: Duration = Duration::from_millis(500);

/// Does all tasks, `jobs` at a time, by default as many as the caller has threads; each job has its share of these.
/// `told` hears of every row as it comes, and of nothing now and then.
///
/// # Errors
/// Those of `told`, which end the work after the tasks that have begun. Ctrl-C ends it too, without a row for them.
pub(super) fn run(
    batch: &Batch,
    tasks: &[Task],
    jobs: Option<usize>,
    mut told: impl FnMut(Option<Row>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let processors = Threads::here();
    let jobs = jobs.unwrap_or(processors).min(tasks.len()).max(1);
    let queue = Queue { batch, tasks, next: AtomicUsize::new(0), ended: AtomicBool::new(false) };
    thread::scope(|scope| {
        let (rows, heard) = channel();
        let queue = &queue;
        let started = (0..jobs).filter(|_| {
            let rows = rows.clone();
            let job = move || Threads::start((processors / jobs).max(1)).run(|| queue.work(&rows));
            thread::Builder::new().spawn_scoped(scope, job).is_ok()
        });
        if started.count() == 0 {
            // No thread can be had: the work is done here, and told of afterwards.
            queue.work(&rows);
        }
        drop(rows);
        loop {
            let row = match heard.recv_timeout(TICK) {
                Ok(row) => Some(row),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if let Err(error) = told(row) {
                queue.ended.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
    })
}

/// Tasks that jobs take from, one at a time.
struct Queue<'a> {
    batch: &'a Batch,
    tasks: &'a [Task],
    next: AtomicUsize,
    ended: AtomicBool,
}

impl Queue<'_> {
    /// One job: tasks until none is left.
    fn work(&self, rows: &Sender<Row>) {
        while !stopped() && !self.ended.load(Ordering::Relaxed) {
            let Some(task) = self.tasks.get(self.next.fetch_add(1, Ordering::Relaxed)) else { return };
            let start = Instant::now();
            let row = match self.batch.one(task) {
                Ok(row) => row,
                Err(Error::Interrupted) => return,
                Err(error) => self.batch.failed(task, &error, start.elapsed()),
            };
            if rows.send(row).is_err() {
                return;
            }
        }
    }
}
