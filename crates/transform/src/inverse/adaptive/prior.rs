//! The prior: a process whose power changes over time and frequency as the signal's last
//! estimate does.

use photophone_spectrum::Plane;

use super::crossover::Crossover;
use super::frame::{OVERLAP, TightFrame};
use super::gram::{Gram, RowResponse};
use super::tonality::Belief;
use crate::analysis::Analysis;
use crate::parallel::map;

/// Shape of the generalised Gaussian that the local spectrum is taken to follow,
/// `exp(-|z/s|^SHAPE)`: 2 would be a Gaussian, 1 a Laplacian. Music and speech are sparser than
/// either. Measured: 0.5, 0.7 and 1 are within 0.6 dB of each other on a trumpet and on speech.
const SHAPE: f64 = 0.7;

/// The least share of the mean power that any place is granted, so that what one round has ruled
/// out can come back in the next, and that the solver has not to tell places apart that hardly differ in the data. Measured:
/// 1e-3 costs a trumpet 1.4 dB and bells 4.8; of pictures arpeggios gain 0.2 dB by it and sweeps lose 1.8.
const FLOOR: f64 = 1e-2;

/// The least share of a coefficient that the data are taken to determine. Measured: 0.01 and 0.2 are within 0.02 dB.
const LEAST_DETERMINED: f64 = 0.05;

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
    /// The same of `gains` up to the highest bin.
    gains_within: Vec<f64>,
    /// Power over what is heard of it, as it is taken to be, and as it may be.
    louder: Vec<f64>,
    may_be_louder: Vec<f64>,
    /// Variance of each frame coefficient.
    weights: Plane<f64>,
    rows: Vec<RowResponse>,
    hop: usize,
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
        let is_within = |bin: usize| crossover.is_adapted(frame.frequency_from_bin(bin));
        let gains_within = gains.iter().enumerate().map(|(bin, gain)| gain * is_within(bin)).collect();
        let lengths = channels.lengths();
        // Above a filter sounds may be so loud that its side lobes count; the decimators keep them from lower octaves.
        let fastest = channels.fastest_rows();
        let reach =
            |row: usize| (2.0 / lengths[row], if is_free && fastest.contains(&row) { 0.5 } else { 2.0 / lengths[row] });
        let rows = (0..plan.shape().0)
            .map(|row| RowResponse::new(plan, row, reach(row), (frame.frequency_from_bin(1), bins - 1)))
            .collect();
        Self {
            weights: Plane::filled(frames, bins, 0.0),
            frame,
            gains,
            answered,
            gains_within,
            louder,
            may_be_louder,
            rows,
            hop: channels.hop,
        }
    }

    /// Takes the weights from a first estimate of the signal.
    ///
    /// Iteratively reweighted least squares for the shape `b`: the weight of a coefficient is
    /// `|z|^(2 - b)` (Daubechies, `DeVore`, Fornasier and Gunturk 2010, eq. 1.4), with the power
    /// averaged over a bin and its neighbours, which a Hann window does not tell apart. Above the highest bin `z` is
    /// what is heard of the signal: a loud sound there and the quiet ones within the bins that could be taken for it
    /// begin as equals.
    pub(super) fn begin(&mut self, x: &[f64]) {
        let (frames, bins) = self.frame.shape();
        let powers = self.frame.powers(x);
        let powers = Plane::from_fn(frames, bins, |frame, bin| powers[(frame, bin)] / self.louder[bin]);
        let shaped = Plane::from_fn(frames, bins, |frame, bin| {
            let near = &powers.row(frame)[bin.saturating_sub(1)..(bin + 2).min(bins)];
            (near.iter().sum::<f64>() / near.len() as f64).powf(1.0 - SHAPE / 2.0)
        });
        // A frame coefficient of variance w shows 1 / OVERLAP of it in the redundant |S x|^2.
        let (power, shapes) = (total(&powers, &self.gains), total(&shaped, &self.gains));
        let scale = if shapes > 0.0 { OVERLAP as f64 * power / shapes } else { 0.0 };
        let floor = self.floor(&powers);
        self.weights = Plane::from_fn(frames, bins, |frame, bin| {
            (scale * shaped[(frame, bin)] + floor) * self.gains[bin] * self.louder[bin]
        });
    }

    /// Takes the weights from the estimate that was found under those before, with their Gram matrices: the power of a
    /// coefficient over the share of it that the data determine (Tipping 2001, eqs. 16 and 17, after `MacKay`). What the
    /// data leave open follows the prior, so that the estimate shows less of it than there is.
    pub(super) fn learn(&mut self, x: &[f64], gram: &Gram) {
        let (frames, bins) = self.frame.shape();
        let (powers, determined) = (self.frame.powers(x), self.determined(gram));
        let smooth = |row: &[f64], bin: usize| {
            0.25 * (row[bin.saturating_sub(1)] + 2.0 * row[bin] + row[(bin + 1).min(bins - 1)])
        };
        let heard = Plane::from_fn(frames, bins, |frame, bin| powers[(frame, bin)] / self.louder[bin]);
        let floor = self.floor(&heard);
        self.weights = Plane::from_fn(frames, bins, |frame, bin| {
            let power = OVERLAP as f64 * smooth(powers.row(frame), bin);
            let share = smooth(determined.row(frame), bin).max(LEAST_DETERMINED);
            (power / share + floor) * self.gains[bin]
        });
    }

    /// How far the data determine each coefficient of the frame, 0 to 1.
    fn determined(&self, gram: &Gram) -> Plane<f64> {
        let (frames, bins) = self.frame.shape();
        let times: Vec<usize> = (0..gram.frames()).collect();
        let told = map(&times, |&t| gram.told_of_bins(&self.rows, bins, t));
        let mut sums = Plane::filled(frames, bins, 0.0);
        for (t, told) in told.iter().enumerate() {
            for (frame, share) in self.frame.shares_of_sample(t * self.hop) {
                for (bin, told) in told.iter().enumerate() {
                    sums[(frame, bin)] += share * told;
                }
            }
        }
        Plane::from_fn(frames, bins, |frame, bin| {
            (OVERLAP as f64 * self.weights[(frame, bin)] * sums[(frame, bin)]).clamp(0.0, 1.0)
        })
    }

    /// The least power that a coefficient is granted. A sound above the bins, however loud, does not lift it.
    fn floor(&self, powers: &Plane<f64>) -> f64 {
        let mean = |gains: &[f64]| total(powers, gains) / (powers.rows() as f64 * gains.iter().sum::<f64>()).max(1.0);
        FLOOR * OVERLAP as f64 * mean(&self.gains).min(mean(&self.gains_within))
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

    /// What the rows of each frame of a plan are expected to have in common; `noise` is half the noise variance of each
    /// cell, infinite where there are no data.
    pub(super) fn gram(&self, plan: &dyn Analysis, noise: &Plane<f64>) -> Gram {
        Gram::new(plan, &self.rows, |t| self.weights_at(t), noise)
    }

    /// The weights at a frame of the plan.
    fn weights_at(&self, t: usize) -> Vec<f64> {
        let mut weights = vec![0.0; self.frame.shape().1];
        for (frame, share) in self.frame.shares_of_sample(t * self.hop) {
            for (sum, weight) in weights.iter_mut().zip(self.weights.row(frame)) {
                *sum += share * weight;
            }
        }
        weights
    }
}

