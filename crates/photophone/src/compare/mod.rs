//! How near a recovered sound is to the truth, in figures and as a picture.
//!
//! Which figure means something depends on what was known: with the phase, [`Comparison::snr_db`]
//! and [`Comparison::si_sdr_db`]; without it, the waveform is free to differ and only
//! [`Comparison::stft_sc_db`] and [`Comparison::level_db`] tell sounds apart.

mod align;
mod channels;
mod font;
mod plot;
mod resample;
mod sheet;
mod spectrum;
mod stft;
mod table;

pub use channels::{ChannelComparison, SoundComparison, compare_sounds};
pub use plot::{Difference, PlotOptions, plot};
pub use resample::at_rate;
pub use stft::{spectral_convergence_db, stft_magnitudes};

use std::borrow::Cow;

use photophone_spectrum::{Number, StopFlag};
use serde::Serialize;

use crate::Error;
use align::{align, best_lag};
use spectrum::{Spectrum, TINY};
use stft::magnitudes_until;

/// Edges of the bands that [`Comparison::bands`] reports, in Hz.
///
/// Together they span the default constant-Q grid of 84 bins from 32.7 to 3951 Hz. At 1450 Hz
/// a filter's bandwidth (`f / Q` with Q = 16.8) reaches the grid's frame rate, 86 Hz at hop 512
/// and 44.1 kHz: above that the frames are too few for the filters.
pub const BANDS_HZ: [(f64, f64); 5] =
    [(32.0, 500.0), (500.0, 1000.0), (1000.0, 1450.0), (1450.0, 2000.0), (2000.0, 4000.0)];

/// A sound of one channel, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Mono<'a> {
    /// Samples, full scale -1 to 1.
    pub samples: &'a [f64],
    /// Samples a second.
    pub sample_rate_hz: u32,
}

/// How [`compare`] compares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareOptions {
    /// Lowest and highest frequency to compare, in Hz, both included: a brick wall. Default:
    /// everything. [`Comparison::bands`] is not affected.
    pub band_hz: Option<(f64, f64)>,
    /// Most samples by which the result may be shifted, either way, to match. Default: 0.
    pub max_lag_samples: usize,
    /// Ends comparing early, between its FFTs and at any frame of its STFTs. Default: nothing does.
    pub stop: StopFlag,
}

/// How near a result is to the truth; see [`compare`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Signal-to-noise ratio, `10 log10(|x|^2 / |x - y|^2)`, no gain fitted.
    pub snr_db: f64,
    /// Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019, equation 5): the truth is scaled to fit the
    /// result, `10 log10(|a x|^2 / |a x - y|^2)` with `a = <x, y> / |x|^2`. Below 0 where the error outweighs the truth.
    pub si_sdr_db: f64,
    /// Spectral convergence of STFT magnitudes after the best gain; lower is better and 0 is no
    /// better than silence. See [`spectral_convergence_db`].
    pub stft_sc_db: f64,
    /// Median absolute difference of STFT levels, over the truth's cells within 60 dB of its
    /// loudest, after the same gain.
    pub level_db: f64,
    /// Signal-to-noise ratio in each of [`BANDS_HZ`] that ends below half the sample rate.
    pub bands: Vec<BandSnr>,
    /// Samples by which the result was delayed (negative: advanced) to match.
    pub lag: isize,
    /// Samples compared: the shorter length after the shift.
    pub samples: usize,
    /// Samples by which the two lengths differed before the shift, at the truth's rate.
    pub length_difference: usize,
    /// The result's own sample rate, if it was resampled to the truth's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resampled_from_hz: Option<u32>,
}

/// The signal-to-noise ratio in one band.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BandSnr {
    /// Lowest frequency, included.
    pub low_hz: f64,
    /// Highest frequency, included.
    pub high_hz: f64,
    /// `10 log10(|x|^2 / |x - y|^2)` in the band, no gain fitted.
    pub snr_db: f64,
}

