//! Levels painted over a signal: phase for them, and what has to be added.
//!
//! Where a level was painted far above what there is, no gain makes a sound of it. Its phase is integrated from the levels
//! alone (phase gradient heap integration: Průša, Balazs and Søndergaard, A noniterative method for reconstruction of phase
//! from STFT magnitude, 2017; over bands of varying width Holighaus, Koliander, Průša and Abreu, Characterization of analytic
//! wavelet transforms and a new phaseless reconstruction algorithm, 2019), from what the signal has beside it. Rounds of
//! accelerated Griffin-Lim follow, which change painted coefficients only (Griffin and Lim 1984; Perraudin, Balazs and
//! Søndergaard, A fast Griffin-Lim algorithm, 2013).
//!
//! | file | what |
//! |---|---|
//! | `painting` | the levels, and which of them were painted |
//! | `shape` | what bands are like, and lines of one level |
//! | `gradient` | how the phase changes about each pixel |
//! | `region` | the painted coefficients, and those beside them |
//! | `rounds` | from a first phase to what has to be added |

mod gradient;
mod painting;
mod region;
mod rounds;
mod shape;

pub use painting::{Painting, Skirts};
pub use rounds::{PaintOptions, PaintStart, Painted};
