//! How what a signal leaves of the data is measured.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::outside::{Outside, inner};
use super::precision::Precision;
use crate::analysis::Cells;

/// `G (W - sum u u^T) G`, with the gains `G` of cells, the [`Precision`] `W` (or 1) and `u = W z` for the data `z` that
/// sound outside of the bins can make, `z^T W z = 1`: in no direction of theirs anything is left.
pub(super) struct Metric<'a> {
    outside: &'a Outside,
    precision: Option<Precision>,
    /// Frames where an image is not 0, and the images there, row by row.
    frames: Vec<usize>,
    images: Vec<Vec<Complex<f64>>>,
}

impl<'a> Metric<'a> {
    pub(super) fn new(outside: &'a Outside, precision: Option<Precision>) -> Self {
        match precision {
            None => {
                let images = outside.images().map(<[Complex<f64>]>::to_vec).collect();
                Self { outside, precision, frames: outside.frames().to_vec(), images }
            }
            Some(precision) => Self::with_precision(outside, precision),
        }
    }

    fn with_precision(outside: &'a Outside, mut precision: Precision) -> Self {
        let (rows, count) = outside.shape();
        let mut pairs: Vec<(Cells, Cells)> = Vec::new();
        for image in outside.images() {
            let mut z = Plane::filled(rows, count, Complex::default());
            for (k, row) in image.chunks_exact(outside.frames().len()).enumerate() {
                outside.frames().iter().zip(row).for_each(|(t, value)| z[(k, *t)] = *value);
            }
            let mut u = z.clone();
            precision.apply(&mut u);
            // Gram and Schmidt's step under W.
            for (other, image) in &pairs {
                let share = inner(image.as_slice().iter().zip(z.as_slice()));
                take(&mut z, share, other);
                take(&mut u, share, image);
            }
            let norm = inner(u.as_slice().iter().zip(z.as_slice())).sqrt();
            if norm > 0.0 {
                pairs.push((z.map(|value| value / norm), u.map(|value| value / norm)));
            }
        }
        let is_seen = |t: &usize| pairs.iter().any(|(_, u)| (0..rows).any(|k| u[(k, *t)] != Complex::default()));
        let frames: Vec<usize> = (0..count).filter(is_seen).collect();
        let shown = |u: &Cells| (0..rows).flat_map(|k| frames.iter().map(move |t| u[(k, *t)])).collect();
        let images = pairs.iter().map(|(_, u)| shown(u)).collect();
        Self { outside, precision: Some(precision), frames, images }
    }

    /// Weighs cells, in place.
    pub(super) fn apply(&mut self, cells: &mut Cells) {
        self.outside.weigh(cells);
        let shares: Vec<f64> = self.images.iter().map(|image| self.share(image, cells)).collect();
        if let Some(precision) = &mut self.precision {
            precision.apply(cells);
        }
        for (image, share) in self.images.iter().zip(shares) {
            for (k, image) in image.chunks_exact(self.frames.len()).enumerate() {
                let row = cells.row_mut(k);
                self.frames.iter().zip(image).for_each(|(t, value)| row[*t] -= value * share);
            }
        }
        self.outside.weigh(cells);
    }

    fn share(&self, image: &[Complex<f64>], cells: &Cells) -> f64 {
        let rows = image.chunks_exact(self.frames.len()).enumerate();
        rows.map(|(k, image)| inner(image.iter().zip(self.frames.iter().map(|t| &cells.row(k)[*t])))).sum()
    }
}

/// `cells -= share other`.
fn take(cells: &mut Cells, share: f64, other: &Cells) {
    cells.as_mut_slice().iter_mut().zip(other.as_slice()).for_each(|(value, other)| *value -= other * share);
}
