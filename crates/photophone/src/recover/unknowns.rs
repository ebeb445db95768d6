//! Level scale, tuning, pad mode and length, where they have to be found.
//!
//! The kept phase tells all of them: only the right guess makes the coefficients fit together as
//! those of one signal.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_picture::Picture;
use photophone_spectrum::{Finding, LevelScale, Plane};
use photophone_transform::identify::estimate_tuning;
use photophone_transform::identify::{estimate_pad_mode, estimate_samples, misfits_db};
use photophone_transform::inverse::Progress;
use photophone_transform::{PadMode, StopFlag, TransformError};

use super::calibration::{LENGTH, LEVELS, PAD_MODE, TUNING};
use super::magnitudes::{Levels, from_levels};
use super::release::resolve_release;
use super::{check, defaults};
use crate::limits::Searches;
use crate::recipe::{Entry, Recipe, Resolved, Tuning};
use crate::{Error, GIVEN};

/// Level scales that people draw with. Ranges in dB are librosa's default 80 and round figures.
pub(super) const SCALES: [LevelScale; 7] = [
    LevelScale::Linear,
    LevelScale::Power,
    LevelScale::DB_80,
    LevelScale::Db { low: -60.0, high: 0.0 },
    LevelScale::Db { low: -100.0, high: 0.0 },
    LevelScale::Db { low: -120.0, high: 0.0 },
    LevelScale::Db { low: -40.0, high: 0.0 },
];

/// Ranges of decibels that are searched, in how many parts and down to which step: 8 bits tell no more than 250 dB apart
/// by a dB, and a range under 10 dB shows nothing of a sound.
const RANGES_DB: (f64, f64) = (10.0, 250.0);
const RANGE_PARTS: u32 = 8;
const RANGE_STEP_DB: f64 = 0.3;

/// How much better, in dB, an unusual range must fit than the usual scales: half of what they leave. Noisy levels always
/// fit a little better over a smaller range, where their noise is smaller too.
const RANGE_LEAD_DB: f64 = 3.0;

