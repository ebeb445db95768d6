//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(crate) const BOX: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.000), (0.5864, 0.500), (0.8062, 0.879), (0.9953, 0.988)] };
pub(crate) const CELLS: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.163), (0.1586, 0.633), (0.6377, 0.817), (0.6835, 0.971)] };
pub(crate) const MISSING: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.199), (0.1099, 0.590), (0.3373, 0.904), (0.6139, 0.983)] };
pub(crate) const PALETTE: Calibration = Calibration { steps: &[(0.0061, 0.898), (0.9989, 0.988)] };
pub(crate) const LEVELS: Calibration = Calibration { steps: &[(0.5284, 0.860)] };
pub(crate) const UPRIGHT: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.490), (-1.5939, 0.500), (1.8524, 0.769), (6.6694, 0.993)] };
