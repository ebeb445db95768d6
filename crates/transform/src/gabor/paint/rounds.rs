//! From a first phase to what has to be added to a signal.

use std::ops::Range;

use num_complex::Complex;

use super::super::change::Change;
use super::super::forward::check_finite;
use super::super::plan::{Gabor, GaborScratch, longest_hop};
use super::gradient::Gradient;
use super::painting::Painting;
use super::region::Region;
use crate::acceleration::ACCELERATION;
use crate::analysis::check_samples;
use crate::random::RandomPhases;
use crate::{StopFlag, TransformError};

/// Where the rounds start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PaintStart<'a> {
    /// With integrated phase.
    #[default]
    Integrated,
    /// With random phase of this seed: for comparison.
    Random(u64),
    /// With the phase of another signal, of the plan's length: for comparison.
    Of(&'a [f64]),
}

/// How phase is found for what was painted.
#[derive(Clone, Debug)]
pub struct PaintOptions<'a> {
    /// Rounds of accelerated Griffin-Lim. Default: 20.
    pub rounds: usize,
    /// Where they start. Default: with integrated phase.
    pub start: PaintStart<'a>,
    /// Ends the work early. Default: nothing does.
    pub stop: StopFlag,
}

impl Default for PaintOptions<'_> {
    fn default() -> Self {
        Self { rounds: 20, start: PaintStart::default(), stop: StopFlag::default() }
    }
}

/// What was painted, as sound.
#[derive(Clone, Debug)]
pub struct Painted {
    /// What has to be added to the window's samples.
    pub difference: Vec<f64>,
    /// For each row that was painted on, its number and the samples of its first painted coefficient and of its last: what is
    /// added is heard there, and as far around as the row rings.
    pub reached: Vec<(usize, Range<i64>)>,
    /// Sum of the squares of the painted magnitudes.
    pub painted_power: f64,
    /// The same of what the sound's magnitudes there are off them. Over the former it is the spectral convergence.
    pub off_power: f64,
}

impl Gabor<f64> {
    /// What has to be added to `samples`, a window of a signal of which the first is sample `first`, for its painted
    /// coefficients to have their magnitudes: they replace what the window has there. The window is to reach beyond what was
    /// painted as far as its rows ring.
    ///
    /// Cost: an FFT of the period each way for each round, and two of its length for each painted row.
    ///
    /// # Errors
    /// [`TransformError::Shape`] where the samples or the planes do not fit, [`TransformError::NotFinite`],
    /// [`TransformError::OutOfRange`] for a first sample or columns that are off the rows' grid, or an interruption.
    pub fn paint(
        &self,
        samples: &[f64],
        first: i64,
        painting: &Painting<'_>,
        options: &PaintOptions<'_>,
    ) -> Result<Painted, TransformError> {
        check_samples(self.samples(), "the signal", samples.len())?;
        check_finite("the signal", samples)?;
        painting.check(self.bands())?;
        self.check_grid(first, painting.hop)?;
        let period = self.period();
        let target = painting.target(self.params(), self.bands(), (first, first + samples.len() as i64 - 1));
        let region = Region::new(&target, self.bands(), (first, period));
        let mut scratch = GaborScratch::default();
        let known = self.coefficients(samples, &region, &mut scratch);
        let phasors = match options.start {
            PaintStart::Integrated => {
                region.integrated(&target, &Gradient::new(&target, self.params(), self.bands()), &known)
            }
            PaintStart::Random(seed) => {
                let mut random = RandomPhases::new(seed);
                region.cells.iter().map(|_| random.phasor()).collect()
            }
            PaintStart::Of(signal) => {
                check_samples(self.samples(), "the signal to start with", signal.len())?;
                self.coefficients(signal, &region, &mut scratch).into_iter().map(phasor).collect()
            }
        };
        self.rounds(samples, first, (&region, known, phasors), options, &mut scratch)
    }

    fn check_grid(&self, first: i64, hop: usize) -> Result<(), TransformError> {
        let longest = longest_hop(self.bands());
        if first.rem_euclid(longest as i64) == 0 && hop > 0 {
            return Ok(());
        }
        let found = format!("a first sample of {first}, columns of {hop}, and rows' hops of up to {longest}");
        let expected = "a first sample that is a multiple of the longest hop, and columns of 1 sample or more";
        Err(TransformError::OutOfRange { what: "the window", index: 0, found, expected })
    }

