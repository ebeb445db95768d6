//! How often findings of each score are right. Made by `cargo xtask calibrate`; never edit by hand.

use photophone_spectrum::Calibration;

pub(crate) const BOX: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.044), (0.5130, 0.636), (0.8358, 0.936), (0.9957, 0.961)] };
pub(crate) const CELLS: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.223), (0.2210, 0.639), (0.5342, 0.899), (0.7166, 0.969)] };
pub(crate) const MISSING: Calibration =
    Calibration { steps: &[(f64::NEG_INFINITY, 0.374), (0.2288, 0.603), (0.3311, 0.839), (0.4366, 0.959)] };
pub(crate) const PALETTE: Calibration = Calibration { steps: &[(0.0137, 0.607), (0.3108, 0.915), (0.5938, 0.978)] };
pub(crate) const LEVELS: Calibration = Calibration { steps: &[(0.5014, 0.607), (0.6751, 0.905)] };
pub(crate) const UPRIGHT: Calibration = Calibration {
    steps: &[
        (f64::NEG_INFINITY, 0.196),
        (-5.3331, 0.392),
        (-2.4982, 0.490),
        (-0.4842, 0.607),
        (1.3791, 0.893),
        (5.2446, 0.992),
    ],
};
