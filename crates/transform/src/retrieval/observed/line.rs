//! What is seen along a line of coefficients.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::misfit::Misfit;
use crate::TransformError;
use crate::analysis::Cells;
use crate::vectors::dot;

/// What is seen of `cells + length image`.
pub(super) enum Line<'a> {
    /// Of powers: the sums of `|c|^2`, `Re conj(c) d` and `|d|^2`.
    Powers { constant: &'a Plane<f64>, linear: Plane<f64>, square: Plane<f64> },
    /// Of any other power of the moduli.
    Moduli { cells: &'a Cells, image: &'a Cells },
}

impl<'a> Line<'a> {
    /// The line from `cells`, whose sums these are, along `image`.
    pub(super) fn new(
        misfit: &Misfit<'_>,
        (cells, sums): (&'a Cells, &'a Plane<f64>),
        image: &'a Cells,
    ) -> Result<Self, TransformError> {
        if misfit.observation.power() != 2.0 {
            return Ok(Self::Moduli { cells, image });
        }
        let map = misfit.observation.map();
        let linear = map.apply_to_frames(&product(cells, image))?;
        Ok(Self::Powers { constant: sums, linear, square: map.apply_to_frames(&image.map(Complex::norm_sqr))? })
    }

    /// The sums at a length, and how fast they grow there over the power.
    fn at(&self, misfit: &Misfit<'_>, length: f64) -> Result<(Plane<f64>, Plane<f64>), TransformError> {
        match self {
            Self::Powers { constant, linear, square } => {
                let (mut sums, mut growth) = ((*constant).clone(), linear.clone());
                let along = linear.as_slice().iter().zip(square.as_slice());
                let both = sums.as_mut_slice().iter_mut().zip(growth.as_mut_slice());
                for ((sum, growth), (linear, square)) in both.zip(along) {
                    // Rounding may leave less than nothing.
                    *sum = (*sum + length * (2.0 * linear + length * square)).max(0.0);
                    *growth += length * square;
                }
                Ok((sums, growth))
            }
            Self::Moduli { cells, image } => {
                let (bins, frames) = cells.shape();
                let there = Plane::from_fn(bins, frames, |k, t| cells[(k, t)] + image[(k, t)] * length);
                let mut growth = product(&there, image);
                for (growth, value) in growth.as_mut_slice().iter_mut().zip(there.as_slice()) {
                    *growth *= misfit.weight(*value);
                }
                Ok((misfit.sums(&there)?, misfit.observation.map().apply_to_frames(&growth)?))
            }
        }
    }

    /// How fast the misfit falls at a length.
    pub(super) fn slope(&self, misfit: &Misfit<'_>, length: f64) -> Result<f64, TransformError> {
        let (sums, growth) = self.at(misfit, length)?;
        Ok(dot(misfit.pulls(&sums).as_slice(), growth.as_slice()))
    }

    /// The curvature of the misfit at length 0 by Gauss and Newton: the squared growth of what is seen.
    pub(super) fn curvature(&self, misfit: &Misfit<'_>) -> Result<f64, TransformError> {
        let (sums, growth) = self.at(misfit, 0.0)?;
        let grown = |(sum, growth): (&f64, &f64)| {
            let sum = sum.max(f64::MIN_POSITIVE);
            (misfit.observation.root(sum) * (growth / sum)).powi(2)
        };
        Ok(sums.as_slice().iter().zip(growth.as_slice()).map(grown).filter(|square| square.is_finite()).sum())
    }
}

/// The product of two complex numbers as of vectors in the plane, cell by cell.
fn product(a: &Cells, b: &Cells) -> Plane<f64> {
    let mut product = a.map(|_| 0.0);
    for ((out, a), b) in product.as_mut_slice().iter_mut().zip(a.as_slice()).zip(b.as_slice()) {
        *out = a.re * b.re + a.im * b.im;
    }
    product
}
