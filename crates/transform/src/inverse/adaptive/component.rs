//! The prior of one window: a process whose power changes over time and frequency as the signal's last estimate does.

use photophone_spectrum::Plane;

use super::crossover::Crossover;
use super::frame::{OVERLAP, TightFrame};
use super::gram::{Expected, Gram, RowResponse};
use super::windows::Window;
use crate::analysis::Analysis;
use crate::parallel::map;

/// Shape of the generalised Gaussian that the local spectrum is taken to follow,
/// `exp(-|z/s|^SHAPE)`: 2 would be a Gaussian, 1 a Laplacian. Music and speech are sparser than
/// either. Measured: 0.5, 0.7 and 1 are within 0.6 dB of each other on a trumpet and on speech.
const SHAPE: f64 = 0.7;

/// The least share of the mean power that any place is granted, so that what one round has ruled
/// out can come back in the next, and that the solver has not to tell places apart that hardly differ in the data. Measured: 3e-3
/// and 1e-3 give a trumpet 0.1 dB more and bells 0.2 and 0.6 less.
const FLOOR: f64 = 1e-2;

/// The least share of a coefficient that the data are taken to determine. Measured: 0.01 and 0.2 are within 0.02 dB.
const LEAST_DETERMINED: f64 = 0.05;

/// Whether sound above the highest bin is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    /// Beyond the highest filter's main lobe there is none.
    Silent,
    /// It may be as much louder as it is heard less.
    Free,
}

/// A covariance `P = S^T W S` with `S` a tight short-time Fourier frame.
pub(super) struct Component {
    frame: TightFrame,
    /// The share that each place has of the whole prior.
    shares: Plane<f64>,
    /// Gain of the prior's power in each bin of the frame, and of what it answers for.
    gains: Vec<f64>,
    answered: Vec<f64>,
    /// The same of `gains` up to the highest bin.
    gains_within: Vec<f64>,
    /// Power over what is heard of it, as it is taken to be, and as it may be.
    louder: Vec<f64>,
    may_be_louder: Vec<f64>,
    /// Variance of each frame coefficient, times the frame's share.
    weights: Plane<f64>,
    rows: Vec<RowResponse>,
    hop: usize,
}

impl Component {
    /// For the rows of a plan and a frame that has such shares. Expects nothing yet, and nothing that the rows hardly hear
    /// where sound `above` them is not looked for.
    pub(super) fn new(
        plan: &dyn Analysis,
        crossover: &Crossover,
        Window { frame, shares }: Window,
        above: Above,
    ) -> Self {
        let channels = plan.channels();
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
            shares,
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
            self.shares[(frame, bin)] * (scale * shaped[(frame, bin)] + floor) * self.gains[bin] * self.louder[bin]
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
            self.shares[(frame, bin)] * (power / share + floor) * self.gains[bin]
        });
    }

    /// How far the data determine each coefficient of the frame, 0 to 1.
    fn determined(&self, gram: &Gram) -> Plane<f64> {
        let (frames, bins) = self.frame.shape();
        let times: Vec<usize> = (0..gram.frames()).collect();
        let told =
            map(&times, |&t| if self.is_heard_at(t) { gram.told_of_bins(&self.rows, bins, t) } else { Vec::new() });
        let mut sums = Plane::filled(frames, bins, 0.0);
        for (t, told) in told.iter().enumerate() {
            for (frame, share) in self.frame.shares_of_sample(t * self.hop) {
                for (bin, told) in told.iter().enumerate() {
                    sums[(frame, bin)] += share * told;
                }
            }
        }
        Plane::from_fn(frames, bins, |frame, bin| {
            let variance = self.weights[(frame, bin)] / self.shares[(frame, bin)].max(f64::MIN_POSITIVE);
            (OVERLAP as f64 * variance * sums[(frame, bin)]).clamp(0.0, 1.0)
        })
    }

    /// Whether a frame of the plan has a share of it.
    fn is_heard_at(&self, t: usize) -> bool {
        self.frame
            .shares_of_sample(t * self.hop)
            .any(|(frame, _)| self.shares.row(frame).iter().any(|share| *share > 0.0))
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
        let heard = |frame: usize| -> f64 {
            let shared = powers.row(frame).iter().zip(self.shares.row(frame));
            let cells = shared.zip(self.answered.iter().zip(&self.may_be_louder));
            cells.map(|((power, share), (gain, louder))| share * gain * (power / louder).powf(SHAPE / 2.0)).sum()
        };
        (0..frames).map(heard).sum::<f64>() / (frames * bins) as f64
    }

    /// `P y`.
    pub(super) fn apply(&self, y: &[f64]) -> Vec<f64> {
        self.frame.filter(y, &self.weights)
    }

    /// What it expects of the rows of a frame.
    pub(super) fn expected(&self) -> Expected<'_> {
        Expected { rows: &self.rows, powers_at: Box::new(|t| self.weights_at(t)) }
    }

    /// The weights at a frame of the plan; none where it has no share.
    fn weights_at(&self, t: usize) -> Vec<f64> {
        if !self.is_heard_at(t) {
            return Vec::new();
        }
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
    use super::super::windows::usual;
    use super::*;
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    #[test]
    fn noise_leaves_less_determined() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 40_000).unwrap();
        let crossover = Crossover::new(&plan).unwrap();
        let mut prior = Component::new(&plan, &crossover, Window::alone(usual(&plan)), Above::Silent);
        let x = noise(40_000, 3);
        prior.begin(&x);
        let share = |noise: f64| {
            let gram = Gram::new(&plan, &[prior.expected()], &plan.forward(&x).unwrap().map(|_| noise));
            let determined = prior.determined(&gram);
            let (frame, bin) = (determined.rows() / 2, (2000.0 / 44100.0 / prior.frame.frequency_from_bin(1)) as usize);
            determined[(frame, bin)]
        };
        // Of what noise hides nothing is determined; without noise more is than the frame's four coefficients share.
        let shares = [1e12, 1.0, 1e-12].map(share);
        assert!(shares[0] < 0.01 && shares[0] < shares[1] && shares[1] < shares[2], "{shares:?}");
    }
}
