//! Over how many decibels a picture was drawn, where nothing but the sound tells.
//!
//! Drawn over another range than it is read in, a magnitude m becomes a power of m, whose mean square gradient over its
//! mean square is about the square of that power times what every sound has. So the range is told by what tells a sound
//! from what is none (`transform`, `roughness.rs`).

use photophone_picture::Picture;
use photophone_spectrum::{Finding, LevelScale, Source};

use super::calibration::{KIND_TURNED, RANGE};
use super::kind::{HALF, deviation, on_cells};
use super::likeness::price_of_choice;
use crate::recipe::Recipe;

/// librosa's default range, in dB.
const USUAL_DB: f64 = 80.0;
/// Other ranges that people draw with: round figures, and librosa's default of amplitudes taken for powers
/// (`power_to_db` of a constant-Q transform's magnitudes), which doubles it.
const OTHERS_DB: [f64; 4] = [60.0, 100.0, 120.0, 2.0 * USUAL_DB];
/// How much nearer to what sounds have, in e-folds, another range than the usual one has to come: about as far as sounds
/// lie apart.
const LEAD: f64 = 0.3;

/// The picture with the range under which its levels change as those of a sound do, and how clearly.
///
/// A range that was given, and levels that are no decibels, stay. Cost: a pass over the cells a range, two where the rate
/// is not told.
pub(super) fn with_range_by_sound(picture: Picture, recipe: &Recipe) -> Picture {
    let is_open = recipe.picture.levels.is_none()
        && picture.scale.source == Source::Assumed
        && matches!(picture.scale.value, LevelScale::Db { .. });
    let scale_of = |range_db: f64| LevelScale::Db { low: -range_db, high: 0.0 };
    let found = |range_db: f64| deviation(&picture, recipe, scale_of(range_db));
    let Some((usual, _)) = is_open.then(|| found(USUAL_DB)).flatten() else { return picture };
    // One of many ranges suits what is of no sound too: only what then is likely of one is believed.
    let likely = |likeness: f64| KIND_TURNED.confidence(likeness - price_of_choice()) >= HALF;
    let off = |range_db: f64| found(range_db).filter(|(_, likeness)| likely(*likeness)).map(|(off, _)| (range_db, off));
    let others = OTHERS_DB.into_iter().filter_map(off);
    let mut found: Vec<(f64, f64)> =
        others.map(|(range_db, off)| (range_db, off + LEAD)).chain([(USUAL_DB, usual)]).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [(range_db, least), (next_db, second), ..] = found[..] else { return picture };
    let evidence = format!(
        "over {range_db:.0} dB levels change as a sound's do, within {:.2} e-folds; over {next_db:.0} dB within {:.2}; {}",
        least - if range_db == USUAL_DB { 0.0 } else { LEAD },
        second - if next_db == USUAL_DB { 0.0 } else { LEAD },
        picture.scale.evidence
    );
    let scale = on_cells(Finding::scored(scale_of(range_db), second - least, &RANGE, evidence), &picture);
    Picture { scale, ..picture }
}
