//! The axis: which frequency lies at which band.

use std::f64::consts::LN_2;

use super::params::{GaborParams, wrong};
use crate::TransformError;

/// The fewest bands between 0 Hz and half the sample rate: with these the bend below half the sample rate keeps every
/// band apart, and no band reaches both ends.
const MIN_BANDS: f64 = 12.0;

/// Bands an octave from which the axis is bent over half an octave; over a whole one below, so that the width of the
/// topmost bands changes by no more than a third.
const DENSE: usize = 12;

/// The axis `phi(f) = (b / ln 2) asinh(f / knee)`, in bands from 0 Hz.
///
/// Below half the sample rate it is bent, by `alpha u^5 + beta u^6` over the bend's `u` from 0 to 1, so that half the rate
/// is a whole number of bands and the axis straight there: then it can be mirrored there as it is at 0 Hz, where it is
/// odd, and the bands at both ends are as smooth as all others.
#[derive(Clone, Debug)]
pub struct Warp {
    bands_per_neper: f64,
    knee_hz: f64,
    nyquist_hz: f64,
    bend_from_hz: f64,
    alpha: f64,
    beta: f64,
    last: usize,
}

impl Warp {
    pub(super) fn new(params: &GaborParams) -> Result<Self, TransformError> {
        let bands_per_neper = params.bins_per_octave as f64 / LN_2;
        let (knee_hz, nyquist_hz) = (tuned_knee_hz(params, bands_per_neper)?, params.sr / 2.0);
        let octaves = if params.bins_per_octave < DENSE { 1.0 } else { 0.5 };
        let bend_from_hz = nyquist_hz * f64::exp2(-octaves);
        let at_nyquist = bands_per_neper * (nyquist_hz / knee_hz).asinh();
        if !(at_nyquist.is_finite() && at_nyquist.round() >= MIN_BANDS) {
            let least = (MIN_BANDS / bands_per_neper).sinh();
            let expected = format!("at most {:.4} Hz, 1 / {:.1} of half the sample rate", nyquist_hz / least, least);
            return Err(wrong("knee", &format!("{} Hz", params.knee_hz), &expected));
        }
        // alpha + beta moves half the rate to a whole band; 20 alpha + 30 beta takes the curvature there.
        let (missing, width_hz) = (at_nyquist.round() - at_nyquist, nyquist_hz - bend_from_hz);
        let curvature =
            -bands_per_neper * nyquist_hz * width_hz.powi(2) / (nyquist_hz.powi(2) + knee_hz.powi(2)).powf(1.5);
        let beta = -(curvature + 20.0 * missing) / 10.0;
        Ok(Self {
            bands_per_neper,
            knee_hz,
            nyquist_hz,
            bend_from_hz,
            alpha: missing - beta,
            beta,
            last: at_nyquist.round() as usize,
        })
    }

    /// The band at half the sample rate; that at 0 Hz is 0.
    pub fn last(&self) -> usize {
        self.last
    }

    /// The place of a frequency, in bands from 0 Hz. Below 0 Hz and above half the sample rate the axis is mirrored; beyond
    /// half the sample rate on either side of that range, its ends are given.
    pub fn band_from_hz(&self, hz: f64) -> f64 {
        let hz = hz.clamp(-self.nyquist_hz, 2.0 * self.nyquist_hz);
        if hz < 0.0 {
            return -self.band_from_hz(-hz);
        }
        if hz > self.nyquist_hz {
            return 2.0 * self.last as f64 - self.band_from_hz(2.0 * self.nyquist_hz - hz);
        }
        let bent = ((hz - self.bend_from_hz) / (self.nyquist_hz - self.bend_from_hz)).max(0.0);
        self.bands_per_neper * (hz / self.knee_hz).asinh() + bent.powi(5) * (self.alpha + self.beta * bent)
    }

