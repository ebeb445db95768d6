//! What was solved, in the report: how near it comes to the data, what limits it, and its level.

use std::path::Path;

use photophone_transform::inverse::{Solution, carried};
use photophone_transform::invert::{Data, Loss, Solved, UNTRUSTED_SHARE, left_db, losses};
use photophone_transform::{Analysis, Complex, Stop};

use super::{RecoverOptions, Recovered, magnitudes_warning, warnings};
use crate::files::Sound;
use crate::loudness::fit_peaks;
use crate::read::{Job, Phase, picture_doubts};
use crate::recipe::{Recipe, recipe_files_near};
use crate::report::{CarriedReport, ChannelReport, Report, Solve};
use crate::{Error, Input};

/// What to say of a phase that was found.
pub(super) const RETRIEVED: &str = "phase was found from the magnitudes, so the waveform is not the original's even where the \
     sound is; how near the magnitudes come says little where the grid undersamples: if you have the original, \
     the command photophone compare tells (its line 'spectral convergence')";

/// What to say of a sound that was made to have a mel spectrogram.
const OBSERVED: &str = "phase, and how each band's power is spread over its bins, were found from the mel spectrogram, which \
     many sounds have: the waveform is not the original's; if you have the original, the command photophone compare tells \
     how near the sound is (its line 'spectral convergence')";

/// What to say where no sound was found that has the mel spectrogram.
const UNSEEN: &str = "WARNING: over a tenth of the power of this mel spectrogram is in no sound that was found: doubt `levels`, \
     `power`, `n-fft`, `hop`, `mel-scale`, `mel-norm`, `fmin` and `fmax`, and whether it is a mel spectrogram at all";

/// Peak given to a sound whose loudness the picture does not keep.
const UNKNOWN_LEVEL_PEAK: f64 = 0.5;

/// The account of a job whose samples were solved for.
pub(super) struct Account<'a> {
    pub(super) options: &'a RecoverOptions,
    pub(super) job: &'a Job,
    pub(super) channels: &'a [Data],
    pub(super) report: Report,
}

impl Account<'_> {
    /// Says how the solve of each channel went, what limits the sound, and what speaks against it.
    ///
    /// # Errors
    /// An interruption, or a picture that is as doubtful as what was made of it.
    pub(super) fn judge(&mut self, plan: &dyn Analysis, solved: &[Solved]) -> Result<(), Error> {
        let mut accounts = Vec::with_capacity(solved.len());
        for (channel, (data, solved)) in self.channels.iter().zip(solved).enumerate() {
            accounts.push(self.judged(channel, plan, data, solved)?);
        }
        self.say(accounts);
        Ok(())
    }

    fn judged(
        &mut self,
        channel: usize,
        plan: &dyn Analysis,
        data: &Data,
        solved: &Solved,
    ) -> Result<ChannelReport, Error> {
        let solution = &solved.solution;
        if solution.stop == Stop::Cancelled {
            return Err(Error::Interrupted);
        }
        let of_magnitudes = !data.knows_phase();
        let (mut residual_db, mut is_poor) = (solution.residual_db, false);
        if of_magnitudes {
            let is_silent = is_silent(data);
            let warning = magnitudes_warning(plan.channels().spacing, residual_db).filter(|_| !is_silent);
            self.note(RETRIEVED);
            self.warn(channel, warning.map(|text| format!("WARNING: {text}")));
        } else {
            residual_db = left_db(plan, data, solved.fit())?;
            let warning = warnings::of_fit(plan, data, solved.fit(), self.job.edits(&self.options.inputs()))?;
            is_poor = warning.is_some();
            if let Some(opened) = self.job.picture().filter(|_| is_poor) {
                refuse(self.options, &picture_doubts(opened, None))?;
            }
            self.warn(channel, warning);
        }
        let (iterations, stop) = (solution.iterations, solution.stop);
        let solve = Solve { iterations, residual_db, of_magnitudes, is_poor, stop };
        let (is_silence, losses) = (is_silent(data), losses(plan, data, solved.noise.as_ref()));
        Ok(ChannelReport { channel: channel + 1, is_silence, solve, losses })
    }

    /// The same of the sums over powers that a mel spectrogram is: what a sound lacks of them, no phase or grid explains.
    ///
    /// # Errors
    /// An interruption.
    pub(super) fn judge_observed(&mut self, solved: &[Solved]) -> Result<(), Error> {
        let mut accounts = Vec::with_capacity(solved.len());
        self.note(OBSERVED);
        for (channel, (data, solved)) in self.channels.iter().zip(solved).enumerate() {
            let Solution { iterations, residual_db, stop, .. } = solved.solution;
            if stop == Stop::Cancelled {
                return Err(Error::Interrupted);
            }
            let is_poor = !is_silent(data) && 10_f64.powf(residual_db / 10.0) > UNTRUSTED_SHARE;
            self.warn(channel, is_poor.then(|| UNSEEN.to_owned()));
            let solve = Solve { iterations, residual_db, of_magnitudes: true, is_poor, stop };
            let (is_silence, losses) = (is_silent(data), Vec::new());
            accounts.push(ChannelReport { channel: channel + 1, is_silence, solve, losses });
        }
        self.say(accounts);
        Ok(())
    }

    /// A warning, which names its channel where there are several.
    pub(super) fn warn(&mut self, channel: usize, warning: Option<String>) {
        let Some(warning) = warning else { return };
        let text = match warning.strip_prefix("WARNING: ") {
            Some(text) if self.channels.len() > 1 => format!("WARNING: channel {}: {text}", channel + 1),
            _ => warning,
        };
        self.report.warnings.push(text);
    }

    /// A note, once for all channels.
    fn note(&mut self, note: &str) {
        if !self.report.notes.iter().any(|said| said == note) {
            self.report.notes.push(note.to_owned());
        }
    }

    /// The channels' accounts as one, and each where there are several.
    fn say(&mut self, accounts: Vec<ChannelReport>) {
        let powers: Vec<f64> = self.channels.iter().map(power).collect();
        let (solve, losses) = of_all(&accounts, &powers);
        self.report.losses = losses;
        self.report.solve = solve;
        if accounts.len() > 1 {
            self.report.channels = accounts;
        }
    }

    /// The samples at their level as a sound, with what was done to the level in the report. All channels have one gain.
    pub(super) fn finished(self, solved: Vec<Solved>, sample_rate_hz: u32) -> Recovered {
        let Self { options, job, channels, mut report } = self;
        let absolute = channels.iter().all(|data| data.absolute);
        let samples = solved.into_iter().map(|solved| solved.solution.samples).collect();
        let samples = with_level(samples, absolute, &mut report);
        let (samples, loudness) = fit_peaks(&samples, &options.loudness);
        report.loudness = Some(loudness.into());
        let sound = Sound::from_channels(sample_rate_hz, &samples);
        let phase_file = job.phase().and_then(Phase::path).map(Path::to_path_buf);
        Recovered { sound, report, sample_format: None, overlay: job.overlay(), phase_file }
    }
}