/// Compares a result with the truth over the shorter of their lengths.
///
/// Bands are cut by leaving out the bins of one FFT over that length. Ratios are limited to
/// what a noise energy of 1e-30 allows, so equal sounds give about 300 dB and not infinity. A
/// result at another sample rate is resampled to the truth's first ([`at_rate`]). Cost: two FFTs of the whole length and the STFTs of both; with a lag three more of twice it.
///
/// # Errors
/// [`Error::SampleRates`] when the rates are too far apart; [`Error::Incomparable`] when a sound is empty
/// or has values that are not numbers, when the truth is silent in the band, or for a band that
/// is empty or wholly above half the sample rate; [`Error::Interrupted`] once `options.stop` is set.
pub fn compare(truth: Mono<'_>, result: Mono<'_>, options: &CompareOptions) -> Result<Comparison, Error> {
    check(truth, result)?;
    let at_truths_rate = at_rate(result, truth.sample_rate_hz)?;
    let pair = Pair::of(truth, &at_truths_rate);
    options.stop.check()?;
    let lag = best_lag(&[(pair.truth, pair.result)], options.max_lag_samples);
    let measured = pair.measured(lag, options)?;
    figures(&[measured], result.sample_rate_hz, options)
}

/// One channel of both sounds at the truth's rate.
#[derive(Clone, Copy)]
struct Pair<'a> {
    truth: &'a [f64],
    result: &'a [f64],
    sample_rate_hz: f64,
}

impl<'a> Pair<'a> {
    fn of(truth: Mono<'a>, result: &'a [f64]) -> Self {
        Self { truth: truth.samples, result, sample_rate_hz: f64::from(truth.sample_rate_hz) }
    }

    /// What figures are made of, the result being delayed by so many samples.
    fn measured(&self, lag: isize, options: &CompareOptions) -> Result<Measured, Error> {
        let (low_hz, high_hz) = checked_band(options.band_hz, self.sample_rate_hz)?;
        let stop = &options.stop;
        stop.check()?;
        let (x, y) = align(self.truth, self.result, lag)?;
        let x_all = Spectrum::of(x, self.sample_rate_hz);
        stop.check()?;
        let y_all = Spectrum::of(&y, self.sample_rate_hz);
        stop.check()?;
        let (x_band, y_band) = (x_all.band(low_hz, high_hz), y_all.band(low_hz, high_hz));
        let (x_cells, y_cells) = (magnitudes_until(&x_band.samples(), stop), magnitudes_until(&y_band.samples(), stop));
        stop.check()?;
        let bands = BANDS_HZ.into_iter().filter(|&(_, high)| high < self.sample_rate_hz / 2.0).map(|(low, high)| {
            let (truth, result) = (x_all.band(low, high), y_all.band(low, high));
            (low, high, truth.energy(), truth.error_energy(&result, 1.0))
        });
        Ok(Measured {
            energy: x_band.energy(),
            error_energy: x_band.error_energy(&y_band, 1.0),
            product: x_band.product(&y_band),
            bands: bands.collect(),
            cells: (x_cells.into_vec(), y_cells.into_vec()),
            spectra: (x_band, y_band),
            lag,
            samples: x.len(),
            length_difference: self.truth.len().abs_diff(self.result.len()),
            sample_rate_hz: self.sample_rate_hz,
        })
    }
}

/// What figures are made of, of one channel.
struct Measured {
    energy: f64,
    error_energy: f64,
    product: f64,
    /// Edges in Hz, energy of the truth and of the error.
    bands: Vec<(f64, f64, f64, f64)>,
    /// STFT magnitudes of truth and result.
    cells: (Vec<f64>, Vec<f64>),
    spectra: (Spectrum, Spectrum),
    lag: isize,
    samples: usize,
    length_difference: usize,
    sample_rate_hz: f64,
}

