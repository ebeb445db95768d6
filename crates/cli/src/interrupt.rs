//! Ctrl-C: every command ends within a second, with exit code 130, and leaves no half files.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use photophone::files::Stage;
use photophone::transform::StopFlag;

use crate::stderr::say;

/// 128 and the number of SIGINT, as shells count.
pub(crate) const EXIT_CODE: u8 = 130;

/// How long work that looks at [`stopped`] may take to end by itself.
const GRACE: Duration = Duration::from_millis(400);

/// How long a stderr that nobody reads may hold up the end.
const LAST_WORD: Duration = Duration::from_millis(100);

static STOPPED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
static STAGE: OnceLock<Stage> = OnceLock::new();

/// Catches Ctrl-C from here on. Without a handler Ctrl-C ends the process at once, and the next run in the same folder
/// removes what it leaves there.
pub(crate) fn catch() {
    let _ = ctrlc::set_handler(|| {
        STOPPED.store(true, Ordering::Relaxed);
        // Reading from a pipe, decoding and a single long FFT do not look: they are ended.
        thread::sleep(GRACE);
        let (said, hears) = mpsc::channel();
        let last_word = last_word();
        thread::spawn(move || {
            say(last_word);
            said.send(())
        });
        let _ = hears.recv_timeout(LAST_WORD);
        std::process::exit(i32::from(EXIT_CODE));
    });
}

/// Whether Ctrl-C was pressed.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// The same for work that asks by itself.
pub(crate) fn stop_flag() -> StopFlag {
    StopFlag::new(Arc::clone(&STOPPED))
}

/// What this process is writing.
pub(crate) fn stage() -> &'static Stage {
    STAGE.get_or_init(Stage::default)
}

/// Gives up what is not yet written, and tells what that leaves.
pub(crate) fn last_word() -> &'static str {
    if stage().abandon() {
        "error: interrupted; every file that was written is whole"
    } else {
        "error: interrupted; nothing was written"
    }
}
