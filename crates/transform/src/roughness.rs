//! How fast magnitudes change over frames and bins: what every sound has in common.
//!
//! For a Gaussian window `V = exp(-pi |z|^2 / 2) F(z)` with `F` entire, so that away from zeros `ln |V|` has a fixed
//! Laplacian, and by parts the mean square of the gradient of `|V|` over the mean square of `|V|` is a constant: it
//! depends on the window and not on the sound (the reproducing property of the transform; Ascensi and Bruna, "Model
//! space results for the Gabor and wavelet transforms", 2009; Flandrin, "Time-Frequency Filtering Based on Spectrogram
//! Zeros", 2015). A steady tone has all of it over the bins, a click all of it over the frames, noise half and half.
//! Here gradients are differences of neighbours, each over what the window's own kernel has at that distance.

use std::f64::consts::PI;

use photophone_spectrum::Plane;

use crate::cqt::{Geometry, MAX_BINS};
use crate::retrieval::gaussian_width;
use crate::{Cqt, CqtParams, TransformError};

/// Hops per filter length up to which frames follow the magnitude: two thirds of the change between frames that
/// have nothing in common (`1 - exp(-pi x^2 / 2 c)` with Hann's c).
const FINE: f64 = 0.45;
/// Share of the power that noise may have for an octave to tell anything.
const NOISY: f64 = 0.1;
/// Share of the power that cells beside unknown ones may have for an octave to tell anything: a mask takes the feet of what it
/// leaves, and with them the gradient.
const TORN: f64 = 0.1;
/// Octaves over which a row's surroundings are averaged: weights that change by less than the filters themselves do.
const REACH_OCTAVES: f64 = 0.25;
/// A ratio that no sound comes near; at and below it one is as good as another.
const LEAST_RATIO: f64 = 1e-3;
/// Where frames are too far apart to follow, noise has 0.55 (0.2 over frames and 0.35 over bins); less means that the
/// frames also miss what the bins would show.
const COARSE_LEAST: f64 = 0.5;

/// How rough an octave's magnitudes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roughness {
    /// Lowest bin, in Hz of the rate that the transform was told.
    pub low_hz: f64,
    /// Highest bin.
    pub high_hz: f64,
    /// Mean square gradient over what every sound has: 1 within about a third, and in coarse octaves 0.5 to 1.3.
    pub ratio: f64,
    /// Whether frames are close enough to follow the magnitude.
    pub fine: bool,
}

impl Roughness {
    /// How far the octave is from what sounds have, rougher or smoother, in e-folds of the ratio.
    pub fn deviation(&self) -> f64 {
        self.off().abs()
    }

    /// The same with its sign: above 0 it is rougher than any sound, below 0 smoother.
    pub fn off(&self) -> f64 {
        let log = self.ratio.max(LEAST_RATIO).ln();
        log.max(0.0) + (log + self.plateau()).min(0.0)
    }

    /// Width, in e-folds up to a ratio of 1, of what sounds have: nothing where frames follow the magnitude.
    pub fn plateau(&self) -> f64 {
        if self.fine { 0.0 } else { -COARSE_LEAST.ln() }
    }
}

/// Roughness octave by octave from the bottom, of the octaves that tell it: not silent, and not mostly noise.
///
/// `magnitudes`: bins by frames; `noise`: mean square error of each, as of its quantiser, infinite where a cell tells
/// nothing, as under a mask. Cost: a pass over the cells.
///
/// # Errors
/// Parameters that make no transform, or planes that are not of its bins.
pub fn roughness(
    params: &CqtParams,
    magnitudes: &Plane<f64>,
    noise: &Plane<f64>,
) -> Result<Vec<Roughness>, TransformError> {
    let geometry = Geometry::new(params, None)?;
    let (bins, frames) = magnitudes.shape();
    for (what, found) in [("the magnitudes", (bins, frames)), ("the noise", noise.shape())] {
        let expected = (params.bins, frames);
        if found != expected {
            return Err(TransformError::Shape { what, found, expected });
        }
    }
    let peak = magnitudes.as_slice().iter().copied().fold(0.0, f64::max);
    if peak <= 0.0 || !peak.is_finite() || frames < 2 {
        return Ok(Vec::new());
    }
    let values = magnitudes.map(|value| value / peak);
    let errors = noise.map(|error| error / (peak * peak));
    let rows = rows(&geometry, params, &values, &errors);
    let weights = weights(&rows, params.bins_per_octave);
    let octaves = (0..bins).step_by(params.bins_per_octave).map(|first| {
        let octave = first..(first + params.bins_per_octave).min(bins);
        let sum = |of: fn(&Row) -> f64| octave.clone().map(|k| weights[k] * of(&rows[k])).sum::<f64>();
        let (power, last) = (sum(|row| row.power), octave.end - 1);
        let tells = power > 0.0 && sum(|row| row.noise) < NOISY * power && sum(|row| row.torn) < TORN * power;
        tells.then(|| Roughness {
            low_hz: geometry.freqs_hz[first],
            high_hz: geometry.freqs_hz[last],
            ratio: sum(|row| row.gradient) / power,
            fine: rows[last].hops < FINE,
        })
    });
    Ok(octaves.flatten().collect())
}

