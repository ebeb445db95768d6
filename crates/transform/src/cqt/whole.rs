//! Octaves of which every frame holds the whole signal: one FFT serves them all.
//!
//! Filters that are long beside the sound, as of many bins an octave, have such frames in low octaves. With zeros beyond its
//! ends the signal is the same in each, later by some samples: each spectrum is that of the first with another phase.

use std::f64::consts::TAU;

use num_complex::Complex;

use crate::framing::Framing;
use crate::lanes::{LANES, Spectra};
use crate::{PadMode, Real};

/// The phases of frames that hold all of a signal.
pub(super) struct Whole<T = f64> {
    /// `exp(2 pi i m / N)`, `N` a power of two.
    roots: Vec<Complex<T>>,
    hop: usize,
}

impl Whole {
    /// `None` where a frame does not hold all of the signal, or holds a mirror of it.
    pub(super) fn of(framing: &Framing, pad_mode: PadMode) -> Option<Self> {
        let length = framing.length();
        let (first, last) = (framing.start(0), framing.start(framing.frames() - 1));
        let hold_all = last <= 0 && first + length as isize >= framing.samples() as isize;
        (pad_mode == PadMode::Constant && length.is_power_of_two() && hold_all).then(|| {
            let root = |m: usize| Complex::from_polar(1.0, TAU * m as f64 / length as f64);
            Self { roots: (0..length).map(root).collect(), hop: framing.hop() }
        })
    }

    /// The same in single precision.
    pub(super) fn rounded(&self) -> Whole<f32> {
        let rounded = |root: &Complex<f64>| Complex::new(root.re as f32, root.im as f32);
        Whole { roots: self.roots.iter().map(rounded).collect(), hop: self.hop }
    }
}

impl<T: Real> Whole<T> {
    /// The phases at bin `k` of frames of which the first begins at sample `start`: `exp(2 pi i k start / N)`.
    #[inline(always)]
    fn turns(&self, k: usize, start: isize) -> [Complex<T>; LANES] {
        let mask = self.roots.len() - 1;
        // In two's complement a mask is the remainder of what is below 0 too.
        let from = (k as isize).wrapping_mul(start) as usize;
        std::array::from_fn(|lane| self.roots[from.wrapping_add(k * lane * self.hop) & mask])
    }

    /// Spectra of frames of which the first begins at sample `start`, from that of the signal.
    #[inline(always)]
    pub(super) fn split(&self, signal: &[Complex<T>], start: isize, spectra: &mut Spectra<T>) {
        for (k, bin) in spectra.iter_mut() {
            let turns = self.turns(k, start);
            for (lane, turn) in turns.into_iter().enumerate() {
                bin.set(lane, signal[k] * turn);
            }
        }
    }

    /// The transpose of [`Whole::split`]: adds frames to the signal's spectrum.
    #[inline(always)]
    pub(super) fn join(&self, spectra: &Spectra<T>, start: isize, signal: &mut [Complex<T>]) {
        for (k, bin) in spectra.iter() {
            let turns = self.turns(k, start);
            for (lane, turn) in turns.into_iter().enumerate() {
                signal[k] += bin.get(lane) * turn.conj();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use photophone_spectrum::Plane;

    use crate::testing::{db_from_ratio, noise};
    use crate::{Complex, Cqt, CqtParams, PadMode};

    fn as_numbers(cells: &Plane<Complex<f64>>) -> Vec<f64> {
        cells.as_slice().iter().flat_map(|value| [value.re, value.im]).collect()
    }

    /// The low octaves of long filters go this way, and both directions are those of frames one by one to 1e-12.
    #[test]
    fn gives_what_frames_one_by_one_give() {
        let params = CqtParams { sr: 16_000.0, hop: 256, bins: 288, bins_per_octave: 96, ..CqtParams::default() };
        for samples in [8, 700, 9_001, 16_000] {
            let plan = Cqt::new(&params, samples).unwrap();
            let mut frames = Cqt::new(&params, samples).unwrap();
            for stage in Arc::get_mut(&mut frames.stages).unwrap() {
                stage.whole = None;
            }
            assert!(plan.stages().iter().any(|stage| stage.whole.is_some()), "{samples}");
            let x = noise(samples, 4);
            let (got, want) = (plan.forward(&x).unwrap(), frames.forward(&x).unwrap());
            let db = db_from_ratio(&as_numbers(&got), &as_numbers(&want));
            assert!(db < -240.0, "{samples}: {db} dB");
            let db = db_from_ratio(&plan.adjoint(&want).unwrap(), &frames.adjoint(&want).unwrap());
            assert!(db < -240.0, "{samples}, adjoint: {db} dB");
        }
    }

    #[test]
    fn what_is_mirrored_is_not_taken_so() {
        let params = CqtParams { sr: 16_000.0, bins: 288, bins_per_octave: 96, ..CqtParams::default() };
        let plan = Cqt::new(&CqtParams { pad_mode: PadMode::Reflect, ..params }, 9_000).unwrap();
        assert!(plan.stages().iter().all(|stage| stage.whole.is_none()));
    }
}
