//! How well coefficients fit together: the test of a guess about what made them.
//!
//! Neighbouring bins and frames of a redundant grid are not independent. A wrong tuning, a wrong
//! level scale or a wrong phase makes coefficients that no signal has, and the part that no
//! signal explains is what least squares leaves over.

use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::Plane;

use crate::cqt::tempered::{ratio_of_bin, rotated};
use crate::inverse::{LeastSquaresOptions, RowNoise, least_squares};
use crate::parallel::try_map;
use crate::watch::Watch;
use crate::{Cqt, CqtParams, StopFlag, Tempered, TransformError};
use crate::{LibrosaVersion, PadMode};

/// Octaves looked at: more would cost more and say the same (`docs/sweeps.md`).
const OCTAVES: usize = 3;

/// Frames looked at, in the loudest stretch and at the end.
const FRAMES: usize = 512;
const TAIL_FRAMES: usize = 128;

/// Frames at the start: as many times a filter's reach, and some more. Those further on see nothing of the padding.
const HEAD_REACHES: usize = 4;
const LEAST_HEAD_FRAMES: usize = 8;

/// Steps of the solver: enough that what is left is inconsistency, not slow convergence, which
/// is slowest at a mirrored end.
const STEPS: usize = 6;
const TAIL_STEPS: usize = 16;
const CLOSE_STEPS: usize = 100;

/// Part of a grid on which guesses can be tested quickly: the octaves below the grid's limit
/// that hold the most energy, at the lowest rate that carries them, over some of the frames.
///
/// Frames at a cut end, whose filters reach beyond the cut, take part in the solve but are not
/// held to the data.
#[derive(Clone, Debug)]
pub struct Probe {
    params: CqtParams,
    /// Ratios of its bins, where they are not equally spaced.
    ratios: Option<Vec<f64>>,
    division: usize,
    first_bin: usize,
    frames: Range<usize>,
    trusted: Range<usize>,
    /// Frames at either end of the stretch that each bin's filter looks beyond, where it is not held to these; none where
    /// empty.
    insets: Vec<usize>,
    steps: usize,
    /// Whether sound below the bins is free.
    free_ends: bool,
    stop: StopFlag,
}

impl Probe {
    /// The same, whose solves end early once `stop` is set.
    #[must_use]
    pub fn until(self, stop: &StopFlag) -> Self {
        Self { stop: stop.clone(), ..self }
    }

