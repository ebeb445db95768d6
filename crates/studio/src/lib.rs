//! The local page: see what was read, correct it, hear it. `photophone studio` in the browser.
//!
//! The server listens on this computer's own address alone, knows who asks by a secret in the link, and sends nothing
//! elsewhere. `docs/studio.md` has what the page does and what guards it. All work on signals is the library's
//! ([`photophone`]).
//!
//! | file | what |
//! |---|---|
//! | `server` | connections and their end |
//! | `signals` | Ctrl-C |
//! | `guard`, `token` | who may ask, and the headers of every answer |
//! | `routes`, `shared`, `answer`, `receive` | what can be asked for, and what is sent |
//! | `assets` | the page's files |
//! | `browser` | the browser is opened |
//! | `studio`, `document` | what is open, and what is done with it |
//! | `sounding`, `editing`, `edited`, `history` | what can be asked of a sound; its edits, and the lists of them |
//! | `reading`, `report` | a picture or sound is read; the account of it |
//! | `findings`, `questions`, `words`, `shell` | that account in the page's words, and as a command |
//! | `work` | work of seconds, its progress and its end |

mod answer;
mod assets;
mod browser;
mod document;
mod edited;
mod editing;
mod findings;
mod guard;
mod history;
mod questions;
mod reading;
mod receive;
mod report;
mod routes;
mod server;
mod shared;
mod shell;
mod signals;
mod sounding;
mod studio;
mod token;
mod words;
mod work;

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use photophone::RecoverOptions;
use photophone::files::{FileError, check_kind};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;

use guard::Guard;
use studio::Studio;
use token::Token;

/// What [`run`] is told.
#[derive(Clone, Debug, Default)]
pub struct StudioOptions {
    /// A sound or picture to open. Default: none.
    pub file: Option<PathBuf>,
    /// The port to listen on. Default: 0, any that is free.
    pub port: u16,
    /// Whether the browser is opened. Default: no.
    pub opens_browser: bool,
}

/// What only the front end knows.
#[derive(Clone, Copy, Debug)]
pub struct Front {
    /// What settings mean, each as a command line has it (`--hop=512`): so the page does what the command does that it
    /// shows. An error is the message for the person.
    pub options: fn(&[String]) -> Result<RecoverOptions, String>,
}

/// Why the page cannot be shown.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudioError {
    /// The file cannot be opened.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system has no random numbers.
    #[error("no secret for the link can be made: {0}; the page is not shown without one")]
    Random(String),
    /// The port cannot be listened on.
    #[error(
        "port {port} of this computer cannot be listened on: {source}; leave the port out, and a free one is taken"
    )]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// There is no place for copies of what is sent.
    #[error("no folder for temporary files can be made: {0}; make room, or name another place in TMPDIR")]
    Spool(io::Error),
    /// The server cannot be started.
    #[error("the server cannot be started: {0}")]
    Server(io::Error),
}

/// Shows the page until Ctrl-C or until the page ends it. `ready` gets the link, once it can be followed, and whether the
/// browser was asked to open it.
///
/// # Errors
/// See [`StudioError`]. Nothing that happens on the page is one.
pub fn run(options: &StudioOptions, front: Front, ready: impl FnOnce(&str, bool)) -> Result<(), StudioError> {
    if let Some(file) = &options.file {
        check_kind(file)?;
    }
    let spool = tempfile::Builder::new().prefix("photophone-studio-").tempdir().map_err(StudioError::Spool)?;
    let folder = spool.path().to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(StudioError::Server)?;
    let served = runtime.block_on(async {
        let bound = |source| StudioError::Port { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(bound)?;
        let port = listener.local_addr().map_err(bound)?.port();
        let guard = Arc::new(Guard::new(port, Token::random()?));
        let (stop, stopped) = watch::channel(false);
        let link = guard.link();
        let studio = Arc::new(Studio::new(front, options.file.clone(), spool, stop));
        let router = routes::router(Arc::clone(&studio), guard);
        let signals = signals::Signals::catch().map_err(StudioError::Server)?;
        let asked = Arc::clone(&studio);
        tokio::spawn(async move {
            signals.first().await;
            asked.end();
        });
        let redirect = options.opens_browser.then(|| browser::redirect_file(&folder, &link)).and_then(Result::ok);
        ready(&link, redirect.is_some_and(|path| browser::open(&path)));
        server::serve(listener, router, stopped).await;
        Ok(())
    });
    // Threads that do not look at their flag are left behind; what they wrote is not.
    runtime.shutdown_timeout(server::GRACE);
    let _ = std::fs::remove_dir_all(&folder);
    served
}
