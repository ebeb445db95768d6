//! Work of seconds: done on a thread of its own, told of line by line, and given up where nobody listens any more.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::Response;
use photophone::transform::StopFlag;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::answer::with_type;
use crate::words::Problem;

/// Shortest time between two lines of progress.
const PAUSE: Duration = Duration::from_millis(50);

/// How long work goes on before the time that is left is told.
const FIRST_ESTIMATE: Duration = Duration::from_secs(1);

/// Lines that wait to be sent.
const WAITING: usize = 16;

/// What work tells its progress to.
pub(crate) struct Teller {
    lines: mpsc::Sender<String>,
    stop: Arc<AtomicBool>,
    begun: Instant,
    told: Option<Instant>,
}

impl Teller {
    /// Tells what is done and which share of all.
    pub(crate) fn tell(&mut self, stage: &str, done: f64) {
        let now = Instant::now();
        if self.told.is_some_and(|told| now - told < PAUSE) {
            return;
        }
        self.told = Some(now);
        let passed = now - self.begun;
        let left = (passed >= FIRST_ESTIMATE && done > 0.0).then(|| passed.as_secs_f64() * (1.0 - done) / done);
        let line = json!({ "stage": stage, "done": done, "of": 1, "seconds_left": left });
        // A reader that is slow misses a line, and gets the next.
        let _ = self.lines.try_send(format!("{line}\n"));
    }

    /// Whether nobody waits for the result any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The same for work that asks by itself.
    pub(crate) fn stop_flag(&self) -> StopFlag {
        StopFlag::new(Arc::clone(&self.stop))
    }
}

/// Does work and answers with lines of JSON: `{stage, done, of, seconds_left}` of its progress, then `{result}` or
/// `{error}`. `stop` is set when the client has gone.
pub(crate) fn stream(
    stop: Arc<AtomicBool>,
    work: impl FnOnce(&mut Teller) -> Result<Value, Problem> + Send + 'static,
) -> Response {
    let (lines, received) = mpsc::channel(WAITING);
    let (watched, flag) = (lines.clone(), Arc::clone(&stop));
    let (end, ended) = oneshot::channel::<()>();
    tokio::spawn(async move {
        tokio::select! {
            () = watched.closed() => flag.store(true, Ordering::Relaxed),
            _ = ended => {}
        }
    });
    tokio::task::spawn_blocking(move || {
        // Dropped with the work, however that ends: the answer ends when nobody holds its lines.
        let _end = end;
        let mut teller = Teller { lines, stop, begun: Instant::now(), told: None };
        let last = match work(&mut teller) {
            Ok(result) => json!({ "result": result }),
            Err(Problem(text)) => json!({ "error": text }),
        };
        let _ = teller.lines.blocking_send(format!("{last}\n"));
    });
    let body = ReceiverStream::new(received).map(|line| Ok::<_, Infallible>(Bytes::from(line)));
    with_type(Body::from_stream(body), "application/x-ndjson")
}
