//! What is seen of a transform where less than its coefficients is: powers of bins, summed with weights.
//!
//! | file | what |
//! |---|---|
//! | `power_map` | sparse linear maps with weights of 0 or more, from bins to what is seen |
//! | `observation` | such a map of the powers of coefficients |
//! | `mel` | mel spectrograms by librosa's and torchaudio's definitions |
//! | `explain` | powers of bins that give what is seen |

mod explain;
mod mel;
mod observation;
mod power_map;

pub(crate) use explain::ratio_of;
pub use mel::{MAX_BANDS, MelNorm, MelParams};
pub use observation::Observation;
pub use power_map::{PowerMap, Weights};
