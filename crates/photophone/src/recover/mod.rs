//! Picture or array to sound.
//!
//! | file | what |
//! |---|---|
//! | `array_levels` | an array's numbers as magnitudes |
//! | `attribution` | who said what was given |
//! | `defaults` | tuning and pad mode that need not be searched for |
//! | `job` | the picture or array and the kept phase, if any, brought to one shape |
//! | `invert` | coefficients to samples, without pictures, files or loudness |
//! | `budget` | how many iterations are left of those that were given |
//! | `edited` | which cells have lost their phase to an edit |
//! | `recolour` | a picture whose colours were changed as a whole, in those that it had |
//! | `hypotheses` | which reading of a picture its phase agrees with |
//! | `opened` | a picture, decoded and read, with what it says of itself |
//! | `phase` | which file holds the phase, and the phase in it |
//! | `magnitudes` | levels to magnitudes, their noise, and the cells the picture does not show |
//! | `solve` | which inverse, with which noise |
//! | `retrieval` | the sound where phase is missing |
//! | `by_sound` | a palette or rows the other way round, told by what sounds have |
//! | `range` | the range of decibels, told by what sounds have |
//! | `kind` | whether a picture can be that of a sound |
//! | `doubt` | what is too doubtful to make a sound of |
//! | `calibration` | how often findings are right |
//! | `course` | how far the whole of a job has come |
//! | `data` | coefficients ready for the solver |
//! | `intervals` | bins that are not equally spaced, told by exact coefficients |
//! | `idle` | settings that were given and change nothing |
//! | `losses` | what limits the result |
//! | `pad_race` | pad modes that race to explain exact coefficients |
//! | `padding` | the pad mode of exact coefficients, told by the solution |
//! | `stft` | arrays of a short-time Fourier transform |
//! | `tempered` | exact coefficients whose bins lie elsewhere |
//! | `release` | which librosa it was, where that matters |
//! | `worked_on` | the masks and steps that an array's magnitudes show |
//! | `unknowns` | level scale, tuning, pad mode and length, where they have to be found |

mod array_levels;
mod attribution;
mod budget;
mod by_sound;
mod calibration;
mod course;
mod data;
mod defaults;
mod doubt;
mod edited;
mod hypotheses;
mod idle;
mod intervals;
mod invert;
mod job;
mod kind;
mod likeness;
mod losses;
mod magnitudes;
mod opened;
mod pad_race;
mod padding;
mod phase;
mod range;
mod recolour;
mod release;
mod retrieval;
mod solve;
mod stft;
mod tempered;
mod unknowns;
mod worked_on;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use photophone_picture::{Raster, ReadOptions};
use photophone_spectrum::Finding;
use photophone_transform::inverse::{Progress, Step, Stop, carried};
use photophone_transform::retrieval::PhaseMethod;
use photophone_transform::{Analysis, StopFlag};

pub(crate) use idle::listed;
pub use invert::{InvertOptions, Inverted, invert};
pub use job::{ReadPicture, read_picture};
pub(crate) use opened::MOST_RESIDUAL;
pub use release::likely_release;
pub use retrieval::magnitudes_warning;

use crate::figure;
use crate::files::Sound;
use crate::loudness::{LoudnessOptions, fit_peak};
use crate::recipe::{Entry, Recipe, TransformKind, recipe_files_near};
use crate::report::{CarriedReport, Report, Solve};
use crate::{Error, Input, Limits};
use budget::Budget;
use course::Course;
use data::Data;
use job::Job;
use opened::OpenedPicture;
use padding::PadModeSearch;
use phase::Phase;

/// What to say of a phase that was found.
const RETRIEVED: &str = "phase was found from the magnitudes, so the waveform is not the original's even where the \
     sound is; how near the magnitudes come says little where the grid undersamples: if you have the original, \
     the command photophone compare tells (its line 'spectral convergence')";

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
    /// The picture as it was when the phase was kept: cells that changed since then lose their phase. What the edited
    /// picture has lost is taken from it: recipe, palette, cells, and the phase beside it.
    pub original: Option<Input>,
    /// A mask in the picture's place: white cells were edited. Goes before `original`.
    pub mask: Option<Input>,
    /// Takes each level for the centre of its range; else the inverse may move within the range. For comparison.
    pub centres: bool,
    /// How phase that is not known is found.
    pub phase_method: PhaseMethod,
    /// Where random phases start.
    pub seed: u64,
    /// Takes a picture as it was read even where that is less than half sure, and magnitudes that are most likely of no sound.
    pub despite_doubt: bool,
    /// What is known of how the picture was made.
    pub recipe: Recipe,
    /// What is known of the picture's geometry and colours.
    pub reading: ReadOptions,
    /// Most pixels of a picture. Default: 0, the reader's own limit.
    pub max_pixels: usize,
    /// Most memory and work.
    pub limits: Limits,
    /// Most iterations over all stages: steps of a solver (a forward and an adjoint transform each) and rounds of phase
    /// retrieval. Default: 0, as many as each stage needs.
    pub max_iterations: usize,
    /// Ends planning and looking for what is unknown early, where `progress` is not asked. Default: nothing does.
    pub stop: StopFlag,
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
/// work. Its `done` is the share of the whole job.
///
/// # Errors
/// Anything wrong with a file, a value or their agreement; see [`Error`]. Nothing is written.
pub fn recover(
    options: &RecoverOptions,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    recovered(options, progress).map_err(|error| figure::explained(options, error))
}

