//! What levels of an STFT mean, where only the sound tells.

use std::ops::Range;

use photophone_spectrum::{Finding, LevelScale, Plane, Source};
use photophone_transform::StftParams;
use photophone_transform::identify::nearest_sound_db;

use super::OpenedPicture;
use super::by_sound::other_scale;
use super::magnitudes::Levels;
use crate::Error;

/// Frames that are looked at, around the loudest.
const FRAMES: usize = 96;
/// How much nearer a sound has to come to the magnitudes of the other scale, in dB: half the power.
const LEAD_DB: f64 = 3.0;
/// Chance that it is then right.
const BY_SOUND: f64 = 0.8;

/// The scale of levels that was told; else that which was guessed, or the other kind where a sound comes clearly nearer to its
/// magnitudes. Cost: two short retrievals of 96 frames.
///
/// # Errors
/// Parameters that make no transform, or frames that are too large.
pub(super) fn stft_scale(opened: &OpenedPicture, params: &StftParams) -> Result<Finding<LevelScale>, Error> {
    if let Some(told) = opened.recipe.picture.levels {
        return Ok(Finding::given(told, ""));
    }
    let (picture, guess) = (&opened.picture, opened.picture.scale.clone());
    let frames = around_loudest(&picture.levels);
    if guess.source == Source::Given || picture.levels.rows() != params.n_fft / 2 + 1 || frames.len() < 2 {
        return Ok(guess);
    }
    let values = |scale| {
        let cells = Levels { picture, scale, reference: None }.cells();
        Plane::from_fn(picture.levels.rows(), frames.len(), |k, t| cells.magnitude((k, frames.start + t)))
    };
    let other = other_scale(guess.value);
    nearer(guess, &[other], params, values)
}

/// The scale that was guessed, or the one of some others under whose magnitudes a sound comes nearest to them, and clearly nearer.
/// Cost: a short retrieval for each.
///
/// # Errors
/// Parameters that make no transform, or frames that are too large.
pub(super) fn nearer(
    guess: Finding<LevelScale>,
    others: &[LevelScale],
    params: &StftParams,
    values: impl Fn(LevelScale) -> Plane<f64>,
) -> Result<Finding<LevelScale>, Error> {
    let left_db = |scale| nearest_sound_db(params, &values(scale));
    let as_guessed = left_db(guess.value)?;
    let others: Vec<(LevelScale, f64)> =
        others.iter().map(|&other| Ok((other, left_db(other)?))).collect::<Result<_, Error>>()?;
    let Some((other, as_other)) = others.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)) else { return Ok(guess) };
    if as_guessed - as_other < LEAD_DB {
        return Ok(guess);
    }
    let evidence = format!(
        "a sound comes within {as_other:.1} dB of these magnitudes, within {as_guessed:.1} dB under {}",
        guess.value
    );
    Ok(Finding::read(other, BY_SOUND, evidence))
}

/// As many columns as are looked at, around the loudest.
pub(super) fn around_loudest(levels: &Plane<f64>) -> Range<usize> {
    let (rows, columns) = levels.shape();
    let loudness = |t: usize| (0..rows).map(|k| levels[(k, t)]).sum::<f64>();
    let peak = (0..columns).max_by(|&a, &b| loudness(a).total_cmp(&loudness(b))).unwrap_or(0);
    let start = peak.saturating_sub(FRAMES / 2).min(columns.saturating_sub(FRAMES));
    start..(start + FRAMES).min(columns)
}