    /// Looks at the loudest stretch, away from the ends of the signal: how it was padded, and
    /// where in the last hop it ends, the frames do not tell.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn loudest<'a>(of: impl Into<Tempered<'a>>, magnitudes: &Plane<f64>) -> Result<Self, TransformError> {
        let frames = busiest_frames(magnitudes);
        let mut probe = Self::over(of.into(), magnitudes, frames)?;
        let reach = probe.reach_frames();
        probe.trusted.start += reach;
        probe.trusted.end = probe.trusted.end.saturating_sub(reach);
        Ok(probe)
    }

    /// Looks at the end of the signal in one octave of a plan: its bins, rate and hop.
    pub(super) fn octave_tail(plan: &Cqt, octave: (Range<usize>, f64, usize), columns: usize) -> Self {
        let mut probe = Self::octave(plan, octave, columns.saturating_sub(TAIL_FRAMES)..columns);
        if probe.frames.start > 0 {
            probe.trusted.start += probe.reach_frames();
        }
        probe
    }

    /// Looks at the start of the signal in one octave of a plan.
    pub(super) fn octave_head(plan: &Cqt, octave: (Range<usize>, f64, usize), columns: usize) -> Self {
        let reach = Self::octave(plan, octave.clone(), 0..columns).reach_frames();
        let frames = (HEAD_REACHES * reach + LEAST_HEAD_FRAMES).min(TAIL_FRAMES).min(columns);
        let mut probe = Self::octave(plan, octave, 0..frames);
        probe.trusted.end = probe.trusted.end.saturating_sub(probe.reach_frames());
        probe
    }

    /// Looks at the loudest stretch in one octave of a plan, and there at the cells whose filters see nothing beyond it:
    /// how the signal was padded, and where in the last hop it ends, these do not tell.
    pub(crate) fn octave_inside(plan: &Cqt, octave: (Range<usize>, f64, usize), magnitudes: &Plane<f64>) -> Self {
        let (lengths, hop) = (plan.filter_lengths(), plan.params().hop as f64);
        let insets: Vec<usize> = octave.0.clone().map(|bin| (0.5 * lengths[bin] / hop).ceil() as usize).collect();
        let probe = Self::octave(plan, octave, busiest_frames(magnitudes));
        let cut = |(row, inset): (usize, usize)| probe.insets.get(row).map_or(inset, |cut| inset.max(*cut));
        Self { insets: insets.into_iter().enumerate().map(cut).collect(), ..probe }
    }

    fn octave(plan: &Cqt, (bins, sr, hop): (Range<usize>, f64, usize), frames: Range<usize>) -> Self {
        let whole = plan.params();
        let ratios = plan.tempered().ratios;
        let fmin_hz = whole.fmin_hz * ratio_of_bin(whole, ratios, bins.start);
        let params = CqtParams { sr, hop, bins: bins.len(), fmin_hz, ..*whole };
        let division = (whole.sr / sr).round() as usize;
        Self {
            params,
            ratios: ratios.map(|ratios| rotated(ratios, bins.start)),
            division,
            first_bin: bins.start,
            trusted: frames.clone(),
            frames,
            insets: cut_insets(plan.tempered(), &bins),
            steps: TAIL_STEPS,
            free_ends: false,
            stop: StopFlag::default(),
        }
    }

    /// The same stretch under another pad mode.
    pub(super) fn padded_with(&self, pad_mode: PadMode) -> Self {
        Self { params: CqtParams { pad_mode, ..self.params }, ..self.clone() }
    }

    /// The same in another number of steps of the solver.
    pub(crate) fn in_steps(&self, steps: usize) -> Self {
        Self { steps, ..self.clone() }
    }

    /// Number of coefficients that are held to the data.
    pub(super) fn cells(&self) -> usize {
        let of_row = |row| (0..self.frames.len()).filter(|&t| self.is_trusted(row, t)).count();
        (0..self.params.bins).map(of_row).sum()
    }

    /// Whether a cell, frames counted from the stretch's first, is held to the data.
    fn is_trusted(&self, row: usize, t: usize) -> bool {
        let (frame, inset) = (self.frames.start + t, self.insets.get(row).copied().unwrap_or(0));
        self.trusted.contains(&frame) && t >= inset && frame + inset < self.frames.end
    }

    /// Mean power of the cells that are held to the data; 0 where there are none.
    pub(crate) fn mean_power(&self, grid: &Plane<Complex<f64>>) -> f64 {
        let of_row = |row: usize| {
            let trusted = (0..self.frames.len()).filter(move |&t| self.is_trusted(row, t));
            trusted.map(move |t| grid[(self.first_bin + row, self.frames.start + t)].norm_sqr()).sum::<f64>()
        };
        (0..self.params.bins).map(of_row).sum::<f64>() / self.cells().max(1) as f64
    }

    /// Numbers held to the data beyond those that a signal of these bins' band has in the stretch: by these can a wrong
    /// guess be told. Negative where it cannot.
    pub(crate) fn redundancy(&self) -> f64 {
        let CqtParams { sr, hop, bins, bins_per_octave, fmin_hz, .. } = self.params;
        let step = (1.0 / bins_per_octave as f64).exp2();
        let band_hz = fmin_hz * (step.powi(bins as i32) - 1.0 / step);
        let secs = (self.frames.len() * hop) as f64 / sr;
        2.0 * self.cells() as f64 - 2.0 * band_hz * secs
    }

    /// Mean power of the coefficients that are held to the data, over that of the same bins in all frames.
    pub(super) fn share_of_power(&self, grid: &Plane<Complex<f64>>) -> f64 {
        let mean = |frames: Range<usize>| {
            let rows = self.first_bin..self.first_bin + self.params.bins;
            let power = |row| grid.row(row)[frames.clone()].iter().map(Complex::norm_sqr).sum::<f64>();
            rows.map(power).sum::<f64>() / frames.len().max(1) as f64
        };
        let whole = mean(0..grid.columns());
        if whole > 0.0 { mean(self.trusted.clone()) / whole } else { 0.0 }
    }

    /// Looks at the end of the signal in all octaves at the full rate, closely.
    pub(super) fn whole_tail(plan: &Cqt, columns: usize) -> Self {
        let bins = 0..plan.shape().0;
        let params = plan.params();
        let whole = Self::octave_tail(plan, (bins, params.sr, params.hop), columns);
        // The rates below see an offset end in a step that lies within their bins; this one sees nothing of it elsewhere.
        Self { steps: CLOSE_STEPS, free_ends: true, ..whole }
    }

    fn over(of: Tempered<'_>, magnitudes: &Plane<f64>, frames: Range<usize>) -> Result<Self, TransformError> {
        let params = &of.params;
        params.validate()?;
        let (first_bin, bins) = busiest_octaves(params, magnitudes);
        let fmin_hz = params.fmin_hz * ratio_of_bin(params, of.ratios, first_bin);
        let insets = cut_insets(of, &(first_bin..first_bin + bins));
        let division = division(params, fmin_hz, bins);
        let (sr, hop) = (params.sr / division as f64, params.hop / division);
        let params = CqtParams { sr, hop, bins, fmin_hz, ..*params };
        Ok(Self {
            params,
            ratios: of.ratios.map(|ratios| rotated(ratios, first_bin)),
            division,
            first_bin,
            trusted: frames.clone(),
            frames,
            insets,
            steps: STEPS,
            free_ends: false,
            stop: StopFlag::default(),
        })
    }

    /// Samples at the full rate for each sample of this probe.
    pub(super) fn division(&self) -> usize {
        self.division
    }

    /// What no signal explains of the coefficients under a tuning, in dB; 0 for nothing
    /// explained. The plane is the whole grid's. Cost: some milliseconds a call.
    ///
    /// # Errors
    /// Parameters that make no transform, or values that are not numbers.
    pub fn misfit_for_tuning_db(&self, tuning: f64, grid: &Plane<Complex<f64>>) -> Result<f64, TransformError> {
        let params = CqtParams { tuning, ..self.params };
        self.misfit_db(&params, (self.frames.len() - 1) * params.hop + params.hop / 2, grid)
    }

    /// What no signal of `samples` samples at the full rate explains, in dB.
    pub(super) fn misfit_for_samples_db(
        &self,
        samples: usize,
        grid: &Plane<Complex<f64>>,
    ) -> Result<f64, TransformError> {
        let samples = samples.div_ceil(self.division).saturating_sub(self.frames.start * self.params.hop);
        let longest = self.frames.len() * self.params.hop - 1;
        self.misfit_db(&self.params, samples.min(longest), grid)
    }

    fn misfit_db(&self, params: &CqtParams, samples: usize, grid: &Plane<Complex<f64>>) -> Result<f64, TransformError> {
        let plan = Tempered { params: *params, ratios: self.ratios.as_deref() }.plan(samples, &self.stop)?;
        let (bins, columns) = plan.shape();
        let last = self.frames.end - 1;
        let part =
            Plane::from_fn(bins, columns, |row, t| grid[(self.first_bin + row, (self.frames.start + t).min(last))]);
        let trust = Plane::from_fn(bins, columns, |row, t| f64::from(u8::from(self.is_trusted(row, t))));
        let noise = RowNoise::relative(&part, 1e-4);
        let options = LeastSquaresOptions {
            max_iterations: self.steps,
            noise: Some(noise),
            trust: Some(&trust),
            free_ends: self.free_ends,
            ..LeastSquaresOptions::default()
        };
        let solution = least_squares(&plan, &part, &options, &mut Watch::heeding(&self.stop))?;
        self.stop.check()?;
        Ok(solution.residual_db)
    }

    /// Frames that the longest filter spans to either side, at most a quarter of the stretch.
    fn reach_frames(&self) -> usize {
        let CqtParams { sr, bins_per_octave, fmin_hz, gamma, filter_scale, .. } = self.params;
        let alpha = match &self.ratios {
            None => (1.0 / bins_per_octave as f64).exp2() - 1.0,
            Some(ratios) => smallest_step(ratios) - 1.0,
        };
        let half_length = 0.5 * filter_scale * sr / (alpha * fmin_hz + gamma.offset_hz(alpha));
        ((half_length / self.params.hop as f64).ceil() as usize).min(self.frames.len() / 4)
    }
}

