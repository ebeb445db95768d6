//! The bands: where each one lies, and how often it is sampled.

use super::params::{GaborParams, wrong};
use super::warp::Warp;
use crate::TransformError;

/// The longest hop, in samples: 24 seconds at 44.1 kHz.
const MAX_HOP: usize = 1 << 20;

/// By how much a band's rate has to exceed its support: what rounding can do to an edge.
const MARGIN: f64 = 1e-9;

/// One row of the transform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its centre, in Hz: 0 for the lowest, half the sample rate for the highest.
    pub centre_hz: f64,
    /// Distance between centres here, in Hz.
    pub width_hz: f64,
    /// Where its window begins and ends, in Hz: below 0 for the lowest bands, above half the sample rate for the highest.
    pub support_hz: (f64, f64),
    /// Samples from one coefficient to the next: a power of two.
    pub hop: usize,
}

impl GaborParams {
    /// What each row of the transform hears, the lowest first.
    ///
    /// # Errors
    /// A parameter outside its range, or a knee that leaves fewer than 12 bands below half the sample rate.
    pub fn bands(&self) -> Result<Vec<Band>, TransformError> {
        bands(self, &self.warp()?)
    }

    /// Which frequency lies at which band.
    ///
    /// # Errors
    /// As [`GaborParams::bands`].
    pub fn warp(&self) -> Result<Warp, TransformError> {
        self.check()?;
        Warp::new(self)
    }
}

/// All bands, the lowest first.
pub(super) fn bands(params: &GaborParams, warp: &Warp) -> Result<Vec<Band>, TransformError> {
    (0..=warp.last()).map(|k| band(params, warp, k as f64)).collect()
}

fn band(params: &GaborParams, warp: &Warp, k: f64) -> Result<Band, TransformError> {
    let reach = params.taper.half_support() as f64;
    let support_hz = (warp.hz_from_band(k - reach), warp.hz_from_band(k + reach));
    let width_hz = support_hz.1 - support_hz.0;
    // An open interval of r bins holds r of them at most, rounded up. So a rate that covers the support in hertz has
    // room for its bins at any length of the signal.
    let longest = params.sr / (width_hz * (1.0 + MARGIN));
    if longest >= 2.0 * MAX_HOP as f64 {
        let expected = format!(
            "a higher one: its bands would be {width_hz:.3e} Hz wide, at least {:.3e} Hz can be told apart",
            params.sr / MAX_HOP as f64
        );
        return Err(wrong("knee", &format!("{} Hz", params.knee_hz), &expected));
    }
    // Both ends are symmetric to the last bit, whichever way the support was rounded.
    let hop = if longest < 2.0 { 1 } else { 1 << (longest.log2().floor() as u32) };
    let hop = params.max_hop.map_or(hop, |most| hop.min(1 << most.max(1).ilog2()));
    Ok(Band { centre_hz: warp.hz_from_band(k), width_hz: warp.width_hz(k), support_hz, hop })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gabor::Taper;

    #[test]
    fn every_hop_is_the_longest_that_holds_the_support() {
        for (sr, bins_per_octave) in [(8000.0, 6), (44_100.0, 24), (96_000.0, 96)] {
            for taper in [Taper::Hann, Taper::Nuttall] {
                let params = GaborParams { sr, bins_per_octave, taper, ..GaborParams::default() };
                let bands = params.bands().unwrap();
                assert_eq!((bands[0].centre_hz, bands[bands.len() - 1].centre_hz), (0.0, sr / 2.0));
                for band in bands {
                    let width = band.support_hz.1 - band.support_hz.0;
                    assert!(band.hop.is_power_of_two() && sr / band.hop as f64 > width, "{band:?}");
                    assert!(sr / (2.0 * band.hop as f64) < width * (1.0 + 1e-6), "{band:?}");
                }
            }
        }
    }

    #[test]
    fn no_hop_is_longer_than_what_was_told() {
        let free = GaborParams::default().bands().unwrap();
        for (max_hop, longest) in [(1, 1), (300, 256), (1 << 30, 1 << 30)] {
            let bands = GaborParams { max_hop: Some(max_hop), ..GaborParams::default() }.bands().unwrap();
            let pairs = bands.iter().zip(&free);
            assert!(pairs.into_iter().all(|(band, free)| band.hop == free.hop.min(longest)), "{max_hop}");
        }
        assert!(GaborParams { max_hop: Some(0), ..GaborParams::default() }.bands().is_err());
    }

    #[test]
    fn bands_narrower_than_a_minute_are_refused() {
        let params = GaborParams { knee_hz: 0.01, ..GaborParams::default() };
        assert!(params.bands().is_err());
    }
}
