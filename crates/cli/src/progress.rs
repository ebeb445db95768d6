//! Talk and progress, on stderr.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use photophone::Report;
use photophone::transform::inverse::Progress;

use crate::args::Arguments;
use crate::summary::summary;

/// How much is said to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// Errors only.
    Nothing,
    /// What matters.
    Short,
    /// Everything.
    All,
}

impl Talk {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        match (arguments.quiet, arguments.verbose) {
            (true, _) => Self::Nothing,
            (false, true) => Self::All,
            (false, false) => Self::Short,
        }
    }

    /// Says something. A closed stderr is nobody's fault.
    pub(crate) fn say(self, text: &str) {
        if self != Self::Nothing {
            let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
        }
    }

    /// Says what came of a recover: in four lines and the warnings, or all of it.
    pub(crate) fn account(self, report: &Report) {
        if self == Self::All {
            self.say(&report.to_string());
        } else {
            self.say(&summary(report));
            report.warnings.iter().for_each(|warning| self.say(warning));
        }
    }
}

/// Prints data. A reader that has gone away is no error.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
}

/// A progress bar, drawn only when a person watches, that Ctrl-C ends.
pub(crate) fn watch() -> impl FnMut(Progress) -> ControlFlow<()> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    // Without a handler Ctrl-C ends the process at once, which loses nothing either.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(1) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("recovering {bar:40} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    move |progress| {
        bar.set_length(progress.max_iterations as u64);
        bar.set_position(progress.iteration as u64);
        bar.set_message(format!("{:.0} dB to go", 20.0 * progress.gradient.log10()));
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
