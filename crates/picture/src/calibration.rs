//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(crate) const BOX: Calibration =
    Calibration { steps: &[(0.3, 0.145), (0.5092, 0.75), (0.8, 0.75), (0.8513, 0.938), (1.0, 0.938)] };
pub(crate) const CELLS: Calibration = Calibration {
    steps: &[
        (0.0, 0.331),
        (0.2947, 0.331),
        (0.2953, 0.556),
        (0.5142, 0.556),
        (0.5161, 0.849),
        (0.7357, 0.849),
        (0.7381, 0.974),
        (0.9928, 0.974),
    ],
};
pub(crate) const MISSING: Calibration = Calibration { steps: &[(0.6, 0.518), (0.7, 0.815), (0.9, 0.943)] };
pub(crate) const PALETTE: Calibration = Calibration { steps: &[(0.05486, 0.985), (1.0, 0.985)] };
pub(crate) const LEVELS: Calibration = Calibration { steps: &[(0.5067, 0.635), (0.9905, 0.635)] };
pub(crate) const UPRIGHT: Calibration = Calibration {
    steps: &[(-9.407, 0.339), (0.3191, 0.339), (0.7712, 0.907), (6.241, 0.907), (6.246, 0.993), (16.69, 0.993)],
};
