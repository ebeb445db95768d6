//! What a recovery is told, and what it gives.

use std::path::PathBuf;

use photophone_picture::{GivenAxes, Raster, ReadOptions};
use photophone_transform::StopFlag;
use photophone_transform::invert::{Inverse, SolveOptions};
use photophone_transform::retrieval::PhaseMethod;

use crate::edit::Edge;
use crate::files::{SampleFormat, Sound};
use crate::loudness::LoudnessOptions;
use crate::read::Inputs;
use crate::recipe::Recipe;
use crate::report::Report;
use crate::{Input, Limits};

/// What [`recover`](super::recover) works on and what it is told.
#[derive(Clone, Debug, Default)]
pub struct RecoverOptions {
    /// Picture (PNG, JPEG) or array (.npy, .npz, .mat) of magnitudes or coefficients, in a file or in memory.
    pub input: Input,
    /// The tiles that follow it, where it is the first of several in a row ([`LongSound`](crate::LongSound) draws such); they
    /// are recovered by [`long_input`](crate::long_input). Default: none.
    pub more: Vec<Input>,
    /// The kept phase. Default: the file beside the input that `recipe` names, else the one that the picture's own
    /// recipe names; neither for an input in memory.
    pub phase: Option<Input>,
    /// The picture as it was when the phase was kept: cells that changed since then lose their phase. What the edited
    /// picture has lost is taken from it: recipe, palette, cells, and the phase beside it.
    pub original: Option<Input>,
    /// A mask in the picture's place: white cells were edited. Goes before `original`.
    pub mask: Option<Input>,
    /// Takes each level for the centre of its range; else the inverse may move within the range. For comparison.
    pub centres: bool,
    /// How phase that is not known is found.
    pub phase_method: PhaseMethod,
    /// Where random phases start.
    pub seed: u64,
    /// Takes a picture as it was read even where that is less than half sure, and magnitudes that are most likely of no sound.
    pub despite_doubt: bool,
    /// What the borders of edits are exact about, in one of the program's own pictures. Default: inside.
    pub edge: Edge,
    /// What is known of how the picture was made.
    pub recipe: Recipe,
    /// What is known of the picture's geometry and colours.
    pub reading: ReadOptions,
    /// What is known of a figure's axes. Default: what is read.
    pub axes: GivenAxes,
    /// Most pixels of a picture. Default: 0, the reader's own limit.
    pub max_pixels: usize,
    /// Most memory and work.
    pub limits: Limits,
    /// Most iterations over all stages: steps of a solver (a forward and an adjoint transform each) and rounds of phase
    /// retrieval. Default: 0, as many as each stage needs.
    pub max_iterations: usize,
    /// Recovers in blocks of so many seconds. Default: blocks as long as half of the memory that every job may take allows,
    /// where all at once would take more of it. What can be read in parts never is in memory whole if it is recovered by
    /// [`long_input`](crate::long_input).
    pub block_secs: Option<f64>,
    /// Ends planning and looking for what is unknown early, where `progress` is not asked. Default: nothing does.
    pub stop: StopFlag,
    /// Gain of the result.
    pub loudness: LoudnessOptions,
}

impl RecoverOptions {
    /// What is read, and what is known of it.
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            input: &self.input,
            more: &self.more,
            is_tile: false,
            phase: self.phase.as_ref(),
            original: self.original.as_ref(),
            mask: self.mask.as_ref(),
            recipe: &self.recipe,
            reading: &self.reading,
            axes: &self.axes,
            finest: true,
            max_pixels: self.max_pixels,
            limits: &self.limits,
            stop: &self.stop,
        }
    }

    /// How samples are found by an inverse.
    pub(super) fn solving(&self, inverse: Inverse) -> SolveOptions {
        SolveOptions {
            inverse,
            centres: self.centres,
            phase_method: self.phase_method,
            seed: self.seed,
            ..SolveOptions::default()
        }
    }
}

/// The result of [`recover`](super::recover).
#[derive(Debug)]
pub struct Recovered {
    /// The sound, with a channel for each that was read.
    pub sound: Sound,
    /// The account.
    pub report: Report,
    /// How the sound that was drawn had stored its samples, where all of them are as they were.
    pub sample_format: Option<SampleFormat>,
    /// What was read, drawn over the picture; only if there was a picture.
    pub overlay: Option<Raster>,
    /// The phase file that was read, if any.
    pub phase_file: Option<PathBuf>,
}
