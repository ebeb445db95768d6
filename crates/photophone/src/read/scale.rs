//! What levels mean, told by the kept phase: only the right scale makes magnitudes and phase fit together as those of one
//! signal.

use num_complex::Complex;
use photophone_picture::Picture;
use photophone_spectrum::{Finding, LevelScale, Plane, Stack};
use photophone_transform::identify::{misfits_db, mixed};
use photophone_transform::{StopFlag, TransformError};

use super::calibration::LEVELS;
use super::magnitudes::{Levels, from_levels};
use crate::Error;
use crate::recipe::{Recipe, Resolved};

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
    (phasors, stack): (&Plane<Complex<f64>>, Stack),
    stop: &StopFlag,
) -> Result<Finding<LevelScale>, Error> {
    if let Some(scale) = recipe.picture.levels {
        return Ok(Finding::given(scale, ""));
    }
    let guess = picture.scale.clone();
    let misfits = |scales: &[LevelScale]| {
        let levels = |&scale| Levels { picture, scale, reference: None };
        let grid = |scale| mixed(&from_levels(&levels(scale), phasors, None).coefficients, stack);
        let grids: Vec<_> = scales.iter().map(grid).collect();
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
