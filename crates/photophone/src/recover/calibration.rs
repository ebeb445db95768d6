//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(super) const KIND: Calibration = Calibration {
    points: &[
        (-7.208, 0.0122),
        (-3.539, 0.0122),
        (-3.45, 0.0714),
        (-2.727, 0.0714),
        (-2.685, 0.119),
        (-1.417, 0.119),
        (-1.198, 0.69),
        (-0.6315, 0.69),
        (-0.6108, 0.817),
        (-0.1468, 0.817),
        (-0.1467, 0.944),
        (-0.0, 0.944),
    ],
};
pub(super) const LEVELS: Calibration = Calibration { points: &[(0.5883, 0.986), (27.57, 0.986)] };
pub(super) const TUNING: Calibration =
    Calibration { points: &[(5.0, 0.976), (25.15, 0.976), (25.3, 0.977), (31.59, 0.977)] };
pub(super) const PAD_MODE: Calibration = Calibration { points: &[(4.799, 0.986), (25.77, 0.986)] };
pub(super) const LENGTH: Calibration = Calibration { points: &[(3.066, 0.656), (16.2, 0.656)] };
pub(super) const KIND_TURNED: Calibration =
    Calibration { points: &[(-3.0, 0.05), (-1.0, 0.3), (-0.3, 0.8), (0.0, 0.9)] };
