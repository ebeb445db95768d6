//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration = Calibration {
    steps: &[
        (-8.314, 0.042),
        (-2.226, 0.042),
        (-2.185, 0.304),
        (-0.9366, 0.304),
        (-0.9319, 0.657),
        (-0.6072, 0.657),
        (-0.6052, 0.889),
        (-0.0, 0.889),
    ],
};
pub(super) const KIND_TURNED: Calibration =
    Calibration { steps: &[(-7.863, 0.145), (-0.7616, 0.145), (-0.7138, 0.75), (-0.0, 0.75)] };
pub(super) const LEVELS: Calibration =
    Calibration { steps: &[(0.5883, 0.833), (5.371, 0.833), (5.536, 0.906), (27.57, 0.906)] };
pub(super) const TUNING: Calibration =
    Calibration { steps: &[(5.0, 0.7), (13.05, 0.7), (13.36, 0.951), (32.28, 0.951)] };
pub(super) const PAD_MODE: Calibration = Calibration { steps: &[(3.578, 0.953), (27.07, 0.953)] };
pub(super) const LENGTH: Calibration = Calibration { steps: &[(3.066, 0.587), (16.57, 0.587)] };
pub(super) const RANGE: Calibration = Calibration { steps: &[(f64::NEG_INFINITY, 0.6)] };
