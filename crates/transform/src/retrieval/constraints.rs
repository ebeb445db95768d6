//! What is known of the coefficients: their magnitudes, and the phase of some.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::consistency::energy;
use super::magnitudes::{KnownPhase, Magnitudes};
use crate::analysis::Cells;

/// What is wanted of the coefficients.
#[derive(Clone, Copy)]
pub(super) struct Constraints<'a> {
    pub(super) magnitudes: &'a Magnitudes<'a>,
    pub(super) known: Option<KnownPhase<'a>>,
}

impl Constraints<'_> {
    /// The coefficient nearest to `value` that a cell can have.
    pub(super) fn nearest(&self, cell: usize, value: Complex<f64>) -> Complex<f64> {
        // Far faster than `norm`, whose care for the ends of the range is not needed here.
        let modulus = value.norm_sqr().sqrt();
        let magnitude = self.magnitudes.nearest(cell, modulus);
        match self.kept(cell) {
            Some(phasor) => phasor * magnitude,
            None if modulus > 0.0 => value * (magnitude / modulus),
            None => Complex::new(magnitude, 0.0),
        }
    }

    fn kept(&self, cell: usize) -> Option<Complex<f64>> {
        self.known.and_then(|known| known.kept(cell))
    }

    /// The nearest cells to these that meet the constraints.
    pub(super) fn applied_to(&self, cells: &Cells) -> Cells {
        let (rows, frames) = cells.shape();
        Plane::from_fn(rows, frames, |k, t| self.nearest(k * frames + t, cells[(k, t)]))
    }

    /// Squared distance of coefficients from what is wanted.
    pub(super) fn residual(&self, cells: &Cells) -> f64 {
        cells.as_slice().iter().enumerate().map(|(cell, value)| (value - self.nearest(cell, *value)).norm_sqr()).sum()
    }

    /// Root of the share of the energy whose phase is not known.
    pub(super) fn share_without_phase(&self) -> f64 {
        let whole = energy(self.magnitudes);
        let Some(known) = self.known else { return 1.0 };
        let values = self.magnitudes.values.as_slice().iter().enumerate();
        let open: f64 = values.filter(|(cell, _)| known.kept(*cell).is_none()).map(|(_, value)| value * value).sum();
        if whole > 0.0 { (open / whole).sqrt() } else { 0.0 }
    }
}