/// The same, whatever the picture is.
fn recovered(
    options: &RecoverOptions,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    options.loudness.check()?;
    let mut course = Course::default();
    let mut progress = |now| progress(course.of_the_whole(now));
    check(&mut progress)?;
    let job = Job::open(options)?;
    check(&mut progress)?;
    let stored = job.picture().and_then(OpenedPicture::stored);
    solved(options, &job, &mut progress)
        .map_err(|error| attribution::attributed(error, options, stored).about(options.input.name()))
}

/// The steps from what was read to the sound.
fn solved(
    options: &RecoverOptions,
    job: &Job,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    let recipe = job.recipe();
    if recipe.transform.kind == Some(TransformKind::Stft) {
        return stft::solved(options, job, progress);
    }
    let mut report = report_of(options, recipe);
    let mut resolved = recipe.resolve(Some(job.shape().0))?;
    if let Err(error) = kind::check_bins(&resolved, recipe, job.shape().1, None) {
        // Of a wrong box or wrong cells, their number is wrong too.
        if let Some(opened) = job.picture() {
            doubt::refuse_doubtful(opened, None, options)?;
        }
        if job.phase().is_none() {
            // Magnitudes may tell of another grid, whose bins fit.
            let data = job.coefficients(options, &resolved, &mut report)?;
            kind::check_bins(&resolved, recipe, job.shape().1, Some(&data))?;
        }
        return Err(error);
    }
    options.limits.check_recovery(resolved.tempered(), job.shape().1, recipe.sound.length)?;
    let data = job.coefficients(options, &resolved, &mut report)?;
    // With a phase, what no sound explains judges (`solve::warning`).
    if job.phase().is_none() && data.phase_trust.is_some() {
        let kind = kind::kind(&resolved, recipe, &data, job.picture().map(|opened| &opened.picture))?;
        doubt::report(job.picture(), &kind, &mut report);
        match job.picture() {
            Some(opened) => doubt::refuse_doubtful(opened, Some(&kind), options)?,
            None => doubt::refuse_doubtful_array(&kind, job.doubt(), options)?,
        }
    }
    report.warnings.extend(idle::warning(options, job, data.phase_trust.is_none()));
    check(progress)?;
    let searches = options.limits.searches(resolved.tempered(), job.shape().1)?;
    let knows =
        unknowns::Knows { phase: data.knows_phase(), exact: data.intervals.is_none(), searches, stop: &options.stop };
    if job.has_own_phase() && recipe.transform.intervals.is_none() {
        intervals::resolve(&mut resolved, &data.coefficients, &options.stop)?;
        check(progress)?;
    }
    let samples = unknowns::tuning_padding_and_length(recipe, &mut resolved, &data.coefficients, knows, progress)?;
    let plan = resolved.plan(samples, &options.stop)?;
    check(progress)?;
    let hz_from_told = f64::from(resolved.sample_rate_hz) / resolved.params.sr;
    report.carried = Some(carried_report(&plan, hz_from_told, resolved.params.bins_per_octave));
    let inverse = solve::inverse(recipe, &plan);
    let by_work = options.limits.most_iterations(plan.tempered(), plan.shape().1, samples)?;
    let mut budget = Budget::new(options.max_iterations, by_work);
    let how = (inverse.value, options);
    let mut fit = None;
    let (plan, (solution, reading_noise)) = match &data.phase_trust {
        Some(trust) if knows.phase => {
            let (completed, of_unedited) = retrieval::completed(&plan, &data, trust, how, &mut budget, progress)?;
            fit = Some(of_unedited);
            (plan, completed)
        }
        Some(trust) => {
            let retrieved = retrieval::retrieved(&plan, &data, trust, how, &mut budget, progress)?;
            (plan, (retrieved, None))
        }
        None => PadModeSearch { recipe, data: &data, knows, inverse: inverse.value, options }.solve(
            &mut resolved,
            samples,
            &mut budget,
            progress,
        )?,
    };
    report.findings.append(&mut resolved.entries);
    if let Some(opened) = job.picture() {
        attribution::attribute(&mut report, opened, options);
    }
    report.findings.push(line("recipe", "inverse", &inverse));
    if solution.stop == Stop::Cancelled {
        return Err(Error::Interrupted);
    }
    report.losses = losses::losses(&plan, &data, reading_noise.as_ref());
    let (iterations, mut residual_db, stop) = (solution.iterations, solution.residual_db, solution.stop);
    let mut is_poor = false;
    if knows.phase {
        let fit = fit.as_deref().unwrap_or(&solution.samples);
        residual_db = solve::left_db(&plan, &data, fit)?;
        let warning = solve::warning(&plan, &data, fit, job.edits(options))?;
        is_poor = warning.is_some();
        if let (Some(opened), true) = (job.picture(), is_poor) {
            doubt::refuse_doubtful(opened, None, options)?;
        }
        report.warnings.extend(warning);
        report.warnings.extend(tempered::warning(&plan, &data, &solution)?);
    } else {
        report_retrieved(&plan, &data, solution.residual_db, &mut report);
    }
    report.solve = Some(Solve { iterations, residual_db, of_magnitudes: !knows.phase, is_poor, stop });
    Ok(finished(options, job, (solution.samples, resolved.sample_rate_hz), data.absolute, report))
}

