//! The discrete cosine transform of blocks of 8 x 8 (ITU-T T.81, A.3.3): DCT-II, orthonormal.

use std::f64::consts::PI;

/// Samples along a block's side.
pub(super) const SIDE: usize = 8;

/// Values of a block, row by row.
pub(super) type Block = [f32; SIDE * SIDE];

/// The transform along one direction.
pub(super) struct Cosine {
    /// `basis[u][x]`.
    basis: [[f32; SIDE]; SIDE],
}

impl Cosine {
    pub(super) fn new() -> Self {
        let mut basis = [[0.0; SIDE]; SIDE];
        for (u, wave) in basis.iter_mut().enumerate() {
            let norm = if u == 0 { 0.125f64.sqrt() } else { 0.5 };
            for (x, value) in wave.iter_mut().enumerate() {
                *value = (norm * ((2 * x + 1) as f64 * u as f64 * PI / 16.0).cos()) as f32;
            }
        }
        Self { basis }
    }

    /// Along one direction.
    pub(super) fn line(&self, samples: &[f32; SIDE]) -> [f32; SIDE] {
        self.basis.map(|wave| wave.iter().zip(samples).map(|(a, b)| a * b).sum())
    }

    /// Samples to coefficients; row `u` of these is of frequency `u` down the block.
    pub(super) fn forward(&self, samples: &Block) -> Block {
        both(samples, |u, x| self.basis[u][x])
    }

    /// Coefficients to samples.
    pub(super) fn inverse(&self, coefficients: &Block) -> Block {
        both(coefficients, |x, u| self.basis[u][x])
    }
}

/// `M B M'` with the matrix whose entries are told.
#[inline]
fn both(block: &Block, matrix: impl Fn(usize, usize) -> f32) -> Block {
    let mut across = [0.0; SIDE * SIDE];
    for (row, line) in block.chunks_exact(SIDE).enumerate() {
        for i in 0..SIDE {
            across[row * SIDE + i] = (0..SIDE).map(|x| matrix(i, x) * line[x]).sum();
        }
    }
    let mut made = [0.0; SIDE * SIDE];
    for (i, line) in made.chunks_exact_mut(SIDE).enumerate() {
        for (j, row) in across.chunks_exact(SIDE).enumerate() {
            let factor = matrix(i, j);
            line.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_is_orthonormal_and_its_first_coefficient_the_mean() {
        let cosine = Cosine::new();
        let samples: Block = std::array::from_fn(|i| ((i * i * 37 + i * 11) % 251) as f32 - 128.0);
        let made = cosine.forward(&samples);
        assert!((made[0] - samples.iter().sum::<f32>() / 8.0).abs() < 1e-3);
        let power = |block: &Block| block.iter().map(|v| v * v).sum::<f32>();
        assert!((power(&made) / power(&samples) - 1.0).abs() < 1e-5);
        let back = cosine.inverse(&made);
        assert!(back.iter().zip(&samples).all(|(a, b)| (a - b).abs() < 1e-3));
    }
}
