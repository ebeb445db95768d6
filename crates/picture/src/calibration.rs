//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(crate) const BOX: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.044), (0.5130, 0.623), (0.8358, 0.935), (0.9957, 0.959)] };
pub(crate) const CELLS: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.223), (0.2289, 0.630), (0.5371, 0.835), (0.6259, 0.961)] };
pub(crate) const MISSING: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.374), (0.2312, 0.525), (0.3200, 0.840), (0.4385, 0.958)] };
pub(crate) const PALETTE: Calibration = Calibration { steps: &[(0.0137, 0.893), (0.6131, 0.978)] };
pub(crate) const LEVELS: Calibration = Calibration { steps: &[(0.5014, 0.755), (0.7011, 0.954)] };
pub(crate) const UPRIGHT: Calibration = Calibration {
    steps: &[(f64::NEG_INFINITY, 0.214), (-3.7272, 0.490), (-0.4842, 0.537), (1.2618, 0.893), (5.1965, 0.991)],
};
