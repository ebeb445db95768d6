//! Where panels, gaps and the strip lie in an own picture.

use super::recipe::OwnRecipe;
use super::strip;

/// Rows between two panels, and between the last and the strip.
pub(super) const GAP_ROWS: usize = 2;

/// Where what lies in a picture, in pixels from its top left corner.
///
/// Panels lie one above the other, the first channel on top, the highest band at the top of each. Below them, after a gap, lies
/// the strip. A picture is as wide as a copy of the strip at least; what is right of the sound's columns is black.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) channels: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) gap: usize,
}

impl Layout {
    pub(super) fn of(recipe: &OwnRecipe) -> Self {
        let (sound, picture) = (&recipe.sound, &recipe.picture);
        Self { channels: sound.channels, rows: picture.rows, columns: picture.columns, gap: picture.gap }
    }

    /// Pixels in a row.
    pub(super) fn width(self) -> usize {
        self.columns.max(strip::COPY_PX)
    }

    /// The panel's first row.
    pub(super) fn top_of(self, channel: usize) -> usize {
        channel * (self.rows + self.gap)
    }

    /// Rows of all panels and the gaps between them: those that the pixels' digest is of.
    pub(super) fn panel_rows(self) -> usize {
        self.top_of(self.channels).saturating_sub(self.gap)
    }

    /// Rows in all.
    pub(super) fn height(self) -> usize {
        self.top_of(self.channels) + strip::HEIGHT_PX
    }
}
