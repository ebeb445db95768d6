//! Frames of a padded signal: reading them and adding them back.

use std::ops::Range;

use num_complex::Complex;

use crate::lanes::{LANES, Spectra};
use crate::{LibrosaVersion, PadMode, Real, TransformError};

/// Frames of signals of one length (librosa's `stft` without a window).
#[derive(Clone, Debug)]
pub(crate) struct Framing {
    samples: usize,
    length: usize,
    hop: usize,
    pad_mode: PadMode,
    /// Samples of the first frame before the signal's first: half a frame, or none where frames are not centred.
    before: usize,
    /// The first frame that reaches beyond the signal's end, where those that do are padded from the
    /// part of the signal under them.
    tail: Option<usize>,
}

impl Framing {
    /// Centred frames of `length` samples every `hop` samples of a signal of `samples`.
    ///
    /// librosa 0.10 and later pads the frames at the head and those at the tail from a slice of the
    /// signal each, unless they overlap. Both slices hold all that lies within half a frame of the
    /// end, so this matters in two cases: a mirror at the tail that is as long as its slice, and
    /// frames of one sample, whose empty slice at the head it cannot frame.
    ///
    /// # Errors
    /// Frames of one sample, as said, unless the hop is one too or shorter than the signal by two.
    pub(crate) fn new(
        samples: usize,
        length: usize,
        hop: usize,
        pad_mode: PadMode,
        librosa: LibrosaVersion,
    ) -> Result<Self, TransformError> {
        if length == 1 && librosa.is_modern() && hop > 1 && (hop == 2 || hop >= samples + 2) {
            return Err(TransformError::FilterLength { samples: 1.0 });
        }
        let half = length / 2;
        let head = half.div_ceil(hop);
        let tail = (samples + half).checked_sub(length).map_or(0, |last| last / hop + 1);
        let framing = Self { samples, length, hop, pad_mode, before: half, tail: None };
        let apart = librosa.is_modern() && (head + 1..framing.frames()).contains(&tail);
        Ok(Self { tail: apart.then_some(tail), ..framing })
    }

    /// Frames that lie wholly inside the signal, the first at its first sample (librosa's `center=False`).
    ///
    /// # Errors
    /// A signal that is shorter than a frame.
    pub(crate) fn inside_alone(samples: usize, length: usize, hop: usize) -> Result<Self, TransformError> {
        if samples < length {
            return Err(TransformError::ShorterThanFrame { samples, frame: length });
        }
        Ok(Self { samples, length, hop, pad_mode: PadMode::Constant, before: 0, tail: None })
    }

    /// Samples of the signal.
    pub(crate) fn samples(&self) -> usize {
        self.samples
    }

    /// Samples of a frame.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Samples from one frame to the next.
    pub(crate) fn hop(&self) -> usize {
        self.hop
    }

    /// Number of frames.
    pub(crate) fn frames(&self) -> usize {
        1 + (self.samples + 2 * self.before).saturating_sub(self.length) / self.hop
    }

    /// Where frame `t` starts, counted from the signal's first sample.
    pub(crate) fn start(&self, t: usize) -> isize {
        (t * self.hop) as isize - self.before as isize
    }

    /// Where a frame lies, if that is wholly inside the signal.
    fn inside(&self, t: usize) -> Option<Range<usize>> {
        let start = usize::try_from(self.start(t)).ok()?;
        (start + self.length <= self.samples).then(|| start..start + self.length)
    }

    /// Where a sample of the padded signal comes from, counted from the signal's first, and its weight there.
    ///
    /// Frames at the head never reach beyond the end where the tail is padded from a slice of its own.
    #[inline(always)]
    fn source(&self, at: isize) -> Option<(usize, f64)> {
        match usize::try_from(at) {
            Ok(at) if at < self.samples => Some((at, 1.0)),
            beyond => {
                let slice = self.tail.filter(|_| beyond.is_ok()).map_or(0, |tail| self.start(tail));
                let source = self.pad_mode.source(at - slice, self.samples - slice as usize, self.before);
                source.map(|(from, weight)| (from + slice as usize, weight))
            }
        }
    }