    /// The coefficients of samples in a region's cells.
    fn coefficients(&self, samples: &[f64], region: &Region, scratch: &mut GaborScratch<f64>) -> Vec<Complex<f64>> {
        scratch.samples.clear();
        scratch.samples.extend_from_slice(samples);
        scratch.samples.resize(self.period, 0.0);
        self.spectrum(scratch);
        let GaborScratch { spectrum, row: out, fft, .. } = scratch;
        let mut found = Vec::with_capacity(region.cells.len());
        for (at, row) in region.rows.iter().enumerate() {
            let length = self.period / self.bands()[row.row].hop;
            out.resize(out.len().max(length), Complex::default());
            self.forward_row(&self.rows[row.row], spectrum, fft, &mut out[..length]);
            found.extend(region.cells_of(at).map(|number| out[region.cells[number].index]));
        }
        found
    }

    fn rounds(
        &self,
        samples: &[f64],
        first: i64,
        (region, known, phasors): (&Region, Vec<Complex<f64>>, Vec<Complex<f64>>),
        options: &PaintOptions<'_>,
        scratch: &mut GaborScratch<f64>,
    ) -> Result<Painted, TransformError> {
        let mut held = Held { region, last: None, phasors, known, is_first: true };
        let (mut sum, mut difference) = (samples.to_vec(), vec![0.0; samples.len()]);
        for _ in 0..=options.rounds {
            options.stop.check()?;
            self.changed_into(&sum, first, &mut held, &mut difference, scratch);
            for ((sum, sample), difference) in sum.iter_mut().zip(samples).zip(&difference) {
                *sum = sample + difference;
            }
            held.is_first = false;
        }
        let found = self.coefficients(&sum, region, scratch);
        let (mut painted_power, mut off_power) = (0.0, 0.0);
        for (cell, value) in region.cells.iter().zip(&found).filter(|(cell, _)| cell.is_painted) {
            let wanted = cell.log.exp();
            painted_power += wanted * wanted;
            off_power += (value.norm() - wanted).powi(2);
        }
        Ok(Painted { difference, reached: region.reached(), painted_power, off_power })
    }
}

/// The painted coefficients held at their magnitudes.
struct Held<'a> {
    region: &'a Region,
    /// What the window had before anything was painted.
    known: Vec<Complex<f64>>,
    phasors: Vec<Complex<f64>>,
    /// The coefficients of the round before.
    last: Option<Vec<Complex<f64>>>,
    is_first: bool,
}

impl Change<f64> for Held<'_> {
    fn touches(&self, row: usize, _: &Range<i64>) -> bool {
        self.region.place_of(row).is_some_and(|at| self.region.is_painted_on(at))
    }

    /// Of the sound's coefficients, what takes the window's own to the painted magnitudes at the phase that they have, run on by
    /// a part of the last change.
    fn difference(&mut self, row: usize, _: i64, values: &mut [Complex<f64>]) {
        let Some(at) = self.region.place_of(row) else { return values.fill(Complex::default()) };
        let numbers: Vec<usize> = self.region.cells_of(at).collect();
        if !self.is_first {
            let count = self.region.cells.len();
            let last = self.last.get_or_insert_with(|| vec![Complex::new(f64::NAN, 0.0); count]);
            for &number in &numbers {
                let now = values[self.region.cells[number].index];
                let before = std::mem::replace(&mut last[number], now);
                let ahead = if before.re.is_nan() { now } else { now + (now - before) * ACCELERATION };
                self.phasors[number] = phasor(ahead);
            }
        }
        values.fill(Complex::default());
        for number in numbers {
            let cell = &self.region.cells[number];
            if cell.is_painted {
                values[cell.index] = self.phasors[number] * cell.log.exp() - self.known[number];
            }
        }
    }
}

fn phasor(value: Complex<f64>) -> Complex<f64> {
    let modulus = value.norm();
    if modulus > 0.0 { value / modulus } else { Complex::new(1.0, 0.0) }
}
