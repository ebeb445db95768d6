//! Data of which some frames are there at a time.

use std::ops::Range;
use std::path::PathBuf;

use photophone_spectrum::Stack;

use super::{Data, Edits};
use crate::Error;
use crate::recipe::Recipe;
use crate::report::Report;

/// Data of which some frames are there at a time.
pub(crate) trait Parts {
    /// Bins and frames of each channel of the whole.
    fn shape(&self) -> (usize, usize);

    /// How the channels lie in the data.
    fn stack(&self) -> Stack;

    /// The data of these frames.
    ///
    /// # Errors
    /// What cannot be read.
    fn data(&mut self, frames: Range<usize>) -> Result<Data, Error>;

    /// What is known of how it was made.
    fn recipe(&self) -> &Recipe;

    /// Where it was cut out of a longer whole, if that is known.
    fn cuts(&self) -> Option<Cuts> {
        None
    }

    /// What is known of edits.
    fn edits(&self) -> Edits {
        Edits::OfCoefficients
    }

    /// What was read, in a report that says nothing else.
    fn report(&self) -> Report;

    /// A file of the phase that was read.
    fn phase_file(&self) -> Option<PathBuf> {
        None
    }
}

/// How parts were cut out of a longer whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cuts {
    /// Whether it goes on before the first frame,
    pub(crate) head: bool,
    /// and after the last.
    pub(crate) tail: bool,
    /// Samples that the frames are of.
    pub(crate) samples: usize,
}