/// An account that says only what it is of.
fn report_of(options: &RecoverOptions, recipe: &Recipe) -> Report {
    let warnings = untold_rate(recipe, &options.input).into_iter().collect();
    Report { input: options.input.name().display().to_string(), warnings, ..Report::default() }
}

/// Says of a sound whose phase was found what it is not, and how near it comes.
fn report_retrieved(plan: &dyn Analysis, data: &Data, residual_db: f64, report: &mut Report) {
    report.notes.push(RETRIEVED.to_owned());
    let is_silent = data.coefficients.as_slice().iter().all(|value| value.norm() == 0.0);
    let warning = magnitudes_warning(plan.channels().spacing, residual_db).filter(|_| !is_silent);
    report.warnings.extend(warning.map(|text| format!("WARNING: {text}")));
}

/// The samples at their level as a sound, with what was done to the level in the report.
fn finished(
    options: &RecoverOptions,
    job: &Job,
    (samples, sample_rate_hz): (Vec<f64>, u32),
    absolute: bool,
    mut report: Report,
) -> Recovered {
    let samples = with_level(samples, absolute, &mut report);
    let (samples, loudness) = fit_peak(&samples, &options.loudness);
    report.loudness = Some(loudness.into());
    let sound = Sound::from_mono(sample_rate_hz, &samples);
    let phase_file = job.phase().and_then(Phase::path).map(Path::to_path_buf);
    Recovered { sound, report, overlay: job.overlay(), phase_file }
}

/// What to say where nothing tells the sample rate, on which all times and frequencies hang.
fn untold_rate(recipe: &Recipe, input: &Input) -> Option<String> {
    if recipe.transform.sr.is_some() || recipe.sound.sample_rate.is_some() {
        return None;
    }
    let beside = input.path().map(recipe_files_near).unwrap_or_default();
    let files = match beside.as_slice() {
        [] => String::new(),
        files => format!(", or the recipe file that belongs to it (`recipe`): beside it lie {}", files.join(", ")),
    };
    Some(format!(
        "WARNING: nothing tells the sample rate: librosa's default of 22050 Hz is assumed. A sound of 44100 Hz would come \
         out twice as long and an octave too low; give `sr`{files}"
    ))
}

/// Asks the caller, between steps that are no iterations, whether to go on.
fn check(progress: &mut impl FnMut(Progress) -> ControlFlow<()>) -> Result<(), Error> {
    match progress(Progress::of(Step::Preparing, 0, 1, 1.0)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Interrupted),
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

/// What the grid carries, in Hz of the samples, which are `hz_from_told` of those that the transform was told, in bands of
/// so many rows.
fn carried_report(plan: &dyn Analysis, hz_from_told: f64, rows: usize) -> CarriedReport {
    let found = carried(plan);
    let bands = found
        .bins
        .chunks(rows)
        .map(|band| {
            let share = band.iter().map(|bin| bin.carried).sum::<f64>() / band.len() as f64;
            let (first, last) = (band[0], band[band.len() - 1]);
            (hz_from_told * first.hz, hz_from_told * (last.hz + last.spacing_hz), share)
        })
        .collect();
    let limit_hz = found.limit_hz.is_finite().then_some(hz_from_told * found.limit_hz);
    CarriedReport { limit_hz, bins_above: found.bins_above, bands }
}

/// A line of the report about something read.
fn line<T: serde::Serialize>(section: &'static str, name: &'static str, finding: &Finding<T>) -> Entry {
    Entry::new(section, name, finding)
}