/// Means over a row's frames.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// Mean square.
    power: f64,
    /// Mean square difference to the neighbours, each over what the kernel has, without that of the noise.
    gradient: f64,
    /// What the noise has added to it.
    noise: f64,
    /// What of the power is in cells beside unknown ones.
    torn: f64,
    /// Hops per filter length.
    hops: f64,
}

fn rows(geometry: &Geometry, params: &CqtParams, values: &Plane<f64>, errors: &Plane<f64>) -> Vec<Row> {
    let bins = values.rows();
    let width = gaussian_width(params.window);
    let secs = |k: usize| geometry.length(k, params.sr) / params.sr;
    let mean = |sum: f64, count: usize| sum / count.max(1) as f64;
    let mut rows = vec![Row::default(); bins];
    for (k, row) in rows.iter_mut().enumerate() {
        row.hops = params.hop as f64 / params.sr / secs(k);
        let over_frames = kernel_fall(row.hops * row.hops / width);
        let all = (values, errors);
        let (values, errors) = (values.row(k), errors.row(k));
        let known = values.iter().zip(errors).filter(|(_, error)| error.is_finite());
        let (power, cells) = known.fold((0.0, 0), |(power, cells), (value, _)| (power + value * value, cells + 1));
        row.power = mean(power, cells);
        row.torn = mean(torn_power(all, k), cells);
        let Changes { squares, added, pairs } = Changes::between((values, errors), (&values[1..], &errors[1..]));
        row.gradient = mean(squares - added, pairs) / over_frames;
        row.noise = mean(added, pairs) / over_frames;
    }
    for k in 1..bins {
        let apart = (geometry.freqs_hz[k] - geometry.freqs_hz[k - 1]) * 0.5 * (secs(k) + secs(k - 1));
        let over_bins = kernel_fall(width * apart * apart);
        let row_of = |k: usize| (values.row(k), errors.row(k));
        let Changes { squares, added, pairs } = Changes::between(row_of(k - 1), row_of(k));
        let power = rows[k - 1].power + rows[k].power;
        // A gradient belongs to where the power is: shared evenly, the foot of a loud tone would be all gradient.
        for row in &mut rows[k - 1..=k] {
            let share = if power > 0.0 { row.power / power } else { 0.5 };
            row.gradient += share * mean(squares - added, pairs) / over_bins;
            row.noise += share * mean(added, pairs) / over_bins;
        }
    }
    rows
}

/// Power of a row's known cells that have an unknown one beside, below or above them.
fn torn_power((values, errors): (&Plane<f64>, &Plane<f64>), k: usize) -> f64 {
    let (bins, frames) = values.shape();
    let is_known = |k: usize, t: usize| errors[(k, t)].is_finite();
    let is_torn = |t: usize| {
        let (below, before) = (k.saturating_sub(1), t.saturating_sub(1));
        let (above, after) = ((k + 1).min(bins - 1), (t + 1).min(frames - 1));
        is_known(k, t) && !(is_known(below, t) && is_known(above, t) && is_known(k, before) && is_known(k, after))
    };
    (0..frames).filter(|&t| is_torn(t)).map(|t| values[(k, t)].powi(2)).sum()
}

/// Squared differences between neighbours of which both are known.
#[derive(Clone, Copy, Debug, Default)]
struct Changes {
    /// Their sum.
    squares: f64,
    /// What the noise has added to it.
    added: f64,
    /// How many.
    pairs: usize,
}

impl Changes {
    /// Between each value and the one beside it; both with their mean square errors.
    fn between((a, a_errors): (&[f64], &[f64]), (b, b_errors): (&[f64], &[f64])) -> Self {
        let errors = a_errors.iter().zip(b_errors).map(|(a, b)| a + b);
        let pairs = a.iter().zip(b).zip(errors).filter(|(_, error)| error.is_finite());
        pairs.fold(Self::default(), |sum, ((a, b), error)| Self {
            squares: sum.squares + (b - a).powi(2),
            added: sum.added + error,
            pairs: sum.pairs + 1,
        })
    }
}

