//! The phase and the sound of which only magnitudes are known.
//!
//! | file | what |
//! |---|---|
//! | `magnitudes` | what is known before the phase is |
//! | `gradient`, `smooth`, `width` | the phase's gradient, from magnitudes |
//! | `ends` | what a mirrored end says about the phase |
//! | `steps` | how the phase changes from a cell to its neighbours |
//! | `heap` | heap integration of that gradient |
//! | `relax` | integrated phase, made to agree with all of its gradient |
//! | `retrieve` | sound from magnitudes |
//! | `first` | the phase to start from |
//! | `overlap` | accelerated Griffin-Lim where the analysis has an exact inverse |
//! | `anchor` | integrated phase turned to where known phase says |
//! | `consistency` | how near coefficients come to magnitudes |
//! | `constraints` | the coefficients that meet what is known |
//! | `refine` | from a first phase to one that a signal has |
//! | `projection` | accelerated Griffin-Lim's projection: least squares |
//! | `curvature` | what steps tell of a residual's curvature; line search |
//! | `descent` | quasi-Newton steps on the residual of magnitudes |
//! | `observed/` | sound from sums over its powers, such as a mel spectrogram |
//! | `finish` | least squares and the adaptive inverse at the end |
//! | `options` | how phase is retrieved |

mod anchor;
mod consistency;
mod constraints;
mod curvature;
mod descent;
mod ends;
mod finish;
mod first;
mod gradient;
mod heap;
mod magnitudes;
mod observed;
mod options;
mod overlap;
mod projection;
mod refine;
mod relax;
mod retrieve;
mod smooth;
mod steps;
mod width;

pub use crate::acceleration::ACCELERATION;
pub use gradient::{PhaseGradient, phase_gradient};
pub use heap::{HeapOptions, heap_integration};
pub use magnitudes::{KEPT_TRUST, KnownPhase, Magnitudes};
pub use observed::retrieve_observed;
pub use options::{PhaseMethod, RetrieveOptions};
pub use retrieve::{Retrieved, retrieve};
pub use width::gaussian_width;
