//! The short-time Fourier transform as a linear operator, by librosa's, SciPy's and torch's definitions.
//!
//! | file | what |
//! |---|---|
//! | `params` | librosa's arguments, and what other programs' come to in them |
//! | `plan` | what is computed before the samples |
//! | `cost` | what it takes |
//! | `worker` | samples to coefficients, and the transpose of that |
//! | `dual` | coefficients to samples by overlap-add, the exact left inverse |
//! | `response` | what a row hears of a tone |
//! | `analysis` | the same behind the seam |

mod analysis;
mod cost;
mod dual;
mod params;
mod plan;
mod response;
mod worker;

pub use params::{MAX_FFT, StftParams};
pub use plan::Stft;
