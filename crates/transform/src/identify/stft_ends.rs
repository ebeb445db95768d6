//! What the end frames of a short-time Fourier transform tell: the pad mode and the length.
//!
//! Overlap-add gives the samples without either, as long as the frames can be of. A frame that reaches beyond an end then
//! has to be those samples padded, and only the right mode and the right length pad them so.

use num_complex::Complex;
use photophone_fft::Planner;

use crate::analysis::{Analysis, Cells};
use crate::framing::Framing;
use crate::{PadMode, Stft, StftParams, TransformError};

/// Lengths whose last frame fits as well as the best, in dB, and what single precision leaves of one that fits.
const KEPT_WITHIN_DB: f64 = 3.0;
const EXACT_DB: f64 = -120.0;

/// Most samples of all last frames that are compared: 2^28 take half a second.
const MOST_COMPARED: usize = 1 << 28;

/// A pad mode and a length, and the evidence for them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StftEnds {
    /// The pad mode that fits the first frame best.
    pub pad_mode: PadMode,
    /// What that leaves of the frame, in dB, and what the next best mode leaves.
    pub pad_mode_misfits_db: (f64, f64),
    /// The longest of the lengths whose last frame fits as well as the best.
    pub samples: usize,
    /// The least of them.
    pub shortest: usize,
    /// What the length leaves of the last frame, in dB, and what the worst length leaves.
    pub length_misfits_db: (f64, f64),
}

/// Estimates pad mode and length from coefficients with phase; the pad mode of `params` is taken where none fits better.
///
/// `pad_mode` is the mode where it is known. `None` where nothing lies beyond the ends (frames are not centred), where
/// overlap-add does not give the samples, or of frames that are too long for the comparison. Cost: one inverse
/// transform, and a pass over a frame for each sample of a hop.
///
/// # Errors
/// A parameter outside its range.
pub fn estimate_stft_ends(
    params: &StftParams,
    cells: &Cells,
    pad_mode: Option<PadMode>,
) -> Result<Option<StftEnds>, TransformError> {
    let Some((first, last)) = params.samples_from_frames(cells.columns())? else { return Ok(None) };
    if !params.center || params.hop.saturating_mul(params.n_fft) > MOST_COMPARED {
        return Ok(None);
    }
    let plan = Stft::new(&StftParams { pad_mode: PadMode::Constant, ..*params }, last)?;
    if cells.rows() != plan.shape().0 || plan.dual().is_none() {
        return Ok(None);
    }
    let mut ends = Ends { plan: &plan, samples: plan.inverse(cells)?, scratch: Vec::new() };
    let mut modes: Vec<PadMode> = PadMode::ALL.to_vec();
    modes.sort_by_key(|mode| *mode != params.pad_mode);
    let head = ends.frame(cells, 0);
    let mut ranked = Vec::new();
    for mode in modes {
        ranked.push((mode, ends.misfit_db(&head, 0, last, mode)?));
    }
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    let told = |&(mode, _): &(PadMode, f64)| pad_mode.is_none_or(|told| told == mode);
    let best = ranked.iter().position(told).unwrap_or(0);
    let (mode, misfit_db) = ranked.remove(best);
    let next_db = ranked.first().map_or(0.0, |next| next.1);
    let t = cells.columns() - 1;
    let tail = ends.frame(cells, t);
    let mut misfits = Vec::new();
    for samples in first..=last {
        misfits.push((samples, ends.misfit_db(&tail, t, samples, mode)?));
    }
    let least_db = misfits.iter().map(|misfit| misfit.1).fold(f64::INFINITY, f64::min);
    let worst_db = misfits.iter().map(|misfit| misfit.1).fold(f64::NEG_INFINITY, f64::max);
    let fits = |misfit: &&(usize, f64)| misfit.1 <= (least_db + KEPT_WITHIN_DB).max(EXACT_DB);
    let fitting: Vec<usize> = misfits.iter().filter(fits).map(|misfit| misfit.0).collect();
    Ok(Some(StftEnds {
        pad_mode: mode,
        pad_mode_misfits_db: (misfit_db, next_db),
        samples: fitting.last().copied().unwrap_or(last),
        shortest: fitting.first().copied().unwrap_or(first),
        length_misfits_db: (least_db, worst_db),
    }))
}

/// The samples of the longest signal, and frames of them.
struct Ends<'a> {
    plan: &'a Stft,
    samples: Vec<f64>,
    scratch: Vec<Complex<f64>>,
}

impl Ends<'_> {
    /// The windowed samples of frame `t`.
    fn frame(&self, cells: &Cells, t: usize) -> Vec<f64> {
        let n = self.plan.window.len();
        let value = |k: usize| if k < cells.rows() { cells[(k, t)] } else { cells[(n - k, t)].conj() };
        let mut frame: Vec<_> = (0..n).map(value).collect();
        Planner::default().inverse(n).process(&mut frame);
        frame.iter().map(|value| value.re / n as f64).collect()
    }

    /// What a pad mode and a length leave of frame `t`, in dB; 0 of silence.
    fn misfit_db(&mut self, frame: &[f64], t: usize, samples: usize, pad_mode: PadMode) -> Result<f64, TransformError> {
        let StftParams { n_fft, hop, librosa, .. } = *self.plan.params();
        let framing = Framing::new(samples, n_fft, hop, pad_mode, librosa)?;
        self.scratch.resize(n_fft, Complex::default());
        framing.read(&self.samples[..samples], t, &mut self.scratch);
        let padded = self.scratch.iter().zip(&self.plan.window).map(|(value, weight)| weight * value.re);
        let left: f64 = padded.zip(frame).map(|(padded, value)| (padded - value).powi(2)).sum();
        let whole: f64 = frame.iter().map(|value| value * value).sum();
        Ok(if whole > 0.0 { 10.0 * (left / whole).max(1e-40).log10() } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    #[test]
    fn finds_pad_mode_and_length() {
        for pad_mode in PadMode::ALL {
            for (samples, n_fft, hop, win_length) in [(3000, 256, 64, 256), (3041, 255, 60, 200), (3063, 256, 64, 256)]
            {
                let params = StftParams { n_fft, hop, win_length, pad_mode, ..StftParams::default() };
                let cells = Stft::new(&params, samples).unwrap().forward(&noise(samples, 4)).unwrap();
                let single = |value: Complex<f64>| Complex::new(f64::from(value.re as f32), f64::from(value.im as f32));
                let asked = StftParams { pad_mode: PadMode::Constant, ..params };
                let found = estimate_stft_ends(&asked, &cells.map(|value| single(*value)), None).unwrap().unwrap();
                assert_eq!(found.pad_mode, pad_mode, "{found:?}");
                // Zeros or held samples beyond the end may be the sound's own.
                let is_told = !matches!(pad_mode, PadMode::Constant | PadMode::Edge);
                assert!(!is_told || (found.samples, found.shortest) == (samples, samples), "{samples}: {found:?}");
                assert!((found.shortest..=found.samples).contains(&samples), "{samples}: {found:?}");
            }
        }
    }

    #[test]
    fn says_nothing_where_nothing_is_padded() {
        let params = StftParams { center: false, ..StftParams::default() };
        let cells = Stft::new(&params, 5000).unwrap().forward(&noise(5000, 1)).unwrap();
        assert_eq!(estimate_stft_ends(&params, &cells, None).unwrap(), None);
    }
}
