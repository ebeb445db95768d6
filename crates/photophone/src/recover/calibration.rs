//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration = Calibration { points: &[(-1.5, 0.03), (-1.0, 0.2), (-0.75, 0.55), (-0.5, 0.95)] };
pub(super) const LEVELS: Calibration = Calibration { points: &[(0.0, 0.5), (6.0, 0.99)] };
pub(super) const TUNING: Calibration = Calibration { points: &[(2.0, 0.1), (20.0, 0.99)] };
pub(super) const PAD_MODE: Calibration = Calibration { points: &[(0.0, 0.5), (20.0, 0.99)] };
pub(super) const PAD_MODE_BY_SOLUTION: Calibration = PAD_MODE;
pub(super) const LENGTH: Calibration = Calibration { points: &[(0.0, 0.5), (20.0, 0.9)] };
