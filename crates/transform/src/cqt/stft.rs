//! Centred frames of a padded signal: reading them and adding them back.

use super::params::PadMode;

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

/// Copies the frame that starts at `start` (counted from the first sample) out of a signal.
pub(crate) fn read_frame(signal: &[f64], start: isize, mode: PadMode, frame: &mut [f64]) {
    if start >= 0 && start as usize + frame.len() <= signal.len() {
        frame.copy_from_slice(&signal[start as usize..start as usize + frame.len()]);
        return;
    }
    for (i, value) in frame.iter_mut().enumerate() {
        *value = source(start + i as isize, signal.len(), mode).map_or(0.0, |at| signal[at]);
    }
}

/// The transpose of [`read_frame`]: adds a frame onto the signal.
pub(crate) fn add_frame(frame: &[f64], start: isize, mode: PadMode, signal: &mut [f64]) {
    if start >= 0 && start as usize + frame.len() <= signal.len() {
        for (target, value) in signal[start as usize..].iter_mut().zip(frame) {
            *target += value;
        }
        return;
    }
    for (i, value) in frame.iter().enumerate() {
        if let Some(at) = source(start + i as isize, signal.len(), mode) {
            signal[at] += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(mode: PadMode) -> Vec<f64> {
        let mut frame = vec![0.0; 11];
        read_frame(&[1.0, 2.0, 3.0], -4, mode, &mut frame);
        frame
    }

    #[test]
    fn pads_as_numpy_does() {
        assert_eq!(padded(PadMode::Constant), [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(padded(PadMode::Edge), [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(padded(PadMode::Reflect), [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]);
    }
}
