//! How near a sound comes to magnitudes of a short-time Fourier transform.

use photophone_spectrum::Plane;

use crate::retrieval::{Magnitudes, RetrieveOptions, retrieve};
use crate::watch::Watch;
use crate::{Stft, StftParams, TransformError};

/// Rounds of phase retrieval: as many as tell -15 dB, where magnitudes of no sound end, from lower.
const ROUNDS: usize = 4;

/// Spectral convergence, in dB, of a sound to magnitudes, bins by frames, of a stretch away from the ends. Cost: a short
/// retrieval of these frames.
///
/// # Errors
/// Parameters that make no transform, another number of bins, or values that are no magnitudes.
pub fn nearest_sound_db(params: &StftParams, magnitudes: &Plane<f64>) -> Result<f64, TransformError> {
    // Frames that begin at the first sample ask for no padding.
    let params = StftParams { center: false, ..*params };
    let plan = Stft::new(&params, params.n_fft + magnitudes.columns().saturating_sub(1) * params.hop)?;
    let options = RetrieveOptions { iterations: ROUNDS, ..RetrieveOptions::default() };
    let found = retrieve(&plan, &Magnitudes::exact(magnitudes), None, &options, &mut Watch::default())?;
    Ok(found.consistency_db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    /// Levels in decibels taken for magnitudes, and the other way round, are further from any sound.
    #[test]
    fn magnitudes_of_a_sound_are_nearer_than_their_decibels() {
        let params = StftParams { n_fft: 512, win_length: 512, hop: 128, center: false, ..StftParams::default() };
        let hiss = noise(8192, 3);
        let sound: Vec<f64> = (0..8192).map(|i| (0.2 * f64::from(i as u32)).sin() + 0.01 * hiss[i]).collect();
        let own = Stft::new(&params, sound.len()).unwrap().forward(&sound).unwrap().map(|value| value.norm());
        let loudest = own.as_slice().iter().copied().fold(0.0, f64::max);
        let levels = own.map(|value| (1.0 + 20.0 * (value / loudest).max(1e-4).log10() / 80.0).max(0.0));
        let [own_db, levels_db] = [&own, &levels].map(|plane| nearest_sound_db(&params, plane).unwrap());
        assert!(own_db < -20.0 && levels_db > own_db + 3.0, "{own_db} {levels_db}");
    }
}
