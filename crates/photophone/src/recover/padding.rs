//! The pad mode of exact coefficients: the one under which they are explained best by the smallest sound.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::inverse::{
    LeastSquaresOptions, OPERATOR_MISMATCH, Progress, Solution, Stop, carried, least_squares,
};
use photophone_transform::{Cqt, CqtParams, PadMode, TransformError};

use super::unknowns::{Knows, length};
use super::{Data, RecoverOptions, solve};
use crate::Error;
use crate::recipe::{Entry, Inverse, Recipe, Settled};

/// How many times the share unexplained elsewhere the frames at the ends may leave, and how many times as many
/// the others have to be to be a measure.
const DOUBTFUL: f64 = 10.0;

/// Iterations for each mode: a wrong one shows within 20 on all but one of 50 random settings, within 60 on all.
const ITERATIONS: usize = 60;

/// Longest sound that is doubted: solving for all modes takes up to five times as long as the solve itself, about a
/// second here. Longer ones have frames enough for the estimate from their octaves.
const MOST_SAMPLES: usize = 1 << 16;

/// What is known of coefficients whose pad mode may have to be found.
pub(super) struct Unpadded<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) data: &'a Data,
    pub(super) knows: Knows,
    pub(super) inverse: Inverse,
    pub(super) options: &'a RecoverOptions,
}

/// A solution, and the noise of each cell where the misfit told of more than was expected.
type Solved = (Solution, Option<Plane<f64>>);

/// A pad mode and the length that goes with it.
type Padding = (Finding<PadMode>, Finding<usize>);