    /// Each sample of frame `t`: where it comes from and its weight there.
    fn sources(&self, t: usize) -> impl Iterator<Item = Option<(usize, f64)>> {
        let first = self.start(t);
        (first..first + self.length as isize).map(|at| self.source(at))
    }

    /// Samples from the first of one frame to the last of another, `frames` later less one.
    pub(crate) fn span_of(&self, frames: usize) -> usize {
        frames.saturating_sub(1) * self.hop + self.length
    }

    /// Copies all samples under the frames from `t` on: as many as `span` holds.
    #[inline(always)]
    pub(crate) fn read_span<T: Real>(&self, signal: &[T], t: usize, span: &mut [T]) {
        let (first, under) = self.under(t, span.len());
        let (head, rest) = span.split_at_mut(under.start);
        let (inside, tail) = rest.split_at_mut(under.len());
        let from = first + head.len() as isize;
        inside.copy_from_slice(&signal[from.max(0) as usize..][..inside.len()]);
        let after = from + inside.len() as isize;
        for (at, target) in (first..).zip(head).chain((after..).zip(tail)) {
            *target = self.source(at).map_or(T::default(), |(from, weight)| T::nearest(weight) * signal[from]);
        }
    }

    /// The transpose of [`Framing::read_span`]: adds the samples onto the signal.
    #[inline(always)]
    pub(crate) fn add_span(&self, span: &[f64], t: usize, signal: &mut [f64]) {
        let (first, under) = self.under(t, span.len());
        let from = first + under.start as isize;
        for (target, value) in signal[from.max(0) as usize..].iter_mut().zip(&span[under.clone()]) {
            *target += value;
        }
        let outside = (0..under.start).chain(under.end..span.len());
        for at in outside {
            if let Some((from, weight)) = self.source(first + at as isize) {
                signal[from] += weight * span[at];
            }
        }
    }

    /// Where a span of samples from frame `t` on starts, and which of it lie inside the signal.
    fn under(&self, t: usize, len: usize) -> (isize, Range<usize>) {
        let first = self.start(t);
        let place = |at: isize| (at - first).clamp(0, len as isize) as usize;
        (first, place(0)..place(self.samples as isize))
    }

    /// Copies frames `t` and `t + 1` out of a signal, into the real and the imaginary parts: one
    /// complex FFT then serves both.
    #[inline(always)]
    pub(crate) fn read<T: Real>(&self, signal: &[T], t: usize, frames: &mut [Complex<T>]) {
        if let (Some(first), Some(second)) = (self.inside(t), self.inside(t + 1)) {
            for (target, (&re, &im)) in frames.iter_mut().zip(signal[first].iter().zip(&signal[second])) {
                *target = Complex::new(re, im);
            }
            return;
        }
        let value = |source: Option<(usize, f64)>| {
            source.map_or(T::default(), |(from, weight)| T::nearest(weight) * signal[from])
        };
        for (target, (re, im)) in frames.iter_mut().zip(self.sources(t).zip(self.sources(t + 1))) {
            *target = Complex::new(value(re), value(im));
        }
    }

    /// The transpose of [`Framing::read`]: adds two frames onto the signal.
    #[inline(always)]
    pub(crate) fn add(&self, frames: &[Complex<f64>], t: usize, signal: &mut [f64]) {
        self.add_frame(frames.iter().map(|value| value.re), t, signal);
        self.add_frame(frames.iter().map(|value| value.im), t + 1, signal);
    }

    #[inline(always)]
    fn add_frame(&self, frame: impl Iterator<Item = f64>, t: usize, signal: &mut [f64]) {
        if let Some(under) = self.inside(t) {
            for (target, value) in signal[under].iter_mut().zip(frame) {
                *target += value;
            }
            return;
        }
        for (value, source) in frame.zip(self.sources(t)) {
            if let Some((from, weight)) = source {
                signal[from] += weight * value;
            }
        }
    }
}

/// Spectra of the frames `lane` and `lane + 1` from the spectrum of both together.
#[inline(always)]
pub(crate) fn split_spectra(both: &[Complex<f64>], lane: usize, spectra: &mut Spectra) {
    for (k, bin) in spectra.iter_mut() {
        let [first, second] = apart(both[k], both[mirrored(k, both.len())]);
        bin.set(lane, first);
        bin.set(lane + 1, second);
    }
}

