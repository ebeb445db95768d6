//! Coefficients of a constant-Q transform to samples, with what is unknown of it.

use std::ops::ControlFlow;

use photophone_spectrum::Plane;

use super::channels::is_cancelled;
use super::{Data, Inverse, SolveOptions, Solved, solve_channels, untrusted_share};
use crate::budget::Budget;
use crate::identify::{Found, Knows, Mixture, Open, OpenTuning, PadRace, Searches, Settings, is_no_better};
use crate::inverse::Solution;
use crate::watch::{Progress, Stop, Watch};
use crate::{Cells, Cqt, CqtParams, PadMode, StopFlag, TransformError};

/// Solves for the samples of `plan` in each channel, and once more where exact coefficients show that another pad mode was used
/// than the one that was found; `settings` and the plan are then of that one, in all channels.
///
/// # Errors
/// As [`solve_channels`], or [`TransformError::Stopped`].
pub fn solve_padded(
    settings: &mut Settings,
    plan: Cqt,
    (channels, knows): (&[Data], Knows),
    options: &SolveOptions,
    budget: &mut Budget,
    watch: &mut Watch<'_>,
) -> Result<(Cqt, Vec<Solved>), TransformError> {
    let solved = solve_channels(&plan, channels, options, budget, watch)?;
    let lacks_phase = channels.iter().any(|data| data.phase_trust.is_some());
    let is_told = !settings.open.pad_mode || !knows.exact || !knows.phase || lacks_phase;
    if is_told || is_cancelled(&solved) {
        return Ok((plan, solved));
    }
    let cells: Vec<&Cells> = channels.iter().map(|data| &data.coefficients).collect();
    let mixture = Mixture::of(&cells);
    let (grid, trust, whole) =
        (mixture.cells(&cells), least_trust(channels), whole_solution(&mixture, channels, &solved));
    let race = PadRace { settings, grid: &grid, trust: trust.as_ref(), knows };
    let Some((pad_mode, length)) = race.rival(&plan, &whole, budget, watch)? else {
        return Ok((plan, solved));
    };
    let (params, samples) = (CqtParams { pad_mode: pad_mode.value, ..settings.params }, length.value);
    let found = Found { pad_mode: Some(pad_mode), length: Some(length), ..settings.found.clone() };
    let other = Settings { params, found, ..settings.clone() };
    let other_plan = other.plan(samples, watch.stop())?;
    let again = solve_channels(&other_plan, channels, options, budget, watch)?;
    if is_no_better(&plan, whole.residual_db, residual_db(channels, &again)) {
        return Ok((plan, solved));
    }
    *settings = other;
    Ok((other_plan, again))
}

/// Trust in each cell where every channel has it.
fn least_trust(channels: &[Data]) -> Option<Plane<f64>> {
    let mut trusts = channels.iter().filter_map(|data| data.trust.as_ref());
    let first = trusts.next()?.clone();
    Some(trusts.fold(first, |mut least, trust| {
        least.as_mut_slice().iter_mut().zip(trust.as_slice()).for_each(|(least, trust)| *least = least.min(*trust));
        least
    }))
}

/// The solution of the channels' sum: the sum of their solutions, as the inverse is nearly linear.
fn whole_solution(mixture: &Mixture, channels: &[Data], solved: &[Solved]) -> Solution {
    let samples: Vec<&[f64]> = solved.iter().map(|solved| &solved.solution.samples[..]).collect();
    let iterations = solved.iter().map(|solved| solved.solution.iterations).max().unwrap_or(0);
    let is_converged = solved.iter().all(|solved| solved.solution.stop == Stop::Converged);
    let stop = if is_converged { Stop::Converged } else { Stop::IterationLimit };
    Solution { samples: mixture.samples(&samples), iterations, residual_db: residual_db(channels, solved), stop }
}

