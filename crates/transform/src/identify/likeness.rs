//! How much likelier magnitudes are those of a sound than of none: the logarithm of the likelihoods' ratio.
//!
//! How rough each octave is speaks (`roughness.rs`). One octave that fits says little, for what is of no sound may be as
//! rough by chance; seven that fit say much.

use std::f64::consts::TAU;

use photophone_spectrum::Plane;

use super::worked_on::noise_of_numbers;
use crate::{CqtParams, Roughness, TransformError, roughness};

/// Standard deviation of an octave's logarithmic ratio about what every sound has: 0.25 to 0.4 for tones, noise, clicks
/// and speech.
const SOUND_SPREAD: f64 = 0.35;
/// Of no sound, the octaves of one matrix have any ratio within so many e-folds in common (0.05 to 20) ...
const OTHER_RANGE: f64 = 6.0;
/// ... and differ from it by this standard deviation.
const OTHER_SPREAD: f64 = 0.8;

/// Other hops, as multiples of the one taken, and bins an octave under which doubtful magnitudes are looked at again.
const OTHER_HOPS: [(usize, usize); 6] = [(2, 1), (1, 2), (4, 1), (1, 4), (8, 1), (1, 8)];
const OTHER_BINS_PER_OCTAVE: [usize; 4] = [12, 24, 36, 48];

/// How far the octaves of magnitudes are from what sounds have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The farthest octave.
    pub worst: Roughness,
    /// By how much all of them are, in e-folds: the root of the sum of squares.
    pub deviation: f64,
    /// The logarithm of how much likelier they are of a sound than of none.
    pub log_odds: f64,
}

impl Likeness {
    /// That of magnitudes, bins by frames, under the parameters of a transform; `None` where no octave tells anything.
    ///
    /// `noise` is the mean square error of each cell. Where no quantiser is known of, it is `None`, and the numbers
    /// themselves may tell of one, or of a mask. Cost: a pass over the cells.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub fn of(
        params: &CqtParams,
        magnitudes: &Plane<f64>,
        noise: Option<&Plane<f64>>,
    ) -> Result<Option<Self>, TransformError> {
        let told = noise.is_none().then(|| noise_of_numbers(magnitudes));
        let Some(noise) = noise.or(told.as_ref()) else { return Ok(None) };
        let octaves = roughness(params, magnitudes, noise)?;
        let Some(log_odds) = of_octaves(&octaves) else { return Ok(None) };
        let deviation = octaves.iter().map(|octave| octave.deviation().powi(2)).sum::<f64>().sqrt();
        let worst = octaves.into_iter().max_by(|a, b| a.deviation().total_cmp(&b.deviation()));
        Ok(worst.map(|worst| Self { worst, deviation, log_odds }))
    }
}

/// Other grids that magnitudes may be of, in the order in which they are to be tried: of another hop, then of other bins an
/// octave, as far as these are open.
pub fn other_grids(params: &CqtParams, open_hop: bool, open_bins: bool) -> impl Iterator<Item = CqtParams> {
    let params = *params;
    let hops = OTHER_HOPS.into_iter().filter(move |(_, divisor)| open_hop && params.hop.is_multiple_of(*divisor));
    let hops = hops.map(move |(factor, divisor)| CqtParams { hop: params.hop * factor / divisor, ..params });
    let bins = OTHER_BINS_PER_OCTAVE.into_iter().filter(move |other| open_bins && *other != params.bins_per_octave);
    hops.chain(bins.map(move |bins_per_octave| CqtParams { bins_per_octave, ..params }))
}

/// The logarithmic odds that octaves have; `None` where none tells.
fn of_octaves(octaves: &[Roughness]) -> Option<f64> {
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
        assert!(one < 7_f64.ln() && seven > one + 3.0, "{one} {seven}");
        assert!(of(&[1.1, 0.9, 1.2, 0.8]) > 0.0 && of(&[3.0, 2.5, 4.0]) < -3.0 && of(&[0.01]) < -3.0);
        assert_eq!(of_octaves(&[]), None);
    }

    #[test]
    fn only_what_is_open_is_tried_otherwise() {
        let params = CqtParams { hop: 512, bins_per_octave: 24, ..CqtParams::default() };
        let hops: Vec<usize> = other_grids(&params, true, false).map(|other| other.hop).collect();
        assert_eq!(hops, [1024, 256, 2048, 128, 4096, 64]);
        let bins: Vec<usize> = other_grids(&params, false, true).map(|other| other.bins_per_octave).collect();
        assert_eq!(bins, [12, 36, 48]);
        assert_eq!(other_grids(&CqtParams { hop: 6, ..params }, true, false).count(), 4);
    }
}
