//! Picture or array to sound.
//!
//! | file | what |
//! |---|---|
//! | `job` | the picture or array and the kept phase, if any, brought to one shape |
//! | `invert` | coefficients to samples, without pictures, files or loudness |
//! | `edited` | which cells have lost their phase to an edit |
//! | `opened` | a picture, decoded and read, with what it says of itself |
//! | `phase` | which file holds the phase, and the phase in it |
//! | `magnitudes` | levels to magnitudes, their noise, and the cells the picture does not show |
//! | `solve` | which inverse, with which noise |
//! | `retrieval` | the sound where phase is missing |
//! | `losses` | what limits the result |
//! | `padding` | the pad mode of exact coefficients, told by the solution |
//! | `unknowns` | level scale, tuning, pad mode and length, where they have to be found |

mod edited;
mod invert;
mod job;
mod losses;
mod magnitudes;
mod opened;
mod padding;
mod phase;
mod retrieval;
mod solve;
mod unknowns;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_picture::{Raster, ReadOptions};
use photophone_spectrum::{Finding, Plane};
use photophone_transform::Cqt;
use photophone_transform::inverse::{Intervals, Progress, Stop, carried};
use photophone_transform::phase::PhaseMethod;

pub use invert::{InvertOptions, Inverted, invert};
pub use job::{ReadPicture, read_picture};

use crate::files::{LoudnessOptions, Sound, fit_peak};
use crate::recipe::{Entry, Recipe, Settled};
use crate::report::{CarriedReport, Report, Solve};
use crate::{Error, Input};
use job::Job;
use padding::Unpadded;
use phase::Phase;

/// What to say of a phase that was found.
const RETRIEVED: &str = "phase was found from the magnitudes, so the waveform is not the original's even where the \
     sound is; how near the magnitudes come says little where the grid undersamples: if you have the original, \
     photophone compare tells (stft_sc_db)";

/// Peak given to a sound whose loudness the picture does not keep.
const UNKNOWN_LEVEL_PEAK: f64 = 0.5;

/// What [`recover`] works on and what it is told.
#[derive(Clone, Debug, Default)]
pub struct RecoverOptions {
    /// Picture (PNG, JPEG) or array (.npy, .npz, .mat) of magnitudes or coefficients, in a file or in memory.
    pub input: Input,
    /// The kept phase. Default: the file beside the input that `recipe` names, else the one that the picture's own
    /// recipe names; neither for an input in memory.
    pub phase: Option<Input>,
    /// The picture as it was when the phase was kept: cells that changed since then lose their phase.
    pub original: Option<Input>,
    /// A mask in the picture's place: white cells were edited. Goes before `original`.
    pub mask: Option<Input>,
    /// Takes each level for the centre of its range; else the inverse may move within the range. For comparison.
    pub centres: bool,
    /// How phase that is not known is found.
    pub phase_method: PhaseMethod,
    /// Where random phases start.
    pub seed: u64,
    /// What is known of how the picture was made.
    pub recipe: Recipe,
    /// What is known of the picture's geometry and colours.
    pub reading: ReadOptions,
    /// Most pixels of a picture. Default: 0, the reader's own limit.
    pub max_pixels: usize,
    /// Most iterations, or rounds where phase has to be found. Default: 0, the solver's own limit.
    pub max_iterations: usize,
    /// Gain of the result.
    pub loudness: LoudnessOptions,
}

/// The result of [`recover`].
#[derive(Debug)]
pub struct Recovered {
    /// The sound, one channel.
    pub sound: Sound,
    /// The account.
    pub report: Report,
    /// What was read, drawn over the picture; only if there was a picture.
    pub overlay: Option<Raster>,
    /// The phase file that was read, if any.
    pub phase_file: Option<PathBuf>,
}

/// Recovers the sound of a picture or array.
///
/// `progress` is called once an iteration and between the steps before the first (with iteration 0), and can stop the
/// work.
///
/// # Errors
/// Anything wrong with a file, a value or their agreement; see [`Error`]. Nothing is written.
pub fn recover(
    options: &RecoverOptions,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    check(&mut progress)?;
    let job = Job::open(options)?;
    check(&mut progress)?;
    solved(options, &job, &mut progress).map_err(|error| error.about(options.input.name()))
}