/// What is left of all channels' coefficients, in dB.
pub fn residual_db(channels: &[Data], solved: &[Solved]) -> f64 {
    if let [only] = solved {
        return only.solution.residual_db;
    }
    let power = |data: &Data| data.coefficients.as_slice().iter().map(num_complex::Complex::norm_sqr).sum::<f64>();
    let (mut left, mut whole) = (0.0, 0.0);
    for (power, solved) in channels.iter().map(power).zip(solved) {
        left += power * 10_f64.powf(solved.solution.residual_db / 10.0);
        whole += power;
    }
    if whole > 0.0 { 10.0 * (left / whole).max(1e-40).log10() } else { 0.0 }
}

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
/// Cost: some 20 to 300 forward and adjoint transforms; `progress` is called once an iteration and can stop the work.
///
/// # Errors
/// Parameters that make no transform, values that are not finite, or trust of another shape or out of its range.
pub fn invert(
    params: &CqtParams,
    coefficients: &Cells,
    options: &InvertOptions<'_>,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Inverted, TransformError> {
    let channels = std::slice::from_ref(coefficients);
    Ok(invert_channels(params, channels, options, progress)?.swap_remove(0))
}

/// The same of several channels of one shape, at least one, which share what is unknown: tuning, release, pad mode and length
/// are looked for in all together. With those told, each channel comes out as [`invert`] gives it.
///
/// `progress` is told of the first channel; the others are solved for beside it.
///
/// # Errors
/// As [`invert`], or channels of several shapes.
pub fn invert_channels(
    params: &CqtParams,
    channels: &[Cells],
    options: &InvertOptions<'_>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Inverted>, TransformError> {
    let expected = channels.first().map_or((params.bins, 0), Plane::shape);
    if let Some(found) = channels.iter().map(Plane::shape).find(|shape| *shape != expected) {
        return Err(TransformError::Shape { what: "the channels", found, expected });
    }
    let mut settings = settings_of(params, expected.1, options)?;
    let data = channels.iter().map(|cells| Data { trust: options.trust.cloned(), ..Data::exact(cells.clone()) });
    let data: Vec<Data> = data.collect();
    let never = StopFlag::default();
    let mut watch = Watch::new(&mut progress, options.stop.unwrap_or(&never));
    let mut budget = Budget::new(options.max_iterations, usize::MAX);
    let knows = Knows { phase: true, exact: true, searches: Searches::ALL };
    let cells: Vec<&Cells> = channels.iter().collect();
    let samples = settings.resolve(&Mixture::of(&cells).cells(&cells), knows, &mut watch)?;
    let plan = settings.plan(samples, watch.stop())?;
    let solving = SolveOptions { inverse: Inverse::of(options.inverse, &plan).value, ..SolveOptions::default() };
    let (plan, solved) = solve_padded(&mut settings, plan, (&data, knows), &solving, &mut budget, &mut watch)?;
    if is_cancelled(&solved) {
        return Err(TransformError::Stopped);
    }
    let pad_mode = settings.params.pad_mode;
    let inverted =
        data.into_iter().zip(solved).map(|(data, solved)| inverted(&plan, data, solved, (pad_mode, options)));
    inverted.collect()
}

/// What is known of the transform that made coefficients of so many frames.
fn settings_of(params: &CqtParams, frames: usize, options: &InvertOptions<'_>) -> Result<Settings, TransformError> {
    let (shortest, longest) = Cqt::samples_from_frames_of(params, options.ratios, frames)?;
    let fits = |length: &usize| (shortest.max(1)..=longest).contains(length);
    Ok(Settings {
        params: CqtParams { pad_mode: options.pad_mode.unwrap_or(params.pad_mode), ..*params },
        ratios: options.ratios.map(<[f64]>::to_vec),
        length: options.length.filter(fits),
        open: Open {
            librosa: options.find_release,
            tuning: if options.find_tuning { OpenTuning::Estimated } else { OpenTuning::Told },
            pad_mode: options.pad_mode.is_none(),
        },
        found: Found::default(),
    })
}