/// Mean square difference of the kernel `exp(-pi x^2 / 2)` from itself `x` away, over its mean square, where
/// `squared` is `x^2`.
fn kernel_fall(squared: f64) -> f64 {
    2.0 * (1.0 - (-0.5 * PI * squared).exp()).max(f64::MIN_POSITIVE)
}

/// One over the mean power around each row, so that quiet octaves count as loud ones do.
fn weights(rows: &[Row], bins_per_octave: usize) -> Vec<f64> {
    let decay = (-1.0 / (REACH_OCTAVES * bins_per_octave as f64).max(1.0)).exp();
    let from_one_side = |rows: &mut dyn Iterator<Item = &Row>| {
        rows.scan(0.0, |sum, row| {
            *sum = decay * *sum + row.power;
            Some(*sum)
        })
        .collect::<Vec<f64>>()
    };
    let below = from_one_side(&mut rows.iter());
    let above = from_one_side(&mut rows.iter().rev());
    let around = rows.iter().zip(below.iter().zip(above.iter().rev())).map(|(row, (b, a))| b + a - row.power);
    around.map(|power| if power > 0.0 { power.recip() } else { 0.0 }).collect()
}

/// Most bins of which the highest still lies, with its whole filter, below half the sample rate; 0 where not even
/// one does, and all that a transform can have where its parameters make none for another reason. `bins` of the
/// parameters does not count.
pub fn bins_that_fit(params: &CqtParams) -> usize {
    match Cqt::bins_that_fit(params, None) {
        Ok(bins) => bins,
        Err(TransformError::AboveNyquist { .. }) => 0,
        Err(_) => MAX_BINS,
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::random::RandomPhases;

    fn octaves_of(samples: &[f64], power_of: f64) -> Vec<Roughness> {
        let params = CqtParams::default();
        let plan = Cqt::new(&params, samples.len()).unwrap();
        let magnitudes = plan.forward(samples).unwrap().map(|value| value.norm().powf(power_of));
        let noise = magnitudes.map(|_| 0.0);
        roughness(&params, &magnitudes, &noise).unwrap()
    }

    fn worst(octaves: &[Roughness]) -> f64 {
        octaves.iter().map(Roughness::deviation).fold(0.0, f64::max)
    }

    fn sounds() -> Vec<(&'static str, Vec<f64>)> {
        const SAMPLES: usize = 3 * 22050;
        let mut random = RandomPhases::new(5);
        let tone = |hz: f64| (0..SAMPLES).map(|n| (TAU * hz * n as f64 / 22050.0).sin()).collect::<Vec<_>>();
        let clicks = (0..SAMPLES).map(|n| f64::from(u8::from(n % 15_013 == 4000))).collect();
        let noise = (0..SAMPLES).map(|_| random.angle().cos()).collect();
        vec![("a tone", tone(440.0)), ("a low tone", tone(60.0)), ("clicks", clicks), ("noise", noise)]
    }

    #[test]
    fn sounds_of_all_kinds_are_equally_rough() {
        for (name, samples) in sounds() {
            let octaves = octaves_of(&samples, 1.0);
            assert!(!octaves.is_empty() && worst(&octaves) < 0.7, "{name}: {octaves:?}");
        }
    }

    #[test]
    fn what_is_no_magnitude_of_a_sound_is_rougher_or_smoother() {
        let params = CqtParams { bins: 60, ..CqtParams::default() };
        let check = Plane::from_fn(60, 80, |k, t| f64::from(u8::from((k / 6 + t / 6) % 2 == 0)));
        let smooth = Plane::from_fn(60, 80, |k, t| 1.0 + 0.5 * (k as f64 / 9.0).sin() * (t as f64 / 9.0).cos());
        for plane in [check, smooth] {
            let octaves = roughness(&params, &plane, &plane.map(|_| 0.0)).unwrap();
            assert!(worst(&octaves) > 1.0, "{octaves:?}");
        }
    }

    #[test]
    fn silence_and_noise_tell_nothing() {
        let params = CqtParams::default();
        let silent = Plane::filled(84, 20, 0.0);
        assert_eq!(roughness(&params, &silent, &silent).unwrap(), []);
        let even = Plane::filled(84, 20, 1.0);
        assert_eq!(roughness(&params, &even, &even).unwrap(), []);
    }

    #[test]
    fn bins_fit_up_to_half_the_sample_rate() {
        let fit = bins_that_fit(&CqtParams::default());
        let params = |bins| CqtParams { bins, ..CqtParams::default() };
        assert!(Geometry::new(&params(fit), None).is_ok() && Geometry::new(&params(fit + 1), None).is_err(), "{fit}");
        assert_eq!(bins_that_fit(&CqtParams { fmin_hz: 20_000.0, ..CqtParams::default() }), 0);
    }
}
