//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration = Calibration {
    steps: &[
        (f64::NEG_INFINITY, 0.007),
        (-28.4780, 0.183),
        (-4.3826, 0.490),
        (0.0610, 0.586),
        (2.9720, 0.841),
        (5.8458, 0.972),
    ],
};
pub(super) const KIND_TURNED: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.107), (-1.6871, 0.490), (1.2057, 0.806)] };
pub(super) const RANGE: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.344), (0.0142, 0.673), (0.3743, 0.882), (0.4849, 0.972)] };
pub(super) const LEVELS: Calibration = Calibration { steps: &[(0.5624, 0.537), (2.8395, 0.856)] };
pub(super) const TUNING: Calibration = Calibration { steps: &[(2.1271, 0.838), (23.7260, 0.968)] };
pub(super) const PAD_MODE: Calibration = Calibration { steps: &[(3.2541, 0.987)] };
pub(super) const LENGTH: Calibration = Calibration { steps: &[(3.2889, 0.589)] };
