//! The prior: a process whose power changes over time and frequency as the signal's last
//! estimate does.

use photophone_spectrum::Plane;

use super::crossover::Crossover;
use super::frame::{OVERLAP, TightFrame};
use super::tonality::Belief;
use crate::analysis::Analysis;

/// Shape of the generalised Gaussian that the local spectrum is taken to follow,
/// `exp(-|z/s|^SHAPE)`: 2 would be a Gaussian, 1 a Laplacian. Music and speech are sparser than
/// either. Measured: 0.5, 0.7 and 1 are within 0.6 dB of each other on a trumpet and on speech.
const SHAPE: f64 = 0.7;

/// The least share of the mean power that any place is granted, so that what one round has ruled
/// out can come back in the next.
const FLOOR: f64 = 1e-4;

/// Length of the local spectrum's window in seconds: long enough to tell the partials of a voice
/// of 80 Hz apart, short enough that speech stands still. 2048 samples at 44.1 kHz.
pub(super) const WINDOW_SECS: f64 = 0.046_439_9;

/// Hops from which a window tells a partial from its aliases, which are a frame rate apart: as wide is a Hann window's
/// main lobe then. 46 ms at 44.1 kHz and a hop of 512.
const WINDOW_HOPS: f64 = 4.0;

/// Frames from which a signal holds four such windows end to end: fewer teach nothing of its local spectrum.
pub(super) const LEAST_FRAMES: usize = 16;

/// The length of a window that tells aliases apart, in seconds, where the usual one does not and the signal holds several.
pub(super) fn telling_window_secs(plan: &dyn Analysis) -> Option<f64> {
    let secs = WINDOW_HOPS * plan.channels().hop as f64 / plan.channels().sample_rate_hz;
    let is_learnt = plan.shape().1 >= LEAST_FRAMES;
    // Within a tenth they are the same.
    (is_learnt && secs > 1.1 * WINDOW_SECS).then_some(secs)
}

/// Whether sound above the highest bin is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    /// Beyond the highest filter's main lobe there is none.
    Silent,
    /// It may be as much louder as it is heard less.
    Free,
}

/// A covariance `P = S^T W S` with `S` a tight short-time Fourier frame.
pub(super) struct LocalPrior {
    frame: TightFrame,
    /// Gain of the prior's power in each bin of the frame, and of what it answers for.
    gains: Vec<f64>,
    answered: Vec<f64>,
    /// Power over what is heard of it, as it is taken to be, and as it may be.
    louder: Vec<f64>,
    may_be_louder: Vec<f64>,
    /// Variance of each frame coefficient.
    weights: Plane<f64>,
    rows: Vec<RowResponse>,
    hop: usize,
}

/// How a row of the transform responds to the bins of the frame.
struct RowResponse {
    first_bin: usize,
    /// Squared response, times the bins' distance.
    energy: Vec<f64>,
}

impl LocalPrior {
    /// For the rows of a plan and a window of that length. Expects nothing yet, and nothing that the rows hardly hear
    /// where sound `above` them is not looked for.
    pub(super) fn new(plan: &dyn Analysis, crossover: &Crossover, window_secs: f64, above: Above) -> Self {
        let channels = plan.channels();
        let frame = TightFrame::new(plan.samples(), window_secs * channels.sample_rate_hz);
        let (frames, bins) = frame.shape();
        let over_bins = |of: &dyn Fn(f64) -> f64| (0..bins).map(|bin| of(frame.frequency_from_bin(bin))).collect();
        let answered: Vec<f64> = over_bins(&|frequency| crossover.prior_gain(frequency));
        let may_be_louder: Vec<f64> = over_bins(&|frequency| crossover.louder(frequency));
        let is_free = above == Above::Free;
        let within = |frequency| crossover.prior_gain(frequency) * crossover.within_reach(frequency);
        let gains = if is_free { answered.clone() } else { over_bins(&within) };
        let louder = if is_free { may_be_louder.clone() } else { vec![1.0; bins] };
        let lengths = channels.lengths();
        // Above a filter sounds may be so loud that its side lobes count; the decimators keep them from lower octaves.
        let fastest = channels.fastest_rows();
        let reach =
            |row: usize| (2.0 / lengths[row], if is_free && fastest.contains(&row) { 0.5 } else { 2.0 / lengths[row] });
        let rows = (0..plan.shape().0).map(|row| RowResponse::new(plan, row, reach(row), &frame)).collect();
        Self {
            weights: Plane::filled(frames, bins, 0.0),
            frame,
            gains,
            answered,
            louder,
            may_be_louder,
            rows,
            hop: channels.hop,
        }
    }

