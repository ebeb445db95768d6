//! Centred frames of a padded signal: reading them and adding them back.

use num_complex::Complex;

use super::params::PadMode;
use super::parts::Spectra;

/// Where a padded sample comes from.
///
/// `at` counts from the signal's first sample and may lie outside `0..len`.
fn source(at: isize, len: usize, mode: PadMode) -> Option<usize> {
    let n = len as isize;
    if (0..n).contains(&at) {
        return Some(at as usize);
    }
    match mode {
        PadMode::Constant => None,
        PadMode::Edge => Some(at.clamp(0, n - 1) as usize),
        PadMode::Reflect if n == 1 => Some(0),
        PadMode::Reflect => {
            let folded = at.rem_euclid(2 * (n - 1));
            Some(folded.min(2 * (n - 1) - folded) as usize)
        }
    }
}

/// Copies two frames out of a signal, one into the real and one into the imaginary parts.
///
/// `starts` count from the signal's first sample. One complex FFT then serves both.
pub(crate) fn read_frames(signal: &[f64], starts: [isize; 2], mode: PadMode, frames: &mut [Complex<f64>]) {
    let inside = |start: isize| usize::try_from(start).ok().and_then(|start| signal.get(start..start + frames.len()));
    if let [Some(first), Some(second)] = starts.map(inside) {
        for (target, (&re, &im)) in frames.iter_mut().zip(first.iter().zip(second)) {
            *target = Complex::new(re, im);
        }
        return;
    }
    for (i, target) in frames.iter_mut().enumerate() {
        let sample = |start: isize| source(start + i as isize, signal.len(), mode).map_or(0.0, |at| signal[at]);
        let [re, im] = starts.map(sample);
        *target = Complex::new(re, im);
    }
}

/// The transpose of [`read_frames`]: adds two frames onto the signal.
pub(crate) fn add_frames(frames: &[Complex<f64>], starts: [isize; 2], mode: PadMode, signal: &mut [f64]) {
    let [first, second] = starts;
    add_frame(frames.iter().map(|value| value.re), first, mode, signal);
    add_frame(frames.iter().map(|value| value.im), second, mode, signal);
}

fn add_frame(frame: impl ExactSizeIterator<Item = f64>, start: isize, mode: PadMode, signal: &mut [f64]) {
    let inside = usize::try_from(start).ok().and_then(|start| signal.get_mut(start..start + frame.len()));
    if let Some(under) = inside {
        for (target, value) in under.iter_mut().zip(frame) {
            *target += value;
        }
        return;
    }
    for (i, value) in frame.enumerate() {
        if let Some(at) = source(start + i as isize, signal.len(), mode) {
            signal[at] += value;
        }
    }
}

/// Spectra of the frames `lane` and `lane + 1` from the spectrum of both together.
pub(crate) fn split_spectra(both: &[Complex<f64>], lane: usize, spectra: &mut Spectra) {
    for (k, bin) in spectra.iter_mut() {
        let (value, mirror) = (both[k], both[mirrored(k, both.len())]);
        bin.set(lane, Complex::new(0.5 * (value.re + mirror.re), 0.5 * (value.im - mirror.im)));
        bin.set(lane + 1, Complex::new(0.5 * (value.im + mirror.im), 0.5 * (mirror.re - value.re)));
    }
}

/// The transpose of [`split_spectra`], whose inverse FFT holds the two frames.
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

    fn padded(mode: PadMode) -> Vec<f64> {
        let mut frames = vec![Complex::default(); 11];
        read_frames(&[1.0, 2.0, 3.0], [-4, -3], mode, &mut frames);
        assert!(frames.windows(2).all(|pair| pair[0].im == pair[1].re), "the second frame starts one later");
        frames.iter().map(|value| value.re).collect()
    }

    #[test]
    fn pads_as_numpy_does() {
        assert_eq!(padded(PadMode::Constant), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(padded(PadMode::Edge), [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(padded(PadMode::Reflect), [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]);
    }
}
