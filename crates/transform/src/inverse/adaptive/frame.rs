//! A tight short-time Fourier frame: the local spectrum of a signal, and filters that change
//! with time.

use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{ComplexToReal, Planner, RealToComplex};
use photophone_spectrum::Plane;

use crate::Window;
use crate::parallel::map;

/// Frames a window: four quarters overlap, so that the squares of Hann windows sum to a constant.
pub(super) const OVERLAP: usize = 4;

/// Frames that are worked on together. Fixed, so that sums do not depend on the machine.
const FRAMES_A_GROUP: usize = 32;

/// `S`, with `S^T S = 1` on signals of one length.
pub(super) struct TightFrame {
    length: usize,
    window: Vec<f64>,
    hop: usize,
    frames: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl TightFrame {
    /// Windows of about `window_samples`, an even multiple of four.
    pub(super) fn new(length: usize, window_samples: f64) -> Self {
        let hop = (window_samples / (2 * OVERLAP) as f64).round().max(1.0) as usize * 2;
        let size = OVERLAP * hop;
        // Squares of Hann windows have mean 3/8; the FFT pair multiplies by its size.
        let scale = (0.375 * OVERLAP as f64 * size as f64).sqrt().recip();
        let window = Window::Hann.samples(size).into_iter().map(|value| value * scale).collect();
        let mut planner = Planner::default();
        let (forward, inverse) = (planner.real_forward(size), planner.real_inverse(size));
        Self { length, window, hop, frames: length.div_ceil(hop) + OVERLAP - 1, forward, inverse }
    }

    /// Frames and bins.
    pub(super) fn shape(&self) -> (usize, usize) {
        (self.frames, self.window.len() / 2 + 1)
    }

    /// Frequency of a bin, in cycles a sample.
    pub(super) fn frequency_from_bin(&self, bin: usize) -> f64 {
        bin as f64 / self.window.len() as f64
    }

    /// Samples a window.
    pub(super) fn size(&self) -> usize {
        self.window.len()
    }

    /// The middle of a frame, in samples from the signal's first.
    pub(super) fn centre(&self, frame: usize) -> f64 {
        self.start(frame) as f64 + 0.5 * self.window.len() as f64
    }

    /// The frames that hold a sample, each with its share of it; the shares sum to 1.
    pub(super) fn shares_of_sample(&self, sample: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        // Frame 0 ends with the first hop of the signal.
        let last = sample / self.hop + OVERLAP - 1;
        let size = self.window.len();
        (last + 1 - OVERLAP..=last.min(self.frames - 1)).map(move |frame| {
            let at = sample + (OVERLAP - 1) * self.hop - frame * self.hop;
            (frame, self.window[at] * self.window[at] * size as f64)
        })
    }

    /// `|S x|^2`.
    pub(super) fn powers(&self, x: &[f64]) -> Plane<f64> {
        let bins = self.shape().1;
        let groups = map(&self.groups(), |frames| {
            let mut work = Work::new(self);
            let mut powers = Vec::with_capacity(frames.len() * bins);
            for frame in frames.clone() {
                self.analyse(x, frame, &mut work);
                powers.extend(work.bins.iter().map(Complex::norm_sqr));
            }
            powers
        });
        let powers = groups.concat();
        Plane::from_fn(self.frames, bins, |frame, bin| powers[frame * bins + bin])
    }

    /// `S^T W S x` for weights of this frame's shape. Frames that weigh nothing cost nothing.
    pub(super) fn filter(&self, x: &[f64], weights: &Plane<f64>) -> Vec<f64> {
        let groups = self.groups();
        let parts = map(&groups, |frames| {
            let mut work = Work::new(self);
            let mut part = vec![0.0; (frames.len() + OVERLAP - 1) * self.hop];
            let heavy =
                frames.clone().enumerate().filter(|(_, frame)| weights.row(*frame).iter().any(|weight| *weight != 0.0));
            for (index, frame) in heavy {
                self.analyse(x, frame, &mut work);
                for (bin, weight) in work.bins.iter_mut().zip(weights.row(frame)) {
                    *bin *= weight;
                }
                self.synthesise(&mut work, &mut part[index * self.hop..]);
            }
            part
        });
        let mut out = vec![0.0; self.length];
        for (frames, part) in groups.iter().zip(parts) {
            self.add(&part, frames.start, &mut out);
        }
        out
    }

    fn groups(&self) -> Vec<Range<usize>> {
        (0..self.frames).step_by(FRAMES_A_GROUP).map(|first| first..(first + FRAMES_A_GROUP).min(self.frames)).collect()
    }

    /// Where a frame starts, counted from the signal's first sample.
    fn start(&self, frame: usize) -> isize {
        (frame * self.hop) as isize - ((OVERLAP - 1) * self.hop) as isize
    }

    fn analyse(&self, x: &[f64], frame: usize, work: &mut Work) {
        let start = self.start(frame);
        for ((target, window), at) in work.time.iter_mut().zip(&self.window).zip(start..) {
            *target = usize::try_from(at).ok().and_then(|at| x.get(at)).map_or(0.0, |sample| sample * window);
        }
        // Lengths are right by construction.
        let _ = self.forward.process_with_scratch(&mut work.time, &mut work.bins, &mut work.scratch);
    }

    fn synthesise(&self, work: &mut Work, out: &mut [f64]) {
        if let [first, .., last] = work.bins.as_mut_slice() {
            first.im = 0.0;
            last.im = 0.0;
        }
        let _ = self.inverse.process_with_scratch(&mut work.bins, &mut work.time, &mut work.scratch);
        for ((target, value), window) in out.iter_mut().zip(&work.time).zip(&self.window) {
            *target += value * window;
        }
    }

    /// Adds a stretch that starts with a frame.
    fn add(&self, part: &[f64], frame: usize, out: &mut [f64]) {
        let start = self.start(frame);
        let (skip, first) = (start.min(0).unsigned_abs(), start.max(0) as usize);
        for (target, value) in out.iter_mut().skip(first).zip(&part[skip.min(part.len())..]) {
            *target += value;
        }
    }
}

/// Working memory of one group of frames.
struct Work {
    time: Vec<f64>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl Work {
    fn new(frame: &TightFrame) -> Self {
        let scratch = frame.forward.get_scratch_len().max(frame.inverse.get_scratch_len());
        Self {
            time: vec![0.0; frame.window.len()],
            bins: vec![Complex::default(); frame.shape().1],
            scratch: vec![Complex::default(); scratch],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{db_from_ratio, noise};

    #[test]
    fn unit_weights_give_the_signal_back() {
        for length in [1, 100, 5000, 70_001] {
            let frame = TightFrame::new(length, 1000.0);
            let (frames, bins) = frame.shape();
            let x = noise(length, 3);
            let same = frame.filter(&x, &Plane::filled(frames, bins, 1.0));
            assert!(db_from_ratio(&same, &x) < -280.0, "{length}: {}", db_from_ratio(&same, &x));
        }
    }

    #[test]
    fn filters_are_symmetric_and_powers_lie_where_the_signal_is() {
        let frame = TightFrame::new(5000, 512.0);
        let (frames, bins) = frame.shape();
        let random = noise(frames * bins, 5);
        let weights = Plane::from_fn(frames, bins, |m, k| random[m * bins + k].abs());
        let (x, y) = (noise(5000, 1), noise(5000, 2));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (left, right) = (dot(&frame.filter(&x, &weights), &y), dot(&x, &frame.filter(&y, &weights)));
        assert!((left - right).abs() < 1e-12 * left.abs().max(1.0), "{left} {right}");

        let mut click = vec![0.0; 5000];
        click[3000] = 1.0;
        let powers = frame.powers(&click);
        let shares: Vec<(usize, f64)> = frame.shares_of_sample(3000).collect();
        assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        let at = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
        let of = |m: usize| powers.row(m).iter().sum::<f64>();
        assert!((0..frames).all(|m| of(m) <= of(at) + 1e-12), "the click is loudest in frame {at}");
    }
}
