//! Coefficients to samples, without pictures, files or loudness.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;
use photophone_transform::inverse::{Progress, Solution, Stop};
use photophone_transform::{Cqt, CqtParams, PadMode, StopFlag};

use super::budget::Budget;
use super::padding::PadModeSearch;
use super::unknowns::{Knows, tuning_padding_and_length};
use super::{Data, RecoverOptions, solve};
use crate::Error;
use crate::limits::Searches;
use crate::recipe::{Inverse, InverseRecipe, Recipe, Resolved, SoundRecipe, TransformRecipe, Tuning};

/// How [`invert`] works.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvertOptions<'a> {
    /// What lies beyond the ends. Default: what fits the coefficients best; `params` is not asked.
    pub pad_mode: Option<PadMode>,
    /// Samples wanted. Default: what fits the coefficients best, else the longest that the frames can be of. Of
    /// another length than the frames can be of, the sound is cut or goes on in silence.
    pub length: Option<usize>,
    /// Whether the tuning is to be read from the coefficients; that of `params` does not count then.
    pub find_tuning: bool,
    /// Whether the coefficients tell if librosa 0.11 or 1.0 made them; the release of `params` does not count then.
    pub find_release: bool,
    /// Which inverse. Default: adaptive where the frames are too far apart for some bins, else linear.
    pub inverse: Option<Inverse>,
    /// Trust in each cell, bins by frames, 0 (missing) to 1. Default: 1 everywhere.
    pub trust: Option<&'a Plane<f64>>,
    /// Most iterations over all stages. Default: 0, as many as each stage needs.
    pub max_iterations: usize,
    /// Ends planning and looking for what is unknown early, where `progress` is not asked. Default: nothing does.
    pub stop: Option<&'a StopFlag>,
    /// Ratios of the bins of an octave to its first, where they are not equally spaced (see [`Cqt::with_ratios`]).
    /// Default: equally spaced.
    pub ratios: Option<&'a [f64]>,
}

/// What [`invert`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Inverted {
    /// The sound, in double precision and as loud as the coefficients say.
    pub samples: Vec<f64>,
    /// The pad mode that was told or found.
    pub pad_mode: PadMode,
    /// Iterations done.
    pub iterations: usize,
    /// What is left of the coefficients, over all of them, in dB.
    pub residual_db: f64,
    /// Why the sound is not to be trusted, if it is not.
    pub warning: Option<String>,
}

/// The sound of constant-Q coefficients: `librosa.icqt` as it should be.
///
/// The same steps as [`recover`](super::recover) of an array of coefficients, so the same samples. Cost: some 20 to
/// 300 forward and adjoint transforms; `progress` is called once an iteration and can stop the work.
///
/// # Errors
/// Parameters that make no transform, values that are not finite, or trust of another shape or out of its range.
pub fn invert(
    params: &CqtParams,
    coefficients: &Plane<Complex<f64>>,
    options: &InvertOptions<'_>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Inverted, Error> {
    let (shortest, longest) = Cqt::samples_from_frames_of(params, options.ratios, coefficients.columns())?;
    let fits = |length: &usize| (shortest.max(1)..=longest).contains(length);
    let recipe = Recipe {
        transform: TransformRecipe {
            tuning: Some(if options.find_tuning { Tuning::Auto } else { Tuning::Bins(params.tuning) }),
            pad_mode: options.pad_mode,
            ..TransformRecipe::default()
        },
        sound: SoundRecipe { length: options.length.filter(fits), ..SoundRecipe::default() },
        inverse: InverseRecipe { method: options.inverse },
        ..Recipe::default()
    };
    let mut resolved = Resolved {
        ratios: options.ratios.map(<[f64]>::to_vec),
        params: CqtParams { pad_mode: options.pad_mode.unwrap_or(params.pad_mode), ..*params },
        sample_rate_hz: 1,
        librosa_unknown: options.find_release,
        tuning_unknown: options.find_tuning,
        pad_mode_unknown: options.pad_mode.is_none(),
        entries: Vec::new(),
    };
    let data = Data { trust: options.trust.cloned(), ..Data::exact(coefficients.clone()) };
    let solving = RecoverOptions::default();
    let never = StopFlag::default();
    let stop = options.stop.unwrap_or(&never);
    let mut budget = Budget::new(options.max_iterations, usize::MAX);
    let knows = Knows { phase: true, exact: true, searches: Searches::ALL, stop };
    let samples = tuning_padding_and_length(&recipe, &mut resolved, coefficients, knows, &mut progress)?;
    let inverse = solve::inverse(&recipe, &resolved.plan(samples, stop)?).value;
    let search = PadModeSearch { recipe: &recipe, data: &data, knows, inverse, options: &solving };
    let (plan, (solution, _)) = search.solve(&mut resolved, samples, &mut budget, &mut progress)?;
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    // A solve that was told to end early proves nothing.
    let is_proof = options.max_iterations == 0 || solution.stop == Stop::Converged;
    let warning = if is_proof { doubt(&plan, data, &solution)? } else { None };
    let mut samples = solution.samples;
    samples.resize(options.length.unwrap_or(samples.len()), 0.0);
    let (pad_mode, iterations) = (resolved.params.pad_mode, solution.iterations);
    Ok(Inverted { samples, pad_mode, iterations, residual_db: solution.residual_db, warning })
}

/// What to say of coefficients that are of no sound. Cells without trust say nothing.
fn doubt(plan: &Cqt, data: Data, solution: &Solution) -> Result<Option<String>, Error> {
    let data = Data { phase_trust: data.trust.clone(), ..data };
    Ok(solve::untrusted_share(plan, &data, &solution.samples)?.map(|share| {
        format!(
            "{:.0} % of the power of these coefficients cannot come from any sound; 1 % or less is usual. The result \
             is not to be trusted: doubt `sr`, `hop`, `fmin`, `bins-per-octave`, `tuning` and `librosa`, or whether the \
             coefficients are as they were computed",
            100.0 * share
        )
    }))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use photophone_transform::{Gamma, IntervalSet};

    use super::*;

    #[test]
    fn bins_that_are_not_equally_spaced_come_back() {
        let params = CqtParams { gamma: Gamma::Erb, hop: 128, ..CqtParams::default() };
        let tone = |i: usize, hz: f64| (TAU * hz * i as f64 / 22050.0).sin();
        let x: Vec<f64> = (0..12_000).map(|i| tone(i, 220.0) + 0.3 * tone(i, 1371.0)).collect();
        let just = IntervalSet::Ji5.ratios(12).unwrap().unwrap();
        let grid = Cqt::with_ratios(&params, &just, x.len()).unwrap().forward(&x).unwrap();
        let options = InvertOptions { ratios: Some(&just), length: Some(x.len()), ..InvertOptions::default() };
        let made = invert(&params, &grid, &options, |_| ControlFlow::Continue(())).unwrap();
        let power = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>();
        let error = power(&mut x.iter().zip(&made.samples).map(|(x, made)| x - made));
        assert!(error < 1e-4 * power(&mut x.iter().copied()), "{error}");
        // Equally spaced bins are another transform.
        let equal = invert(&params, &grid, &InvertOptions { ratios: None, ..options }, |_| ControlFlow::Continue(()));
        assert!(equal.unwrap().residual_db > made.residual_db + 20.0);
    }
}
