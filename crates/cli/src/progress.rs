//! Talk and progress, on stderr.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use photophone::transform::inverse::Progress;

use crate::interrupt::stopped;

/// Says something to the person. A closed stderr is nobody's fault.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}

/// A progress bar, drawn only when a person watches, that Ctrl-C ends.
pub(crate) fn watch() -> impl FnMut(Progress) -> ControlFlow<()> {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(1) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("recovering {bar:40} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    move |progress| {
        bar.set_length(progress.max_iterations as u64);
        bar.set_position(progress.iteration as u64);
        bar.set_message(format!("{:.0} dB to go", 20.0 * progress.gradient.log10()));
        if stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
