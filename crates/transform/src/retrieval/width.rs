//! The Gaussian that is nearest to a window.

use std::f64::consts::PI;

use crate::Window;

/// `c` of the Gaussian `exp(-pi t^2 / (c L^2))` that comes nearest to a window of length `L`, by
/// least squares with both peaks at 1.
///
/// This is the fit behind phaseret's `pghi_findgamma`, whose figures (Hann 0.25645, Hamming 0.29794,
/// Blackman 0.17954, Bartlett 0.27561, root of Hann 0.41532) it meets within 0.2 %.
pub fn gaussian_width(window: Window) -> f64 {
    match window {
        Window::Hann => 0.25617,
        Window::Hamming => 0.29765,
        Window::Blackman => 0.17935,
        Window::BlackmanHarris => 0.13009,
        Window::Nuttall => 0.13355,
        Window::Flattop => 0.05483,
        Window::Bartlett | Window::Triang => 0.27529,
        Window::BartHann => 0.26024,
        Window::Bohman => 0.16785,
        Window::Parzen => 0.14275,
        Window::Cosine => 0.41494,
        Window::Boxcar => 0.94775,
        _ => fitted_width(window),
    }
}

/// The same by golden-section search, for windows with parameters. Those that are in samples are taken at 1000, as
/// librosa does where it measures bandwidths.
fn fitted_width(window: Window) -> f64 {
    const STEPS: usize = 50;
    let shape = window.samples(FITTED_SAMPLES);
    let ratio = 0.5 * (5f64.sqrt() - 1.0);
    let (mut low, mut high) = (1e-8f64.ln(), 1e2f64.ln());
    for _ in 0..STEPS {
        let step = ratio * (high - low);
        let [left, right] = [high - step, low + step].map(|width| gaussian_residual(&shape, width.exp()));
        (low, high) = if left < right { (low, low + step) } else { (high - step, high) };
    }
    low.midpoint(high).exp()
}

const FITTED_SAMPLES: usize = 1000;

/// Squared distance of a window from the Gaussian `exp(-pi t^2 / width)`, `t` from -2.5 to 2.5 windows.
fn gaussian_residual(window: &[f64], width: f64) -> f64 {
    let n = window.len();
    let value = |i: usize| i.checked_sub(2 * n).and_then(|i| window.get(i)).copied().unwrap_or(0.0);
    let gaussian = |i: usize| (-PI * (i as f64 / n as f64 - 2.5).powi(2) / width).exp();
    (0..5 * n).map(|i| (value(i) - gaussian(i)).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaussian_widths_are_least_squares_fits() {
        for window in Window::ALL {
            let samples = window.samples(FITTED_SAMPLES);
            let residual = |width| gaussian_residual(&samples, width);
            let width = gaussian_width(window);
            let best = residual(width);
            assert!(best < residual(width * 1.01) && best < residual(width / 1.01), "{window}: {width}");
        }
    }
}
