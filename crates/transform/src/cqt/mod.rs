//! The constant-Q transform of librosa as a linear operator.
//!
//! | file | what |
//! |---|---|
//! | `params`, `gamma`, `norm` | librosa's arguments and the presets of its releases |
//! | `frequencies`, `fitting` | where the bins lie and how wide they are, how many fit |
//! | `geometry` | at which rate each octave runs, and how long its filters are |
//! | `interval_set`, `tempered` | bins that are not equally spaced |
//! | `cost`, `unplanned` | what a transform takes and what its parameters tell, before it is planned |
//! | `filter`, `single_fft`, `sparsify`, `sums` | one filter, rounded as librosa's |
//! | `bank` | the filters of an octave |
//! | `decimate/` | halving the rate as librosa's resamplers do |
//! | `blocks`, `blocks_adjoint`, `block_size` | many frames of an octave at once (overlap-save), back, and where that is cheaper |
//! | `whole` | one FFT for all frames where each holds the whole signal |
//! | `plan`, `stage`, `subplan` | what is computed before the samples, an octave of it, parts of it |
//! | `operator`, `scratch` | the plan in one precision, and the working memory of a call |
//! | `forward`, `adjoint` | samples to coefficients and the transpose of that |
//! | `channels` | several channels side by side |
//! | `reach` | how far around its frame a coefficient hears |
//! | `analysis` | the same behind the seam |

mod adjoint;
mod analysis;
mod bank;
mod block_size;
mod blocks;
mod blocks_adjoint;
mod channels;
mod cost;
mod decimate;
mod filter;
mod fitting;
mod forward;
mod frequencies;
mod gamma;
mod geometry;
mod interval_set;
mod norm;
mod octaves;
mod operator;
mod params;
mod plan;
mod reach;
mod scratch;
mod single_fft;
mod sparsify;
mod stage;
mod subplan;
mod sums;
pub(crate) mod tempered;
mod unplanned;
mod whole;

pub use cost::Cost;
pub use gamma::Gamma;
pub(crate) use geometry::Geometry;
pub use interval_set::IntervalSet;
pub use norm::Norm;
pub use params::{C1_HZ, CqtParams, MAX_BINS, MAX_SAMPLES, ResType};
pub use plan::Cqt;
pub use scratch::Scratch;
pub use tempered::Tempered;
