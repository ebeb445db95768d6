//! What the coefficients' phase tells, and how it is found where only magnitudes are known.
//!
//! | file | what |
//! |---|---|
//! | `tuning` | the tuning, from a phase that was kept |
//! | `magnitudes` | what is known before the phase is |
//! | `gradient`, `smooth` | the phase's gradient, from magnitudes |
//! | `heap` | heap integration of that gradient |
//! | `retrieve`, `projection` | accelerated Griffin-Lim with a least-squares projection |
//! | `random` | reproducible random phases |

mod gradient;
mod heap;
mod magnitudes;
mod projection;
mod random;
mod retrieve;
mod smooth;
mod tuning;

pub use gradient::{PhaseGradient, gaussian_width, phase_gradient};
pub use heap::{HeapOptions, heap_integration};
pub use magnitudes::{KEPT_TRUST, KnownPhase, Magnitudes};
pub use retrieve::{PhaseMethod, RetrieveOptions, Retrieved, retrieve};
pub use tuning::{TuningEstimate, estimate_tuning};
