//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const TUNING: Calibration = Calibration { steps: &[(11.0157, 0.878)] };
pub(super) const PAD_MODE: Calibration = Calibration { steps: &[(3.9576, 0.899)] };
pub(super) const LENGTH: Calibration = Calibration { steps: &[(3.1414, 0.584)] };
