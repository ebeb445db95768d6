//! The plan: everything that can be computed before the samples are there.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex;
use photophone_fft::{ComplexToReal, Fft, Planner, RealToComplex};

use super::bands::{Band, bands};
use super::cells::{RaggedCells, check_starts, starts_of};
use super::params::{GaborParams, wrong};
use super::warp::Warp;
use crate::cqt::MAX_SAMPLES;
use crate::{Real, Threads, TransformError};

/// Runs of rows for each thread: several, as they do not all take the same time.
const RUNS_A_THREAD: usize = 4;

/// An exactly invertible constant-Q transform of signals of one length, planned.
///
/// With `X` the spectrum of the signal, zeros filled up to [`Gabor::period`] samples `P`, over `P / 2`, and `g_k` the
/// window of band `k`, the coefficients are `C_k[n] = sum over i of X[i] g_k[i] exp(2 pi i n hop_k / P)`, over the bins of
/// both signs that the window holds (Balazs and others, Theory, implementation and applications of nonstationary Gabor
/// frames, 2011; Holighaus, Wiesmeyr and Průša, A class of warped filter bank frames tailored to non-linear frequency
/// scales, 2020). A sinusoid of amplitude `A` at a band's centre has coefficients of
/// modulus `A` there. Their phase is that of the band-passed signal: it turns with the signal's own frequency.
///
/// A plan is immutable and can be shared between threads. Memory: about 3 numbers a sample for the windows. Time: an FFT
/// of the period, and one of each row's length.
pub struct Gabor<T> {
    params: GaborParams,
    samples: usize,
    bands: Vec<Band>,
    pub(super) period: usize,
    pub(super) rows: Vec<Row<T>>,
    /// The windows of all rows, one after another.
    pub(super) windows: Vec<T>,
    /// Half the inverse of the windows' squares' sum, for each bin.
    pub(super) dual: Vec<T>,
    /// Bins below 0 and above half the sample rate that windows reach.
    pub(super) beyond: (usize, usize),
    starts: Arc<[usize]>,
    pub(super) real_forward: Arc<dyn RealToComplex<T>>,
    pub(super) real_inverse: Arc<dyn ComplexToReal<T>>,
    bound: (f64, f64),
}

/// One row as it is computed.
pub(super) struct Row<T> {
    /// The first bin of its window, counted from the first one that any window reaches.
    pub(super) first: usize,
    /// That bin's place in the row, in bins of the row's own spectrum.
    pub(super) place: usize,
    /// Its window.
    pub(super) window: Range<usize>,
    /// What the inverse takes its coefficients by: half of it for the lowest and highest row, which are real.
    pub(super) share: T,
    pub(super) is_real: bool,
    pub(super) forward: Arc<dyn Fft<T>>,
    pub(super) inverse: Arc<dyn Fft<T>>,
}

/// Rows with their places in a buffer of coefficients.
pub(super) type Share<'a, T> = Vec<(&'a Row<T>, &'a mut [Complex<T>])>;

/// What a call writes besides its result; one serves any number of calls and plans.
#[derive(Clone, Debug, Default)]
pub struct GaborScratch<T> {
    pub(super) samples: Vec<T>,
    pub(super) spectrum: Vec<Complex<T>>,
    pub(super) row: Vec<Complex<T>>,
    pub(super) fft: Vec<Complex<T>>,
    /// Of a difference alone: a row's own spectrum, and the sum of all rows'.
    pub(super) bins: Vec<Complex<T>>,
    pub(super) sum: Vec<Complex<T>>,
}