/// One channel, with why it is not to be trusted.
fn inverted(
    plan: &Cqt,
    data: Data,
    Solved { solution, .. }: Solved,
    (pad_mode, options): (PadMode, &InvertOptions<'_>),
) -> Result<Inverted, TransformError> {
    // A solve that was told to end early proves nothing.
    let is_proof = options.max_iterations == 0 || solution.stop == Stop::Converged;
    let warning = if is_proof { doubt(plan, data, &solution)? } else { None };
    let Solution { mut samples, iterations, residual_db, .. } = solution;
    samples.resize(options.length.unwrap_or(samples.len()), 0.0);
    Ok(Inverted { samples, pad_mode, iterations, residual_db, warning })
}

/// What to say of coefficients that are of no sound. Cells without trust say nothing.
fn doubt(plan: &Cqt, data: Data, solution: &Solution) -> Result<Option<String>, TransformError> {
    let data = Data { phase_trust: data.trust.clone(), ..data };
    Ok(untrusted_share(plan, &data, &solution.samples)?.map(|share| {
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

    use super::*;
    use crate::testing::{db_from_ratio, dot};
    use crate::{Gamma, IntervalSet, Window};

    fn go(_: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    #[test]
    fn bins_that_are_not_equally_spaced_come_back() {
        let params = CqtParams { gamma: Gamma::Erb, hop: 128, ..CqtParams::default() };
        let tone = |i: usize, hz: f64| (TAU * hz * i as f64 / 22050.0).sin();
        let x: Vec<f64> = (0..12_000).map(|i| tone(i, 220.0) + 0.3 * tone(i, 1371.0)).collect();
        let just = IntervalSet::Ji5.ratios(12).unwrap().unwrap();
        let grid = Cqt::with_ratios(&params, &just, x.len()).unwrap().forward(&x).unwrap();
        let options = InvertOptions { ratios: Some(&just), length: Some(x.len()), ..InvertOptions::default() };
        let made = invert(&params, &grid, &options, go).unwrap();
        let db = db_from_ratio(&made.samples, &x);
        assert!(db < -40.0, "{db}");
        // Equally spaced bins are another transform.
        let equal = invert(&params, &grid, &InvertOptions { ratios: None, ..options }, go);
        assert!(equal.unwrap().residual_db > made.residual_db + 20.0);
    }

    /// Tones that start and end softly, where few frames tell of the ends.
    #[test]
    fn soft_ends_are_recovered_as_if_the_pad_mode_were_told() {
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
            let snr_db = |told: Option<PadMode>| {
                let options = InvertOptions { length: Some(x.len()), pad_mode: told, ..InvertOptions::default() };
                let params = CqtParams { hop: 128, pad_mode: told.unwrap_or_default(), ..CqtParams::default() };
                let made = invert(&params, &grid, &options, go).unwrap().samples;
                -db_from_ratio(&made, &x)
            };
            // A held sample near zero and a ramp to zero are nearly the same.
            let (found, told) = (snr_db(None), snr_db(Some(pad_mode)));
            assert!(found >= told - 6.0 && told > 60.0, "{pad_mode:?}: {found:.1} dB found, {told:.1} dB told");
        }
    }

    /// One octave-wide bin explains a tone as a far louder one that it hardly hears, in the wrong mode.
    #[test]
    fn a_sound_that_is_hardly_heard_is_doubted() {
        let params = CqtParams {
            sr: 8000.0,
            hop: 16,
            bins: 1,
            bins_per_octave: 1,
            fmin_hz: 140.0935,
            sparsity: 0.1,
            window: Window::Bohman,
            ..CqtParams::default()
        };
        let x: Vec<f64> = (0..200).map(|i| (TAU * 382.05 / 8000.0 * f64::from(i) + 3.872).sin()).collect();
        let padded = CqtParams { pad_mode: PadMode::Symmetric, ..params };
        let grid = Cqt::new(&padded, x.len()).unwrap().forward(&x).unwrap();
        let options = InvertOptions { length: Some(x.len()), ..InvertOptions::default() };
        let found = invert(&params, &grid, &options, go).unwrap().samples;
        let louder = dot(&found, &found) / dot(&x, &x);
        assert!(louder < 2.0, "{louder} times as loud");
    }
}