/// Whether every magnitude is zero.
fn is_silent(data: &Data) -> bool {
    data.coefficients.as_slice().iter().all(|value| value.norm() == 0.0)
}

/// Power of all cells.
fn power(data: &Data) -> f64 {
    data.coefficients.as_slice().iter().map(Complex::norm_sqr).sum()
}

/// How the solves of all channels went, and what they lost of the power of all.
fn of_all(accounts: &[ChannelReport], powers: &[f64]) -> (Option<Solve>, Vec<Loss>) {
    if let [only] = accounts {
        return (Some(only.solve.clone()), only.losses.clone());
    }
    let whole: f64 = powers.iter().sum();
    let of_whole = |sum: f64| if whole > 0.0 { sum / whole } else { 0.0 };
    let solves = || accounts.iter().map(|account| &account.solve);
    let left = solves().zip(powers).map(|(solve, power)| power * 10_f64.powf(solve.residual_db / 10.0)).sum();
    let is_limited = solves().any(|solve| solve.stop == Stop::IterationLimit);
    let solve = Solve {
        iterations: solves().map(|solve| solve.iterations).max().unwrap_or(0),
        residual_db: if whole > 0.0 { 10.0 * of_whole(left).max(1e-40).log10() } else { 0.0 },
        of_magnitudes: solves().any(|solve| solve.of_magnitudes),
        is_poor: solves().any(|solve| solve.is_poor),
        stop: if is_limited { Stop::IterationLimit } else { Stop::Converged },
    };
    let mut losses: Vec<Loss> = Vec::new();
    for (account, power) in accounts.iter().zip(powers) {
        for loss in &account.losses {
            let share = of_whole(loss.share * power);
            match losses.iter_mut().find(|sum| sum.name == loss.name) {
                Some(sum) => sum.share += share,
                None => losses.push(Loss { name: loss.name, share }),
            }
        }
    }
    losses.sort_by(|a, b| b.share.total_cmp(&a.share));
    (Some(solve), losses)
}

/// Refuses what is doubted, unless that is asked for, or edits are told, which are meant.
///
/// # Errors
/// [`Error::Doubtful`] with all that is doubted.
pub(super) fn refuse(options: &RecoverOptions, doubts: &[String]) -> Result<(), Error> {
    if doubts.is_empty() || options.despite_doubt || options.inputs().has_edits() {
        return Ok(());
    }
    Err(Error::Doubtful { path: options.input.name().to_owned(), doubts: doubts.join("; ") })
}

/// An account that says only what it is of.
pub(super) fn begun(options: &RecoverOptions, recipe: &Recipe) -> Report {
    let warnings = untold_rate(recipe, &options.input).into_iter().collect();
    Report { input: options.input.name().display().to_string(), warnings, ..Report::default() }
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

/// Gives a sound of unknown loudness a moderate one, its channels one gain.
fn with_level(mut channels: Vec<Vec<f64>>, absolute: bool, report: &mut Report) -> Vec<Vec<f64>> {
    let peak = channels.iter().flatten().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
    let level = level(peak, absolute, report);
    if level != 1.0 {
        channels.iter_mut().flatten().for_each(|sample| *sample *= level);
    }
    channels
}

/// What a sound of this peak is to be multiplied with, which is 1 where its loudness is known.
pub(super) fn level(peak: f64, absolute: bool, report: &mut Report) -> f64 {
    if peak == 0.0 {
        report.notes.push("the result is silence: every magnitude is zero".to_owned());
        return 1.0;
    }
    if absolute {
        return 1.0;
    }
    report.notes.push(format!("the picture keeps no absolute level: the peak was set to {UNKNOWN_LEVEL_PEAK}"));
    UNKNOWN_LEVEL_PEAK / peak
}

/// What the grid carries, in Hz of the samples, which are `hz_from_told` of those that the transform was told, in bands of
/// so many rows.
pub(super) fn carried_report(plan: &dyn Analysis, hz_from_told: f64, rows: usize) -> CarriedReport {
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
