//! The strip below the picture: what is needed to read it, in blocks that survive what strips a file of its texts.
//!
//! A copy is 256 by 4 cells, each 4 by 4 pixels, dark gray or black. 32 columns at both ends are a fixed pattern to be found
//! by; between them lie 64 bytes and their 32 of a Reed-Solomon code. `docs/format.md` has it bit by bit.
//!
//! | file | what |
//! |---|---|
//! | `record` | the 64 bytes |
//! | `cells` | bytes to cells and back, with the code |
//! | `find` | where the strip lies in a picture that was resized or cropped |

mod cells;
mod find;
#[cfg(test)]
mod find_tests;
mod record;

pub(super) use cells::{COPY_PX, HEIGHT_PX, painted};
pub(super) use find::{FoundStrip, Gray, Search, StripSearch, find};
pub(super) use record::{DIGEST_BYTES, StripRecord};
