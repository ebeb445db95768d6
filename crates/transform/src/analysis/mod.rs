//! The seam: what every linear analysis of a signal offers to the inverses and to phase retrieval.

#[cfg(test)]
pub(crate) mod testing;

use std::fmt::Debug;
use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::{TransformError, Window};

/// Coefficients, rows by frames, row 0 the lowest.
pub type Cells = Plane<Complex<f64>>;

/// A linear analysis of real signals of one length: rows of complex coefficients over frames.
///
/// It is planned once and can be shared between threads; what a call needs to write is its [`Worker`]'s.
pub trait Analysis: Debug + Send + Sync {
    /// Samples of the signal.
    fn samples(&self) -> usize;

    /// Rows and frames of the coefficients.
    fn shape(&self) -> (usize, usize);

    /// What each row hears.
    fn channels(&self) -> &Channels;

    /// Row `row`'s response to `exp(2 pi i hz t)`, far from the signal's ends, over what the exponential is at sample
    /// `t hop` of frame `t`; 0 for a row that there is not.
    fn transfer(&self, row: usize, hz: f64) -> Complex<f64>;

    /// Its magnitude.
    fn response(&self, row: usize, hz: f64) -> f64 {
        self.transfer(row, hz).norm()
    }

    /// The transform and its adjoint, with working memory of their own.
    fn worker(&self) -> Box<dyn Worker + '_>;

    /// The rows that cannot be left out of an analysis of `rows`, at the lowest rate that carries them; none where that
    /// is the analysis itself, or where there are no such rows. Parts that hold the highest row have one rate.
    fn part(&self, rows: Range<usize>) -> Option<Box<dyn Part + '_>> {
        let _ = rows;
        None
    }

    /// How far behind the last frame each row's signal is mirrored, in samples, where it is.
    fn mirror(&self) -> Option<Vec<f64>> {
        None
    }

    /// The exact left inverse, where there is one that costs no more than the transform.
    fn dual(&self) -> Option<Box<dyn Dual + '_>> {
        None
    }
}

/// An analysis at work: it owns what a call writes, so that many calls take memory once.
pub trait Worker: Send {
    /// The coefficients of `samples`.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the analysis's.
    fn forward(&mut self, samples: &[f64], cells: &mut Cells) -> Result<(), TransformError>;

    /// The signal `x` with `<A y, c> = <y, x>` for every `y`, where the left inner product is `Re sum(a conj(c))`.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the analysis's.
    fn adjoint(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError>;
}

/// Some rows of an analysis, of a signal at a rate of their own.
pub trait Part: Debug {
    /// The analysis of those rows.
    fn analysis(&self) -> &dyn Analysis;

    /// Which rows of the whole they are.
    fn rows(&self) -> Range<usize>;

    /// The whole's signal at the part's rate.
    fn restrict(&self, samples: &[f64]) -> Vec<f64>;

    /// The transpose of [`Part::restrict`], and its inverse for a signal without anything near half the part's rate.
    fn prolong(&self, samples: &[f64]) -> Vec<f64>;
}

/// The exact left inverse of an analysis.
pub trait Dual {
    /// Samples of the signal.
    fn samples(&self) -> usize;

    /// The signal of which `cells` are the coefficients; of others, one that depends on them linearly.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a buffer's shape is not the analysis's.
    fn synthesise(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError>;

    /// Writes to `out` the signal of the coefficients of `samples` as `change` leaves them, which gets each frame's number
    /// and its coefficients, the lowest row first, once. The coefficients of all frames are never held at a time.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a signal's length is not the analysis's.
    fn resynthesise(
        &mut self,
        samples: &[f64],
        change: &mut dyn FnMut(usize, &mut [Complex<f64>]),
        out: &mut [f64],
    ) -> Result<(), TransformError>;
}

/// What the rows of an analysis hear.
#[derive(Clone, Debug, PartialEq)]
pub struct Channels {
    /// Samples a second.
    pub sample_rate_hz: f64,
    /// Samples between frames.
    pub hop: usize,
    /// The window of every row.
    pub window: Window,
    /// How the rows follow each other.
    pub spacing: Spacing,
    /// Each row, the lowest first.
    pub rows: Vec<Channel>,
}

/// What one row hears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Centre of its band, in Hz.
    pub centre_hz: f64,
    /// Distance to the next row's centre: the band that this row alone carries.
    pub band_hz: f64,
    /// Length of its window, in samples at [`Channels::sample_rate_hz`].
    pub length: f64,
    /// Response at the centre.
    pub peak: f64,
    /// Half the rate at which the row is computed: what lies above is kept from it.
    pub nyquist_hz: f64,
    /// Where the exponential's phase is zero, in samples after the window's centre.
    pub phase_origin: f64,
}

/// How rows follow each other: along which coordinate their windows change least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// By the same number of hertz, with windows of one length: along frequency.
    Linear,
    /// By the same ratio, with windows of as many periods: along the frequency's logarithm.
    Logarithmic,
}