/// The level scale: given, or the one under which magnitudes and phase fit together best.
pub(super) fn level_scale(
    recipe: &Recipe,
    resolved: &Resolved,
    picture: &Picture,
    phasors: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Finding<LevelScale>, Error> {
    if let Some(scale) = recipe.picture.levels {
        return Ok(Finding::given(scale, ""));
    }
    let guess = guess_scale(picture);
    let misfits = |scales: &[LevelScale]| {
        let levels = |&scale| Levels { picture, scale, reference: None };
        let grids: Vec<_> =
            scales.iter().map(|scale| from_levels(&levels(scale), phasors, None).coefficients).collect();
        misfits_db(resolved.tempered(), &grids, stop)
    };
    let mut fits: Vec<(LevelScale, f64)> = SCALES.into_iter().zip(misfits(&SCALES)?).collect();
    fits.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [(best, best_db), (second, second_db), ..] = fits.as_slice() else { return Ok(guess) };
    let (best, best_db) = (*best, *best_db);
    let (range, range_db) = best_range(&misfits)?;
    if best_db - range_db > RANGE_LEAD_DB {
        let evidence = format!(
            "with the phase, what no sound explains is least over this range: {range_db:.1} dB; of the usual scales \
             {best} leaves {best_db:.1} dB"
        );
        return Ok(Finding::scored(range, best_db - range_db, &LEVELS, evidence));
    }
    let lead = second_db - best_db;
    if !lead.is_finite() || lead < 0.5 {
        return Ok(guess);
    }
    let evidence =
        format!("with the phase, what no sound explains is {best_db:.1} dB; next best {second} {second_db:.1} dB");
    Ok(Finding::scored(best, lead, &LEVELS, evidence))
}

/// The range in dB under which magnitudes and phase fit together best, and what it leaves, in dB.
///
/// Logarithms of any base are decibels over some range: `np.log(C)` stretched from its least to its largest value, or
/// `power_to_db` of amplitudes, which doubles it. The misfit has one minimum, which is closed in on by thirds.
fn best_range(
    misfits: &impl Fn(&[LevelScale]) -> Result<Vec<f64>, TransformError>,
) -> Result<(LevelScale, f64), TransformError> {
    let scale = |range: f64| LevelScale::Db { low: -range, high: 0.0 };
    let (mut low, mut high) = RANGES_DB;
    let mut best = (f64::INFINITY, low);
    while high - low > RANGE_STEP_DB {
        let ranges: Vec<f64> =
            (0..=RANGE_PARTS).map(|i| low + (high - low) * f64::from(i) / f64::from(RANGE_PARTS)).collect();
        let found = misfits(&ranges.iter().map(|&range| scale(range)).collect::<Vec<_>>())?;
        let place = (0..ranges.len()).min_by(|&a, &b| found[a].total_cmp(&found[b])).unwrap_or(0);
        if found[place] < best.0 {
            best = (found[place], ranges[place]);
        }
        (low, high) = (ranges[place.saturating_sub(1)], ranges[(place + 1).min(ranges.len() - 1)]);
    }
    // A tenth of a dB over the whole range moves no level by more than a quantiser's step.
    Ok((scale((10.0 * best.1).round() / 10.0), best.0))
}

/// The level scale by the spread of the levels alone.
pub(super) fn guess_scale(picture: &Picture) -> Finding<LevelScale> {
    picture.scale.clone()
}

/// What can be relied on.
#[derive(Clone, Copy)]
pub(super) struct Knows<'a> {
    /// Whether phase was kept.
    pub(super) phase: bool,
    /// Whether no quantiser has touched the magnitudes.
    pub(super) exact: bool,
    /// Which of the unknowns are looked for.
    pub(super) searches: Searches,
    /// What ends looking for them early.
    pub(super) stop: &'a StopFlag,
}

/// Why something was not looked for.
const WITHOUT_PHASE: &str = "only a kept phase would tell";
const TOO_MUCH_WORK: &str = "looking for it would take more than the limit for so few cells; see `max-work`";

impl Knows<'_> {
    /// Why something is not looked for.
    fn why_not(self) -> &'static str {
        if self.phase { TOO_MUCH_WORK } else { WITHOUT_PHASE }
    }
}

/// Resolves the tuning, the release and the pad mode and gives the number of samples.
pub(super) fn tuning_padding_and_length(
    recipe: &Recipe,
    resolved: &mut Resolved,
    grid: &Plane<Complex<f64>>,
    knows: Knows<'_>,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<usize, Error> {
    defaults::resolve(recipe, resolved, grid, knows, progress)?;
    if resolved.tuning_unknown {
        let finding = if knows.phase && knows.searches.tuning {
            tuning(recipe, resolved, grid, knows.stop)?
        } else {
            Finding::assumed(0.0, 0.5, knows.why_not())
        };
        resolved.params.tuning = finding.value;
        resolved.entries.push(Entry::new("recipe", "tuning", &finding));
        check(progress)?;
    }
    if resolved.librosa_unknown {
        resolve_release(resolved, grid, knows)?;
        check(progress)?;
    }
    if resolved.pad_mode_unknown {
        let default = resolved.params.pad_mode;
        let finding = if knows.phase && knows.searches.pad_mode {
            pad_mode(resolved, grid, knows.stop)?
        } else {
            Finding::assumed(default, 0.5, knows.why_not())
        };
        resolved.params.pad_mode = finding.value;
        resolved.entries.push(Entry::new("recipe", "pad-mode", &finding));
        check(progress)?;
    }
    let finding = length(recipe, resolved, grid, knows)?;
    resolved.entries.push(Entry::new("recipe", "length", &finding));
    Ok(finding.value)
}