/// The sum over frames and bins, each bin times its gain.
fn total(plane: &Plane<f64>, gains: &[f64]) -> f64 {
    (0..plane.rows()).flat_map(|frame| plane.row(frame).iter().zip(gains)).map(|(value, gain)| value * gain).sum()
}

#[cfg(test)]
mod tests {
    use num_complex::Complex;

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
        prior.begin(&x);
        let gram = prior.gram(&plan, &plan.forward(&x).unwrap().map(|_| 0.0));
        let shown = plan.forward(&x).unwrap();
        for row in 70..80 {
            let expected: f64 = (0..plan.shape().1).map(|t| 2.0 * of_cell(&plan, &gram, (row, t))[(row, t)].re).sum();
            let ratio = expected / shown.row(row).iter().map(Complex::norm_sqr).sum::<f64>();
            assert!((0.8..1.25).contains(&ratio), "row {row}: {ratio}");
        }
    }

    /// One cell's column of the Gram matrices.
    fn of_cell(plan: &Cqt, gram: &Gram, cell: (usize, usize)) -> Plane<Complex<f64>> {
        let (rows, frames) = plan.shape();
        let unit = Plane::from_fn(rows, frames, |k, t| Complex::from(f64::from(u8::from((k, t) == cell))));
        gram.multiply(&unit)
    }

    #[test]
    fn the_gram_matrix_is_what_transforming_the_prior_gives() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 40_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let mut prior = LocalPrior::new(&plan, &crossover, WINDOW_SECS, Above::Silent);
        prior.begin(&noise(40_000, 3));
        let (rows, frames) = plan.shape();
        let gram = prior.gram(&plan, &Plane::filled(rows, frames, 0.0));
        let cell = (76, 40);
        let unit = Plane::from_fn(rows, frames, |k, t| Complex::from(f64::from(u8::from((k, t) == cell))));
        let naive = plan.forward(&prior.apply(&plan.adjoint(&unit).unwrap())).unwrap();
        let found = of_cell(&plan, &gram, cell);
        let whole = naive[cell].norm();
        for row in 70..82 {
            let off = (found[(row, cell.1)] - naive[(row, cell.1)]).norm() / whole;
            assert!(off < 0.08, "row {row}: {} for {}", found[(row, cell.1)], naive[(row, cell.1)]);
        }
    }

    #[test]
    fn noise_leaves_less_determined() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 40_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let mut prior = LocalPrior::new(&plan, &crossover, WINDOW_SECS, Above::Silent);
        let x = noise(40_000, 3);
        prior.begin(&x);
        let share = |noise: f64| {
            let gram = prior.gram(&plan, &plan.forward(&x).unwrap().map(|_| noise));
            let determined = prior.determined(&gram);
            let (frame, bin) = (determined.rows() / 2, (2000.0 / 44100.0 / prior.frame.frequency_from_bin(1)) as usize);
            determined[(frame, bin)]
        };
        // Of what noise hides nothing is determined; without noise more is than the frame's four coefficients share.
        let shares = [1e12, 1.0, 1e-12].map(share);
        assert!(shares[0] < 0.01 && shares[0] < shares[1] && shares[1] < shares[2], "{shares:?}");
    }
}
