//! What is expected of the signal before the data: a stationary process with the mean spectrum
//! that the data's rows show.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::heard::{Heard, mix};
use super::noise::{RowNoise, row_power};
use crate::analysis::{Analysis, Spacing};

/// The least share of the loudest row's power that the prior grants any frequency: it bounds
/// the condition of the normal equations and lies 20 dB below the operator's mismatch.
const POWER_FLOOR: f64 = 1e-12;

/// The response that the bank is taken to have at any frequency, as a share of the sum of its
/// rows' peaks: sparsified filters ring at about their `sparsity` (0.01) everywhere.
const RESPONSE_FLOOR: f64 = 1e-2;

/// The same for the ridge: a sound there may be as much louder as it is heard less. -90 dB is what is left of a filter
/// whose small entries librosa drops.
const LEAST_RIDGE: f64 = 1e-9;

/// Samples for each number in the data, from which nearly everything is open. The example grid has 1.5.
const FEW: usize = 4;

/// Diagonals, over frequency, of the regularised normal equations.
pub(crate) struct Diagonals {
    /// Mean of the bank's squared response over a hop: the diagonal of `A^T A`.
    pub(crate) response: Vec<f64>,
    /// Noise variance over twice the prior's power: the ridge.
    pub(crate) ridge: Vec<f64>,
}

impl Diagonals {
    /// Evaluates both at the given frequencies (cycles a sample).
    ///
    /// For complex data with noise variance `s` and a real signal with power spectrum `p`, the
    /// posterior is largest where `sum |Ax - c|^2 / s + x^T P^-1 x / 2` is least, so the ridge
    /// relative to the data term is `s / (2 p)`.
    pub(crate) fn new(plan: &dyn Analysis, data: &Plane<Complex<f64>>, noise: &RowNoise, frequencies: &[f64]) -> Self {
        let rows = Rows::new(plan, data);
        let ridge = frequencies.iter().map(|&f| rows.ridge(noise, f, rows.rolloff(f))).collect();
        Self { response: rows.response(frequencies), ridge }
    }

    /// The same for rows that are weighed, with the response's envelope: what it is at the rows' centres, in between a
    /// geometric mean and beyond them that of the last.
    /// Below the lowest centre it follows the bank down to `least_response` of what is heard there, if that is given, and the
    /// ridge to [`LEAST_RIDGE`].
    ///
    /// Conjugate gradients that start at silence, preconditioned by `M`, end, where the data leave a choice, at the
    /// signal of least `x^T M x`. With the response itself for `M` that signal has its energy where the bank hears
    /// little: on skirts, in gaps and out of its band. With the envelope it stays in the filters' span. Where the data
    /// leave nearly everything open, weights level the response instead and `M` is constant: the signal is then the
    /// orthogonal projection of the true one, never further from it than silence, where it could be 1.5 dB further.
    /// Elsewhere that would bring the loud low bins of music last (2 to 5 dB after as many iterations).
    pub(crate) fn weighed(
        plan: &dyn Analysis,
        data: &Plane<Complex<f64>>,
        noise: &RowNoise,
        (weights, least_response): (&[f64], Option<f64>),
        frequencies: &[f64],
    ) -> Self {
        let rows = Rows::new(plan, data);
        let responses = rows.responses_at_centres();
        let is_open = is_open(plan, data);
        let at = |values: &[f64], f: f64| {
            let (low, high, share) = rows.neighbours(f);
            mix(values[low], values[high], share, f64::MIN_POSITIVE)
        };
        let levelled: Vec<f64> = responses.iter().zip(weights).map(|(response, weight)| response * weight).collect();
        // The data term is weighed, so the ridge beside it is as well. Where the data leave nearly everything open, a
        // spectrum that falls would choose the signal instead of them: with noise, one that is not like the true one.
        let rolloff = |f| if is_open { 1.0 } else { rows.rolloff(f) };
        let follows = least_response.is_some() && !is_open && rows.span_octaves() >= 1.0;
        let below = if follows { Heard::below(plan) } else { Heard::all() };
        let ridge =
            frequencies.iter().map(|&f| at(weights, f) * rows.ridge(noise, f, rolloff(f)) * below.at(f, LEAST_RIDGE));
        let response = frequencies.iter().map(|&f| at(&levelled, f) * below.at(f, least_response.unwrap_or(1.0)));
        Self { response: response.collect(), ridge: ridge.collect() }
    }
}