/// The ratio of the closest two bins.
fn smallest_step(ratios: &[f64]) -> f64 {
    let above = ratios.iter().skip(1).chain(std::iter::once(&2.0));
    ratios.iter().zip(above).map(|(here, above)| above / here).fold(2.0, f64::min)
}

/// What no signal explains of each of several grids, in dB: which of them, made under different
/// guesses, are coefficients at all.
///
/// # Errors
/// Parameters that make no transform, or values that are not numbers.
pub fn misfits_db<'a>(
    of: impl Into<Tempered<'a>>,
    grids: &[Plane<Complex<f64>>],
    stop: &StopFlag,
) -> Result<Vec<f64>, TransformError> {
    let of = of.into();
    try_map(grids, |grid| {
        let probe = Probe::loudest(of, &grid.map(|value| value.norm()))?.until(stop);
        probe.misfit_for_tuning_db(of.params.tuning, grid)
    })
}

/// The frames at either end that rows of a part are not held to. Where bins are not equally spaced, a row beside the cut
/// has another bandwidth than in the whole, where it has a neighbour there: it is held to nothing.
fn cut_insets(of: Tempered<'_>, bins: &Range<usize>) -> Vec<usize> {
    if of.ratios.is_none() {
        return Vec::new();
    }
    let is_cut = |bin: usize| bin == bins.start && bin > 0 || bin + 1 == bins.end && bins.end < of.params.bins;
    bins.clone().map(|bin| if is_cut(bin) { usize::MAX / 2 } else { 0 }).collect()
}

