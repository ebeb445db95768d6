//! Levels before and after an edit to gains.

use std::collections::VecDeque;

use photophone_spectrum::Plane;
use photophone_transform::TransformError;

use crate::Error;

/// How levels become gains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GainLaw {
    /// The level of nothing at all, in dB: what was changed and is not above it is taken away. Default: -108 dB.
    pub black_db: f64,
    /// The highest level, in dB: it stands for all that is louder too, so its gain is that of what lies beside it. Default:
    /// 12 dB.
    pub white_db: f64,
    /// By how much a level may differ and still count as unchanged, in dB, 0 or above. Default: 0.
    pub tolerance_db: f64,
    /// The greatest gain, in dB: what is louder by more was painted, and is not a gain of what was there. Default: 40 dB.
    pub max_gain_db: f64,
    /// From how many dB louder on a pixel was painted too if it touches one that was: a stroke over something that is loud here
    /// and there is one stroke. Default: 20 dB.
    pub beside_painted_db: f64,
}

impl Default for GainLaw {
    fn default() -> Self {
        Self { black_db: -108.0, white_db: 12.0, tolerance_db: 0.0, max_gain_db: 40.0, beside_painted_db: 20.0 }
    }
}

/// Gains of an edit, and where no gain makes what was painted.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelGains {
    /// What each pixel is multiplied by: exactly 1 where nothing changed.
    pub gains: Plane<f32>,
    /// Pixels whose level was raised by more than the greatest gain, which is what they have, and those beside them that were
    /// raised by more than half of it.
    pub painted: Plane<bool>,
    /// How many pixels changed.
    pub changed: usize,
}

/// The gains that make one plane of levels of another, both in dB.
///
/// # Errors
/// [`Error::Transform`] where the planes' shapes differ or a level is not a number; [`Error::Value`] for a tolerance below 0.
pub fn gains_from_levels(original_db: &Plane<f32>, edited_db: &Plane<f32>, law: &GainLaw) -> Result<LevelGains, Error> {
    check(original_db, edited_db, law)?;
    let (rows, columns) = original_db.shape();
    let pairs = original_db.as_slice().iter().zip(edited_db.as_slice());
    let pixels: Vec<Pixel> =
        pairs.map(|(original, edited)| law.pixel(f64::from(*original), f64::from(*edited))).collect();
    let beside = gains_beside(&pixels, rows, columns);
    let mut found = LevelGains {
        gains: Plane::filled(rows, columns, 1.0),
        painted: Plane::filled(rows, columns, false),
        changed: 0,
    };
    let outs = found.gains.as_mut_slice().iter_mut().zip(found.painted.as_mut_slice());
    for ((pixel, beside), (gain, painted)) in pixels.iter().zip(beside).zip(outs) {
        *gain = match *pixel {
            Pixel::Same => 1.0,
            Pixel::Gain(db) => {
                *painted = db > law.max_gain_db;
                amplitude(db.min(law.max_gain_db))
            }
            Pixel::AtLeast(db) => {
                *painted = db > law.max_gain_db;
                amplitude(beside.unwrap_or(db).max(db).min(law.max_gain_db))
            }
            Pixel::Nothing => 0.0,
        };
        found.changed += usize::from(*gain != 1.0);
    }
    let is_raised =
        |pixel: &Pixel| matches!(pixel, Pixel::Gain(db) | Pixel::AtLeast(db) if *db > law.beside_painted_db);
    let raised: Vec<bool> = pixels.iter().map(is_raised).collect();
    spread_over(&mut found.painted, &raised);
    Ok(found)
}

/// What one pixel says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pixel {
    Same,
    /// So many dB louder.
    Gain(f64),
    /// White: so many dB louder, or more.
    AtLeast(f64),
    Nothing,
}

impl GainLaw {
    fn pixel(&self, original: f64, edited: f64) -> Pixel {
        let (change, is_white) = (edited - original, edited >= self.white_db);
        if is_white {
            Pixel::AtLeast(change.max(0.0))
        } else if change.abs() <= self.tolerance_db {
            Pixel::Same
        } else if edited <= self.black_db {
            Pixel::Nothing
        } else {
            // What was black holds something fainter than that.
            Pixel::Gain(edited - original.max(self.black_db))
        }
    }
}