/// Whether the data leave nearly everything open.
fn is_open(plan: &dyn Analysis, data: &Plane<Complex<f64>>) -> bool {
    let (bins, frames) = data.shape();
    2 * bins * frames * FEW < plan.slower().map_or(plan.samples(), |part| part.analysis().samples())
}

/// Weight of each row in the data term: 1, or one over the bank's response there; see [`Diagonals::weighed`].
pub(super) fn row_weights(plan: &dyn Analysis, data: &Plane<Complex<f64>>) -> Vec<f64> {
    if !is_open(plan, data) {
        return vec![1.0; data.rows()];
    }
    Rows::new(plan, data).responses_at_centres().into_iter().map(f64::recip).collect()
}

/// The rows of a plan as frequencies in cycles a sample.
struct Rows {
    centres: Vec<f64>,
    lengths: Vec<f64>,
    /// Power spectrum of the signal at each row's centre.
    power: Vec<f64>,
    /// The least that it is taken for.
    least_power: f64,
    /// Squared peak response of each row.
    peaks: Vec<f64>,
    hop: f64,
    spacing: Spacing,
}

impl Rows {
    fn new(plan: &dyn Analysis, data: &Plane<Complex<f64>>) -> Self {
        let channels = plan.channels();
        let (centres, lengths) = (channels.centres(), channels.lengths());
        let peaks: Vec<f64> = channels.rows.iter().map(|row| row.peak * row.peak).collect();
        // A row's mean square is the spectrum times the energy of its filter; a window of
        // length L and noise bandwidth B (bins) has energy peak^2 B / L.
        let bandwidth = channels.window.noise_bandwidth_bins();
        let power: Vec<f64> = row_power(data)
            .iter()
            .zip(peaks.iter().zip(&lengths))
            .map(|(power, (peak, length))| power * length / (peak * bandwidth))
            .collect();
        let least_power = POWER_FLOOR * power.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        Self { centres, lengths, power, least_power, peaks, hop: channels.hop as f64, spacing: channels.spacing }
    }

    /// The rows below and above a frequency and how far it lies between them on their coordinate.
    fn neighbours(&self, f: f64) -> (usize, usize, f64) {
        let above = self.centres.partition_point(|centre| *centre < f);
        if above == 0 || above == self.centres.len() {
            let end = above.min(self.centres.len() - 1);
            return (end, end, 0.0);
        }
        let (low, high) = (self.centres[above - 1], self.centres[above]);
        (above - 1, above, self.spacing.share(f, low, high))
    }

    /// From the lowest centre to the highest. Of less than one the skirts below are a good part of what the bank hears, and
    /// noise within the bins would be taken for loud sound there.
    fn span_octaves(&self) -> f64 {
        let (lowest, highest) = (self.centres[0], self.centres[self.centres.len() - 1]);
        (highest / lowest).log2() + 1e-9
    }

    /// Above the highest row the spectrum is taken to fall by 6 dB an octave.
    fn rolloff(&self, f: f64) -> f64 {
        let top = self.centres[self.centres.len() - 1];
        if f > top { (top / f).powi(2) } else { 1.0 }
    }

    /// Noise variance over twice the prior's power, that of the rows times `rolloff`.
    fn ridge(&self, noise: &RowNoise, f: f64, rolloff: f64) -> f64 {
        let (low, high, share) = self.neighbours(f);
        let power = mix(self.power[low], self.power[high], share, self.least_power) * rolloff;
        mix(noise.0[low], noise.0[high], share, f64::MIN_POSITIVE) / (2.0 * power)
    }