impl Unpadded<'_> {
    /// Solves for `samples` samples, and once more where exact coefficients show that another pad mode was used
    /// than the one that was found; `settled` and the plan are then of that one.
    pub(super) fn solve(
        &self,
        settled: &mut Settled,
        samples: usize,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(Cqt, Solved), Error> {
        let plan = Cqt::new(&settled.params, samples)?;
        let solved = solve::solve(&plan, self.data, self.inverse, self.options, progress)?;
        let told = !settled.pad_mode_unknown || !self.knows.exact || !self.knows.phase;
        if told || solved.0.stop == Stop::Cancelled || !self.doubtful(&plan, &solved.0)? {
            return Ok((plan, solved));
        }
        let Some((finding, length)) = self.best(settled, progress)? else { return Ok((plan, solved)) };
        if finding.value == settled.params.pad_mode {
            return Ok((plan, solved));
        }
        settled.params.pad_mode = finding.value;
        settled.entries.retain(|entry| !["pad-mode", "length"].contains(&entry.name));
        settled.entries.push(Entry::new("recipe", "pad-mode", &finding));
        settled.entries.push(Entry::new("recipe", "length", &length));
        let plan = Cqt::new(&settled.params, length.value)?;
        let solved = solve::solve(&plan, self.data, self.inverse, self.options, progress)?;
        Ok((plan, solved))
    }

    /// Whether the grid leaves the sound so free that it can explain any mode, or the frames that saw what lies
    /// beyond the ends fit worse than the others.
    fn doubtful(&self, plan: &Cqt, solution: &Solution) -> Result<bool, Error> {
        let (bins, frames) = plan.shape();
        if plan.samples() > MOST_SAMPLES {
            return Ok(false);
        }
        if 2 * bins * frames < plan.samples_after_early_step() {
            return Ok(true);
        }
        let made = plan.forward(&solution.samples)?;
        let wanted = &self.data.coefficients;
        let (mut ends, mut others) = (Share::default(), Share::default());
        for (row, (bin, length)) in carried(plan).bins.iter().zip(plan.filter_lengths()).enumerate() {
            let reach = (0.5 * length / plan.params().hop as f64).ceil() as usize;
            let inner = reach..wanted.columns().saturating_sub(reach);
            for t in (0..wanted.columns()).filter(|_| bin.carried >= 1.0) {
                let share = if inner.contains(&t) { &mut others } else { &mut ends };
                share.add(made[(row, t)], wanted[(row, t)]);
            }
        }
        if others.cells < DOUBTFUL as usize * ends.cells {
            return Ok(true);
        }
        let expected = others.value().map(|share| share.max(OPERATOR_MISMATCH.powi(2)));
        Ok(expected.is_none_or(|expected| ends.value().is_some_and(|share| share > DOUBTFUL * expected)))
    }

    /// The best mode and its length; `None` where there is nothing to tell by.
    ///
    /// A wrong mode explains less, or explains it by a sound that is far too loud where the grid leaves it that
    /// freedom. The least product of misfit and energy weighs both without a scale (Reginska 1996, "A regularization
    /// parameter in discrete ill-posed problems").
    fn best(
        &self,
        settled: &Settled,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Option<Padding>, Error> {
        let default = settled.params.librosa.default_pad_mode();
        let others = PadMode::ALL.into_iter().filter(|mode| *mode != default);
        let mut found: Vec<(PadMode, f64, Finding<usize>)> = Vec::new();
        for pad_mode in [default].into_iter().chain(others) {
            let params = CqtParams { pad_mode, ..settled.params };
            match self.product_db(&Settled { params, ..settled.clone() }, &mut *progress) {
                Ok((product_db, length)) => found.push((pad_mode, product_db, length)),
                // librosa cannot have padded so either.
                Err(Error::Transform(TransformError::TooShort { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        let lead = found.get(1).zip(found.first()).map_or(0.0, |(next, best)| next.1 - best.1);
        let evidence = format!("explains the coefficients best by the smallest sound, {lead:.1} dB before the next");
        Ok(found
            .into_iter()
            .next()
            .map(|(pad_mode, _, length)| (Finding::read(pad_mode, (0.5 + lead / 40.0).min(0.99), evidence), length)))
    }

    /// Misfit times energy of the sound under a pad mode, in dB, and its length.
    fn product_db(
        &self,
        settled: &Settled,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(f64, Finding<usize>), Error> {
        let grid = &self.data.coefficients;
        let length = length(self.recipe, settled, grid, self.knows)?;
        let plan = Cqt::new(&settled.params, length.value)?;
        let trust = self.data.trust.as_ref();
        let options = LeastSquaresOptions { max_iterations: ITERATIONS, trust, ..LeastSquaresOptions::default() };
        let solution = least_squares(&plan, grid, &options, progress)?;
        if solution.stop == Stop::Cancelled {
            return Err(Error::Interrupted);
        }
        let energy: f64 = solution.samples.iter().map(|sample| sample * sample).sum();
        let misfit_db = solution.residual_db.max(20.0 * OPERATOR_MISMATCH.log10());
        Ok((misfit_db + 10.0 * energy.max(f64::MIN_POSITIVE).log10(), length))
    }
}

/// Power of a misfit over that of the data.
#[derive(Default)]
struct Share {
    misfit: f64,
    whole: f64,
    cells: usize,
}

impl Share {
    fn add(&mut self, made: Complex<f64>, wanted: Complex<f64>) {
        self.cells += 1;
        self.misfit += (made - wanted).norm_sqr();
        self.whole += wanted.norm_sqr();
    }

    /// `None` of nothing.
    fn value(&self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.misfit / self.whole)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::{InvertOptions, invert};

    /// Tones that start and end softly, where few frames tell of the ends.
    #[test]
    #[ignore = "known failure: a held sample near zero is taken for a linear ramp"]
    fn finds_the_pad_mode_of_soft_ends() {
        let samples = 22050_i32;
        let x: Vec<f64> = (0..samples)
            .map(|i| {
                let (secs, share) = (f64::from(i) / 22050.0, f64::from(i) / f64::from(samples));
                let tone = |hz: f64| (TAU * hz * secs).sin();
                0.01 * (TAU * 70.0 * secs).cos() + (TAU * share / 2.0).sin() * (tone(220.0) + tone(441.0))
            })
            .collect();
        for pad_mode in [PadMode::Constant, PadMode::Edge, PadMode::Symmetric] {
            let params = CqtParams { pad_mode, hop: 128, ..CqtParams::default() };
            let grid = Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap();
            let options = InvertOptions { length: Some(x.len()), ..InvertOptions::default() };
            let found =
                invert(&CqtParams { hop: 128, ..CqtParams::default() }, &grid, &options, |_| ControlFlow::Continue(()))
                    .unwrap();
            assert_eq!(found.pad_mode, pad_mode);
        }
    }
}