impl<T: Real> Gabor<T> {
    /// Plans the transform of `samples` samples: any number from 1 up, primes included.
    ///
    /// # Errors
    /// A parameter outside its range, a knee that leaves fewer than 12 bands below half the sample rate, or no samples or
    /// more than [`MAX_SAMPLES`].
    pub fn new(params: &GaborParams, samples: usize) -> Result<Self, TransformError> {
        params.check()?;
        if !(1..=MAX_SAMPLES).contains(&samples) {
            return Err(wrong("length", &samples, &format!("1 to {MAX_SAMPLES}")));
        }
        let warp = Warp::new(params)?;
        let bands = bands(params, &warp)?;
        let period = period(samples, longest_hop(&bands));
        let spectra = Spectra::new(params, &warp, &bands, period);
        let (sum, bound) = spectra.sum(period);
        let mut planner = Planner::<T>::default();
        let last = bands.len() - 1;
        let rows = bands.iter().zip(&spectra.supports).enumerate().map(|(k, (band, support))| {
            let length = period / band.hop;
            let is_real = k == 0 || k == last;
            Row {
                first: (support.first + spectra.beyond.0 as isize) as usize,
                place: support.first.rem_euclid(length as isize) as usize,
                window: support.window.clone(),
                share: Real::nearest(if is_real { 0.5 } else { 1.0 } / length as f64),
                is_real,
                forward: planner.inverse(length),
                inverse: planner.forward(length),
            }
        });
        Ok(Self {
            params: *params,
            samples,
            rows: rows.collect(),
            starts: starts_of(bands.iter().map(|band| period / band.hop)),
            bands,
            period,
            windows: spectra.windows.iter().map(|&value| Real::nearest(value)).collect(),
            dual: sum.iter().map(|&sum| Real::nearest(0.5 / sum)).collect(),
            beyond: spectra.beyond,
            real_forward: planner.real_forward(period),
            real_inverse: planner.real_inverse(period),
            bound,
        })
    }

    /// The parameters planned for.
    pub fn params(&self) -> &GaborParams {
        &self.params
    }

    /// Samples of the signal.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Samples after which the transform takes the signal to begin again: the shortest multiple of the longest hop that
    /// holds the signal, by a number without prime factors above 5. What lies between is zero. What a coefficient at one
    /// end hears beyond it is the other end.
    pub fn period(&self) -> usize {
        self.period
    }

    /// What each row hears, the lowest first. It depends on the parameters alone, not on the length.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// Complex coefficients a sample of the period.
    pub fn redundancy(&self) -> f64 {
        self.starts.last().map_or(0.0, |&count| count as f64 / self.period as f64)
    }

    /// The least and the greatest sum of the windows' squares at any bin: the frame bounds, but for a factor.
    pub fn bound(&self) -> (f64, f64) {
        self.bound
    }

    /// Room for the coefficients, filled with zeros.
    pub fn make_cells(&self) -> RaggedCells<T> {
        RaggedCells::zeros(Arc::clone(&self.starts))
    }

    /// Where each row begins in the coefficients, and the end.
    pub(super) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The rows with their places in a buffer of coefficients, in as many runs of about equal length as keep the threads
    /// busy that there are: one where there is one thread.
    pub(super) fn shares<'a>(&'a self, mut rest: &'a mut [Complex<T>]) -> Vec<Share<'a, T>> {
        let threads = Threads::here();
        let length = if threads == 1 { rest.len() } else { rest.len().div_ceil(RUNS_A_THREAD * threads) };
        let (mut shares, mut taken) = (vec![Vec::new()], 0);
        for row in &self.rows {
            let (values, after) = rest.split_at_mut(row.forward.len());
            rest = after;
            if taken >= length {
                shares.push(Vec::new());
                taken = 0;
            }
            taken += values.len();
            if let Some(share) = shares.last_mut() {
                share.push((row, values));
            }
        }
        shares
    }

    pub(super) fn check_cells(&self, cells: &RaggedCells<T>) -> Result<(), TransformError> {
        check_starts(cells.starts(), &self.starts)
    }
}

/// The longest hop of all bands, at least 2: half the sample rate has to be a bin.
pub(super) fn longest_hop(bands: &[Band]) -> usize {
    bands.iter().map(|band| band.hop).max().unwrap_or(1).max(2)
}

