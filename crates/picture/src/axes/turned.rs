//! A figure that was turned or mirrored as a whole: its labels are read the other way.

use photophone_spectrum::{StopFlag, Stopped};

use super::figure::{Figure, Panel, ReadSide, survey};
use crate::raster::Raster;

/// Most pixels of a picture that is looked at five times: what takes a second in all.
const MOST_PIXELS: usize = 1 << 21;

/// How a picture was turned since it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// By so many quarters, clockwise.
    Quarters(u8),
    /// Left and right, or top and bottom, are exchanged.
    Mirrored,
}

impl Turn {
    const ALL: [Self; 4] = [Self::Quarters(1), Self::Quarters(2), Self::Quarters(3), Self::Mirrored];

    /// What was done, and what undoes it.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::Quarters(1) => "turned by 90 degrees clockwise: turn it back, and its axes can be read",
            Self::Quarters(2) => "turned by 180 degrees: turn it back, and its axes can be read",
            Self::Quarters(_) => "turned by 90 degrees counterclockwise: turn it back, and its axes can be read",
            Self::Mirrored => "mirrored, labels and all: mirror it back, and its axes can be read",
        }
    }

    /// The picture as it was before; `None` where a picture has no such size.
    fn undone(self, raster: &Raster) -> Option<Raster> {
        let (width, height) = (raster.width(), raster.height());
        let pixel = |x: usize, y: usize| raster.pixel(x, y);
        match self {
            Self::Quarters(1) => Raster::from_fn(height, width, |x, y| pixel(width - 1 - y, x)),
            Self::Quarters(2) => Raster::from_fn(width, height, |x, y| pixel(width - 1 - x, height - 1 - y)),
            Self::Quarters(_) => Raster::from_fn(height, width, |x, y| pixel(y, height - 1 - x)),
            Self::Mirrored => Raster::from_fn(width, height, |x, y| pixel(width - 1 - x, y)),
        }
        .ok()
    }
}

/// How a figure was turned, where no label of its axes can be read as it is, and both axes of a panel can the other way. Cost:
/// that of reading it up to four times, where no axis is read.
///
/// # Errors
/// [`Stopped`].
pub(crate) fn turn(
    raster: &Raster,
    figure: &Figure,
    dpi: Option<f64>,
    stop: &StopFlag,
) -> Result<Option<Turn>, Stopped> {
    // With ticks at the left and below it stands as it was drawn, whatever its labels are.
    let has_ticks = |side: &ReadSide| side.ticks.iter().any(|tick| tick.length_px > 0);
    let is_upright = |panel: &Panel| {
        panel.across.axis.is_some() || panel.up.axis.is_some() || (has_ticks(&panel.across) && has_ticks(&panel.up))
    };
    if figure.panels.iter().any(is_upright) || raster.width() * raster.height() > MOST_PIXELS {
        return Ok(None);
    }
    for turn in Turn::ALL {
        let Some(undone) = turn.undone(raster) else { continue };
        let found = survey(&undone, dpi, stop)?;
        let has_both =
            |figure: Figure| figure.panels.iter().any(|panel| panel.across.axis.is_some() && panel.up.axis.is_some());
        if found.is_some_and(has_both) {
            return Ok(Some(turn));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_undoes_a_turn_leads_back_to_the_picture() {
        let raster = Raster::from_fn(5, 3, |x, y| [x as u8, y as u8, 0, 255]).unwrap();
        let clockwise =
            |of: &Raster| Raster::from_fn(of.height(), of.width(), |x, y| of.pixel(y, of.height() - 1 - x)).unwrap();
        let mut turned = raster.clone();
        for quarters in 1..=3 {
            turned = clockwise(&turned);
            assert_eq!(Turn::Quarters(quarters).undone(&turned).unwrap(), raster, "{quarters}");
        }
        let mirrored = Raster::from_fn(5, 3, |x, y| raster.pixel(4 - x, y)).unwrap();
        assert_eq!(Turn::Mirrored.undone(&mirrored).unwrap(), raster);
    }
}