impl Spacing {
    /// The coordinate of a frequency.
    pub fn coordinate(self, frequency: f64) -> f64 {
        match self {
            Self::Linear => frequency,
            Self::Logarithmic => frequency.ln(),
        }
    }

    /// How far a frequency lies between two others on the coordinate, as a share.
    pub(crate) fn share(self, frequency: f64, low: f64, high: f64) -> f64 {
        match self {
            Self::Linear => (frequency - low) / (high - low),
            Self::Logarithmic => (frequency / low).ln() / (high / low).ln(),
        }
    }

    /// By how much a frequency changes for each unit of its coordinate.
    pub fn slope(self, frequency: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Logarithmic => frequency,
        }
    }
}

impl Channels {
    /// Frames a second.
    pub fn frame_rate_hz(&self) -> f64 {
        self.sample_rate_hz / self.hop as f64
    }

    /// Each row's centre, in Hz.
    pub fn centres_hz(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.centre_hz).collect()
    }

    /// Each row's centre, in cycles a sample.
    pub fn centres(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.centre_hz / self.sample_rate_hz).collect()
    }

    /// The rows that are computed at the highest rate: those that hear what lies above all rows.
    pub(crate) fn fastest_rows(&self) -> Range<usize> {
        let highest = self.rows.last().map_or(0.0, |row| row.nyquist_hz);
        self.rows.partition_point(|row| row.nyquist_hz < highest)..self.rows.len()
    }

    /// How far row `k`, not the lowest, lies from the one below along [`Spacing::coordinate`] in cycles a sample.
    pub(crate) fn distance_from_row_below(&self, k: usize) -> f64 {
        let (below, here) = (self.rows[k - 1].centre_hz, self.rows[k].centre_hz);
        match self.spacing {
            Spacing::Linear => (here - below) / self.sample_rate_hz,
            Spacing::Logarithmic => here.ln() - below.ln(),
        }
    }

    /// The length of each row's window, in samples.
    pub fn lengths(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.length).collect()
    }

    /// Each row's response at its centre.
    pub fn peaks(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.peak).collect()
    }
}

impl dyn Analysis + '_ {
    /// The whole analysis at the lowest rate that carries it, where that is lower than the signal's.
    pub(crate) fn slower(&self) -> Option<Box<dyn Part + '_>> {
        self.part(0..self.shape().0)
    }

    /// The coefficients of `samples`, in memory of their own.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the number of samples is not the analysis's.
    pub fn forward(&self, samples: &[f64]) -> Result<Cells, TransformError> {
        let (rows, frames) = self.shape();
        let mut cells = Plane::filled(rows, frames, Complex::default());
        self.worker().forward(samples, &mut cells)?;
        Ok(cells)
    }

    /// The adjoint's signal, in memory of its own.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when the coefficients' shape is not the analysis's.
    pub fn adjoint(&self, cells: &Cells) -> Result<Vec<f64>, TransformError> {
        let mut samples = vec![0.0; self.samples()];
        self.worker().adjoint(cells, &mut samples)?;
        Ok(samples)
    }

    pub(crate) fn check_samples(&self, what: &'static str, found: usize) -> Result<(), TransformError> {
        check_samples(self.samples(), what, found)
    }

    pub(crate) fn check_shape(&self, what: &'static str, found: (usize, usize)) -> Result<(), TransformError> {
        check_shape(self.shape(), what, found)
    }
}

/// Whether a signal has as many samples as are `expected`.
pub(crate) fn check_samples(expected: usize, what: &'static str, found: usize) -> Result<(), TransformError> {
    check_shape((1, expected), what, (1, found))
}

/// Whether a buffer's shape is the one `expected`.
pub(crate) fn check_shape(
    expected: (usize, usize),
    what: &'static str,
    found: (usize, usize),
) -> Result<(), TransformError> {
    if found == expected { Ok(()) } else { Err(TransformError::Shape { what, found, expected }) }
}
