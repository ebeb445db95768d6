//! What the coefficients' phase tells.

mod tuning;

pub use tuning::{TuningEstimate, estimate_tuning};