/// Pairs of frames that are worked on at a time.
pub(crate) const PAIRS: usize = LANES / 2;

/// Spectra of all frames from those of [`PAIRS`] pairs, one after another.
#[inline(always)]
pub(crate) fn split_all_spectra<T: Real>(pairs: &[Complex<T>], spectra: &mut Spectra<T>) {
    let len = pairs.len() / PAIRS;
    let pairs: [&[Complex<T>]; PAIRS] = std::array::from_fn(|pair| &pairs[pair * len..][..len]);
    for (k, bin) in spectra.iter_mut() {
        let mirror = mirrored(k, len);
        // All reads before all writes, which are then of whole vectors.
        let both = pairs.map(|pair| (pair[k], pair[mirror]));
        for (pair, (value, mirror)) in both.into_iter().enumerate() {
            let [first, second] = apart(value, mirror);
            bin.set(2 * pair, first);
            bin.set(2 * pair + 1, second);
        }
    }
}

/// The bins of two real frames from that of the complex one with them for parts, and from its mirror.
#[inline(always)]
fn apart<T: Real>(value: Complex<T>, mirror: Complex<T>) -> [Complex<T>; 2] {
    let half = T::nearest(0.5);
    [
        Complex::new(half * (value.re + mirror.re), half * (value.im - mirror.im)),
        Complex::new(half * (value.im + mirror.im), half * (mirror.re - value.re)),
    ]
}

/// The transpose of [`split_spectra`], whose inverse FFT holds the two frames.
#[inline(always)]
pub(crate) fn join_spectra(spectra: &Spectra, lane: usize, both: &mut [Complex<f64>]) {
    both.fill(Complex::default());
    for (k, bin) in spectra.iter() {
        let (a, b) = (bin.get(lane), bin.get(lane + 1));
        both[k] += Complex::new(0.5 * (a.re - b.im), 0.5 * (a.im + b.re));
        both[mirrored(k, both.len())] += Complex::new(0.5 * (a.re + b.im), 0.5 * (b.re - a.im));
    }
}

/// The bin of the negative frequency.
fn mirrored(k: usize, len: usize) -> usize {
    if k == 0 { 0 } else { len - k }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(framing: &Framing) -> Vec<Vec<f64>> {
        let signal: Vec<f64> = (1..=framing.samples).map(|i| i as f64).collect();
        let mut pair = vec![Complex::default(); framing.length];
        let mut frame = |t| {
            framing.read(&signal, t, &mut pair);
            pair.iter().map(|value| value.re).collect()
        };
        (0..framing.frames()).map(&mut frame).collect()
    }

    #[test]
    fn frames_are_centred_and_mirrored() {
        let framing = Framing::new(9, 4, 4, PadMode::Reflect, LibrosaVersion::V0_11).unwrap();
        assert_eq!(frames(&framing), [[3.0, 2.0, 1.0, 2.0], [3.0, 4.0, 5.0, 6.0], [7.0, 8.0, 9.0, 8.0]]);
    }

    #[test]
    fn frames_of_one_sample_are_refused_where_librosa_does() {
        let of = |samples, hop| Framing::new(samples, 1, hop, PadMode::Constant, LibrosaVersion::V0_11);
        assert_eq!(frames(&of(3, 1).unwrap()), [[1.0], [2.0], [3.0]]);
        assert_eq!(frames(&of(5, 3).unwrap()), [[1.0], [4.0]]);
        assert!([of(100, 2), of(1, 3), of(3, 5)].iter().all(Result::is_err));
    }

    /// librosa.util.frame(np.pad(y[8:], (0, 4), mode="reflect"), ...) of librosa 0.11.
    #[test]
    fn a_mirror_as_long_as_its_slice_turns_round_at_its_start() {
        let last = |librosa| frames(&Framing::new(12, 8, 4, PadMode::Reflect, librosa).unwrap()).pop().unwrap();
        assert_eq!(last(LibrosaVersion::V0_11), [9.0, 10.0, 11.0, 12.0, 11.0, 10.0, 9.0, 10.0]);
        assert_eq!(last(LibrosaVersion::V0_9), [9.0, 10.0, 11.0, 12.0, 11.0, 10.0, 9.0, 8.0]);
    }
}