fn tuning(
    recipe: &Recipe,
    resolved: &Resolved,
    grid: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Finding<f64>, Error> {
    let Some(found) = estimate_tuning(resolved.tempered(), grid, stop)? else {
        return Ok(Finding::assumed(0.0, 0.3, "the coefficients fit together under no tuning"));
    };
    let measured = format!(
        "from the phase's advance: {:.4} fits best, {:.1} dB unexplained (half a bin away {:.1} dB)",
        found.measured, found.misfit_db, found.misfit_away_db
    );
    // librosa's default is 0: what is found has to explain more than one number more would of noise.
    let asked = recipe.transform.tuning == Some(Tuning::Auto);
    if found.telling_misfit_db == 0.0 {
        return Ok(Finding::assumed(0.0, 0.5, format!("librosa's default; too few numbers tell another; {measured}")));
    }
    if found.evidence <= 0.0 || !asked && found.tuning.abs() < 0.015 {
        return Ok(Finding::assumed(0.0, 0.9, format!("librosa's default explains as much; {measured}")));
    }
    let evidence = format!(
        "{measured}; in the octave that tells most {:.1} dB, where librosa's default 0 leaves {:.1} dB",
        found.telling_misfit_db, found.default_misfit_db
    );
    let contrast = found.misfit_away_db - found.misfit_db;
    Ok(Finding::scored(found.tuning, contrast, &TUNING, evidence))
}

fn pad_mode(resolved: &Resolved, grid: &Plane<Complex<f64>>, stop: &StopFlag) -> Result<Finding<PadMode>, Error> {
    let default = resolved.params.pad_mode;
    let Some(found) = estimate_pad_mode(resolved.tempered(), grid, stop)? else {
        return Ok(Finding::assumed(default, 0.5, "that release's default; the ends are too quiet to tell"));
    };
    let end = if found.at_start { "start" } else { "end" };
    let (misfit, next) = (found.misfit_db, found.next_misfit_db);
    let evidence = format!("fits the {end} best: {misfit:.1} dB unexplained, the next best {next:.1} dB");
    Ok(Finding::scored(found.pad_mode, next - misfit, &PAD_MODE, evidence))
}

/// The length that was given, else the one that fits best.
pub(super) fn length(
    recipe: &Recipe,
    resolved: &Resolved,
    grid: &Plane<Complex<f64>>,
    knows: Knows<'_>,
) -> Result<Finding<usize>, Error> {
    let (frames, hop) = (grid.columns(), resolved.params.hop);
    let (shortest, longest) = resolved.tempered().samples_from_frames(frames)?;
    if let Some(samples) = recipe.sound.length {
        if (shortest..=longest).contains(&samples) {
            return Ok(Finding::given(samples, ""));
        }
        let (given, stored) = (samples.to_string(), format!("{shortest} to {longest} ({frames} frames of hop {hop})"));
        let (here, there) = (GIVEN, "the picture or array");
        return Err(Error::Contradiction { name: "length".to_owned(), here, given, there, stored });
    }
    let estimate = if knows.phase && knows.searches.length {
        estimate_samples(resolved.tempered(), grid, knows.exact, knows.stop)?
    } else {
        None
    };
    Ok(match estimate {
        Some(found) => {
            let evidence = format!(
                "{} to {} fit the mirrored end best: {:.1} dB unexplained, at worst {:.1} dB",
                found.shortest, found.longest, found.misfit_db, found.worst_misfit_db
            );
            Finding::scored(found.samples, found.worst_misfit_db - found.misfit_db, &LENGTH, evidence)
        }
        // Magnitudes say too little of the end, and what is made of it is wrong by how far it is off.
        None if !knows.phase => {
            let middle = shortest.midpoint(longest).max(1);
            Finding::assumed(middle, 0.5, format!("{frames} frames are {shortest} to {longest} samples; the middle"))
        }
        None => Finding::assumed(longest.max(1), 0.5, format!("{frames} frames; the longest that they can be of")),
    })
}
