//! What else than its octaves tells whether a reading of a picture is of a sound, as logarithmic odds.
//!
//! Besides how rough each octave is (`transform`, `identify/likeness.rs`) two things speak: whether high rows change faster
//! than low ones, and how many readings were tried before this one. The best of many readings fits more often than one does.

use std::f64::consts::TAU;

use photophone_picture::Picture;
use photophone_spectrum::Source;

/// Rank correlation of rows and speed of change: what three in four sounds have, and how far they lie apart; a steady
/// glide or a lone note has any.
const RISE: (f64, f64) = (0.8, 0.2);
const RISING: f64 = 0.75;
/// The same of what has rows alike (filters of one width, images): half about 0, half anything.
const LEVEL: (f64, f64) = (0.0, 0.35);
const LEVELS_ALIKE: f64 = 0.5;
/// Too few rows move to tell: one in ten sounds, and one in three matrices of none.
const STILL: (f64, f64) = (0.1, 0.3);
/// Density of what may be anything from -1 to 1.
const ANYTHING: f64 = 0.5;

/// Readings besides the usual one: four other ranges in decibels, levels that are none, rows from the top, a palette
/// backwards. One of them is right in so many pictures that all seven share the doubt.
const OTHER_READINGS: f64 = 7.0;

/// What is taken from the likeness of another reading than the usual one: the logarithm of their number, since the best
/// of n passes n times as often by chance.
pub(super) fn price_of_choice() -> f64 {
    OTHER_READINGS.ln()
}

/// The likeness that the order of the rows has; `picture` is `None` for an array, of which it is not known.
pub(super) fn of_order(picture: Option<&Picture>) -> f64 {
    let Some(picture) = picture else { return 0.0 };
    let Some(rise) = picture.rise else { return (STILL.0 / STILL.1).ln() };
    let normal = |(mean, spread): (f64, f64)| (-0.5 * ((rise - mean) / spread).powi(2)).exp() / (spread * TAU.sqrt());
    let mixed = |share: f64, of| share * normal(of) + (1.0 - share) * ANYTHING;
    let likeness = (mixed(RISING, RISE) / mixed(LEVELS_ALIKE, LEVEL)).ln();
    // The order by which rows were turned says nothing more in favour.
    if picture.flip.source == Source::Read { likeness.min(0.0) } else { likeness }
}
