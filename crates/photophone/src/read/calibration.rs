//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.160), (-2.3994, 0.490), (-0.0110, 0.821), (4.2423, 0.957)] };
pub(super) const KIND_TURNED: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.237), (-10.7938, 0.490), (0.2169, 0.825)] };
pub(super) const RANGE: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.290), (0.0965, 0.660), (0.1698, 0.798)] };
pub(super) const LEVELS: Calibration = Calibration { steps: &[(0.6071, 0.781)] };
