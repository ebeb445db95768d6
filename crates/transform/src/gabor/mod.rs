//! An exactly invertible constant-Q transform.

mod bands;
mod cells;
mod forward;
mod inverse;
mod kernels;
mod params;
mod plan;
#[cfg(test)]
mod tests;
mod warp;

pub use bands::Band;
pub use cells::RaggedCells;
pub use params::{BINS_PER_OCTAVE, GaborParams, Taper};
pub use plan::{Gabor, GaborFloat, GaborScratch};
