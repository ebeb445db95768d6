//! Ctrl-C, and the system's wish that the process ends.

use std::io;

/// Signals that end the server instead of the process: so its temporary files go.
pub(crate) struct Signals {
    #[cfg(unix)]
    caught: [tokio::signal::unix::Signal; 3],
}

#[cfg(unix)]
impl Signals {
    /// Catches them from here on.
    ///
    /// # Errors
    /// What the system refuses.
    pub(crate) fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let [interrupt, terminate, hangup] =
            [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
        Ok(Self { caught: [interrupt?, terminate?, hangup?] })
    }

    /// Waits for the first.
    pub(crate) async fn first(self) {
        let [mut interrupt, mut terminate, mut hangup] = self.caught;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Nothing has to be done before waiting.
    pub(crate) fn catch() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C.
    pub(crate) async fn first(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