    /// Sum over the rows of the squared response over twice the hop (a real signal meets each
    /// row at one of two frequencies).
    fn response(&self, frequencies: &[f64]) -> Vec<f64> {
        let share = 0.5 / self.hop;
        let floor: f64 = RESPONSE_FLOOR * share * self.peaks.iter().sum::<f64>();
        let mut sums = vec![floor; frequencies.len()];
        let step = frequencies.get(1).copied().unwrap_or(1.0);
        for ((centre, length), peak) in self.centres.iter().zip(&self.lengths).zip(&self.peaks) {
            let reach = 2.0 / length;
            let first = ((centre - reach) / step).ceil().max(0.0) as usize;
            let last = ((centre + reach) / step) as usize;
            for (bin, sum) in sums.iter_mut().enumerate().take(last + 1).skip(first) {
                *sum += share * peak * hann_response((bin as f64 * step - centre) * length).powi(2);
            }
        }
        sums
    }

    /// The bank's squared response over twice the hop (a real signal meets each row at one of two
    /// frequencies) at each centre.
    fn responses_at_centres(&self) -> Vec<f64> {
        let share = 0.5 / self.hop;
        let floor = RESPONSE_FLOOR * share * self.peaks.iter().sum::<f64>();
        let rows = || self.centres.iter().zip(&self.lengths).zip(&self.peaks);
        let at = |f: f64| rows().map(|((c, length), peak)| peak * hann_response((f - c) * length).powi(2)).sum::<f64>();
        self.centres.iter().map(|&centre| floor + share * at(centre)).collect()
    }
}

/// Transform of a Hann window of unit area, `x` in bins off its centre: `sinc(x) / (1 - x^2)`.
fn hann_response(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        1.0
    } else if (x.abs() - 1.0).abs() < 1e-9 {
        0.5
    } else {
        let angle = std::f64::consts::PI * x;
        angle.sin() / angle / (1.0 - x * x)
    }
}

#[cfg(test)]
mod tests {

    use crate::inverse::{LeastSquaresOptions, least_squares};
    use crate::testing::{db_from_ratio, noise};
    use crate::watch::Watch;
    use crate::{Cqt, CqtParams, Norm, PadMode, Window};

    /// Four bins, one an octave, hear little of noise: what they do not hear stays silent.
    #[test]
    fn no_energy_goes_where_the_bank_hears_little() {
        for (bins_per_octave, bins, hop) in
            [(1, 4, 256), (24, 3, 499), (12, 1, 64), (12, 2, 64), (36, 2, 128), (12, 13, 64)]
        {
            let params =
                CqtParams { bins_per_octave, bins, hop, fmin_hz: 200.0, sparsity: 0.0, ..CqtParams::default() };
            let x = noise(6000, 3);
            let plan = Cqt::new(&params, x.len()).unwrap();
            let data = plan.forward(&x).unwrap();
            let least =
                least_squares(&plan, &data, &LeastSquaresOptions::default(), &mut Watch::default()).unwrap().samples;
            let db = db_from_ratio(&least, &x);
            // The best multiple of the adjoint is the best of what weighs all rows alike.
            let adjoint = plan.adjoint(&data).unwrap();
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let gain = dot(&adjoint, &x) / dot(&adjoint, &adjoint);
            let scaled: Vec<f64> = adjoint.iter().map(|value| value * gain).collect();
            let adjoint_db = db_from_ratio(&scaled, &x);
            assert!(db < 0.0 && db <= adjoint_db + 0.005, "{bins} bins: {db} dB, by the adjoint {adjoint_db} dB");
        }
    }

    /// Two frames that a mirror folds many times: four numbers for 490 samples. Their projection of noise is nearer to
    /// it than silence however long the solver runs.
    #[test]
    fn what_is_open_stays_silent() {
        let params = CqtParams {
            bins_per_octave: 36,
            bins: 1,
            hop: 490,
            fmin_hz: 263.409,
            tuning: -0.4,
            norm: Norm::None,
            window: Window::Hamming,
            scale: false,
            pad_mode: PadMode::Reflect,
            ..CqtParams::default()
        };
        let plan = Cqt::new(&params, 490).unwrap();
        for seed in 0..20 {
            let x = noise(490, seed);
            let data = plan.forward(&x).unwrap();
            let least =
                least_squares(&plan, &data, &LeastSquaresOptions::default(), &mut Watch::default()).unwrap().samples;
            assert!(db_from_ratio(&least, &x) < 0.0, "{seed}: {} dB", db_from_ratio(&least, &x));
        }
    }
}
