//! What is kept of sound below the lowest bin.
//!
//! Such sound has a prior of nearly unlimited variance, so that it does not pass for sound within the bins. The price is
//! that noise in the data comes back as rumble 40 dB and more above what is there. What lies below the bins is therefore
//! kept only as far as the data show it, above their noise; the sound within the bins is the same either way.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::filter::{filtered_mirrored, raised_cosine};
use super::least_squares::add_scaled;
use super::noise::RowNoise;
use super::outside::Outside;
use crate::{Cqt, TransformError};

/// Bands below the lowest bin, each an octave but for the last, which ends at 0 Hz.
const BANDS: usize = 4;

/// Times the energy that noise has in as many directions which a band's image must have to count: 10 dB.
const SURE: f64 = 10.0;

/// Shrinks each band below the lowest bin by how far its image in the data stands out of their noise (James and Stein
/// 1961). Cost: four forward transforms and eight FFTs of twice the signal's length.
///
/// # Errors
/// A signal that is not of the plan's length.
pub(super) fn shrink(
    plan: &Cqt,
    outside: &Outside,
    noise: &RowNoise,
    samples: &mut [f64],
) -> Result<(), TransformError> {
    let lowest = plan.hz_from_bin()[0] / plan.params().sr;
    let whole = samples.to_vec();
    let below = |edge: f64| filtered_mirrored(&whole, |frequency| raised_cosine(2.0 * frequency / edge - 1.0));
    let mut inner = below(lowest);
    for band in 0..BANDS {
        let edge = lowest * 0.5f64.powi(band as i32);
        let (mut part, mut width) = (inner, edge);
        inner = Vec::new();
        if band + 1 < BANDS {
            inner = below(0.5 * edge);
            add_scaled(&mut part, -1.0, &inner);
            width = 0.5 * edge;
        }
        let directions = (2.0 * width * whole.len() as f64).max(1.0);
        let mut image = plan.forward(&part)?;
        outside.weigh_and_project(&mut image);
        let kept = 1.0 - SURE * directions * noise_a_direction(outside, noise, &image);
        add_scaled(samples, kept.max(0.0) - 1.0, &part);
    }
    Ok(())
}

/// Energy of the noise in a direction of the cells where an image is, over the image's; infinite where there is none.
fn noise_a_direction(outside: &Outside, noise: &RowNoise, image: &Plane<Complex<f64>>) -> f64 {
    let (mut energy, mut weighed) = (0.0, 0.0);
    for (k, variance) in noise.0.iter().enumerate() {
        for (value, gain) in image.row(k).iter().zip(outside.gains(k)) {
            energy += value.norm_sqr();
            weighed += value.norm_sqr() * gain * gain * variance;
        }
    }
    // A complex cell's error is shared by two directions.
    if energy > 0.0 { 0.5 * weighed / (energy * energy) } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CqtParams;
    use crate::cqt::testing::noise;

    /// What noise in the data makes of rumble is not kept, and rumble that the data show is.
    #[test]
    fn rumble_is_kept_as_far_as_the_data_show_it() {
        let plan = Cqt::new(&CqtParams { bins: 48, fmin_hz: 110.0, ..CqtParams::default() }, 30_000).unwrap();
        let rumble: Vec<f64> = (0..30_000).map(|i| (0.02 * f64::from(i)).sin()).collect();
        let hiss: Vec<f64> = noise(30_000, 3).iter().map(|value| 0.1 * value).collect();
        let x: Vec<f64> = rumble.iter().zip(&hiss).map(|(a, b)| a + b).collect();
        let (rows, frames) = plan.shape();
        let outside = Outside::new(&plan, Plane::filled(rows, frames, 1.0), true).unwrap();
        let heard = plan.forward(&rumble).unwrap();
        let power = heard.as_slice().iter().map(Complex::norm_sqr).sum::<f64>() / (rows * frames) as f64;
        let kept_with = |share: f64| {
            let mut kept = x.clone();
            shrink(&plan, &outside, &RowNoise(vec![share * power; rows]), &mut kept).unwrap();
            let inner = 5_000..25_000;
            let both: f64 = inner.clone().map(|i| kept[i] * rumble[i]).sum();
            both / inner.map(|i| rumble[i] * rumble[i]).sum::<f64>()
        };
        assert!(kept_with(1e-4) > 0.95, "{}", kept_with(1e-4));
        assert!(kept_with(1e2).abs() < 0.05, "{}", kept_with(1e2));
    }
}