/// The figures over all channels: one gain is fitted where one is, so that their relation counts.
///
/// # Errors
/// [`Error::Incomparable`] where the truth is silent in all of them.
fn figures(channels: &[Measured], result_hz: u32, options: &CompareOptions) -> Result<Comparison, Error> {
    let sum = |of: &dyn Fn(&Measured) -> f64| channels.iter().map(of).sum::<f64>();
    let energy = sum(&|channel| channel.energy);
    let Some(first) = channels.first().filter(|_| energy > 0.0) else { return Err(silent(options.band_hz)) };
    // Le Roux et al. 2019, equation 5.
    let scale = sum(&|channel| channel.product) / energy.max(TINY);
    let distortion = sum(&|channel| channel.spectra.1.error_energy(&channel.spectra.0, scale));
    let (x, y): (Vec<&[f64]>, Vec<&[f64]>) = channels.iter().map(|each| (&each.cells.0[..], &each.cells.1[..])).unzip();
    let (x, y) = (joined(&x), joined(&y));
    let bands = first.bands.iter().enumerate().map(|(band, &(low_hz, high_hz, ..))| {
        let snr_db = ratio_db(sum(&|each| each.bands[band].2), sum(&|each| each.bands[band].3));
        BandSnr { low_hz, high_hz, snr_db }
    });
    Ok(Comparison {
        snr_db: ratio_db(energy, sum(&|channel| channel.error_energy)),
        si_sdr_db: ratio_db(scale * scale * energy, distortion),
        stft_sc_db: spectral_convergence_db(&x, &y),
        level_db: stft::level_difference_db(&x, &y),
        bands: bands.collect(),
        lag: first.lag,
        samples: first.samples,
        length_difference: first.length_difference,
        resampled_from_hz: Some(result_hz).filter(|&rate| f64::from(rate) != first.sample_rate_hz),
    })
}

/// One list after the other; a single one is not copied.
fn joined<'a>(lists: &[&'a [f64]]) -> Cow<'a, [f64]> {
    match lists {
        [only] => Cow::Borrowed(only),
        all => Cow::Owned(all.concat()),
    }
}

fn ratio_db(signal: f64, error: f64) -> f64 {
    10.0 * (signal / error.max(TINY)).max(TINY).log10()
}

/// Refuses sounds that have no figures.
fn check(truth: Mono<'_>, result: Mono<'_>) -> Result<(), Error> {
    check_numbers(truth, result)?;
    if truth.samples.iter().all(|&sample| sample == 0.0) {
        return Err(silent(None));
    }
    Ok(())
}

/// Refuses sounds without numbers.
fn check_numbers(truth: Mono<'_>, result: Mono<'_>) -> Result<(), Error> {
    let refuse = |found: String, expected, advice| Err(Error::Incomparable { found, expected, advice });
    if truth.sample_rate_hz == 0 || result.sample_rate_hz == 0 {
        return refuse("the sample rate is 0 Hz".to_owned(), "a positive one", "check both files");
    }
    for (name, sound) in [("truth", truth), ("result", result)] {
        if sound.samples.is_empty() {
            return refuse(format!("the {name} has no samples"), "at least one", "check that it is the file you meant");
        }
        if let Some(at) = sound.samples.iter().position(|sample| !sample.is_finite()) {
            let found = format!("the {name}'s sample {at} is {}", Number(sound.samples[at]));
            return refuse(found, "numbers only", "make that sound again");
        }
    }
    Ok(())
}

fn silent(band_hz: Option<(f64, f64)>) -> Error {
    let place =
        band_hz.map_or(String::new(), |(low, high)| format!(" between {} and {} Hz", Number(low), Number(high)));
    Error::Incomparable {
        found: format!("the truth is silent{place} where both have samples"),
        expected: "a truth with something to hear",
        advice: "check that the truth is given first, and the band",
    }
}

/// The band asked for, or everything.
fn checked_band(band_hz: Option<(f64, f64)>, sample_rate_hz: f64) -> Result<(f64, f64), Error> {
    let nyquist_hz = sample_rate_hz / 2.0;
    match band_hz {
        None => Ok((0.0, nyquist_hz)),
        Some((low, high)) if low >= 0.0 && low < high && low < nyquist_hz => Ok((low, high)),
        Some((low, high)) => Err(Error::Incomparable {
            found: format!("the band is {} to {} Hz at {sample_rate_hz} Hz", Number(low), Number(high)),
            expected: "0 <= low < high with low below half the sample rate",
            advice: "give another band",
        }),
    }
}
