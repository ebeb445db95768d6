//! Level scale, tuning, pad mode and length, where they have to be found.
//!
//! The kept phase tells all of them: only the right guess makes the coefficients fit together as
//! those of one signal.

use std::ops::ControlFlow;

use num_complex::Complex;
use photophone_picture::Picture;
use photophone_spectrum::{Finding, LevelScale, Plane};
use photophone_transform::inverse::{Progress, estimate_pad_mode, estimate_samples, misfits_db};
use photophone_transform::phase::estimate_tuning;
use photophone_transform::{Cqt, PadMode};

use super::calibration::{LENGTH, LEVELS, PAD_MODE, TUNING};
use super::check;
use super::magnitudes::{Levels, from_levels};
use crate::Error;
use crate::recipe::{Entry, Recipe, Settled, Tuning};

/// Level scales that people draw with. Ranges in dB are librosa's default 80 and round figures.
const SCALES: [LevelScale; 7] = [
    LevelScale::Linear,
    LevelScale::Power,
    LevelScale::DB_80,
    LevelScale::Db { low: -60.0, high: 0.0 },
    LevelScale::Db { low: -100.0, high: 0.0 },
    LevelScale::Db { low: -120.0, high: 0.0 },
    LevelScale::Db { low: -40.0, high: 0.0 },
];

/// The level scale: given, or the one under which magnitudes and phase fit together best.
pub(super) fn level_scale(
    recipe: &Recipe,
    settled: &Settled,
    picture: &Picture,
    phasors: &Plane<Complex<f64>>,
) -> Result<Finding<LevelScale>, Error> {
    if let Some(scale) = recipe.levels {
        return Ok(Finding::given(scale, ""));
    }
    let guess = guess_scale(picture);
    let grids =
        SCALES.map(|scale| from_levels(&Levels { picture, scale, reference: None }, phasors, None).coefficients);
    let mut fits: Vec<(LevelScale, f64)> = SCALES.into_iter().zip(misfits_db(&settled.params, &grids)?).collect();
    fits.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [(best, best_db), (second, second_db), ..] = fits.as_slice() else { return Ok(guess) };
    let lead = second_db - best_db;
    if !lead.is_finite() || lead < 0.5 {
        return Ok(guess);
    }
    let evidence =
        format!("with the phase, what no sound explains is {best_db:.1} dB; next best {second} {second_db:.1} dB");
    Ok(Finding::scored(*best, lead, &LEVELS, evidence))
}

/// The level scale by the spread of the levels alone.
pub(super) fn guess_scale(picture: &Picture) -> Finding<LevelScale> {
    picture.scale.clone()
}

/// What can be relied on.
#[derive(Clone, Copy)]
pub(super) struct Knows {
    /// Whether phase was kept.
    pub(super) phase: bool,
    /// Whether no quantiser has touched the magnitudes.
    pub(super) exact: bool,
}

/// Why something was not looked for.
const WITHOUT_PHASE: &str = "only a kept phase would tell";

/// Settles the tuning and the pad mode and gives the number of samples.
pub(super) fn tuning_padding_and_length(
    recipe: &Recipe,
    settled: &mut Settled,
    grid: &Plane<Complex<f64>>,
    knows: Knows,
    progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<usize, Error> {
    if settled.tuning_unknown {
        let finding =
            if knows.phase { tuning(recipe, settled, grid)? } else { Finding::assumed(0.0, 0.5, WITHOUT_PHASE) };
        settled.params.tuning = finding.value;
        settled.entries.push(Entry::new("recipe", "tuning", &finding));
        check(progress)?;
    }
    if settled.pad_mode_unknown {
        let default = settled.params.pad_mode;
        let finding =
            if knows.phase { pad_mode(settled, grid)? } else { Finding::assumed(default, 0.5, WITHOUT_PHASE) };
        settled.params.pad_mode = finding.value;
        settled.entries.push(Entry::new("recipe", "pad-mode", &finding));
        check(progress)?;
    }
    let finding = length(recipe, settled, grid, knows)?;
    settled.entries.push(Entry::new("recipe", "length", &finding));
    Ok(finding.value)
}

fn tuning(recipe: &Recipe, settled: &Settled, grid: &Plane<Complex<f64>>) -> Result<Finding<f64>, Error> {
    let Some(found) = estimate_tuning(&settled.params, grid)? else {
        return Ok(Finding::assumed(0.0, 0.3, "the coefficients fit together under no tuning"));
    };
    let evidence = format!(
        "from the phase's advance: {:.4} fits best, {:.1} dB unexplained (half a bin away {:.1} dB)",
        found.measured, found.misfit_db, found.misfit_away_db
    );
    // librosa's default is 0; asked to find it, or clearly elsewhere, the measurement decides.
    let asked = recipe.tuning == Some(Tuning::Auto);
    if !asked && found.tuning.abs() < 0.015 {
        return Ok(Finding::assumed(0.0, 0.9, format!("librosa's default; {evidence}")));
    }
    let contrast = found.misfit_away_db - found.misfit_db;
    Ok(Finding::scored(found.tuning, contrast, &TUNING, evidence))
}

fn pad_mode(settled: &Settled, grid: &Plane<Complex<f64>>) -> Result<Finding<PadMode>, Error> {
    let default = settled.params.pad_mode;
    let Some(found) = estimate_pad_mode(&settled.params, grid)? else {
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
    settled: &Settled,
    grid: &Plane<Complex<f64>>,
    knows: Knows,
) -> Result<Finding<usize>, Error> {
    let (frames, hop) = (grid.columns(), settled.params.hop);
    let (shortest, longest) = Cqt::samples_from_frames(&settled.params, frames)?;
    if let Some(samples) = recipe.length {
        if (shortest..=longest).contains(&samples) {
            return Ok(Finding::given(samples, ""));
        }
        let (given, stored) = (samples.to_string(), format!("{shortest} to {longest} ({frames} frames of hop {hop})"));
        let (here, there) = ("what was given", "the picture or array");
        return Err(Error::Contradiction { name: "length".to_owned(), here, given, there, stored });
    }
    let estimate = if knows.phase { estimate_samples(&settled.params, grid, knows.exact)? } else { None };
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
