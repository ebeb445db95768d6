//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.038), (-56.3031, 0.217), (0.0000, 0.542), (1.1681, 0.845)] };
pub(super) const KIND_TURNED: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.244), (-0.7135, 0.490), (0.0000, 0.611), (3.6026, 0.907)] };
pub(super) const RANGE: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.396), (0.0664, 0.640), (0.2392, 0.845)] };
pub(super) const LEVELS: Calibration = Calibration { steps: &[(0.5624, 0.537), (2.8395, 0.856)] };
pub(super) const TUNING: Calibration = Calibration { steps: &[(-0.8314, 0.838), (18.5224, 0.988)] };
pub(super) const PAD_MODE: Calibration = Calibration { steps: &[(3.2541, 0.987)] };
pub(super) const LENGTH: Calibration = Calibration { steps: &[(3.2889, 0.555)] };
