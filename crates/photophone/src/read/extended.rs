//! Parts that were cut out of a longer whole, with frames of which nothing is known where they were cut.

use std::ops::Range;
use std::path::PathBuf;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};
use photophone_transform::inverse::Intervals;

use super::parts::{Cuts, Parts};
use super::{Data, Edits};
use crate::Error;
use crate::recipe::Recipe;
use crate::report::Report;

/// Parts between frames without trust, as many as their coefficients hear beyond a cut: what is heard there is then unknown
/// sound and not silence.
pub(crate) struct Extended {
    pub(crate) inner: Box<dyn Parts>,
    /// Frames before the first and after the last.
    pub(crate) head: usize,
    pub(crate) tail: usize,
}

impl Parts for Extended {
    fn shape(&self) -> (usize, usize) {
        let (bins, frames) = self.inner.shape();
        (bins, self.head + frames + self.tail)
    }

    fn stack(&self) -> Stack {
        self.inner.stack()
    }

    fn recipe(&self) -> &Recipe {
        self.inner.recipe()
    }

    fn cuts(&self) -> Option<Cuts> {
        self.inner.cuts()
    }

    fn edits(&self) -> Edits {
        self.inner.edits()
    }

    fn data(&mut self, frames: Range<usize>) -> Result<Data, Error> {
        let (_, own) = self.inner.shape();
        let within = |frame: usize| frame.clamp(self.head, self.head + own) - self.head;
        let known = self.inner.data(within(frames.start)..within(frames.end))?;
        let before = self.head.min(frames.end).saturating_sub(frames.start);
        let after = frames.len() - before - known.coefficients.columns();
        Ok(unknown(&known, before).followed_by(&known).followed_by(&unknown(&known, after)))
    }

    fn report(&self) -> Report {
        self.inner.report()
    }

    fn phase_file(&self) -> Option<PathBuf> {
        self.inner.phase_file()
    }
}

/// So many frames of which nothing is known, with what `like` has.
fn unknown(like: &Data, frames: usize) -> Data {
    let zeros = || Plane::filled(like.coefficients.rows(), frames, 0.0);
    Data {
        coefficients: Plane::filled(like.coefficients.rows(), frames, Complex::default()),
        noise: zeros(),
        intervals: like.intervals.as_ref().map(|_| Intervals { low: zeros(), high: zeros() }),
        trust: Some(zeros()),
        phase_trust: like.phase_trust.as_ref().map(|_| zeros()),
        absolute: like.absolute,
    }
}