/// First bin and number of bins of the octaves with the most energy that the grid carries.
fn busiest_octaves(params: &CqtParams, magnitudes: &Plane<f64>) -> (usize, usize) {
    let per_octave = params.bins_per_octave;
    let frame_rate_hz = params.sr / params.hop as f64;
    let limit_hz = frame_rate_hz / ((1.0 / per_octave as f64).exp2() - 1.0);
    let carried =
        (0..params.bins).take_while(|&bin| params.fmin_hz * (bin as f64 / per_octave as f64).exp2() < limit_hz).count();
    let usable = (carried / per_octave).max(1).min(params.bins.div_ceil(per_octave));
    let octaves = OCTAVES.min(usable);
    let energy = |first: usize| -> f64 {
        let end = ((first + octaves) * per_octave).min(magnitudes.rows());
        (first * per_octave..end).flat_map(|row| magnitudes.row(row)).map(|m| m * m).sum()
    };
    let first = (0..=usable - octaves).max_by(|&a, &b| energy(a).total_cmp(&energy(b))).unwrap_or(0);
    (first * per_octave, (octaves * per_octave).min(params.bins - first * per_octave))
}

/// Largest power of two by which rate and hop can be divided without touching the filters.
fn division(params: &CqtParams, fmin_hz: f64, bins: usize) -> usize {
    let top_hz = fmin_hz * (bins as f64 / params.bins_per_octave as f64).exp2();
    let octaves = bins.div_ceil(params.bins_per_octave) as u32;
    let spare_twos = match params.librosa {
        // These need a factor of two in the hop for each octave that is left.
        LibrosaVersion::V0_6 | LibrosaVersion::V0_8 => (params.hop.trailing_zeros() + 1).saturating_sub(octaves),
        _ => params.hop.trailing_zeros(),
    };
    let mut division = 1;
    while division < 1 << spare_twos && params.sr / (2 * division) as f64 > 4.0 * top_hz {
        division *= 2;
    }
    division
}

/// The loudest stretch of frames.
pub(super) fn busiest_frames(magnitudes: &Plane<f64>) -> Range<usize> {
    let columns = magnitudes.columns();
    if columns <= FRAMES {
        return 0..columns;
    }
    let mut power = vec![0.0; columns];
    for row in 0..magnitudes.rows() {
        for (sum, m) in power.iter_mut().zip(magnitudes.row(row)) {
            *sum += m * m;
        }
    }
    let mut sum: f64 = power[..FRAMES].iter().sum();
    let (mut best, mut first) = (sum, 0);
    for start in 1..=columns - FRAMES {
        sum += power[start + FRAMES - 1] - power[start - 1];
        if sum > best {
            (best, first) = (sum, start);
        }
    }
    first..first + FRAMES
}
