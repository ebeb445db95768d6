//! Signals of any length in bounded memory: block by block.
//!
//! Frame `t` stands at sample `t hop`, and every octave's hop and rate divide the hop. So a block that begins on a frame has
//! the frames, and at each rate the samples, that the whole has.
//!
//! | file | what |
//! |---|---|
//! | `layout` | where blocks lie, and which part of each is kept |
//! | `forward` | samples to coefficients: those of the whole |
//! | `inverse` | coefficients to samples, faded into each other |

mod forward;
mod inverse;
mod layout;

pub use forward::BlockTransform;
pub use inverse::{BlockInverse, Joint, SolvedBlock};
pub use layout::{Block, Layout};