/// For white pixels, the gain in dB of the nearest ones that are not, along rows and columns: of the first found where
/// several are as near.
fn gains_beside(pixels: &[Pixel], rows: usize, columns: usize) -> Vec<Option<f64>> {
    let mut found: Vec<Option<f64>> = pixels
        .iter()
        .map(|pixel| match pixel {
            Pixel::Same => Some(0.0),
            Pixel::Gain(db) => Some(*db),
            Pixel::AtLeast(_) | Pixel::Nothing => None,
        })
        .collect();
    let neighbours = |at: usize| neighbours(at, (rows, columns));
    let is_white = |at: usize| matches!(pixels[at], Pixel::AtLeast(_));
    let is_border = |at: &usize| found[*at].is_some() && neighbours(*at).into_iter().flatten().any(is_white);
    let mut waiting: VecDeque<usize> = (0..pixels.len()).filter(is_border).collect();
    while let Some(at) = waiting.pop_front() {
        for next in neighbours(at).into_iter().flatten().filter(|next| is_white(*next)) {
            if found[next].is_none() {
                found[next] = found[at];
                waiting.push_back(next);
            }
        }
    }
    found
}

/// Spreads marks over the pixels that may have one and touch one that has, along rows and columns.
fn spread_over(marks: &mut Plane<bool>, may: &[bool]) {
    let (rows, columns) = marks.shape();
    let marks = marks.as_mut_slice();
    let mut waiting: Vec<usize> = (0..marks.len()).filter(|&at| marks[at]).collect();
    while let Some(at) = waiting.pop() {
        for next in neighbours(at, (rows, columns)).into_iter().flatten() {
            if may[next] && !marks[next] {
                marks[next] = true;
                waiting.push(next);
            }
        }
    }
}

/// The pixels beside one, along rows and columns.
fn neighbours(at: usize, (rows, columns): (usize, usize)) -> [Option<usize>; 4] {
    let (row, column) = (at / columns, at % columns);
    [
        (row > 0).then(|| at - columns),
        (row + 1 < rows).then(|| at + columns),
        (column > 0).then(|| at - 1),
        (column + 1 < columns).then(|| at + 1),
    ]
}

/// How far a JPEG moves levels that were not edited, in dB: a tolerance for [`GainLaw`], where most pixels were not.
///
/// The changes of a JPEG are about Laplace's: of those, one in a thousand is beyond ln 1000 / ln 2 medians.
pub fn jpeg_tolerance_db(original_db: &Plane<f32>, edited_db: &Plane<f32>) -> f64 {
    let pairs = original_db.as_slice().iter().zip(edited_db.as_slice());
    let mut changes: Vec<f32> = pairs.map(|(original, edited)| (edited - original).abs()).collect();
    let middle = changes.len() / 2;
    if changes.is_empty() {
        return 0.0;
    }
    let (_, median, _) = changes.select_nth_unstable_by(middle, f32::total_cmp);
    f64::from(*median) * 1000f64.ln() / 2f64.ln()
}

fn amplitude(db: f64) -> f32 {
    10f64.powf(db / 20.0) as f32
}

