//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(crate) const BOX: Calibration =
    Calibration { points: &[(0.3, 0.0714), (0.598, 0.0714), (0.6223, 0.902), (1.0, 0.902)] };
pub(crate) const CELLS: Calibration = Calibration {
    points: &[
        (0.0, 0.549),
        (0.2593, 0.549),
        (0.2612, 0.648),
        (0.5577, 0.648),
        (0.5656, 0.69),
        (0.6379, 0.69),
        (0.6386, 0.738),
        (0.6869, 0.738),
        (0.6914, 0.89),
        (0.732, 0.89),
        (0.733, 0.915),
        (0.8133, 0.915),
        (0.8149, 0.932),
        (0.9957, 0.932),
    ],
};
pub(crate) const MISSING: Calibration = Calibration { points: &[(0.7, 0.776), (0.8, 0.776)] };
pub(crate) const PALETTE: Calibration = Calibration {
    points: &[
        (-0.5283, 0.837),
        (0.6377, 0.837),
        (0.6414, 0.881),
        (0.6853, 0.881),
        (0.6914, 0.913),
        (0.9947, 0.913),
        (0.995, 0.929),
        (0.9987, 0.929),
        (0.9988, 0.995),
        (1.0, 0.995),
    ],
};
pub(crate) const LEVELS: Calibration = Calibration {
    points: &[
        (-0.3904, 0.582),
        (0.8233, 0.582),
        (0.8252, 0.595),
        (0.8404, 0.595),
        (0.842, 0.61),
        (0.9441, 0.61),
        (0.945, 0.643),
        (0.949, 0.643),
        (0.9499, 0.662),
        (0.986, 0.662),
    ],
};
pub(crate) const UPRIGHT: Calibration = Calibration { points: &[(-6.0, 0.1), (-2.0, 0.4), (0.0, 0.7), (2.0, 0.97)] };
