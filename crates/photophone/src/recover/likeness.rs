//! How much likelier what was read is of a sound than of none: the logarithm of the likelihoods' ratio.
//!
//! Three things speak: how rough each octave is (`transform`, `roughness.rs`), whether high rows change faster than low
//! ones, and how many readings were tried before this one. One octave that fits says little, for what is of no sound may
//! be as rough by chance; seven that fit say much. The best of many readings fits more often than one does.

use std::f64::consts::TAU;

use photophone_picture::Picture;
use photophone_spectrum::Source;
use photophone_transform::Roughness;

/// Standard deviation of an octave's logarithmic ratio about what every sound has: 0.25 to 0.4 for tones, noise, clicks
/// and speech.
const SOUND_SPREAD: f64 = 0.35;
/// Of no sound, the octaves of one matrix have any ratio within so many e-folds in common (0.05 to 20) ...
const OTHER_RANGE: f64 = 6.0;
/// ... and differ from it by this standard deviation.
const OTHER_SPREAD: f64 = 0.8;

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

/// The likeness that octaves have; `None` where none tells.
pub(super) fn of_octaves(octaves: &[Roughness]) -> Option<f64> {
    let count = octaves.len() as f64;
    let last = octaves.len().checked_sub(1)? as f64;
    let offs: Vec<f64> = octaves.iter().map(Roughness::off).collect();
    let square = |spread: f64, off: f64| 0.5 * (off / spread).powi(2);
    // Any ratio within the plateau is as good as another: the density is flat there.
    let width = |octave: &Roughness| SOUND_SPREAD * TAU.sqrt() + octave.plateau();
    let sound: f64 =
        octaves.iter().zip(&offs).map(|(octave, off)| -square(SOUND_SPREAD, *off) - width(octave).ln()).sum();
    let mean = offs.iter().sum::<f64>() / count;
    let apart: f64 = offs.iter().map(|off| square(OTHER_SPREAD, off - mean)).sum();
    // The octaves' common ratio, integrated over its range.
    let other = -OTHER_RANGE.ln() - last * (OTHER_SPREAD * TAU.sqrt()).ln() - 0.5 * count.ln() - apart;
    Some(sound - other)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn octaves(ratios: &[f64]) -> Vec<Roughness> {
        ratios.iter().map(|&ratio| Roughness { low_hz: 100.0, high_hz: 190.0, ratio, fine: true }).collect()
    }

    #[test]
    fn many_octaves_that_fit_say_more_than_one() {
        let of = |ratios: &[f64]| of_octaves(&octaves(ratios)).unwrap();
        let (one, seven) = (of(&[1.0]), of(&[1.0; 7]));
        assert!(one < price_of_choice() && seven > one + 3.0, "{one} {seven}");
        assert!(of(&[1.1, 0.9, 1.2, 0.8]) > 0.0 && of(&[3.0, 2.5, 4.0]) < -3.0 && of(&[0.01]) < -3.0);
        assert_eq!(of_octaves(&[]), None);
    }
}
