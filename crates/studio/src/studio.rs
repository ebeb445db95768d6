//! What the server holds: the documents that are open, and how they are opened and sounded.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use photophone::recover;
use photophone::transform::{Progress, Step, Threads};
use serde_json::{Map, Value};
use tempfile::{TempDir, TempPath};
use tokio::sync::watch;

use crate::Front;
use crate::document::{Document, Heard, Source, with_changes};
use crate::editing::changed;
use crate::reading::{Opened, heard, read_heard, read_picture, what_is};
use crate::report::report;
use crate::words::{Problem, problem_of};
use crate::work::Teller;

/// Most documents that are open at once.
const MOST_DOCUMENTS: usize = 8;

/// Share of the time of a recovery that the recovery itself takes; the rest is drawing its levels.
const RECOVERING: f64 = 0.9;

/// All that the requests share.
pub(crate) struct Studio {
    pub(crate) front: Front,
    /// The file of the command line.
    pub(crate) file: Option<PathBuf>,
    /// Where copies of what is sent lie.
    pub(crate) spool: TempDir,
    /// Ends the server.
    stop: watch::Sender<bool>,
    threads: Threads,
    documents: Mutex<BTreeMap<u64, Arc<Document>>>,
    next: AtomicU64,
}

impl Studio {
    pub(crate) fn new(front: Front, file: Option<PathBuf>, spool: TempDir, stop: watch::Sender<bool>) -> Self {
        let (threads, documents, next) = (Threads::start(0), Mutex::default(), AtomicU64::new(1));
        Self { front, file, spool, stop, threads, documents, next }
    }

    pub(crate) fn documents(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Document>>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn document(&self, id: u64) -> Option<Arc<Document>> {
        self.documents().get(&id).cloned()
    }

    /// Does work on the server's threads.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.threads.run(work)
    }

    /// Ends all jobs and the server.
    pub(crate) fn end(&self) {
        for document in self.documents().values() {
            document.begin().store(true, Ordering::Relaxed);
        }
        self.stop.send_replace(true);
    }

    /// A place for one more document.
    ///
    /// # Errors
    /// As many are open as there may be.
    pub(crate) fn make_document(&self, name: String, source: Source) -> Result<Document, Problem> {
        if self.documents().len() >= MOST_DOCUMENTS {
            return Err(Problem::new(format!("{MOST_DOCUMENTS} documents are open. Close one first.")));
        }
        Ok(Document::new(self.next.fetch_add(1, Ordering::Relaxed), name, source))
    }

    /// Reads a document and keeps it.
    ///
    /// # Errors
    /// What cannot be read; it is not kept then.
    pub(crate) fn open(&self, document: Document, teller: &mut Teller) -> Result<Value, Problem> {
        match what_is(&document)? {
            Opened::Sound => {
                let heard = self.threads.run(|| read_heard(&document, teller))?;
                let heard = Arc::new(heard);
                prepare_edits(&heard);
                document.inside().heard = Some(heard);
            }
            Opened::Picture => {
                teller.tell("Finding the cells", 0.0);
                let mut options = document.options(self.front, &[])?;
                options.stop = teller.stop_flag();
                let reading = self.threads.run(|| read_picture(&document.name, &options))?;
                document.inside().reading = Some(reading);
            }
        }
        let account = report(&document);
        let mut documents = self.documents();
        if documents.len() >= MOST_DOCUMENTS {
            return Err(Problem::new(format!("{MOST_DOCUMENTS} documents are open. Close one first.")));
        }
        documents.insert(document.id, Arc::new(document));
        Ok(account)
    }

    /// Gives settings, or takes them back, and reads again.
    ///
    /// # Errors
    /// A value that is not understood, or with which nothing can be read; all stays as it was then.
    pub(crate) fn correct(
        &self,
        document: &Document,
        changes: &Map<String, Value>,
        teller: &mut Teller,
    ) -> Result<Value, Problem> {
        let settings = with_changes(document.inside().settings.clone(), changes)?;
        self.read_again(document, settings, teller)
    }

    /// Takes a phase, and reads again.
    ///
    /// # Errors
    /// A file that is no phase of this picture; all stays as it was then.
    pub(crate) fn add_phase(
        &self,
        document: &Document,
        phase: (String, TempPath),
        teller: &mut Teller,
    ) -> Result<Value, Problem> {
        let (name, path) = phase;
        let before = document.inside().phase.replace((name, Arc::new(path)));
        let settings = document.inside().settings.clone();
        let read = self.read_again(document, settings, teller);
        if read.is_err() {
            document.inside().phase = before;
        }
        read
    }

    fn read_again(
        &self,
        document: &Document,
        settings: Vec<(String, String)>,
        teller: &mut Teller,
    ) -> Result<Value, Problem> {
        teller.tell("Reading again", 0.0);
        let mut options = document.options(self.front, &settings)?;
        options.stop = teller.stop_flag();
        let reading = self.threads.run(|| read_picture(&document.name, &options))?;
        if let (Some(problem), false) = (&reading.problem, settings.is_empty()) {
            return Err(Problem::new(problem.clone()));
        }
        let mut inside = document.inside();
        // The sound was made of what was believed before.
        (inside.settings, inside.reading, inside.heard) = (settings, Some(reading), None);
        inside.editing.changed = None;
        drop(inside);
        Ok(report(document))
    }

    /// Makes the sound of a picture.
    ///
    /// # Errors
    /// A picture of which no sound can be made, with what to do; all stays as it was then.
    pub(crate) fn solve(&self, document: &Document, teller: &mut Teller) -> Result<Value, Problem> {
        let settings = document.inside().settings.clone();
        let mut options = document.options(self.front, &settings)?;
        options.stop = teller.stop_flag();
        let recovered = self.threads.run(|| {
            recover(&options, |now: Progress| {
                teller.tell(stage(now.step), RECOVERING * now.done);
                if teller.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        });
        let recovered = recovered.map_err(|error| problem_of(&error, &document.name))?;
        let mut heard = self.threads.run(|| heard(&document.name, recovered.sound, teller, RECOVERING))?;
        heard.report = Some(recovered.report);
        // Edits stay what they are, and are done again on what they are now of.
        let history = document.inside().editing.history.clone();
        let changed = self.threads.run(|| changed(&heard, &history, &teller.stop_flag(), &document.name))?;
        let heard = Arc::new(heard);
        prepare_edits(&heard);
        let mut inside = document.inside();
        inside.heard = Some(heard);
        inside.editing.changed = changed;
        inside.editing.revision += 1;
        drop(inside);
        Ok(report(document))
    }
}

/// Plans the transform that edits a sound, so that the first edit need not wait for it.
fn prepare_edits(heard: &Arc<Heard>) {
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        heard.editor();
    });
}

/// What a step is called on the page.
fn stage(step: Step) -> &'static str {
    match step {
        Step::Preparing => "Reading and preparing",
        Step::LeastSquares => "Fitting the sound to the picture",
        Step::Adaptive => "Estimating what the frames leave open",
        Step::Retrieval => "Finding the phase",
        Step::Drawing => "Drawing the levels",
    }
}