/// The steps from what was read to the sound.
fn solved(
    options: &RecoverOptions,
    job: &Job,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    let mut report = Report { input: options.input.name().display().to_string(), ..Report::default() };
    let recipe = job.recipe();
    let mut settled = recipe.settle(Some(job.shape().0))?;
    let data = job.coefficients(options, &settled, &mut report)?;
    check(progress)?;
    let knows = unknowns::Knows { phase: data.knows_phase(), exact: data.intervals.is_none() };
    let samples = unknowns::tuning_padding_and_length(recipe, &mut settled, &data.coefficients, knows, progress)?;
    let plan = Cqt::new(&settled.params, samples)?;
    check(progress)?;
    report.carried = Some(carried_report(&plan, &settled));
    let inverse = solve::inverse(recipe, &plan);
    let how = (inverse.value, options);
    let (plan, (solution, reading_noise)) = match &data.phase_trust {
        Some(trust) if knows.phase => {
            let completed = retrieval::completed(&plan, &data, trust, how, progress)?;
            (plan, completed)
        }
        Some(trust) => {
            let retrieved = retrieval::retrieved(&plan, &data, trust, how, progress)?;
            (plan, (retrieved, None))
        }
        None => Unpadded { recipe, data: &data, knows, inverse: inverse.value, options }.solve(
            &mut settled,
            samples,
            progress,
        )?,
    };
    report.findings.append(&mut settled.entries);
    report.findings.push(line("recipe", "inverse", &inverse));
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    report.losses = losses::losses(&plan, &data, reading_noise.as_ref());
    let (iterations, residual_db, stop) = (solution.iterations, solution.residual_db, solution.stop);
    let warning = if knows.phase { solve::warning(&plan, &data, &solution)? } else { None };
    let is_poor = warning.is_some();
    report.solve = Some(Solve { iterations, residual_db, of_magnitudes: !knows.phase, is_poor, stop });
    report.warnings.extend(warning);
    if !knows.phase {
        report.notes.push(RETRIEVED.to_owned());
    }
    let samples = with_level(solution.samples, data.absolute, &mut report);
    let (samples, loudness) = fit_peak(&samples, &options.loudness);
    report.loudness = Some(loudness.into());
    let sound = Sound::from_mono(settled.sample_rate_hz, &samples);
    let phase_file = job.phase().and_then(Phase::path).map(Path::to_path_buf);
    Ok(Recovered { sound, report, overlay: job.overlay(), phase_file })
}

/// Asks the caller, between steps that are no iterations, whether to go on.
fn check(progress: &mut impl FnMut(Progress) -> ControlFlow<()>) -> Result<(), Error> {
    match progress(Progress { iteration: 0, max_iterations: 1, gradient: 1.0 }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Interrupted),
    }
}

/// Coefficients ready for the solver.
#[derive(Clone)]
struct Data {
    coefficients: Plane<Complex<f64>>,
    /// Mean square error of each cell.
    noise: Plane<f64>,
    /// Ranges of the magnitudes; `None` where no quantiser has touched them.
    intervals: Option<Intervals>,
    trust: Option<Plane<f64>>,
    /// Trust in each cell's phase, 0 or 1; `None` where all of it was kept.
    phase_trust: Option<Plane<f64>>,
    /// Whether the magnitudes are absolute.
    absolute: bool,
}

impl Data {
    /// Coefficients that no quantiser has touched.
    fn exact(coefficients: Plane<Complex<f64>>) -> Self {
        let noise = coefficients.map(|_| 0.0);
        Self { coefficients, noise, intervals: None, trust: None, phase_trust: None, absolute: true }
    }

    /// Trust in each cell's magnitude and phase together, if any is not trusted.
    fn trust_in_both(&self) -> Option<Plane<f64>> {
        match (&self.trust, &self.phase_trust) {
            (Some(trust), Some(phase)) => {
                let (bins, frames) = trust.shape();
                Some(Plane::from_fn(bins, frames, |k, t| trust[(k, t)] * phase[(k, t)]))
            }
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        }
    }

    /// Whether enough phase was kept to tell anything by: half of the power.
    fn knows_phase(&self) -> bool {
        let Some(trust) = &self.phase_trust else { return true };
        let powers = self.coefficients.as_slice().iter().map(Complex::norm_sqr);
        let (known, whole) = powers
            .zip(trust.as_slice())
            .fold((0.0, 0.0), |(known, whole), (power, trust)| (known + power * trust, whole + power));
        known > 0.5 * whole
    }
}

/// Gives a sound of unknown loudness a moderate one.
fn with_level(mut samples: Vec<f64>, absolute: bool, report: &mut Report) -> Vec<f64> {
    let peak = samples.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
    if peak == 0.0 {
        report.notes.push("the result is silence: every magnitude is zero".to_owned());
    } else if !absolute {
        for sample in &mut samples {
            *sample *= UNKNOWN_LEVEL_PEAK / peak;
        }
        report.notes.push(format!("the picture keeps no absolute level: the peak was set to {UNKNOWN_LEVEL_PEAK}"));
    }
    samples
}

/// What the grid carries, in Hz of the samples.
fn carried_report(plan: &Cqt, settled: &Settled) -> CarriedReport {
    let found = carried(plan);
    let hz = |told: f64| told * f64::from(settled.sample_rate_hz) / settled.params.sr;
    let per_octave = settled.params.bins_per_octave;
    let bands = found
        .bins
        .chunks(per_octave)
        .map(|octave| {
            let share = octave.iter().map(|bin| bin.carried).sum::<f64>() / octave.len() as f64;
            let (first, last) = (octave[0], octave[octave.len() - 1]);
            (hz(first.hz), hz(last.hz + last.spacing_hz), share)
        })
        .collect();
    let limit_hz = found.limit_hz.is_finite().then(|| hz(found.limit_hz));
    CarriedReport { limit_hz, bins_above: found.bins_above, bands }
}

/// A line of the report about something read.
fn line<T: serde::Serialize>(section: &'static str, name: &'static str, finding: &Finding<T>) -> Entry {
    Entry::new(section, name, finding)
}