    /// Takes the weights from an estimate of the signal.
    ///
    /// Iteratively reweighted least squares for the shape `b`: the weight of a coefficient is
    /// `|z|^(2 - b)` (Daubechies, `DeVore`, Fornasier and Gunturk 2010, eq. 1.4), with the power
    /// averaged over a bin and its neighbours, which a Hann window does not tell apart. Above the highest bin `z` is
    /// what is heard of the signal: a loud sound there and the quiet ones within the bins that could be taken for it
    /// begin as equals.
    pub(super) fn learn(&mut self, x: &[f64]) {
        let (frames, bins) = self.frame.shape();
        let powers = self.frame.powers(x);
        let powers = Plane::from_fn(frames, bins, |frame, bin| powers[(frame, bin)] / self.louder[bin]);
        let shaped = Plane::from_fn(frames, bins, |frame, bin| {
            let near = &powers.row(frame)[bin.saturating_sub(1)..(bin + 2).min(bins)];
            (near.iter().sum::<f64>() / near.len() as f64).powf(1.0 - SHAPE / 2.0)
        });
        let sum = |plane: &Plane<f64>| -> f64 {
            (0..frames).flat_map(|frame| plane.row(frame).iter().zip(&self.gains)).map(|(v, gain)| v * gain).sum()
        };
        // A frame coefficient of variance w shows 1 / OVERLAP of it in the redundant |S x|^2.
        let (power, shapes) = (OVERLAP as f64 * sum(&powers), sum(&shaped));
        let scale = if shapes > 0.0 { power / shapes } else { 0.0 };
        let floor = FLOOR * power / (frames as f64 * self.gains.iter().sum::<f64>()).max(1.0);
        self.weights = Plane::from_fn(frames, bins, |frame, bin| {
            (scale * shaped[(frame, bin)] + floor) * self.gains[bin] * self.louder[bin]
        });
    }

    /// How far a signal is spread over the local spectrum: the mean of `|z|^b`, least where partials and clicks stand
    /// out most. Frames overlap alike whatever their window, so it compares windows too, and what was looked for.
    pub(super) fn spread_of(&self, x: &[f64]) -> f64 {
        let powers = self.frame.powers(x);
        let (frames, bins) = self.frame.shape();
        let heard = |row: &[f64]| -> f64 {
            let cells = row.iter().zip(&self.answered).zip(&self.may_be_louder);
            cells.map(|((power, gain), louder)| gain * (power / louder).powf(SHAPE / 2.0)).sum()
        };
        (0..frames).map(|frame| heard(powers.row(frame))).sum::<f64>() / (frames * bins) as f64
    }

    /// How far what is learnt is to be believed of a signal whose linear solution this is; `of_noise` is that of
    /// white noise.
    pub(super) fn belief_in(&self, linear: &[f64], of_noise: &[f64]) -> Belief {
        let frequencies = (0..self.frame.shape().1).map(|bin| self.frame.frequency_from_bin(bin)).collect();
        Belief::from_powers(&self.frame.powers(linear), &self.frame.powers(of_noise), frequencies)
    }

    /// `P y`.
    pub(super) fn apply(&self, y: &[f64]) -> Vec<f64> {
        self.frame.filter(y, &self.weights)
    }

    /// The power that each coefficient of the plan is expected to have.
    pub(super) fn expected_powers(&self, frames: usize) -> Plane<f64> {
        Plane::from_fn(self.rows.len(), frames, |row, t| {
            let RowResponse { first_bin, energy } = &self.rows[row];
            let weights = self.weights.row(self.frame.frame_from_sample(t * self.hop));
            energy.iter().zip(&weights[*first_bin..]).map(|(energy, weight)| energy * weight).sum()
        })
    }
}

impl RowResponse {
    /// `below` and `above`: how far the filter is looked at, in cycles a sample.
    fn new(plan: &dyn Analysis, row: usize, (below, above): (f64, f64), frame: &TightFrame) -> Self {
        let sr = plan.channels().sample_rate_hz;
        let centre = plan.channels().rows[row].centre_hz / sr;
        let spacing = frame.frequency_from_bin(1);
        let last = frame.shape().1 - 1;
        let bin = |frequency: f64| ((frequency / spacing).round().max(0.0) as usize).min(last);
        let (first_bin, last_bin) = (bin(centre - below), bin(centre + above));
        let energy = (first_bin..=last_bin)
            .map(|bin| plan.response(row, frame.frequency_from_bin(bin) * sr).powi(2) * spacing)
            .collect();
        Self { first_bin, energy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    #[test]
    fn expects_of_white_noise_what_the_transform_shows() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let plan = Cqt::new(&params, 200_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let x = noise(200_000, 11);
        let mut prior = LocalPrior::new(&plan, &crossover, WINDOW_SECS, Above::Free);
        prior.learn(&x);
        let (expected, shown) = (prior.expected_powers(plan.shape().1), plan.forward(&x).unwrap());
        for row in 70..80 {
            let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
            let ratio = mean(expected.row(row).to_vec())
                / mean(shown.row(row).iter().map(num_complex::Complex::norm_sqr).collect());
            assert!((0.8..1.25).contains(&ratio), "row {row}: {ratio}");
        }
    }
}
