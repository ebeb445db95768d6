//! What a row hears of a tone.

use std::f64::consts::PI;

use num_complex::Complex;
use photophone_fft::Planner;

/// Points of the window's spectrum for each row: a straight line between them is off by 1e-3 of the peak.
const POINTS: usize = 16;

/// A window's spectrum over that of its middle's phase: real, as the window is symmetric.
#[derive(Debug)]
pub(super) struct WindowResponse {
    /// At multiples of a row over [`POINTS`], from 0 up to half the rate.
    values: Vec<f64>,
}

impl WindowResponse {
    pub(super) fn new(window: &[f64], planner: &mut Planner) -> Self {
        let mut spectrum: Vec<_> = window.iter().map(|weight| Complex::from(*weight)).collect();
        spectrum.resize(POINTS * window.len(), Complex::default());
        planner.forward(spectrum.len()).process(&mut spectrum);
        let half = &spectrum[..=POINTS * window.len() / 2];
        // exp(-i pi k / POINTS) is the phase of the window's middle at point k.
        let of_middle = |k: usize| Complex::from_polar(1.0, PI * k as f64 / POINTS as f64);
        Self { values: half.iter().enumerate().map(|(k, value)| (value * of_middle(k)).re).collect() }
    }

    /// At a distance in rows from a row's centre.
    pub(super) fn at(&self, rows: f64) -> f64 {
        let period = 2.0 * (self.values.len() - 1) as f64;
        let folded = (rows * POINTS as f64).abs() % period;
        let place = folded.min(period - folded);
        let below = (place as usize).min(self.values.len() - 2);
        let share = place - below as f64;
        (1.0 - share) * self.values[below] + share * self.values[below + 1]
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use crate::analysis::Analysis;
    use crate::{Stft, StftParams};

    #[test]
    fn is_what_a_tone_leaves_in_a_row() {
        let params = StftParams { n_fft: 256, win_length: 200, hop: 64, ..StftParams::default() };
        let plan = Stft::new(&params, 4000).unwrap();
        let hz = 3017.0;
        let tone: Vec<f64> = (0..4000).map(|i| (TAU * hz * f64::from(i) / params.sr).cos()).collect();
        let cells = plan.forward(&tone).unwrap();
        let peak = plan.response(35, 35.0 * params.sr / 256.0);
        for row in 30..40 {
            // The tone's mirror image at -hz is 70 rows away.
            assert!((cells[(row, 30)].norm() - 0.5 * plan.response(row, hz)).abs() < 2e-3 * peak, "row {row}");
        }
        assert_eq!(plan.response(129, hz), 0.0);
    }
}
