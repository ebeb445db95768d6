//! How the channels lie in a picture's rows, as its recipe or its phase tells.

use std::path::Path;

use photophone_picture::{Clip, Picture};
use photophone_spectrum::Stack;

use super::Data;
use super::magnitudes::whole_shape;
use super::phase::Phase;
use crate::Error;
use crate::draw::GAP_ROWS;
use crate::recipe::Recipe;

/// How many rows may lie between two channels.
#[derive(Clone, Copy)]
pub(super) struct Gaps {
    pub(super) likeliest: usize,
    other: Option<usize>,
}

impl Gaps {
    /// Of a picture of which nothing is known: as they are drawn here, or panels that touch.
    pub(super) const OF_ANY: Self = Self { likeliest: GAP_ROWS, other: Some(0) };

    fn of(rows: usize) -> Self {
        Self { likeliest: rows, other: None }
    }

    /// The likeliest first.
    pub(super) fn all(self) -> impl Iterator<Item = usize> {
        std::iter::once(self.likeliest).chain(self.other)
    }
}

/// How many channels a picture has, and how many rows may lie between two.
pub(super) struct Stacking {
    pub(super) channels: usize,
    pub(super) gaps: Gaps,
    /// Rows of each channel, where they are told.
    rows: Option<usize>,
}

impl Stacking {
    /// What the recipe says, else what the phase has: a picture of which nothing is stored may be of as many channels.
    ///
    /// `is_stored` tells whether something is stored of the picture: what was drawn here has one channel unless that says more.
    ///
    /// # Errors
    /// A phase of other channels than the picture's.
    pub(super) fn find(recipe: &Recipe, phase: Option<&Phase>, is_stored: bool) -> Result<Self, Error> {
        let is_drawn = is_stored && recipe.picture.frames.is_some();
        let of_picture = recipe.picture.channels.or(is_drawn.then_some(1));
        let of_phase = phase.map(|phase| phase.array.stack.channels);
        if let (Some(phase), Some(channels)) = (phase, of_picture) {
            check_channels(phase, channels, "the picture")?;
        }
        let channels = of_picture.or(of_phase).unwrap_or(1);
        let gaps = match recipe.picture.gap {
            _ if channels <= 1 => Gaps::of(0),
            Some(gap) => Gaps::of(gap),
            None if is_drawn => Gaps::of(GAP_ROWS),
            None => Gaps::OF_ANY,
        };
        Ok(Self { channels, gaps, rows: recipe.transform.bins })
    }

    /// The channels in the rows of a picture that was read; `phase` lies as they do.
    ///
    /// # Errors
    /// Rows that so many channels cannot be of.
    pub(super) fn of(&self, picture: &Picture, phase: Option<&Phase>, name: &Path) -> Result<Stack, Error> {
        if let Some(phase) = phase {
            return Ok(phase.array.stack);
        }
        let (rows, _) = whole_shape(picture);
        let gap = self.gaps.likeliest;
        let is_told = |stack: &Stack| stack.channels == 1 || self.rows.is_none_or(|told| told == stack.rows);
        Stack::dividing(rows, self.channels, gap).filter(is_told).ok_or_else(|| {
            let found = format!(
                "{rows} rows of cells, which {} channels with {gap} rows between them cannot be of",
                self.channels
            );
            let expected = "the panels that its recipe tells";
            Error::content(name, found, expected, "give the whole picture, or its box (`crop`)")
        })
    }
}

/// The data of a picture's cells, zero in channels of which no cell rises above the floor: the others are louder, and what lies
/// at the floor of a whole panel is no sound of its own.
pub(super) fn with_silence(data: Data, picture: &Picture, stack: Stack) -> Data {
    if stack.channels == 1 {
        return data;
    }
    let (below, shown) = (picture.missing.value.rows_below, picture.clip.rows());
    let is_at_floor = |row: &usize| picture.clip.row(row - below).iter().all(|&clip| clip == Clip::Floor);
    let mut silenced = data;
    for first in (0..stack.channels).map(|channel| stack.first_row(channel)) {
        let rows = first..first + stack.rows;
        if rows.clone().filter(|row| (below..below + shown).contains(row)).all(|row| is_at_floor(&row)) {
            rows.for_each(|row| silenced.silence(row));
        }
    }
    silenced
}

/// Refuses a phase of other channels.
///
/// # Errors
/// [`FileError::Content`](crate::files::FileError::Content), with what to do.
pub(super) fn check_channels(phase: &Phase, channels: usize, of: &str) -> Result<(), Error> {
    let found = phase.array.stack.channels;
    if found == channels {
        return Ok(());
    }
    let count = |count: usize| if count == 1 { "one channel".to_owned() } else { format!("{count} channels") };
    let advice = if channels == 1 {
        "give the phase of the one channel, as in: np.save(NAME, phase[0])"
    } else {
        "give the phases of all channels in their order, as in: np.save(NAME, np.stack([phase_left, phase_right]))"
    };
    let (found, expected) =
        (format!("the phase of {}", count(found)), format!("that of {}, as {of} has", count(channels)));
    Err(Error::content(phase.name(), found, expected, advice))
}
