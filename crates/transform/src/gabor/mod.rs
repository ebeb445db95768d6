//! An exactly invertible constant-Q transform.

mod analyser;
mod bands;
mod cells;
mod forward;
mod inverse;
mod kernels;
mod overlap;
mod params;
mod plan;
#[cfg(test)]
mod slice_tests;
mod slices;
mod synthesiser;
#[cfg(test)]
mod tests;
mod warp;

pub use analyser::Analyser;
pub use bands::Band;
pub use cells::RaggedCells;
pub use params::{BINS_PER_OCTAVE, GaborParams, Taper};
pub use plan::{Gabor, GaborFloat, GaborScratch};
pub use slices::{SliceOptions, Slices};
pub use synthesiser::Synthesiser;
