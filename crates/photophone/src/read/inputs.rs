//! What is read, and what is known of it.

use photophone_picture::{GivenAxes, ReadOptions};

use crate::recipe::Recipe;
use crate::transform::StopFlag;
use crate::{Input, Limits};

/// What is read, and what is known of it: that part of a caller's options which readers see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    /// Picture or array.
    pub(crate) input: &'a Input,
    /// The tiles that follow it, where it is the first of several.
    pub(crate) more: &'a [Input],
    /// Whether it is read as one of several tiles.
    pub(crate) is_tile: bool,
    /// The kept phase.
    pub(crate) phase: Option<&'a Input>,
    /// The picture as it was when the phase was kept.
    pub(crate) original: Option<&'a Input>,
    /// Which cells were edited.
    pub(crate) mask: Option<&'a Input>,
    /// What the caller says of how it was made.
    pub(crate) recipe: &'a Recipe,
    /// What the caller says of a picture's geometry and colours.
    pub(crate) reading: &'a ReadOptions,
    /// What the caller says of a figure's axes.
    pub(crate) axes: &'a GivenAxes,
    /// Whether the levels of a JPEG are asked to be as fine as its file tells.
    pub(crate) finest: bool,
    /// Most pixels of a picture; 0 for the reader's own limit.
    pub(crate) max_pixels: usize,
    /// Most memory and work.
    pub(crate) limits: &'a Limits,
    /// Ends reading early.
    pub(crate) stop: &'a StopFlag,
}

impl Inputs<'_> {
    /// Whether something is said of the axes.
    pub(crate) fn has_axes(&self) -> bool {
        *self.axes != GivenAxes::default() || self.recipe.transform.fmax.is_some()
    }

    /// Whether something tells what was edited.
    pub(crate) fn has_edits(&self) -> bool {
        self.original.is_some() || self.mask.is_some()
    }
}