/// The shortest period that FFTs are fast at, of at most [`MAX_SAMPLES`] samples.
pub(super) fn period(samples: usize, longest_hop: usize) -> usize {
    let is_smooth = |number: &usize| {
        [2, 3, 5].iter().fold(*number, |mut rest, prime| {
            while rest % prime == 0 {
                rest /= prime;
            }
            rest
        }) == 1
    };
    let least = samples.div_ceil(longest_hop);
    let smooth = (least..least.next_power_of_two()).find(is_smooth).unwrap_or(least.next_power_of_two());
    smooth * longest_hop
}

/// A row's bins.
struct Support {
    /// The first, below 0 for the lowest rows.
    first: isize,
    window: Range<usize>,
}

/// The windows of all rows, in double precision.
struct Spectra {
    supports: Vec<Support>,
    windows: Vec<f64>,
    beyond: (usize, usize),
}

impl Spectra {
    fn new(params: &GaborParams, warp: &Warp, bands: &[Band], period: usize) -> Self {
        let bin_hz = params.sr / period as f64;
        let half = (period / 2) as isize;
        let (mut supports, mut windows) = (Vec::with_capacity(bands.len()), Vec::new());
        let places = Places::new(warp, bands, bin_hz);
        for (k, band) in bands.iter().enumerate() {
            let (first, end) = bins(band, bin_hz, period / band.hop);
            let from = windows.len();
            windows.extend((first..end).map(|bin| params.taper.at(places.at(bin) - k as f64)));
            supports.push(Support { first, window: from..windows.len() });
        }
        let lowest = supports.iter().map(|support| support.first).min().unwrap_or(0);
        let highest = supports.iter().map(|support| support.first + support.window.len() as isize).max().unwrap_or(0);
        let beyond = ((-lowest).max(0) as usize, (highest - half - 1).max(0) as usize);
        Self { supports, windows, beyond }
    }

    /// The sum of all windows' squares, over both signs, at each bin, and its least and greatest value.
    fn sum(&self, period: usize) -> (Vec<f64>, (f64, f64)) {
        let half = (period / 2) as isize;
        let mut sum = vec![0.0; period / 2 + 1];
        let last = self.supports.len() - 1;
        for (k, support) in self.supports.iter().enumerate() {
            let share = if k == 0 || k == last { 0.5 } else { 1.0 };
            for (bin, value) in (support.first..).zip(&self.windows[support.window.clone()]) {
                let square = share * value * value;
                let folded = if bin > half { 2 * half - bin } else { bin.abs() };
                // At 0 Hz and half the sample rate a bin is its own mirror image.
                let both = if bin == 0 || bin == half { 2.0 } else { 1.0 };
                sum[folded as usize] += both * square;
            }
        }
        let bound = sum.iter().fold((f64::MAX, 0.0), |(least, most): (f64, f64), &at| (least.min(at), most.max(at)));
        (sum, bound)
    }
}

/// The bins inside of a band's support, first and end; no more than the row has coefficients.
fn bins(band: &Band, bin_hz: f64, length: usize) -> (isize, isize) {
    let first = (band.support_hz.0 / bin_hz).floor() as isize + 1;
    let end = (band.support_hz.1 / bin_hz).ceil() as isize;
    (first, end.clamp(first, first + length as isize))
}

/// The axis at every bin that any band holds.
struct Places {
    lowest: isize,
    places: Vec<f64>,
}

impl Places {
    fn new(warp: &Warp, bands: &[Band], bin_hz: f64) -> Self {
        let ends = |band: &Band| ((band.support_hz.0 / bin_hz) as isize - 1, (band.support_hz.1 / bin_hz) as isize + 2);
        let lowest = bands.first().map_or(0, |band| ends(band).0);
        let end = bands.last().map_or(0, |band| ends(band).1);
        Self { lowest, places: (lowest..end).map(|bin| warp.band_from_hz(bin as f64 * bin_hz)).collect() }
    }

    fn at(&self, bin: isize) -> f64 {
        self.places[(bin - self.lowest) as usize]
    }
}

impl<T> fmt::Debug for Gabor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gabor").field("params", &self.params).field("samples", &self.samples).finish_non_exhaustive()
    }
}
