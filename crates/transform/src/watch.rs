//! Who looks on while work is done, and can end it; what is told, and why work ended.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::{StopFlag, TransformError};

/// How far a solve has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Iterations done.
    pub iteration: usize,
    /// Most iterations.
    pub max_iterations: usize,
    /// Preconditioned gradient relative to the first.
    pub gradient: f64,
    /// What is being done.
    pub step: Step,
    /// Share of the work that is done, 0 to 1, as far as that can be told; it may jump, and falls where a step begins
    /// anew. Who joins several steps puts the share of the whole in its place.
    pub done: f64,
    /// Whether that is the share of the whole work already, and not of a step.
    pub of_all: bool,
}

impl Progress {
    /// After so many of at most so many iterations of a step.
    pub fn of(step: Step, iteration: usize, max_iterations: usize, gradient: f64) -> Self {
        let done = iteration as f64 / max_iterations.max(1) as f64;
        Self { iteration, max_iterations, gradient, step, done, of_all: false }
    }
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading, finding what made the coefficients, planning.
    Preparing,
    /// Conjugate gradients of the linear inverse.
    LeastSquares,
    /// Rounds of the adaptive inverse.
    Adaptive,
    /// Rounds of phase retrieval.
    Retrieval,
    /// Transforming and painting a long sound.
    Drawing,
}

/// Why a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// What is left to gain lies below the noise.
    Converged,
    /// The iterations ran out.
    IterationLimit,
    /// The caller asked for it.
    Cancelled,
}

/// Who looks on while work is done: is told of every iteration and can end the work there, and between iterations by a flag.
///
/// The default is nobody: work goes on to its end.
#[derive(Default)]
pub struct Watch<'a> {
    progress: Option<&'a mut dyn FnMut(Progress) -> ControlFlow<()>>,
    stop: StopFlag,
    /// Another flag, of work that is done beside.
    also: Option<Arc<AtomicBool>>,
    /// Whether the work was told to end.
    ended: bool,
}

impl<'a> Watch<'a> {
    /// `progress` is asked at every iteration; `stop` ends planning and searches too, where `progress` is not asked.
    pub fn new(progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>, stop: &StopFlag) -> Self {
        Self { progress: Some(progress), stop: stop.clone(), also: None, ended: false }
    }

    /// Nobody is told; the flag ends the work.
    pub fn heeding(stop: &StopFlag) -> Self {
        Self { progress: None, stop: stop.clone(), also: None, ended: false }
    }

    /// The same, ended by another flag too.
    pub(crate) fn and(self, flag: &Arc<AtomicBool>) -> Self {
        Self { also: Some(Arc::clone(flag)), ..self }
    }

    /// Whether the work was told to end.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Tells of an iteration and asks whether to go on.
    pub fn tell(&mut self, now: Progress) -> ControlFlow<()> {
        let is_stopped = self.stop.is_set() || self.also.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        let on = match &mut self.progress {
            _ if is_stopped => ControlFlow::Break(()),
            Some(progress) => progress(now),
            None => ControlFlow::Continue(()),
        };
        self.ended |= on.is_break();
        on
    }

    /// Asks, between steps that are no iterations, whether to go on.
    ///
    /// # Errors
    /// [`TransformError::Stopped`] where not.
    pub fn check(&mut self) -> Result<(), TransformError> {
        match self.tell(Progress::of(Step::Preparing, 0, 1, 1.0)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(TransformError::Stopped),
        }
    }

    /// What ends planning and searches early.
    pub fn stop(&self) -> &StopFlag {
        &self.stop
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("stop", &self.stop).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_between_steps_is_an_error() {
        let mut told = Vec::new();
        let mut progress = |now: Progress| {
            told.push(now.step);
            if told.len() < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let stop = StopFlag::default();
        let mut watch = Watch::new(&mut progress, &stop);
        assert_eq!(watch.check(), Ok(()));
        assert!(watch.tell(Progress::of(Step::Adaptive, 1, 2, 0.5)).is_continue());
        assert_eq!(watch.check(), Err(TransformError::Stopped));
        assert_eq!(told, [Step::Preparing, Step::Adaptive, Step::Preparing]);
    }

    #[test]
    fn a_flag_ends_the_work_whoever_looks_on() {
        let flag = Arc::new(AtomicBool::new(false));
        let stop = StopFlag::new(Arc::clone(&flag));
        let mut told = 0;
        let mut progress = |_| {
            told += 1;
            ControlFlow::Continue(())
        };
        let (mut watch, mut alone) = (Watch::new(&mut progress, &stop), Watch::heeding(&stop));
        assert_eq!((watch.check(), alone.check()), (Ok(()), Ok(())));
        flag.store(true, Ordering::Relaxed);
        let stopped = Err(TransformError::Stopped);
        assert_eq!((watch.check(), alone.check()), (stopped.clone(), stopped));
        assert_eq!((Watch::default().check(), told), (Ok(()), 1));
    }
}
