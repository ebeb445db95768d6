//! Progress, on stderr.

use std::io::IsTerminal;
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use photophone::transform::{Progress, Step};

use crate::interrupt::stopped;
use crate::talk::Talk;

/// Steps of the bar.
const STEPS: f64 = 1000.0;

/// A bar over the whole of a recover with the time that is left, drawn only when a person watches; Ctrl-C ends it.
pub(crate) fn watch(talk: Talk) -> impl FnMut(Progress) -> ControlFlow<()> {
    let is_watched = talk != Talk::Nothing && std::io::stderr().is_terminal();
    let bar = if is_watched { ProgressBar::new(STEPS as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {eta} left  {msg}") {
        bar.set_style(style);
    }
    move |progress| {
        bar.set_position((STEPS * progress.done) as u64);
        bar.set_message(match progress.step {
            Step::Preparing => "reading and preparing",
            Step::LeastSquares => "fitting the sound to the picture",
            Step::Adaptive => "estimating what the frames leave open",
            Step::Retrieval => "finding the phase",
            Step::Drawing => "drawing",
        });
        if stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
