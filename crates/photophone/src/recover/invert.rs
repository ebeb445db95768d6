//! Coefficients to samples, without pictures, files or loudness.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_spectrum::Plane;
use photophone_transform::inverse::{Progress, Stop};
use photophone_transform::{Cqt, CqtParams, PadMode};

use super::budget::Budget;
use super::padding::Unpadded;
use super::unknowns::{Knows, tuning_padding_and_length};
use super::{Data, RecoverOptions, solve};
use crate::Error;
use crate::limits::Searches;
use crate::recipe::{Inverse, Recipe, Settled, Tuning};

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
    /// Which inverse. Default: adaptive where the frames are too far apart for some bins, else linear.
    pub inverse: Option<Inverse>,
    /// Trust in each cell, bins by frames, 0 (missing) to 1. Default: 1 everywhere.
    pub trust: Option<&'a Plane<f64>>,
    /// Most iterations over all stages. Default: 0, as many as each stage needs.
    pub max_iterations: usize,
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
    let (shortest, longest) = Cqt::samples_from_frames(params, coefficients.columns())?;
    let fits = |length: &usize| (shortest.max(1)..=longest).contains(length);
    let recipe = Recipe {
        tuning: Some(if options.find_tuning { Tuning::Auto } else { Tuning::Bins(params.tuning) }),
        pad_mode: options.pad_mode,
        length: options.length.filter(fits),
        inverse: options.inverse,
        ..Recipe::default()
    };
    let mut settled = Settled {
        params: CqtParams { pad_mode: options.pad_mode.unwrap_or(params.pad_mode), ..*params },
        sample_rate_hz: 1,
        tuning_unknown: options.find_tuning,
        pad_mode_unknown: options.pad_mode.is_none(),
        entries: Vec::new(),
    };
    let knows = Knows { phase: true, exact: true, searches: Searches::ALL };
    let samples = tuning_padding_and_length(&recipe, &mut settled, coefficients, knows, &mut progress)?;
    let inverse = solve::inverse(&recipe, &Cqt::new(&settled.params, samples)?).value;
    let data = Data { trust: options.trust.cloned(), ..Data::exact(coefficients.clone()) };
    let solving = RecoverOptions::default();
    let unpadded = Unpadded { recipe: &recipe, data: &data, knows, inverse, options: &solving };
    let mut budget = Budget::new(options.max_iterations, usize::MAX);
    let (_, (solution, _)) = unpadded.solve(&mut settled, samples, &mut budget, &mut progress)?;
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    let mut samples = solution.samples;
    samples.resize(options.length.unwrap_or(samples.len()), 0.0);
    let (pad_mode, iterations) = (settled.params.pad_mode, solution.iterations);
    Ok(Inverted { samples, pad_mode, iterations, residual_db: solution.residual_db })
}