    /// The frequency of a place: the inverse of [`Warp::band_from_hz`], by bisection to the last bit.
    pub fn hz_from_band(&self, band: f64) -> f64 {
        let band = band.clamp(-(self.last as f64), 2.0 * self.last as f64);
        if band < 0.0 {
            return -self.hz_from_band(-band);
        }
        if band > self.last as f64 {
            return 2.0 * self.nyquist_hz - self.hz_from_band(2.0 * self.last as f64 - band);
        }
        // Both ends are told exactly, not to the last bit.
        let (mut low, mut high) = (0.0, self.nyquist_hz);
        if band == 0.0 || band == self.last as f64 {
            return if band == 0.0 { low } else { high };
        }
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return high;
            }
            if self.band_from_hz(middle) < band {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// How many hertz a band is wide at the place `band`, from its neighbours half a band away.
    pub fn width_hz(&self, band: f64) -> f64 {
        self.hz_from_band(band + 0.5) - self.hz_from_band(band - 0.5)
    }
}

/// The knee at which the tuning's place is a whole band.
fn tuned_knee_hz(params: &GaborParams, bands_per_neper: f64) -> Result<f64, TransformError> {
    let band = (bands_per_neper * (params.tuning_hz / params.knee_hz).asinh()).round();
    if band >= 1.0 {
        return Ok(params.tuning_hz / (band / bands_per_neper).sinh());
    }
    let highest_hz = params.tuning_hz / (1.0 / bands_per_neper).sinh();
    Err(wrong(
        "knee",
        &format!("{} Hz", params.knee_hz),
        &format!("at most {highest_hz:.4} Hz, a band below the tuning"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warps() -> impl Iterator<Item = (GaborParams, Warp)> {
        let rates = [8000.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 191_999.0, 1000.0];
        rates.into_iter().flat_map(|sr| {
            [6, 7, 12, 24, 48, 96].into_iter().flat_map(move |bins_per_octave| {
                [30.0, 60.0, 90.0].into_iter().map(move |knee_hz| {
                    let params = GaborParams { sr, bins_per_octave, knee_hz, ..GaborParams::default() };
                    (params, Warp::new(&params).unwrap())
                })
            })
        })
    }

    #[test]
    fn the_axis_rises_between_whole_ends_without_a_kink() {
        for (params, warp) in warps() {
            let nyquist = params.sr / 2.0;
            assert!((warp.band_from_hz(nyquist) - warp.last() as f64).abs() < 1e-9, "{params:?}");
            let places: Vec<f64> = (0..=2000).map(|i| warp.band_from_hz(nyquist * f64::from(i) / 2000.0)).collect();
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{params:?}");
            let step = nyquist * 1e-3;
            let bend = |hz: f64| {
                let [below, here, above] = [hz - step, hz, hz + step].map(|hz| warp.band_from_hz(hz));
                (above - here, here - below)
            };
            let (above, below) = bend(nyquist - 2.0 * step);
            assert!((above / below - 1.0).abs() < 1e-2, "{params:?}: {above} and {below}");
            // The topmost bands are about as wide as they would be on an axis without a bend.
            let ratio = warp.width_hz(warp.last() as f64) / (nyquist * LN_2 / params.bins_per_octave as f64);
            assert!(params.sr < 8000.0 || (0.6..1.6).contains(&ratio), "{params:?}: {ratio}");
        }
    }

    #[test]
    fn places_and_frequencies_are_inverses_beyond_both_ends() {
        for (params, warp) in warps() {
            for i in -5..=warp.last() as i32 + 5 {
                let band = f64::from(i) + 0.3;
                assert!((warp.band_from_hz(warp.hz_from_band(band)) - band).abs() < 1e-9, "{params:?}: {band}");
            }
        }
    }

    #[test]
    fn the_tuning_is_a_centre_and_the_knee_moves_little() {
        for (params, warp) in warps().filter(|(params, _)| params.sr >= 8000.0) {
            let place = warp.band_from_hz(params.tuning_hz);
            assert!((place - place.round()).abs() < 1e-9, "{params:?}: {place}");
            let moved = (warp.knee_hz / params.knee_hz).log2() * params.bins_per_octave as f64;
            assert!(moved.abs() < 0.6, "{params:?}: {moved}");
        }
    }
}