fn check(original: &Plane<f32>, edited: &Plane<f32>, law: &GainLaw) -> Result<(), Error> {
    if original.shape() != edited.shape() {
        let (what, found) = ("the edited levels (rows, columns)", edited.shape());
        return Err(Error::Transform(TransformError::Shape { what, found, expected: original.shape() }));
    }
    for (what, levels) in [("the levels", original), ("the edited levels", edited)] {
        if let Some(index) = levels.as_slice().iter().position(|level| level.is_nan()) {
            return Err(Error::Transform(TransformError::NotFinite { what, index }));
        }
    }
    if law.tolerance_db.is_nan() || law.tolerance_db < 0.0 {
        let found = law.tolerance_db.to_string();
        return Err(Error::Value { name: "tolerance", found, expected: "dB from 0 up" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gains(original: &[f32], edited: &[f32], law: &GainLaw) -> (Vec<f64>, Vec<bool>) {
        let plane = |levels: &[f32]| Plane::from_vec(1, levels.len(), levels.to_vec()).unwrap();
        let found = gains_from_levels(&plane(original), &plane(edited), law).unwrap();
        let db = |gain: &f32| (20.0 * f64::from(*gain).log10() * 1e3).round() / 1e3;
        (found.gains.as_slice().iter().map(db).collect(), found.painted.into_vec())
    }

    const NOTHING: f64 = f64::NEG_INFINITY;

    #[test]
    fn a_change_of_level_is_a_gain_and_black_is_nothing() {
        let original = [-20.0, -20.0, -20.0, -108.0, -108.0, -90.0];
        let edited = [-20.0, -32.0, -108.0, -108.0, -60.0, -40.0];
        let (found, painted) = gains(&original, &edited, &GainLaw::default());
        assert_eq!(found, [0.0, -12.0, NOTHING, 0.0, 40.0, 40.0]);
        assert_eq!(painted, [false, false, false, false, true, true]);
    }

    #[test]
    fn a_stroke_is_painted_where_it_covers_something_too() {
        // 25 dB louder beside 45 is the stroke's; beside 15, or alone, it is a gain. White is painted as any level.
        let original = [-90.0, -90.0, -70.0, -60.0, -70.0, -90.0, -108.0, -70.0];
        let edited = [-90.0, -45.0, -45.0, -45.0, -45.0, -90.0, 12.0, -45.0];
        let (_, painted) = gains(&original, &edited, &GainLaw::default());
        assert_eq!(painted, [false, true, true, false, false, false, true, true]);
    }

    #[test]
    fn what_is_within_the_tolerance_is_unchanged() {
        let law = GainLaw { tolerance_db: 1.5, ..GainLaw::default() };
        let (found, _) = gains(&[-20.0, -20.0, -107.0], &[-21.5, -22.0, -108.0], &law);
        assert_eq!(found, [0.0, -2.0, 0.0]);
    }

    #[test]
    fn white_has_the_gain_of_what_lies_beside_it() {
        // All 6 dB brighter: the middle is white, and would be 4 dB only.
        let original = [0.0, 2.0, 8.0, 10.0, 3.0];
        let edited = [6.0, 8.0, 12.0, 12.0, 9.0];
        assert_eq!(gains(&original, &edited, &GainLaw::default()).0, [6.0; 5]);
        // What was white, beside what stayed, stays.
        assert_eq!(gains(&[0.0, 12.0, 0.0], &[0.0, 12.0, 0.0], &GainLaw::default()).0, [0.0; 3]);
        // White is louder by at least what it shows.
        assert_eq!(gains(&[0.0, 2.0], &[0.0, 12.0], &GainLaw::default()).0, [0.0, 10.0]);
        assert_eq!(gains(&[2.0, 2.0], &[12.0, 12.0], &GainLaw::default()).0, [10.0; 2]);
    }

    #[test]
    fn nearly_all_of_a_jpegs_changes_are_within_the_tolerance() {
        // A hundredth was edited; the rest moved as Laplace's distribution has it, of mean 0.4 dB.
        let count = 100_000;
        let moved = |k: usize| {
            let share = (k as f64 * 0.618_033_988_749_895).fract() - 0.5;
            -0.4 * share.signum() * (1.0 - 2.0 * share.abs()).max(1e-12).ln()
        };
        let edited = Plane::from_fn(1, count, |_, k| if k % 100 == 0 { -40.0 } else { moved(k) as f32 });
        let original = Plane::filled(1, count, 0.0);
        let tolerance = jpeg_tolerance_db(&original, &edited);
        let beyond = edited.as_slice().iter().filter(|level| f64::from(level.abs()) > tolerance).count();
        assert!((count / 100..count / 100 + count / 500).contains(&beyond), "{tolerance} dB: {beyond}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let plane = |columns, level| Plane::filled(2, columns, level);
        let law = GainLaw::default();
        assert!(gains_from_levels(&plane(2, 0.0), &plane(3, 0.0), &law).is_err());
        assert!(gains_from_levels(&plane(2, 0.0), &plane(2, f32::NAN), &law).is_err());
        let law = GainLaw { tolerance_db: -1.0, ..law };
        assert!(gains_from_levels(&plane(2, 0.0), &plane(2, 0.0), &law).is_err());
    }
}
